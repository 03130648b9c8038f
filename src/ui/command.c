/* command.c - what somebody can do on the screen: one table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/command.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner.h"
#include "run/stage.h"
#include "ui/app-priv.h"
#include "ui/pane-view.h"
#include "ui/screen.h"
#include "ui/tty.h"
#include "ui/wizard.h"

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
do_go(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;

    (void)arg;
    if (app_when(app) == WHEN_ENDED)
        report(app, runner_finish(app->runner, false, &err), &err);
    else
        report(app, runner_go(app->runner, &err), &err);
}

static void
do_redo(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;
    size_t step = step_of(app, arg);

    if (*arg == '\0' && app->selected == 0 && app->view.failed == 0 && step > 1)
        step--; /* nothing failed: the one that was just done */
    if (step != 0)
        report(app, runner_redo(app->runner, step, &err), &err);
}

static void
do_back(struct app *app, const char *arg)
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

static void
do_skip(struct app *app, const char *arg)
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

static void
do_comment(struct app *app, const char *arg)
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
    size_t step = step_meant(app);

    report(app,
           runner_judge(app->runner, step, app->line_verdict, comment, &err),
           &err);
}

static void
judge_by_hand(struct app *app, const char *arg, enum verdict verdict)
{
    char *label;

    app->line_verdict = verdict;
    if (step_meant(app) == 0) {
        app_say(app, "choose a step with Up and Down first");
    } else if (*arg != '\0') {
        judge_with(app, arg);
    } else {
        label = xasprintf("step %zu is a %s because: ", step_meant(app),
                          verdict_name(verdict));
        app_ask(app, label, "", judge_with);
        free(label);
    }
}

static void
do_pass(struct app *app, const char *arg)
{
    judge_by_hand(app, arg, VERDICT_PASS);
}

static void
do_fail(struct app *app, const char *arg)
{
    judge_by_hand(app, arg, VERDICT_FAIL);
}

static void
do_break(struct app *app, const char *arg)
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

static void
do_auto(struct app *app, const char *arg)
{
    (void)arg;
    runner_set_mode(app->runner, RUNNER_AUTO);
    app_say(app, "auto: goes on by itself, and waits at a failure");
}

static void
do_guided(struct app *app, const char *arg)
{
    (void)arg;
    runner_set_mode(app->runner, RUNNER_GUIDED);
    app_say(app, "guided: each step waits for Enter");
}

static void
do_pause(struct app *app, const char *arg)
{
    (void)arg;
    runner_pause(app->runner);
    app_say(app, "will wait before the next step");
}

static void
do_more(struct app *app, const char *arg)
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

static const struct action *
next_action(const struct app *app)
{
    const struct step *steps = app->spec.script->tcase->steps.items;
    size_t step = next_step(app);
    const struct action *actions;

    if (step < 1 || step > steps_len(app) || app->action < 1 ||
        app->action > steps[step - 1].actions.len)
        return NULL;
    actions = steps[step - 1].actions.items;
    return &actions[app->action - 1];
}

static void
edit_with(struct app *app, const char *text)
{
    struct err err = ERR_INIT;

    report(app,
           runner_edit(app->runner, next_step(app), app->action, text, &err),
           &err);
}

static void
do_edit(struct app *app, const char *arg)
{
    const struct action *action = next_action(app);

    if (action == NULL || action->command == NULL)
        app_say(app, "this one types nothing: Left and Right choose another");
    else if (*arg != '\0')
        edit_with(app, arg);
    else
        app_ask(app, "types: ", action->command, edit_with);
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
            (app->action + len - 1 + (size_t)(by + (int)len)) % len + 1;
    app_dirty(app);
}

static void
do_next_command(struct app *app, const char *arg)
{
    (void)arg;
    choose_action(app, 1);
}

static void
do_previous_command(struct app *app, const char *arg)
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

static void
do_down(struct app *app, const char *arg)
{
    (void)arg;
    look_at_step(app, 1);
}

static void
do_up(struct app *app, const char *arg)
{
    (void)arg;
    look_at_step(app, -1);
}

