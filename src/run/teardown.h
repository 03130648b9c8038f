/*
 * teardown.h - take back what a run did: the undo ledger backwards, then
 * whatever the run started and still runs, then once more the undo probes that
 * failed while it still ran.
 *
 * What a run's processes are, and how they are ended, sweep.h tells. Safe to
 * do twice, also by another miglab later.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_TEARDOWN_H
#define RUN_TEARDOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct ledger;
struct script;
struct stage;
struct teardown;

struct teardown_result {
    unsigned undone;  /* actions that were done and went well */
    unsigned skipped; /* that had nothing to do any more */
    unsigned failed;  /* that did not go well */
    unsigned ended;   /* processes of the run that lived, and no longer do */
    long keeper;      /* that held the consoles, and is ended; 0: none */
    unsigned left;    /* that would not end, or nodes that cannot be reached */
};

struct teardown_spec {
    struct stage *stage;
    const struct script *script;
    const struct ledger *ledger;
    const char *run_id;
    int rundir_fd; /* where a keeper is told, that holds its consoles */
};

/* Start it; done comes once, from the loop. Borrows what the spec names. */
struct teardown *
teardown_new(const struct teardown_spec *spec,
             void (*done)(void *ctx, const struct teardown_result *result),
             void *ctx) MUST_CHECK NONNULL(1, 2);
void teardown_free(struct teardown *teardown); /* stops where it is */

/* Something happened on the stage. */
void teardown_look(struct teardown *teardown, uint64_t at_us) NONNULL(1);

#endif
