/*
 * What is known to break libvterm, terminals, and those who run in them, does
 * nothing here; nothing costs much memory or time, and answers are few.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/reply.h"
#include "term/term-priv.h"
#include "tests/unit/term-probe.h"

/* Tools that watch take their time: make valgrind says so here. */
#if defined(__SANITIZE_ADDRESS__)
enum { SLOWER = 10 };
#else
enum { SLOWER = 1 };
#endif

enum { INPUT_MS = 100 }; /* the most that one input may take */

static uint64_t
cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool
is_watched(void)
{
    return getenv("MIGLAB_VALGRIND") != NULL;
}

static void
assert_quick_enough(uint64_t took_us)
{
    assert_true(is_watched() || took_us < INPUT_MS * 1000ULL * SLOWER);
}

static bool
is_long(void)
{
    const char *value = getenv("MIGLAB_LONG");

    return value != NULL && *value != '\0';
}

/* begin, count times piece, end. */
struct recipe {
    const char *begin, *piece;
    size_t count;
    const char *end;
};

static void
cook(const struct recipe *recipe, struct buf *bytes)
{
    buf_clear(bytes);
    if (recipe->begin != NULL)
        buf_puts(bytes, recipe->begin);
    for (size_t i = 0; i < recipe->count; i++)
        buf_puts(bytes, recipe->piece);
    if (recipe->end != NULL)
        buf_puts(bytes, recipe->end);
}

/*
 * Each broke libvterm 0.1.4 or 0.3.3, or asks for what terminals have been
 * abused by. "x" behind it must stand where it stands.
 */
