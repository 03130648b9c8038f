/* runner.c - one execution of a case on a lab, step by step. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/runner.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/xalloc.h"
#include "console/shell.h"
#include "io/command.h"
#include "io/loop.h"
#include "journal/journal.h"
#include "lab/lab.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/hearing.h"
#include "run/ledger.h"
#include "run/outcome.h"
#include "run/rundir.h"
#include "run/stage.h"
#include "run/task.h"
#include "run/teardown.h"

#define UNLESS_MS 15000

enum phase {
    PHASE_STEPS,
    PHASE_SALVAGE,
    PHASE_TEARDOWN,
    PHASE_OVER,
};

struct runner {
    struct runner_spec spec;
    void (*done)(void *ctx, const struct run_result *result);
    void *ctx;
    char nonce[SHELL_NONCE_SIZE];
    struct stage *stage;
    struct loop_timer *turn; /* what comes next, from the loop */
    void (*next)(struct runner *runner);
    enum phase phase;
    size_t step, action; /* at hand, from 0 */
    uint64_t step_began_us;
    enum verdict step_verdict;
    char *step_reason;
    struct task *task;
    struct command *unless;
    struct ledger ledger;
    struct teardown *teardown;
    struct outcome outcome;
    struct run_result result;
    bool interrupted_again;
    char *trouble; /* why the run cannot go on: lost link, full disk */
};

static void begin_step(struct runner *runner);
static void next_action(struct runner *runner);
static void begin_salvage(struct runner *runner);
static void next_salvage(struct runner *runner);
static void judge(struct runner *runner);
static void begin_teardown(struct runner *runner);
static void end_run(struct runner *runner);

/* What follows happens in a turn of its own: nothing is called from below. */
static void
then(struct runner *runner, void (*next)(struct runner *runner))
{
    runner->next = next;
    loop_timer_set(runner->turn, 0);
}

static void
on_turn(void *ctx)
{
    struct runner *runner = ctx;

    runner->next(runner);
}

static const struct step *
step_of(const struct runner *runner)
{
    const struct step *steps = runner->spec.script->tcase->steps.items;

    return &steps[runner->step];
}

static void
record(struct runner *runner, struct record *record)
{
    stage_record(runner->stage, record, stage_now(runner->stage));
}

static void
end_step(struct runner *runner, enum verdict verdict, const char *reason)
{
    struct record *end = record_new("step.end");
    uint64_t now = stage_now(runner->stage);

    record_int(end, "step", (int64_t)runner->step + 1);
    record_text(end, "verdict", verdict_name(verdict));
    if (*reason != '\0')
        record_text(end, "reason", reason);
    record_number(end, "seconds", (double)(now - runner->step_began_us) / 1e6);
    stage_record(runner->stage, end, now);
    stage_sync(runner->stage);
    outcome_step(&runner->outcome, runner->step + 1, verdict, reason);
    runner->step++;
    if (verdict == VERDICT_PASS || verdict == VERDICT_SKIP)
        then(runner, begin_step);
    else
        then(runner, begin_salvage);
}

static void
on_action_done(void *ctx, const struct task_result *result)
{
    struct runner *runner = ctx;
    struct task *task = runner->task;

    runner->task = NULL;
    task_free(task);
    runner->step_verdict = verdict_join(runner->step_verdict, result->verdict);
    if (result->verdict != VERDICT_PASS) {
        free(runner->step_reason);
        runner->step_reason = xstrdup(result->reason);
        end_step(runner, result->verdict, runner->step_reason);
        return;
    }
    runner->action++;
    then(runner, next_action);
}

static void
next_action(struct runner *runner)
{
    const struct step *step = step_of(runner);
    const struct action *actions = step->actions.items;
    char *where;

    if (runner->trouble != NULL) {
        end_step(runner, VERDICT_ERROR, runner->trouble);
        return;
    }
    if (runner->action == step->actions.len) {
        end_step(runner, VERDICT_PASS, "");
        return;
    }
    where = xasprintf("s%zu.a%zu", runner->step + 1, runner->action + 1);
    runner->task = task_new(runner->stage, &actions[runner->action], where,
                            on_action_done, runner);
    free(where);
}

/* The acts of the step may now have to be undone, whatever happens. */
static void
begin_actions(struct runner *runner)
{
    const struct script *script = runner->spec.script;

    runner->action = 0;
    runner->step_verdict = VERDICT_PENDING;
    if (ledger_add(&runner->ledger, script, runner->step)) {
        record(runner, ledger_record(script, runner->step));
        stage_sync(runner->stage);
    }
    then(runner, next_action);
}

