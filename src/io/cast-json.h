/*
 * cast-json.h - a small strict JSON scanner (RFC 8259), for one line at a time.
 *
 * For recordings, which are read line by line and event by event: no tree is
 * built. A scanner stops at its first mistake and stays there: check once.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_CAST_JSON_H
#define IO_CAST_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/macros.h"

struct cast_json {
    const char *at, *end;
    const char *wrong; /* what is wrong at this place; NULL: nothing so far */
};

void cast_json_init(struct cast_json *json, const char *text, size_t len)
    NONNULL(1, 2);

/* Mark the place as wrong, unless one is; returns false. */
bool cast_json_fail(struct cast_json *json, const char *what) NONNULL(1, 2);

/* Blanks, then this character; cast_json_next() only asks whether it is there.
 */
bool cast_json_expect(struct cast_json *json, char what) NONNULL(1);
bool cast_json_next(struct cast_json *json, char what) NONNULL(1);

/* Nothing but blanks is left. */
bool cast_json_end(struct cast_json *json) NONNULL(1);

bool cast_json_number(struct cast_json *json, double *out) MUST_CHECK
    NONNULL(1, 2);

/* Replaces what out holds; the text is UTF-8 and may contain NUL. */
bool cast_json_string(struct cast_json *json, struct buf *out) MUST_CHECK
    NONNULL(1, 2);

/* Any value, at most CAST_JSON_DEPTH_MAX deep. */
#define CAST_JSON_DEPTH_MAX 16
bool cast_json_skip(struct cast_json *json) NONNULL(1);

/* Append text as a JSON string with its quotes; it must be UTF-8. */
void cast_json_quote(struct buf *out, const char *text, size_t len) NONNULL(1);

#endif