static const struct trap {
    const char *name;
    struct recipe bytes;
    uint16_t cols, rows; /* 0: 10 by 4 */
    const char *screen, *replies;
} traps[] = {
    { "REP first of all", { "\033[5b" }, 0, 0, "x\n", "" },
    { "REP of a mark on nothing", { "\xcc\x81\033[5b" }, 0, 0, "x\n", "" },
    { "REP of a wide one at the edge",
      { "\xe6\xbc\xa2\033[9b" },
      5,
      3,
      "\xe6\xbc\xa2\xe6\xbc\xa2x\n",
      "" },
    { "REP of 9999", { "a\033[9999b" }, 0, 0, "aaaaaaaaaa\nx\n", "" },
    { "64 empty parameters", { "\033[", ";", 64, "m" }, 0, 0, "x\n", "" },
    { "16 parameters", { "\033[1", ";1", 15, "m" }, 0, 0, "x\n", "" },
    { "64 colons", { "\033[38", ":1", 64, "m" }, 0, 0, "x\n", "" },
    { "a megabyte of parameters",
      { "\033[", "1;", 1 << 19, "m" },
      0,
      0,
      "x\n",
      "" },
    { "a number of 19 digits",
      { "\033[9999999999999999999A" },
      0,
      0,
      "x\n",
      "" },
    { "margins of 20 digits",
      { "\033[99999999999999999999;99999999999999999999r" },
      0,
      0,
      "x\n",
      "" },
    { "4 MB at once",
      { NULL, "0123456789", 419430, NULL },
      0,
      0,
      "0123456789\n0123456789\n0123456789\nx\n",
      "" },
    { "a wide one in one column",
      { "\xe6\xbc\xa2" },
      1,
      1,
      "\xe6\xbc\xa2\nx\n",
      "" },
    { "half a character, then text",
      { "\xe6\xbc"
        "A" },
      0,
      0,
      "\xef\xbf\xbd"
      "Ax\n",
      "" },
    { "bytes that are never UTF-8",
      { "\xff\xfe\xc0\xaf\xed\xa0\x80" },
      0,
      0,
      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
      "\xef\xbf\xbd\xef\xbf\xbdx\n",
      "" },
    { "DECRQSS of nothing", { "\033P$q\033\\" }, 0, 0, "x\n", "" },
    { "DECRQSS unknown", { "\033P$qzz\033\\" }, 0, 0, "x\n", "" },
    { "DECRQSS known", { "\033P$qm\033\\\033P$q\"p\033\\" }, 0, 0, "x\n", "" },
    { "XTGETTCAP", { "\033P+q544e\033\\" }, 0, 0, "x\n", "" },
    { "a title of 4 KB", { "\033]2;", "title", 820, "\a" }, 0, 0, "x\n", "" },
    { "a title with an ESC", { "\033]0;a\033[31mb\a" }, 0, 0, "bx\n", "" },
    { "a title with controls", { "\033]0;a\r\n\tb\a" }, 0, 0, "x\n", "" },
    { "a title asked for", { "\033[21t\033[20t" }, 0, 0, "x\n", "" },
    { "the size asked for", { "\033[18t\033[14t\033[19t" }, 0, 0, "x\n", "" },
    { "the window moved and shut",
      { "\033[3;0;0t\033[2t\033[8;1;1t\033[9;1t" },
      0,
      0,
      "x\n",
      "" },
    { "the clipboard set", { "\033]52;c;cm0gLXJmIC8K\a" }, 0, 0, "x\n", "" },
    { "the clipboard asked for", { "\033]52;c;?\a" }, 0, 0, "x\n", "" },
    { "colours asked for",
      { "\033]4;1;?\a\033]10;?\a\033]11;?\033\\" },
      0,
      0,
      "x\n",
      "" },
    { "a link",
      { "\033]8;;file:///etc/passwd\033\\l\033]8;;\033\\" },
      0,
      0,
      "lx\n",
      "" },
    { "a notification",
      { "\033]9;hi\a\033]777;notify;a;b\a" },
      0,
      0,
      "x\n",
      "" },
    { "a sixel picture",
      { "\033Pq#0;2;0;0;0", "~", 9999, "\033\\" },
      0,
      0,
      "x\n",
      "" },
    { "a kitty picture",
      { "\033_Ga=T,f=100;", "QUJD", 999, "\033\\" },
      0,
      0,
      "x\n",
      "" },
    { "user-defined keys", { "\033P0;1|17/72756e0d\033\\" }, 0, 0, "x\n", "" },
    { "screen's title", { "\033kt\033\\" }, 0, 0, "tx\n", "" },
    { "a printer", { "\033[5isecret\033[4i" }, 0, 0, "secretx\n", "" },
    { "ENQ", { "\005" }, 0, 0, "x\n", "" },
    { "a thousand bells", { NULL, "\a", 1000, NULL }, 0, 0, "x\n", "" },
    { "C1 as UTF-8",
      { "\xc2\x9b"
        "5b\xc2\x90$qm\xc2\x9c" },
      0,
      0,
      "5b$qmx\n",
      "" },
    { "C1 raw",
      { "\x9b"
        "5n\x90$qm\x9c" },
      0,
      0,
      "\xef\xbf\xbd"
      "5n\xef\xbf\xbd$qm\xef\xbf\xbdx\n",
      "" },
    { "left and right margins", { "\033[?69h\033[3;5s" }, 0, 0, "x\n", "" },
    { "colours cut short",
      { "\033[38m\033[38;5m\033[48;2;1m" },
      0,
      0,
      "x\n",
      "" },
    { "8-bit controls asked for",
      { "\033 G\033[c\033 F" },
      0,
      0,
      "x\n",
      "\033[?1;2c" },
    { "single shifts", { "\033n\033o\033N\033O\033~" }, 0, 0, "x\n", "" },
    { "lines of double size", { "\033#3\033#6" }, 0, 0, "x\n", "" },
    /* the rest of what doc/terminal.md leaves out */
    { "rectangles, protected cells",
      { "\033[1;1;2;2;1;3;3;1$v\033[65;1;1;3;3$x\033[1\"q\033[?2J\033[?2K" },
      0,
      0,
      "x\n",
      "" },
    { "modes we have not",
      { "\033[?4;5;8;9;12;40;42;66;67;95;1001;1004;1005;1015;1016;2026h"
        "\033[?5h\033[?1004h\033[?2026h\033[2;12;20h" },
      0,
      0,
      "x\n",
      "" },
    { "more reports",
      { "\033[=c\033Z\033[?1$p\033[4$p\033[x\033[?15n\033[?25n\033[?26n"
        "\033[?996n\033[?u\033[>0q\033[1*y\033[\"v\033[&u" },
      0,
      0,
      "x\n",
      "" },
    { "cursor's shape, leds, keys",
      { "\033[4 q\033[1q\033[>4;2m\033[>1u\033[=5u\033[<u\033[1\"p" },
      0,
      0,
      "x\n",
      "" },
    { "other graphic sets",
      { "\033*0\033+0\033-A\033.A\033/A\033(K\033)K\033n\033}\033|" },
      0,
      0,
      "x\n",
      "" },
    { "the history forgotten", { "\033[3J" }, 0, 0, "x\n", "" },
    { "VT52", { "\033[?2l\033Y  \033Z" }, 0, 0, "  x\n", "" },
};

