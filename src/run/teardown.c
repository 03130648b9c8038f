/* teardown.c - take back what a run did. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/teardown.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "console/dialog.h"
#include "io/link.h"
#include "io/loop.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "run/ledger.h"
#include "run/stage.h"
#include "run/sweep.h"
#include "run/task.h"

struct teardown {
    struct teardown_spec spec;
    void (*done)(void *ctx, const struct teardown_result *result);
    void *ctx;
    struct teardown_result result;
    size_t next; /* undo action */
    struct task *task;
    struct sweep **sweeps; /* one a node */
    size_t sweeps_busy;
    struct loop_timer *later;
};

static void next_action(struct teardown *teardown);

static void
record_skip(struct teardown *teardown, const struct action *action,
            const char *where, const char *why)
{
    struct record *record = record_new("undo.skip");

    record_text(record, "where", where);
    record_text(record, "command", action->command);
    record_text(record, "reason", why);
    stage_record(teardown->spec.stage, record, stage_now(teardown->spec.stage));
    teardown->result.skipped++;
}

static void
finish(void *ctx)
{
    struct teardown *teardown = ctx;

    teardown->done(teardown->ctx, &teardown->result);
}

static void
later(struct teardown *teardown, void (*call)(void *ctx))
{
    loop_timer_free(teardown->later);
    teardown->later =
        loop_timer_new(stage_loop(teardown->spec.stage), call, teardown);
    loop_timer_set(teardown->later, 0);
}

/* Closing a console ends its shell, so this too waits for the record. */
static void
end_processes(void *ctx)
{
    struct teardown *teardown = ctx;

    stage_close_consoles(teardown->spec.stage);
    teardown->sweeps_busy = teardown->spec.script->lab->nodes.len;
    for (size_t i = 0; i < teardown->spec.script->lab->nodes.len; i++)
        sweep_end(teardown->sweeps[i]);
}

static void
on_listed(void *ctx)
{
    struct teardown *teardown = ctx;

    if (--teardown->sweeps_busy == 0)
        later(teardown, end_processes);
}

static void
on_swept(void *ctx)
{
    struct teardown *teardown = ctx;

    if (--teardown->sweeps_busy > 0)
        return;
    for (size_t i = 0; i < teardown->spec.script->lab->nodes.len; i++) {
        teardown->result.ended += sweep_count_ended(teardown->sweeps[i]);
        teardown->result.left += sweep_count_left(teardown->sweeps[i]);
    }
    later(teardown, finish);
}

static void
start_sweeps(struct teardown *teardown)
{
    const struct lab *lab = teardown->spec.script->lab;
    const struct lab_node *nodes = lab->nodes.items;
    const struct sweep_sink sink = { on_listed, on_swept, teardown };

    teardown->sweeps_busy = lab->nodes.len;
    teardown->sweeps = xcalloc(lab->nodes.len, sizeof *teardown->sweeps);
    for (size_t i = 0; i < lab->nodes.len; i++)
        teardown->sweeps[i] = sweep_new(teardown->spec.stage, &nodes[i],
                                        teardown->spec.run_id, &sink);
}

/* Why an action on a console has nothing to do any more; NULL: it has. */
static const char *
nothing_to_do(const struct teardown *teardown, const struct action *action)
{
    const struct dialog *dialog;
    const struct program *top;

    if (action->console == NULL)
        return NULL;
    if (stage_status(teardown->spec.stage, action->console)->state != LINK_UP)
        return "the console is not connected";
    dialog = hearing_dialog(stage_hearing(teardown->spec.stage),
                            action->console->name);
    top = dialog_program(dialog);
    if (action->needs != NULL && top != action->needs)
        return "the program does not run any more";
    if (action->kind == ACTION_SEND && !dialog_ready(dialog))
        return "the program is busy";
    return NULL;
}

static void
on_undone(void *ctx, const struct task_result *result)
{
    struct teardown *teardown = ctx;
    struct task *task = teardown->task;

    teardown->task = NULL;
    task_free(task);
    if (result->verdict == VERDICT_PASS)
        teardown->result.undone++;
    else
        teardown->result.failed++;
    next_action(teardown);
}

static void
next_action(struct teardown *teardown)
{
    const struct teardown_spec *spec = &teardown->spec;
    const struct action *action;
    size_t step, index;

    while ((action = ledger_action(spec->ledger, spec->script, teardown->next,
                                   &step, &index)) != NULL) {
        char *where = xasprintf("s%zu.u%zu", step + 1, index + 1);
        const char *why = nothing_to_do(teardown, action);

        teardown->next++;
        if (why == NULL)
            teardown->task =
                task_new(spec->stage, action, where, on_undone, teardown);
        else
            record_skip(teardown, action, where, why);
        free(where);
        if (why == NULL)
            return;
    }
    start_sweeps(teardown);
}

static void
begin(void *ctx)
{
    struct teardown *teardown = ctx;

    stage_record(teardown->spec.stage, record_new("teardown.begin"),
                 stage_now(teardown->spec.stage));
    next_action(teardown);
}

struct teardown *
teardown_new(const struct teardown_spec *spec,
             void (*done)(void *ctx, const struct teardown_result *result),
             void *ctx)
{
    struct teardown *teardown = xcalloc(1, sizeof *teardown);

    teardown->spec = *spec;
    teardown->done = done;
    teardown->ctx = ctx;
    later(teardown, begin);
    return teardown;
}

void
teardown_free(struct teardown *teardown)
{
    size_t n;

    if (teardown == NULL)
        return;
    n = teardown->spec.script->lab->nodes.len;
    for (size_t i = 0; teardown->sweeps != NULL && i < n; i++)
        sweep_free(teardown->sweeps[i]);
    free(teardown->sweeps);
    task_free(teardown->task);
    loop_timer_free(teardown->later);
    free(teardown);
}

void
teardown_look(struct teardown *teardown, uint64_t at_us)
{
    if (teardown->task != NULL)
        task_look(teardown->task, at_us);
}
