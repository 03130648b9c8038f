/* app.c - the console on screen: terminal, frames, signals. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/app.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "io/loop.h"
#include "journal/record.h"
#include "judge/facts.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "run/stage.h"
#include "ui/app-priv.h"
#include "ui/lineedit.h"
#include "ui/pane-view.h"
#include "ui/screen.h"
#include "ui/story.h"
#include "ui/tty.h"

#define FRAME_US 16000
#define TICK_US  1000000
#define READ_MAX 65536
/* How often we look, in the background alone: the signal that continues us may
   come before the terminal is ours. */
#define AWAY_US 250000

static void
draw(struct app *app)
{
    bool moves;

    if (app->runner == NULL || app->gone)
        return;
    app->drawn_us = clock_now_us();
    loop_timer_stop(app->frame);
    app_draw(app);
    /* Nobody waits for time to pass while the run waits for somebody. */
    moves = app->view.phase != PHASE_PAUSED && app->view.phase != PHASE_OVER;
    if (moves)
        loop_timer_set(app->tick, TICK_US);
    else
        loop_timer_stop(app->tick);
}

static void
on_frame(void *ctx)
{
    draw(ctx);
}

static void
on_tick(void *ctx)
{
    app_dirty(ctx);
}

void
app_dirty(struct app *app)
{
    uint64_t now = clock_now_us();
    uint64_t next = app->drawn_us + FRAME_US;

    if (!loop_timer_is_set(app->frame))
        loop_timer_set(app->frame, next > now ? next - now : 0);
}

void
app_say(struct app *app, const char *fmt, ...)
{
    va_list ap;

    free(app->message);
    va_start(ap, fmt);
    app->message = xvasprintf(fmt, ap);
    va_end(ap);
    app->bad_news = false;
    app_dirty(app);
}

void
app_complain(struct app *app, const struct err *err)
{
    app_say(app, "%s", err->text);
    app->bad_news = true;
}

void
app_ask(struct app *app, const char *label, const char *text,
        void (*done)(struct app *app, const char *text))
{
    lineedit_free(app->line);
    app->line = lineedit_new(label, text);
    app->line_done = done;
    app->one_key = false;
    app_dirty(app);
}

void
app_confirm(struct app *app, const char *label,
            void (*done)(struct app *app, const char *key))
{
    app_ask(app, label, "", done);
    app->one_key = true;
}

uint64_t
app_now_us(const struct app *app)
{
    /* While the run waits, its clock is shown as it was. */
    if (app->view.phase == PHASE_PAUSED || app->view.phase == PHASE_OVER)
        return story_now_us(app->story);
    return clock_now_us() - app->spec.clock->origin_us;
}

const struct facts *
app_facts(const struct app *app)
{
    return hearing_facts(stage_hearing(runner_stage(app->runner)));
}

unsigned
app_when(struct app *app)
{
    static const unsigned pauses[RUNNER_PAUSES] = {
        [PAUSE_GUIDED] = WHEN_PAUSED, [PAUSE_BREAK] = WHEN_PAUSED,
        [PAUSE_ASKED] = WHEN_PAUSED,  [PAUSE_FAILED] = WHEN_FAILED,
        [PAUSE_END] = WHEN_ENDED,     [PAUSE_OPEN] = WHEN_OPEN,
    };

    runner_look(app->runner, &app->view);
    if (app->view.phase == PHASE_PAUSED)
        return pauses[app->view.pause];
    return app->view.phase == PHASE_TEARDOWN || app->view.phase == PHASE_OVER
               ? WHEN_LEAVING
               : WHEN_RUNNING;
}

static void
on_esc(void *ctx)
{
    struct app *app = ctx;

    input_quiet(app->input, clock_now_us());
}

static void
leave(struct app *app)
{
    app->gone = true;
    loop_fd_free(app->keys);
    app->keys = NULL;
    if (app->runner != NULL)
        runner_leave(app->runner);
}

