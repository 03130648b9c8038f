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

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "io/loop.h"
#include "io/ssh-channel.h"
#include "io/ssh-core.h"

/*
 * More than one turn of the session reads, so that of a channel that is not
 * paused nothing stays in libssh, which gives nothing once its session broke.
 */
#define IN_MAX (4 * STREAM_READ_MAX)

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

void
stream_ssh_wake(struct channel *channel)
{
    loop_timer_set(channel->turn, 0);
}

/* What libssh calls: nothing here may call a sink. */

static int
take_data(ssh_session session, ssh_channel handle, void *data, uint32_t len,
          int is_stderr, void *ctx)
{
    struct channel *channel = ctx;
    size_t room = IN_MAX - channel->in.len;

    (void)session;
    (void)handle;
    (void)is_stderr;
    if (channel->reading)
        return 0;
    stream_ssh_wake(channel);
    if (channel->paused)
        room = 0;
    if (len > room)
        channel->left = true;
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
    stream_ssh_wake(channel);
}

static void
note_close(ssh_session session, ssh_channel handle, void *ctx)
{
    struct channel *channel = ctx;

    (void)session;
    (void)handle;
    channel->ended = true;
    stream_ssh_wake(channel);
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

void
stream_ssh_flush(struct stream *stream)
{
    struct channel *channel = (struct channel *)stream;
    struct buf *queue = &stream->queue;

    while (ssh_open_is_done(channel) && channel->ssh != NULL &&
           queue->len > 0) {
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

void
stream_ssh_close(struct channel *channel)
{
    detach(channel);
    stream_tell_closed(&channel->base, &channel->why, channel->exit_status);
}

/* Take what libssh has, of both its buffers; 0: nothing. */
static int
take_left(struct channel *channel, uint8_t *bytes, size_t max)
{
    int len = 0;

    channel->reading = true;
    for (int is_stderr = 0; is_stderr <= 1 && len <= 0; is_stderr++)
        len = ssh_channel_read_nonblocking(channel->handle, bytes,
                                           (uint32_t)max, is_stderr);
    channel->reading = false;
    if (channel->ssh != NULL)
        ssh_node_wake(channel->ssh);
    return MAX(len, 0);
}

/* Hand over what was taken, or what was left; false: there is nothing. */
static bool
deliver(struct channel *channel)
{
    uint8_t bytes[STREAM_READ_MAX];
    size_t len, max;

    if (channel->paused || (channel->in.len == 0 && !channel->left))
        return false;
    max = loop_share(channel->loop);
    len = MIN(channel->in.len, max);
    if (len > 0) {
        memcpy(bytes, channel->in.bytes, len);
        buf_drop(&channel->in, len);
    } else {
        len = (size_t)take_left(channel, bytes, max);
        channel->left = len > 0;
    }
    if (len == 0)
        return false;
    stream_ssh_wake(channel);
    channel->base.sink.data(channel->base.sink.ctx, bytes, len);
    return true;
}

static void
take_turn(void *ctx)
{
    struct channel *channel = ctx;
    bool open = ssh_open_is_done(channel);

    if (!open && channel->why.kind == ERR_NONE) {
        ssh_open_further(channel);
        return;
    }
    if (open && channel->base.queue.len > 0)
        stream_ssh_flush(&channel->base);
    if (open && deliver(channel))
        return;
    if ((channel->ended || channel->why.kind != ERR_NONE) &&
        channel->in.len == 0 && !(channel->left && channel->paused))
        stream_ssh_close(channel);
}

void
stream_ssh_wake_all(struct ssh *ssh)
{
    struct channel *channel;

    DL_FOREACH (ssh->channels, channel)
        if (!ssh_open_is_done(channel) || channel->base.queue.len > 0)
            stream_ssh_wake(channel);
}

void
stream_ssh_fail_all(struct ssh *ssh, const struct err *why)
{
    struct channel *channel, *next;

    DL_FOREACH_SAFE (ssh->channels, channel, next) {
        channel->why = *why;
        detach(channel);
        stream_ssh_wake(channel);
    }
}

static void
pause_channel(struct stream *stream, bool paused)
{
    struct channel *channel = (struct channel *)stream;

    channel->paused = paused;
    if (!paused)
        stream_ssh_wake(channel);
}

static void
resize_channel(struct stream *stream, uint16_t cols, uint16_t rows)
{
    struct channel *channel = (struct channel *)stream;

    channel->cols = cols;
    channel->rows = rows;
    if (!channel->pty || !ssh_open_is_done(channel) || channel->ssh == NULL)
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
    .flush = stream_ssh_flush,
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
    channel->loop = ssh->loop;
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
    buf_init(&channel->in, IN_MAX);
    set_calls(channel);
    channel->turn = loop_timer_new(ssh->loop, take_turn, channel);
    ssh_open_init(channel);
    DL_APPEND(ssh->channels, channel);
    stream_ssh_wake(channel);
    ssh_node_wake(ssh);
    return &channel->base;
}
