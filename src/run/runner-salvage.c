/*
 * runner-salvage.c - what happens between a failed step and what follows it.
 *
 * First every node is asked whether it still answers: a cut that nobody has
 * noticed yet looks like silence of what is tested, and would be a fail. Then
 * what tells why is saved, before anything is undone.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/xalloc.h"
#include "io/command.h"
#include "io/link.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/nodes.h"
#include "run/runner-priv.h"
#include "run/stage.h"
#include "run/task.h"

#define ALIVE_MS 8000

static void next_salvage(struct runner *runner);

/* What follows a failed step, or a leg that failed when all had passed. */
static void
go_on(struct runner *runner)
{
    runner->phase = PHASE_STEPS;
    if (!runner->result.interrupted)
        runner_diagnose(runner);
    if (runner->judging)
        runner_then(runner, runner_judge_run);
    else if (runner->spec.attended && !runner->finishing)
        runner_wait(runner, PAUSE_FAILED);
    else
        runner_then(runner, runner_judge_run);
}

/* This run did something in a step of this title. */
static bool
has_acted(const struct runner *runner, const char *title)
{
    const struct conf_list *list = &runner->spec.script->tcase->steps;
    const struct step *steps = list->items;

    for (size_t i = 0; i < list->len; i++)
        if (runner->acted[i] && strcmp(steps[i].title.text, title) == 0)
            return true;
    return false;
}

/*
 * What a salvage action looks at is this run's, and its console has something
 * to say. A file that an earlier run left tells nothing of this one.
 */
static bool
can_salvage(const struct runner *runner, const struct action *action)
{
    if (action->behind.text != NULL && !has_acted(runner, action->behind.text))
        return false;
    return action->console == NULL ||
           stage_status(runner->stage, action->console)->state == LINK_UP;
}

static void
on_salvaged(void *ctx, const struct task_result *result)
{
    struct runner *runner = ctx;
    struct task *task = runner->task;

    (void)result; /* what cannot be saved is in the journal, and no verdict */
    runner->task = NULL;
    task_free(task);
    runner_then(runner, next_salvage);
}

static void
next_salvage(struct runner *runner)
{
    const struct conf_list *list = &runner->spec.script->tcase->salvage;
    const struct action *actions = list->items;
    char *where;

    while (runner->action < list->len &&
           !can_salvage(runner, &actions[runner->action]))
        runner->action++;
    if (runner->action == list->len || runner->trouble != NULL) {
        runner_record(runner, record_new("salvage.end"));
        runner_then(runner, go_on);
        return;
    }
    where = xasprintf("salvage.%zu", runner->action + 1);
    runner->task = task_new(runner->stage, &actions[runner->action++], where,
                            on_salvaged, runner);
    free(where);
}

static char *
ask(void *ctx, const struct lab_node *node)
{
    (void)ctx;
    (void)node;
    return xstrdup("true");
}

static void
on_answer(void *ctx, const struct lab_node *node,
          const struct command_result *result)
{
    struct runner *runner = ctx;
    struct record *record = record_new("alive");
    char *why;

    record_text(record, "node", node->name.text);
    if (result->err.kind != ERR_NONE)
        record_text(record, "error", result->err.text);
    runner_record(runner, record);
    if (result->err.kind == ERR_NONE)
        return;
    why = xasprintf("%s does not answer any more: %s", node->name.text,
                    result->err.text);
    runner_trouble(runner, why);
    free(why);
}

static void
on_all_answered(void *ctx)
{
    struct runner *runner = ctx;

    nodes_free(runner->nodes);
    runner->nodes = NULL;
    runner->action = 0;
    runner_then(runner, next_salvage);
}

void
runner_begin_salvage(struct runner *runner)
{
    const struct nodes_sink sink = { ask, on_answer, on_all_answered, runner };
    enum verdict verdict = outcome_verdict(&runner->outcome);

    if (runner->result.interrupted || runner->trouble != NULL ||
        verdict == VERDICT_ERROR) {
        runner_then(runner, go_on); /* nothing is wrong with what we test */
        return;
    }
    runner->phase = PHASE_SALVAGE;
    runner_record(runner, record_new("salvage.begin"));
    runner->nodes =
        nodes_ask(runner->stage, runner->spec.script->lab, ALIVE_MS, &sink);
}
