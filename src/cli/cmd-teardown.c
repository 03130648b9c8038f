/* cmd-teardown.c - take back what a run did, later. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/err.h"
#include "cli/command.h"
#include "io/loop.h"
#include "journal/journal.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "plan/script.h"
#include "run/lease.h"
#include "run/ledger.h"
#include "run/rundir.h"
#include "run/stage.h"
#include "run/teardown.h"

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
    const struct stage_sink sink = {
        .progress = on_progress,
        .lost = on_lost,
        .broken = on_broken,
        .ctx = late,
    };
    struct stage *stage = stage_new(&stage_spec, &sink);
    struct ledger ledger = { 0 };
    struct err err = ERR_INIT;
    const struct teardown_spec spec = {
        .stage = stage,
        .script = script,
        .ledger = &ledger,
        .run_id = rundir->id,
        .rundir_fd = rundir->fd,
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
    struct lease *lease =
        script != NULL ? lease_take(script->lab->name.text, &err) : NULL;
    struct journal *journal =
        lease != NULL ? journal_append(rundir->fd, &clock, &err) : NULL;
    int code = err.kind == ERR_BUSY ? EXIT_TROUBLE : EXIT_BAD_FILE;

    if (journal != NULL) {
        lease_tell(lease, rundir->id);
        tear_down(rundir, script, journal, &clock, &late);
        printf("%s: %u undone, %u had nothing to undo, %u failed, %u processes "
               "ended, %u left%s\n",
               rundir->id, late.result.undone, late.result.skipped,
               late.result.failed, late.result.ended, late.result.left,
               late.result.keeper != 0 ? "; its consoles' keeper is ended"
                                       : "");
        code = late.result.failed == 0 && late.result.left == 0 ? EXIT_PASS
                                                                : EXIT_TROUBLE;
    }
    if (err.kind != ERR_NONE)
        fprintf(stderr, "miglab teardown: %s\n", err.text);
    diags_print(&diags, stderr);
    diags_fini(&diags);
    journal_free(journal);
    lease_free(lease);
    script_free(script);
    rundir_free(rundir);
    loop_free(late.loop);
    return code;
}

static const struct cli_option options[] = {
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_teardown = {
    .name = "teardown",
    .operands = "RUN",
    .summary = "Take back what a run did and still runs.",
    .about =
        "For a run that was kept (--keep) or that died: its undo ledger is "
        "walked\nbackwards, then every process that the run started is "
        "ended, and the\nkeeper of its consoles. Safe to do twice. Not while "
        "another run has the "
        "lab:\nwhat is undone may be what that one uses.",
    .options = options,
    .min = 1,
    .max = 1,
    .run = teardown,
};
