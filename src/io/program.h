/*
 * program.h - what a child process runs, prepared before the fork.
 *
 * There are worker threads, so between fork and exec only what is
 * async-signal-safe may be called: all that allocates is done before.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_PROGRAM_H
#define IO_PROGRAM_H

#include "base/macros.h"

struct program {
    const char *path; /* borrowed from the environment or the password file */
    char *argv[4];
    char **envp; /* NULL: ours as it is */
    int exec_fd; /* errno is written here when exec fails; -1: nowhere */
};

/* command for sh -c, or NULL: a login shell. term NULL: no terminal. */
void program_init(struct program *program, const char *command,
                  const char *term) NONNULL(1);
void program_fini(struct program *program) NONNULL(1);

/* In the child. */
void program_run(const struct program *program) NORETURN NONNULL(1);
void program_run_in_pty(const struct program *program) NORETURN NONNULL(1);

#endif
