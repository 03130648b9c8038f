/* cmd-rejudge.c - judge a run again. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>

#include "base/diag.h"
#include "base/err.h"
#include "cli/command.h"
#include "cli/style.h"
#include "judge/verdict.h"
#include "report/headless.h"
#include "run/rejudge.h"
#include "run/rundir.h"

static void
print_rejudged(const struct rejudged *rejudged, const struct rundir *rundir)
{
    struct headless *headless = style_headless(rundir->path);

    for (size_t i = 0; i < rejudged->len; i++)
        printf("%-12s %s, now %s%s%s\n", rejudged->changes[i].where,
               verdict_name(rejudged->changes[i].then),
               verdict_name(rejudged->changes[i].now),
               *rejudged->changes[i].reason != '\0' ? ": " : "",
               rejudged->changes[i].reason);
    printf("%s: %s%s\n", rundir->id, verdict_name(rejudged->now),
           rejudged->len == 0 ? ", as it was judged" : "");
    if (rejudged->symptoms != NULL && rejudged->now != VERDICT_PASS)
        headless_print_symptoms(headless, rejudged->symptoms);
    headless_print_verdict(headless, rejudged->verdict);
    headless_free(headless);
}

static int
rejudge(const struct cli_args *args)
{
    struct err err = ERR_INIT;
    struct diags diags = { 0 };
    struct rejudged rejudged;
    struct rundir *rundir = rundir_open(args->operands[0], &err);
    int code = EXIT_BAD_FILE;

    if (rundir != NULL && rejudge_run(rundir, &rejudged, &diags, &err)) {
        print_rejudged(&rejudged, rundir);
        code = rejudged.now == VERDICT_PASS   ? EXIT_PASS
               : rejudged.now == VERDICT_FAIL ? EXIT_FAIL
                                              : EXIT_TROUBLE;
    }
    if (err.kind != ERR_NONE)
        fprintf(stderr, "miglab rejudge: %s\n", err.text);
    diags_print(&diags, stderr);
    diags_fini(&diags);
    if (rundir != NULL)
        rejudged_fini(&rejudged);
    rundir_free(rundir);
    return code;
}

static const struct cli_option options[] = {
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_rejudge = {
    .name = "rejudge",
    .operands = "RUN",
    .summary = "Judge a run again, from its recordings.",
    .about = "The run's own recordings and journal go through today's readers, "
             "checks and\nlegs; each verdict that changes is told. No lab is "
             "needed. RUN is a name that\nmiglab runs lists, a folder, or "
             "last.",
    .options = options,
    .min = 1,
    .max = 1,
    .run = rejudge,
};
