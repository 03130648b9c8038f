/* runner.c - one execution of a case on a lab, step by step. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/runner-priv.h"
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
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/diagnosis.h"
#include "run/hearing.h"
#include "run/keeper.h"
#include "run/ledger.h"
#include "run/nodes.h"
#include "run/outcome.h"
#include "run/rundir.h"
#include "run/stage.h"
#include "run/task.h"
#include "run/teardown.h"

#define UNLESS_MS 15000

static void next_action(struct runner *runner);
static void begin_teardown(struct runner *runner);

void
runner_then(struct runner *runner, void (*next)(struct runner *runner))
{
    if (runner->phase == PHASE_OVER && next != runner_end)
        return;
    runner->next = next;
    loop_timer_set(runner->turn, 0);
}

static void
on_turn(void *ctx)
{
    struct runner *runner = ctx;

    runner->next(runner);
}

static void
tell_changed(struct runner *runner)
{
    if (runner->spec.changed != NULL)
        runner->spec.changed(runner->spec.changed_ctx);
}

static const struct step *
step_of(const struct runner *runner)
{
    const struct step *steps = runner->spec.script->tcase->steps.items;

    return &steps[runner->step];
}

void
runner_record(struct runner *runner, struct record *record)
{
    stage_record(runner->stage, record, stage_now(runner->stage));
}

void
runner_wait(struct runner *runner, enum runner_pause why)
{
    static const char *const words[RUNNER_PAUSES] = {
        [PAUSE_GUIDED] = "guided", [PAUSE_BREAK] = "break",
        [PAUSE_ASKED] = "asked",   [PAUSE_FAILED] = "fail",
        [PAUSE_END] = "end",       [PAUSE_OPEN] = "open",
    };
    struct record *record = record_new("pause");

    runner->phase = PHASE_PAUSED;
    runner->pause = why;
    runner->asked = false;
    record_text(record, "because", words[why]);
    record_int(record, "step", (int64_t)runner->step + 1);
    runner_record(runner, record);
    stage_sync(runner->stage);
    tell_changed(runner);
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
    if (verdict == VERDICT_PASS || verdict == VERDICT_FAIL)
        runner->worked = true;
    if (verdict == VERDICT_PASS || verdict == VERDICT_SKIP)
        runner_then(runner, runner_begin_step);
    else
        runner_then(runner, runner_begin_salvage);
}

void
runner_action_over(struct runner *runner, enum verdict verdict,
                   const char *reason)
{
    runner->step_verdict = verdict_join(runner->step_verdict, verdict);
    if (verdict != VERDICT_PASS) {
        char *why = xstrdup(reason);

        free(runner->step_reason);
        runner->step_reason = why;
        end_step(runner, verdict, runner->step_reason);
        return;
    }
    runner->action++;
    runner_then(runner, next_action);
}

static void
on_action_done(void *ctx, const struct task_result *result)
{
    struct runner *runner = ctx;
    struct task *task = runner->task;

    runner->task = NULL;
    task_free(task);
    runner_action_over(runner, result->verdict, result->reason);
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
    if (actions[runner->action].armed.len > 0) {
        runner_await_armed(runner, &actions[runner->action]);
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
    runner_arm(runner);
    runner->acted[runner->step] = true;
    runner->step_verdict = VERDICT_PENDING;
    if (ledger_add(&runner->ledger, script, runner->step)) {
        runner_record(runner, ledger_record(script, runner->step));
        stage_sync(runner->stage);
    }
    runner_then(runner, next_action);
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
on_unless(void *ctx, const struct command_result *result)
{
    struct runner *runner = ctx;
    struct record *asked = record_new("unless");
    const struct step *step = step_of(runner);
    struct command *command = runner->command;

    runner->command = NULL;
    record_int(asked, "step", (int64_t)runner->step + 1);
    if (result->err.kind == ERR_NONE)
        record_int(asked, "status", result->status);
    else
        record_text(asked, "error", result->err.text);
    record_text(asked, "output", result->out);
    runner_record(runner, asked);
    if (runner->held && result->err.kind == ERR_NONE && result->status != 0) {
        runner_wait(runner, PAUSE_GUIDED);
        command_free(command);
        return;
    }
    if (runner->held)
        record_step(runner, step);
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

    runner->command = stage_command(runner->stage, unless_node(runner, step),
                                    text, UNLESS_MS, on_unless, runner);
    free(text);
}

static void
skip_step(struct runner *runner)
{
    char *reason = xasprintf("by hand: %s", runner->skip);

    free(runner->skip);
    runner->skip = NULL;
    end_step(runner, VERDICT_SKIP, reason);
    free(reason);
}

/* Whether a human has to say that the next step may begin. */
static bool
must_wait(const struct runner *runner, enum runner_pause *why)
{
    if (!runner->spec.attended || runner->gone || runner->skip != NULL)
        return false;
    *why = runner->breaks[runner->step] ? PAUSE_BREAK
           : runner->asked              ? PAUSE_ASKED
                                        : PAUSE_GUIDED;
    return *why != PAUSE_GUIDED || runner->mode == RUNNER_GUIDED;
}

