/* term-priv.h - what only tests may ask of a terminal. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_TERM_PRIV_H
#define TERM_TERM_PRIV_H

#include "base/macros.h"
#include "term/term.h"

/* All text goes through libvterm from now on; the result must be the same. */
void term_take_slow_way(struct term *term) NONNULL(1);

/* What a resize does, to the same size: nothing may change. */
void term_renew(struct term *term) NONNULL(1);

/* Its parts, to look at. */
struct screen;
const struct screen *term_inner(const struct term *term) NONNULL(1);

#endif
