/*
 * json.h - a small strict JSON scanner (RFC 8259), for one line at a time.
 *
 * For recordings, which are read line by line and event by event: no tree is
 * built. A scanner stops at its first mistake and stays there: check once.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_JSON_H
#define IO_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/macros.h"

struct json {
    const char *at, *end;
    const char *wrong; /* what is wrong at this place; NULL: nothing so far */
};

void json_init(struct json *json, const char *text, size_t len) NONNULL(1, 2);

/* Mark the place as wrong, unless one is; returns false. */
bool json_fail(struct json *json, const char *what) NONNULL(1, 2);

/* Blanks, then this character; json_next() only asks whether it is there. */
bool json_expect(struct json *json, char what) NONNULL(1);
bool json_next(struct json *json, char what) NONNULL(1);

/* Nothing but blanks is left. */
bool json_end(struct json *json) NONNULL(1);

bool json_number(struct json *json, double *out) MUST_CHECK NONNULL(1, 2);

/*
 * Replaces what out holds; the text is UTF-8 and may contain NUL. Not called
 * json_string(): that is jansson's, and one program links both.
 */
bool json_text(struct json *json, struct buf *out) MUST_CHECK NONNULL(1, 2);

/* Any value, at most JSON_DEPTH_MAX deep. */
#define JSON_DEPTH_MAX 16
bool json_skip(struct json *json) NONNULL(1);

/* Append text as a JSON string with its quotes; it must be UTF-8. */
void json_quote(struct buf *out, const char *text, size_t len) NONNULL(1);

#endif
