/* print.h - text onto the screen: characters, wraps, combining, charsets. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_PRINT_H
#define TERM_PRINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/screen.h"

/* len printable ASCII characters. */
void print_ascii(struct screen *screen, const uint8_t *bytes, size_t len)
    NONNULL(1, 2);

/* One printable character. */
void print_rune(struct screen *screen, uint32_t rune) NONNULL(1);

/* REP: the last character again, if nothing came since; to the row's end. */
void print_again(struct screen *screen, int count) NONNULL(1);

#endif
