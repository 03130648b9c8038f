/*
 * stream-ssh.c - channels of a node's ssh session, as streams.
 *
 * libssh's callbacks only copy and take note, for no channel may be freed
 * while libssh is at work; the sinks are called in turns of the loop that
 * belong to one channel each. What a callback does not take stays in libssh's
 * buffer and keeps the window closed: so the far end is held back.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <libssh/callbacks.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "io/link.h"
#include "io/loop.h"
#include "io/ssh-core.h"
#include "io/stream.h"

struct channel {
    struct stream base;    /* first: a stream is cast to its kind */
    struct ssh *ssh;       /* NULL once the session broke */
    struct ssh_conn *conn; /* from the first step of opening */
    ssh_channel handle;
    struct ssh_channel_callbacks_struct calls;
    char *host, *command, *term;
    uint16_t port, cols, rows;
    uint32_t timeout_ms;
    bool pty;
    int (*const *step)(struct channel *channel); /* of opening; at the end NULL
                                                  */
    struct loop_timer *turn, *deadline;
    struct buf in; /* taken from libssh, not handed over yet */
    bool left;     /* libssh has more */
    bool reading;  /* we take it right now, not its callback */
    bool paused;
    bool ended;     /* the far end closed it */
    struct err why; /* why the session broke */
    int exit_status;
    struct channel *next, *prev;
};

/* RFC 4254 6.10 names signals without SIG. */
static const struct {
    const char *name;
    int number;
} signal_names[] = {
    { "HUP", 1 },   { "INT", 2 },   { "QUIT", 3 },  { "ILL", 4 },
    { "ABRT", 6 },  { "FPE", 8 },   { "KILL", 9 },  { "USR1", 10 },
    { "SEGV", 11 }, { "USR2", 12 }, { "PIPE", 13 }, { "ALRM", 14 },
    { "TERM", 15 },
};

static void
wake(struct channel *channel)
{
    loop_timer_set(channel->turn, 0);
}

/* What libssh calls: nothing here may call a sink. */

static int
take_data(ssh_session session, ssh_channel handle, void *data, uint32_t len,
          int is_stderr, void *ctx)
{
    struct channel *channel = ctx;
    size_t room = STREAM_READ_MAX - channel->in.len;

    (void)session;
    (void)handle;
    (void)is_stderr;
    if (channel->reading)
        return 0;
    wake(channel);
    if (channel->paused)
        room = 0;
    channel->left = len > room;
    buf_add(&channel->in, data, MIN(len, room));
    return (int)MIN(len, room);
}

static void
note_eof(ssh_session session, ssh_channel handle, void *ctx)
{
    struct channel *channel = ctx;

    (void)session;
    (void)handle;
    /* Of a program, the exit status is still to come. */
    if (channel->host != NULL)
        channel->ended = true;
    wake(channel);
}

static void
note_close(ssh_session session, ssh_channel handle, void *ctx)
{
    struct channel *channel = ctx;

    (void)session;
    (void)handle;
    channel->ended = true;
    wake(channel);
}

static void
note_exit(ssh_session session, ssh_channel handle, int status, void *ctx)
{
    (void)session;
    (void)handle;
    ((struct channel *)ctx)->exit_status = status;
}

static void
note_signal(ssh_session session, ssh_channel handle, const char *name, int core,
            const char *text, const char *lang, void *ctx)
{
    (void)session;
    (void)handle;
    (void)core;
    (void)text;
    (void)lang;
    for (size_t i = 0; i < ARRAY_LEN(signal_names); i++)
        if (str_same(name, signal_names[i].name))
            ((struct channel *)ctx)->exit_status = 128 + signal_names[i].number;
}

/* The steps of opening; each is called again while it says SSH_AGAIN. */

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
flush_channel(struct stream *stream)
{
    struct channel *channel = (struct channel *)stream;
    struct buf *queue = &stream->queue;

    while (*channel->step == NULL && channel->ssh != NULL && queue->len > 0) {
        int len = ssh_channel_write(channel->handle, queue->bytes,
                                    (uint32_t)queue->len);

        if (len <= 0)
            break; /* an error is the session's, which looks in its turn */
        buf_drop(queue, (size_t)len);
    }
    if (channel->ssh != NULL)
        ssh_node_wake(channel->ssh);
}

/* Leaves the session to itself; only what had arrived is still here. */
static void
detach(struct channel *channel)
{
    loop_timer_stop(channel->deadline);
    if (channel->ssh == NULL)
        return;
    DL_DELETE(channel->ssh->channels, channel);
    channel->ssh = NULL;
}

static void
tell_closed(struct channel *channel)
{
    struct err why = channel->why;

    detach(channel);
    channel->base.sink.closed(channel->base.sink.ctx, &why,
                              channel->exit_status);
}

static void
refuse(struct channel *channel, enum err_kind kind, const char *said)
{
    const char *what = channel->host != NULL ? channel->host : "a session";

    err_set(&channel->why, kind, "%s: cannot open %s: %s",
            ssh_node_name(channel->ssh), what, said);
    tell_closed(channel);
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

static void
open_further(struct channel *channel)
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
        /* A broken session tells its own reason, to all. */
        if (ssh_is_connected(channel->conn->handle))
            refuse(channel, ERR_PEER, ssh_get_error(channel->conn->handle));
        return;
    }
    loop_timer_stop(channel->deadline);
    flush_channel(&channel->base);
    wake(channel);
    channel->base.sink.opened(channel->base.sink.ctx);
}

