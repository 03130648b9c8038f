/*
 * nvt.h - the telnet protocol (RFC 854, 1143) without a connection.
 *
 * Bytes go in, text and answers come out. The peer is not trusted: nothing is
 * ever inflated, at most NVT_ANSWERS_MAX negotiations are answered, and of
 * subnegotiations only a question for the terminal's type is read at all.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_NVT_H
#define IO_NVT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"

#define NVT_ANSWERS_MAX 32 /* a connection */

enum { NVT_SE = 240, NVT_SB = 250, NVT_WILL = 251, NVT_DONT = 254 };
enum { NVT_IAC = 255 };

struct nvt;

struct nvt *nvt_new(const char *term, uint16_t cols, uint16_t rows) MUST_CHECK
    NONNULL(1); /* copies term */
void nvt_free(struct nvt *nvt);

/* Append the text in what came to text, and what is to be sent to answers. */
void nvt_receive(struct nvt *nvt, const uint8_t *bytes, size_t len,
                 struct buf *text, struct buf *answers) NONNULL(1, 4, 5);

/* Tell the size, if the peer ever asked for it. */
void nvt_resize(struct nvt *nvt, uint16_t cols, uint16_t rows,
                struct buf *answers) NONNULL(1, 4);

/* Append bytes as they have to be sent: 0xFF doubled, nothing else changed. */
void nvt_escape(const uint8_t *bytes, size_t len, struct buf *out)
    NONNULL(1, 3);

#endif
