/* What a terminal types arrives as keys, pastes and mouse, however it is cut.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/keys.h"
#include "ui/input.h"

#define AT_US 1000000

/* Each event as a word: a key's name, {paste}, [button col,row]. */
struct heard {
    struct input *input;
    struct buf words;
    size_t pastes;
    size_t paste_len;
    bool cut;
};

static void
check_key(const char *name)
{
    static const struct term_modes modes = { 0 };
    struct err err = ERR_INIT;
    struct buf bytes = BUF_INIT(0);

    if (!keys_encode(name, &modes, &bytes, &err))
        fail_msg("no key to send: '%s'", name);
    buf_fini(&bytes);
}

static void
hear(void *ctx, const struct input_event *event)
{
    static const char *const buttons[] = { "left", "middle", "right", "up",
                                           "down" };
    struct heard *heard = ctx;

    switch (event->kind) {
    case INPUT_KEY:
        check_key(event->name);
        buf_printf(&heard->words, "%s ", event->name);
        break;
    case INPUT_PASTE:
        assert_int_equal(strlen(event->text), event->len);
        assert_true(utf8_valid(event->text, event->len));
        assert_true(event->len <= INPUT_PASTE_MAX);
        heard->pastes++;
        heard->paste_len = event->len;
        heard->cut = event->cut;
        if (event->len < 100)
            buf_printf(&heard->words, "{%s}%s ", event->text,
                       event->cut ? "cut" : "");
        break;
    case INPUT_MOUSE:
        buf_printf(&heard->words, "[%s%s%s %u,%u] ", buttons[event->button],
                   event->released ? " off" : "", event->dragged ? " drag" : "",
                   event->col, event->row);
        break;
    }
}

static void
heard_init(struct heard *heard)
{
    *heard = (struct heard){ .words = BUF_INIT(0) };
    heard->input = input_new(hear, heard);
}

static void
heard_fini(struct heard *heard)
{
    input_free(heard->input);
    buf_fini(&heard->words);
}

static void
feed(struct heard *heard, const void *bytes, size_t len)
{
    /* Memory of its own size: a sanitizer sees who reads behind it. */
    uint8_t *copy = xmalloc(len > 0 ? len : 1);

    memcpy(copy, bytes, len);
    input_bytes(heard->input, AT_US, copy, len);
    free(copy);
}

