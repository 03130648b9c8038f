/*
 * command.h - one command, run to its end, unseen: on a node or here.
 *
 * This is what probes, salvage and teardown use: an exec channel of its own
 * on a node's ssh session, or a local child process when there is no node.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_COMMAND_H
#define IO_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct command;
struct loop;
struct ssh;

struct command_result {
    struct err err;  /* ERR_NONE: it ran and ended; else it is not known */
    int status;      /* exit status; 128 + n when signal n ended it */
    const char *out; /* what it printed, both streams as they came, NUL-ended;
                        a NUL of its own is '?' */
    size_t out_len;  /* bytes */
    bool cut;        /* it printed more than COMMAND_OUT_MAX */
};

#define COMMAND_OUT_MAX (1u << 20) /* bytes kept of the output */

/*
 * Run text with sh -c on ssh's node, or locally when ssh is NULL. done() comes
 * exactly once unless the command is freed before; the result is borrowed
 * until it returns or the command is freed, which is the owner's to do.
 * timeout_ms counts from now and includes connecting.
 */
struct command *command_new(struct loop *loop, struct ssh *ssh,
                            const char *text, uint32_t timeout_ms,
                            void (*done)(void *ctx,
                                         const struct command_result *result),
                            void *ctx) MUST_CHECK NONNULL(1, 3, 5);

void command_free(struct command *command); /* stops it; NULL is fine */

#endif
