/* cmd-run.c - run cases on a lab: what the command line asks for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/exit-style.h"
#include "cli/load.h"
#include "cli/series.h"
#include "cli/session.h"
#include "cli/style.h"
#include "io/loop.h"
#include "lab/lab.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner.h"

#define REPEAT_MAX 10000

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

/* What is asked of all runs together. */
struct request {
    struct strs names; /* of the cases */
    uint64_t rounds;
    bool soak;     /* lines, also on a terminal: nobody sits before the tenth */
    bool attended; /* somebody watches it on a screen */
    enum exit_style style;
};

static bool
find_names(const struct cli_args *args, struct strs *names)
{
    bool all = cli_has(args, "all");
    const char *wrong = NULL;

    for (int i = 0; i < args->operands_len; i++)
        strs_add(names, args->operands[i]);
    if (all && names->len > 0)
        wrong = "--all is every case: name none beside it";
    else if (all)
        script_cases(names);
    if (wrong == NULL && names->len == 0)
        wrong = all ? "--all: there is no case"
                    : "something is missing: a CASE, or --all";
    if (wrong != NULL)
        fprintf(stderr, "miglab run: %s\n", wrong);
    return wrong == NULL;
}

static bool
find_rounds(const struct cli_args *args, struct request *request)
{
    const char *text = cli_value(args, "repeat");

    request->rounds = 1;
    request->soak = text != NULL;
    if (text != NULL && !str_to_u64(text, 1, REPEAT_MAX, &request->rounds)) {
        fprintf(stderr, "miglab run: --repeat: \"%s\" is not 1 to %d\n", text,
                REPEAT_MAX);
        return false;
    }
    if (request->rounds == 1 || !cli_has(args, "keep"))
        return true;
    fprintf(stderr, "miglab run: --keep leaves no lab for what --repeat is to "
                    "run behind it\n");
    return false;
}

static bool
read_request(const struct cli_args *args, struct request *request)
{
    const char *style = cli_value(args, "exit-style");

    if (!exit_style_find(style, &request->style)) {
        fprintf(stderr,
                "miglab run: --exit-style: \"%s\" is not plain, automake or "
                "bisect\n",
                style);
        return false;
    }
    if (!find_rounds(args, request) || !find_names(args, &request->names))
        return false;
    request->attended =
        !request->soak && !cli_has(args, "headless") && session_has_terminal();
    return true;
}

/* A case that is to be run, and before which of its steps to stop. */
struct planned {
    struct script *script;
    size_t *breaks;
};

/* By the plan's number; what the plan does not have comes last. */
static int
by_plan(const void *a, const void *b)
{
    const struct tcase *x = ((const struct planned *)a)->script->tcase;
    const struct tcase *y = ((const struct planned *)b)->script->tcase;
    uint64_t p = x->plan.value != 0 ? x->plan.value : UINT64_MAX;
    uint64_t q = y->plan.value != 0 ? y->plan.value : UINT64_MAX;

    return p != q ? (p > q) - (p < q) : strcmp(x->name.text, y->name.text);
}

static bool
load_cases(const struct cli_args *args, const struct request *request,
           struct planned *cases)
{
    const struct strs *names = &request->names;
    bool ok = true;

    for (size_t i = 0; i < names->len; i++) {
        cases[i].script = request->attended
                              ? load_attended(args, names->items[i])
                              : load_script(args, names->items[i]);
        ok = ok && cases[i].script != NULL;
    }
    if (ok && cli_has(args, "all"))
        qsort(cases, names->len, sizeof *cases, by_plan);
    return ok;
}

static struct session
session_of(const struct cli_args *args, const struct request *request,
           struct loop *loop, struct script *script)
{
    return (struct session){
        .run = { .loop = loop,
                 .script = script,
                 .keep = cli_has(args, "keep") },
        .screen = request->attended,
        .layout = cli_value(args, "layout"),
        .prefix = cli_value(args, "prefix"),
        .ascii = !style_unicode() || cli_has(args, "ascii"),
        .mono = !style_color(stdout),
    };
}

/* What can be wrong with any of them is told before the first is run. */
static int
run_cases(const struct cli_args *args, const struct request *request,
          struct planned *cases)
{
    size_t len = request->names.len;
    struct loop *loop = loop_new();
    struct session *sessions = xcalloc(len, sizeof *sessions);
    const struct series_spec spec = {
        .loop = loop,
        .sessions = sessions,
        .len = len,
        .rounds = request->rounds,
        .soak = request->soak,
        .style = request->style,
    };
    int code = EXIT_PASS;

    for (size_t i = 0; i < len && code == EXIT_PASS; i++) {
        sessions[i] = session_of(args, request, loop, cases[i].script);
        if (!read_options(args, cases[i].script, &sessions[i],
                          &cases[i].breaks))
            code = EXIT_USAGE;
    }
    if (code == EXIT_PASS && !load_lab_is_there(cases[0].script->lab))
        code = EXIT_UNREACHABLE;
    if (code == EXIT_PASS)
        code = series_run(&spec);
    free(sessions);
    loop_free(loop);
    return code;
}

static int
run(const struct cli_args *args)
{
    struct request request = { .rounds = 1 };
    struct planned *cases = NULL;
    int code = EXIT_USAGE;

    if (read_request(args, &request)) {
        cases = xcalloc(request.names.len, sizeof *cases);
        code = load_cases(args, &request, cases)
                   ? run_cases(args, &request, cases)
                   : EXIT_BAD_FILE;
    }
    for (size_t i = 0; cases != NULL && i < request.names.len; i++) {
        script_free(cases[i].script);
        free(cases[i].breaks);
    }
    free(cases);
    strs_fini(&request.names);
    return code;
}

/* One that is not known has been told; then it is plain. */
static int
ends(const struct cli_args *args, int code)
{
    enum exit_style style;

    return exit_style_find(cli_value(args, "exit-style"), &style)
               ? exit_style_code(style, code)
               : code;
}

static const struct cli_option options[] = {
    { "lab", "LAB", "The lab to run on; rehearsal by default.", false },
    { "all", NULL, "Run every case there is, in the plan's order.", false },
    { "repeat", "N",
      "Run all of them N times, round by round, a line a run; see SOAK.",
      false },
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
    { "exit-style", "STYLE",
      "What exit codes mean: plain, automake or bisect; see EXIT STATUS and "
      "BISECTING.",
      false },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_run = {
    .name = "run",
    .operands = "CASE...|--all",
    .summary = "Run cases on a lab, judge them, keep the evidence.",
    .about = "SIGINT tears the lab down and ends the run as an error; a second "
             "one stops\nat once. Behind several runs stands a summary. A run "
             "that does not pass does\nnot end them; a lab that is left dirty, "
             "or cannot be reached, does.",
    .options = options,
    .max = -1,
    .run = run,
    .ends = ends,
};