static void
begin_trap(struct probe *probe, const struct trap *trap)
{
    probe_init(probe, trap->cols > 0 ? trap->cols : 10,
               trap->rows > 0 ? trap->rows : 4);
}

/* One way of feeding it: pieces of n bytes, through one gate as consoles do. */
static void
spring(const struct trap *trap, const struct buf *bytes, size_t n, bool slow)
{
    struct utf8_gate gate = { 0 };
    struct buf text = BUF_INIT(0);
    struct probe probe;
    uint64_t begun = cpu_us();

    begin_trap(&probe, trap);
    if (slow)
        term_take_slow_way(probe.term);
    for (size_t i = 0; i < bytes->len; i += n) {
        buf_clear(&text);
        utf8_gate_pass(&gate, (uint8_t *)bytes->bytes + i,
                       MIN(n, bytes->len - i), &text);
        term_feed(probe.term, 0, (const uint8_t *)buf_text(&text), text.len);
    }
    buf_fini(&text);
    /* In megabytes, 64 KB at a time: that is what a turn of the loop takes. */
    if (bytes->len <= 65536)
        assert_quick_enough(cpu_us() - begun);
    probe_check(&probe);
    probe_feed(&probe, 0, "x");
    assert_string_equal(probe_screen(&probe), trap->screen);
    assert_string_equal(buf_text(&probe.replies), trap->replies);
    probe_feed(&probe, 0, "\033cok");
    assert_string_equal(probe_screen(&probe), "ok\n");
    probe_fini(&probe);
}

static void
each_known_trap_is_harmless(void **state)
{
    static const size_t cuts[] = { SIZE_MAX, 1, 2, 3, 7, 64 };
    struct buf bytes = BUF_INIT(0);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(traps); i++) {
        print_message("# %s\n", traps[i].name);
        cook(&traps[i].bytes, &bytes);
        for (size_t k = 0; k < ARRAY_LEN(cuts); k++)
            if (bytes.len < 10000 || k % 5 == 0)
                spring(&traps[i], &bytes, cuts[k], k % 2 == 1);
    }
    buf_fini(&bytes);
}

/* After a shrink libvterm writes where its rows were. */
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

/* Also when somebody forgets the gate. */
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

/* ---- Memory ---- */

