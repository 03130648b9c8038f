/* demand.h - whether facts are as a case demands. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_DEMAND_H
#define JUDGE_DEMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct condition;
struct conditions;
struct fact_value;
struct facts;

/* One condition on one value. before: what growth is measured from. */
bool demand_holds(const struct condition *condition,
                  const struct fact_value *value, double before) NONNULL(1, 2);

/* All hold, each by a value that came at or after since_us. */
bool demand_all_hold(const struct conditions *conditions,
                     const struct facts *facts, uint64_t since_us)
    NONNULL(1, 2);

#endif
