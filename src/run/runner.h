/*
 * runner.h - one execution of a case on a lab, step by step.
 *
 * The runner knows no screen: it appends to the journal, and whoever shows
 * something listens there. At a failure it salvages; then it tears down, or
 * leaves the lab as it is where that is asked for.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_RUNNER_H
#define RUN_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "judge/verdict.h"

struct journal;
struct loop;
struct run_clock;
struct rundir;
struct runner;
struct script;

struct runner_spec {
    struct loop *loop;
    const struct script *script;
    const struct rundir *rundir;
    struct journal *journal;
    struct run_clock *clock;
    uint64_t started_wall_us;
    bool keep;          /* no teardown */
    size_t from, until; /* steps, from 1; 0: the first, the last */
};

struct run_result {
    enum verdict verdict;
    bool kept; /* the lab was left as it is */
    bool interrupted;
    bool unreachable; /* a node could not be reached at all */
    bool nothing_ran;
    unsigned left; /* what teardown could not end */
};

/* Start it; done comes once, from the loop. Borrows what the spec names. */
struct runner *runner_new(const struct runner_spec *spec,
                          void (*done)(void *ctx,
                                       const struct run_result *result),
                          void *ctx) MUST_CHECK NONNULL(1, 2);
void runner_free(struct runner *runner);

/*
 * Stop: the first time in order, with teardown, and the run is an error; the
 * second time at once, leaving everything where it is.
 */
void runner_interrupt(struct runner *runner) NONNULL(1);

#endif
