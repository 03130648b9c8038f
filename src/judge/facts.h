/*
 * facts.h - named values with their times: all that readers found in a run.
 *
 * A fact keeps every value it had, so that a leg can ask what was true before
 * the migration and what after. Each value knows the console and the row it
 * was read from, for painting it where it stands.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_FACTS_H
#define JUDGE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

struct facts;

struct fact_value {
    uint64_t at_us;
    char *text;    /* as it was printed; owned by the facts */
    double number; /* its value, where is_number */
    bool is_number;
    uint64_t row; /* of the console; FACT_NO_ROW when it was not on one */
};
#define FACT_NO_ROW UINT64_MAX

/* At most this many values a fact; then every other old one is dropped. */
#define FACT_HISTORY_MAX 4096

struct facts *facts_new(void) MUST_CHECK;
void facts_free(struct facts *facts);

/* Publish a value; also an equal one is news (it was printed again). */
void facts_set(struct facts *facts, const char *name, uint64_t at_us,
               uint64_t row, const char *text) NONNULL(1, 2, 5);
void facts_set_number(struct facts *facts, const char *name, uint64_t at_us,
                      uint64_t row, double number) NONNULL(1, 2);

/* The newest value, or NULL. Borrowed until the next facts_set(). */
const struct fact_value *facts_get(const struct facts *facts, const char *name)
    NONNULL(1, 2);

/* The newest value at or before at_us, or NULL. */
const struct fact_value *facts_at(const struct facts *facts, const char *name,
                                  uint64_t at_us) NONNULL(1, 2);

/* The first value at or after at_us, or NULL. */
const struct fact_value *facts_since(const struct facts *facts,
                                     const char *name, uint64_t at_us)
    NONNULL(1, 2);

/* All values, oldest first; len 0 when there are none. */
const struct fact_value *facts_history(const struct facts *facts,
                                       const char *name, size_t *len)
    NONNULL(1, 2, 3);

/* The newest number, or fallback. */
double facts_number(const struct facts *facts, const char *name,
                    double fallback) NONNULL(1, 2);

/* Every fact's name in turn: n from 0; NULL behind the last. */
const char *facts_name(const struct facts *facts, size_t n) NONNULL(1);

#endif
