/* stream-tcp.c - a TCP connection as a stream. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/dial.h"
#include "io/loop.h"
#include "io/stream.h"
#include "io/tcp.h"

struct tcp {
    struct stream base; /* first: a stream is cast to its kind */
    struct loop *loop;
    struct dial *dial; /* until it is open */
    int fd;            /* -1 until then */
    struct loop_fd *watch;
    struct tcp_watch *peer;
    bool paused;
};

static void
want(struct tcp *tcp)
{
    if (tcp->watch != NULL)
        loop_fd_want(tcp->watch,
                     (tcp->paused ? 0 : LOOP_READ) |
                         (tcp->base.queue.len > 0 ? LOOP_WRITE : 0));
}

static void
hang_up(struct tcp *tcp)
{
    dial_free(tcp->dial);
    tcp->dial = NULL;
    loop_fd_free(tcp->watch);
    tcp->watch = NULL;
    tcp_watch_free(tcp->peer);
    tcp->peer = NULL;
    if (tcp->fd >= 0)
        close(tcp->fd);
    tcp->fd = -1;
}

/* An error of sending is left for the next read, which learns it too. */
static void
flush_tcp(struct stream *stream)
{
    struct tcp *tcp = (struct tcp *)stream;
    struct buf *queue = &stream->queue;

    while (tcp->fd >= 0 && queue->len > 0) {
        ssize_t len = send(tcp->fd, queue->bytes, queue->len, MSG_NOSIGNAL);

        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0 && errno != EAGAIN)
            buf_clear(queue); /* nobody will take it any more */
        if (len <= 0)
            break;
        buf_drop(queue, (size_t)len);
    }
    if (tcp->peer != NULL)
        tcp_watch_poke(tcp->peer);
    want(tcp);
}

static void
tell_closed(struct tcp *tcp, const struct err *why)
{
    hang_up(tcp);
    stream_tell_closed(&tcp->base, why, -1);
}

static void
tell_end(struct tcp *tcp, ssize_t len, int error)
{
    struct err why = ERR_INIT;

    if (tcp_watch_found_dead(tcp->peer) || (len < 0 && error == ETIMEDOUT))
        err_set(&why, ERR_TIMEOUT,
                "the connection broke: the peer does not answer any more");
    else if (len < 0)
        err_set(&why, ERR_PEER, "the connection broke: %s", strerror(error));
    tell_closed(tcp, &why);
}

static void
on_ready(void *ctx, int ready)
{
    struct tcp *tcp = ctx;
    uint8_t bytes[STREAM_READ_MAX];
    ssize_t len;

    if (ready & LOOP_WRITE)
        flush_tcp(&tcp->base);
    if (!(ready & LOOP_READ) || tcp->paused)
        return;
    len = recv(tcp->fd, bytes, loop_share(tcp->loop), 0);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0) {
        tell_end(tcp, len, errno);
        return;
    }
    tcp_ack_now(tcp->fd);
    tcp->base.sink.data(tcp->base.sink.ctx, bytes, (size_t)len);
}

static void
on_dialled(void *ctx, int fd, const struct err *err)
{
    struct tcp *tcp = ctx;
    if (fd < 0) {
        struct err why = *err; /* the dial's, and that is freed */

        tell_closed(tcp, &why);
        return;
    }
    dial_free(tcp->dial);
    tcp->dial = NULL;
    tcp->fd = fd;
    tcp_ack_now(fd);
    tcp->watch = loop_fd_new(tcp->loop, fd, on_ready, tcp);
    tcp->peer = tcp_watch_new(tcp->loop, fd);
    flush_tcp(&tcp->base);
    tcp->base.sink.opened(tcp->base.sink.ctx);
}

static void
pause_tcp(struct stream *stream, bool paused)
{
    struct tcp *tcp = (struct tcp *)stream;

    tcp->paused = paused;
    want(tcp);
}

/* A connection ends with the last descriptor of it, and that is not ours. */
static int
keep_tcp(struct stream *stream)
{
    struct tcp *tcp = (struct tcp *)stream;
    int kept = tcp->fd >= 0 ? tcp_keep(tcp->fd) : -1;

    if (kept >= 0)
        hang_up(tcp);
    return kept;
}

static void
free_tcp(struct stream *stream)
{
    struct tcp *tcp = (struct tcp *)stream;

    hang_up(tcp);
    stream_fini(stream);
    free(tcp);
}

static const struct stream_ops tcp_ops = {
    .flush = flush_tcp,
    .pause = pause_tcp,
    .keep = keep_tcp,
    .free = free_tcp,
};

struct stream *
stream_tcp_new(struct loop *loop, const char *host, uint16_t port,
               uint32_t timeout_ms, const struct stream_sink *sink)
{
    struct tcp *tcp = xcalloc(1, sizeof *tcp);

    stream_init(&tcp->base, &tcp_ops, sink);
    tcp->loop = loop;
    tcp->fd = -1;
    tcp->dial = dial_new(loop, host, port, timeout_ms, on_dialled, tcp);
    return &tcp->base;
}
