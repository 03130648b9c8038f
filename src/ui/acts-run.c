/* acts-run.c - what somebody does to the run: go, skip, judge, leave. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner.h"
#include "ui/acts.h"
#include "ui/app-priv.h"
#include "ui/pane-view.h"
#include "ui/wizard-priv.h"

/* Tell what came of it. */
static void
report(struct app *app, bool ok, const struct err *err)
{
    if (!ok)
        app_complain(app, err);
    app_dirty(app);
}

/* The step somebody looks at, or the one the run stands at; 0: none. */
static size_t
step_meant(struct app *app)
{
    const struct wizard_spec spec = {
        .script = app->spec.script,
        .story = app->story,
        .run = &app->view,
    };

    return app->selected != 0 ? app->selected : wizard_step(&spec);
}

static size_t
steps_len(const struct app *app)
{
    return app->spec.script->tcase->steps.len;
}

/* A step's number in arg, else the one that is meant; 0 and a complaint. */
static size_t
step_of(struct app *app, const char *arg)
{
    uint64_t number;

    if (*arg == '\0')
        return step_meant(app);
    if (str_to_u64(arg, 1, steps_len(app), &number))
        return (size_t)number;
    app_say(app, "\"%s\" is no step: 1 to %zu", arg, steps_len(app));
    return 0;
}

static void
teardown_after(struct app *app, const char *key)
{
    struct err err = ERR_INIT;

    if (strcmp(key, "y") == 0)
        report(app, runner_finish(app->runner, false, &err), &err);
}

void
act_go(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;

    (void)arg;
    report(app, runner_go(app->runner, &err), &err);
}

/* An Enter too many ends nothing. */
void
act_finish(struct app *app, const char *arg)
{
    (void)arg;
    app_confirm(app, "tear the lab's VMs down and leave? y, or Esc ",
                teardown_after);
}

void
act_redo(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;
    size_t step = step_of(app, arg);

    if (*arg == '\0' && app->selected == 0 && app->view.failed == 0 && step > 1)
        step--; /* nothing failed: the one that was just done */
    if (step != 0)
        report(app, runner_redo(app->runner, step, &err), &err);
}

void
act_back(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;
    size_t step = app->view.failed != 0 ? app->view.failed : app->view.step;

    (void)arg;
    report(app, runner_redo(app->runner, step > 1 ? step - 1 : 1, &err), &err);
}

static void
skip_with(struct app *app, const char *reason)
{
    struct err err = ERR_INIT;

    report(app, runner_skip(app->runner, reason, &err), &err);
}

void
act_skip(struct app *app, const char *arg)
{
    if (*arg != '\0')
        skip_with(app, arg);
    else
        app_ask(app, "skip because: ", "", skip_with);
}

static void
comment_with(struct app *app, const char *text)
{
    if (str_blank(text))
        return;
    runner_comment(app->runner, text);
    app_say(app, "noted");
}

void
act_comment(struct app *app, const char *arg)
{
    if (*arg != '\0')
        comment_with(app, arg);
    else
        app_ask(app, "comment: ", "", comment_with);
}

static void
judge_with(struct app *app, const char *comment)
{
    struct err err = ERR_INIT;

    report(app,
           runner_judge(app->runner, app->line_step, app->line_verdict, comment,
                        &err),
           &err);
}

static void
judge_by_hand(struct app *app, const char *arg, enum verdict verdict)
{
    char *label;

    app->line_verdict = verdict;
    app->line_step = step_meant(app); /* others may begin while words come */
    if (app->line_step == 0) {
        app_say(app, "choose a step with Up and Down first");
    } else if (*arg != '\0') {
        judge_with(app, arg);
    } else {
        label = xasprintf("step %zu is a %s because: ", app->line_step,
                          verdict_name(verdict));
        app_ask(app, label, "", judge_with);
        free(label);
    }
}

void
act_pass(struct app *app, const char *arg)
{
    judge_by_hand(app, arg, VERDICT_PASS);
}

void
act_fail(struct app *app, const char *arg)
{
    judge_by_hand(app, arg, VERDICT_FAIL);
}

void
act_break(struct app *app, const char *arg)
{
    size_t step = step_of(app, arg);
    bool on = !runner_has_break(app->runner, step);

    if (step == 0)
        return;
    runner_set_break(app->runner, step, on);
    app_say(app,
            on ? "will stop before step %zu"
               : "no stop before step %zu any more",
            step);
}

void
act_auto(struct app *app, const char *arg)
{
    (void)arg;
    runner_set_mode(app->runner, RUNNER_AUTO);
    app_say(app, "auto: goes on by itself, and waits at a failure");
}

void
act_guided(struct app *app, const char *arg)
{
    (void)arg;
    runner_set_mode(app->runner, RUNNER_GUIDED);
    app_say(app, "guided: each step waits for Enter");
}

void
act_pause(struct app *app, const char *arg)
{
    (void)arg;
    runner_pause(app->runner);
    app_say(app, "will wait before the next step");
}

