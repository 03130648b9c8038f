/* command.c - find a subcommand, read its options, help. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/command.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define OPTIONS_MAX 32

const struct cli_command *const cli_commands[] = {
    &cli_run,      &cli_open,      &cli_show, &cli_lint,
    &cli_trace,    &cli_rehearsal, &cli_runs, &cli_rejudge,
    &cli_teardown, &cli_help,      NULL,
};

/*
 * git bisect takes 1 to 124 for bad, 125 for a commit that cannot be judged,
 * and ends at 128 and above: what would be the same at the next commit ends it.
 */
const struct cli_exit cli_exits[] = {
    { { EXIT_PASS, 0, 0 }, "all passed" },
    { { EXIT_FAIL, 1, 1 }, "something failed: the system under test is wrong" },
    { { EXIT_TROUBLE, 99, 125 },
      "an error of the lab or of miglab, or undecided" },
    { { EXIT_NOTHING, 77, 125 }, "nothing ran" },
    { { EXIT_SKIPPED, 77, 125 }, "everything was skipped" },
    { { EXIT_USAGE, 99, 255 }, "wrong usage" },
    { { EXIT_BAD_FILE, 99, 255 }, "a lab, pane or case file is wrong" },
    { { EXIT_UNREACHABLE, 99, 255 }, "a machine cannot be reached" },
    { { EXIT_INTERNAL, 99, 255 }, "miglab itself failed" },
    { { EXIT_OUTPUT, 99, 255 }, "what it said could not be written" },
    { { EXIT_PAUSED, 99, 255 }, "paused, or left as it is (--keep)" },
};
const size_t cli_exits_len = ARRAY_LEN(cli_exits);

