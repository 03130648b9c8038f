/* Patterns find what they should, and none can hold the loop. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/unit.h"

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

/*
 * Patterns that take long, each with what makes it: a line is a run of one
 * character and an end. evil: it is found out when it is read; the others take
 * long on long lines alone, where good ones do too.
 */
static const struct {
    const char *pattern;
    char run;
    const char *end;
    bool evil;
} slow_rows[] = {
    { "(a+)+$", 'a', "!", true },
    { "(a|aa)+$", 'a', "!", true },
    { "(a|a)*b", 'a', "!b", true },
    { "(a*)*b", 'a', "!b", true },
    { "(.*a){20}x", 'a', "!x", true },
    { "^(a?){50}a{50}$", 'a', "!", true },
    { "(x+x+)+y", 'x', "!y", true },
    { "([a-z]+)*\\d", 'a', "!1", true },
    { "(\\w+\\s?)+$", 'a', "!", true },
    { "^(([a-z])+.)+[A-Z]([a-z])+$", 'a', "!", true },
    { "(a+)\\1+b", 'a', "!b", true },
    { "(?:(?:a?){9}){9}b", 'a', "!b", true },
    { "(?:a+){2,}b", 'a', "!b", true },
    { "(\\d+,?)+;", '7', "!;", true },
    { "a*a*a*a*b", 'a', "!b", true },
    { "(?=(a+)+$)a", 'a', "!", true },
    { ".*.*.*=.*x", 'a', "!x", false },
    { "\\s+$", ' ', "!", false },
    { "a*b", 'a', "!b", false },
    { "\\d+:\\d+$", '7', "!:7x", false },
    { "[^ ]+ = .*x", 'a', "!x = ", false },
    { "a.*a.*b$", 'a', "b!", true },
};

/* 1 MB, as a console gives it. */
enum { TURN_BYTES = 65536, TURNS = 16, TOO_LONG_US = 50000 };

/* What this thread took: what else the machine does is not the pattern's. */
static uint64_t
worked_us(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* The longest turn of 1 MB in lines of so many bytes. */
static uint64_t
longest_turn_us(const struct pattern *pattern, char run, const char *end,
                size_t len)
{
    char *line = malloc(len + 1);
    uint64_t longest = 0;

    memset(line, run, len);
    strcpy(line + len - strlen(end), end);
    for (int turn = 0; turn < TURNS && longest < TOO_LONG_US; turn++) {
        uint64_t start = worked_us(), took;

        for (size_t at = 0; at < TURN_BYTES; at += len + 1) {
            struct span span;

            (void)pattern_find(pattern, line, len, &span);
        }
        took = worked_us() - start;
        longest = took > longest ? took : longest;
    }
    free(line);
    return longest;
}

static void
no_pattern_holds_a_turn_of_the_loop(void **state)
{
    static const size_t lens[] = { 30, 1400, TURN_BYTES - 1 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(slow_rows); i++) {
        struct err err = ERR_INIT;
        size_t fault;
        struct pattern *pattern =
            pattern_new(slow_rows[i].pattern, &fault, &err);
        uint64_t longest = 0;

        assert_non_null(pattern);
        for (size_t j = 0; j < ARRAY_LEN(lens); j++)
            longest = MAX(longest, longest_turn_us(pattern, slow_rows[i].run,
                                                   slow_rows[i].end, lens[j]));
        print_message("# %5llu us /%s/\n", (unsigned long long)longest,
                      slow_rows[i].pattern);
        if (getenv("MIGLAB_VALGRIND") == NULL)
            assert_true(longest < TOO_LONG_US);
        pattern_free(pattern);
    }
}

static void
evil_ones_are_found_out_when_they_are_read(void **state)
{
    static const char *const good[] = {
        "^one$",
        "status:\\s+completed",
        "Migration status: (\\w+)",
        "[a-z]+ \\d+",
        "error|fail|cannot",
        "^([a-z]+)(?: \\((.*)\\))?$",
        "^\\s*(\\d+\\.)+\\d+\\s*$",
        "\\[root@[^ ]+ [^]]*\\][#$] $",
        "(foo|bar)+baz",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(slow_rows) + ARRAY_LEN(good); i++) {
        bool slow = i < ARRAY_LEN(slow_rows);
        const char *text =
            slow ? slow_rows[i].pattern : good[i - ARRAY_LEN(slow_rows)];
        struct err err = ERR_INIT;
        size_t fault;
        struct pattern *pattern = pattern_new(text, &fault, &err);

        print_message("# /%s/\n", text);
        assert_non_null(pattern);
        assert_int_equal(pattern_is_evil(pattern), slow && slow_rows[i].evil);
        pattern_free(pattern);
    }
}

/* What is searched for in a flood of harmless lines is still found behind it.
 */
static void
a_good_one_is_never_out_of_breath(void **state)
{
    static const char line[] = "[  123.456789] eth0: link 7 up, 1000 Mbps";
    struct err err = ERR_INIT;
    struct span span;
    size_t fault;
    struct pattern *pattern =
        pattern_new("[a-z0-9]+: link \\d+ (down|gone)", &fault, &err);

    (void)state;
    assert_non_null(pattern);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(pattern_find(pattern, line, strlen(line), &span),
                         PATTERN_NO);
    assert_int_equal(pattern_find(pattern, "eth0: link 7 down", 17, &span),
                     PATTERN_YES);
    pattern_free(pattern);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_in_lines_and_says_where),
        cmocka_unit_test(groups_that_took_no_part_are_marked),
        cmocka_unit_test(bad_patterns_are_refused_with_the_offset),
        cmocka_unit_test(no_pattern_holds_a_turn_of_the_loop),
        cmocka_unit_test(evil_ones_are_found_out_when_they_are_read),
        cmocka_unit_test(a_good_one_is_never_out_of_breath),
    };

    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
