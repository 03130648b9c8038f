/* The filter lets through what is whole, bounded and known, and nothing else.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "term/filter.h"
#include "tests/unit/term-probe.h"

/* What came, in words: text as it is, "<CSI ?25h>", "<07>", "<ESC (0>". */
static void
on_ascii(void *ctx, const uint8_t *bytes, size_t len)
{
    buf_add(ctx, bytes, len);
}

static void
on_rune(void *ctx, uint32_t rune)
{
    uint8_t bytes[UTF8_MAX];

    buf_add(ctx, bytes, utf8_encode(rune, bytes));
}

static void
on_control(void *ctx, char control)
{
    buf_printf(ctx, "<%02x>", (unsigned)control);
}

static void
on_escape(void *ctx, char inter, char final)
{
    buf_puts(ctx, "<ESC ");
    if (inter != 0)
        buf_add(ctx, &inter, 1);
    buf_printf(ctx, "%c>", final);
}

static void
on_csi(void *ctx, const struct csi *csi)
{
    buf_puts(ctx, "<CSI ");
    if (csi->leader != 0)
        buf_add(ctx, &csi->leader, 1);
    for (int i = 0; i < csi->len; i++) {
        if (csi->params[i] >= 0)
            buf_printf(ctx, "%d", csi->params[i]);
        if (i + 1 < csi->len)
            buf_puts(ctx, csi->colons & 1u << i ? ":" : ";");
    }
    if (csi->inter != 0)
        buf_add(ctx, &csi->inter, 1);
    buf_printf(ctx, "%c>", csi->final);
}

static void
on_mark(void *ctx, const struct mark_event *mark)
{
    char letter = "ABCD"[mark->kind];

    buf_printf(ctx, "<MARK %c %d", letter, mark->status);
    if (mark->level != 0)
        buf_printf(ctx, " level %u", mark->level);
    buf_puts(ctx, ">");
}

static void
begin(struct filter *filter, struct buf *seen)
{
    struct filter_sink sink = { on_ascii, on_rune, on_control, on_escape,
                                on_csi,   on_mark, seen };

    buf_clear(seen);
    filter_init(filter, &sink, PROBE_NONCE);
}

/* Feed in pieces of n bytes, cut between characters only. */
static void
feed_pieces(struct filter *filter, const char *bytes, size_t len, size_t n)
{
    size_t start = 0;

    for (size_t end = 0; start < len; start = end) {
        end = MIN(start + n, len);
        while (end < len && ((uint8_t)bytes[end] & 0xC0) == 0x80)
            end++;
        filter_feed(filter, (const uint8_t *)bytes + start, end - start);
    }
}

struct row {
    const char *bytes, *seen;
};

static void
check_rows(const struct row *rows, size_t len)
{
    struct buf seen = BUF_INIT(0);
    struct filter filter;

    for (size_t i = 0; i < len; i++) {
        print_message("# %zu: %s\n", i, rows[i].seen);
        for (size_t n = 1; n < 64; n *= 2) {
            begin(&filter, &seen);
            feed_pieces(&filter, rows[i].bytes, strlen(rows[i].bytes), n);
            assert_string_equal(buf_text(&seen), rows[i].seen);
            filter_fini(&filter);
        }
    }
    buf_fini(&seen);
}

