/*
 * ssh-open.c - open a channel of a node's session, step by step.
 *
 * Which steps there are depends on what it is for. Each is a call of libssh
 * that is made again, whenever packets came, while it says SSH_AGAIN; all of
 * them together have one deadline.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/ssh-channel.h"

#include <string.h>

#include "base/xalloc.h"
#include "io/loop.h"
#include "io/ssh-core.h"

static int
open_session(struct channel *channel)
{
    return ssh_channel_open_session(channel->handle);
}

static int
open_forward(struct channel *channel)
{
    return ssh_channel_open_forward(channel->handle, channel->host,
                                    channel->port, "127.0.0.1", 0);
}

static int
request_pty(struct channel *channel)
{
    return ssh_channel_request_pty_size(channel->handle, channel->term,
                                        channel->cols, channel->rows);
}

static int
request_program(struct channel *channel)
{
    return channel->command != NULL
               ? ssh_channel_request_exec(channel->handle, channel->command)
               : ssh_channel_request_shell(channel->handle);
}

static int (*const forward_steps[])(struct channel *) = { open_forward, NULL };
static int (*const pty_steps[])(struct channel *) = { open_session, request_pty,
                                                      request_program, NULL };
static int (*const plain_steps[])(struct channel *) = { open_session,
                                                        request_program, NULL };

static void
refuse(struct channel *channel, enum err_kind kind, const char *said)
{
    const char *what = channel->host != NULL ? channel->host : "a session";
    const char *node = ssh_node_name(channel->ssh);

    if (kind == ERR_REFUSED)
        err_set(&channel->why, kind, "%s: nobody serves %s port %d", node, what,
                channel->port);
    else
        err_set(&channel->why, kind, "%s: cannot open %s: %s", node, what,
                said);
    ssh_node_make_plain(&channel->why);
    stream_ssh_close(channel);
}

/*
 * RFC 4254 5.1: 2 is "connect failed": the node asked for us and nobody serves
 * there. Anything else is the node's own refusal. libssh tells it as text only.
 */
static enum err_kind
kind_of_refusal(const struct channel *channel, const char *said)
{
    return channel->host != NULL && strstr(said, "error (2)") != NULL
               ? ERR_REFUSED
               : ERR_PEER;
}

static void
on_deadline(void *ctx)
{
    refuse(ctx, ERR_TIMEOUT, "no answer");
}

static void
join(struct channel *channel)
{
    struct ssh *ssh = channel->ssh;

    channel->handle = ssh_channel_new(ssh->conn->handle);
    if (channel->handle == NULL)
        xalloc_die();
    channel->conn = ssh->conn;
    channel->conn->users++;
    ssh_callbacks_init(&channel->calls);
    ssh_set_channel_callbacks(channel->handle, &channel->calls);
    loop_timer_set(channel->deadline, (uint64_t)channel->timeout_ms * 1000);
}

void
ssh_open_init(struct channel *channel)
{
    channel->step = channel->host != NULL ? forward_steps
                    : channel->pty        ? pty_steps
                                          : plain_steps;
    channel->deadline =
        loop_timer_new(channel->ssh->loop, on_deadline, channel);
}

bool
ssh_open_is_done(const struct channel *channel)
{
    return *channel->step == NULL;
}

void
ssh_open_further(struct channel *channel)
{
    int rc = SSH_OK;

    if (channel->handle == NULL && channel->ssh->phase != PHASE_UP)
        return;
    if (channel->handle == NULL)
        join(channel);
    while (rc == SSH_OK && *channel->step != NULL) {
        rc = (*channel->step)(channel);
        if (rc == SSH_OK)
            channel->step++;
    }
    ssh_node_wake(channel->ssh); /* others' packets may have been handled */
    if (rc == SSH_AGAIN)
        return;
    if (rc != SSH_OK) {
        const char *said = ssh_get_error(channel->conn->handle);

        /* A broken session tells its own reason, to all. */
        if (ssh_is_connected(channel->conn->handle))
            refuse(channel, kind_of_refusal(channel, said), said);
        return;
    }
    loop_timer_stop(channel->deadline);
    stream_ssh_flush(&channel->base);
    stream_ssh_wake(channel);
    channel->base.sink.opened(channel->base.sink.ctx);
}
