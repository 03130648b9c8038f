/*
 * cast.h - recordings: asciicast v2 files, one a console.
 *
 * Source: the asciicast v2 format description (asciinema). A header line with
 * the size, then one JSON array an event: [seconds, code, text]. Ours are
 * strict: times have six decimals and only grow; "o" is output, "r" a resize
 * ("80x24"), "m" a marker (a step's number and title); input is never kept.
 * Readers ignore other codes, and a torn last line.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_CAST_H
#define IO_CAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct cast_writer;

struct cast_header {
    uint16_t cols, rows;
    uint64_t wall_us;  /* of time 0, since 1970; written in whole seconds */
    const char *title; /* may be NULL */
};

/* Create name in directory dirfd: it must not exist (O_EXCL), mode 0600. */
struct cast_writer *cast_writer_new(int dirfd, const char *name,
                                    const struct cast_header *header,
                                    struct err *err) MUST_CHECK
    NONNULL(2, 3, 4);
void cast_writer_free(struct cast_writer *cast); /* NULL is fine */

/* Valid UTF-8 only; each call is one event and one write(). */
bool cast_output(struct cast_writer *cast, uint64_t at_us, const char *text,
                 size_t len, struct err *err) MUST_CHECK NONNULL(1, 3, 5);
bool cast_resize(struct cast_writer *cast, uint64_t at_us, uint16_t cols,
                 uint16_t rows, struct err *err) MUST_CHECK NONNULL(1, 5);
bool cast_marker(struct cast_writer *cast, uint64_t at_us, const char *label,
                 struct err *err) MUST_CHECK NONNULL(1, 3, 4);

/* Bytes written to the file so far. */
uint64_t cast_offset(const struct cast_writer *cast) NONNULL(1);

struct cast_reader;

struct cast_event {
    uint64_t at_us;
    char code;        /* 'o', 'r', 'm'; others are passed on as they are */
    const char *text; /* borrowed until the next call */
    size_t len;
    uint16_t cols, rows; /* of an 'r' */
};

/* Open a recording and read its header. ERR_FILE names file and line. */
struct cast_reader *cast_reader_new(const char *path, struct cast_header *out,
                                    struct err *err) MUST_CHECK
    NONNULL(1, 2, 3);
void cast_reader_free(struct cast_reader *cast);

/* The next event; 1, or 0 at the end (also before a torn line), -1 error. */
int cast_next(struct cast_reader *cast, struct cast_event *event,
              struct err *err) MUST_CHECK NONNULL(1, 2, 3);

#endif
