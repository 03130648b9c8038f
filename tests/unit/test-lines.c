/* Each printed line is told once, with its whole text, its time and its tag. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/grid.h"
#include "term/term-priv.h"
#include "tests/unit/tape.h"
#include "tests/unit/term-probe.h"

#define SILENCE TERM_REPAINT_SILENCE_US

static void
assert_events(const char *bytes, const char *events)
{
    struct probe probe;

    probe_init(&probe, 10, 4);
    probe_feed(&probe, 0, bytes);
    assert_string_equal(buf_text(&probe.events), events);
    probe_fini(&probe);
}

struct told {
    const char *bytes, *events;
};

static void
check_rows(const struct told *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        print_message("# %zu\n", i);
        assert_events(rows[i].bytes, rows[i].events);
    }
}

static void
linefeed_finishes_a_line(void **state)
{
    static const struct told rows[] = {
        { "one", "" },
        { "one\r\ntwo\r\n", "output: one\noutput: two\n" },
        { "one\n\rtwo\n", "output: one\noutput: two\n" },
        { "a\vb\fc\033Dd\033Ee",
          "output: a\noutput:  b\noutput:   c\noutput:    d\n" },
        { "a\r\n\r\n\r\nb\r\n", "output: a\noutput: \noutput: \noutput: b\n" },
        { "a  \r\n   \r\n b\r\n", "output: a\noutput: \noutput:  b\n" },
        { "\033[31mred\033[0m\033[K\r\n", "output: red\n" },
        { "a\tb\r\n", "output: a       b\n" },
        { "\xe6\xbc\xa2"
          "e\xcc\x81\r\n",
          "output: \xe6\xbc\xa2"
          "e\xcc\x81\n" },
        { "10%\r20%\r99%\r\n", "output: 99%\n" },
        { "abcdef\rxyz\033[K\r\n", "output: xyz\n" },
        { "ab\b\bcd\r\n", "output: cd\n" },
        { "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n",
          "output: 1\noutput: 2\noutput: 3\noutput: 4\noutput: 5\n"
          "output: 6\n" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void
wrapped_rows_are_one_line(void **state)
{
    static const struct told rows[] = {
        { "0123456789\r\nabc\r\n", "output: 0123456789\noutput: abc\n" },
        { "0123456789abc\r\n", "output: 0123456789abc\n" },
        { "0123456789abcdefghij\r\n", "output: 0123456789abcdefghij\n" },
        { "0123456789012345678901234567890123456789012345678901\r\nx\r\n",
          "output: 0123456789012345678901234567890123456789012345678901\n"
          "output: x\n" },
        { "01234567  abc\r\n", "output: 01234567  abc\n" },
        { "012345678\xe6\xbc\xa2\r\n", "output: 012345678\xe6\xbc\xa2\n" },
        { "0123456789\033[31mabc\r\n", "output: 0123456789abc\n" },
        { "x\t56789abc\r\n", "output: x       56789abc\n" },
        /* below old text that was wrapped, too */
        { "0123456789abc\033[H9876543210\r\nxyz\r\n",
          "output: 0123456789abc\noutput: 9876543210\noutput: xyz\n" },
        { "0123456789abc\r\n\033[2;1Hxyz\r\n",
          "output: 0123456789abc\noutput: xyz\n" },
        { "0123456789abc\033[H9876543210\r\n\r\n",
          "output: 0123456789abc\noutput: 9876543210\n" },
        { "0123456789012345678901234\033[H\033[2Cxyz\r\n",
          "output: 0123456789012345678901234\noutput: 01xyz56789\n" },
        { "0123456789012345678901234\033[Ha\r\nb\r\nc\r\n",
          "output: 0123456789012345678901234\noutput: a123456789\n"
          "output: b123456789\noutput: c1234\n" },
        { "0123456789012345678901234\033[2Haaaaaaaaaabb\r\n",
          "output: 0123456789012345678901234\noutput: aaaaaaaaaabb234\n" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

/* A command that takes several rows, as readline draws and edits it. */
static void
edited_command_is_one_line(void **state)
{
    static const struct told rows[] = {
        /* the wrap is made to happen by a character that is printed again */
        { "$ 23456789a\rabc\r\n", "output: $ 23456789abc\n" },
        { "$ 23456789 \rabc\r\n", "output: $ 23456789abc\n" },
        /* up, change, and down with a linefeed */
        { "$ 23456789abc\033[A\rX\n\r\033[3C\r\n", "output: X 23456789abc\n" },
        { "$ 23456789abc\033[A\rX\n\rY\r\n", "output: X 23456789Ybc\n" },
        { "$ 23456789abc\b\b\b\b\bZ\033[B\r\n", "output: $ 234567Z9abc\n" },
        /* made shorter: the rest is erased */
        { "$ 23456789abc\033[A\033[3G\033[J\r\nx\r\n",
          "output: $\noutput: x\n" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void
addressing_finishes_a_line_that_has_news(void **state)
{
    static const struct told rows[] = {
        { "one\033[3Htwo\033[Hx", "output: one\noutput: two\n" },
        { "one\033[3H\033[H\033[4H", "output: one\n" },
        { "one\033[3Gx\033[1G\033[2K\033[20C", "" },
        { "one\033[B", "output: one\n" },
        { "one\r\ntwo\033[A", "output: one\noutput: two\n" },
        { "one\r\ntwo\033M", "output: one\noutput: two\n" },
        { "one\r\ntwo\0338", "output: one\noutput: two\n" },
        { "one\r\ntwo\033[F", "output: one\noutput: two\n" },
        { "one\r\ntwo\033[1;3r", "output: one\noutput: two\n" },
        { "one\033[S", "output: one\n" },
        { "one\033[T", "output: one\n" },
        { "one\033[L", "output: one\n" },
        { "one\033M", "output: one\n" }, /* scrolls under the cursor */
        { "one\033[M\r\n", "output: \n" },
        { "one\033[2K\r\n", "output: \n" },
        { "one\033[2J", "output: one\n" },
        { "one\033[H\033[J", "output: one\n" },
        { "one\033c", "output: one\n" },
        { "one\033[?3l", "output: one\n" },
        /* come back: nothing was printed, or something was */
        { "one\r\n\033[H\r\n", "output: one\n" },
        { "one\r\n\033[H\033[5C\033[3H", "output: one\n" },
        { "one\r\n\033[1;4H!\033[3H", "output: one\noutput: one!\n" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void
line_has_the_time_of_its_end_and_its_first_row(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 10, 4);
    probe_feed(&probe, 100, "a\r\nb");
    probe_feed(&probe, 200, "b");
    probe_feed(&probe, 300, "\r");
    probe_feed(&probe, 400, "\n0123456789abc\r\n");
    probe_feed(&probe, 500, "1\r\n2\r\n3\r\n");
    assert_string_equal(buf_text(&probe.events),
                        "output: a\noutput: bb\noutput: 0123456789abc\n"
                        "output: 1\noutput: 2\noutput: 3\n");
    assert_string_equal(buf_text(&probe.places),
                        "100 0\n400 1\n400 2\n500 4\n500 5\n500 6\n");
    probe_fini(&probe);
}

static void
row_of_an_event_has_its_text(void **state)
{
    struct probe probe;
    struct term_cell cells[10];
    char *end;

    (void)state;
    probe_init(&probe, 10, 4);
    for (char c = 'a'; c <= 'z'; c++)
        probe_feed(&probe, 0, (char[]){ c, '\r', '\n', '\0' });
    const char *place = buf_text(&probe.places);
    for (char c = 'a'; c <= 'z'; c++) {
        strtoull(place, &end, 10);
        assert_true(
            term_row(probe.term, strtoull(end, &end, 10), cells, 10, NULL));
        assert_int_equal(cells[0].rune, c);
        place = end + 1;
    }
    probe_fini(&probe);
}

static void
endless_line_is_broken_and_whole(void **state)
{
    struct probe probe;
    const char *at;
    size_t total = 0;

    (void)state;
    probe_init(&probe, 80, 24);
    for (int i = 0; i < 30000; i++)
        probe_feed(&probe, 0, "0123456789");
    probe_feed(&probe, 0, "\r\n");
    at = buf_text(&probe.events);
    while (*at != '\0') {
        size_t len = strcspn(at, "\n");

        assert_true(str_starts(at, "output: "));
        assert_true(len - 8 <= LINE_CELLS_MAX);
        for (size_t i = 0; i < len - 8; i++)
            if (at[8 + i] != (char)('0' + (total + i) % 10))
                fail();
        total += len - 8;
        at += len + 1;
    }
    assert_int_equal(total, 300000);
    assert_true(probe.lines[LINE_OUTPUT] >= 5);
    probe_fini(&probe);
}

/* Prompt marks as bash sends them. */
#define A     "\033]133;A;aid=7f3a\a"
#define B     "\033]133;B;aid=7f3a\a"
#define C     "\033]133;C;aid=7f3a\a"
#define D(st) "\033]133;D;" st ";aid=7f3a\a"

static void
what_stands_behind_the_prompt_is_echo(void **state)
{
    static const struct told rows[] = {
        { A "$ " B "ls\r\n" C "file\r\n" D("0") A "$ " B,
          "mark: A -1\nmark: B -1\necho: $ ls\nmark: C -1\n"
          "output: file\nmark: D 0\nmark: A -1\nmark: B -1\n" },
        /* no newline at the end of the output: it stands before the prompt */
        { A "$ " B "ls\r\n" C "abc" D("1") A "$ " B "x\r\n",
          "mark: A -1\nmark: B -1\necho: $ ls\nmark: C -1\nmark: D 1\n"
          "mark: A -1\nmark: B -1\necho: abc$ x\n" },
        /* a wrapped command, which readline redraws */
        { A "$ " B "0123456\r$ 012345678\b\r\n" C "o\r\n",
          "mark: A -1\nmark: B -1\necho: $ 012345678\nmark: C -1\n"
          "output: o\n" },
        /* Ctrl-C at the prompt, an error of syntax: no C */
        { A "$ " B "ab^C\r\n" D("130") A "$ " B,
          "mark: A -1\nmark: B -1\necho: $ ab^C\nmark: D 130\n"
          "mark: A -1\nmark: B -1\n" },
        { A "$ " B ")\r\nbad\r\n" D("2"),
          "mark: A -1\nmark: B -1\necho: $ )\noutput: bad\nmark: D 2\n" },
        /* Ctrl-L: the prompt line is left by addressing, then drawn again */
        { A "$ " B "ls\033[H\033[2J" A "$ " B "ls\r\n" C "f\r\n",
          "mark: A -1\nmark: B -1\necho: $ ls\nmark: A -1\nmark: B -1\n"
          "echo: $ ls\nmark: C -1\noutput: f\n" },
        /* without the nonce nothing is a mark */
        { "\033]133;B\a$ ls\r\n", "output: $ ls\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu\n", i);
        probe_init(&probe, 10, 8);
        probe_feed(&probe, 0, rows[i].bytes);
        assert_string_equal(buf_text(&probe.events), rows[i].events);
        probe_fini(&probe);
    }
}

static void
marks_tell_their_row(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 10, 4);
    probe_feed(&probe, 5, "1\r\n2\r\n3\r\n4\r\n5\r\n" A "$ " B);
    assert_non_null(strstr(buf_text(&probe.places), "5 4\n5 5\n5 5\n"));
    probe_fini(&probe);
}

static void
attach_repaints_until_the_first_silence(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 20, 6);
    probe_feed(&probe, 1000, "$ screen -r\r\n");
    probe_feed(&probe, 2000, "\033[?1049h\033[H\033[2Jold 1\r\nold 2\r\n");
    assert_int_equal(term_due_us(probe.term), 2000 + SILENCE);
    probe_feed(&probe, 2000 + SILENCE - 1, "old 3\r\n\033[5Hold 4\033[4H");
    assert_int_equal(term_due_us(probe.term), 2000 + 2 * SILENCE - 1);
    probe_feed(&probe, 2000 + 2 * SILENCE - 1, "new 1\r\n");
    assert_int_equal(term_due_us(probe.term), 0);
    assert_string_equal(buf_text(&probe.events),
                        "output: $ screen -r\nrepaint: old 1\n"
                        "repaint: old 2\nrepaint: old 3\nrepaint: old 4\n"
                        "output: new 1\n");
    probe_fini(&probe);
}

static void
line_painted_before_the_silence_is_old_after_it(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 20, 6);
    probe_feed(&probe, 0, "\033[?1049h\033[Hold\r\nprompt>");
    probe_feed(&probe, 500000, "\r\n");             /* nothing was added */
    probe_feed(&probe, 500000, "prompt2> new\r\n"); /* all of it was */
    /* printed again now */
    probe_feed(&probe, 500000, "\033[2H\033[Kold\033[3H");
    assert_string_equal(buf_text(&probe.events),
                        "repaint: old\nrepaint: prompt>\n"
                        "output: prompt2> new\noutput: old\n");
    probe_fini(&probe);
}

/* Who has the alternate screen paints all of it again, whenever it likes. */
static void
painting_from_the_top_again_is_a_repaint(void **state)
{
    static const char *const again[] = {
        "\033[H\033[2J", /* GNU screen: C-a l, screen -X redisplay */
        "\033[2J\033[H", "\033[H", "\033[1;1H", "\033[1d\r", "\033[H\033[J",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(again); i++) {
        struct probe probe;

        probe_init(&probe, 20, 6);
        probe_feed(&probe, 0, "\033[?1049h\033[H\033[2Jold\r\n");
        probe_feed(&probe, 100000, "new\r\n");
        for (uint64_t at_us = 1000000; at_us < 9000000; at_us += 1000000) {
            probe_feed(&probe, at_us, again[i]);
            probe_feed(&probe, at_us, "old\r\nnew\r\n");
        }
        probe_feed(&probe, 9000000, "newer\r\n");
        assert_int_equal(probe.lines[LINE_OUTPUT], 2);
        assert_int_equal(probe.lines[LINE_REPAINT], 17);
        probe_fini(&probe);
    }
}

static void
stream_without_silence_is_news_after_two_seconds(void **state)
{
    struct probe probe;
    uint64_t at_us = 0;

    (void)state;
    probe_init(&probe, 20, 6);
    probe_feed(&probe, at_us, "\033[?1049h");
    for (; at_us < 3000000; at_us += 10000)
        probe_feed(&probe, at_us, "packet\r\n");
    assert_int_equal(probe.lines[LINE_REPAINT], 200);
    assert_int_equal(probe.lines[LINE_OUTPUT], 100);
    probe_fini(&probe);
}

static void
resize_and_being_told_repaint_too(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 20, 6);
    probe_feed(&probe, 0, "a\r\n");
    term_resize(probe.term, 100, 30, 6);
    probe_feed(&probe, 200, "b\r\n");
    probe_feed(&probe, 200 + SILENCE, "c\r\n");
    term_resize(probe.term, 300000, 30, 6); /* the same size: nothing */
    probe_feed(&probe, 300000, "d\r\n");
    term_repaint(probe.term, 400000);
    assert_int_equal(term_due_us(probe.term), 400000 + SILENCE);
    probe_feed(&probe, 400001, "e\r\n");
    term_quiet(probe.term, 400000 + SILENCE); /* not silent for long enough */
    probe_feed(&probe, 400000 + SILENCE, "f\r\n");
    term_quiet(probe.term, 400000 + 2 * SILENCE);
    assert_int_equal(term_due_us(probe.term), 0);
    probe_feed(&probe, 400000 + 2 * SILENCE, "g\r\n");
    assert_string_equal(buf_text(&probe.events),
                        "output: a\nrepaint: b\noutput: c\noutput: d\n"
                        "repaint: e\nrepaint: f\noutput: g\n");
    probe_fini(&probe);
}

static void
our_marks_end_a_repaint(void **state)
{
    static const struct told rows[] = {
        { "old\r\n\033]133;A;aid=7f3a\a$ \033]133;B;aid=7f3a\ax\r\nnew\r\n",
          "repaint: old\nmark: A -1\nmark: B -1\necho: $ x\noutput: new\n" },
        { "old\r\n\033]133;C;aid=7f3a\anew\r\n",
          "repaint: old\nmark: C -1\noutput: new\n" },
        { "\033]133;D;0;aid=7f3a\aold\r\n\033]133;A;aid=7f3a\aold\r\n",
          "mark: D 0\nrepaint: old\nmark: A -1\nrepaint: old\n" },
        { "\033]133;B;aid=0000\aold\r\n\033]133;C\aold\r\n",
          "repaint: old\nrepaint: old\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu\n", i);
        probe_init(&probe, 20, 6);
        term_repaint(probe.term, 0);
        probe_feed(&probe, 1, rows[i].bytes);
        assert_string_equal(buf_text(&probe.events), rows[i].events);
        probe_fini(&probe);
    }
}

static void
detach_brings_no_line_back_and_its_word_is_output(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 40, 6);
    probe_feed(&probe, 0, "login\r\n$ screen -r\r\n");
    probe_feed(&probe, 1, "\033[?1049h\033[H\033[Jpacket 1\r\npacket 2");
    probe_feed(&probe, 2, "\033[6;1H\033[?1049l[detached from 164.vm]\r\n");
    probe_feed(&probe, 3, "$ ");
    assert_string_equal(buf_text(&probe.events),
                        "output: login\noutput: $ screen -r\n"
                        "repaint: packet 1\nrepaint: packet 2\n"
                        "output: [detached from 164.vm]\n");
    /* A repaint for another reason goes on over the switch. */
    probe_feed(&probe, 4, "\033[?1049h");
    term_repaint(probe.term, 5);
    probe_feed(&probe, 6, "\033[?1049l\rold\r\n");
    assert_int_equal(probe.lines[LINE_REPAINT], 3);
    probe_feed(&probe, 7, "\033[?1049h\033[?1049l\rold\r\n");
    assert_int_equal(probe.lines[LINE_REPAINT], 4);
    probe_fini(&probe);
}

static void
line_interrupted_by_the_alternate_screen_is_told_once(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 40, 6);
    probe_feed(&probe, 0, "half\033[?1049h\033[Hx\033[?1049l line\r\n");
    assert_string_equal(buf_text(&probe.events),
                        "repaint: x\noutput: half line\n");
    probe_feed(&probe, 1, "half\033[?47h\033[H\033[?47l\r\n");
    /* The cursor came back to row 0: that left the half line. */
    assert_string_equal(buf_text(&probe.events),
                        "repaint: x\noutput: half line\noutput: half\n");
    probe_fini(&probe);
}