static void
on_unless(void *ctx, const struct command_result *result)
{
    struct runner *runner = ctx;
    struct record *asked = record_new("unless");
    const struct step *step = step_of(runner);
    struct command *command = runner->unless;

    runner->unless = NULL;
    record_int(asked, "step", (int64_t)runner->step + 1);
    if (result->err.kind == ERR_NONE)
        record_int(asked, "status", result->status);
    else
        record_text(asked, "error", result->err.text);
    record_text(asked, "output", result->out);
    record(runner, asked);
    if (result->err.kind != ERR_NONE) {
        end_step(runner, VERDICT_ERROR, result->err.text);
    } else if (result->status == 0) {
        char *reason = xasprintf("already done: %s", step->unless.because.text);

        end_step(runner, VERDICT_SKIP, reason);
        free(reason);
    } else {
        begin_actions(runner);
    }
    command_free(command); /* last: the result is its */
}

/* The node a step's condition is asked on. */
static const struct lab_node *
unless_node(const struct runner *runner, const struct step *step)
{
    const struct script *script = runner->spec.script;
    const struct script_console *console = NULL;

    if (step->unless.node.text != NULL)
        return lab_node(script->lab, step->unless.node.text);
    if (step->pane.text != NULL)
        console = script_console(script, step->pane.text);
    return console != NULL ? console->node : script->lab->nodes.items;
}

static void
ask_unless(struct runner *runner, const struct step *step)
{
    char *text = conf_join(&step->unless.probe);

    runner->unless = stage_command(runner->stage, unless_node(runner, step),
                                   text, UNLESS_MS, on_unless, runner);
    free(text);
}

static void
record_step(struct runner *runner, const struct step *step)
{
    struct record *begin = record_new("step.begin");
    char *label = xasprintf("%zu %s", runner->step + 1, step->title.text);

    record_int(begin, "step", (int64_t)runner->step + 1);
    record_text(begin, "title", step->title.text);
    record_text(begin, "plan", step->plan.text);
    record_text(begin, "pane", step->pane.text);
    record_text(begin, "why", step->why.text);
    record_text(begin, "addition", step->addition.text);
    stage_record(runner->stage, begin, runner->step_began_us);
    stage_marker(runner->stage, runner->step_began_us, label);
    free(label);
}

static void
begin_step(struct runner *runner)
{
    size_t total = runner->spec.script->tcase->steps.len;
    size_t last = runner->spec.until != 0 ? runner->spec.until : total;
    const struct step *step;

    if (runner->step == total) {
        then(runner, judge);
        return;
    }
    step = step_of(runner);
    runner->step_began_us = stage_now(runner->stage);
    record_step(runner, step);
    if (runner->step + 1 < runner->spec.from)
        end_step(runner, VERDICT_SKIP, "before --from");
    else if (runner->step + 1 > last)
        end_step(runner, VERDICT_SKIP, "behind --until");
    else if (step->unless.probe.len > 0)
        ask_unless(runner, step);
    else
        begin_actions(runner);
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
    then(runner, next_salvage);
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
    if (runner->action == list->len) {
        record(runner, record_new("salvage.end"));
        then(runner, judge);
        return;
    }
    where = xasprintf("salvage.%zu", runner->action + 1);
    runner->task = task_new(runner->stage, &actions[runner->action++], where,
                            on_salvaged, runner);
    free(where);
}

/* Save what tells why, before anything is undone. */
static void
begin_salvage(struct runner *runner)
{
    if (runner->result.interrupted || runner->trouble != NULL ||
        runner->outcome.steps == VERDICT_ERROR) {
        then(runner, judge); /* nothing is wrong with what we test */
        return;
    }
    runner->phase = PHASE_SALVAGE;
    runner->action = 0;
    record(runner, record_new("salvage.begin"));
    then(runner, next_salvage);
}

static void
judge(struct runner *runner)
{
    struct record *verdict =
        outcome_record(&runner->outcome, runner->spec.script,
                       stage_hearing(runner->stage), &runner->result.verdict);

    record(runner, verdict);
    stage_sync(runner->stage);
    runner->result.nothing_ran =
        runner->outcome.passed + runner->outcome.failed +
            runner->outcome.errors + runner->outcome.skipped ==
        0;
    then(runner, begin_teardown);
}

static void
on_torn_down(void *ctx, const struct teardown_result *result)
{
    struct runner *runner = ctx;
    struct record *end = record_new("teardown.end");

    record_int(end, "undone", result->undone);
    record_int(end, "skipped", result->skipped);
    record_int(end, "failed", result->failed);
    record_int(end, "ended", result->ended);
    record_int(end, "left", result->left);
    record(runner, end);
    runner->result.left = result->left;
    then(runner, end_run);
}

static void
begin_teardown(struct runner *runner)
{
    const struct teardown_spec spec = {
        .stage = runner->stage,
        .script = runner->spec.script,
        .ledger = &runner->ledger,
        .run_id = runner->spec.rundir->id,
    };

    runner->phase = PHASE_TEARDOWN;
    runner->result.kept = runner->spec.keep && !runner->result.interrupted;
    if (runner->result.kept)
        then(runner, end_run);
    else
        runner->teardown = teardown_new(&spec, on_torn_down, runner);
}