static void
scroll_page(struct app *app, int by)
{
    uint16_t cols, rows;

    screen_size(app->screen, &cols, &rows);
    if (app->focus != NULL)
        pane_view_scroll(app->focus,
                         by * MAX(pane_view_rows(app->focus) - 1, 1));
    else
        app->scroll += by * rows / 2;
    app_dirty(app);
}

static void
do_page_down(struct app *app, const char *arg)
{
    (void)arg;
    scroll_page(app, 1);
}

static void
do_page_up(struct app *app, const char *arg)
{
    (void)arg;
    scroll_page(app, -1);
}

static void
do_proof(struct app *app, const char *arg)
{
    (void)arg;
    app->proof = !app->proof;
    app_say(app, app->proof ? "all evidence of a step" : "what is not a pass");
}

static void
do_cancel(struct app *app, const char *arg)
{
    (void)arg;
    if (app->overlay != OVERLAY_NONE)
        app->overlay = OVERLAY_NONE;
    else if (app->selected != 0)
        app->selected = 0;
    else if (app->zoomed)
        app->zoomed = false;
    app->scroll = 0;
    app_dirty(app);
}

static void
do_pane(struct app *app, const char *arg)
{
    uint64_t number;
    struct pane_view *pane = NULL;

    if (str_to_u64(arg, 1, 999, &number))
        pane = app_nth_pane(app, (size_t)number);
    else
        pane = app_pane(app, arg);
    if (pane == NULL)
        app_say(app, "there is no pane \"%s\"", arg);
    else
        app_focus(app, pane);
}

static void
step_pane(struct app *app, int by)
{
    struct pane_view *from = app->focus != NULL ? app->focus : app->shown;
    size_t n = from != NULL ? app_number_of(app, from) : 0, last = 0;

    while (app_nth_pane(app, last + 1) != NULL)
        last++;
    if (last == 0)
        return;
    if (app->focus == NULL && n != 0)
        by = 0; /* first the one that is shown */
    n = n == 0 ? 1 : (n - 1 + last + (size_t)(by + (int)last)) % last + 1;
    app_focus(app, app_nth_pane(app, n));
}

static void
do_next_pane(struct app *app, const char *arg)
{
    (void)arg;
    step_pane(app, 1);
}

static void
do_previous_pane(struct app *app, const char *arg)
{
    (void)arg;
    step_pane(app, -1);
}

/* Show another console without taking the keyboard. */
static void
turn(struct app *app, int by)
{
    const struct arranged *place =
        app->shown != NULL ? app_place_of(app, app->shown) : NULL;
    size_t at = 0, len;

    if (place == NULL)
        return;
    len = place->tabs_len;
    while (at < len && app_pane(app, place->tabs[at]) != app->shown)
        at++;
    app_show(
        app,
        app_pane(app, place->tabs[(at + len + (size_t)(by + (int)len)) % len]));
    app_dirty(app);
}

static void
do_turn_next(struct app *app, const char *arg)
{
    (void)arg;
    turn(app, 1);
}

static void
do_turn_previous(struct app *app, const char *arg)
{
    (void)arg;
    turn(app, -1);
}

static void
do_wizard(struct app *app, const char *arg)
{
    (void)arg;
    if (app->focus != NULL)
        pane_view_to_end(app->focus);
    app_focus(app, NULL);
}

static void
do_zoom(struct app *app, const char *arg)
{
    (void)arg;
    app->zoomed = !app->zoomed;
    app_dirty(app);
}

static void
do_layout(struct app *app, const char *arg)
{
    const struct layouts *all = app->spec.layouts;
    const struct layout *layout = NULL;
    size_t at = 0;

    if (*arg != '\0') {
        layout = layouts_find(all, arg);
    } else {
        while (at < all->len && all->items[at] != app->layout)
            at++;
        layout = all->items[(at + 1) % all->len];
    }
    if (layout == NULL) {
        app_say(app, "there is no layout \"%s\"", arg);
        return;
    }
    app->layout = layout;
    app->layout_fixed = true;
    arrangement_free(app->arrangement);
    app->arrangement = NULL;
    app_arrange(app);
    app_say(app, "layout %s: %s", layout->name.text,
            layout->title.text != NULL ? layout->title.text : "");
}

