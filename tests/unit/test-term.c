/* The terminal survives anything, answers little, and is not to be fooled. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/reply.h"
#include "term/term-priv.h"
#include "tests/unit/term-probe.h"

/* Everything that broke libvterm 0.1.4 or 0.3.3, by its bytes. */
static void
hostile_sequences_do_nothing(void **state)
{
    static const char *const rows[] = {
        "\033[5b",
        "\xcc\x81\033[5b",
        "\033[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;m",
        "\033[38:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1m",
        "\033[999999999999999999999999A",
        "\033[99999999999999999999;99999999999999999999r",
        "\033P$qzz\033\\",
        "\033P$q\033\\",
        "\033]0;\033\\\033]\a\033]0\a",
        "\xc2\x9b"
        "5b\xc2\x90$qm\xc2\x9c",
        "\033[?69h\033[3;5s",
        "\033[38m\033[38;5m\033[48;2;1m\033[38;2m",
        "\033#3\033#6",
        "\033 G\033[c\033 F",
        "\033[5i\033[21t\033[18t\033[>q\033[?2026$p\005",
        "\033]52;c;?\a\033]4;1;?\a\033]10;?\a",
        "\033n\033o\033N\033O\033~",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu\n", i);
        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, rows[i]);
        probe_check(&probe);
        probe_feed(&probe, 0, "\033c\033[Hok");
        assert_string_equal(probe_screen(&probe), "ok\n");
        probe_fini(&probe);
    }
}

static void
four_megabytes_at_once_are_fine(void **state)
{
    size_t len = 4 << 20;
    uint8_t *bytes = xmalloc(len);
    struct probe probe;

    (void)state;
    memset(bytes, 'x', len);
    probe_init(&probe, 200, 50);
    term_feed(probe.term, 0, bytes, len);
    probe_check(&probe);
    probe_fini(&probe);
    free(bytes);
}

static void
narrowest_terminal_takes_wide_characters(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 1, 1); /* becomes 2x2 */
    probe_feed(&probe, 0,
               "a\xe6\xbc\xa2"
               "b\xe6\xbc\xa2\033[9b\033[?7l\xe6\xbc\xa2z\xe6\xbc\xa2");
    probe_check(&probe);
    term_resize(probe.term, 0, 0, 0);
    probe_feed(&probe, 0, "\xe6\xbc\xa2\033[4h\xe6\xbc\xa2");
    probe_check(&probe);
    probe_fini(&probe);
}

static void
text_after_a_shrink_is_fine(void **state)
{
    struct probe probe;
    uint64_t seed = 3;

    (void)state;
    probe_init(&probe, 80, 24);
    for (int i = 0; i < 100; i++) {
        probe_feed(&probe, 0, "\033[99;99Hcorner\xe6\xbc\xa2\033[2;20r\033#6");
        term_resize(probe.term, 0, (uint16_t)(probe_random(&seed) % 100),
                    (uint16_t)(probe_random(&seed) % 40));
        probe_feed(&probe, 0, "text text\033M\033[5L\033[3P\xe6\xbc\xa2");
        probe_check(&probe);
    }
    probe_fini(&probe);
}

static void
unfinished_characters_do_not_reach_libvterm(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 10, 4);
    term_feed(probe.term, 0, (const uint8_t *)"\xe6\xbc", 2);
    term_feed(probe.term, 0, (const uint8_t *)"A\xf0\x9f", 3);
    term_feed(probe.term, 0, (const uint8_t *)"\033[m\xff", 4);
    probe_check(&probe);
    probe_fini(&probe);
}

