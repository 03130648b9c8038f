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
#include "run/keeper.h"
#include "run/ledger.h"
#include "run/stage.h"
#include "run/sweep.h"
#include "run/task.h"

struct undo {
    const struct action *action;
    size_t step, index;
};

struct teardown {
    struct teardown_spec spec;
    void (*done)(void *ctx, const struct teardown_result *result);
    void *ctx;
    struct teardown_result result;
    size_t next;        /* undo action */
    struct undo now;    /* the one that runs */
    struct undo *again; /* probes that failed: processes may hold them up */
    size_t again_len, again_cap, again_next;
    struct task *task;
    struct sweep **sweeps; /* one a node */
    size_t sweeps_busy;
    struct loop_timer *later;
};

static void next_action(struct teardown *teardown);
static void undo_again(void *ctx);

/* "s2.u1"; yours. */
static char *
where_of(const struct undo *undo)
{
    return xasprintf("s%zu.u%zu", undo->step + 1, undo->index + 1);
}

static void
record_skip(struct teardown *teardown, const struct undo *undo, const char *why)
{
    struct record *record = record_new("undo.skip");
    char *where = where_of(undo);

    record_text(record, "where", where);
    free(where);
    record_text(record, "command", undo->action->command);
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

/* It has the consoles open of a run that was kept. */
static void
end_keeper(struct teardown *teardown)
{
    struct record *record;

    teardown->result.keeper = keeper_end(teardown->spec.rundir_fd);
    if (teardown->result.keeper == 0)
        return;
    record = record_new("keeper.end");
    record_int(record, "keeper", teardown->result.keeper);
    stage_record(teardown->spec.stage, record, stage_now(teardown->spec.stage));
}

/* Closing a console ends its shell, so this too waits for the record. */
static void
end_processes(void *ctx)
{
    struct teardown *teardown = ctx;

    stage_close_consoles(teardown->spec.stage);
    end_keeper(teardown);
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
    later(teardown, undo_again);
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

/* Why an action has nothing to do any more; NULL: it has. */
static const char *
nothing_to_do(const struct teardown *teardown, const struct undo *undo)
{
    const struct action *action = undo->action;
    const struct dialog *dialog;
    const struct program *top;

    if (ledger_is_undone(teardown->spec.ledger, undo->step, undo->index))
        return "it is undone already";
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
record_undone(struct teardown *teardown)
{
    const struct undo *undo = &teardown->now;

    stage_record(teardown->spec.stage,
                 ledger_undone_record(undo->step, undo->index),
                 stage_now(teardown->spec.stage));
    teardown->result.undone++;
}

/*
 * A probe that failed may do better once the run's processes are gone: a
 * mount is busy as long as one of them uses it. A console will be closed then.
 */
static void
keep_failed(struct teardown *teardown)
{
    teardown->result.failed++;
    if (teardown->now.action->kind != ACTION_PROBE)
        return;
    teardown->again = xgrow(teardown->again, teardown->again_len,
                            &teardown->again_cap, sizeof *teardown->again);
    teardown->again[teardown->again_len++] = teardown->now;
}

static void
start(struct teardown *teardown, const struct undo *undo,
      void (*done)(void *ctx, const struct task_result *result))
{
    char *where = where_of(undo);

    teardown->now = *undo;
    teardown->task =
        task_new(teardown->spec.stage, undo->action, where, done, teardown);
    free(where);
}

static void
on_undone(void *ctx, const struct task_result *result)
{
    struct teardown *teardown = ctx;
    struct task *task = teardown->task;

    teardown->task = NULL;
    task_free(task);
    if (result->verdict == VERDICT_PASS)
        record_undone(teardown);
    else
        keep_failed(teardown);
    next_action(teardown);
}

static void
next_action(struct teardown *teardown)
{
    const struct teardown_spec *spec = &teardown->spec;
    struct undo undo;

    while (
        (undo.action = ledger_action(spec->ledger, spec->script, teardown->next,
                                     &undo.step, &undo.index)) != NULL) {
        const char *why = nothing_to_do(teardown, &undo);

        teardown->next++;
        if (why == NULL) {
            start(teardown, &undo, on_undone);
            return;
        }
        record_skip(teardown, &undo, why);
    }
    start_sweeps(teardown);
}

static void
on_undone_again(void *ctx, const struct task_result *result)
{
    struct teardown *teardown = ctx;
    struct task *task = teardown->task;

    teardown->task = NULL;
    task_free(task);
    if (result->verdict == VERDICT_PASS) {
        record_undone(teardown);
        teardown->result.failed--;
    }
    undo_again(teardown);
}

/* In the order in which they failed; once each. */
static void
undo_again(void *ctx)
{
    struct teardown *teardown = ctx;

    if (teardown->again_next < teardown->again_len)
        start(teardown, &teardown->again[teardown->again_next++],
              on_undone_again);
    else
        later(teardown, finish);
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
    free(teardown->again);
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
