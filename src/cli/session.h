/*
 * session.h - one run of one case, with whoever listens: lines of text, or the
 * console on screen.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>

#include "base/macros.h"
#include "run/runner.h"

struct err;
struct interrupts;
struct record;
struct rundir;

struct session {
    struct runner_spec run; /* all but rundir, journal, clock and changed */
    bool screen;            /* the console, else lines */
    bool silent;            /* no lines either */
    /* Told each record of the journal, beside them; NULL: nobody. */
    void (*heard)(void *ctx, const struct record *record);
    void *heard_ctx;
    struct interrupts *interrupts; /* NULL: on screen */
    const char *layout;            /* its name, or NULL */
    const char *prefix;            /* the key, or NULL */
    bool ascii, mono;
    const size_t *breaks; /* steps to stop before, from 1 */
    size_t breaks_len;
};

/* Whether standard input and output are a terminal to show the console on. */
bool session_has_terminal(void);

/* Run it to its end. False and err when it could not even begin. */
bool session_run(const struct session *session, const struct rundir *rundir,
                 struct run_result *result, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 4);

#endif
