/* series.c - the runs of one command, one after another on one lab. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/series.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/paths.h"
#include "base/xalloc.h"
#include "cli/interrupts.h"
#include "cli/session.h"
#include "cli/style.h"
#include "io/loop.h"
#include "lab/lab.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "report/soak.h"
#include "run/lease.h"
#include "run/rundir.h"
#include "run/runner.h"

struct series {
    const struct series_spec *spec;
    struct interrupts *interrupts; /* NULL: on screen */
    struct lease *lease;           /* for all of them: nobody comes between */
    const char **names;            /* of the cases */
    struct soak *soak;             /* NULL: one run is no soak */
    char *file;                    /* the soak's; NULL: no run began */
    int code;
    bool stopped;
};

static int
exit_code(const struct run_result *result)
{
    static const int codes[VERDICTS] = {
        [VERDICT_PENDING] = EXIT_NOTHING, [VERDICT_PASS] = EXIT_PASS,
        [VERDICT_FAIL] = EXIT_FAIL,       [VERDICT_ERROR] = EXIT_TROUBLE,
        [VERDICT_SKIP] = EXIT_SKIPPED,    [VERDICT_UNDECIDED] = EXIT_TROUBLE,
    };

    if (result->kept)
        return EXIT_PAUSED;
    if (result->unreachable)
        return EXIT_UNREACHABLE;
    if (result->left > 0 && result->verdict == VERDICT_PASS)
        return EXIT_TROUBLE; /* the lab is not as it was */
    return codes[result->verdict];
}

/* What stays in the scrollback when the screen is gone. */
static void
print_end(const struct script *script, const struct rundir *rundir,
          const struct run_result *result)
{
    printf("%s %s on %s\nevidence %s\n", verdict_name(result->verdict),
           script->tcase->name.text, script->lab->name.text, rundir->path);
    if (result->kept)
        printf("the lab is left as it is: miglab teardown %s\n", rundir->id);
}

/* No further run; why is yours to give. */
static void
stop(struct series *series, char *why)
{
    if (series->soak != NULL)
        soak_stop(series->soak, why);
    series->stopped = true;
    free(why);
}

/* What makes a further run worth nothing, or impossible. */
static void
look_at_lab(struct series *series, const struct rundir *rundir,
            const struct run_result *result)
{
    const char *stranger =
        series->soak != NULL ? soak_stranger(series->soak) : NULL;

    if (result->kept)
        stop(series, xasprintf("the lab is left as it is: miglab teardown %s",
                               rundir->id));
    else if (result->unreachable)
        stop(series, xstrdup("the lab cannot be reached"));
    else if (result->left > 0)
        stop(series, xasprintf("it left the lab dirty: miglab teardown %s",
                               rundir->id));
    else if (stranger != NULL)
        stop(series,
             xasprintf("the lab is dirty: miglab teardown %s", stranger));
    else if (result->interrupted)
        stop(series, xstrdup("interrupted"));
}

/* Beside the runs, by the name of the first: no two runs have one name. */
static char *
soak_file(const struct rundir *first)
{
    char *state = paths_state();
    char *folder = xasprintf("%s/soaks", state), *file = NULL;
    struct err err = ERR_INIT;

    if (paths_make(folder, &err))
        file = xasprintf("%s/%s.json", folder, first->id);
    else
        fprintf(stderr, "miglab run: %s\n", err.text);
    free(folder);
    free(state);
    return file;
}

/* After each run: whatever becomes of us, those that ended are in it. */
static void
save(struct series *series)
{
    struct err err = ERR_INIT;

    if (series->file == NULL || soak_save(series->soak, series->file, &err))
        return;
    fprintf(stderr, "miglab run: %s\n", err.text);
    free(series->file);
    series->file = NULL;
}

static bool
run_in(struct series *series, struct session *session,
       const struct rundir *rundir, struct run_result *result, struct err *err)
{
    bool ok;

    lease_tell(series->lease, rundir->id);
    if (series->soak == NULL)
        return session_run(session, rundir, result, err);
    if (series->file == NULL)
        series->file = soak_file(rundir);
    soak_begin(series->soak, session->run.script->tcase->name.text,
               rundir->path);
    session->heard = soak_hear;
    session->heard_ctx = series->soak;
    ok = session_run(session, rundir, result, err);
    soak_end(series->soak);
    return ok;
}

static void
run_one(struct series *series, struct session *session)
{
    struct run_result result = { .verdict = VERDICT_PENDING };
    struct err err = ERR_INIT;
    struct rundir *rundir;
    bool ok;

    session->run.started_wall_us = clock_wall_us();
    session->interrupts = series->interrupts;
    session->silent = series->spec->soak;
    rundir =
        rundir_create(session->run.script, session->run.started_wall_us, &err);
    ok = rundir != NULL && run_in(series, session, rundir, &result, &err);
    if (ok && session->screen)
        print_end(session->run.script, rundir, &result);
    series->code = exit_style_worse(series->spec->style, series->code,
                                    ok ? exit_code(&result) : EXIT_INTERNAL);
    if (ok) {
        look_at_lab(series, rundir, &result);
    } else {
        fprintf(stderr, "miglab run: %s\n", err.text);
        stop(series, xstrdup(err.text));
    }
    save(series);
    rundir_free(rundir);
}

static void
run_all(struct series *series)
{
    size_t total = series->spec->len * series->spec->rounds;

    for (size_t i = 0; i < total && !series->stopped; i++) {
        if (series->interrupts != NULL && interrupts_came(series->interrupts)) {
            series->code = exit_style_worse(series->spec->style, series->code,
                                            EXIT_TROUBLE);
            stop(series, xstrdup("interrupted"));
            save(series);
        } else {
            run_one(series, &series->spec->sessions[i % series->spec->len]);
        }
    }
}

/* More than one run, or what is asked for as a soak. */
static void
make_soak(struct series *series)
{
    const struct series_spec *spec = series->spec;
    const struct script *first = spec->sessions[0].run.script;
    struct soak_spec soak = {
        .out = stdout,
        .ascii = !style_unicode(),
        .color = style_color(stdout),
        .lines = spec->soak,
        .lab = first->lab->name.text,
        .len = spec->len,
        .rounds = spec->rounds,
    };

    series->names = xcalloc(spec->len, sizeof *series->names);
    for (size_t i = 0; i < spec->len; i++)
        series->names[i] = spec->sessions[i].run.script->tcase->name.text;
    soak.cases = series->names;
    if (spec->soak || spec->len > 1)
        series->soak = soak_new(&soak);
}

static void
print_summary(const struct series *series)
{
    if (series->soak == NULL)
        return;
    soak_print_summary(series->soak);
    if (series->file != NULL)
        printf("\nsoak %s\n", series->file);
}

int
series_run(const struct series_spec *spec)
{
    struct series series = { .spec = spec, .code = EXIT_SKIPPED };
    const struct script *first = spec->sessions[0].run.script;
    struct err err = ERR_INIT;

    series.lease = lease_take(first->lab->name.text, &err);
    if (series.lease == NULL) {
        fprintf(stderr, "miglab run: %s\n", err.text);
        return err.kind == ERR_BUSY ? EXIT_TROUBLE : EXIT_INTERNAL;
    }
    if (!spec->sessions[0].screen)
        series.interrupts = interrupts_new(spec->loop);
    make_soak(&series);
    run_all(&series);
    print_summary(&series);
    soak_free(series.soak);
    free(series.names);
    free(series.file);
    interrupts_free(series.interrupts);
    lease_free(series.lease);
    return series.code;
}