static void
on_readable(void *ctx, int ready)
{
    struct app *app = ctx;
    static uint8_t bytes[READ_MAX];
    ssize_t len = read(tty_fd(app->tty), bytes, sizeof bytes);
    uint64_t due;

    (void)ready;
    if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR)) {
        leave(app); /* the terminal is closed */
        return;
    }
    if (len < 0)
        return;
    free(app->message);
    app->message = NULL;
    input_bytes(app->input, clock_now_us(), bytes, (size_t)len);
    if (app->gone)
        return;
    due = input_due_us(app->input);
    if (due != 0)
        loop_timer_set_at(app->esc, due);
    else
        loop_timer_stop(app->esc);
    draw(app); /* a key shows at once */
}

static void
on_winch(struct app *app)
{
    uint16_t cols, rows;

    tty_size(app->tty, &cols, &rows);
    screen_resize(app->screen, cols, rows);
    app_arrange(app);
    app_dirty(app);
}

/* Continued: drawn anew where the terminal is ours, else looked at again. */
static void
show_again(struct app *app)
{
    if (!tty_is_ours(app->tty)) {
        loop_timer_set(app->away, AWAY_US);
        return;
    }
    loop_timer_stop(app->away);
    screen_repaint(app->screen);
    on_winch(app);
}

static void
on_tstp(struct app *app)
{
    tty_suspend(app->tty);
    show_again(app);
}

static void
on_cont(struct app *app)
{
    tty_resume(app->tty);
    show_again(app);
}

static void
on_away(void *ctx)
{
    on_cont(ctx);
}

static const struct {
    int number;
    void (*act)(struct app *app);
} signal_rows[APP_SIGNALS] = {
    { SIGWINCH, on_winch }, { SIGTSTP, on_tstp }, { SIGCONT, on_cont },
    { SIGTERM, leave },     { SIGHUP, leave },    { SIGINT, leave },
};

static void
on_signal(void *ctx, int signum)
{
    for (size_t i = 0; i < APP_SIGNALS; i++)
        if (signal_rows[i].number == signum)
            signal_rows[i].act(ctx);
}

static void
on_ready(void *ctx)
{
    app_dirty(ctx);
}

static void
on_gone(void *ctx, const struct err *why)
{
    (void)why;
    leave(ctx);
}

static bool
open_terminal(struct app *app, struct err *err)
{
    struct screen_spec spec = {
        .loop = app->spec.loop,
        .mono = app->spec.mono,
        .ascii = app->spec.ascii,
        .ready = on_ready,
        .gone = on_gone,
        .ctx = app,
    };

    app->tty = tty_open(err);
    if (app->tty == NULL)
        return false;
    for (size_t i = 0; i < APP_SIGNALS; i++)
        app->signals[i] = loop_signal_new(app->spec.loop, signal_rows[i].number,
                                          on_signal, app);
    spec.tty = app->tty;
    app->screen = screen_new(&spec, err);
    return app->screen != NULL;
}

struct app *
app_new(const struct app_spec *spec, struct err *err)
{
    struct app *app = xcalloc(1, sizeof *app);

    app->spec = *spec;
    app->frame = loop_timer_new(spec->loop, on_frame, app);
    app->tick = loop_timer_new(spec->loop, on_tick, app);
    app->esc = loop_timer_new(spec->loop, on_esc, app);
    app->away = loop_timer_new(spec->loop, on_away, app);
    app->input = input_new(app_on_input, app);
    app->story = story_new(spec->script);
    if (spec->layout != NULL) {
        app->layout = layouts_find(spec->layouts, spec->layout);
        app->layout_fixed = true;
    }
    if (!open_terminal(app, err)) {
        app_free(app);
        return NULL;
    }
    return app;
}

