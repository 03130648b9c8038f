/*
 * task.h - one action being carried out.
 *
 * It opens the console it needs, waits until the right program is at its
 * prompt, types, repeats a poll, runs a probe; its trial judges. Done is told
 * once, from the loop, never from inside task_new().
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_TASK_H
#define RUN_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "judge/verdict.h"

struct action;
struct stage;
struct task;
struct trial;

struct task_result {
    enum verdict verdict;
    const char *reason; /* "" for a pass; borrowed during the call */
    uint64_t began_us, ended_us;
    bool slow; /* it took longer than the action's soft limit */
};

/*
 * Start it. where names the action in the journal: "s3.a1" is step 3's first
 * action, "s3.u1" its first undo, "salvage.1" ...
 */
struct task *task_new(struct stage *stage, const struct action *action,
                      const char *where,
                      void (*done)(void *ctx, const struct task_result *result),
                      void *ctx) MUST_CHECK NONNULL(1, 2, 3, 4);
/*
 * The same for an action with "when": it begins by itself once what it waits
 * for is seen, by facts newer than this call. Until then it has no trial.
 */
struct task *task_arm(struct stage *stage, const struct action *action,
                      const char *where,
                      void (*done)(void *ctx, const struct task_result *result),
                      void *ctx) MUST_CHECK NONNULL(1, 2, 3, 4);
/* It has not begun yet. */
bool task_is_armed(const struct task *task) NONNULL(1);
void task_free(struct task *task); /* gives up silently; NULL is fine */

/* Something happened on the stage: see whether there is something to do. */
void task_look(struct task *task, uint64_t at_us) NONNULL(1);

/* End it with this verdict, unless it has one. done() comes from the loop. */
void task_stop(struct task *task, enum verdict verdict, const char *reason)
    NONNULL(1, 3);

/* Why it has not typed yet, for whoever watches; NULL: nothing holds it. */
char *task_waits_for(const struct task *task) MUST_CHECK NONNULL(1);
/* A line that a human has not ended holds it. */
bool task_waits_for_human(const struct task *task) NONNULL(1);
/* More time for it; journalled. False when it has ended. */
bool task_extend(struct task *task, uint64_t more_us) NONNULL(1);
const struct trial *task_trial(const struct task *task) NONNULL(1);
const char *task_where(const struct task *task) NONNULL(1);
const struct action *task_action(const struct task *task) NONNULL(1);

#endif
