/* spread.h - what a set of numbers spreads over. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_SPREAD_H
#define REPORT_SPREAD_H

#include <stddef.h>

#include "base/macros.h"

struct spread {
    size_t n; /* of how many numbers; 0: the rest is 0 and means nothing */
    double min, median, max;
};

/* Of len numbers, which are put in order on the way; none is NaN. */
void spread_take(double *numbers, size_t len, struct spread *spread) NONNULL(3);

#endif
