/*
 * cmd-rehearsal.c - the lab on one machine: its scripts do the work.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/xalloc.h"
#include "cli/command.h"

/* A drill's run starts this same miglab. */
static void
tell_who_we_are(void)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

    if (len > 0) {
        path[len] = '\0';
        setenv("MIGLAB", path, 1);
    }
}

/* Becomes the script: its exit status is ours. */
static int
rehearsal(const struct cli_args *args)
{
    char *script;
    char **argv;

    for (int i = 0; i < args->rest_len; i++)
        if (strcmp(args->rest[i], "--help") == 0 ||
            strcmp(args->rest[i], "-h") == 0) {
            cli_print_help(&cli_rehearsal, stdout);
            return EXIT_PASS;
        }
    script = xasprintf("%s/rehearsal/rehearsal", paths_data());
    argv = xcalloc((size_t)args->rest_len + 2, sizeof *argv);

    argv[0] = script;
    for (int i = 0; i < args->rest_len; i++)
        argv[i + 1] = args->rest[i];
    tell_who_we_are();
    execv(script, argv);
    fprintf(stderr, "miglab rehearsal: cannot run %s: %s\n", script,
            strerror(errno));
    free(argv);
    free(script);
    return EXIT_INTERNAL;
}

/* The script reads them; they stand here for help and man page. */
static const struct cli_option options[] = {
    { "name", "NAME",
      "The lab's name; several can be up. rehearsal by default.", false },
    { "qemu", "PATH", "A QEMU of one's own, for up.", false },
    { "dpdk", "DIR", "A DPDK build of one's own, for up.", false },
    { "json", NULL, "Print JSON, for status.", false },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_rehearsal = {
    .name = "rehearsal",
    .operands = "up|down|status|drill",
    .summary = "Start, end or look at the lab on one machine.",
    .about =
        "up builds three machines in network namespaces and a guest image "
        "from this\nmachine's own programs; doing it again repairs what is "
        "broken. down leaves\nnothing behind. Root is needed for both. "
        "status ends with 0 when the lab is\nup, 1 when half of it is, 3 "
        "when it is down; up and down with 2 on any error.\n\n"
        "drill alone lists the drills, faults that can be put into the lab; "
        "drill NAME\non puts one in, drill NAME off takes it out. drill run "
        "NAME does both, with\nthe drill's case between them, and ends with 0 "
        "when the verdict and the first\ncause are those of the fault, 1 "
        "when they are not.",
    .options = options,
    .max = -1,
    .passes_on = true,
    .run = rehearsal,
};
