/* command.c - one command, run to its end, unseen: on a node or here. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/command.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "io/loop.h"
#include "io/stream.h"

struct command {
    struct stream *stream;
    struct loop_timer *timer;
    uint32_t timeout_ms;
    struct buf out;
    bool cut;
    void (*done)(void *ctx, const struct command_result *result);
    void *ctx;
};

/* Tells the owner, who may free the command: the last thing in a turn. */
static void
finish(struct command *command, const struct err *err, int status)
{
    struct buf out = command->out;
    struct command_result result = {
        .err = *err,
        .status = status,
        .out = buf_text(&out),
        .out_len = out.len,
        .cut = command->cut,
    };

    buf_init(&command->out, COMMAND_OUT_MAX);
    loop_timer_stop(command->timer);
    stream_free(command->stream);
    command->stream = NULL;
    command->done(command->ctx, &result);
    buf_fini(&out);
}

static void
on_opened(void *ctx)
{
    (void)ctx; /* its output says enough */
}

/* The output is a text for all who read it: a NUL would hide what follows. */
static void
on_data(void *ctx, const uint8_t *bytes, size_t len)
{
    struct command *command = ctx;
    size_t had = command->out.len, room = COMMAND_OUT_MAX - had;

    buf_add(&command->out, bytes, MIN(len, room));
    for (size_t i = had; i < command->out.len; i++)
        if (command->out.bytes[i] == '\0')
            command->out.bytes[i] = '?';
    command->cut = command->cut || len > room;
}

static void
on_closed(void *ctx, const struct err *why, int exit_status)
{
    struct err err = *why;

    if (err.kind == ERR_NONE && exit_status < 0)
        err_set(&err, ERR_PEER, "the command ended without a status");
    finish(ctx, &err, exit_status);
}

static void
on_timeout(void *ctx)
{
    struct command *command = ctx;
    struct err err;

    err_set(&err, ERR_TIMEOUT, "the command did not end within %.1f s",
            command->timeout_ms / 1e3);
    finish(command, &err, -1);
}

/*
 * What sh does on a node with the text, its $1. sshd hangs up only what has a
 * terminal, and sends root's sessions no signal; so the command's input is a
 * leash: when the channel is closed, read ends, and the command's own process
 * group is killed. Both its outputs are one pipe, which keeps their order.
 */
#define LEASH                                                                  \
    "exec 3<&0 </dev/null; "                                                   \
    "setsid sh -c \"$1\" 2>&1 3<&- & c=$!; exec 2>/dev/null; "                 \
    "{ read x <&3; kill -KILL -$c; } >/dev/null & w=$!; "                      \
    "exec 3<&-; wait $c; s=$?; kill $w; exit $s"

/* For the node's login shell, whatever it is. */
static char *
quote_for_node(const char *text)
{
    struct buf out = BUF_INIT(0);

    buf_puts(&out, "exec sh -c '" LEASH "' sh '");
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_puts(&out, "'\\''");
        else
            buf_add(&out, text, 1);
    }
    buf_puts(&out, "'");
    return buf_take(&out);
}

struct command *
command_new(struct loop *loop, struct ssh *ssh, const char *text,
            uint32_t timeout_ms,
            void (*done)(void *ctx, const struct command_result *result),
            void *ctx)
{
    struct command *command = xcalloc(1, sizeof *command);
    const struct stream_sink sink = { on_opened, on_data, on_closed, command };
    char *quoted = ssh != NULL ? quote_for_node(text) : NULL;
    const struct stream_ssh_spec there = { .command = quoted,
                                           .timeout_ms = timeout_ms };
    const struct stream_child_spec here = { .command = text };

    buf_init(&command->out, COMMAND_OUT_MAX);
    command->timeout_ms = timeout_ms;
    command->done = done;
    command->ctx = ctx;
    command->timer = loop_timer_new(loop, on_timeout, command);
    loop_timer_set(command->timer, (uint64_t)timeout_ms * 1000);
    command->stream = ssh != NULL ? stream_ssh_new(ssh, &there, &sink)
                                  : stream_child_new(loop, &here, &sink);
    free(quoted);
    return command;
}

void
command_free(struct command *command)
{
    if (command == NULL)
        return;
    stream_free(command->stream);
    loop_timer_free(command->timer);
    buf_fini(&command->out);
    free(command);
}