static void
end_run(struct runner *runner)
{
    struct record *end = record_new("run.end");

    runner->phase = PHASE_OVER;
    record_text(end, "verdict", verdict_name(runner->result.verdict));
    record_bool(end, "kept", runner->result.kept);
    if (runner->result.interrupted)
        record_bool(end, "interrupted", true);
    record(runner, end);
    stage_sync(runner->stage);
    runner->done(runner->ctx, &runner->result);
}

static void
on_progress(void *ctx, uint64_t at_us)
{
    struct runner *runner = ctx;

    if (runner->task != NULL)
        task_look(runner->task, at_us);
    if (runner->teardown != NULL)
        teardown_look(runner->teardown, at_us);
}

/* The run cannot go on: whatever is at hand ends as an error. */
static void
stop_with(struct runner *runner, const char *trouble)
{
    if (runner->phase == PHASE_TEARDOWN || runner->phase == PHASE_OVER)
        return;
    if (runner->trouble == NULL)
        runner->trouble = xstrdup(trouble);
    if (runner->task != NULL)
        task_stop(runner->task, VERDICT_ERROR, trouble);
}

static void
on_lost(void *ctx, const struct script_console *console, const char *reason)
{
    struct runner *runner = ctx;
    char *text = xasprintf("%s: the link was lost: %s", console->name, reason);

    if (runner->outcome.passed + runner->outcome.failed == 0)
        runner->result.unreachable = true; /* nothing worked so far */
    stop_with(runner, text);
    free(text);
}

static void
on_broken(void *ctx, const struct err *why)
{
    stop_with(ctx, why->text);
}

void
runner_interrupt(struct runner *runner)
{
    if (runner->result.interrupted) {
        if (!runner->interrupted_again && runner->phase != PHASE_OVER) {
            runner->interrupted_again = true;
            runner->result.kept = true;
            teardown_free(runner->teardown);
            runner->teardown = NULL;
            task_free(runner->task);
            runner->task = NULL;
            then(runner, end_run);
        }
        return;
    }
    runner->result.interrupted = true;
    stop_with(runner, "interrupted");
}

/* Consoles that are shells of nodes take a moment: open them all at once. */
static void
connect_shells(struct runner *runner)
{
    const struct step *steps = runner->spec.script->tcase->steps.items;

    for (size_t i = 0; i < runner->spec.script->tcase->steps.len; i++) {
        const struct action *actions = steps[i].actions.items;

        for (size_t j = 0; j < steps[i].actions.len; j++)
            if (actions[j].console != NULL &&
                script_console_is_shell(actions[j].console))
                stage_connect(runner->stage, actions[j].console);
    }
}

static void
begin_run(struct runner *runner)
{
    const struct tcase *tcase = runner->spec.script->tcase;
    struct record *start = record_new("run.start");

    record_text(start, "run", runner->spec.rundir->id);
    record_text(start, "case", tcase->name.text);
    record_text(start, "title", tcase->title.text);
    record_int(start, "plan", (int64_t)tcase->plan.value);
    record_text(start, "lab", runner->spec.script->lab->name.text);
    record_int(start, "steps", (int64_t)tcase->steps.len);
    record_text(start, "nonce", runner->nonce);
    record_text(start, "miglab", PACKAGE_VERSION);
    record(runner, start);
    connect_shells(runner);
    then(runner, begin_step);
}

struct runner *
runner_new(const struct runner_spec *spec,
           void (*done)(void *ctx, const struct run_result *result), void *ctx)
{
    struct runner *runner = xcalloc(1, sizeof *runner);
    const struct stage_sink sink = { on_progress, on_lost, on_broken, runner };
    struct stage_spec stage_spec = {
        .loop = spec->loop,
        .script = spec->script,
        .journal = spec->journal,
        .clock = spec->clock,
        .nonce = runner->nonce,
        .run_id = spec->rundir->id,
        .panes_dirfd = spec->rundir->panes_fd,
        .started_wall_us = spec->started_wall_us,
    };
    struct err err = ERR_INIT;

    runner->spec = *spec;
    runner->done = done;
    runner->ctx = ctx;
    runner->outcome.total = spec->script->tcase->steps.len;
    if (!shell_nonce(runner->nonce, &err))
        xalloc_die(); /* a kernel without random numbers runs nothing */
    runner->stage = stage_new(&stage_spec, &sink);
    runner->turn = loop_timer_new(spec->loop, on_turn, runner);
    then(runner, begin_run);
    return runner;
}

void
runner_free(struct runner *runner)
{
    if (runner == NULL)
        return;
    teardown_free(runner->teardown);
    task_free(runner->task);
    command_free(runner->unless);
    stage_free(runner->stage);
    loop_timer_free(runner->turn);
    ledger_fini(&runner->ledger);
    outcome_fini(&runner->outcome);
    free(runner->step_reason);
    free(runner->trouble);
    free(runner);
}
