/* cmd-help.c - help on all commands, or on one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static int
help(const struct cli_args *args)
{
    if (args->operands_len == 0) {
        cli_print_overview(stdout);
        return EXIT_PASS;
    }
    for (size_t i = 0; cli_commands[i] != NULL; i++)
        if (strcmp(cli_commands[i]->name, args->operands[0]) == 0) {
            cli_print_help(cli_commands[i], stdout);
            return EXIT_PASS;
        }
    fprintf(stderr, "miglab: there is no command \"%s\"\n", args->operands[0]);
    return EXIT_USAGE;
}

static const struct cli_option options[] = {
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "Tell about all commands, or about one.",
    .options = options,
    .max = 1,
    .run = help,
};
