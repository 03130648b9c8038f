/* The terminal answers little, and how it is fed changes nothing. */
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

/*
 * Feed a stream in pieces of n bytes, cut between characters; renew: with a new
 * VTerm behind each.
 */
static void
feed_pieces(struct probe *probe, const struct buf *stream, size_t n, bool renew)
{
    const uint8_t *bytes = (const uint8_t *)buf_text(stream);

    for (size_t start = 0, end = 0; start < stream->len; start = end) {
        end = MIN(start + n, stream->len);
        while (end < stream->len && (bytes[end] & 0xC0) == 0x80)
            end++;
        term_feed(probe->term, 5, bytes + start, end - start);
        if (renew)
            term_renew(probe->term);
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
        feed_pieces(&whole, &stream, stream.len, false);
        probe_check(&whole);
        for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
            probe_init(&other, size[0], size[1]);
            if (i % 2 == 0)
                term_take_slow_way(other.term);
            feed_pieces(&other, &stream, cuts[i], false);
            assert_same(&whole, &other);
            probe_fini(&other);
        }
        probe_fini(&whole);
    }
    buf_fini(&stream);
}

/*
 * A resize makes a new VTerm and pours the screens anew. When the size stays,
 * that must not show, wherever in a stream it happens: so nothing of the state
 * is forgotten - pen, modes, graphic sets, margins, tabs, saved cursors, both
 * screens, what hangs together, a pending wrap, the line that is not finished.
 */
static void
a_new_vterm_at_any_place_changes_nothing(void **state)
{
    static const uint16_t sizes[][2] = { { 20, 6 }, { 80, 24 }, { 7, 3 } };
    struct buf stream = BUF_INIT(0);
    uint64_t seed = 12;

    (void)state;
    for (int turn = 0; turn < 300; turn++) {
        const uint16_t *size = sizes[turn % 3];
        struct probe once, renewed;
        size_t n = 1 + probe_random(&seed) % 60;

        buf_clear(&stream);
        probe_stream(&seed, 150, &stream);
        probe_init(&once, size[0], size[1]);
        feed_pieces(&once, &stream, stream.len, false);
        probe_init(&renewed, size[0], size[1]);
        feed_pieces(&renewed, &stream, n, true);
        probe_check(&renewed);
        assert_same(&once, &renewed);
        probe_fini(&once);
        probe_fini(&renewed);
    }
    buf_fini(&stream);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swallowed_text_is_not_shown),
        cmocka_unit_test(only_five_questions_are_answered),
        cmocka_unit_test(terminal_without_reply_sink_answers_nothing),
        cmocka_unit_test(answers_are_a_kilobyte_a_second_at_most),
        cmocka_unit_test(reply_forms_are_exact),
        cmocka_unit_test(any_cut_and_either_way_give_the_same),
        cmocka_unit_test(a_new_vterm_at_any_place_changes_nothing),
    };

    return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
