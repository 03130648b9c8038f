/* The lowest floor: buffers keep their maximum, UTF-8 is never broken. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"

static void
buffer_takes_all_or_nothing(void **state)
{
    struct buf buf = BUF_INIT(8);

    (void)state;
    assert_string_equal(buf_text(&buf), "");
    assert_true(buf_puts(&buf, "12345"));
    assert_false(buf_puts(&buf, "6789"));
    assert_string_equal(buf_text(&buf), "12345");
    assert_true(buf_puts(&buf, "678"));
    assert_false(buf_add(&buf, "9", 1));
    buf_drop(&buf, 6);
    assert_string_equal(buf_text(&buf), "78");
    assert_false(buf_add(&buf, "", SIZE_MAX));
    buf_fini(&buf);
}

static void
error_carries_errno_and_is_cut_not_overrun(void **state)
{
    struct err err = ERR_INIT;
    char big[2 * sizeof err.text];

    (void)state;
    errno = ENOENT;
    assert_false(err_sys(&err, "cannot open %s", "x"));
    assert_int_equal(err.kind, ERR_SYS);
    assert_string_equal(err.text, "cannot open x: No such file or directory");
    memset(big, 'a', sizeof big);
    big[sizeof big - 1] = '\0';
    assert_false(err_set(&err, ERR_LIMIT, "%s", big));
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    for (int kind = 0; kind < ERR_KINDS; kind++)
        assert_non_null(err_kind_name((enum err_kind)kind));
}

static void
numbers_are_whole_and_within_bounds(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t value;
    } cases[] = {
        { "0", true, 0 },      { "65535", true, 65535 },
        { "65536", false, 0 }, { "", false, 0 },
        { "-1", false, 0 },    { "+1", false, 0 },
        { " 1", false, 0 },    { "1x", false, 0 },
        { "0x10", false, 0 },  { "99999999999999999999", false, 0 },
    };
    uint64_t value;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("# %zu: '%s'\n", i, cases[i].text);
        assert_int_equal(str_to_u64(cases[i].text, 0, 65535, &value),
                         cases[i].ok);
        if (cases[i].ok)
            assert_int_equal(value, cases[i].value);
    }
}

static void
distance_counts_what_a_typist_gets_wrong(void **state)
{
    (void)state;
    assert_int_equal(str_distance("host", "host"), 0);
    assert_int_equal(str_distance("host", "hots"), 1);
    assert_int_equal(str_distance("host", "hosts"), 1);
    assert_int_equal(str_distance("", "abc"), 3);
    assert_int_equal(str_distance("monitor", "tester"), 5);
}

static void
utf8_decoding_knows_whole_cut_and_broken(void **state)
{
    static const struct {
        const char *bytes;
        int want;
        uint32_t rune;
    } cases[] = {
        { "a", 1, 'a' },
        { "\xC3\xA9", 2, 0xE9 },
        { "\xE6\xBC\xA2", 3, 0x6F22 },
        { "\xF0\x9F\x98\x80", 4, 0x1F600 },
        { "\xE6\xBC", 0, UTF8_REPLACEMENT },          /* cut */
        { "\xF0\x9F\x98", 0, UTF8_REPLACEMENT },      /* cut */
        { "\xE6\x41", -1, UTF8_REPLACEMENT },         /* broken off */
        { "\xF0\x9F\x41", -2, UTF8_REPLACEMENT },     /* broken off later */
        { "\x80", -1, UTF8_REPLACEMENT },             /* lone tail */
        { "\xC0\xAF", -1, UTF8_REPLACEMENT },         /* overlong '/' */
        { "\xED\xA0\x80", -1, UTF8_REPLACEMENT },     /* surrogate */
        { "\xF4\x90\x80\x80", -1, UTF8_REPLACEMENT }, /* over U+10FFFF */
        { "\xFF", -1, UTF8_REPLACEMENT },
    };
    uint32_t rune;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const uint8_t *bytes = (const uint8_t *)cases[i].bytes;

        print_message("# %zu\n", i);
        assert_int_equal(utf8_decode(bytes, strlen(cases[i].bytes), &rune),
                         cases[i].want);
        assert_int_equal(rune, cases[i].rune);
    }
    for (uint32_t want = 0; want < 0x110000; want += 7) {
        uint8_t bytes[UTF8_MAX];
        size_t len;

        if (want >= 0xD800 && want < 0xE000)
            continue;
        len = utf8_encode(want, bytes);
        assert_int_equal(utf8_decode(bytes, len, &rune), (int)len);
        assert_int_equal(rune, want);
    }
}

/* Property: however the bytes are cut, the same valid text comes out. */
static void
utf8_gate_gives_the_same_for_every_cut(void **state)
{
    static const uint8_t bytes[] =
        "a\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80\xFF\xE6\x41\xF0\x9F\x98z\xC3";
    struct buf whole = BUF_INIT(0), parts = BUF_INIT(0);
    struct utf8_gate gate = { { 0 }, 0 };
    size_t len = sizeof bytes - 1;

    (void)state;
    utf8_gate_pass(&gate, bytes, len, &whole);
    utf8_gate_end(&gate, &whole);
    assert_true(utf8_valid(whole.bytes, whole.len));
    for (size_t cut1 = 0; cut1 <= len; cut1++) {
        for (size_t cut2 = cut1; cut2 <= len; cut2++) {
            buf_clear(&parts);
            utf8_gate_pass(&gate, bytes, cut1, &parts);
            assert_true(utf8_valid(buf_text(&parts), parts.len));
            utf8_gate_pass(&gate, bytes + cut1, cut2 - cut1, &parts);
            utf8_gate_pass(&gate, bytes + cut2, len - cut2, &parts);
            utf8_gate_end(&gate, &parts);
            assert_string_equal(buf_text(&parts), buf_text(&whole));
        }
    }
    buf_fini(&whole);
    buf_fini(&parts);
}

