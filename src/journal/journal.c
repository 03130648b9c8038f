/*
 * journal.c - a run's append-only event log.
 *
 * write() may take a part only: a full disk gives a short count first and an
 * errno at the next call. Both end the journal: what follows a
 * torn line could not be read.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "journal/json.h"

#define LINE_MAX_BYTES (8u << 20) /* a probe's output may be in one */
#define LISTENERS_MAX  4
/* 15 digits keep microseconds exact for 30 years; 17 would print 0.1 badly. */
#define DUMP_FLAGS                                                             \
    (JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

struct journal {
    int fd;
    struct run_clock *clock;
    int64_t seq; /* of the last record */
    off_t whole; /* where it ends */
    bool broken;
    struct {
        void (*heard)(void *ctx, const struct record *record);
        void *ctx;
    } listeners[LISTENERS_MAX];
    size_t listeners_len;
};

struct journal_reader {
    FILE *file;
    char *line;
    size_t cap;
    unsigned number; /* of the line */
};

static struct journal *
journal_on(int fd, struct run_clock *clock)
{
    struct journal *journal = xcalloc(1, sizeof *journal);

    journal->fd = fd;
    journal->clock = clock;
    return journal;
}

struct journal *
journal_create(int dirfd, struct run_clock *clock, struct err *err)
{
    int fd = openat(
        dirfd, JOURNAL_NAME,
        O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
        err_sys(err, "cannot create %s", JOURNAL_NAME);
        return NULL;
    }
    return journal_on(fd, clock);
}

/* Where the last whole line ends. */
static bool
whole_length(int fd, off_t size, off_t *whole, struct err *err)
{
    char piece[4096];

    for (*whole = size; *whole > 0;) {
        off_t from = MAX(*whole - (off_t)sizeof piece, (off_t)0);
        ssize_t len = pread(fd, piece, (size_t)(*whole - from), from);

        if (len != *whole - from)
            return err_sys(err, "cannot read %s", JOURNAL_NAME);
        for (ssize_t i = len; i > 0; i--)
            if (piece[i - 1] == '\n') {
                *whole = from + i;
                return true;
            }
        *whole = from;
    }
    return true;
}

/* Not a fifo, which would be waited for. */
static bool
demand_file(int fd, struct stat *st, struct err *err)
{
    return (fstat(fd, st) == 0 && S_ISREG(st->st_mode)) ||
           err_set(err, ERR_SYS, "%s is no file", JOURNAL_NAME);
}

static bool
cut_torn_tail(int fd, off_t *whole, struct err *err)
{
    struct stat st;

    if (!demand_file(fd, &st, err))
        return false;
    if (!whole_length(fd, st.st_size, whole, err))
        return false;
    if (*whole < st.st_size && ftruncate(fd, *whole) != 0)
        return err_sys(err, "cannot cut the torn end of %s", JOURNAL_NAME);
    return true;
}

/* Go on behind the last record: its number and its time. */
static bool
find_end(struct journal *journal, int dirfd, struct err *err)
{
    struct journal_reader *reader = journal_read(dirfd, err);
    struct record *record;
    uint64_t last_us = 0;

    if (reader == NULL)
        return false;
    err->kind = ERR_NONE;
    while ((record = journal_next(reader, err)) != NULL) {
        journal->seq = record_get_int(record, "seq", journal->seq);
        last_us = record_at_us(record);
        record_free(record);
    }
    journal_reader_free(reader);
    journal->clock->last_us = last_us;
    journal->clock->origin_us = clock_now_us() - MIN(last_us, clock_now_us());
    return err->kind == ERR_NONE;
}

struct journal *
journal_append(int dirfd, struct run_clock *clock, struct err *err)
{
    int fd =
        openat(dirfd, JOURNAL_NAME, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    struct journal *journal;

    if (fd < 0) {
        err_sys(err, "cannot open %s", JOURNAL_NAME);
        return NULL;
    }
    journal = journal_on(fd, clock);
    if (cut_torn_tail(fd, &journal->whole, err) &&
        find_end(journal, dirfd, err))
        return journal;
    journal_free(journal);
    return NULL;
}

void
journal_free(struct journal *journal)
{
    if (journal == NULL)
        return;
    close(journal->fd);
    free(journal);
}

static bool
write_all(int fd, const char *bytes, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_sys(err, "recording failed: cannot write %s",
                           JOURNAL_NAME);
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool
write_record(struct journal *journal, struct record *record, struct err *err)
{
    char *text = json_dumps(record_json(record), DUMP_FLAGS);
    struct buf line = BUF_INIT(LINE_MAX_BYTES);
    bool ok;

    if (text == NULL)
        xalloc_die();
    ok = buf_puts(&line, text) && buf_puts(&line, "\n");
    free(text);
    if (!ok)
        err_set(err, ERR_LIMIT, "a record of more than %u bytes",
                LINE_MAX_BYTES);
    else
        ok = write_all(journal->fd, line.bytes, line.len, err);
    if (ok)
        journal->whole += (off_t)line.len;
    else if (ftruncate(journal->fd, journal->whole) != 0) {
        /* The torn line stays; readers ignore it. */
    }
    buf_fini(&line);
    return ok;
}

bool
journal_add_at(struct journal *journal, struct record *record, uint64_t at_us,
               struct err *err)
{
    char stamp[CLOCK_RFC3339_SIZE];
    bool ok = false;

    record_int(record, "seq", ++journal->seq);
    record_number(record, "t", (double)at_us / 1e6);
    clock_rfc3339(clock_wall_us(), stamp);
    record_text(record, "ts", stamp);
    if (journal->broken)
        err_set(err, ERR_SYS, "recording failed before");
    else
        ok = write_record(journal, record, err);
    journal->broken = !ok;
    for (size_t i = 0; ok && i < journal->listeners_len; i++)
        journal->listeners[i].heard(journal->listeners[i].ctx, record);
    record_free(record);
    return ok;
}

bool
journal_add(struct journal *journal, struct record *record, struct err *err)
{
    return journal_add_at(journal, record, run_clock_stamp(journal->clock),
                          err);
}

bool
journal_sync(struct journal *journal, struct err *err)
{
    if (fdatasync(journal->fd) != 0 && errno != EINVAL) /* a pipe, a tmpfs */
        return err_sys(err, "recording failed: cannot sync %s", JOURNAL_NAME);
    return true;
}

void
journal_listen(struct journal *journal,
               void (*heard)(void *ctx, const struct record *record), void *ctx)
{
    BUG_ON(journal->listeners_len == LISTENERS_MAX);
    journal->listeners[journal->listeners_len].heard = heard;
    journal->listeners[journal->listeners_len++].ctx = ctx;
}

struct journal_reader *
journal_read(int dirfd, struct err *err)
{
    int fd = openat(dirfd, JOURNAL_NAME,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct journal_reader *reader;
    struct stat st;

    if (fd < 0) {
        err_sys(err, "cannot open %s", JOURNAL_NAME);
        return NULL;
    }
    if (!demand_file(fd, &st, err)) {
        close(fd);
        return NULL;
    }
    reader = xcalloc(1, sizeof *reader);
    reader->file = fdopen(fd, "r");
    if (reader->file == NULL)
        xalloc_die();
    return reader;
}

void
journal_reader_free(struct journal_reader *reader)
{
    if (reader == NULL)
        return;
    fclose(reader->file);
    free(reader->line);
    free(reader);
}

struct record *
journal_next(struct journal_reader *reader, struct err *err)
{
    json_error_t error;
    json_t *json;
    ssize_t len = getline(&reader->line, &reader->cap, reader->file);

    err->kind = ERR_NONE;
    if (len <= 0 || reader->line[len - 1] != '\n')
        return NULL;
    reader->number++;
    json = json_loadb(reader->line, (size_t)len,
                      JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json_is_object(json)) {
        json_decref(json);
        err_set(err, ERR_FILE, "%s:%u: not a record: %s", JOURNAL_NAME,
                reader->number, json == NULL ? error.text : "no object");
        return NULL;
    }
    if (json_integer_value(json_object_get(json, "v")) > 1) {
        json_decref(json);
        err_set(err, ERR_FILE, "%s:%u: written by a newer miglab", JOURNAL_NAME,
                reader->number);
        return NULL;
    }
    return record_of_json(json);
}
