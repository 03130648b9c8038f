/*
 * ssh-channel.h - what the two files of ssh channels share.
 *
 * stream-ssh.c is the stream, ssh-open.c opens it step by step.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_SSH_CHANNEL_H
#define IO_SSH_CHANNEL_H

#include <libssh/callbacks.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"
#include "io/stream.h"

struct loop;
struct loop_timer;
struct ssh;
struct ssh_conn;

struct channel {
    struct stream base; /* first: a stream is cast to its kind */
    struct loop *loop;
    struct ssh *ssh;       /* NULL once the session broke */
    struct ssh_conn *conn; /* from the first step of opening */
    ssh_channel handle;
    struct ssh_channel_callbacks_struct calls;
    char *host, *command, *term;
    uint16_t port, cols, rows;
    uint32_t timeout_ms;
    bool pty;
    /* The next step of opening; points to NULL once it is open. */
    int (*const *step)(struct channel *channel);
    struct loop_timer *turn, *deadline;
    struct buf in; /* taken from libssh, not handed over yet */
    bool left;     /* libssh may have more */
    bool reading;  /* we take it right now, not its callback */
    bool paused;
    bool ended;     /* the far end closed it */
    struct err why; /* why the session broke */
    int exit_status;
    struct channel *next, *prev;
};

/* stream-ssh.c */

/* Has a turn of its own soon. */
void stream_ssh_wake(struct channel *channel) NONNULL(1);

/* Leaves the session and tells why, or that it ended: the last thing. */
void stream_ssh_close(struct channel *channel) NONNULL(1);

void stream_ssh_flush(struct stream *stream) NONNULL(1);

/* ssh-open.c */

void ssh_open_init(struct channel *channel) NONNULL(1);
bool ssh_open_is_done(const struct channel *channel) NONNULL(1);

/* Try the next steps: the last thing in a turn. */
void ssh_open_further(struct channel *channel) NONNULL(1);

#endif
