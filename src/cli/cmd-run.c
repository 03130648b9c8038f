/* cmd-run.c - run cases on a lab. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "cli/command.h"
#include "cli/load.h"
#include "cli/style.h"
#include "io/loop.h"
#include "journal/journal.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "report/headless.h"
#include "run/rundir.h"
#include "run/runner.h"

/* One run of one case. */
struct one_run {
    struct loop *loop;
    struct runner *runner;
    struct run_result result;
    bool over;
};

static void
on_done(void *ctx, const struct run_result *result)
{
    struct one_run *run = ctx;

    run->result = *result;
    run->over = true;
    loop_stop(run->loop);
}

static void
on_signal(void *ctx, int signum)
{
    struct one_run *run = ctx;

    (void)signum;
    fprintf(stderr, run->result.interrupted
                        ? "\nmiglab: stopping at once\n"
                        : "\nmiglab: interrupted; tearing down (again: stop at "
                          "once)\n");
    run->result.interrupted = true;
    runner_interrupt(run->runner);
}

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
    return codes[result->verdict];
}

/* Wait for the end of the run, with the signals that stop it. */
static void
follow(struct one_run *run)
{
    static const int signums[] = { SIGINT, SIGTERM, SIGHUP };
    struct loop_signal *signals[ARRAY_LEN(signums)];

    for (size_t i = 0; i < ARRAY_LEN(signums); i++)
        signals[i] = loop_signal_new(run->loop, signums[i], on_signal, run);
    while (!run->over)
        loop_run(run->loop);
    for (size_t i = 0; i < ARRAY_LEN(signums); i++)
        loop_signal_free(signals[i]);
}

static int
run_on(const struct script *script, const struct runner_spec *base,
       const struct rundir *rundir, struct err *err)
{
    struct run_clock clock;
    struct one_run run = { .loop = base->loop };
    struct runner_spec spec = *base;
    struct headless *headless = style_headless(rundir->path);

    run_clock_start(&clock);
    spec.script = script;
    spec.rundir = rundir;
    spec.clock = &clock;
    spec.journal = journal_create(rundir->fd, &clock, err);
    if (spec.journal == NULL) {
        headless_free(headless);
        return EXIT_INTERNAL;
    }
    journal_listen(spec.journal, headless_hear, headless);
    run.runner = runner_new(&spec, on_done, &run);
    follow(&run);
    runner_free(run.runner);
    journal_free(spec.journal);
    headless_free(headless);
    return exit_code(&run.result);
}

/* A step by its number in the case, or by the start of its title. */
static bool
find_step(const struct script *script, const struct cli_args *args,
          const char *option, size_t *step)
{
    const char *text = cli_value(args, option);
    const struct step *steps = script->tcase->steps.items;
    uint64_t number;

    *step = 0;
    if (text == NULL)
        return true;
    if (str_to_u64(text, 1, script->tcase->steps.len, &number)) {
        *step = (size_t)number;
        return true;
    }
    for (size_t i = 0; i < script->tcase->steps.len; i++)
        if (strncasecmp(steps[i].title.text, text, strlen(text)) == 0) {
            *step = i + 1;
            return true;
        }
    fprintf(stderr,
            "miglab run: --%s: %s has no step \"%s\"; it has 1 to %zu\n",
            option, script->tcase->name.text, text, script->tcase->steps.len);
    return false;
}

static int
run_case(const struct cli_args *args, struct loop *loop, const char *name)
{
    struct script *script = load_script(args, name);
    struct runner_spec spec = {
        .loop = loop,
        .started_wall_us = clock_wall_us(),
        .keep = cli_has(args, "keep"),
    };
    struct rundir *rundir;
    struct err err = ERR_INIT;
    int code;

    if (script == NULL)
        return EXIT_BAD_FILE;
    if (!find_step(script, args, "from", &spec.from) ||
        !find_step(script, args, "until", &spec.until)) {
        script_free(script);
        return EXIT_USAGE;
    }
    rundir = rundir_create(script, spec.started_wall_us, &err);
    code = rundir != NULL ? run_on(script, &spec, rundir, &err) : EXIT_INTERNAL;
    if (err.kind != ERR_NONE)
        fprintf(stderr, "miglab run: %s\n", err.text);
    rundir_free(rundir);
    script_free(script);
    return code;
}

/* The worst of several: what a caller must know first. */
static int
worse(int a, int b)
{
    static const int order[] = { EXIT_SKIPPED,     EXIT_NOTHING, EXIT_PASS,
                                 EXIT_FAIL,        EXIT_TROUBLE, EXIT_PAUSED,
                                 EXIT_UNREACHABLE, EXIT_BAD_FILE };
    int at_a = (int)ARRAY_LEN(order), at_b = at_a;

    for (int i = 0; i < (int)ARRAY_LEN(order); i++) {
        at_a = order[i] == a ? i : at_a;
        at_b = order[i] == b ? i : at_b;
    }
    return at_a > at_b ? a : b;
}

static int
run(const struct cli_args *args)
{
    struct loop *loop = loop_new();
    int code = EXIT_SKIPPED;

    for (int i = 0; i < args->operands_len; i++) {
        int one = run_case(args, loop, args->operands[i]);

        code = worse(code, one);
        if (one == EXIT_PAUSED || one == EXIT_UNREACHABLE)
            break; /* the lab is not free, or not there */
    }
    loop_free(loop);
    return code;
}

static const struct cli_option options[] = {
    { "lab", "LAB", "The lab to run on; rehearsal by default.", false },
    { "headless", NULL, "Print lines of text, without a screen.", false },
    { "set", "NAME=VALUE",
      "Set a variable above lab and case; NODE.NAME for one node.", true },
    { "from", "STEP", "Begin at this step; those before are skipped.", false },
    { "until", "STEP", "End with this step; those behind are skipped.", false },
    { "keep", NULL, "Leave the lab as it is: no teardown.", false },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_run = {
    .name = "run",
    .operands = "CASE...",
    .summary = "Run cases on a lab, judge them, keep the evidence.",
    .about = "SIGINT tears the lab down and ends the run as an error; a second "
             "one stops\nat once.",
    .options = options,
    .min = 1,
    .max = -1,
    .run = run,
};
