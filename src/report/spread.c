/* spread.c - what a set of numbers spreads over. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "report/spread.h"

#include <stdlib.h>

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void
spread_take(double *numbers, size_t len, struct spread *spread)
{
    *spread = (struct spread){ .n = len };
    if (len == 0)
        return;
    qsort(numbers, len, sizeof *numbers, by_size);
    spread->min = numbers[0];
    spread->max = numbers[len - 1];
    /* Halved first: the sum of two large ones may not fit. */
    spread->median = len % 2 == 1
                         ? numbers[len / 2]
                         : numbers[len / 2 - 1] / 2 + numbers[len / 2] / 2;
}
