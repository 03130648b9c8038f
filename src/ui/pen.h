/*
 * pen.h - ncurses, writing into memory.
 *
 * Not to the terminal, which may stop and would stop us with it; not to a pipe
 * either, where it spins. One at a time: ncurses keeps its own in globals.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_PEN_H
#define UI_PEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"

struct pen;

/*
 * For the terminal that TERM names, of this size; unknown: a vt100, and the log
 * says so. ERR_SYS when not even that one is known.
 */
struct pen *pen_new(uint16_t cols, uint16_t rows, struct err *err) MUST_CHECK
    NONNULL(3);
void pen_free(struct pen *pen);

/* Move what was written since to the end of out, which has no maximum. */
void pen_collect(struct pen *pen, struct buf *out) NONNULL(1, 2);

/*
 * Throw that away. ncurses then takes nothing for known: before the next
 * frame, which is a whole one, it sets all modes that it relies on.
 */
void pen_lift(struct pen *pen) NONNULL(1);

#endif
