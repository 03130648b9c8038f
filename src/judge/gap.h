/*
 * gap.h - the measured flow: what was lost of it, when, and the longest gap.
 *
 * Its packets carry numbers (reader-flow.c). The tester says when each was
 * sent and the VM's log which of them came; a gap is the distance in send time
 * between two packets that came, with lost ones between them. No clock but the
 * tester's is asked: the VM's own stands still with it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_GAP_H
#define JUDGE_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct facts;
struct moments;

#define GAP_LENGTH_MIN 64   /* bytes of packet 0's frame, without its FCS */
#define GAP_NUMBERS    1000 /* then the lengths begin anew */
#define GAP_STEP_MAX   900  /* a larger step is one back */

/*
 * During: from migrate on until the backup's VM was seen running. It is asked
 * every 250 ms (cases/steps), so what was lost so shortly behind its start
 * counts as during.
 */
enum gap_phase { GAP_BEFORE, GAP_DURING, GAP_AFTER, GAP_PHASES };

/* Numbers < 0 are not known. */
struct gap {
    bool taken;      /* there was a measured flow, and both ends were read */
    const char *why; /* what of it is not known, and why; NULL: all is */
    double sent, received, lost;
    double duplicates, reordered; /* packets that came twice, or late */
    double longest_ms;            /* it was at most this */
    double least_ms;         /* the longest span of lost ones: at least this */
    double longest_lost;     /* packets in it */
    double longest_after_ms; /* it began so long after migrate; signed */
    bool has_longest_after;
    double resolution_ms; /* the median distance of two sent packets */
    double pause_ms;      /* the longest */
    double phase_lost[GAP_PHASES];
    double clock_ms; /* when a packet was sent is known to about this */
};

/* What the facts say of the measured flow. */
void gap_take(const struct facts *facts, const struct moments *moments,
              struct gap *gap) NONNULL(1, 2, 3);

#endif