static void
swallowed_lines_are_none(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 40, 6);
    probe_feed(&probe, 0, "a\r\n");
    term_swallow(probe.term, 1000000);
    probe_feed(&probe, 1, "setup\r\n\033[?1049hmore\r\n\033[5Hx\033[H");
    probe_feed(&probe, 2, D("0") A "$ " B "b\r\n");
    assert_string_equal(buf_text(&probe.events),
                        "output: a\nmark: D 0\nmark: A -1\nmark: B -1\n"
                        "echo: $ b\n");
    probe_fini(&probe);
}

static size_t
count(const char *text, const char *word)
{
    size_t found = 0;

    for (; (text = strstr(text, word)) != NULL; text += strlen(word))
        found++;
    return found;
}

/* How many lines of events have this tag and hold this word. */
static size_t
count_tagged(const char *events, const char *tag, const char *word)
{
    size_t found = 0;

    for (const char *line = events; *line != '\0';) {
        size_t len = strcspn(line, "\n");

        if (str_starts(line, tag) &&
            memmem(line, len, word, strlen(word)) != NULL)
            found++;
        line += len + (line[len] != '\0');
    }
    return found;
}

#define PACKET "localhost.domain > localhost.domain"

/*
 * The backup VM's tcpdump runs in screen; the attach paints its old packets
 * again, and only what it prints afterwards counts. In these recordings each
 * new packet comes as a chunk of its own, long after the attach.
 */