static void
swallowed_text_is_not_shown(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 20, 4);
    probe_feed(&probe, 0, "$ ");
    assert_int_equal(term_due_us(probe.term), 0);
    term_swallow(probe.term, 1000);
    assert_true(term_is_swallowing(probe.term));
    assert_int_equal(term_due_us(probe.term), 1000);
    probe_feed(&probe, 10, "stty -echo\r\n\033[?1049h\033[6n\033]0;t\a");
    probe_feed(&probe, 20, "\033]133;A;aid=other\ax");
    assert_string_equal(probe_screen(&probe), "$\n");
    probe_feed(&probe, 30, "junk\033]133;A;aid=7f3a\a% ");
    assert_false(term_is_swallowing(probe.term));
    assert_int_equal(term_due_us(probe.term), 0);
    /* The prompt from before is gone: it is printed anew. */
    assert_string_equal(probe_screen(&probe), "%\n");
    assert_string_equal(buf_text(&probe.replies), "");
    assert_string_equal(buf_text(&probe.events), "mark: A -1\n");
    term_swallow(probe.term, 1000);
    probe_feed(&probe, 999, "gone");
    probe_feed(&probe, 1000, "here");
    assert_string_equal(probe_screen(&probe), "% here\n");
    term_swallow(probe.term, 2000);
    term_quiet(probe.term, 2000);
    assert_false(term_is_swallowing(probe.term));
    term_swallow(probe.term, 0); /* over before it began */
    assert_int_equal(term_due_us(probe.term), 1);
    probe_feed(&probe, 2001, "!");
    assert_string_equal(probe_screen(&probe), "% here!\n");
    probe_fini(&probe);
}

static void
only_five_questions_are_answered(void **state)
{
    static const struct {
        const char *question, *answer;
    } rows[] = {
        { "\033[c", "\033[?1;2c" },
        { "\033[0c", "\033[?1;2c" },
        { "\033[>c", "\033[>0;100;0c" },
        { "\033[5n", "\033[0n" },
        { "\033[2;3H\033[6n", "\033[2;3R" },
        { "\033[2;3H\033[?6n", "\033[?2;3R" },
        { "0123456789\033[6n", "\033[1;10R" },
        { "\033[1c", "" },
        { "\033[?5n", "" },
        { "\033[=c", "" },
        { "\033Z", "" },
        { "\005", "" },
        { "\033[?1$p", "" },
        { "\033P$qm\033\\", "" },
        { "\033P+q544e\033\\", "" },
        { "\033[21t\033[18t\033[14t", "" },
        { "\033]10;?\a\033]52;c;?\a", "" },
        { "\033[>q\033[x\033[?15n", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu\n", i);
        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, rows[i].question);
        assert_string_equal(buf_text(&probe.replies), rows[i].answer);
        probe_fini(&probe);
    }
}

static void
terminal_without_reply_sink_answers_nothing(void **state)
{
    struct term_spec spec = { .cols = 10, .rows = 4 };
    struct term_sink sink = { 0 };
    struct term *term = term_new(&spec, &sink);
    static const char bytes[] = "\033[c\033[6nline\r\n\033]133;A;aid=\a";

    (void)state;
    term_feed(term, 0, (const uint8_t *)bytes, sizeof bytes - 1);
    assert_int_equal(term_cursor(term).row, 1);
    term_free(term);
    term_free(NULL);
}

static void
answers_are_a_kilobyte_a_second_at_most(void **state)
{
    struct probe probe;
    size_t sent[4000]; /* by each millisecond */

    (void)state;
    probe_init(&probe, 10, 4);
    for (size_t ms = 0; ms < ARRAY_LEN(sent); ms++) {
        for (int i = 0; i < 10; i++)
            probe_feed(&probe, 7 + ms * 1000, "\033[c\033[6n\033[5n");
        sent[ms] = probe.replies.len;
    }
    for (size_t ms = 0; ms + 1000 < ARRAY_LEN(sent); ms++)
        assert_true(sent[ms + 1000] - sent[ms] <= REPLY_BYTES_A_SECOND);
    /* And it does answer again. */
    assert_true(sent[3999] > 3 * REPLY_BYTES_A_SECOND / 2);
    probe_fini(&probe);
}

/* Whatever comes, the bytes that go back have one of five forms. */
static void
million_sequences_get_known_answers_only(void **state)
{
    struct buf stream = BUF_INIT(0);
    struct probe probe;
    uint64_t seed = 2, at_us = 0;
    size_t tokens = 0;

    (void)state;
    probe_init(&probe, 80, 24);
    while (tokens < 1000000) {
        buf_clear(&stream);
        for (int i = 0; i < 1000; i++)
            buf_printf(&stream, "\033%s%c%d%c",
                       probe_random(&seed) % 4 ? "[" : "P$q",
                       "0123456789;?>= !$:"[probe_random(&seed) % 18],
                       (int)(probe_random(&seed) % 40),
                       (int)(0x40 + probe_random(&seed) % 0x3F));
        tokens += 1000;
        term_feed(probe.term, at_us, (const uint8_t *)buf_text(&stream),
                  stream.len);
        at_us += 1000000;
    }
    assert_true(probe.replies.len > 0);
    for (size_t i = 0; i < probe.replies.len;) {
        const char *start = buf_text(&probe.replies) + i;
        const char *next = memchr(start + 1, '\033', probe.replies.len - i - 1);
        size_t len =
            next != NULL ? (size_t)(next - start) : probe.replies.len - i;

        assert_true(reply_is_known(start, len));
        i += len;
    }
    probe_fini(&probe);
    buf_fini(&stream);
}