void
runner_begin_step(struct runner *runner)
{
    size_t total = runner->spec.script->tcase->steps.len;
    size_t last = runner->spec.until != 0 ? runner->spec.until : total;
    bool outside =
        runner->step + 1 < runner->spec.from || runner->step + 1 > last;
    const struct step *step;
    enum runner_pause why;

    runner->phase = PHASE_STEPS;
    if (runner->step == total || runner->finishing || runner->trouble != NULL) {
        runner_then(runner, runner_judge_run);
        return;
    }
    step = step_of(runner);
    runner->held = !outside && must_wait(runner, &why);
    /* What goes on in the meantime is to be seen. */
    if (runner->held && why == PAUSE_GUIDED && step->at_once.value)
        runner->held = false;
    /* Nobody has to press a key for a step that is done already. */
    if (runner->held && (why != PAUSE_GUIDED || step->unless.probe.len == 0)) {
        runner_wait(runner, why);
        return;
    }
    runner->gone = false;
    runner->step_began_us = stage_now(runner->stage);
    runner->diagnosed = false;
    if (!runner->held)
        record_step(runner, step);
    if (runner->skip != NULL)
        skip_step(runner);
    else if (runner->step + 1 < runner->spec.from)
        end_step(runner, VERDICT_SKIP, "before --from");
    else if (runner->step + 1 > last)
        end_step(runner, VERDICT_SKIP, "behind --until");
    else if (step->unless.probe.len > 0)
        ask_unless(runner, step);
    else
        begin_actions(runner);
}

void
runner_diagnose(struct runner *runner)
{
    runner_record(runner, diagnosis_record(stage_hearing(runner->stage)));
    runner->diagnosed = true;
}

void
runner_judge_run(struct runner *runner)
{
    struct record *verdict;

    runner_disarm(runner, 0);
    verdict =
        outcome_record(&runner->outcome, runner->spec.script,
                       stage_hearing(runner->stage), &runner->result.verdict);

    /* All steps may have passed, and a leg may fail. */
    if (runner->result.verdict == VERDICT_FAIL && !runner->diagnosed &&
        !runner->judging && !runner->result.interrupted) {
        record_free(verdict);
        runner->judging = true;
        runner_then(runner, runner_begin_salvage);
        return;
    }
    runner_record(runner, verdict);
    stage_sync(runner->stage);
    if (stage_is_broken(runner->stage))
        runner->result.verdict = VERDICT_ERROR; /* nobody can prove it */
    if (runner->spec.attended && !runner->finishing)
        runner_wait(runner, PAUSE_END);
    else
        runner_then(runner, begin_teardown);
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
    runner_record(runner, end);
    runner->result.left = result->left + result->failed;
    runner_then(runner, runner_end);
}

static void
begin_teardown(struct runner *runner)
{
    const struct teardown_spec spec = {
        .stage = runner->stage,
        .script = runner->spec.script,
        .ledger = &runner->ledger,
        .run_id = runner->spec.rundir->id,
        .rundir_fd = runner->spec.rundir->fd,
    };

    runner->phase = PHASE_TEARDOWN;
    runner->result.kept = runner->spec.keep && !runner->result.interrupted;
    if (runner->result.kept)
        runner_then(runner, runner_end);
    else
        runner->teardown = teardown_new(&spec, on_torn_down, runner);
}

