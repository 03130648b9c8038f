/* share.h - how the cells of a row of parts are shared among them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAB_SHARE_H
#define LAB_SHARE_H

#include <stddef.h>

#include "base/macros.h"

/* What one of several parts asks for, and gets. least <= wanted <= cells at
   first; all in cells. */
struct share {
    int cells;  /* asked for, then got */
    int least;  /* one for each rectangle in it */
    int wanted; /* by the layout's min keys */
    int weight; /* in what is left over; 0: takes no part in it */
};

/*
 * Deal out what is left of total or take what is missing, so that the cells
 * are total in sum. Nobody has less than wanted while another has more, and
 * nobody less than least while another has more; then the last get none. At
 * least one has a weight.
 */
void shares_even_out(struct share *shares, size_t len, int total) NONNULL(1);

/*
 * Move the border of shares[i] so that it has that many cells more, or fewer
 * where cells < 0, at the cost of the next ones, or the ones before where
 * there is none to take from. As far as all keep their least.
 */
void shares_move(struct share *shares, size_t len, size_t i, int cells)
    NONNULL(1);

#endif
