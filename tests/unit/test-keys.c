/* Key names give the bytes that programs expect, and nothing else is a key. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <string.h>

#include "tests/unit/unit.h"

#include "term/keys.h"
#include "term/mouse.h"

static void
assert_keys(const char *names, const struct term_modes *modes,
            const char *bytes, size_t len)
{
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT(64);

    print_message("# %s\n", names);
    assert_true(keys_encode(names, modes, &out, &err));
    assert_int_equal(out.len, len);
    assert_memory_equal(buf_text(&out), bytes, len);
    buf_fini(&out);
}

static void
names_give_xterms_bytes(void **state)
{
    static const struct {
        const char *names, *normal, *application; /* NULL: the same */
    } rows[] = {
        { "a", "a", NULL },
        { "~", "~", NULL },
        { "-", "-", NULL },
        { "\xc3\xa9", "\xc3\xa9", NULL },
        { "C-a", "\001", NULL },
        { "C-A", "\001", NULL },
        { "C-[", "\033", NULL },
        { "C-?", "\177", NULL },
        { "C-_", "\037", NULL },
        { "M-x", "\033x", NULL },
        { "M-C-x", "\033\030", NULL },
        { "C-M-x", "\033\030", NULL },
        { "M-Enter", "\033\r", NULL },
        { "Enter", "\r", NULL },
        { "Tab", "\t", NULL },
        { "S-Tab", "\033[Z", NULL },
        { "Esc", "\033", NULL },
        { "Space", " ", NULL },
        { "BSpace", "\177", NULL },
        { "Up", "\033[A", "\033OA" },
        { "Left", "\033[D", "\033OD" },
        { "Home", "\033[H", "\033OH" },
        { "C-Up", "\033[1;5A", NULL },
        { "S-F1", "\033[1;2P", NULL },
        { "F1", "\033OP", NULL },
        { "F5", "\033[15~", NULL },
        { "F12", "\033[24~", NULL },
        { "PageUp", "\033[5~", NULL },
        { "C-PageDown", "\033[6;5~", NULL },
        { "Delete", "\033[3~", NULL },
        { "Insert", "\033[2~", NULL },
        { "KP5", "5", "\033Ou" },
        { "KPEnter", "\r", "\033OM" },
        { "C-a d", "\001d", NULL },
        { "  ~ .  ", "~.", NULL },
    };
    static const struct term_modes normal = { 0 };
    static const struct term_modes application = {
        .application_cursor = true,
        .application_keypad = true,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *app =
            rows[i].application != NULL ? rows[i].application : rows[i].normal;

        assert_keys(rows[i].names, &normal, rows[i].normal,
                    strlen(rows[i].normal));
        assert_keys(rows[i].names, &application, app, strlen(app));
    }
    assert_keys("C-Space", &normal, "\0", 1);
    assert_keys("C-@", &normal, "\0", 1);
}

static void
what_is_no_key_is_named_and_nothing_is_sent(void **state)
{
    static const char *const rows[] = {
        "Entr",     "F13",
        "C-",       "C-Enter",
        "S-a",      "ab",
        "C-1",      "C-Esc",
        "X-a",      "C-ab",
        "",         "  ",
        "\xc2\x9b", "\t",
        "enter",    "M-",
        "C-KP1",    "\xc3\xa9x",
        "\xc3",     "aNameFarLongerThanAnyKeyWillEverBeInThisOrAnyOtherProgram",
    };
    static const struct term_modes modes = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = ERR_INIT;
        struct buf out = BUF_INIT(64), names = BUF_INIT(0);

        print_message("# '%s'\n", rows[i]);
        assert_true(buf_puts(&out, "before"));
        assert_false(keys_encode(rows[i], &modes, &out, &err));
        assert_int_equal(err.kind, ERR_SYNTAX);
        assert_string_equal(buf_text(&out), "before");
        if (rows[i][strspn(rows[i], " ")] != '\0') {
            err.kind = ERR_NONE;
            buf_printf(&names, "a b %s", rows[i]);
            assert_false(keys_encode(buf_text(&names), &modes, &out, &err));
            assert_string_equal(buf_text(&out), "before");
        }
        buf_fini(&names);
        buf_fini(&out);
    }
}

static void
message_names_the_word(void **state)
{
    static const struct term_modes modes = { 0 };
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT(64);

    (void)state;
    assert_false(keys_encode("C-a Entr d", &modes, &out, &err));
    assert_non_null(strstr(err.text, "'Entr' is no key"));
    assert_int_equal(out.len, 0);
    buf_fini(&out);
}

static void
full_buffer_takes_all_or_nothing(void **state)
{
    static const struct term_modes modes = { 0 };
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT(4);

    (void)state;
    assert_false(keys_encode("Up Up", &modes, &out, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_int_equal(out.len, 0);
    buf_fini(&out);
}

static void
mouse_is_told_as_the_program_wants(void **state)
{
    static const struct {
        struct mouse_event event;
        struct term_modes modes;
        const char *bytes;
    } rows[] = {
        { { .col = 4, .row = 2 }, { .mouse = 0, .mouse_sgr = true }, "" },
        { { .col = 4, .row = 2 },
          { .mouse = 1, .mouse_sgr = true },
          "\033[<0;5;3M" },
        { { .col = 999, .row = 2, .released = true },
          { .mouse = 1, .mouse_sgr = true },
          "\033[<0;1000;3m" },
        { { MOUSE_RIGHT, .dragged = true },
          { .mouse = 1, .mouse_sgr = true },
          "" },
        { { MOUSE_RIGHT, .dragged = true },
          { .mouse = 2, .mouse_sgr = true },
          "\033[<34;1;1M" },
        { { MOUSE_WHEEL_UP },
          { .mouse = 3, .mouse_sgr = true },
          "\033[<64;1;1M" },
        { { MOUSE_MIDDLE, .col = 4, .row = 2 }, { .mouse = 1 }, "\033[M!%#" },
        { { MOUSE_MIDDLE, .released = true }, { .mouse = 1 }, "\033[M#!!" },
        { { .col = 93 }, { .mouse = 1 }, "\033[M ~!" },
        { { .col = 94 }, { .mouse = 1 }, "" }, /* the byte would be DEL */
        { { .row = 94 }, { .mouse = 1 }, "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out = BUF_INIT(0);

        print_message("# %zu\n", i);
        mouse_encode(&rows[i].event, &rows[i].modes, &out);
        assert_string_equal(buf_text(&out), rows[i].bytes);
        buf_fini(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_give_xterms_bytes),
        cmocka_unit_test(what_is_no_key_is_named_and_nothing_is_sent),
        cmocka_unit_test(message_names_the_word),
        cmocka_unit_test(full_buffer_takes_all_or_nothing),
        cmocka_unit_test(mouse_is_told_as_the_program_wants),
    };

    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