static size_t
resident_kib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    assert_non_null(file);
    if (fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    assert_true(pages > 0);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

/* So many bytes of piece behind begin; returns how far memory grew. */
static size_t
grown_kib(const struct recipe *recipe, size_t total)
{
    enum { CHUNK = 65536 };
    struct buf chunk = BUF_INIT(0), text = BUF_INIT(0);
    struct utf8_gate gate = { 0 };
    struct probe probe;
    size_t before, most = 0;

    probe_init(&probe, 132, 50);
    cook(recipe, &chunk);
    utf8_gate_pass(&gate, (uint8_t *)chunk.bytes, chunk.len, &text);
    before = resident_kib();
    probe_feed(&probe, 0, recipe->begin);
    for (size_t sent = 0; sent < total; sent += chunk.len) {
        buf_clear(&text);
        utf8_gate_pass(&gate, (uint8_t *)chunk.bytes, chunk.len, &text);
        term_feed(probe.term, 0, (const uint8_t *)buf_text(&text), text.len);
        buf_clear(&probe.events); /* they are the probe's, who keeps all */
        buf_clear(&probe.places);
        most = MAX(most, resident_kib());
    }
    probe_check(&probe);
    probe_feed(&probe, 0, "\033\\\033c\033[Hok");
    assert_string_equal(probe_screen(&probe), "ok\n");
    probe_fini(&probe);
    buf_fini(&chunk);
    buf_fini(&text);
    return most > before ? most - before : 0;
}

static void
hundred_megabytes_of_a_string_take_no_memory(void **state)
{
    static const struct {
        const char *name;
        struct recipe bytes;
    } rows[] = {
        { "DCS", { "\033Pq", "#0;2;0;0;0~~@@vv@@~~$-", 3000, NULL } },
        { "APC", { "\033_G", "QUJDREVG\xc3\xa9", 6000, NULL } },
        { "PM", { "\033^", "private\r\n\a\t", 6000, NULL } },
        { "SOS", { "\033X", "start\xff of\xe6\xbc string", 4000, NULL } },
        { "OSC", { "\033]52;c;", "ZXZpbA==", 8000, NULL } },
        { "short OSC", { "", "\033]0;title\a", 6000, NULL } },
        { "short DCS", { "", "\033P$qm\033\\", 8000, NULL } },
        { "CSI", { "\033[", "1;", 32000, NULL } },
        { "marks", { "a", "\xcc\x81", 32000, NULL } },
        { "bells", { "", "\a", 65536, NULL } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t most = i < 5 && !is_watched() ? 100 << 20 : 10 << 20;
        size_t kib = grown_kib(&rows[i].bytes, most);

        print_message("# %s: %zu KiB\n", rows[i].name, kib);
        assert_true(kib < 16 << 10);
    }
}

/* ---- Time ---- */

/* What does much for few bytes, again and again. */
static const char *const floods[] = {
    "x\033[9999b",
    "\033[9999L",
    "\033[41m\033[9999L",
    "\033[9999M",
    "\033[9999S",
    "\033[41m\033[9999S",
    "\033[48;2;1;2;3m\033[9999S",
    "\033[9999T",
    "\033M",
    "\033[2J",
    "\033[41m\033[2J",
    "a\033[2J",
    "a\033[500;1Ha\033[2J",
    "\033[41m\033[2J\033[9999S",
    "\033[1J",
    "\033[9999;9999H\033[41m\033[1J",
    "\033c",
    "\033#8",
    "\033#8\033[2J",
    "\033#8\033[9999S",
    "\033[?3h",
    "\033[?1049hx\033[?1049l",
    "\033[!p",
    "\t",
    "\033[9999I",
    "\033[9999Z",
    "\033[3g",
    "\033H",
    "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
    "\xe6\xbc\xa2",
    "\033(0x\033(B",
    "\033[4hx\r",
    "\033[4h\xe6\xbc\xa2\r",
    "\033[9999@\033[9999P",
    "\033[48;2;1;2;3mx\033[9999b\033[H",
    "\033[6n",
    "\033[;;;;;;;;;;;;;;m",
    "\033]0;x\a",
    "x\033[H",
    "\033[9999Hx\033[9999A",
    "\033[9999Hx\n",
    "x\b\b",
};

static void
assert_quick(uint16_t cols, uint16_t rows, size_t len)
{
    struct buf bytes = BUF_INIT(0);

    for (size_t i = 0; i < ARRAY_LEN(floods); i++) {
        struct recipe recipe = { NULL, floods[i], len / strlen(floods[i]),
                                 NULL };
        struct probe probe;
        uint64_t begun, took;

        probe_init(&probe, cols, rows);
        cook(&(struct recipe){ NULL, "one long line ", 5000, NULL }, &bytes);
        probe_feed(&probe, 0, buf_text(&bytes));
        cook(&recipe, &bytes);
        begun = cpu_us();
        term_feed(probe.term, 0, (const uint8_t *)buf_text(&bytes), bytes.len);
        took = cpu_us() - begun;
        if (took > 10000)
            print_message("# %zu %dx%d: %.1f ms\n", i, cols, rows,
                          (double)took / 1000);
        assert_quick_enough(took);
        probe_check(&probe);
        probe_fini(&probe);
    }
    buf_fini(&bytes);
}

/*
 * The most that a console is given of a turn of the loop, in a pane's size;
 * and in the largest there can be, as much as a fuzzer gives.
 */
static void
no_input_takes_long(void **state)
{
    (void)state;
    assert_quick(132, 50, 65536);
    assert_quick(TERM_COLS_MAX, TERM_ROWS_MAX, 4096);
}

/* ---- Answers ---- */

/* A text that must not come back, and what may make a terminal say it. */
#define CANARY "CaNaRy"
static const char *const askers[] = {
    "\033]0;" CANARY "\a\033[21t",
    "\033]2;" CANARY "\033\\\033[20t",
    "\033]l" CANARY "\033\\",
    "\033P$q" CANARY "\033\\",
    "\033P+q" CANARY "\033\\",
    "\033]52;c;" CANARY "\a\033]52;c;?\a",
    "\033]4;1;" CANARY ";?\a",
    "\033]1337;ReportVariable=" CANARY "\a",
    "\033]50;" CANARY "?\a\033]50;?\a",
    "\033_" CANARY "\033\\",
    "\033[>0q\033[=c\033Z\005",
    "\033P1;2|" CANARY "\033\\\033[0q",
    CANARY "\033[6n",
    CANARY "\033[?6n",
    "\033[0;0;" CANARY "c",
    "\033[" CANARY "n",
};

static void
add_random_input(uint64_t *seed, struct buf *out)
{
    static const char leaders[] = "?>=<!;:0123456789";
    unsigned kind = (unsigned)(probe_random(seed) % 8);
    unsigned len = (unsigned)(probe_random(seed) % 12);
    uint8_t byte;

    if (kind == 0) {
        buf_puts(out, askers[probe_random(seed) % ARRAY_LEN(askers)]);
    } else if (kind < 4) {
        buf_puts(out, "\033[");
        while (len-- > 0)
            buf_add(out, &leaders[probe_random(seed) % (sizeof leaders - 1)],
                    1);
        buf_add(out, &"cnqtpxuRym$"[probe_random(seed) % 11], 1);
    } else if (kind == 4) {
        buf_printf(out, "\033[%u%c", (unsigned)(probe_random(seed) % 10),
                   "cn"[probe_random(seed) % 2]);
    } else {
        while (len-- > 0) {
            byte = (uint8_t)probe_random(seed);
            buf_add(out, &byte, 1);
        }
    }
}

/* How many replies these bytes are, each of a known form; aborts otherwise. */
static size_t
count_replies(const struct buf *replies)
{
    size_t count = 0;

    for (size_t i = 0, len; i < replies->len; i += len, count++) {
        const char *start = buf_text(replies) + i;
        const char *next = memchr(start + 1, '\033', replies->len - i - 1);

        len = next != NULL ? (size_t)(next - start) : replies->len - i;
        assert_true(reply_is_known(start, len));
    }
    return count;
}

/*
 * Inputs come 4000 a second, so that there is more to answer than may be; the
 * bytes that any second got are looked at for each place where it can begin.
 */
static void
answers_are_known_few_and_never_what_was_said(void **state)
{
    enum { STEP_US = 250, A_SECOND = 1000000 / STEP_US };
    static size_t sent[A_SECOND]; /* by then, a second ago */
    size_t inputs = is_long() ? 1000000 : 100000, count = 0, most = 0;
    struct buf bytes = BUF_INIT(0);
    struct probe probe;
    uint64_t seed = 2;

    (void)state;
    memset(sent, 0, sizeof sent);
    probe_init(&probe, 80, 24);
    for (size_t i = 0; i < inputs; i++) {
        size_t before = probe.replies.len, second;

        buf_clear(&bytes);
        add_random_input(&seed, &bytes);
        probe_feed_bytes(&probe, i * STEP_US, bytes.bytes, bytes.len);
        second = probe.replies.len - sent[i % A_SECOND];
        sent[i % A_SECOND] = before;
        if (i >= A_SECOND)
            assert_true(second <= REPLY_BYTES_A_SECOND);
        most = MAX(most, second);
        buf_clear(&probe.events);
        buf_clear(&probe.places);
    }
    assert_null(strstr(buf_text(&probe.replies), "CaNa"));
    count = count_replies(&probe.replies);
    print_message("# %zu inputs, %zu answers, %zu bytes in a second\n", inputs,
                  count, most);
    assert_true(count > inputs / A_SECOND); /* the limit had work */
    probe_fini(&probe);
    buf_fini(&bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hundred_megabytes_of_a_string_take_no_memory),
        cmocka_unit_test(each_known_trap_is_harmless),
        cmocka_unit_test(text_after_a_shrink_is_fine),
        cmocka_unit_test(unfinished_characters_do_not_reach_libvterm),
        cmocka_unit_test(narrowest_terminal_takes_wide_characters),
        cmocka_unit_test(no_input_takes_long),
        cmocka_unit_test(answers_are_known_few_and_never_what_was_said),
    };

    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
