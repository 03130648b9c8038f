/*
 * outcome.h - what a run came to: its steps, its legs, its measures.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_OUTCOME_H
#define RUN_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"
#include "judge/verdict.h"

struct hearing;
struct record;
struct script;

/* The steps' verdicts, as they came. */
struct outcome {
    enum verdict steps; /* of all together */
    unsigned passed, failed, errors, skipped;
    size_t total; /* steps the case has */
    char *reason; /* of the first that was no pass; owned */
    size_t step;  /* whose, from 1; 0: none */
};

void outcome_step(struct outcome *outcome, size_t step, enum verdict verdict,
                  const char *reason) NONNULL(1, 4);
void outcome_fini(struct outcome *outcome) NONNULL(1);

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