static uint64_t
fixed_time(void *ctx)
{
    return *(uint64_t *)ctx;
}

static void
no_two_stamps_of_a_run_are_equal(void **state)
{
    uint64_t now = 5000000;
    const struct clock_source source = { fixed_time, fixed_time, &now };
    struct run_clock clock;
    char label[CLOCK_LABEL_SIZE], stamp[CLOCK_RFC3339_SIZE];

    (void)state;
    clock_replace(&source);
    run_clock_start(&clock);
    assert_int_equal(run_clock_stamp(&clock), 1);
    assert_int_equal(run_clock_stamp(&clock), 2);
    now += 10;
    assert_int_equal(run_clock_stamp(&clock), 10);
    assert_int_equal(run_clock_stamp(&clock), 11);
    clock_replace(NULL);
    clock_label(1795379641250000, label);
    assert_string_equal(label, "20261122T203401Z");
    clock_rfc3339(1795379641250000, stamp);
    assert_string_equal(stamp, "2026-11-22T20:34:01.250Z");
}

static void
diagnostics_show_place_line_and_caret(void **state)
{
    char path[] = "/tmp/miglab-diag-XXXXXX";
    int fd = mkstemp(path);
    struct diags diags = { 0 };
    struct place at = { path, 2, 3 };
    char *text = NULL, *want;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a: 1\n  \033b: 2\n", 14), 14);
    close(fd);
    diags_error(&diags, &at, "unknown key \"%s\"", "b");
    at.line = 0;
    diags_warning(&diags, &at, "old");
    diags_print(&diags, out);
    fclose(out);
    want = xasprintf("%s:2:3: unknown key \"b\"\n     b: 2\n    ^\n"
                     "%s: warning: old\n",
                     path, path);
    assert_string_equal(text, want);
    assert_int_equal(diags.errors, 1);
    assert_int_equal(diags.warnings, 1);
    unlink(path);
    free(want);
    free(text);
    diags_fini(&diags);
}

static void
diagnostics_say_nothing_to_the_terminal(void **state)
{
    struct diags diags = { 0 };
    struct place at = { "f.yaml", 1, 1 };

    (void)state;
    diags_error(&diags, &at, "unknown key \"%s\"",
                "\033]0;x\a\xe2\x80\xae\xc2\x9b\xc3\xa9");
    assert_string_equal(diags.items[0].text,
                        "unknown key \"?]0;x???\xc3\xa9\"");
    diags_fini(&diags);
}

/* What this thread took: the machine may have other work. */
static uint64_t
worked_us(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* Each character once, not all that are left at each. */
static void
a_diagnostic_of_a_megabyte_takes_no_time(void **state)
{
    struct diags diags = { 0 };
    const struct place at = { "file", 1, 1 };
    size_t len = 1 << 20;
    char *text = xcalloc(len + 1, 1);
    uint64_t start_us;

    (void)state;
    for (size_t i = 0; i < len; i++)
        text[i] = "a\033\xc3\xa9"[i % 4];
    start_us = worked_us();
    diags_error(&diags, &at, "unknown key \"%s\"", text);
    assert_true(worked_us() - start_us < 2000000);
    assert_int_equal(strlen(diags.items[0].text),
                     len + strlen("unknown key \"\""));
    diags_fini(&diags);
    free(text);
}

static void
diagnostics_have_a_maximum(void **state)
{
    struct diags diags = { 0 };
    struct place at = { "x", 1, 1 };

    (void)state;
    for (int i = 0; i < 3 * DIAGS_MAX; i++)
        diags_error(&diags, &at, "no");
    assert_int_equal(diags.len, DIAGS_MAX);
    assert_int_equal(diags.errors, 3 * DIAGS_MAX);
    diags_fini(&diags);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffer_takes_all_or_nothing),
        cmocka_unit_test(error_carries_errno_and_is_cut_not_overrun),
        cmocka_unit_test(numbers_are_whole_and_within_bounds),
        cmocka_unit_test(distance_counts_what_a_typist_gets_wrong),
        cmocka_unit_test(utf8_decoding_knows_whole_cut_and_broken),
        cmocka_unit_test(utf8_gate_gives_the_same_for_every_cut),
        cmocka_unit_test(no_two_stamps_of_a_run_are_equal),
        cmocka_unit_test(diagnostics_show_place_line_and_caret),
        cmocka_unit_test(diagnostics_say_nothing_to_the_terminal),
        cmocka_unit_test(a_diagnostic_of_a_megabyte_takes_no_time),
        cmocka_unit_test(diagnostics_have_a_maximum),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
