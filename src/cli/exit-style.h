/* exit-style.h - what a program that runs miglab wants exit codes to mean. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_EXIT_STYLE_H
#define CLI_EXIT_STYLE_H

#include <stdbool.h>

#include "base/macros.h"
#include "cli/command.h"

/* "plain", "automake", "bisect"; name NULL: plain. False: there is none. */
bool exit_style_find(const char *name, enum exit_style *style) MUST_CHECK
    NONNULL(2);

/* The style's code for one of enum exit_code. */
int exit_style_code(enum exit_style style, int code);

/*
 * Of two runs' codes, both of enum exit_code, the one that both together have:
 * the worse one. For bisect, a fail is above all others: once it is proven,
 * the commit is bad, whatever broke beside it.
 */
int exit_style_worse(enum exit_style style, int a, int b);

#endif
