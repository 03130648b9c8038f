/*
 * outcome.h - what a run came to: its steps, its legs, its measures.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_OUTCOME_H
#define RUN_OUTCOME_H

#include <stddef.h>

#include "base/macros.h"
#include "judge/verdict.h"

struct hearing;
struct record;
struct script;

/* How a step stands. One that was done again stands as it did last. */
struct outcome_step {
    enum verdict verdict; /* VERDICT_PENDING: it did not run */
    char *reason;
    unsigned tries;
    enum verdict by_hand; /* what a human said; VERDICT_PENDING: nothing */
    char *comment;        /* and why */
};

struct outcome {
    struct outcome_step *steps; /* total of them */
    size_t total;
    char *trouble; /* why the run itself is an error, or NULL */
};

void outcome_init(struct outcome *outcome, size_t total) NONNULL(1);
void outcome_fini(struct outcome *outcome) NONNULL(1);

/* Steps count from 1; one the case does not have is ignored. */
void outcome_step(struct outcome *outcome, size_t step, enum verdict verdict,
                  const char *reason) NONNULL(1, 4);
void outcome_by_hand(struct outcome *outcome, size_t step, enum verdict verdict,
                     const char *comment) NONNULL(1, 4);
/* The lab or we broke, not what is tested; NULL: it is mended. */
void outcome_trouble(struct outcome *outcome, const char *reason) NONNULL(1);

/* All steps together; a whole case that was not run to its end is no pass. */
enum verdict outcome_verdict(const struct outcome *outcome) NONNULL(1);

/*
 * The verdict of the run, with the record that says it, each leg with its
 * points, and the measures. A run whose steps all passed is a pass only if
 * its legs hold.
 */
struct record *
outcome_record(const struct outcome *outcome, const struct script *script,
               const struct hearing *hearing, enum verdict *verdict) MUST_CHECK
    NONNULL(1, 2, 3, 4);

#endif
