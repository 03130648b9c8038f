/* cmd-runs.c - the runs there are; judge one again; tear one down. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/style.h"
#include "io/loop.h"
#include "journal/journal.h"
#include "plan/script.h"
#include "report/headless.h"
#include "run/ledger.h"
#include "run/rejudge.h"
#include "run/rundir.h"
#include "run/stage.h"
#include "run/teardown.h"

/* What a run's journal says in short. */
struct brief {
    char *verdict; /* "running or dead" without an end */
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

static void
print_rejudged(const struct rejudged *rejudged, const struct rundir *rundir)
{
    const struct headless_spec shown = {
        .out = stdout,
        .ascii = !style_unicode(),
        .color = style_color(stdout),
        .path = rundir->path,
    };
    struct headless *headless = headless_new(&shown);

    for (size_t i = 0; i < rejudged->len; i++)
        printf("%-12s %s, now %s%s%s\n", rejudged->changes[i].where,
               verdict_name(rejudged->changes[i].then),
               verdict_name(rejudged->changes[i].now),
               *rejudged->changes[i].reason != '\0' ? ": " : "",
               rejudged->changes[i].reason);
    printf("%s: %s%s\n", rundir->id, verdict_name(rejudged->now),
           rejudged->len == 0 ? ", as it was judged" : "");
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

/* A teardown without the runner that began the run. */
struct late {
    struct loop *loop;
    struct teardown *teardown;
    struct teardown_result result;
};

static void
on_torn_down(void *ctx, const struct teardown_result *result)
{
    struct late *late = ctx;

    late->result = *result;
    loop_stop(late->loop);
}

static void
on_progress(void *ctx, uint64_t at_us)
{
    struct late *late = ctx;

    if (late->teardown != NULL)
        teardown_look(late->teardown, at_us);
}

static void
on_lost(void *ctx, const struct script_console *console, const char *reason)
{
    (void)ctx;
    (void)console;
    (void)reason; /* no console is opened */
}

static void
on_broken(void *ctx, const struct err *why)
{
    (void)ctx;
    fprintf(stderr, "miglab teardown: %s\n", why->text);
}

static void
take_ledger(const struct rundir *rundir, const struct script *script,
            struct ledger *ledger, struct err *err)
{
    struct journal_reader *reader = journal_read(rundir->fd, err);
    struct record *record;

    while (reader != NULL && (record = journal_next(reader, err)) != NULL) {
        ledger_hear(ledger, script, record);
        record_free(record);
    }
    journal_reader_free(reader);
}

static void
tear_down(const struct rundir *rundir, const struct script *script,
          struct journal *journal, struct run_clock *clock, struct late *late)
{
    const struct stage_spec stage_spec = {
        .loop = late->loop,
        .script = script,
        .journal = journal,
        .clock = clock,
        .nonce = "",
        .run_id = rundir->id,
        .panes_dirfd = -1,
    };
    const struct stage_sink sink = { on_progress, on_lost, on_broken, late };
    struct stage *stage = stage_new(&stage_spec, &sink);
    struct ledger ledger = { 0 };
    struct err err = ERR_INIT;
    const struct teardown_spec spec = {
        .stage = stage,
        .script = script,
        .ledger = &ledger,
        .run_id = rundir->id,
    };

    take_ledger(rundir, script, &ledger, &err);
    late->teardown = teardown_new(&spec, on_torn_down, late);
    loop_run(late->loop);
    teardown_free(late->teardown);
    late->teardown = NULL;
    stage_free(stage);
    ledger_fini(&ledger);
}

static int
teardown(const struct cli_args *args)
{
    struct err err = ERR_INIT;
    struct diags diags = { 0 };
    struct late late = { .loop = loop_new() };
    struct run_clock clock = { 0 };
    struct rundir *rundir = rundir_open(args->operands[0], &err);
    struct script *script =
        rundir != NULL ? script_load_run(rundir->path, &diags) : NULL;
    struct journal *journal =
        script != NULL ? journal_append(rundir->fd, &clock, &err) : NULL;
    int code = EXIT_BAD_FILE;

    if (journal != NULL) {
        tear_down(rundir, script, journal, &clock, &late);
        printf("%s: %u undone, %u had nothing to undo, %u failed, %u processes "
               "ended, %u left\n",
               rundir->id, late.result.undone, late.result.skipped,
               late.result.failed, late.result.ended, late.result.left);
        code = late.result.failed == 0 && late.result.left == 0 ? EXIT_PASS
                                                                : EXIT_TROUBLE;
    }
    if (err.kind != ERR_NONE)
        fprintf(stderr, "miglab teardown: %s\n", err.text);
    diags_print(&diags, stderr);
    diags_fini(&diags);
    journal_free(journal);
    script_free(script);
    rundir_free(rundir);
    loop_free(late.loop);
    return code;
}

static const struct cli_option list_options[] = {
    { "json", NULL, "Print JSON.", false },
    { NULL, NULL, NULL, false },
};
static const struct cli_option no_options[] = {
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_runs = {
    .name = "runs",
    .operands = "",
    .summary = "List the runs there are, with their verdicts.",
    .options = list_options,
    .run = runs,
};

const struct cli_command cli_rejudge = {
    .name = "rejudge",
    .operands = "RUN",
    .summary = "Judge a run again, from its recordings.",
    .about = "The run's own recordings and journal go through today's readers, "
             "checks and\nlegs; each verdict that changes is told. No lab is "
             "needed. RUN is a name that\nmiglab runs lists, a folder, or "
             "last.",
    .options = no_options,
    .min = 1,
    .max = 1,
    .run = rejudge,
};

const struct cli_command cli_teardown = {
    .name = "teardown",
    .operands = "RUN",
    .summary = "Take back what a run did and still runs.",
    .about =
        "For a run that was kept (--keep) or that died: its undo ledger is "
        "walked\nbackwards, then every process that the run started is "
        "ended. Safe to do twice.",
    .options = no_options,
    .min = 1,
    .max = 1,
    .run = teardown,
};