/* What is heard of bytes, then a long silence, then the key z. */
static void
assert_hears(const char *bytes, size_t len, unsigned cuts, const char *want)
{
    struct heard heard;
    size_t start = 0;

    heard_init(&heard);
    for (size_t i = 1; i <= len; i++)
        if (i == len || (i <= 31 && cuts >> (i - 1) & 1)) {
            feed(&heard, bytes + start, i - start);
            start = i;
        }
    if (input_due_us(heard.input) != 0)
        input_quiet(heard.input, input_due_us(heard.input));
    assert_int_equal(input_due_us(heard.input), 0);
    feed(&heard, "z", 1);
    if (strncmp(buf_text(&heard.words), want, strlen(want)) != 0 ||
        strcmp(buf_text(&heard.words) + strlen(want), "z ") != 0)
        fail_msg("wanted '%sz ', heard '%s'", want, buf_text(&heard.words));
    heard_fini(&heard);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t len;
    const char *want;
} rows[] = {
    { BYTES("a"), "a " },
    { BYTES("~-"), "~ - " },
    { BYTES(" "), "Space " },
    { BYTES("\r"), "Enter " },
    { BYTES("\n"), "C-j " },
    { BYTES("\t"), "Tab " },
    { BYTES("\177"), "BSpace " },
    { BYTES("\010"), "C-h " },
    { BYTES("\0"), "C-Space " },
    { BYTES("\001\032"), "C-a C-z " },
    { BYTES("\021\023"), "C-q C-s " },
    { BYTES("\034\035\036\037"), "C-\\ C-] C-^ C-_ " },
    { BYTES("\033"), "Esc " },
    { BYTES("\033\033"), "Esc Esc " },
    { BYTES("\033x"), "M-x " },
    { BYTES("\033X"), "M-X " },
    { BYTES("\033\r"), "M-Enter " },
    { BYTES("\033\177"), "M-BSpace " },
    { BYTES("\033 "), "M-Space " },
    { BYTES("\033\001"), "C-M-a " },
    { BYTES("\033\0"), "C-M-Space " },
    { BYTES("\033["), "M-[ " },
    { BYTES("\033O"), "M-O " },
    { BYTES("\033[\033[A"), "M-[ Up " },
    { BYTES("\033\033[A"), "Esc Up " },
    { BYTES("\033-"), "M-- " },
    { BYTES("\033\303\251"), "M-\303\251 " },
    /* Cursor keys, in both modes, with modifiers. */
    { BYTES("\033[A\033[B\033[C\033[D"), "Up Down Right Left " },
    { BYTES("\033OA\033OB\033OC\033OD"), "Up Down Right Left " },
    { BYTES("\033[H\033[F\033OH\033OF"), "Home End Home End " },
    { BYTES("\033[1;5A"), "C-Up " },
    { BYTES("\033[1;2D"), "S-Left " },
    { BYTES("\033[1;3C"), "M-Right " },
    { BYTES("\033[1;9C"), "M-Right " },
    { BYTES("\033[1;8F"), "C-M-S-End " },
    { BYTES("\033[1;1A"), "Up " },
    { BYTES("\033O5A"), "C-Up " },
    { BYTES("\033O1;5A"), "C-Up " },
    { BYTES("\033[Z"), "S-Tab " },
    { BYTES("\033[2~\033[3~"), "Insert Delete " },
    { BYTES("\033[5~\033[6~"), "PageUp PageDown " },
    { BYTES("\033[5;5~"), "C-PageUp " },
    { BYTES("\033[1~\033[4~\033[7~\033[8~"), "Home End Home End " },
    { BYTES("\033[1;2~"), "S-Home " },
    /* Function keys: xterm, older ones, the Linux console. */
    { BYTES("\033OP\033OQ\033OR\033OS"), "F1 F2 F3 F4 " },
    { BYTES("\033[11~\033[12~\033[13~\033[14~"), "F1 F2 F3 F4 " },
    { BYTES("\033[[A\033[[E"), "F1 F5 " },
    { BYTES("\033[15~\033[17~\033[18~\033[19~"), "F5 F6 F7 F8 " },
    { BYTES("\033[20~\033[21~\033[23~\033[24~"), "F9 F10 F11 F12 " },
    { BYTES("\033[1;2P\033[15;6~"), "S-F1 C-S-F5 " },
    { BYTES("\033Op\033Oy\033OM\033Ok"), "KP0 KP9 KPEnter KP+ " },
    /* Keys in xterm's other forms, if somebody turned them on. */
    { BYTES("\033[97;5u"), "C-a " },
    { BYTES("\033[27;3;120~"), "M-x " },
    { BYTES("\033[13u"), "Enter " },
    { BYTES("\033[4194369u\033[99999999999u\033[55296u"), "" },
    /* Characters, and what is none. */
    { BYTES("\303\251\346\274\242\360\237\230\200"),
      "\303\251 \346\274\242 \360\237\230\200 " },
    { BYTES("\377Z"), "Z " },
    { BYTES("\346\274Z"), "Z " },
    { BYTES("\346\274\346\274\242"), "\346\274\242 " },
    { BYTES("\346\033[A"), "Up " },
    { BYTES("\360\237\230\033"), "Esc " },
    { BYTES("\300\257\355\240\200a"), "a " },
    { BYTES("\302\233A"), "A " }, /* a C1 control */
    { BYTES("\033\377Z"), "Z " },
    /* Whole sequences that are no key, to their end. */
    { BYTES("\033[?1;2cq"), "q " },
    { BYTES("\033[>0;276;0cq"), "q " },
    { BYTES("\033[12;40Rq"), "q " },
    { BYTES("\033[I\033[Oq"), "q " },
    { BYTES("\033[1;77Aq"), "q " },
    { BYTES("\033[2$yq"), "q " },
    { BYTES("\033[99~q"), "q " },
    { BYTES("\033[1;2;3;4;5;6Aq"), "q " },
    { BYTES("\033[11111111111111111111111111111111111111111111111111Aq"),
      "q " },
    { BYTES("\033[1;\303\251"), "\303\251 " },
    { BYTES("\033[1;5\r"), "Enter " },
    { BYTES("\033[1;5\033[B"), "Down " },
    { BYTES("\033[1;5"), "" },
    { BYTES("\033OXq"), "q " },
    { BYTES("\033[M !!q"), "q " },
    { BYTES("\033[M \rq"), "Enter q " },
    { BYTES("\033[[\r"), "Enter " },
    /* Mouse. */
    { BYTES("\033[<0;1;1M\033[<0;250;60m"), "[left 0,0] [left off 249,59] " },
    { BYTES("\033[<32;5;6M"), "[left drag 4,5] " },
    { BYTES("\033[<2;5;6M\033[<1;5;6M"), "[right 4,5] [middle 4,5] " },
    { BYTES("\033[<64;5;6M\033[<65;5;6M"), "[up 4,5] [down 4,5] " },
    { BYTES("\033[<16;5;6M"), "[left 4,5] " },
    { BYTES("\033[<66;5;6M\033[<35;5;6Mq"), "q " },
    { BYTES("\033[<0;0;1M\033[<0;70000;1M\033[<0;1M\033[<Mq"), "q " },
    /* Pastes. */
    { BYTES("\033[200~ab\033[201~"), "{ab} " },
    { BYTES("\033[200~\033[201~"), "{} " },
    { BYTES("x\033[200~a\rb\tc\n\303\251\033[201~y"),
      "x {a\rb\tc\n\303\251} y " },
    { BYTES("\033[200~\033[A\033[201\033\033[201~"), "{?[A?[201?} " },
    { BYTES("\033[200~a\377b\346\274\033[201~"), "{a?b?} " },
    { BYTES("\033[200~\033[2\00001~\033[201~"), "{?[2?01~} " },
    { BYTES("\033[200~ab\033[20"), "{ab}cut " },
    { BYTES("\033[201~q"), "q " },
};

