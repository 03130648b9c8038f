/* exit-style.c - what a program that runs miglab wants exit codes to mean. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/exit-style.h"

#include <string.h>

bool
exit_style_find(const char *name, enum exit_style *style)
{
    static const char *const names[EXIT_STYLES] = {
        [EXIT_STYLE_PLAIN] = "plain",
        [EXIT_STYLE_AUTOMAKE] = "automake",
        [EXIT_STYLE_BISECT] = "bisect",
    };

    *style = EXIT_STYLE_PLAIN;
    if (name == NULL)
        return true;
    for (int i = 0; i < EXIT_STYLES; i++)
        if (strcmp(names[i], name) == 0) {
            *style = (enum exit_style)i;
            return true;
        }
    return false;
}

int
exit_style_code(enum exit_style style, int code)
{
    for (size_t i = 0; i < cli_exits_len; i++)
        if (cli_exits[i].codes[EXIT_STYLE_PLAIN] == code)
            return cli_exits[i].codes[style];
    BUG_ON(true); /* a code that the table does not have */
    return code;
}

/* How bad, from 0; one that does not stand here is the worst. */
static size_t
weight(enum exit_style style, int code)
{
    static const int order[] = { EXIT_SKIPPED,    EXIT_NOTHING, EXIT_PASS,
                                 EXIT_FAIL,       EXIT_TROUBLE, EXIT_PAUSED,
                                 EXIT_UNREACHABLE };
    size_t n = 0;

    if (style == EXIT_STYLE_BISECT && code == EXIT_FAIL)
        return ARRAY_LEN(order) + 1;
    while (n < ARRAY_LEN(order) && order[n] != code)
        n++;
    return n;
}

int
exit_style_worse(enum exit_style style, int a, int b)
{
    return weight(style, a) > weight(style, b) ? a : b;
}