static void
grow(struct app *app, enum arrange_axis axis, int by)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;
    const struct arranged *place =
        pane != NULL ? app_place_of(app, pane) : NULL;

    if (place == NULL ||
        !arrangement_grow(app->arrangement,
                          (size_t)(place - app->arrangement->items), axis, by))
        app_say(app, "there is no room for that");
    app_dirty(app);
}

static void
do_wider(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_COLS, 4);
}

static void
do_narrower(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_COLS, -4);
}

static void
do_higher(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_ROWS, 2);
}

static void
do_lower(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_ROWS, -2);
}

static void
toggle(struct app *app, enum overlay overlay)
{
    app->overlay = app->overlay == overlay ? OVERLAY_NONE : overlay;
    app->scroll = 0;
    app_focus(app, NULL);
}

static void
do_log(struct app *app, const char *arg)
{
    (void)arg;
    toggle(app, OVERLAY_LOG);
}

static void
do_help(struct app *app, const char *arg)
{
    (void)arg;
    toggle(app, OVERLAY_HELP);
}

static void
do_line(struct app *app, const char *arg)
{
    (void)arg;
    app_ask(app, ":", "", app_run_line);
}

static void
find(struct app *app, bool backwards)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (pane == NULL || app->sought == NULL)
        return;
    if (!pane_view_find(pane, app->sought, backwards))
        app_say(app, "no more \"%s\" %s", app->sought,
                backwards ? "above" : "below");
    app_dirty(app);
}

static void
search_for(struct app *app, const char *text)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (*text == '\0' || pane == NULL)
        return;
    free(app->sought);
    app->sought = xstrdup(text);
    app_focus(app, pane);
    find(app, true);
}

static void
do_search(struct app *app, const char *arg)
{
    if (*arg != '\0')
        search_for(app, arg);
    else
        app_ask(app, "/", "", search_for);
}

static void
do_find_again(struct app *app, const char *arg)
{
    (void)arg;
    find(app, true);
}

static void
do_find_below(struct app *app, const char *arg)
{
    (void)arg;
    find(app, false);
}

static void
look_back(struct app *app, void (*move)(struct pane_view *pane))
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (pane == NULL)
        return;
    app_focus(app, pane);
    move(pane);
    app_dirty(app);
}

static void
one_up(struct pane_view *pane)
{
    pane_view_scroll(pane, -1);
}

static void
one_down(struct pane_view *pane)
{
    pane_view_scroll(pane, 1);
}

static void
do_look_back(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, one_up);
}

static void
do_look_down(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, one_down);
}

static void
do_top(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, pane_view_to_top);
}

static void
do_end(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, pane_view_to_end);
}

static void
do_connect(struct app *app, const char *arg)
{
    struct pane_view *pane = *arg != '\0'         ? app_pane(app, arg)
                             : app->focus != NULL ? app->focus
                                                  : app->shown;

    if (pane == NULL)
        app_say(app, "there is no pane \"%s\"", arg);
    else
        stage_connect(runner_stage(app->runner), pane_view_console(pane));
    app_dirty(app);
}

static void
do_fit(struct app *app, const char *arg)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;
    int cols, rows;

    (void)arg;
    if (pane == NULL)
        return;
    pane_view_size(pane, &cols, &rows);
    if (cols < 2 || rows < 2) {
        app_say(app, "it is not on the screen");
        return;
    }
    stage_resize(runner_stage(app->runner), pane_view_console(pane),
                 (uint16_t)cols, (uint16_t)rows);
    app_say(app, "%s is %d by %d now", pane_view_console(pane)->name, cols,
            rows);
}

static void
do_teardown(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;

    (void)arg;
    report(app, runner_finish(app->runner, false, &err), &err);
}