/* What runs in the consoles goes on when we are gone. */
static void
leave_keeper(struct runner *runner)
{
    int *fds;
    size_t len = stage_keep(runner->stage, &fds);
    struct record *record = record_new("kept");
    struct err err = ERR_INIT;
    long pid =
        len > 0 ? keeper_start(runner->spec.rundir->fd, fds, len, &err) : 0;

    if (pid > 0)
        record_int(record, "keeper", pid);
    if (err.kind != ERR_NONE)
        record_text(record, "error", err.text);
    record_int(record, "connections", (int64_t)len);
    runner_record(runner, record);
    free(fds);
}

void
runner_end(struct runner *runner)
{
    struct record *end = record_new("run.end");

    runner->phase = PHASE_OVER;
    if (runner->result.kept && !runner->spec.open) /* that promises nothing */
        leave_keeper(runner);
    record_text(end, "verdict", verdict_name(runner->result.verdict));
    record_bool(end, "kept", runner->result.kept);
    if (runner->result.interrupted)
        record_bool(end, "interrupted", true);
    runner_record(runner, end);
    stage_sync(runner->stage);
    runner->result.trouble = runner->trouble;
    runner->done(runner->ctx, &runner->result);
}

static void
on_progress(void *ctx, uint64_t at_us)
{
    struct runner *runner = ctx;

    if (runner->task != NULL)
        task_look(runner->task, at_us);
    runner_look_armed(runner, at_us);
    if (runner->teardown != NULL)
        teardown_look(runner->teardown, at_us);
    tell_changed(runner);
}

void
runner_trouble(struct runner *runner, const char *why)
{
    struct command *command = runner->command;
    struct record *record;

    if (runner->phase == PHASE_TEARDOWN || runner->phase == PHASE_OVER)
        return;
    if (runner->trouble == NULL) {
        runner->trouble = xstrdup(why);
        record = record_new("trouble");
        record_text(record, "reason", why);
        runner_record(runner, record);
        outcome_trouble(&runner->outcome, why);
    }
    if (runner_task(runner) != NULL) {
        task_stop(runner_task(runner), VERDICT_ERROR, why);
    } else if (command != NULL && runner->phase == PHASE_STEPS) {
        runner->command = NULL;
        command_free(command);
        if (runner->held)
            record_step(runner, step_of(runner));
        end_step(runner, VERDICT_ERROR, why);
    } else if (runner->nodes != NULL && runner->phase == PHASE_STEPS) {
        runner_then(runner, runner_refuse);
    }
}

static void
on_lost(void *ctx, const struct script_console *console, const char *reason)
{
    struct runner *runner = ctx;
    char *text =
        *reason != '\0'
            ? xasprintf("%s: the link was lost: %s", console->name, reason)
            : xasprintf("%s: its shell ended, and no step made it end",
                        console->name);

    if (!runner->worked && !stage_was_up(runner->stage, console))
        runner->result.unreachable = true;
    if (runner->phase != PHASE_PAUSED) /* else the next step will need it */
        runner_trouble(runner, text);
    free(text);
}

static void
on_ended(void *ctx, const struct script_console *console,
         const struct program *program)
{
    struct runner *runner = ctx;
    char *text = xasprintf("%s: %s ended, and no step made it end",
                           console->name, program->name.text);

    if (runner->phase == PHASE_STEPS || runner->phase == PHASE_SALVAGE)
        runner_trouble(runner, text);
    free(text);
}

static void
on_broken(void *ctx, const struct err *why)
{
    struct runner *runner = ctx;

    runner->finishing = true; /* what cannot be recorded proves nothing */
    runner_trouble(runner, why->text);
    if (runner->phase == PHASE_PAUSED)
        runner_then(runner, runner_judge_run);
}

/* Give up what is at hand, without a word to anybody. */
static void
drop_work(struct runner *runner)
{
    teardown_free(runner->teardown);
    runner->teardown = NULL;
    task_free(runner->task);
    runner->task = NULL;
    runner_disarm(runner, 0);
    command_free(runner->command);
    runner->command = NULL;
    nodes_free(runner->nodes);
    runner->nodes = NULL;
}