static void
sequences_have_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        print_message("# %zu: %s\n", i, rows[i].want);
        assert_hears(rows[i].bytes, rows[i].len, 0, rows[i].want);
    }
}

static void
every_chunking_is_heard_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t len = rows[i].len;

        print_message("# %zu: %s\n", i, rows[i].want);
        /* All ways to cut the short ones; single and double cuts of others. */
        if (len <= 11)
            for (unsigned cuts = 0; cuts < 1u << (len - 1); cuts++)
                assert_hears(rows[i].bytes, len, cuts, rows[i].want);
        for (unsigned a = 0; a < MIN(len, (size_t)31); a++)
            for (unsigned b = 0; b <= a; b++)
                assert_hears(rows[i].bytes, len, 1u << a | 1u << b,
                             rows[i].want);
        assert_hears(rows[i].bytes, len, ~0u, rows[i].want);
    }
}

static void
names_come_back_as_the_same_key(void **state)
{
    static const char *const names[] = {
        "Enter",   "Tab",      "S-Tab",  "Esc",       "Space",      "BSpace",
        "C-Space", "Up",       "Down",   "Left",      "Right",      "Home",
        "End",     "Insert",   "Delete", "PageUp",    "PageDown",   "F1",
        "F4",      "F5",       "F12",    "C-Up",      "C-M-S-Down", "S-F1",
        "C-F12",   "M-Delete", "C-a",    "C-z",       "C-]",        "C-_",
        "M-x",     "C-M-x",    "M-Tab",  "C-M-Space",
    };
    static const struct term_modes modes[] = {
        { 0 },
        { .application_cursor = true, .application_keypad = true },
    };

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(names); i++) {
        const char *name = names[i / 2];
        struct err err = ERR_INIT;
        struct buf bytes = BUF_INIT(0);
        char want[64];

        print_message("# %s\n", name);
        snprintf(want, sizeof want, "%s ", name);
        assert_true(keys_encode(name, &modes[i % 2], &bytes, &err));
        assert_hears(bytes.bytes, bytes.len, 0, want);
        buf_fini(&bytes);
    }
}