static void
leave_after(struct app *app, const char *text)
{
    struct err err = ERR_INIT;

    if (*text == 'y' || *text == 'Y')
        report(app, runner_finish(app->runner, true, &err), &err);
    else if (*text == 't' || *text == 'T')
        report(app, runner_finish(app->runner, false, &err), &err);
}

static void
do_quit(struct app *app, const char *arg)
{
    struct err err = ERR_INIT;
    unsigned when = app_when(app);

    (void)arg;
    if (when == WHEN_ENDED || when == WHEN_OPEN)
        report(app, runner_finish(app->runner, true, &err), &err);
    else
        app_ask(app,
                "leave? y: the lab stays as it is, t: tear it down first, "
                "Esc: stay  ",
                "", leave_after);
}

static void
do_redraw(struct app *app, const char *arg)
{
    (void)arg;
    screen_repaint(app->screen);
    app_dirty(app);
}

static void
do_suspend(struct app *app, const char *arg)
{
    (void)app;
    (void)arg;
    raise(SIGTSTP);
}

static void
do_mouse(struct app *app, const char *arg)
{
    bool on = strcmp(arg, "off") != 0;

    tty_mouse(app->tty, on);
    app_say(app, on ? "mouse on: the terminal selects with Shift held"
                    : "mouse off");
}

static void
send_prefix(struct app *app, const char *arg)
{
    (void)app;
    (void)arg; /* app-keys.c sends it: the key is the prefix itself */
}

#define ROW(row_name, row_when, ...)                                           \
    {                                                                          \
        .name = row_name, .when = row_when, __VA_ARGS__                        \
    }