void
app_attach(struct app *app, struct runner *runner)
{
    const struct script *script = app->spec.script;
    const struct hearing *hearing = stage_hearing(runner_stage(runner));

    app->runner = runner;
    app->panes = xcalloc(script->consoles_len, sizeof *app->panes);
    app->names = xcalloc(script->consoles_len, sizeof *app->names);
    for (size_t i = 0; i < script->consoles_len; i++) {
        const struct script_console *console = &script->consoles[i];

        app->names[i] = console->name;
        app->panes[i] = pane_view_new(
            console, dialog_term(hearing_dialog(hearing, console->name)));
    }
    app_arrange(app);
    app->shown = app_nth_pane(app, 1);
    app->keys = loop_fd_new(app->spec.loop, tty_fd(app->tty), on_readable, app);
    loop_fd_want(app->keys, LOOP_READ);
    app_dirty(app);
}

void
app_over(struct app *app)
{
    app->runner = NULL;
    loop_timer_stop(app->frame);
    loop_timer_stop(app->tick);
    loop_timer_stop(app->away);
}

void
app_free(struct app *app)
{
    if (app == NULL)
        return;
    loop_fd_free(app->keys);
    screen_free(app->screen);
    tty_close(app->tty);
    for (size_t i = 0; i < APP_SIGNALS; i++)
        loop_signal_free(app->signals[i]);
    loop_timer_free(app->frame);
    loop_timer_free(app->tick);
    loop_timer_free(app->esc);
    loop_timer_free(app->away);
    input_free(app->input);
    story_free(app->story);
    for (size_t i = 0; app->panes != NULL && i < app->spec.script->consoles_len;
         i++)
        pane_view_free(app->panes[i]);
    arrangement_free(app->arrangement);
    lineedit_free(app->line);
    free(app->panes);
    free(app->names);
    free(app->choices);
    free(app->message);
    free(app->paste);
    free(app->sought);
    free(app);
}

/* What of the line a check saw made it pass or fail; all of it if unsaid. */
static char *
matched_text(const struct record *check)
{
    const char *seen = record_get(check, "seen");
    size_t len = strlen(seen);
    size_t start = (size_t)record_get_int(check, "start", 0);
    size_t end = (size_t)record_get_int(check, "end", (int64_t)len);

    if (start >= end || end > len)
        return xstrdup(seen);
    return xstrndup(seen + start, end - start);
}

/* Where the wizard typed, and what its checks matched. */
static void
mark_panes(struct app *app, const struct record *record)
{
    const char *event = record_event(record);
    struct pane_view *pane = app_pane(app, record_get(record, "pane"));

    if (pane == NULL)
        return;
    if (strcmp(event, "typed") == 0)
        pane_view_mark_typed(pane);
    if (strcmp(event, "action.end") != 0)
        return;
    for (size_t i = 0; i < record_len(record, "checks"); i++) {
        const struct record *check = record_at(record, "checks", i);
        char *text = matched_text(check);

        if (record_has(check, "row") && *text != '\0')
            pane_view_mark_match(
                pane, (uint64_t)record_get_int(check, "row", 0),
                verdict_of_name(record_get(check, "verdict")), text);
        free(text);
    }
}

void
app_hear(void *ctx, const struct record *record)
{
    struct app *app = ctx;

    story_hear(app->story, record);
    if (app->panes != NULL)
        mark_panes(app, record);
    /* At a failure the console that failed stays, whatever is saved. */
    if (app->panes != NULL &&
        strcmp(record_event(record), "action.begin") == 0 &&
        !str_starts(record_get(record, "where"), "salvage."))
        app_follow(app, record_get(record, "pane"));
    if (strcmp(record_event(record), "step.begin") == 0) {
        app->selected = 0;
        app->action = 0;
        app->scroll = 0;
    }
    /* What was said of the state before is not true any more. */
    if (strcmp(record_event(record), "step.begin") == 0 ||
        strcmp(record_event(record), "pause") == 0) {
        free(app->message);
        app->message = NULL;
    }
    app_dirty(app);
}

void
app_changed(void *ctx)
{
    app_dirty(ctx);
}
