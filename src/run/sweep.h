/*
 * sweep.h - the processes of a run on one node: find them, then end them.
 *
 * What a run's shells start carries MIGLAB_RUN in its environment. A sweep
 * lists these processes and journals the list; only then does it end them, by
 * pid, each looked at again before it is signalled. What has ended
 * is what the list shows no longer: no signal is taken for an end.
 *
 * An environment that cannot be read hides whose a process is. Where such a
 * process shares a terminal session with the run, or was started by one of
 * the run's, it may be the run's, and the sweep says so instead of "0 left".
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_SWEEP_H
#define RUN_SWEEP_H

#include <stdbool.h>

#include "base/macros.h"

struct lab_node;
struct stage;
struct sweep;

struct sweep_sink {
    void (*listed)(void *ctx); /* once: what runs is in the journal */
    void (*ended)(void *ctx);  /* once, behind sweep_end() */
    void *ctx;
};

/* Begin to list; all is borrowed. Calls come from the loop. */
struct sweep *sweep_new(struct stage *stage, const struct lab_node *node,
                        const char *run_id,
                        const struct sweep_sink *sink) MUST_CHECK
    NONNULL(1, 2, 3, 4);
void sweep_free(struct sweep *sweep); /* stops where it is */

/* End what was listed; only after listed(). */
void sweep_end(struct sweep *sweep) NONNULL(1);

/* After ended(): processes that were ended; that live, or may live. */
unsigned sweep_count_ended(const struct sweep *sweep) NONNULL(1);
unsigned sweep_count_left(const struct sweep *sweep) NONNULL(1);

#endif
