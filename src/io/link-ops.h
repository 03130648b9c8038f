/*
 * link-ops.h - what one kind of link implements, and what it reports.
 *
 * A carrier is a kind's own object: it is made for each connection and closed
 * with it. It reports from the loop only, and each report is the last thing it
 * does in that turn, for the link may be freed in it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_LINK_OPS_H
#define IO_LINK_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "io/link.h"

struct loop;
struct stream_sink;

struct link_ops {
    /* What of the spec is missing or makes no sense; NULL: nothing. */
    const char *(*lacks)(const struct link_spec *spec);
    /* Begin to connect. spec is the link's and has no zero for a default. */
    void *(*open)(struct link *link, struct loop *loop,
                  const struct link_spec *spec, struct err *err);
    bool (*write)(void *carrier, const uint8_t *bytes, size_t len,
                  struct err *err);
    void (*resize)(void *carrier, uint16_t cols, uint16_t rows);
    void (*pause)(void *carrier, bool paused);
    int (*keep)(void *carrier); /* NULL: as stream_keep() with none */
    void (*close)(void *carrier);
};

extern const struct link_ops link_ssh_ops;    /* link-ssh.c */
extern const struct link_ops link_telnet_ops; /* link-telnet.c */
extern const struct link_ops link_pty_ops;    /* link-pty.c */
extern const struct link_ops link_exec_ops;   /* link-pty.c */
extern const struct link_ops link_replay_ops; /* link-replay.c */

/* The carrier reports. Of type void * to serve as a stream's sink too. */
void link_on_up(void *link) NONNULL(1);
void link_on_data(void *link, const uint8_t *bytes, size_t len) NONNULL(1);

/* It ended: lost, or closed when why->kind is ERR_NONE. close() follows. */
void link_on_end(void *link, const struct err *why, int exit_status)
    NONNULL(1, 2);

/* A carrier that is nothing but a stream: its sink, and its operations. */
void link_stream_sink(struct link *link, struct stream_sink *out) NONNULL(1, 2);
bool link_stream_write(void *carrier, const uint8_t *bytes, size_t len,
                       struct err *err);
void link_stream_resize(void *carrier, uint16_t cols, uint16_t rows);
void link_stream_pause(void *carrier, bool paused);
int link_stream_keep(void *carrier);
void link_stream_close(void *carrier);

#endif
