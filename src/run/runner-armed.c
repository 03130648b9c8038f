/*
 * runner-armed.c - actions that fire by themselves.
 *
 * The queue change of two cases must fall into a migration that lasts about a
 * second: no human and no step that waits its turn is fast enough. Such an
 * action is armed before the step at hand begins, fires when its facts come,
 * whatever step that is, and is judged when its own step's turn has come.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "io/loop.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner-priv.h"
#include "run/stage.h"
#include "run/task.h"

struct armed {
    struct runner *runner;
    size_t step, action;
    struct task *task;           /* NULL: it is over */
    struct loop_timer *patience; /* while its step waits for it to fire */
    bool awaited;                /* its step's turn has come */
    enum verdict verdict;
    char *reason;
    struct armed *next;
};

static void
armed_free(struct armed *armed)
{
    task_free(armed->task);
    loop_timer_free(armed->patience);
    free(armed->reason);
    free(armed);
}

static struct armed *
find(const struct runner *runner, size_t step, size_t action)
{
    for (struct armed *armed = runner->armed; armed != NULL;
         armed = armed->next)
        if (armed->step == step && armed->action == action)
            return armed;
    return NULL;
}

static void
on_done(void *ctx, const struct task_result *result)
{
    struct armed *armed = ctx;
    struct task *task = armed->task;

    armed->task = NULL;
    armed->verdict = result->verdict;
    armed->reason = xstrdup(result->reason);
    loop_timer_stop(armed->patience);
    task_free(task);
    if (armed->awaited)
        runner_action_over(armed->runner, armed->verdict, armed->reason);
}

/* Its step waited, and what it waits for was never seen: nothing was tested. */
static void
on_patience(void *ctx)
{
    struct armed *armed = ctx;
    const struct conditions *when;
    char *what, *reason;

    if (armed->task == NULL || !task_is_armed(armed->task))
        return;
    when = &task_action(armed->task)->armed;
    what = condition_describe(&when->items[0]);
    reason = xasprintf("it never began: not seen in time: %s", what);
    task_stop(armed->task, VERDICT_ERROR, reason);
    free(reason);
    free(what);
}

static struct armed *
arm(struct runner *runner, size_t step, size_t action,
    const struct action *what)
{
    struct armed *armed = xcalloc(1, sizeof *armed);
    char *where = xasprintf("s%zu.a%zu", step + 1, action + 1);

    armed->runner = runner;
    armed->step = step;
    armed->action = action;
    armed->patience = loop_timer_new(runner->spec.loop, on_patience, armed);
    armed->task = task_arm(runner->stage, what, where, on_done, armed);
    armed->next = runner->armed;
    runner->armed = armed;
    free(where);
    return armed;
}

void
runner_arm(struct runner *runner)
{
    const struct conf_list *list = &runner->spec.script->tcase->steps;
    const struct step *steps = list->items;
    size_t last = runner->spec.until != 0 ? runner->spec.until : list->len;

    for (size_t i = runner->step; i < last; i++) {
        const struct action *actions = steps[i].actions.items;

        for (size_t j = 0; j < steps[i].actions.len; j++)
            if (actions[j].armed.len > 0 && find(runner, i, j) == NULL)
                (void)arm(runner, i, j, &actions[j]);
    }
}

void
runner_await_armed(struct runner *runner, const struct action *action)
{
    struct armed *armed = find(runner, runner->step, runner->action);

    if (armed == NULL)
        armed = arm(runner, runner->step, runner->action, action);
    if (armed->task == NULL) {
        runner_action_over(runner, armed->verdict, armed->reason);
        return;
    }
    armed->awaited = true;
    loop_timer_set(armed->patience, action->within.value * 1000);
}

struct task *
runner_task(const struct runner *runner)
{
    if (runner->task != NULL)
        return runner->task;
    for (struct armed *armed = runner->armed; armed != NULL;
         armed = armed->next)
        if (armed->awaited && armed->task != NULL)
            return armed->task;
    return NULL;
}

void
runner_look_armed(struct runner *runner, uint64_t at_us)
{
    for (struct armed *armed = runner->armed; armed != NULL;
         armed = armed->next)
        if (armed->task != NULL &&
            (runner->phase == PHASE_STEPS || !task_is_armed(armed->task)))
            task_look(armed->task, at_us);
}

void
runner_disarm(struct runner *runner, size_t step)
{
    struct armed **at = &runner->armed;

    while (*at != NULL) {
        struct armed *armed = *at;

        if (armed->step < step) {
            at = &armed->next;
            continue;
        }
        *at = armed->next;
        armed_free(armed);
    }
}
