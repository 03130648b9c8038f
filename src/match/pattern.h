/*
 * pattern.h - regular expressions (PCRE2) on lines, with limits.
 *
 * Compiled when a file is read, so that a bad pattern is reported with its
 * place before any machine is touched. Matching cannot run away: what a pattern
 * may take is limited by what it is given to search, and invalid UTF-8 matches
 * nothing.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MATCH_PATTERN_H
#define MATCH_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"

struct pattern;

/* A half-open byte range [start, end) of the text that was searched. */
struct span {
    size_t start, end;
};

enum pattern_result {
    PATTERN_NO,
    PATTERN_YES,
    PATTERN_LIMIT, /* it took too many steps: neither yes nor no */
};

/*
 * Compile text. NULL and ERR_SYNTAX saying what is wrong, with the offset of
 * the fault in bytes in *fault (0 when it has none).
 */
struct pattern *pattern_new(const char *text, size_t *fault,
                            struct err *err) MUST_CHECK NONNULL(1, 2, 3);
void pattern_free(struct pattern *pattern); /* NULL is fine */

/* Search len bytes of text; where it was found goes to *span. */
enum pattern_result pattern_find(const struct pattern *pattern,
                                 const char *text, size_t len,
                                 struct span *span) NONNULL(1, 2, 4);

/*
 * The same, and the numbered groups: groups[0] is the whole match, a group
 * that took no part has start > end. count: how many fit in groups.
 */
enum pattern_result pattern_groups(const struct pattern *pattern,
                                   const char *text, size_t len,
                                   struct span *groups, size_t count)
    NONNULL(1, 2, 4);

/*
 * It takes too many steps on a line of a few hundred bytes that somebody may
 * well print: one to be mended, not to be used. Not all are found out.
 */
bool pattern_is_evil(const struct pattern *pattern) MUST_CHECK NONNULL(1);

/* The text it was made from; borrowed. */
const char *pattern_text(const struct pattern *pattern) NONNULL(1);

#endif
