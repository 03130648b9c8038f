/*
 * record.h - one event of a run: keys and values, as a line of JSON.
 *
 * Every record has v (1), seq, t (seconds since the run's start), ts (UTC)
 * and ev (its kind); miglab-run(5) lists the kinds with their keys. Texts are
 * made valid UTF-8 on the way in.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JOURNAL_RECORD_H
#define JOURNAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

struct record;

struct record *record_new(const char *event) MUST_CHECK NONNULL(1);
void record_free(struct record *record); /* NULL is fine */

/* An equal record, yours. */
struct record *record_copy(const struct record *record) MUST_CHECK NONNULL(1);

/*
 * An equal record whose texts paint no terminal, yours: '?' for each control
 * character (C0, DEL, C1), a blank for the ends of lines and tabs.
 */
struct record *record_plain(const struct record *record) MUST_CHECK NONNULL(1);

/* Set a key; text NULL leaves it out. */
void record_text(struct record *record, const char *key, const char *text)
    NONNULL(1, 2);
void record_printf(struct record *record, const char *key, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 2, 3);
void record_number(struct record *record, const char *key, double number)
    NONNULL(1, 2);
void record_int(struct record *record, const char *key, int64_t number)
    NONNULL(1, 2);
void record_bool(struct record *record, const char *key, bool value)
    NONNULL(1, 2);

/* One more object at the end of the list under key; borrowed. */
struct record *record_item(struct record *record, const char *key) MUST_CHECK
    NONNULL(1, 2);

/* One more text at the end of the list under key. */
void record_add_text(struct record *record, const char *key, const char *text)
    NONNULL(1, 2, 3);

/* What a record says; borrowed while it lives. */
const char *record_event(const struct record *record) NONNULL(1);
uint64_t record_at_us(const struct record *record) NONNULL(1);
/* "" when the key is not there or no text. */
const char *record_get(const struct record *record, const char *key)
    NONNULL(1, 2);
bool record_has(const struct record *record, const char *key) NONNULL(1, 2);
double record_get_number(const struct record *record, const char *key,
                         double fallback) NONNULL(1, 2);
int64_t record_get_int(const struct record *record, const char *key,
                       int64_t fallback) NONNULL(1, 2);
bool record_get_bool(const struct record *record, const char *key)
    NONNULL(1, 2);

/* The list under key: its length, and item n as a record or a text. */
size_t record_len(const struct record *record, const char *key) NONNULL(1, 2);
const struct record *record_at(const struct record *record, const char *key,
                               size_t n) NONNULL(1, 2);
const char *record_text_at(const struct record *record, const char *key,
                           size_t n) NONNULL(1, 2);

#endif