const struct ui_command ui_commands[] = {
    ROW("go", WHEN_BETWEEN, .keys = "Enter", .hint = "next", .run = do_go,
        .help = "Run the next step."),
    ROW("finish", WHEN_ENDED, .keys = "Enter", .hint = "tear down and leave",
        .run = do_go, .help = "Tear the lab down and leave."),
    ROW("redo", WHEN_BETWEEN, .args = "[STEP]", .keys = "r", .hint = "redo",
        .run = do_redo, .help = "Do a step again, and those behind it."),
    ROW("edit", WHEN_BETWEEN, .args = "[COMMAND]", .keys = "e", .hint = "edit",
        .run = do_edit,
        .help = "Change what the chosen command of the next step types."),
    ROW("skip", WHEN_BETWEEN, .args = "[REASON]", .keys = "s", .hint = "skip",
        .run = do_skip, .help = "Skip the next step, with a reason."),
    ROW("pass", WHEN_CASE, .args = "[REASON]", .keys = "p", .run = do_pass,
        .help = "Judge a step a pass by hand, beside the automatic verdict."),
    ROW("fail", WHEN_CASE, .args = "[REASON]", .keys = "f", .run = do_fail,
        .help = "Judge a step a fail by hand."),
    ROW("teardown", WHEN_CASE, .keys = "t", .run = do_teardown,
        .help = "End the run here, undo what it did, and leave."),
    ROW("pause", WHEN_RUNNING, .keys = "P", .hint = "pause", .run = do_pause,
        .help = "Wait before the next step."),
    ROW("more", WHEN_RUNNING, .args = "[SECONDS]", .keys = "+",
        .hint = "30 s more", .run = do_more,
        .help = "More time for what runs now; 30 s."),
    ROW("auto", WHEN_CASE, .keys = "a", .hint = "auto", .run = do_auto,
        .help = "Go on by itself; wait at a failure."),
    ROW("guided", WHEN_CASE, .keys = "g", .run = do_guided,
        .help = "Let each step wait for Enter."),
    ROW("break", WHEN_CASE, .args = "[STEP]", .keys = "B", .run = do_break,
        .help = "Stop before a step, or do not any more."),
    ROW("back", WHEN_BETWEEN, .keys = "b", .run = do_back,
        .help = "Go back one step and do it again."),
    ROW("comment", WHEN_CASE, .args = "[TEXT]", .keys = "c", .hint = "comment",
        .run = do_comment,
        .help = "Note something in the journal and in every recording."),
    ROW("proof", WHEN_CASE, .keys = "d", .run = do_proof,
        .help = "Show all evidence of a step, or only what is no pass."),
    ROW("up", WHEN_ALWAYS, .keys = "Up k", .back = "Up k", .run = do_up,
        .help = "Look at the step above; scroll."),
    ROW("down", WHEN_ALWAYS, .keys = "Down j", .back = "Down j", .run = do_down,
        .help = "Look at the step below; scroll."),
    ROW("command-left", WHEN_BETWEEN, .keys = "Left",
        .run = do_previous_command,
        .help = "Choose the command before, of the next step."),
    ROW("command-right", WHEN_BETWEEN, .keys = "Right", .run = do_next_command,
        .help = "Choose the command behind."),
    ROW("page-up", WHEN_ALWAYS, .keys = "PageUp", .prefix = "PageUp",
        .back = "PageUp C-b", .run = do_page_up, .help = "A page up."),
    ROW("page-down", WHEN_ALWAYS, .keys = "PageDown", .back = "PageDown C-f",
        .run = do_page_down, .help = "A page down."),
    ROW("pane", WHEN_ALWAYS, .args = "PANE", .keys = "1-9", .prefix = "1-9",
        .hint = "pane", .run = do_pane,
        .help = "Give the keyboard to a pane, by number or name."),
    ROW("next-pane", WHEN_ALWAYS, .keys = "Tab", .prefix = "Tab Right Down",
        .run = do_next_pane, .help = "Give the keyboard to the next pane."),
    ROW("previous-pane", WHEN_ALWAYS, .keys = "S-Tab",
        .prefix = "S-Tab Left Up", .run = do_previous_pane,
        .help = "Give the keyboard to the pane before."),
    ROW("wizard", WHEN_ALWAYS, .prefix = "Esc w Space", .back = "Esc q",
        .hint = "wizard", .run = do_wizard,
        .help = "Give the keyboard back to the wizard; stop looking back."),
    ROW("turn-next", WHEN_ALWAYS, .keys = "]", .run = do_turn_next,
        .help = "Show the next console of the place."),
    ROW("turn-previous", WHEN_ALWAYS, .keys = "[", .run = do_turn_previous,
        .help = "Show the console before."),
    ROW("zoom", WHEN_ALWAYS, .keys = "z", .prefix = "z", .back = "z",
        .hint = "zoom", .run = do_zoom,
        .help = "Show one pane on the whole screen, or all again."),
    ROW("look-back", WHEN_ALWAYS, .keys = "v", .prefix = "[ v",
        .hint = "look back", .run = do_look_back,
        .help = "Look back in the pane's history."),
    ROW("search", WHEN_ALWAYS, .args = "[TEXT]", .keys = "/", .prefix = "/",
        .back = "/", .hint = "search", .run = do_search,
        .help = "Search the pane's history, upwards."),
    ROW("find-again", WHEN_ALWAYS, .back = "n", .hint = "next",
        .run = do_find_again, .help = "The next match above."),
    ROW("find-below", WHEN_ALWAYS, .back = "N", .hint = "below",
        .run = do_find_below, .help = "The next match below."),
    ROW("line-up", WHEN_ALWAYS, .back = "C-p", .run = do_look_back,
        .help = "A line up in the history."),
    ROW("line-down", WHEN_ALWAYS, .back = "C-n Enter", .run = do_look_down,
        .help = "A line down in the history."),
    ROW("top", WHEN_ALWAYS, .back = "g Home", .run = do_top,
        .help = "To the oldest line."),
    ROW("end", WHEN_ALWAYS, .back = "G End", .run = do_end,
        .help = "To the newest line: look at what comes."),
    ROW("connect", WHEN_ALWAYS, .args = "[PANE]", .prefix = "r",
        .run = do_connect, .help = "Open a pane's link, also again."),
    ROW("layout", WHEN_ALWAYS, .args = "[NAME]", .keys = "l", .prefix = "l",
        .run = do_layout, .help = "The next layout, or the one named."),
    ROW("wider", WHEN_ALWAYS, .keys = ">", .prefix = ">", .run = do_wider,
        .help = "Make the pane wider."),
    ROW("narrower", WHEN_ALWAYS, .keys = "<", .prefix = "<", .run = do_narrower,
        .help = "Make the pane narrower."),
    ROW("higher", WHEN_ALWAYS, .keys = "}", .prefix = "}", .run = do_higher,
        .help = "Make the pane higher."),
    ROW("lower", WHEN_ALWAYS, .keys = "{", .prefix = "{", .run = do_lower,
        .help = "Make the pane lower."),
    ROW("fit", WHEN_ALWAYS, .prefix = "=", .run = do_fit,
        .help = "Give the pane's console the size that it has on the screen."),
    ROW("log", WHEN_ALWAYS, .keys = "L", .prefix = "L", .run = do_log,
        .help = "Every byte that was sent: by whom, where, when."),
    ROW("prefix", WHEN_ALWAYS, .prefix = "C-t", .run = send_prefix,
        .help = "Send the prefix key itself to the pane."),
    ROW("mouse", WHEN_ALWAYS, .args = "on|off", .run = do_mouse,
        .help = "Let the mouse choose panes and scroll."),
    ROW("redraw", WHEN_ALWAYS, .keys = "C-l", .prefix = "C-l", .run = do_redraw,
        .help = "Draw the whole screen again."),
    ROW("suspend", WHEN_ALWAYS, .keys = "C-z", .prefix = "C-z",
        .run = do_suspend, .help = "Stop miglab; fg brings it back."),
    ROW("command", WHEN_ALWAYS, .keys = ":", .prefix = ":", .hint = "command",
        .run = do_line, .help = "Type a command; Tab completes it."),
    ROW("help", WHEN_ALWAYS, .keys = "? F1", .prefix = "?", .run = do_help,
        .help = "The keys that work now."),
    ROW("cancel", WHEN_ALWAYS, .keys = "Esc", .run = do_cancel,
        .help = "Close what is open; never ends or undoes anything."),
    ROW("quit", WHEN_ALWAYS, .keys = "q C-c", .prefix = "x", .hint = "quit",
        .run = do_quit, .help = "Leave; asks whether the lab stays as it is."),
};
const size_t ui_commands_len = ARRAY_LEN(ui_commands);

