/*
 * pattern.c - regular expressions (PCRE2) on lines, with limits.
 *
 * PCRE2 counts its steps from each place where a match may begin, so its own
 * limit stops "(a+)+$" but not "\s+$", which on a line of 16 KB of blanks took
 * a second. So it calls us before each item, and we count: steps, and the bytes
 * between them. What a pattern may cost depends on what it was given to search,
 * never on a clock: judged again, it comes to the same.
 *
 * No JIT: its machine stack has limits of its own, and a lab's lines are not
 * many. Lines come without their newline, so ^ and $ mean the line's ends.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "match/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/macros.h"
#include "base/xalloc.h"

#define MATCH_LIMIT  100000
#define DEPTH_LIMIT  10000
#define HEAP_LIMIT   2048 /* KiB */
#define LENGTH_MAX   4096 /* bytes of a pattern */
#define COMPILED_MAX 262144

/*
 * Effort: a step is STEP_EFFORT, a byte passed over is 1; 4 to 8 ns. A pattern
 * has EFFORT_MAX, and each search gives back some for its text. A good one
 * takes less than 7 a byte of what a lab prints.
 */
#define STEP_EFFORT   4
#define EFFORT_MAX    1000000
#define TEXT_EFFORT   16
#define SEARCH_EFFORT 64

/* A line that is long, yet none that takes long where nothing is wrong. */
#define RUN_LEN 256

struct effort {
    uint64_t left;
    size_t at; /* of the text, in this search */
};

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    struct effort *effort;
    char *text;
};

static int
count_step(pcre2_callout_block *step, void *ctx)
{
    struct effort *effort = ctx;
    size_t at = step->current_position, was = effort->at;
    uint64_t cost = STEP_EFFORT + (at > was ? at - was : was - at);

    effort->at = at;
    if (cost > effort->left) {
        effort->left = 0;
        return PCRE2_ERROR_CALLOUT;
    }
    effort->left -= cost;
    return 0;
}

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
                             PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
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
    pattern->effort = xcalloc(1, sizeof *pattern->effort);
    pattern->effort->left = EFFORT_MAX;
    pcre2_set_callout(pattern->limits, count_step, pattern->effort);
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
    free(pattern->effort);
    free(pattern->text);
    free(pattern);
}

enum pattern_result
pattern_groups(const struct pattern *pattern, const char *text, size_t len,
               struct span *groups, size_t count)
{
    struct effort *effort = pattern->effort;
    const PCRE2_SIZE *at;
    int found;

    effort->at = 0;
    effort->left = MIN(effort->left + SEARCH_EFFORT + len * TEXT_EFFORT,
                       (uint64_t)EFFORT_MAX);
    found = pcre2_match(pattern->code, (PCRE2_SPTR)text, len, 0, 0,
                        pattern->data, pattern->limits);
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

/* A run of one character and what cannot belong to it, then all the pattern's
   characters: some patterns look for one of them before all else. */
static bool
is_slow_on(const struct pattern *pattern, char run, char end)
{
    char text[RUN_LEN + 1 + LENGTH_MAX];
    size_t len = strlen(pattern->text);
    struct span span;

    memset(text, run, RUN_LEN);
    text[RUN_LEN] = end;
    memcpy(text + RUN_LEN + 1, pattern->text, len);
    pattern->effort->left = EFFORT_MAX;
    return pattern_find(pattern, text, RUN_LEN + 1 + len, &span) ==
           PATTERN_LIMIT;
}

bool
pattern_is_evil(const struct pattern *pattern)
{
    static const char usual[] = "a0 ";
    const char *own = pattern->text;
    bool evil = false;

    /* Without a repeat there is nothing to be slow at. */
    if (strpbrk(own, "*+{") == NULL)
        return false;
    for (const char *run = usual; *run != '\0' && !evil; run++)
        evil = is_slow_on(pattern, *run, '!') || is_slow_on(pattern, *run, 'Z');
    for (size_t i = 0; own[i] != '\0' && !evil; i++)
        evil = strchr(own, own[i]) == own + i &&
               (is_slow_on(pattern, own[i], '!') ||
                is_slow_on(pattern, own[i], 'Z'));
    pattern->effort->left = EFFORT_MAX;
    return evil;
}

const char *
pattern_text(const struct pattern *pattern)
{
    return pattern->text;
}
