/*
 * tcp.h - what each of our TCP sockets gets: options, and a watch on the peer.
 *
 * A peer that is gone must be noticed within ten seconds, one that only does
 * not read must be waited for. TCP_USER_TIMEOUT cannot tell the two apart (it
 * cut a stopped reader's connection after 3.3 s, Linux 6.18), so keepalive
 * looks after idle connections and the watch after those with bytes under way.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_TCP_H
#define IO_TCP_H

#include <stdbool.h>

#include "base/macros.h"

struct loop;

/* TCP_NODELAY, and keepalive: an idle peer that is gone is noticed in 4 s. */
void tcp_set_options(int fd);

/*
 * Of a connection that is kept without us: a duplicate of fd, yours, that
 * gives up only after some minutes of silence; -1.
 */
int tcp_keep(int fd) MUST_CHECK;

/*
 * Acknowledge what was read at once; to be repeated after each read. QEMU's
 * Nagle and our delayed acknowledgement wait for each other: 44 ms a command
 * at the monitor, 0.04 ms with this.
 */
void tcp_ack_now(int fd);

/*
 * Looks at fd once a second while bytes are under way. When nothing has come
 * back for TCP_DEAD_MS it shuts the socket down, so that its reader wakes up.
 */
#define TCP_DEAD_MS 5000
struct tcp_watch;
struct tcp_watch *tcp_watch_new(struct loop *loop, int fd) MUST_CHECK
    NONNULL(1);
void tcp_watch_free(struct tcp_watch *watch); /* before fd is closed */

/* Something may have been written. */
void tcp_watch_poke(struct tcp_watch *watch) NONNULL(1);

/* The watch shut it down: the end of the stream was no orderly one. */
bool tcp_watch_found_dead(const struct tcp_watch *watch) NONNULL(1);

#endif
