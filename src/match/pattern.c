/*
 * pattern.c - regular expressions (PCRE2) on lines, with limits.
 *
 * The match limit stops "(a+)+$" on a hostile line: 100,000
 * steps take about 2 ms. No JIT: its machine stack has limits of its own, and
 * a lab's lines are not many. Lines come without their newline, so ^ and $
 * mean the line's ends.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "match/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/xalloc.h"

#define MATCH_LIMIT  100000
#define DEPTH_LIMIT  10000
#define HEAP_LIMIT   2048 /* KiB */
#define LENGTH_MAX   4096 /* bytes of a pattern */
#define COMPILED_MAX 262144

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    char *text;
};

static pcre2_code *
compile(const char *text, size_t *fault, struct err *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    PCRE2_UCHAR why[160];
    PCRE2_SIZE offset = 0;
    pcre2_code *code;
    int rc;

    if (context == NULL)
        xalloc_die();
    pcre2_set_max_pattern_length(context, LENGTH_MAX);
    pcre2_set_parens_nest_limit(context, 50);
    code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
                             PCRE2_NEVER_BACKSLASH_C,
                         &rc, &offset, context);
    pcre2_compile_context_free(context);
    if (code == NULL) {
        pcre2_get_error_message(rc, why, sizeof why);
        err_set(err, ERR_SYNTAX, "bad pattern '%s': %s", text,
                (const char *)why);
        *fault = offset;
    }
    return code;
}

struct pattern *
pattern_new(const char *text, size_t *fault, struct err *err)
{
    struct pattern *pattern;
    pcre2_code *code;
    size_t size = 0;

    *fault = 0;
    code = compile(text, fault, err);
    if (code == NULL)
        return NULL;
    pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
    if (size > COMPILED_MAX) { /* "(?:(?:(?:ab{2,9}){99}){99}){9}" */
        err_set(err, ERR_SYNTAX, "bad pattern '%s': it repeats too much", text);
        pcre2_code_free(code);
        return NULL;
    }
    pattern = xcalloc(1, sizeof *pattern);
    pattern->code = code;
    pattern->text = xstrdup(text);
    pattern->data = pcre2_match_data_create_from_pattern(code, NULL);
    pattern->limits = pcre2_match_context_create(NULL);
    if (pattern->data == NULL || pattern->limits == NULL)
        xalloc_die();
    pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(pattern->limits, HEAP_LIMIT);
    return pattern;
}

void
pattern_free(struct pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_match_context_free(pattern->limits);
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
    free(pattern->text);
    free(pattern);
}

enum pattern_result
pattern_groups(const struct pattern *pattern, const char *text, size_t len,
               struct span *groups, size_t count)
{
    int found = pcre2_match(pattern->code, (PCRE2_SPTR)text, len, 0, 0,
                            pattern->data, pattern->limits);
    const PCRE2_SIZE *at;

    if (found == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO;
    if (found < 0)
        return PATTERN_LIMIT;
    at = pcre2_get_ovector_pointer(pattern->data);
    for (size_t i = 0; i < count; i++) {
        bool there = i < (size_t)found && at[2 * i] != PCRE2_UNSET &&
                     at[2 * i] <= at[2 * i + 1]; /* \K can swap them */

        groups[i] = there ? (struct span){ at[2 * i], at[2 * i + 1] }
                          : (struct span){ 1, 0 };
    }
    return PATTERN_YES;
}

enum pattern_result
pattern_find(const struct pattern *pattern, const char *text, size_t len,
             struct span *span)
{
    return pattern_groups(pattern, text, len, span, 1);
}

const char *
pattern_text(const struct pattern *pattern)
{
    return pattern->text;
}
