/* session.c - one run of one case, with whoever listens. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/session.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/err.h"
#include "cli/interrupts.h"
#include "cli/style.h"
#include "io/loop.h"
#include "journal/journal.h"
#include "lab/layout.h"
#include "report/headless.h"
#include "run/rundir.h"
#include "ui/app.h"

/* One run under way. */
struct under_way {
    struct loop *loop;
    struct runner *runner;
    struct app *app; /* NULL: lines of text */
    struct run_result result;
    bool over, interrupted;
};

bool
session_has_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static void
on_done(void *ctx, const struct run_result *result)
{
    struct under_way *run = ctx;

    run->result = *result;
    run->over = true;
    loop_stop(run->loop);
}

static void
on_interrupt(void *ctx)
{
    struct under_way *run = ctx;

    fprintf(stderr, run->interrupted
                        ? "\nmiglab: stopping at once\n"
                        : "\nmiglab: interrupted; tearing down (again: stop at "
                          "once)\n");
    run->interrupted = true;
    runner_interrupt(run->runner);
}

/* Wait for the end of the run. The console on screen has its own ways. */
static void
follow(struct under_way *run, struct interrupts *interrupts)
{
    if (interrupts != NULL)
        interrupts_tell(interrupts, on_interrupt, run);
    while (!run->over)
        loop_run(run->loop);
    if (interrupts != NULL)
        interrupts_tell(interrupts, NULL, NULL);
}

/* The layouts, or NULL with err; the diagnostics go to stderr. */
static struct layouts *
load_layouts(struct err *err)
{
    struct diags diags = { 0 };
    struct layouts *layouts = layouts_load(&diags);

    if (layouts == NULL) {
        diags_print(&diags, stderr);
        err_set(err, ERR_FILE, "the layouts cannot be read");
    }
    diags_fini(&diags);
    return layouts;
}

static void
start(struct under_way *run, const struct session *session,
      struct runner_spec *spec)
{
    if (run->app != NULL) {
        spec->changed = app_changed;
        spec->changed_ctx = run->app;
    }
    run->runner = runner_new(spec, on_done, run);
    for (size_t i = 0; i < session->breaks_len; i++)
        runner_set_break(run->runner, session->breaks[i], true);
    if (run->app != NULL)
        app_attach(run->app, run->runner);
}

/* With a journal and, on a screen, layouts. */
static bool
run_with(const struct session *session, const struct rundir *rundir,
         struct journal *journal, struct run_clock *clock,
         struct layouts *layouts, struct run_result *result, struct err *err)
{
    struct under_way run = { .loop = session->run.loop };
    struct runner_spec spec = session->run;
    const struct app_spec app_spec = {
        .loop = spec.loop,
        .script = spec.script,
        .clock = clock,
        .path = rundir->path,
        .layouts = layouts,
        .layout = session->layout,
        .prefix = session->prefix,
        .mono = session->mono,
        .ascii = session->ascii,
    };
    struct headless *headless = NULL;

    spec.rundir = rundir;
    spec.journal = journal;
    spec.clock = clock;
    spec.attended = layouts != NULL;
    if (layouts != NULL) {
        run.app = app_new(&app_spec, err);
        if (run.app == NULL)
            return false;
        journal_listen(journal, app_hear, run.app);
    } else if (!session->silent) {
        headless = style_headless(rundir->path);
        journal_listen(journal, headless_hear, headless);
    }
    if (session->heard != NULL)
        journal_listen(journal, session->heard, session->heard_ctx);
    start(&run, session, &spec);
    follow(&run, session->interrupts);
    if (run.app != NULL)
        app_over(run.app);
    app_free(run.app);
    if (run.result.trouble != NULL)
        fprintf(stderr, "miglab: %s\n", run.result.trouble);
    runner_free(run.runner);
    headless_free(headless);
    run.result.trouble = NULL;
    *result = run.result;
    return true;
}

bool
session_run(const struct session *session, const struct rundir *rundir,
            struct run_result *result, struct err *err)
{
    struct layouts *layouts = NULL;
    struct run_clock clock;
    struct journal *journal;
    bool ok;

    if (session->screen && (layouts = load_layouts(err)) == NULL)
        return false;
    run_clock_start(&clock);
    journal = journal_create(rundir->fd, &clock, err);
    ok = journal != NULL &&
         run_with(session, rundir, journal, &clock, layouts, result, err);
    journal_free(journal);
    layouts_free(layouts);
    return ok;
}
