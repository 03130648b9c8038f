/* moments.h - when the migration began, and when its VM ran again. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_MOMENTS_H
#define JUDGE_MOMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct facts;

/* In the run's time. */
struct moments {
    bool begun;
    uint64_t begun_us; /* when migrate was typed */
    bool running;
    uint64_t running_us; /* when the backup's VM was first seen running */
};

void moments_take(const struct facts *facts, struct moments *moments)
    NONNULL(1, 2);

#endif
