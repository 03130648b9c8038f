/*
 * reader.h - parsers of what one program prints; they publish facts.
 *
 * A reader is fed the lines of one console in their order, echoes and
 * repaints too: it takes facts from output only, but may need an echo to know
 * which command is being answered. A line it does not know is no error.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_READER_H
#define JUDGE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/line.h"

struct facts;
struct reader;

/* Where a reader publishes: its console's facts, at a line's time. */
struct reader_out {
    struct facts *facts;
    const char *console;
    uint64_t at_us;
    uint64_t row;
};

/* Publish "CONSOLE.name" at the line's place. */
void reader_text(const struct reader_out *out, const char *name,
                 const char *text) NONNULL(1, 2, 3);
void reader_number(const struct reader_out *out, const char *name,
                   double number) NONNULL(1, 2);

/* The newest value of the console's own fact, or fallback. */
double reader_last(const struct reader_out *out, const char *name,
                   double fallback) NONNULL(1, 2);

/* One row of reader_kinds[]. To add a reader: one file, one row, one test,
   and its rows in plan/fact.c. */
struct reader_kind {
    const char *name;
    size_t state_size; /* bytes; zeroed at the start */
    void (*line)(void *state, const struct reader_out *out,
                 const struct line_event *line);
};
extern const struct reader_kind *const reader_kinds[]; /* NULL-ended */

/* The kinds, each in its own file. */
extern const struct reader_kind reader_qemu_migration, reader_qemu_status,
    reader_qemu_log, reader_vhost_log, reader_testpmd_stats, reader_testpmd_rx,
    reader_testpmd_info, reader_tcpdump, reader_ethtool_channels,
    reader_ethtool_driver, reader_scapy_sent, reader_flow_times,
    reader_flow_log;

/* A reader for one console; NULL when there is no kind of this name. */
struct reader *reader_new(const char *kind, const char *console,
                          struct facts *facts) MUST_CHECK NONNULL(1, 2, 3);
void reader_free(struct reader *reader);
void reader_line(struct reader *reader, const struct line_event *line)
    NONNULL(1, 2);

#endif
