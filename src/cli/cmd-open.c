/* cmd-open.c - the consoles of a lab, without a case. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/err.h"
#include "cli/command.h"
#include "cli/load.h"
#include "cli/session.h"
#include "cli/style.h"
#include "io/loop.h"
#include "plan/script.h"
#include "run/rundir.h"

static int
open_consoles(const struct cli_args *args, struct script *script)
{
    struct loop *loop = loop_new();
    struct session session = {
        .run = { .loop = loop,
                 .script = script,
                 .started_wall_us = clock_wall_us(),
                 .open = true },
        .screen = true,
        .layout = cli_value(args, "layout"),
        .prefix = cli_value(args, "prefix"),
        .ascii = !style_unicode() || cli_has(args, "ascii"),
        .mono = !style_color(stdout),
    };
    struct run_result result;
    struct err err = ERR_INIT;
    struct rundir *rundir =
        rundir_create(script, session.run.started_wall_us, &err);
    bool ok = rundir != NULL && session_run(&session, rundir, &result, &err);

    if (ok)
        printf("recordings %s\n", rundir->path);
    else
        fprintf(stderr, "miglab open: %s\n", err.text);
    rundir_free(rundir);
    loop_free(loop);
    return ok ? EXIT_PASS : EXIT_INTERNAL;
}

static int
run(const struct cli_args *args)
{
    struct script *script;
    int code;

    if (!session_has_terminal()) {
        fprintf(stderr, "miglab open: this needs a terminal\n");
        return EXIT_USAGE;
    }
    script = load_consoles(args);
    if (script == NULL)
        return EXIT_BAD_FILE;
    code = load_lab_is_there(script->lab) ? open_consoles(args, script)
                                          : EXIT_UNREACHABLE;
    script_free(script);
    return code;
}

static const struct cli_option options[] = {
    { "lab", "LAB", "The lab whose consoles to open; rehearsal by default.",
      false },
    { "set", "NAME=VALUE", "Set a variable above the lab's; NODE.NAME for one.",
      true },
    { "layout", "NAME", "A file of layouts/; by the screen's size.", false },
    { "prefix", "KEY", "The key before a command in a pane; C-t.", false },
    { "ascii", NULL, "Draw with ASCII characters alone.", false },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_open = {
    .name = "open",
    .operands = "",
    .summary = "Open the consoles of a lab on the screen, without a case.",
    .about = "All of them are recorded. Leaving undoes nothing.",
    .options = options,
    .min = 0,
    .max = 0,
    .run = run,
};