static void
escape_is_a_key_after_25_ms(void **state)
{
    struct heard heard;

    (void)state;
    heard_init(&heard);
    feed(&heard, "\033", 1);
    assert_string_equal(buf_text(&heard.words), "");
    assert_int_equal(input_due_us(heard.input), AT_US + 25000);
    input_quiet(heard.input, AT_US + 24999);
    assert_string_equal(buf_text(&heard.words), "");
    input_quiet(heard.input, AT_US + 25000);
    assert_string_equal(buf_text(&heard.words), "Esc ");
    assert_int_equal(input_due_us(heard.input), 0);

    /* The same when the loop was too busy to say so: what comes is apart. */
    feed(&heard, "\033", 1);
    input_bytes(heard.input, AT_US + 25000, (const uint8_t *)"[A", 2);
    assert_string_equal(buf_text(&heard.words), "Esc Esc [ A ");
    heard_fini(&heard);
}

static void
large_paste_is_cut_at_the_maximum(void **state)
{
    enum { LEN = INPUT_PASTE_MAX + 100 };
    char *bytes = xmalloc(LEN);
    struct heard heard;

    (void)state;
    heard_init(&heard);
    memset(bytes, 'p', LEN);
    memcpy(bytes + INPUT_PASTE_MAX - 1, "\303\251", 2); /* across the end */
    feed(&heard, "\033[200~", 6);
    for (size_t at = 0; at < LEN; at += 4099)
        feed(&heard, bytes + at, MIN((size_t)4099, LEN - at));
    feed(&heard, "\033[201~q", 7);
    assert_int_equal(heard.pastes, 1);
    assert_int_equal(heard.paste_len, INPUT_PASTE_MAX - 1);
    assert_true(heard.cut);
    assert_string_equal(buf_text(&heard.words), "q ");

    feed(&heard, "\033[200~", 6);
    feed(&heard, bytes, INPUT_PASTE_MAX - 1);
    feed(&heard, "x\033[201~", 7);
    assert_int_equal(heard.paste_len, INPUT_PASTE_MAX);
    assert_false(heard.cut);
    free(bytes);
    heard_fini(&heard);
}

/* Whatever came before, after a silence keys are keys. */
static void
random_bytes_do_no_harm(void **state)
{
    static const char bits[] = "\033\033\033[[O<;;0125~MmAu\r \377\303\251\346";
    uint64_t seed = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        size_t len = 0;
        struct heard heard;

        heard_init(&heard);
        while (len < sizeof bytes) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            bytes[len++] = seed >> 60 == 0
                               ? (char)(seed >> 40)
                               : bits[(seed >> 20) % (sizeof bits - 1)];
            if (seed >> 58 == 9 && len + 6 < sizeof bytes) {
                memcpy(bytes + len, seed & 1 ? "\033[200~" : "\033[201~", 6);
                len += 6;
            }
        }
        feed(&heard, bytes, len);
        if (input_due_us(heard.input) != 0)
            input_quiet(heard.input, input_due_us(heard.input));
        buf_clear(&heard.words);
        feed(&heard, "z", 1);
        assert_string_equal(buf_text(&heard.words), "z ");
        heard_fini(&heard);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_have_names),
        cmocka_unit_test(every_chunking_is_heard_the_same),
        cmocka_unit_test(names_come_back_as_the_same_key),
        cmocka_unit_test(escape_is_a_key_after_25_ms),
        cmocka_unit_test(large_paste_is_cut_at_the_maximum),
        cmocka_unit_test(random_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
