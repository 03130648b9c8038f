/*
 * dial.h - one TCP connection to a name: resolve it, then connect.
 *
 * Names are resolved on a worker thread, since a dead resolver blocks for ten
 * seconds and more. Both phases have the same deadline; a name's addresses
 * share the second.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_DIAL_H
#define IO_DIAL_H

#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct dial;
struct loop;

/*
 * done() comes exactly once, from the loop, unless freed before: fd is
 * connected, non-blocking, has tcp_set_options() and is yours; or fd is -1 and
 * err says why: ERR_RESOLVE, ERR_PEER, ERR_TIMEOUT.
 */
struct dial *dial_new(struct loop *loop, const char *host, uint16_t port,
                      uint32_t timeout_ms,
                      void (*done)(void *ctx, int fd, const struct err *err),
                      void *ctx) MUST_CHECK NONNULL(1, 2, 5);
void dial_free(struct dial *dial); /* also from done(); NULL is fine */

#endif
