/* Patterns find what they should, and none can hold the loop. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/clock.h"
#include "match/pattern.h"

static void
finds_in_lines_and_says_where(void **state)
{
    static const struct {
        const char *pattern, *text;
        enum pattern_result want;
        size_t start, end;
    } cases[] = {
        { "status:\\s+completed", "Migration status: completed", PATTERN_YES,
          10, 27 },
        { "^completed", "Migration status: completed", PATTERN_NO, 0, 0 },
        { "completed$", "Migration status: completed", PATTERN_YES, 18, 27 },
        { "caf.$", "caf\xC3\xA9", PATTERN_YES, 0, 5 },
        { "x", "\xFF\xFEx", PATTERN_YES, 2, 3 }, /* behind invalid bytes */
        { "[^a]", "\xFF", PATTERN_NO, 0, 0 },    /* they match nothing */
        { "(?i)ERROR", "an Error", PATTERN_YES, 3, 8 },
        { "", "abc", PATTERN_YES, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = ERR_INIT;
        size_t fault;
        struct pattern *pattern = pattern_new(cases[i].pattern, &fault, &err);
        struct span span = { 0, 0 };

        print_message("# %zu: /%s/\n", i, cases[i].pattern);
        assert_non_null(pattern);
        assert_int_equal(
            pattern_find(pattern, cases[i].text, strlen(cases[i].text), &span),
            cases[i].want);
        assert_int_equal(span.start, cases[i].start);
        assert_int_equal(span.end, cases[i].end);
        pattern_free(pattern);
    }
}

static void
groups_that_took_no_part_are_marked(void **state)
{
    const char *text = "failed (Connection refused)";
    struct err err = ERR_INIT;
    struct span groups[3];
    size_t fault;
    struct pattern *pattern;

    (void)state;
    pattern = pattern_new("^([a-z]+)(?: \\((.*)\\))?$", &fault, &err);
    assert_non_null(pattern);
    assert_int_equal(pattern_groups(pattern, text, strlen(text), groups, 3),
                     PATTERN_YES);
    assert_int_equal(groups[1].end, 6);
    assert_int_equal(groups[2].start, 8);
    assert_int_equal(groups[2].end, 26);
    assert_int_equal(pattern_groups(pattern, "failed", 6, groups, 3),
                     PATTERN_YES);
    assert_true(groups[2].start > groups[2].end);
    pattern_free(pattern);
}

static void
bad_patterns_are_refused_with_the_offset(void **state)
{
    struct err err = ERR_INIT;
    size_t fault;
    char *deep = malloc(5001);

    (void)state;
    assert_null(pattern_new("lab[", &fault, &err));
    assert_int_equal(err.kind, ERR_SYNTAX);
    assert_int_equal(fault, 4);
    assert_memory_equal(err.text, "bad pattern 'lab['", 18);
    assert_null(pattern_new("(?:(?:(?:ab{2,9}){99}){99}){9}", &fault, &err));
    assert_null(pattern_new("\\C", &fault, &err)); /* splits characters */
    memset(deep, '(', 5000);
    deep[5000] = '\0';
    assert_null(pattern_new(deep, &fault, &err));
    free(deep);
}

/* Hostile output against a bad pattern, under 50 ms. */
static void
evil_patterns_stop_at_their_limit(void **state)
{
    static const char *const evil[] = {
        "(a+)+$", "(a|aa)+$", "(a*)*b", "(.*a){20}x", "^(a?){50}a{50}$",
    };
    char *text = malloc(100000);

    (void)state;
    memset(text, 'a', 100000);
    text[99999] = '!';
    for (size_t i = 0; i < ARRAY_LEN(evil); i++) {
        struct err err = ERR_INIT;
        struct span span;
        size_t fault;
        struct pattern *pattern = pattern_new(evil[i], &fault, &err);
        uint64_t start;

        print_message("# /%s/\n", evil[i]);
        assert_non_null(pattern);
        start = clock_now_us();
        assert_int_not_equal(pattern_find(pattern, text, 100000, &span),
                             PATTERN_YES);
        print_message("# %llu us\n",
                      (unsigned long long)(clock_now_us() - start));
        pattern_free(pattern);
    }
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_in_lines_and_says_where),
        cmocka_unit_test(groups_that_took_no_part_are_marked),
        cmocka_unit_test(bad_patterns_are_refused_with_the_offset),
        cmocka_unit_test(evil_patterns_stop_at_their_limit),
    };

    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