void
runner_interrupt(struct runner *runner)
{
    bool again = runner->result.interrupted;
    /* By a step, or by a leg behind steps that all passed. */
    bool failed =
        runner->judging || outcome_verdict(&runner->outcome) == VERDICT_FAIL;

    if (runner->phase == PHASE_OVER)
        return;
    runner->result.interrupted = runner->finishing = true;
    if (again) {
        drop_work(runner);
        runner->result.kept = true;
        runner->phase = PHASE_OVER;
        runner_then(runner, runner_end);
    } else if (runner->phase == PHASE_PAUSED) {
        runner_then(runner, runner->pause == PAUSE_END ? begin_teardown
                                                       : runner_judge_run);
    } else if (runner->phase == PHASE_SALVAGE && failed) {
        drop_work(runner); /* the fail is proven: it stands */
        runner_then(runner, runner_judge_run);
    } else {
        runner_trouble(runner, "interrupted");
    }
}

void
runner_leave(struct runner *runner)
{
    struct record *record = record_new("pause");

    if (runner->phase == PHASE_OVER) {
        record_free(record);
        return;
    }
    drop_work(runner);
    record_text(record, "because", "hangup");
    record_int(record, "step", (int64_t)runner->step + 1);
    runner_record(runner, record);
    runner->result.kept = true;
    runner->phase = PHASE_OVER;
    loop_timer_stop(runner->turn);
    runner_end(runner);
}

bool
runner_finish(struct runner *runner, bool keep, struct err *err)
{
    if (runner->phase == PHASE_TEARDOWN || runner->phase == PHASE_OVER)
        return err_set(err, ERR_USAGE, "it is ending already");
    runner->spec.keep = keep;
    runner->finishing = true;
    if (runner->phase != PHASE_PAUSED)
        runner_trouble(runner, "stopped by hand");
    else if (runner->pause == PAUSE_FAILED || runner->pause == PAUSE_GUIDED ||
             runner->pause == PAUSE_BREAK || runner->pause == PAUSE_ASKED)
        runner_then(runner, runner_judge_run);
    else
        runner_then(runner, begin_teardown);
    return true;
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

void
runner_connect(struct runner *runner)
{
    connect_shells(runner);
    runner_then(runner, runner_begin_step);
}

void
runner_refuse(struct runner *runner)
{
    const struct step *step = step_of(runner);

    nodes_free(runner->nodes);
    runner->nodes = NULL;
    free(runner->skip);
    runner->skip = NULL;
    runner->step_began_us = stage_now(runner->stage);
    record_step(runner, step);
    end_step(runner, VERDICT_ERROR, runner->trouble);
}

static void
connect_all(struct runner *runner)
{
    const struct script *script = runner->spec.script;

    for (size_t i = 0; i < script->consoles_len; i++)
        stage_connect(runner->stage, &script->consoles[i]);
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
    runner_record(runner, start);
    if (runner->spec.open) {
        connect_all(runner);
        runner_wait(runner, PAUSE_OPEN);
        return;
    }
    runner_then(runner, runner_begin);
}

struct runner *
runner_new(const struct runner_spec *spec,
           void (*done)(void *ctx, const struct run_result *result), void *ctx)
{
    struct runner *runner = xcalloc(1, sizeof *runner);
    const struct stage_sink sink = {
        .progress = on_progress,
        .lost = on_lost,
        .ended = on_ended,
        .broken = on_broken,
        .ctx = runner,
    };
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
    runner->mode = spec->mode;
    outcome_init(&runner->outcome, spec->script->tcase->steps.len);
    runner->breaks =
        xcalloc(spec->script->tcase->steps.len + 1, sizeof *runner->breaks);
    runner->acted =
        xcalloc(spec->script->tcase->steps.len + 1, sizeof *runner->acted);
    if (!shell_nonce(runner->nonce, &err))
        xalloc_die(); /* a kernel without random numbers runs nothing */
    runner->stage = stage_new(&stage_spec, &sink);
    runner->turn = loop_timer_new(spec->loop, on_turn, runner);
    runner_then(runner, begin_run);
    return runner;
}

void
runner_free(struct runner *runner)
{
    if (runner == NULL)
        return;
    drop_work(runner);
    stage_free(runner->stage);
    loop_timer_free(runner->turn);
    ledger_fini(&runner->ledger);
    outcome_fini(&runner->outcome);
    free(runner->step_reason);
    free(runner->trouble);
    free(runner->skip);
    free(runner->breaks);
    free(runner->acted);
    free(runner->obstacle);
    free(runner);
}
