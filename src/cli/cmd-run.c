/* cmd-run.c - run cases on a lab. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/load.h"
#include "cli/session.h"
#include "cli/style.h"
#include "io/loop.h"
#include "lab/lab.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/lease.h"
#include "run/rundir.h"
#include "run/runner.h"

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

/* A step by its number in the case, or by the start of its title. */
static bool
find_step(const struct script *script, const char *option, const char *text,
          size_t *step)
{
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

/* All that --break names. Yours; false after a complaint. */
static bool
find_breaks(const struct script *script, const struct cli_args *args,
            struct session *session, size_t **breaks)
{
    const struct strs *values = cli_values(args, "break");

    *breaks = xcalloc(values->len + 1, sizeof **breaks);
    session->breaks = *breaks;
    for (size_t i = 0; i < values->len; i++)
        if (!find_step(script, "break", values->items[i],
                       &(*breaks)[session->breaks_len++]))
            return false;
    return true;
}

static bool
find_mode(const struct cli_args *args, enum runner_mode *mode)
{
    const char *text = cli_value(args, "mode");

    *mode = RUNNER_GUIDED;
    if (text == NULL)
        return true;
    for (int i = 0; i < RUNNER_MODES; i++)
        if (strcmp(runner_mode_name((enum runner_mode)i), text) == 0) {
            *mode = (enum runner_mode)i;
            return true;
        }
    fprintf(stderr, "miglab run: --mode: \"%s\" is not auto or guided\n", text);
    return false;
}

static bool
read_options(const struct cli_args *args, const struct script *script,
             struct session *session, size_t **breaks)
{
    const char *from = cli_value(args, "from");
    const char *until = cli_value(args, "until");

    if (!find_step(script, "from", from, &session->run.from) ||
        !find_step(script, "until", until, &session->run.until) ||
        !find_mode(args, &session->run.mode) ||
        !find_breaks(script, args, session, breaks))
        return false;
    if (until == NULL || session->run.from <= session->run.until)
        return true;
    fprintf(stderr, "miglab run: --from %s is behind --until %s in %s\n", from,
            until, script->tcase->name.text);
    return false;
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

static int
run_script(const struct cli_args *args, struct script *script,
           struct session *session)
{
    struct run_result result = { .verdict = VERDICT_PENDING };
    struct err err = ERR_INIT;
    struct lease *lease = lease_take(script->lab->name.text, &err);
    struct rundir *rundir = NULL;
    bool ok;

    if (lease != NULL)
        rundir = rundir_create(script, session->run.started_wall_us, &err);
    if (rundir != NULL)
        lease_tell(lease, rundir->id);
    ok = rundir != NULL && session_run(session, rundir, &result, &err);
    (void)args;
    if (ok && session->screen)
        print_end(script, rundir, &result);
    if (err.kind != ERR_NONE)
        fprintf(stderr, "miglab run: %s\n", err.text);
    rundir_free(rundir);
    lease_free(lease);
    if (ok)
        return exit_code(&result);
    return err.kind == ERR_BUSY ? EXIT_TROUBLE : EXIT_INTERNAL;
}

/* Somebody watches it on a screen. */
static bool
is_attended(const struct cli_args *args)
{
    return !cli_has(args, "headless") && session_has_terminal();
}

static int
run_case(const struct cli_args *args, struct loop *loop, struct script *script)
{
    struct session session = {
        .run = { .loop = loop,
                 .script = script,
                 .started_wall_us = clock_wall_us(),
                 .keep = cli_has(args, "keep") },
        .screen = is_attended(args),
        .layout = cli_value(args, "layout"),
        .prefix = cli_value(args, "prefix"),
        .ascii = !style_unicode() || cli_has(args, "ascii"),
        .mono = !style_color(stdout),
    };
    size_t *breaks = NULL;
    int code;

    code = read_options(args, script, &session, &breaks)
               ? run_script(args, script, &session)
               : EXIT_USAGE;
    free(breaks);
    return code;
}

/* What can be wrong with any of them is told before the first is run. */
static int
load_cases(const struct cli_args *args, struct script **scripts)
{
    int code = EXIT_PASS;

    for (int i = 0; i < args->operands_len; i++) {
        scripts[i] = is_attended(args) ? load_attended(args, args->operands[i])
                                       : load_script(args, args->operands[i]);
        if (scripts[i] == NULL)
            code = EXIT_BAD_FILE;
    }
    for (int i = 0; i < args->operands_len && code == EXIT_PASS; i++) {
        struct session session = { .screen = false };
        size_t *breaks = NULL;

        if (!read_options(args, scripts[i], &session, &breaks))
            code = EXIT_USAGE;
        free(breaks);
    }
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
run_all(const struct cli_args *args, struct loop *loop, struct script **scripts)
{
    int code = EXIT_SKIPPED;

    for (int i = 0; i < args->operands_len; i++) {
        int one = run_case(args, loop, scripts[i]);

        code = worse(code, one);
        if (one == EXIT_PAUSED || one == EXIT_UNREACHABLE)
            break; /* the lab is not free, or not there */
    }
    return code;
}

static int
run(const struct cli_args *args)
{
    struct script **scripts =
        xcalloc((size_t)args->operands_len, sizeof *scripts);
    struct loop *loop = loop_new();
    int code = load_cases(args, scripts);

    if (code == EXIT_PASS && !load_lab_is_there(scripts[0]->lab))
        code = EXIT_UNREACHABLE;
    if (code == EXIT_PASS)
        code = run_all(args, loop, scripts);
    for (int i = 0; i < args->operands_len; i++)
        script_free(scripts[i]);
    free(scripts);
    loop_free(loop);
    return code;
}

static const struct cli_option options[] = {
    { "lab", "LAB", "The lab to run on; rehearsal by default.", false },
    { "headless", NULL,
      "Print lines of text instead of the screen; so does a missing terminal.",
      false },
    { "mode", "MODE",
      "On the screen: guided (each step waits for Enter) or auto; guided by "
      "default.",
      false },
    { "break", "STEP", "On the screen: stop before this step; see --from.",
      true },
    { "layout", "NAME", "A file of layouts/; by the screen's size.", false },
    { "prefix", "KEY", "The key before a command in a pane; C-t.", false },
    { "ascii", NULL, "Draw with ASCII characters alone.", false },
    { "set", "NAME=VALUE",
      "Set a variable above lab and case; NODE.NAME for one node.", true },
    { "from", "STEP",
      "Begin at this step: its number, or how its title begins; those before "
      "are skipped.",
      false },
    { "until", "STEP",
      "End with this step, given like --from's; those behind are skipped.",
      false },
    { "keep", NULL,
      "Leave the lab as it is: no teardown, and what runs in the consoles goes "
      "on.",
      false },
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
