/*
 * link.h - a byte stream to one console, whatever carries it.
 *
 * Nothing above this floor knows whether bytes come from an ssh channel, a
 * telnet connection, a local pty or a recording. A link is connecting until
 * it is up, and up until it is lost (it broke; the reason says why) or closed
 * (the other side ended it in order, or we did). Every phase has a deadline.
 * All callbacks come from the loop, never from inside a link_ function.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_LINK_H
#define IO_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct link;
struct loop;
struct ssh; /* io/ssh.h: one session to one node */

enum link_state { LINK_CONNECTING, LINK_UP, LINK_LOST, LINK_CLOSED };

struct link_status {
    enum link_state state;
    struct err reason; /* why it is lost or closed; ERR_NONE: in order */
    int exit_status;   /* of the program at the far end; -1 unknown */
};

/* Who receives. Copied by link_new(); ctx is borrowed until link_free(). */
struct link_sink {
    /* len >= 1 bytes as they came, valid only during the call. */
    void (*data)(void *ctx, const uint8_t *bytes, size_t len);
    /* After every change; data comes only while up. */
    void (*state)(void *ctx, const struct link_status *status);
    void *ctx;
};

/* What to open. Strings are copied; ssh sessions are borrowed and outlive it.
 */
struct link_spec {
    const char *kind;    /* a name in link_kinds[] */
    struct ssh *node;    /* ssh: the session. telnet: tunnel, or NULL */
    const char *command; /* ssh, exec: what to run; NULL: a login shell */
    const char *host;    /* telnet */
    uint16_t port;       /* telnet */
    bool qemu;           /* telnet: a chardev of QEMU, with its traps */
    const char *file;    /* replay: an asciicast v2 file */
    double speed;        /* replay: 1 as recorded, 0 at once */
    const char *term;    /* TERM for the far end; NULL: xterm-256color */
    uint16_t cols, rows;
    uint32_t connect_timeout_ms; /* 0: LINK_CONNECT_TIMEOUT_MS, each phase */
    uint32_t retry_delay_ms;     /* 0: lost stays lost until asked */
    unsigned retries;            /* how often by itself, in a row */
};

#define LINK_CONNECT_TIMEOUT_MS 10000

/* One row of link_kinds[]. To add a kind: one file, one row, one test. */
struct link_ops;
struct link_kind {
    const char *name;    /* as pane files write it: "ssh" */
    const char *summary; /* one line, for help and man page */
    const struct link_ops *ops;
};
extern const struct link_kind link_kinds[];
extern const size_t link_kinds_len;

/* Start to connect; fails only when the spec makes no sense. */
struct link *link_new(struct loop *loop, const struct link_spec *spec,
                      const struct link_sink *sink, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 4);

/* Closes too. No callback comes after. NULL is fine. */
void link_free(struct link *link);

/* What the last state() call said. */
const struct link_status *link_status(const struct link *link) NONNULL(1);

/*
 * Queue len bytes. All or none: ERR_LIMIT once more than LINK_QUEUE_MAX bytes
 * wait for a peer that does not read; ERR_PEER unless the link is up.
 */
#define LINK_QUEUE_MAX (1u << 20)
bool link_write(struct link *link, const uint8_t *bytes, size_t len,
                struct err *err) MUST_CHECK NONNULL(1, 2, 4);

/* Tell the far end the size of its terminal, where the kind can. */
void link_resize(struct link *link, uint16_t cols, uint16_t rows) NONNULL(1);

/* Stop reading (the peer is then held back by its window), or go on. */
void link_pause(struct link *link, bool paused) NONNULL(1);

/* Connect again; only from lost or closed. */
void link_reconnect(struct link *link) NONNULL(1);

/* End it in order; state() then says closed. */
void link_close(struct link *link) NONNULL(1);

/*
 * What is at the far end shall go on without us: a descriptor that somebody
 * must hold open, yours; -1: it is not up, or it is carried by its node's
 * session (ssh_node_keep()). Then only link_free(), which ends nothing.
 */
int link_keep(struct link *link) MUST_CHECK NONNULL(1);

/* "connecting", "up", "lost", "closed". */
const char *link_state_name(enum link_state state);

#endif
