/*
 * utf8.h - UTF-8 (RFC 3629): read, write, and hold back what is cut.
 *
 * A link cuts its bytes anywhere, also inside a character. The gate lets only
 * whole characters through and turns each invalid byte sequence into U+FFFD,
 * so that the recording and the terminal get the same bytes and neither ever
 * sees a broken one.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"

#define UTF8_REPLACEMENT 0xFFFDu
#define UTF8_MAX         4 /* bytes of the longest character */

/*
 * Decode the character that starts at bytes, len >= 1. Returns its length;
 * 0 when it is valid so far but cut by len; or a negative number -n: the n
 * bytes are invalid and count as one U+FFFD (Unicode 3.9, best practice).
 */
int utf8_decode(const uint8_t *bytes, size_t len, uint32_t *rune) NONNULL(1, 3);

/* Encode a scalar value; returns the length, 1 to UTF8_MAX. */
size_t utf8_encode(uint32_t rune, uint8_t out[UTF8_MAX]);

/*
 * It is text and nothing else: no control (C0, DEL, C1), none of those that
 * turn the direction of what stands beside them, and no separator of lines.
 */
bool utf8_is_text(uint32_t rune);

/*
 * The text with a blank for a tab or an end of line, and instead for whatever
 * else is no text: once for a character, once for a byte that is of none.
 * It is the caller's.
 */
char *utf8_plain(const char *text, size_t len, char instead) MUST_CHECK;

/* The whole text is valid UTF-8. */
bool utf8_valid(const void *bytes, size_t len);

/* What a gate holds back between two calls. Zeroed is empty. */
struct utf8_gate {
    uint8_t held[UTF8_MAX];
    size_t len;
};

/* Append to out what bytes complete; out->max 0 or 3 * (len + 3) at least. */
void utf8_gate_pass(struct utf8_gate *gate, const uint8_t *bytes, size_t len,
                    struct buf *out) NONNULL(1, 4);

/* The stream ended: what is held back will never be whole. */
void utf8_gate_end(struct utf8_gate *gate, struct buf *out) NONNULL(1, 2);

#endif
