/*
 * share.c - how the cells of a row of parts are shared among them.
 *
 * Cells are dealt out and taken one at a time: that keeps what is left over
 * even and the sum exact, and there is no rounding to repair.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "lab/share.h"

#include <stdbool.h>

/* Who has least for its weight, the earlier of equals: the next cell is its. */
static struct share *
poorest(struct share *shares, size_t len)
{
    struct share *best = NULL;

    for (struct share *s = shares; s < shares + len; s++)
        if (s->weight > 0 &&
            (best == NULL || s->cells * best->weight < best->cells * s->weight))
            best = s;
    return best;
}

/* How much more a share has than it may not lose; by strictness. */
static int
over_wanted(const struct share *share)
{
    return share->cells - share->wanted;
}

static int
over_least(const struct share *share)
{
    return share->cells - share->least;
}

/* Who has most above what over() leaves it, the later of equals, or NULL. */
static struct share *
richest(struct share *shares, size_t len, int (*over)(const struct share *))
{
    struct share *best = NULL;

    for (struct share *s = shares; s < shares + len; s++)
        if (over(s) > 0 && (best == NULL || over(s) >= over(best)))
            best = s;
    return best;
}

/* Who must give a cell: what is not wanted first, at the end the last ones. */
static struct share *
loser(struct share *shares, size_t len)
{
    struct share *share = richest(shares, len, over_wanted);

    if (share == NULL)
        share = richest(shares, len, over_least);
    if (share == NULL)
        for (share = shares + len - 1; share->cells == 0;)
            share--;
    return share;
}

void
shares_even_out(struct share *shares, size_t len, int total)
{
    int left = total;

    for (size_t i = 0; i < len; i++)
        left -= shares[i].cells;
    for (; left > 0; left--)
        poorest(shares, len)->cells++;
    for (; left < 0; left++)
        loser(shares, len)->cells--;
}

/* The nearest behind shares[i], else before it, with more cells than it must
   keep: its least if it is to give, none if it is to take. */
static struct share *
neighbour(struct share *shares, size_t len, size_t i, bool gives)
{
    for (size_t j = i + 1; j < len; j++)
        if (shares[j].cells > (gives ? shares[j].least : 0))
            return &shares[j];
    for (size_t j = i; j-- > 0;)
        if (shares[j].cells > (gives ? shares[j].least : 0))
            return &shares[j];
    return NULL;
}

void
shares_move(struct share *shares, size_t len, size_t i, int cells)
{
    struct share *share = &shares[i], *other;

    for (; cells > 0; cells--) {
        if ((other = neighbour(shares, len, i, true)) == NULL)
            return;
        other->cells--;
        share->cells++;
    }
    for (; cells < 0 && share->cells > share->least; cells++) {
        if ((other = neighbour(shares, len, i, false)) == NULL)
            return;
        other->cells++;
        share->cells--;
    }
}
