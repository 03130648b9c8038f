/*
 * shell.h - how a bash is made to mark its prompts and commands.
 *
 * OSC 133 marks with "aid=NONCE-LEVEL" (a level for each shell in another)
 * tell where a prompt starts and ends, where a command starts, and how it
 * ended. The nonce is the run's and random: what a guest prints cannot pass
 * for a mark. Source: the semantic prompt proposal of FinalTerm and iTerm2;
 * what bash does with it was measured: no C at all for a syntax error, and D
 * comes again at an empty Enter.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONSOLE_SHELL_H
#define CONSOLE_SHELL_H

#include "base/err.h"
#include "base/macros.h"

/* 64 random bits as hex digits. */
#define SHELL_NONCE_SIZE sizeof "0123456789abcdef"
bool shell_nonce(char out[SHELL_NONCE_SIZE], struct err *err) MUST_CHECK;

/*
 * A command for the far end's login shell that becomes an interactive bash
 * with marks, of level 0, without showing anything. run: put into its
 * environment as MIGLAB_RUN, so that what it starts can be found again;
 * dir: where it starts, or NULL. Yours.
 */
char *shell_command(const char *nonce, const char *run,
                    const char *dir) MUST_CHECK NONNULL(1, 2);

/* A line to type into a bare bash, which then has marks. Yours. */
char *shell_setup_line(const char *nonce, unsigned level) MUST_CHECK NONNULL(1);

/* A command that runs text in dir (NULL: where it is); for probes. Yours. */
char *shell_in_dir(const char *dir, const char *text) MUST_CHECK NONNULL(2);

/* text in single quotes for a POSIX shell; yours. */
char *shell_quote(const char *text) MUST_CHECK NONNULL(1);

#endif
