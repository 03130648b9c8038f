/*
 * stream.h - bytes to and from one far end, below links and commands.
 *
 * A TCP connection, a channel of a node's ssh session, or a local child: telnet
 * and commands do not care which. A stream is opening from the start, then
 * open, then closed. Its callbacks come from the loop only, and each is the
 * last thing the stream does in that turn: it may be freed in any of them.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_STREAM_H
#define IO_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"

struct loop;
struct ssh;

struct stream_sink {
    void (*opened)(void *ctx);
    /* len >= 1 bytes as they came, valid only during the call. */
    void (*data)(void *ctx, const uint8_t *bytes, size_t len);
    /* Once, last. why->kind is ERR_NONE when it ended in order. exit_status is
     * that of the program at the far end, 128 + n for signal n, -1 unknown. */
    void (*closed)(void *ctx, const struct err *why, int exit_status);
    void *ctx;
};

/* No data() has more; each asks loop_share() how much of it to read. */
#define STREAM_READ_MAX 65536

/* What each kind of stream implements; it begins with a struct stream. */
struct stream;
struct stream_ops {
    void (*flush)(struct stream *stream); /* send what can be of the queue */
    void (*pause)(struct stream *stream, bool paused);
    void (*resize)(struct stream *stream, uint16_t cols, uint16_t rows);
    int (*keep)(struct stream *stream); /* NULL: nothing of its own to hold */
    void (*free)(struct stream *stream);
};
struct stream {
    const struct stream_ops *ops;
    struct stream_sink sink;
    struct buf queue; /* what waits to be sent */
    bool closed;      /* and told so */
};

/* For the kinds: sink is copied, the queue is empty and has its maximum. */
void stream_init(struct stream *stream, const struct stream_ops *ops,
                 const struct stream_sink *sink) NONNULL(1, 2, 3);
void stream_fini(struct stream *stream) NONNULL(1);

/* For the kinds: the last thing in a turn; only the first time counts. */
void stream_tell_closed(struct stream *stream, const struct err *why,
                        int exit_status) NONNULL(1, 2);

/* Queue all or nothing: ERR_LIMIT when more than LINK_QUEUE_MAX would wait. */
bool stream_write(struct stream *stream, const void *bytes, size_t len,
                  struct err *err) MUST_CHECK NONNULL(1, 4);

/* No data() comes while paused, and the far end is held back. */
void stream_pause(struct stream *stream, bool paused) NONNULL(1);

/* Where the kind has a terminal; nothing elsewhere. */
void stream_resize(struct stream *stream, uint16_t cols, uint16_t rows)
    NONNULL(1);

/*
 * What is at the far end shall go on without us: a descriptor that somebody
 * must hold open, yours; -1: there is none of its own. Then only
 * stream_free(), which ends nothing any more.
 */
int stream_keep(struct stream *stream) MUST_CHECK NONNULL(1);

/* Ends it: what the kernel took is sent, a child loses its terminal. */
void stream_free(struct stream *stream); /* NULL is fine */

/* A TCP connection; timeout_ms for resolving and for connecting. */
struct stream *stream_tcp_new(struct loop *loop, const char *host,
                              uint16_t port, uint32_t timeout_ms,
                              const struct stream_sink *sink) MUST_CHECK
    NONNULL(1, 2, 5);

/* A channel of a node's ssh session. Strings are copied. */
struct stream_ssh_spec {
    const char *host;    /* a connection from the node to host and port, or */
    uint16_t port;       /* NULL: */
    const char *command; /* a program; NULL: the login shell */
    bool pty;
    const char *term; /* pty */
    uint16_t cols, rows;
    uint32_t timeout_ms; /* of opening, once the session is up */
};

/*
 * Opens when the session is up, which it is made to be; fails with the
 * session's error when it cannot, with ERR_PEER when the node refuses.
 */
struct stream *stream_ssh_new(struct ssh *ssh,
                              const struct stream_ssh_spec *spec,
                              const struct stream_sink *sink) MUST_CHECK
    NONNULL(1, 2, 3);

/* A local child process. */
struct stream_child_spec {
    const char *command; /* for sh -c; NULL: a login shell */
    bool pty;            /* else: no input, and one pipe for both outputs */
    const char *term;    /* pty */
    uint16_t cols, rows; /* pty */
};
struct stream *stream_child_new(struct loop *loop,
                                const struct stream_child_spec *spec,
                                const struct stream_sink *sink) MUST_CHECK
    NONNULL(1, 2, 3);

#endif
