/*
 * buf.h - bytes that grow up to a maximum.
 *
 * No buffer without a maximum: what a peer sends must not become our memory.
 * bytes[len] is always NUL, so a buffer of text can be read as a string.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

struct buf {
    char *bytes; /* NULL until something is added */
    size_t len;  /* bytes, without the NUL */
    size_t cap;
    size_t max; /* bytes; 0: no maximum, for our own words only */
};

#define BUF_INIT(maximum)                                                      \
    {                                                                          \
        .max = (maximum)                                                       \
    }

void buf_init(struct buf *buf, size_t max) NONNULL(1);
void buf_fini(struct buf *buf) NONNULL(1); /* may be used again after */

/* Add all or nothing; false when the maximum would be passed. */
bool buf_add(struct buf *buf, const void *bytes, size_t len) NONNULL(1);
bool buf_puts(struct buf *buf, const char *text) NONNULL(1, 2);
bool buf_printf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3)
    NONNULL(1, 2);

/* Forget the first len bytes; len <= buf->len. */
void buf_drop(struct buf *buf, size_t len) NONNULL(1);
void buf_clear(struct buf *buf) NONNULL(1);

/* The content as a string that is yours; the buffer is empty after. */
char *buf_take(struct buf *buf) MUST_CHECK NONNULL(1);

/* The content as a string, never NULL; borrowed until the next call. */
const char *buf_text(const struct buf *buf) NONNULL(1);

#endif
