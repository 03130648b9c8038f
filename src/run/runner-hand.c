/* runner-hand.c - what a human does to a run: go, redo, skip, judge, edit. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "journal/record.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner-priv.h"
#include "run/stage.h"
#include "run/task.h"

static size_t
total(const struct runner *runner)
{
    return runner->spec.script->tcase->steps.len;
}

const char *
runner_mode_name(enum runner_mode mode)
{
    return mode == RUNNER_AUTO ? "auto" : "guided";
}

struct stage *
runner_stage(const struct runner *runner)
{
    return runner->stage;
}

void
runner_look(const struct runner *runner, struct runner_view *view)
{
    bool failed =
        runner->phase == PHASE_PAUSED && runner->pause == PAUSE_FAILED;

    *view = (struct runner_view){
        .phase = runner->phase,
        .pause = runner->pause,
        .mode = runner->mode,
        .pausing = runner->asked,
        .step = runner->step + 1,
        .failed = failed ? runner->step : 0,
        .refused = failed && !runner->looked,
        .step_began_us = runner->step_began_us,
        .verdict = runner->result.verdict,
    };
    if (runner_task(runner) == NULL)
        return;
    view->action = runner->phase == PHASE_STEPS ? runner->action + 1 : 0;
    view->doing = task_action(runner_task(runner));
    view->trial = task_trial(runner_task(runner));
}

char *
runner_waits_for(const struct runner *runner)
{
    const struct task *task = runner_task(runner);

    return task != NULL ? task_waits_for(task) : NULL;
}

bool
runner_waits_for_human(const struct runner *runner)
{
    const struct task *task = runner_task(runner);

    return task != NULL && task_waits_for_human(task);
}

/* Paused before a step, or behind one that failed. */
static bool
is_between_steps(const struct runner *runner)
{
    return runner->phase == PHASE_PAUSED && runner->pause != PAUSE_END &&
           runner->pause != PAUSE_OPEN;
}

static bool
demand_pause(const struct runner *runner, struct err *err)
{
    if (is_between_steps(runner))
        return true;
    if (runner->phase == PHASE_PAUSED && runner->pause == PAUSE_OPEN)
        return err_set(err, ERR_USAGE, "there is no case");
    if (runner->phase == PHASE_PAUSED)
        return err_set(err, ERR_USAGE, "the run has its verdict already");
    return err_set(err, ERR_USAGE, "a step is running: pause first");
}

/* What broke before is not there any more, or will show again. */
static void
forget_trouble(struct runner *runner)
{
    if (runner->trouble == NULL)
        return;
    free(runner->trouble);
    runner->trouble = NULL;
    outcome_trouble(&runner->outcome, NULL);
    runner_record(runner, record_new("trouble"));
}

static void
go_to(struct runner *runner, size_t step)
{
    struct record *record = record_new("go");

    record_int(record, "step", (int64_t)step);
    runner_record(runner, record);
    forget_trouble(runner);
    if (step <= runner->step) /* again: what had fired fires again */
        runner_disarm(runner, step - 1);
    runner->step = step - 1;
    runner->gone = true;
    runner->phase = PHASE_STEPS;
    runner_then(runner, runner_begin);
}

bool
runner_go(struct runner *runner, struct err *err)
{
    bool refused = runner->pause == PAUSE_FAILED && !runner->looked;

    if (!demand_pause(runner, err))
        return false;
    /* What is in the way of one step is in the way of the next. */
    go_to(runner, refused ? runner->step : runner->step + 1);
    return true;
}

bool
runner_redo(struct runner *runner, size_t step, struct err *err)
{
    if (!demand_pause(runner, err))
        return false;
    if (step < 1 || step > runner->step + 1 || step > total(runner))
        return err_set(err, ERR_USAGE, "step %zu has not been done yet", step);
    go_to(runner, step);
    return true;
}

bool
runner_skip(struct runner *runner, const char *reason, struct err *err)
{
    size_t step = runner->step + (runner->pause == PAUSE_FAILED ? 0 : 1);
    struct record *record;

    if (!demand_pause(runner, err))
        return false;
    if (str_blank(reason))
        return err_set(err, ERR_USAGE, "a step is skipped with a reason");
    if (step > total(runner))
        return err_set(err, ERR_USAGE, "there is no further step");
    record = record_new("skip");
    record_int(record, "step", (int64_t)step);
    record_text(record, "reason", reason);
    runner_record(runner, record);
    free(runner->skip);
    runner->skip = xstrdup(reason);
    go_to(runner, step);
    return true;
}

bool
runner_edit(struct runner *runner, size_t step, size_t action, const char *text,
            struct err *err)
{
    struct step *steps = runner->spec.script->tcase->steps.items;
    struct action *actions;
    struct record *record;

    if (!demand_pause(runner, err))
        return false;
    if (step < 1 || step > total(runner) || action < 1 ||
        action > steps[step - 1].actions.len)
        return err_set(err, ERR_USAGE, "there is no such command");
    actions = steps[step - 1].actions.items;
    if (actions[action - 1].command == NULL)
        return err_set(err, ERR_USAGE, "this action types nothing");
    record = record_new("edit");
    record_printf(record, "where", "s%zu.a%zu", step, action);
    record_text(record, "was", actions[action - 1].command);
    record_text(record, "text", text);
    runner_record(runner, record);
    script_edit(runner->spec.script, &actions[action - 1], text);
    return true;
}

bool
runner_judge(struct runner *runner, size_t step, enum verdict verdict,
             const char *comment, struct err *err)
{
    struct record *record;

    if (step < 1 || step > total(runner))
        return err_set(err, ERR_USAGE, "there is no step %zu", step);
    if (str_blank(comment))
        return err_set(err, ERR_USAGE, "a verdict by hand needs its reason");
    record = record_new("hand");
    record_int(record, "step", (int64_t)step);
    record_text(record, "verdict", verdict_name(verdict));
    record_text(record, "comment", comment);
    runner_record(runner, record);
    outcome_by_hand(&runner->outcome, step, verdict, comment);
    return true;
}

bool
runner_extend(struct runner *runner, uint64_t more_us, struct err *err)
{
    if (runner_task(runner) == NULL ||
        !task_extend(runner_task(runner), more_us))
        return err_set(err, ERR_USAGE, "nothing runs that has a limit");
    return true;
}

void
runner_comment(struct runner *runner, const char *text)
{
    struct record *record = record_new("comment");
    uint64_t now = stage_now(runner->stage);

    record_int(record, "step", (int64_t)runner->step + 1);
    record_text(record, "text", text);
    stage_record(runner->stage, record, now);
    stage_marker(runner->stage, now, text);
}

void
runner_set_mode(struct runner *runner, enum runner_mode mode)
{
    struct record *record;
    struct err err;

    if (runner->mode == mode)
        return;
    record = record_new("mode");
    record_text(record, "mode", runner_mode_name(mode));
    runner_record(runner, record);
    runner->mode = mode;
    if (mode == RUNNER_AUTO && runner->phase == PHASE_PAUSED &&
        runner->pause == PAUSE_GUIDED)
        (void)runner_go(runner, &err);
}

void
runner_pause(struct runner *runner)
{
    runner->asked = true;
}

void
runner_set_break(struct runner *runner, size_t step, bool on)
{
    if (step >= 1 && step <= total(runner))
        runner->breaks[step - 1] = on;
}

bool
runner_has_break(const struct runner *runner, size_t step)
{
    return step >= 1 && step <= total(runner) && runner->breaks[step - 1];
}
