/*
 * journal.h - a run's append-only event log: the one truth about it.
 *
 * One record is one line of JSON and one write(), with O_APPEND: a process
 * that dies loses nothing it was told is written. A torn last line, left by a
 * machine that died, is cut when the journal is opened again.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/macros.h"
#include "journal/record.h"

struct journal;

#define JOURNAL_NAME "journal.jsonl"

/*
 * Create it in the folder dirfd, which must not have one. The clock gives the
 * stamps and outlives the journal.
 */
struct journal *journal_create(int dirfd, struct run_clock *clock,
                               struct err *err) MUST_CHECK NONNULL(2, 3);

/*
 * Open it to go on: a torn tail is cut, the clock is set behind the last
 * record's time.
 */
struct journal *journal_append(int dirfd, struct run_clock *clock,
                               struct err *err) MUST_CHECK NONNULL(2, 3);
void journal_free(struct journal *journal);

/*
 * Write a record, with the time of now, and give it to the listeners. Takes
 * the record. After a failed write (disk full) every further one fails too.
 */
bool journal_add(struct journal *journal, struct record *record,
                 struct err *err) MUST_CHECK NONNULL(1, 2, 3);

/* The same for something that happened at at_us, a stamp of the run's clock. */
bool journal_add_at(struct journal *journal, struct record *record,
                    uint64_t at_us, struct err *err) MUST_CHECK
    NONNULL(1, 2, 4);

/* On the disk, not only out of this process. */
bool journal_sync(struct journal *journal, struct err *err) MUST_CHECK
    NONNULL(1, 2);

/* Be told each record after it is written. At most four listeners. */
void journal_listen(struct journal *journal,
                    void (*heard)(void *ctx, const struct record *record),
                    void *ctx) NONNULL(1, 2);

struct journal_reader;

/* Read one from the start. */
struct journal_reader *journal_read(int dirfd, struct err *err) MUST_CHECK
    NONNULL(2);
void journal_reader_free(struct journal_reader *reader);

/*
 * The next record, yours; NULL at the end, or when it is broken: then err says
 * where, else its kind is ERR_NONE. A torn last line is the end.
 */
struct record *journal_next(struct journal_reader *reader,
                            struct err *err) MUST_CHECK NONNULL(1, 2);

#endif
