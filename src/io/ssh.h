/*
 * ssh.h - one session to one node, on libssh; channels share it.
 *
 * The session connects when the first user needs it and stays until freed.
 * Keys and the agent are asked on a worker thread. The server's key must be
 * in the lab's own known_hosts file: one that is unknown or changed stops
 * with ERR_HOSTKEY and its SHA256, and nothing was sent to it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_SSH_H
#define IO_SSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct loop;
struct ssh;

/* Strings are copied. */
struct ssh_spec {
    const char *name; /* the node's, for messages: "host" */
    const char *host; /* name or address */
    uint16_t port;
    const char *user;
    const char *identity;    /* a private key file; NULL: agent only */
    const char *known_hosts; /* the lab's file; must name the server */
    uint32_t timeout_ms;     /* each phase: resolve, connect, key, auth */
};

struct ssh *ssh_node_new(struct loop *loop,
                         const struct ssh_spec *spec) MUST_CHECK NONNULL(1, 2);
void ssh_node_free(struct ssh *ssh); /* after all its links and commands */

/*
 * What its channels carry shall go on without us: the session's socket, which
 * somebody must hold open, yours; -1: it is not up. Then only the frees of its
 * links and its own, which say nothing to the node any more.
 */
int ssh_node_keep(struct ssh *ssh) MUST_CHECK NONNULL(1);

/* The node's name, as the spec gave it. */
const char *ssh_node_name(const struct ssh *ssh) NONNULL(1);

#endif