static void
reply_forms_are_exact(void **state)
{
    static const struct {
        const char *bytes;
        bool known;
    } rows[] = {
        { "\033[?1;2c", true },   { "\033[>0;100;0c", true },
        { "\033[0n", true },      { "\033[24;80R", true },
        { "\033[?24;80R", true }, { "\033[24;80Rx", false },
        { "\033[24;80", false },  { "\033[;80R", false },
        { "\033[24;R", false },   { "\033[1;99999R", false },
        { "x\033[0n", false },    { "", false },
        { "\033[0;1n", false },   { "\033P0$r\033\\", false },
        { "\033[?1;2$y", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        print_message("# %zu\n", i);
        assert_int_equal(reply_is_known(rows[i].bytes, strlen(rows[i].bytes)),
                         rows[i].known);
    }
}

/* Feed a stream in pieces of n bytes, cut between characters. */
static void
feed_pieces(struct probe *probe, const struct buf *stream, size_t n)
{
    const uint8_t *bytes = (const uint8_t *)buf_text(stream);

    for (size_t start = 0, end = 0; start < stream->len; start = end) {
        end = MIN(start + n, stream->len);
        while (end < stream->len && (bytes[end] & 0xC0) == 0x80)
            end++;
        term_feed(probe->term, 5, bytes + start, end - start);
    }
}

static void
assert_same(const struct probe *a, const struct probe *b)
{
    assert_string_equal(buf_text(&a->events), buf_text(&b->events));
    assert_string_equal(buf_text(&a->places), buf_text(&b->places));
    assert_string_equal(buf_text(&a->replies), buf_text(&b->replies));
    assert_true(probe_hash(a) == probe_hash(b));
}

/*
 * However the bytes were cut into reads, and whichever way text took to the
 * screen: cells, history, cursor, events, answers are the same.
 */
static void
any_cut_and_either_way_give_the_same(void **state)
{
    static const uint16_t sizes[][2] = { { 20, 6 }, { 80, 24 }, { 7, 3 } };
    static const size_t cuts[] = { 1, 3, 16, 1000 };
    struct buf stream = BUF_INIT(0);
    uint64_t seed = 11;

    (void)state;
    for (int turn = 0; turn < 120; turn++) {
        const uint16_t *size = sizes[turn % 3];
        struct probe whole, other;

        buf_clear(&stream);
        probe_stream(&seed, 150, &stream);
        probe_init(&whole, size[0], size[1]);
        feed_pieces(&whole, &stream, stream.len);
        probe_check(&whole);
        for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
            probe_init(&other, size[0], size[1]);
            if (i % 2 == 0)
                term_take_slow_way(other.term);
            feed_pieces(&other, &stream, cuts[i]);
            assert_same(&whole, &other);
            probe_fini(&other);
        }
        probe_fini(&whole);
    }
    buf_fini(&stream);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_sequences_do_nothing),
        cmocka_unit_test(four_megabytes_at_once_are_fine),
        cmocka_unit_test(narrowest_terminal_takes_wide_characters),
        cmocka_unit_test(text_after_a_shrink_is_fine),
        cmocka_unit_test(unfinished_characters_do_not_reach_libvterm),
        cmocka_unit_test(swallowed_text_is_not_shown),
        cmocka_unit_test(only_five_questions_are_answered),
        cmocka_unit_test(terminal_without_reply_sink_answers_nothing),
        cmocka_unit_test(answers_are_a_kilobyte_a_second_at_most),
        cmocka_unit_test(million_sequences_get_known_answers_only),
        cmocka_unit_test(reply_forms_are_exact),
        cmocka_unit_test(any_cut_and_either_way_give_the_same),
    };

    return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
