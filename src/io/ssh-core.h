/*
 * ssh-core.h - what the ssh*.c files share: a node's session and its phases.
 *
 * A connection (struct ssh_conn) is one life of a session. The node holds it
 * while it is the current one, and so does each channel in it: when it breaks,
 * the node forgets it at once and can build the next, while the channels still
 * hand over what had arrived.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_SSH_CORE_H
#define IO_SSH_CORE_H

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "io/known-hosts.h"
#include "io/ssh.h"

struct channel;
struct dial;
struct loop;
struct loop_fd;
struct loop_timer;
struct loop_work;
struct tcp_watch;

struct ssh_conn {
    ssh_session handle;
    ssh_event event; /* once authenticated: reads for all channels */
    int fd;          /* a duplicate of the next, for us */
    int given_fd;    /* libssh's; some of its ends close it, others do not */
    struct ssh_counter_struct traffic;
    uint64_t seen; /* bytes that had come in when the channels last looked */
    unsigned users;
    bool broken;
};

/* In the order of a connection's life. */
enum phase {
    PHASE_IDLE,
    PHASE_FILES, /* a worker reads known_hosts and the private key */
    PHASE_DIAL,
    PHASE_HELLO, /* banner and key exchange, then the host key is judged */
    PHASE_KEY,
    PHASE_AGENT, /* a worker owns the session */
    PHASE_UP,
    PHASES
};

/* What was read on a worker. */
struct ssh_files {
    char *known_hosts, *host, *identity;
    uint16_t port;
    struct known_hosts known;
    struct err known_err; /* why known is empty */
    ssh_key key;          /* NULL: none, and key_err says why */
    struct err key_err;
    struct ssh *ssh; /* only for done() */
};

struct ssh {
    struct loop *loop;
    char *name, *host, *user, *identity, *known_hosts;
    uint16_t port;
    uint32_t timeout_ms;
    enum phase phase;
    struct loop_timer *deadline; /* of the phase */
    struct loop_timer *kick;     /* set: step() is due */
    struct loop_work *work;      /* of PHASE_FILES or PHASE_AGENT */
    struct ssh_files *files;
    struct ssh_agent *agent; /* in PHASE_AGENT */
    struct dial *dial;
    struct ssh_conn *conn; /* from PHASE_HELLO */
    struct loop_fd *watch;
    struct tcp_watch *peer;
    struct channel *channels; /* those that wait and those that run */
};

/* ssh.c */

/* Somebody needs the session, or packets may have been handled: look soon. */
void ssh_node_wake(struct ssh *ssh) NONNULL(1);

void ssh_node_enter(struct ssh *ssh, enum phase phase) NONNULL(1);

/* Give the connection up and tell all channels. Calls nobody back. */
void ssh_node_fail(struct ssh *ssh, const struct err *why) NONNULL(1, 2);

/* The same with "name: " and words. */
void ssh_node_failf(struct ssh *ssh, enum err_kind kind, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 3);

/* The session itself says why, or the watch on its peer. */
void ssh_node_fail_session(struct ssh *ssh, const char *doing) NONNULL(1, 2);

/* The server's words are in it: what could paint a terminal becomes '?'. */
void ssh_node_make_plain(struct err *err) NONNULL(1);

void ssh_conn_release(struct ssh_conn *conn); /* NULL is fine */

/* ssh-hello.c */

void ssh_node_hello_start(struct ssh *ssh, int fd) NONNULL(1); /* takes fd */
void ssh_node_hello_step(struct ssh *ssh) NONNULL(1);

/* ssh-auth.c */

void ssh_node_files_enter(struct ssh *ssh) NONNULL(1);
void ssh_node_files_free(struct ssh_files *files); /* NULL is fine */
void ssh_node_key_enter(struct ssh *ssh) NONNULL(1);
void ssh_node_key_step(struct ssh *ssh) NONNULL(1);

/* ssh-agent.c */

void ssh_node_agent_enter(struct ssh *ssh) NONNULL(1);

/* Wakes the worker, which then gives the session back. */
void ssh_node_agent_interrupt(struct ssh *ssh, const struct err *why)
    NONNULL(1, 2);
void ssh_node_agent_abandon(struct ssh *ssh) NONNULL(1); /* the node is freed */

/* stream-ssh.c */

/* Packets were handled: those that opened or could not send try again. */
void stream_ssh_wake_all(struct ssh *ssh) NONNULL(1);

/* The session broke: each tells so in its own turn. */
void stream_ssh_fail_all(struct ssh *ssh, const struct err *why) NONNULL(1, 2);

#endif
