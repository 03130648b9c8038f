/* modes.h - SM and RM: what a program switches on and off, by number. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_MODES_H
#define TERM_MODES_H

#include <stdbool.h>

#include "base/macros.h"
#include "term/screen.h"

/* leader 0: ANSI's modes; '?': DEC's. Unknown numbers do nothing. */
void modes_switch(struct screen *screen, char leader, int number, bool on)
    NONNULL(1);

#endif
