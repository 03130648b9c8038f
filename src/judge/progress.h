/* progress.h - a migration as a series: what each "info migrate" said of it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_PROGRESS_H
#define JUDGE_PROGRESS_H

#include <stddef.h>

#include "base/macros.h"

struct facts;
struct moments;

/* One answer; numbers < 0 were not in it. */
struct progress_point {
    double at_ms;       /* since it began, by QEMU's clock or else by ours */
    const char *status; /* borrowed from the facts */
    double passes, transferred_kib, remaining_kib;
    double throughput_mbps; /* of RAM, Mbit/s */
    double dirty_pages;     /* a second; QEMU tells from a second pass on */
};

struct progress {
    struct progress_point *points;
    size_t len, cap;
};

/* All answers since migrate was typed; progress_fini() frees them. */
void progress_take(const struct facts *facts, const struct moments *moments,
                   struct progress *progress) NONNULL(1, 2, 3);
void progress_fini(struct progress *progress) NONNULL(1);

#endif
