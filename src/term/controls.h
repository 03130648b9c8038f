/* controls.h - what C0 controls and short escapes do to the screen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_CONTROLS_H
#define TERM_CONTROLS_H

#include "base/macros.h"
#include "term/screen.h"

/* What is in no table does nothing. */
void controls_take(struct screen *screen, char control) NONNULL(1);
void controls_escape(struct screen *screen, char inter, char final) NONNULL(1);

#endif
