/* cmd-runs.c - the runs there are. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "journal/journal.h"
#include "journal/record.h"
#include "run/rundir.h"

/* What a run's journal says in short. */
struct brief {
    char *verdict; /* "unfinished": it still runs, or died */
    char *lab, *name;
    double seconds;
};

static void
read_brief(const char *run, struct brief *brief)
{
    struct err err = ERR_INIT;
    struct rundir *rundir = rundir_open(run, &err);
    struct journal_reader *reader =
        rundir != NULL ? journal_read(rundir->fd, &err) : NULL;
    struct record *record;

    *brief = (struct brief){ .verdict = xstrdup("unfinished"),
                             .lab = xstrdup("?"),
                             .name = xstrdup("?") };
    while (reader != NULL && (record = journal_next(reader, &err)) != NULL) {
        if (strcmp(record_event(record), "run.start") == 0) {
            free(brief->lab);
            free(brief->name);
            brief->lab = xstrdup(record_get(record, "lab"));
            brief->name = xstrdup(record_get(record, "case"));
        } else if (strcmp(record_event(record), "verdict") == 0) {
            free(brief->verdict);
            brief->verdict = xstrdup(record_get(record, "verdict"));
            brief->seconds = (double)record_at_us(record) / 1e6;
        }
        record_free(record);
    }
    journal_reader_free(reader);
    rundir_free(rundir);
}

static void
brief_fini(struct brief *brief)
{
    free(brief->verdict);
    free(brief->lab);
    free(brief->name);
}

static int
runs(const struct cli_args *args)
{
    struct strs names = { 0 };
    json_t *list = json_array();

    rundir_list(&names);
    for (size_t i = 0; i < names.len; i++) {
        struct brief brief;

        read_brief(names.items[i], &brief);
        if (cli_has(args, "json"))
            json_array_append_new(
                list, json_pack("{s:s,s:s,s:s,s:s,s:f}", "run", names.items[i],
                                "case", brief.name, "lab", brief.lab, "verdict",
                                brief.verdict, "seconds", brief.seconds));
        else
            printf("%-44s %-12s %-10s %6.1f s\n", names.items[i], brief.lab,
                   brief.verdict, brief.seconds);
        brief_fini(&brief);
    }
    if (cli_has(args, "json")) {
        json_dumpf(list, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        putchar('\n');
    } else if (names.len == 0) {
        printf("there is no run yet; miglab run CASE makes one\n");
    }
    json_decref(list);
    strs_fini(&names);
    return EXIT_PASS;
}

static const struct cli_option options[] = {
    { "json", NULL, "Print JSON.", false },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_runs = {
    .name = "runs",
    .operands = "",
    .summary = "List the runs there are, with their verdicts.",
    .about = "A run without a verdict is unfinished: it still runs, or died.",
    .options = options,
    .run = runs,
};
