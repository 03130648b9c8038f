/*
 * measures.h - what a migration measured: times, packets, the longest gap.
 *
 * Only what the facts say is known: a number is not guessed from another.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_MEASURES_H
#define JUDGE_MEASURES_H

#include <stdbool.h>

#include "base/macros.h"

struct facts;
struct legs_spec;

/* What a migration measured; < 0: not known. */
struct measures {
    double total_ms, downtime_ms, passes, throughput_mbps, transferred_kib;
    double handover_ms; /* from vhost's stop on the host to ready on backup */
    double sent, received, lost;
    double counted;    /* by both vhost ports; received, of the plan's flow */
    double gap_max_ms; /* it was at most this */
    double gap_min_ms; /* and at least this: packets of so long were lost */
    double resolution_ms;

    /* Of the measured flow alone: its packets are numbered. */
    bool measured;
    const char *open; /* what of it is not known, and why; NULL: all is */
    double gap_lost;  /* packets in the longest gap */
    bool has_gap_after;
    double gap_after_ms; /* it began so long after migrate; signed */
    bool gap_meets;  /* it reaches past migrate, and began before the VM ran */
    double pause_ms; /* the tester's longest, between two packets */
    double duplicates, reordered;
    /* The migration, which ends when the backup was seen running (gap.h). */
    double lost_before, lost_during, lost_after;
    double clock_ms;   /* when a packet was sent is known to about this */
    double log_missed; /* packets that the VM's tcpdump says it missed */
};
void measures_take(const struct facts *facts, const struct legs_spec *spec,
                   struct measures *measures) NONNULL(1, 2, 3);

/* Whether the tester paused for much longer than it does between packets. */
bool measures_paused(const struct measures *measures) NONNULL(1);

/*
 * How the gap relates to QEMU's downtime, in a sentence; yours, NULL when one
 * of the two is not known, or the gap is none of the migration's.
 */
char *measures_relation(const struct measures *measures) MUST_CHECK NONNULL(1);

#endif