static const struct cli_command *
find_command(const char *name)
{
    for (size_t i = 0; cli_commands[i] != NULL; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

static size_t
option_index(const struct cli_args *args, const char *option)
{
    for (size_t i = 0; args->options[i].name != NULL; i++)
        if (strcmp(args->options[i].name, option) == 0)
            return i;
    BUG_ON(true); /* asked for an option the table does not have */
    return 0;
}

const struct strs *
cli_values(const struct cli_args *args, const char *option)
{
    return &args->values[option_index(args, option)];
}

bool
cli_has(const struct cli_args *args, const char *option)
{
    return cli_values(args, option)->len > 0;
}

const char *
cli_value(const struct cli_args *args, const char *option)
{
    const struct strs *values = cli_values(args, option);

    return values->len > 0 ? values->items[values->len - 1] : NULL;
}

static void
print_usage(const struct cli_command *command, FILE *out)
{
    fprintf(out, "usage: miglab %s", command->name);
    if (command->options[0].name != NULL)
        fprintf(out, " [OPTION...]");
    if (*command->operands != '\0')
        fprintf(out, " %s", command->operands);
    fputc('\n', out);
}

void
cli_print_help(const struct cli_command *command, FILE *out)
{
    print_usage(command, out);
    fprintf(out, "\n%s\n", command->summary);
    if (command->about != NULL)
        fprintf(out, "\n%s\n", command->about);
    if (command->options[0].name != NULL)
        fprintf(out, "\nOptions:\n");
    for (size_t i = 0; command->options[i].name != NULL; i++) {
        const struct cli_option *option = &command->options[i];
        int width = fprintf(out, "  --%s%s%s", option->name,
                            option->value != NULL ? " " : "",
                            option->value != NULL ? option->value : "");

        fprintf(out, "%*s%s\n", MAX(26 - width, 1), "", option->help);
    }
}

void
cli_print_overview(FILE *out)
{
    fprintf(out, "usage: miglab COMMAND [OPTION...]\n\n"
                 "A console for live-migration labs: it runs the cases of "
                 "DPDK's\n\"Vhost User Live Migration\" test plan and proves "
                 "their verdicts.\n\nCommands:\n");
    for (size_t i = 0; cli_commands[i] != NULL; i++)
        fprintf(out, "  %-12s%s\n", cli_commands[i]->name,
                cli_commands[i]->summary);
    fprintf(out, "\nmiglab COMMAND --help tells more; so does man miglab.\n");
}

/* getopt_long's table from ours; its values are our indices. */
static void
make_long_options(const struct cli_command *command,
                  struct option options[OPTIONS_MAX + 2])
{
    size_t n = 0;

    for (; command->options[n].name != NULL; n++) {
        BUG_ON(n == OPTIONS_MAX);
        options[n] = (struct option){
            .name = command->options[n].name,
            .has_arg = command->options[n].value != NULL ? required_argument
                                                         : no_argument,
            .val = (int)n + 1,
        };
    }
    options[n++] = (struct option){ .name = "help", .val = 'h' };
    options[n] = (struct option){ .name = NULL };
}

/*
 * Exit code, or -1 to go on. A mistake does not end the reading: --exit-style
 * behind it counts.
 */
static int
read_options(const struct cli_command *command, int argc, char **argv,
             struct cli_args *args)
{
    struct option options[OPTIONS_MAX + 2];
    char name[64], *word = argv[0];
    int got, code = -1;

    make_long_options(command, options);
    snprintf(name, sizeof name, "miglab %s", command->name);
    argv[0] = name; /* getopt's complaints begin with it */
    optind = 1;
    while ((got = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        const struct cli_option *option = &command->options[got - 1];

        if (got == 'h') {
            cli_print_help(command, stdout);
            return code < 0 ? EXIT_PASS : code;
        }
        if (got == '?') {
            code = EXIT_USAGE;
            continue;
        }
        if (args->values[got - 1].len > 0 && !option->many) {
            fprintf(stderr, "miglab %s: --%s is given twice\n", command->name,
                    option->name);
            code = EXIT_USAGE;
            continue;
        }
        strs_add(&args->values[got - 1], optarg != NULL ? optarg : "");
    }
    if (code == EXIT_USAGE)
        fprintf(stderr, "miglab %s --help lists the options\n", command->name);
    argv[0] = word;
    args->operands = argv + optind;
    args->operands_len = argc - optind;
    return code;
}

static bool
operands_fit(const struct cli_command *command, const struct cli_args *args)
{
    if (args->operands_len >= command->min &&
        (command->max < 0 || args->operands_len <= command->max))
        return true;
    fprintf(stderr, "miglab %s: %s\n", command->name,
            args->operands_len < command->min ? "something is missing"
                                              : "that is too much");
    print_usage(command, stderr);
    return false;
}

static int
run_command(const struct cli_command *command, int argc, char **argv)
{
    struct cli_args args = { .options = command->options,
                             .rest = argv + 1,
                             .rest_len = argc - 1 };
    size_t n = 0;
    int code;

    while (command->options[n].name != NULL)
        n++;
    args.values = xcalloc(n, sizeof *args.values);
    code = command->passes_on ? -1 : read_options(command, argc, argv, &args);
    if (code < 0 && !command->passes_on && !operands_fit(command, &args))
        code = EXIT_USAGE;
    if (code < 0)
        code = command->run(&args);
    if (fflush(stdout) != 0 && code == EXIT_PASS)
        code = EXIT_OUTPUT;
    if (command->ends != NULL)
        code = command->ends(&args, code);
    for (size_t i = 0; i < n; i++)
        strs_fini(&args.values[i]);
    free(args.values);
    return code;
}

static bool
is_one_of(const char *word, const char *one, const char *other)
{
    return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

int
cli_main(int argc, char **argv)
{
    const struct cli_command *command;

    if (argc < 2) {
        cli_print_overview(stderr);
        return EXIT_USAGE;
    }
    if (is_one_of(argv[1], "--help", "-h")) {
        cli_print_overview(stdout);
        return EXIT_PASS;
    }
    if (is_one_of(argv[1], "--version", "-V") ||
        strcmp(argv[1], "version") == 0) {
        printf("miglab %s\n", PACKAGE_VERSION);
        return EXIT_PASS;
    }
    command = find_command(argv[1]);
    if (command == NULL) {
        fprintf(stderr, "miglab: there is no command \"%s\"\n", argv[1]);
        cli_print_overview(stderr);
        return EXIT_USAGE;
    }
    return run_command(command, argc - 1, argv + 1);
}