const char *
ui_command_keys(const struct ui_command *command, enum ui_context context)
{
    switch (context) {
    case CONTEXT_WIZARD:
        return command->keys;
    case CONTEXT_PREFIX:
        return command->prefix;
    case CONTEXT_BACK:
        return command->back;
    }
    return NULL;
}

/* key is one of the words; "1-9" stands for these digits. */
static bool
has_word(const char *words, const char *key)
{
    size_t len = strlen(key);

    if (words != NULL && len == 1 && *key >= '1' && *key <= '9')
        return str_starts(words, "1-9");
    while (words != NULL && *words != '\0') {
        size_t n = strcspn(words, " ");

        if (n == len && strncmp(words, key, n) == 0)
            return true;
        words += n + strspn(words + n, " ");
    }
    return false;
}

const struct ui_command *
ui_command_of_key(enum ui_context context, const char *key, unsigned when)
{
    for (size_t i = 0; i < ui_commands_len; i++)
        if ((ui_commands[i].when & when) != 0 &&
            has_word(ui_command_keys(&ui_commands[i], context), key))
            return &ui_commands[i];
    return NULL;
}

const struct ui_command *
ui_command_of_name(const char *name)
{
    const struct ui_command *found = NULL;
    unsigned n = 0;

    for (size_t i = 0; i < ui_commands_len; i++) {
        if (strcmp(ui_commands[i].name, name) == 0)
            return &ui_commands[i];
        if (str_starts(ui_commands[i].name, name)) {
            found = &ui_commands[i];
            n++;
        }
    }
    return n == 1 ? found : NULL;
}
