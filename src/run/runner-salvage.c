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

#include "base/err.h"
#include "base/xalloc.h"
#include "io/command.h"
#include "io/link.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner-priv.h"
#include "run/stage.h"
#include "run/task.h"

#define ALIVE_MS 8000

static void next_salvage(struct runner *runner);
static void ask_next_node(struct runner *runner);

/* What follows a failed step. */
static void
go_on(struct runner *runner)
{
    runner->phase = PHASE_STEPS;
    if (runner->spec.attended && !runner->finishing)
        runner_wait(runner, PAUSE_FAILED);
    else
        runner_then(runner, runner_judge_run);
}

/* The console of a salvage action has something to say. */
static bool
can_salvage(const struct runner *runner, const struct action *action)
{
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

static void
on_alive(void *ctx, const struct command_result *result)
{
    struct runner *runner = ctx;
    const struct lab_node *nodes = runner->spec.script->lab->nodes.items;
    const char *name = nodes[runner->node].name.text;
    struct command *command = runner->command;
    struct record *record = record_new("alive");
    char *why;

    runner->command = NULL;
    record_text(record, "node", name);
    if (result->err.kind != ERR_NONE)
        record_text(record, "error", result->err.text);
    runner_record(runner, record);
    if (result->err.kind != ERR_NONE) {
        why = xasprintf("%s does not answer any more: %s", name,
                        result->err.text);
        runner_trouble(runner, why);
        free(why);
    }
    runner->node++;
    runner_then(runner, ask_next_node);
    command_free(command); /* last: the result is its */
}

static void
ask_next_node(struct runner *runner)
{
    const struct lab *lab = runner->spec.script->lab;
    const struct lab_node *nodes = lab->nodes.items;

    if (runner->trouble != NULL || runner->node == lab->nodes.len) {
        runner->action = 0;
        runner_then(runner, next_salvage);
        return;
    }
    runner->command = stage_command(runner->stage, &nodes[runner->node], "true",
                                    ALIVE_MS, on_alive, runner);
}

void
runner_begin_salvage(struct runner *runner)
{
    enum verdict verdict = outcome_verdict(&runner->outcome);

    if (runner->result.interrupted || runner->trouble != NULL ||
        verdict == VERDICT_ERROR) {
        runner_then(runner, go_on); /* nothing is wrong with what we test */
        return;
    }
    runner->phase = PHASE_SALVAGE;
    runner->node = 0;
    runner_record(runner, record_new("salvage.begin"));
    runner_then(runner, ask_next_node);
}