/* Hand over what was taken, or what was left; false: there is nothing. */
static bool
deliver(struct channel *channel)
{
    struct buf chunk = channel->in;
    uint8_t bytes[STREAM_READ_MAX];
    int len = 0;

    if (channel->paused)
        return false;
    if (chunk.len > 0) {
        buf_init(&channel->in, STREAM_READ_MAX);
        wake(channel);
        channel->base.sink.data(channel->base.sink.ctx,
                                (const uint8_t *)chunk.bytes, chunk.len);
        buf_fini(&chunk);
        return true;
    }
    if (!channel->left)
        return false;
    channel->reading = true;
    for (int is_stderr = 0; is_stderr <= 1 && len <= 0; is_stderr++)
        len = ssh_channel_read_nonblocking(channel->handle, bytes, sizeof bytes,
                                           is_stderr);
    channel->reading = false;
    if (channel->ssh != NULL)
        ssh_node_wake(channel->ssh);
    channel->left = len > 0;
    if (len <= 0)
        return false;
    wake(channel);
    channel->base.sink.data(channel->base.sink.ctx, bytes, (size_t)len);
    return true;
}

static void
take_turn(void *ctx)
{
    struct channel *channel = ctx;
    bool open = *channel->step == NULL;

    if (!open && channel->why.kind == ERR_NONE) {
        open_further(channel);
        return;
    }
    if (open && channel->base.queue.len > 0)
        flush_channel(&channel->base);
    if (open && deliver(channel))
        return;
    if ((channel->ended || channel->why.kind != ERR_NONE) &&
        channel->in.len == 0 && !(channel->left && channel->paused))
        tell_closed(channel);
}

void
stream_ssh_wake_all(struct ssh *ssh)
{
    struct channel *channel;

    DL_FOREACH (ssh->channels, channel)
        if (*channel->step != NULL || channel->base.queue.len > 0)
            wake(channel);
}

void
stream_ssh_fail_all(struct ssh *ssh, const struct err *why)
{
    struct channel *channel, *next;

    DL_FOREACH_SAFE (ssh->channels, channel, next) {
        channel->why = *why;
        detach(channel);
        wake(channel);
    }
}

static void
pause_channel(struct stream *stream, bool paused)
{
    struct channel *channel = (struct channel *)stream;

    channel->paused = paused;
    if (!paused)
        wake(channel);
}

static void
resize_channel(struct stream *stream, uint16_t cols, uint16_t rows)
{
    struct channel *channel = (struct channel *)stream;

    channel->cols = cols;
    channel->rows = rows;
    if (!channel->pty || *channel->step != NULL || channel->ssh == NULL)
        return;
    ssh_channel_change_pty_size(channel->handle, cols, rows);
    ssh_node_wake(channel->ssh);
}

static void
free_channel(struct stream *stream)
{
    struct channel *channel = (struct channel *)stream;

    if (channel->handle != NULL) {
        ssh_remove_channel_callbacks(channel->handle, &channel->calls);
        if (channel->ssh != NULL)
            ssh_channel_close(channel->handle);
        ssh_channel_free(channel->handle);
    }
    if (channel->ssh != NULL)
        ssh_node_wake(channel->ssh);
    detach(channel);
    ssh_conn_release(channel->conn);
    loop_timer_free(channel->turn);
    loop_timer_free(channel->deadline);
    stream_fini(stream);
    buf_fini(&channel->in);
    free(channel->host);
    free(channel->command);
    free(channel->term);
    free(channel);
}

static const struct stream_ops channel_ops = {
    .flush = flush_channel,
    .pause = pause_channel,
    .resize = resize_channel,
    .free = free_channel,
};

static void
set_calls(struct channel *channel)
{
    channel->calls = (struct ssh_channel_callbacks_struct){
        .userdata = channel,
        .channel_data_function = take_data,
        .channel_eof_function = note_eof,
        .channel_close_function = note_close,
        .channel_exit_status_function = note_exit,
        .channel_exit_signal_function = note_signal,
    };
}

struct stream *
stream_ssh_new(struct ssh *ssh, const struct stream_ssh_spec *spec,
               const struct stream_sink *sink)
{
    struct channel *channel = xcalloc(1, sizeof *channel);

    stream_init(&channel->base, &channel_ops, sink);
    channel->ssh = ssh;
    channel->host = spec->host != NULL ? xstrdup(spec->host) : NULL;
    channel->port = spec->port;
    channel->command = spec->command != NULL ? xstrdup(spec->command) : NULL;
    channel->term = xstrdup(spec->term != NULL ? spec->term : "dumb");
    channel->pty = spec->pty;
    channel->cols = spec->cols;
    channel->rows = spec->rows;
    channel->timeout_ms = spec->timeout_ms;
    channel->exit_status = -1;
    channel->step = spec->host != NULL ? forward_steps
                    : spec->pty        ? pty_steps
                                       : plain_steps;
    buf_init(&channel->in, STREAM_READ_MAX);
    set_calls(channel);
    channel->turn = loop_timer_new(ssh->loop, take_turn, channel);
    channel->deadline = loop_timer_new(ssh->loop, on_deadline, channel);
    DL_APPEND(ssh->channels, channel);
    wake(channel);
    ssh_node_wake(ssh);
    return &channel->base;
}