static void
whole_sequences_pass_however_they_are_cut(void **state)
{
    static const struct row rows[] = {
        { "plain text", "plain text" },
        { "a\r\n\tb\b", "a<0d><0a><09>b<08>" },
        { "\xc3\xa9\xe6\xbc\xa2", "\xc3\xa9\xe6\xbc\xa2" },
        { "\033[1;24r\033[H\033[2J", "<CSI 1;24r><CSI H><CSI 2J>" },
        { "\033[?3;4l\033[!p\033[>c", "<CSI ?3;4l><CSI !p><CSI >c>" },
        { "\033[;5H\033[5;m", "<CSI ;5H><CSI 5;m>" },
        { "\033[38:2::1:2:3m", "<CSI 38:2::1:2:3m>" },
        { "\033(0\0337\033c\033#8", "<ESC (0><ESC 7><ESC c><ESC #8>" },
        { "\033[3\n1m", "<0a><CSI 31m>" },
        { "\033[1\033[2m", "<CSI 2m>" },
        { "\033\033[m", "<CSI m>" },
        { "\033[0001m\033[9999m", "<CSI 1m><CSI 9999m>" },
        { "\033[00000000004;000000001H\033[000m", "<CSI 4;1H><CSI 0m>" },
        { "\033[0010;00009999;0m", "<CSI 10;9999;0m>" },
        { "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15m",
          "<CSI 1;2;3;4;5;6;7;8;9;10;11;12;13;14;15m>" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void
what_is_too_long_or_malformed_is_dropped_whole(void **state)
{
    static const struct row rows[] = {
        { "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16mx", "x" },
        { "\033[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;mx", "x" },
        { "\033[38:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1mx", "x" },
        { "\033[12345mx", "x" },
        { "\033[0012345mx", "x" },
        { "\033[10000mx", "x" },
        { "\033[99999999999999999999999mx", "x" },
        { "\033[1?5hx", "x" },
        { "\033[??25hx", "x" },
        { "\033[5!!px", "x" },
        { "\033[5!6px", "x" },
        { "\033[1\x18mx", "mx" },
        { "\033[1\x1amx", "mx" },
        { "\033[1\xc3\xa9mx", "<CSI 1m>x" },
        { "\033[12\x7fmx", "<CSI 12m>x" },
        { "\033((0x", "x" },
        { "a\x7f\xc2\x9b"
          "5m\xc2\x85z",
          "a5mz" },
    };
    struct buf seen = BUF_INIT(0);
    struct filter filter;

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
    begin(&filter, &seen);
    filter_feed(&filter, (const uint8_t *)"a\0b", 3);
    assert_string_equal(buf_text(&seen), "ab");
    filter_fini(&filter);
    buf_fini(&seen);
}

static void
strings_are_dropped_to_their_end(void **state)
{
    static const struct row rows[] = {
        { "a\033]0;a title\ab", "ab" },
        { "a\033]2;a title\033\\b", "ab" },
        { "a\033]52;c;ZXZpbA==\ab", "ab" },
        { "a\033]8;;http://x/\033\\b\033]8;;\033\\", "ab" },
        { "a\033Pq#0;2;0;0;0~~\033\\b", "ab" },
        { "a\033P$q\"p\033\\b", "ab" },
        { "a\033_APC\033\\b\033^PM\033\\c\033XSOS\033\\d", "abcd" },
        { "a\033Pdcs\x18z", "az" },
        { "a\033]0;osc\x1az", "az" },
        { "a\033Pdcs\033[31mz", "a<CSI 31m>z" },
        { "a\033]0;osc\033cz", "a<ESC c>z" },
        { "a\033Pdcs\a still\nit\033\\z", "az" },
        { "a\033Pdcs\033\033\\z", "a<ESC \\>z" },
        { "a\033]0;\xc3\xa9\xc2\x9cx\ab", "ab" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void
marks_need_the_nonce(void **state)
{
    static const struct row rows[] = {
        { "\033]133;A;aid=7f3a\a$ \033]133;B;aid=7f3a\033\\",
          "<MARK A -1>$ <MARK B -1>" },
        { "\033]133;D;130;aid=7f3a\a", "<MARK D 130>" },
        { "\033]133;D;aid=7f3a;2\a", "<MARK D 2>" },
        { "\033]133;D;aid=7f3a\a", "<MARK D -1>" },
        { "\033]133;D;-1;aid=7f3a\a", "<MARK D -1>" },
        { "\033]133;D;99999999999;aid=7f3a\a", "<MARK D -1>" },
        { "\033]133;C;x=y;aid=7f3a\a", "<MARK C -1>" },
        { "\033]133;A;aid=7f3a-2\a", "<MARK A -1 level 2>" },
        { "\033]133;D;5;aid=7f3a-13\a", "<MARK D 5 level 13>" },
        { "\033]133;D;7;aid=7f3a-0\a", "<MARK D 7>" },
        { "\033]133;A;aid=7f3a-\a|\033]133;A;aid=7f3a-x\a", "|" },
        { "\033]133;A;aid=7f3-2\a|\033]133;A;aid=7f3a-1234\a", "|" },
        { "\033]133;A\a|\033]133;A;aid=\a|\033]133;A;aid=7f3\a", "||" },
        { "\033]133;A;aid=7f3a0\a|\033]133;A;aid=7F3A\a", "|" },
        { "\033]133;A;id=7f3a\a|\033]133;A;xaid=7f3a\a", "|" },
        { "\033]133;E;aid=7f3a\a|\033]133;AB;aid=7f3a\a", "|" },
        { "\033]134;A;aid=7f3a\a|\033]133A;aid=7f3a\a", "|" },
        { "\033]133;A;aid=7f3a\x18|\033]133;A;aid=7f3a\033c", "|<ESC c>" },
        { "\033]133\a\033]133;\a\033]\a", "" },
    };
    struct buf seen = BUF_INIT(0);
    struct filter filter;

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
    begin(&filter, &seen);
    filter_fini(&filter); /* forgets the nonce: now there is none */
    filter_feed(&filter, (const uint8_t *)"\033]133;A;aid=\a", 14);
    assert_string_equal(buf_text(&seen), "");
    buf_fini(&seen);
}

/* Marks that a program makes up never count. */
static void
thousand_spoofed_marks_are_none(void **state)
{
    struct buf seen = BUF_INIT(0), bytes = BUF_INIT(0);
    struct filter filter;
    uint64_t seed = 26;

    (void)state;
    begin(&filter, &seen);
    for (int i = 0; i < 1000; i++) {
        uint64_t guess = probe_random(&seed) & 0xFFFFF;

        buf_clear(&bytes);
        buf_printf(&bytes, "\033]133;%c;aid=%05x%s",
                   "ABCD"[probe_random(&seed) % 4], (unsigned)guess,
                   probe_random(&seed) % 2 ? "\a" : "\033\\");
        filter_feed(&filter, (const uint8_t *)buf_text(&bytes), bytes.len);
    }
    assert_string_equal(buf_text(&seen), "");
    filter_fini(&filter);
    buf_fini(&bytes);
    buf_fini(&seen);
}

static void
osc_of_a_kilobyte_is_the_longest(void **state)
{
    static const char tail[] = ";aid=7f3a\a";
    struct buf seen = BUF_INIT(0);
    struct filter filter;

    (void)state;
    for (size_t len = OSC_BYTES_MAX - 1; len <= OSC_BYTES_MAX + 1; len++) {
        size_t filling = len - strlen("133;A;") - (strlen(tail) - 1);

        begin(&filter, &seen);
        filter_feed(&filter, (const uint8_t *)"\033]133;A;", 8);
        for (size_t i = 0; i < filling; i++)
            filter_feed(&filter, (const uint8_t *)"x", 1);
        filter_feed(&filter, (const uint8_t *)tail, strlen(tail));
        assert_string_equal(buf_text(&seen),
                            len <= OSC_BYTES_MAX ? "<MARK A -1>" : "");
        filter_fini(&filter);
    }
    buf_fini(&seen);
}

/* 100 MB of DCS take no memory. */
static void
endless_string_takes_no_memory(void **state)
{
    static uint8_t bytes[65536];
    struct buf seen = BUF_INIT(0);
    struct rusage before, after;
    struct filter filter;

    (void)state;
    begin(&filter, &seen);
    memset(bytes, '~', sizeof bytes);
    getrusage(RUSAGE_SELF, &before);
    filter_feed(&filter, (const uint8_t *)"\033Pq", 3);
    for (size_t sent = 0; sent < 100 << 20; sent += sizeof bytes)
        filter_feed(&filter, bytes, sizeof bytes);
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 16 << 10); /* KiB */
    filter_feed(&filter, (const uint8_t *)"\033\\x", 3);
    assert_string_equal(buf_text(&seen), "x");
    filter_fini(&filter);
    buf_fini(&seen);
}

/* The gate before it cuts nothing; if somebody else does, nothing breaks. */
static void
broken_characters_become_replacements(void **state)
{
    static const uint8_t broken[] = "\xe6\xbc"
                                    "A\xff\xed\xa0\x80"
                                    "B\xe6";
    struct buf seen = BUF_INIT(0);
    struct filter filter;

    (void)state;
    begin(&filter, &seen);
    filter_feed(&filter, broken, sizeof broken - 1);
    filter_feed(&filter, (const uint8_t *)"C", 1);
    assert_true(utf8_valid(buf_text(&seen), seen.len));
    assert_non_null(strchr(buf_text(&seen), 'A'));
    assert_non_null(strchr(buf_text(&seen), 'B'));
    assert_non_null(strchr(buf_text(&seen), 'C'));
    filter_fini(&filter);
    buf_fini(&seen);
}

static void
any_cut_of_any_stream_gives_the_same(void **state)
{
    struct buf stream = BUF_INIT(0), whole = BUF_INIT(0), cut = BUF_INIT(0);
    struct filter filter;
    uint64_t seed = 1;

    (void)state;
    for (int i = 0; i < 100; i++) {
        buf_clear(&stream);
        probe_stream(&seed, 100, &stream);
        begin(&filter, &whole);
        feed_pieces(&filter, buf_text(&stream), stream.len, stream.len);
        filter_fini(&filter);
        for (size_t n = 1; n < 40; n += 7) {
            begin(&filter, &cut);
            feed_pieces(&filter, buf_text(&stream), stream.len, n);
            filter_fini(&filter);
            assert_string_equal(buf_text(&cut), buf_text(&whole));
        }
    }
    buf_fini(&stream);
    buf_fini(&whole);
    buf_fini(&cut);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_sequences_pass_however_they_are_cut),
        cmocka_unit_test(what_is_too_long_or_malformed_is_dropped_whole),
        cmocka_unit_test(strings_are_dropped_to_their_end),
        cmocka_unit_test(marks_need_the_nonce),
        cmocka_unit_test(thousand_spoofed_marks_are_none),
        cmocka_unit_test(osc_of_a_kilobyte_is_the_longest),
        cmocka_unit_test(endless_string_takes_no_memory),
        cmocka_unit_test(broken_characters_become_replacements),
        cmocka_unit_test(any_cut_of_any_stream_gives_the_same),
    };

    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