void
act_more(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;
    uint64_t seconds = 30;

    if (*arg != '\0' && !str_to_u64(arg, 1, 86400, &seconds)) {
        app_say(app, "\"%s\" is no number of seconds", arg);
        return;
    }
    report(app, runner_extend(app->runner, seconds * 1000000, &err), &err);
}

/* The step that Enter will run, whose commands can still be changed. */
static size_t
next_step(const struct app *app)
{
    return app->view.failed != 0 ? app->view.failed : app->view.step;
}

/* Which of its commands is chosen, from 1; 0: there is none. */
static size_t
chosen_action(const struct app *app)
{
    const struct step *steps = app->spec.script->tcase->steps.items;
    size_t step = next_step(app), at;

    if (step < 1 || step > steps_len(app))
        return 0;
    at = app->action != 0 ? app->action : wizard_main_action(&steps[step - 1]);
    return at <= steps[step - 1].actions.len ? at : 0;
}

static const struct action *
next_action(const struct app *app)
{
    const struct step *steps = app->spec.script->tcase->steps.items;
    size_t at = chosen_action(app);
    const struct action *actions;

    if (at == 0)
        return NULL;
    actions = steps[next_step(app) - 1].actions.items;
    return &actions[at - 1];
}

static void
edit_with(struct app *app, const char *text)
{
    struct err err = ERR_INIT;

    report(app,
           runner_edit(app->runner, next_step(app), chosen_action(app), text,
                       &err),
           &err);
}

void
act_edit(struct app *app, const char *arg)
{
    const struct action *action = next_action(app);
    char *label;

    if (app->selected != 0 && app->selected != next_step(app)) {
        app_say(app, "step %zu is only looked at: Esc goes back to step %zu",
                app->selected, next_step(app));
    } else if (action == NULL || action->command == NULL) {
        app_say(app, "this one types nothing: Left and Right choose another");
    } else if (*arg != '\0') {
        edit_with(app, arg);
    } else {
        label = xasprintf("%s types: ", wizard_action_where(action));
        app_ask(app, label, action->command, edit_with);
        free(label);
    }
}

static void
choose_action(struct app *app, int by)
{
    const struct step *steps = app->spec.script->tcase->steps.items;
    size_t step = next_step(app), len;

    if (step < 1 || step > steps_len(app))
        return;
    len = steps[step - 1].actions.len;
    app->selected = 0;
    if (len > 0)
        app->action =
            (chosen_action(app) + len - 1 + (size_t)(by + (int)len)) % len + 1;
    app_dirty(app);
}

void
act_next_command(struct app *app, const char *arg)
{
    (void)arg;
    choose_action(app, 1);
}

void
act_previous_command(struct app *app, const char *arg)
{
    (void)arg;
    choose_action(app, -1);
}

static void
look_at_step(struct app *app, int by)
{
    size_t step = step_meant(app);

    if (app->overlay != OVERLAY_NONE) {
        app->scroll += by;
    } else {
        if (step == 0)
            step = by > 0 ? 0 : steps_len(app) + 1;
        app->scroll = 0;
        if (step + (size_t)(by + 1) >= 2 &&
            step + (size_t)(by + 1) - 1 <= steps_len(app))
            app->selected = step + (size_t)(by + 1) - 1;
    }
    app_dirty(app);
}

void
act_down(struct app *app, const char *arg)
{
    (void)arg;
    look_at_step(app, 1);
}

void
act_up(struct app *app, const char *arg)
{
    (void)arg;
    look_at_step(app, -1);
}

void
act_details(struct app *app, const char *arg)
{
    (void)arg;
    app->details = !app->details;
    app->scroll = 0;
    if (app_has_strip(app))
        app_dirty(app); /* it is seen */
    else
        app_say(app,
                app->details ? "all evidence of a step" : "what is not a pass");
}

void
act_cancel(struct app *app, const char *arg)
{
    (void)arg;
    if (app->overlay != OVERLAY_NONE)
        app_cover(app, OVERLAY_NONE);
    else if (app->selected != 0)
        app->selected = 0;
    else if (app->details)
        app->details = false;
    else if (app->zoomed)
        app->zoomed = false;
    app->scroll = 0;
    app_dirty(app);
}

void
act_teardown(struct app *app, const char *arg)
{
    (void)arg;
    app_confirm(app, "end the run here, undo it all and leave? y, or Esc ",
                teardown_after);
}

static void
leave_after(struct app *app, const char *text)
{
    struct err err = ERR_INIT;

    if (strcmp(text, "y") == 0)
        report(app, runner_finish(app->runner, true, &err), &err);
    else if (strcmp(text, "t") == 0)
        report(app, runner_finish(app->runner, false, &err), &err);
}

void
act_quit(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;

    (void)arg;
    if (app_when(app) == WHEN_OPEN)
        report(app, runner_finish(app->runner, true, &err), &err);
    else
        app_confirm(app,
                    "leave? y: all goes on running, t: tear down first, Esc: "
                    "stay ",
                    leave_after);
}
