/*
 * measures.h - what a migration measured: times, packets, the longest gap.
 *
 * Only what the facts say is known: a number is not guessed from another.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_MEASURES_H
#define JUDGE_MEASURES_H

#include "base/macros.h"

struct facts;
struct legs_spec;

/* What a migration measured; < 0: not known. */
struct measures {
    double total_ms, downtime_ms, passes, throughput_mbps, transferred_kib;
    double sent, received, lost;
    double gap_max_ms; /* it was at most this */
    double resolution_ms;
};
void measures_take(const struct facts *facts, const struct legs_spec *spec,
                   struct measures *measures) NONNULL(1, 2, 3);

#endif
