/* str.h - small questions about strings, and lists of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

bool str_starts(const char *text, const char *prefix) NONNULL(1, 2);
bool str_ends(const char *text, const char *suffix) NONNULL(1, 2);

/* Both NULL, or both the same text. */
bool str_same(const char *a, const char *b);

/* text is empty or only blanks and tabs. */
bool str_blank(const char *text) NONNULL(1);

/* A whole decimal number and nothing else, within [min, max]. */
bool str_to_u64(const char *text, uint64_t min, uint64_t max,
                uint64_t *out) MUST_CHECK NONNULL(1, 4);

/*
 * How alike two words are: the number of letters to insert, delete, change or
 * swap with a neighbour; for "did you mean". Words over 63 letters: 64.
 */
unsigned str_distance(const char *a, const char *b) NONNULL(1, 2);

/* FNV-1a of len bytes; seed it with STR_HASH_SEED or an earlier hash. */
#define STR_HASH_SEED 14695981039346656037ULL
uint64_t str_hash(uint64_t seed, const void *bytes, size_t len);

/* A list of strings that it owns. Zeroed is empty. */
struct strs {
    char **items;
    size_t len, cap;
};

void strs_add(struct strs *list, const char *text) NONNULL(1, 2); /* copies */
void strs_take(struct strs *list, char *text) NONNULL(1, 2);      /* takes */
bool strs_has(const struct strs *list, const char *text) NONNULL(1, 2);
char *strs_join(const struct strs *list, const char *between) MUST_CHECK
    NONNULL(1, 2);
void strs_fini(struct strs *list) NONNULL(1);

#endif