static void
attach_counts_new_packets_only(void **state)
{
    static const struct {
        const char *name;
        size_t packets;
    } rows[] = {
        { "case3/backup-vm-ssh", 10 },
        { "case4/backup-vm-ssh", 9 },
        { "case7/backup-vm-ssh", 10 },
        { "case8/backup-vm-ssh", 9 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tape tape = tape_open(rows[i].name);
        struct probe probe;
        uint64_t at_us, attached_us = 0;
        size_t len, packets = 0;
        const char *bytes, *events;

        print_message("# %s\n", rows[i].name);
        probe_init(&probe, 80, 24);
        while (tape_next(&tape, &at_us, &bytes, &len)) {
            if (memmem(bytes, len, "\033[?1049h", 8) != NULL)
                attached_us = at_us;
            else if (attached_us != 0 && at_us > attached_us + 300000 &&
                     memmem(bytes, len, PACKET, strlen(PACKET)) != NULL)
                packets++;
            probe_feed_bytes(&probe, at_us, bytes, len);
        }
        assert_int_equal(packets, rows[i].packets); /* what the bytes say */
        events = strstr(buf_text(&probe.events), "screen -r");
        assert_non_null(events);
        assert_true(count_tagged(events, "repaint", PACKET) >= 3);
        assert_int_equal(count_tagged(events, "output", PACKET), packets);
        /* Each of them whole: 131 columns on a screen of 80. */
        assert_int_equal(count_tagged(events, "output", "[|domain]"), packets);
        probe_fini(&probe);
        tape_close(&tape);
    }
}

/* On the host the guest's session is left with C-a d before the migration. */
static void
detach_is_seen_in_the_recordings(void **state)
{
    struct tape tape = tape_open("case3/host-vm-ssh");
    struct probe probe;
    uint64_t at_us;
    const char *bytes;
    size_t len;

    (void)state;
    probe_init(&probe, 80, 24);
    while (tape_next(&tape, &at_us, &bytes, &len))
        probe_feed_bytes(&probe, at_us, bytes, len);
    assert_int_equal(count(buf_text(&probe.events), "output: [detached from "),
                     1);
    assert_int_equal(count(buf_text(&probe.events), "output: Last login"), 1);
    probe_fini(&probe);
    tape_close(&tape);
}

/* HMP draws its line again at each key: no fragment of it is a line. */
static void
monitor_answers_are_whole_lines(void **state)
{
    struct tape tape = tape_open("case1/host-monitor-telnet");
    struct probe probe;
    uint64_t at_us;
    const char *bytes, *events;
    size_t len;

    (void)state;
    probe_init(&probe, 80, 24);
    while (tape_next(&tape, &at_us, &bytes, &len))
        probe_feed_bytes(&probe, at_us, bytes, len);
    events = buf_text(&probe.events);
    assert_int_equal(count(events, "output: (qemu) info migrate\n"), 20);
    assert_int_equal(count(events, "output: (qemu) migrate -d tcp:"), 1);
    assert_int_equal(count(events, "output: (qemu) info status\n"), 1);
    assert_int_equal(count(events, "output: (qemu) Connection closed"), 1);
    assert_int_equal(count(events, "(qemu)"), 23);
    assert_int_equal(count(events, "output: Migration status: completed\n"), 1);
    probe_fini(&probe);
    tape_close(&tape);
}

static void
assert_same(const struct probe *a, const struct probe *b)
{
    assert_string_equal(buf_text(&a->events), buf_text(&b->events));
    assert_string_equal(buf_text(&a->places), buf_text(&b->places));
    assert_true(probe_hash(a) == probe_hash(b));
}

/*
 * Whoever calls term_quiet() at each due time, and whoever never does: the
 * events are the same, so a replay without timers gives what the run gave.
 */
static void
quiet_calls_change_nothing(void **state)
{
    struct buf stream = BUF_INIT(0);
    uint64_t seed = 5;

    (void)state;
    for (int turn = 0; turn < 60; turn++) {
        struct probe quiet, feeds;
        uint64_t at_us = 0, due;

        probe_init(&quiet, 30, 8);
        probe_init(&feeds, 30, 8);
        for (int i = 0; i < 60; i++) {
            buf_clear(&stream);
            probe_stream(&seed, 4, &stream);
            at_us += probe_random(&seed) % 3 * (SILENCE / 2) +
                     probe_random(&seed) % 3;
            if (probe_random(&seed) % 20 == 0) {
                term_repaint(quiet.term, at_us);
                term_repaint(feeds.term, at_us);
            }
            if (probe_random(&seed) % 20 == 0) {
                uint64_t until_us = at_us + probe_random(&seed) % 100000;

                term_swallow(quiet.term, until_us);
                term_swallow(feeds.term, until_us);
            }
            while ((due = term_due_us(quiet.term)) != 0 && due <= at_us) {
                term_quiet(quiet.term, due);
                assert_true(term_due_us(quiet.term) != due);
            }
            probe_feed(&quiet, at_us, buf_text(&stream));
            probe_feed(&feeds, at_us, buf_text(&stream));
            if (probe_random(&seed) % 30 == 0) {
                uint16_t cols = (uint16_t)(2 + probe_random(&seed) % 40);
                uint16_t rows = (uint16_t)(2 + probe_random(&seed) % 12);

                term_resize(quiet.term, at_us, cols, rows);
                term_resize(feeds.term, at_us, cols, rows);
            }
        }
        assert_same(&quiet, &feeds);
        probe_fini(&quiet);
        probe_fini(&feeds);
    }
    buf_fini(&stream);
}

/* Recorded consoles, cut anywhere and taken the slow way: the same lines. */
static void
any_cut_of_a_recording_gives_the_same_lines(void **state)
{
    static const char *const names[] = { "case3/backup-vm-ssh",
                                         "case1/host-monitor-telnet",
                                         "case1/host-testpmd",
                                         "case3/host-serial-telnet" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct tape tape = tape_open(names[i]);
        struct probe whole, pieces;
        struct utf8_gate gate = { 0 };
        struct buf text = BUF_INIT(0);

        probe_init(&whole, 80, 24);
        probe_init(&pieces, 80, 24);
        term_take_slow_way(pieces.term);
        probe_feed_bytes(&whole, 0, tape.bytes, tape.len);
        for (size_t at = 0; at < tape.len; at++) {
            buf_clear(&text);
            utf8_gate_pass(&gate, (const uint8_t *)tape.bytes + at, 1, &text);
            term_feed(pieces.term, 0, (const uint8_t *)buf_text(&text),
                      text.len);
        }
        assert_same(&whole, &pieces);
        buf_fini(&text);
        probe_fini(&whole);
        probe_fini(&pieces);
        tape_close(&tape);
    }
}

static void
tags_have_names(void **state)
{
    (void)state;
    assert_string_equal(line_tag_name(LINE_OUTPUT), "output");
    assert_string_equal(line_tag_name(LINE_ECHO), "echo");
    assert_string_equal(line_tag_name(LINE_REPAINT), "repaint");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linefeed_finishes_a_line),
        cmocka_unit_test(wrapped_rows_are_one_line),
        cmocka_unit_test(edited_command_is_one_line),
        cmocka_unit_test(addressing_finishes_a_line_that_has_news),
        cmocka_unit_test(line_has_the_time_of_its_end_and_its_first_row),
        cmocka_unit_test(row_of_an_event_has_its_text),
        cmocka_unit_test(endless_line_is_broken_and_whole),
        cmocka_unit_test(what_stands_behind_the_prompt_is_echo),
        cmocka_unit_test(marks_tell_their_row),
        cmocka_unit_test(attach_repaints_until_the_first_silence),
        cmocka_unit_test(painting_from_the_top_again_is_a_repaint),
        cmocka_unit_test(line_painted_before_the_silence_is_old_after_it),
        cmocka_unit_test(stream_without_silence_is_news_after_two_seconds),
        cmocka_unit_test(resize_and_being_told_repaint_too),
        cmocka_unit_test(our_marks_end_a_repaint),
        cmocka_unit_test(detach_brings_no_line_back_and_its_word_is_output),
        cmocka_unit_test(line_interrupted_by_the_alternate_screen_is_told_once),
        cmocka_unit_test(swallowed_lines_are_none),
        cmocka_unit_test(attach_counts_new_packets_only),
        cmocka_unit_test(detach_is_seen_in_the_recordings),
        cmocka_unit_test(monitor_answers_are_whole_lines),
        cmocka_unit_test(quiet_calls_change_nothing),
        cmocka_unit_test(any_cut_of_a_recording_gives_the_same_lines),
        cmocka_unit_test(tags_have_names),
    };

    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
