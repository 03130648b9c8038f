/*
 * command.h - the subcommands and their options: one table for the parser,
 * the help, the man page and the completion.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macros.h"
#include "base/str.h"

/* What a subcommand ends with; miglab(1) lists them. */
enum exit_code {
    EXIT_PASS = 0,
    EXIT_FAIL = 1,
    EXIT_TROUBLE = 2, /* an error, or undecided */
    EXIT_NOTHING = 3,
    EXIT_SKIPPED = 4,
    EXIT_USAGE = 64,
    EXIT_BAD_FILE = 65,
    EXIT_UNREACHABLE = 69,
    EXIT_INTERNAL = 70,
    EXIT_OUTPUT = 74,
    EXIT_PAUSED = 75,
};

/* One option; the table of a subcommand ends with a row without a name. */
struct cli_option {
    const char *name;  /* "lab" for --lab */
    const char *value; /* "LAB"; NULL: it takes none */
    const char *help;
    bool many; /* it may stand several times */
};

/* What the command line said. */
struct cli_args {
    const struct cli_option *options;
    struct strs *values; /* one list an option, in the table's order */
    char **operands;     /* borrowed from argv */
    int operands_len;
    char **rest; /* all words, as they came, without the subcommand */
    int rest_len;
};

struct cli_command {
    const char *name;
    const char *operands; /* "CASE...", for the usage line */
    const char *summary;  /* one line */
    const char *about;    /* more, for the man page; may be NULL */
    const struct cli_option *options;
    int min, max;   /* operands; max -1: any number */
    bool passes_on; /* all words go to another program unread */
    int (*run)(const struct cli_args *args);
    /*
     * What the program ends with instead of code, wrong usage included; args
     * has all options that could be read. NULL: with code.
     */
    int (*ends)(const struct cli_args *args, int code);
};

extern const struct cli_command *const cli_commands[]; /* NULL-ended */
extern const struct cli_command cli_run, cli_open, cli_show, cli_lint,
    cli_trace, cli_rehearsal, cli_runs, cli_rejudge, cli_teardown, cli_help;

/* Whom an exit code is for. */
enum exit_style {
    EXIT_STYLE_PLAIN,
    EXIT_STYLE_AUTOMAKE,
    EXIT_STYLE_BISECT,
    EXIT_STYLES
};

/* The exit codes in each style, for exit-style.c and the man page. */
struct cli_exit {
    int codes[EXIT_STYLES]; /* the plain one is an enum exit_code */
    const char *help;
};
extern const struct cli_exit cli_exits[];
extern const size_t cli_exits_len;

/* Whether it was given; its value, NULL without one; all its values. */
bool cli_has(const struct cli_args *args, const char *option) NONNULL(1, 2);
const char *cli_value(const struct cli_args *args, const char *option)
    NONNULL(1, 2);
const struct strs *cli_values(const struct cli_args *args, const char *option)
    NONNULL(1, 2);

/* Find the subcommand, read its options, run it. */
int cli_main(int argc, char **argv) NONNULL(2);

void cli_print_help(const struct cli_command *command, FILE *out) NONNULL(1, 2);
void cli_print_overview(FILE *out) NONNULL(1);

#endif
