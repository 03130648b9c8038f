/* Nothing pasted is more than text, and nothing but one line goes unasked. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/str.h"
#include "base/utf8.h"
#include "tests/unit/term-probe.h"
#include "ui/paste.h"

#define BEGIN "\033[200~"
#define END   "\033[201~"

/* What came last, and what a pane would be sent of it. */
struct heard {
    size_t pastes, keys;
    bool plain;
    struct buf text;       /* what came, as it is */
    struct buf sent, bare; /* with brackets and without */
};

static void
hear(void *ctx, const struct input_event *event)
{
    struct heard *heard = ctx;

    if (event->kind != INPUT_PASTE) {
        heard->keys++;
        return;
    }
    heard->pastes++;
    heard->plain = paste_is_plain(event);
    buf_clear(&heard->text);
    buf_puts(&heard->text, event->text);
    buf_clear(&heard->sent);
    paste_encode(event->text, true, &heard->sent);
    buf_clear(&heard->bare);
    paste_encode(event->text, false, &heard->bare);
}

static void
heard_fini(struct heard *heard)
{
    buf_fini(&heard->text);
    buf_fini(&heard->sent);
    buf_fini(&heard->bare);
}

static bool
has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return true;
    return false;
}

/* Text, tabs and CR; no escape, and no C1 control as UTF-8 has it. */
static void
assert_only_text(const char *bytes, size_t len)
{
    assert_true(utf8_valid(bytes, len));
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)bytes[i];

        assert_true(byte >= ' ' || byte == '\t' || byte == '\r');
        assert_int_not_equal(byte, 0x7F);
        assert_false(byte == 0xC2 && (uint8_t)bytes[i + 1] < 0xA0);
    }
}

static void
assert_sent_whole(const struct heard *heard)
{
    const char *sent = buf_text(&heard->sent);
    size_t frame = strlen(BEGIN) + strlen(END);

    assert_true(str_starts(sent, BEGIN) && str_ends(sent, END));
    assert_int_equal(heard->sent.len, heard->bare.len + frame);
    assert_only_text(sent + strlen(BEGIN), heard->sent.len - frame);
    assert_only_text(buf_text(&heard->bare), heard->bare.len);
}

/* Pieces that end a bracket early, or would if something between were lost. */
static void
add_hostile(uint64_t *seed, struct buf *out)
{
    static const char *const pieces[] = {
        "\033[20",  "1~",      "\033",        "[201~", "\033[201",  "~",
        "\xc2\x9b", "201~",    "\xe2\x82",    "\r",    "\n",        "\r\n",
        "\t",       "rm -rf ", "\x7f",        "\x03",  "\033[200~", "\xff",
        "\xc3\xa9", "ls",      "\033\033[20", "\x04",  "echo hi",   "\x1a",
    };
    const char *piece = pieces[probe_random(seed) % ARRAY_LEN(pieces)];

    buf_puts(out, piece);
}

static void
thousand_hostile_pastes_never_end_early(void **state)
{
    struct heard heard = { 0 };
    struct input *input = input_new(hear, &heard);
    struct buf bytes = BUF_INIT(0);
    uint64_t seed = 22;

    (void)state;
    for (size_t i = 1; i <= 1000; i++) {
        unsigned len = (unsigned)(probe_random(&seed) % 30);
        const char *end;

        buf_clear(&bytes);
        buf_puts(&bytes, BEGIN);
        while (len-- > 0)
            add_hostile(&seed, &bytes);
        /* That it ends here is the terminal's word: nothing behind it. */
        end = strstr(buf_text(&bytes), END);
        if (end != NULL)
            bytes.len = (size_t)(end - buf_text(&bytes));
        buf_puts(&bytes, END);
        input_bytes(input, i * 1000000, (uint8_t *)bytes.bytes, bytes.len);
        assert_int_equal(heard.pastes, i);
        assert_int_equal(heard.keys, 0);
        assert_sent_whole(&heard);
        if (heard.plain)
            assert_false(has_control(buf_text(&heard.text)));
    }
    input_free(input);
    buf_fini(&bytes);
    heard_fini(&heard);
}

/* Also what no terminal would hand over. */
static void
an_end_inside_is_no_end(void **state)
{
    struct buf out = BUF_INIT(0);

    (void)state;
    paste_encode("a\033[201~\rreboot\n", true, &out);
    assert_string_equal(buf_text(&out), BEGIN "a[201~\rreboot\r" END);
    buf_fini(&out);
}

static void
more_than_one_line_of_text_is_asked_about(void **state)
{
    static const struct {
        struct input_event event;
        bool plain;
        const char *question;
    } rows[] = {
        { { .text = "ls -l" }, true, "" },
        { { .text = "caf\xc3\xa9" }, true, "" },
        { { .text = "" }, true, "" },
        { { .text = "ls\r" },
          false,
          "paste 1 line into host-shell, beginning \"ls \"? y " },
        { { .text = "ls\r\nid\r\n" },
          false,
          "paste 2 lines into host-shell, beginning \"ls  id  \"? y " },
        { { .text = "a\n\nb" },
          false,
          "paste 3 lines into host-shell, beginning \"a  b\"? y " },
        { { .text = "if\tx" },
          false,
          "paste 1 line into host-shell, beginning \"if x\"? y " },
        { { .text = "a?b", .cleaned = true },
          false,
          "paste 1 line into host-shell, beginning \"a?b\", controls as ?"
          "? y " },
        { { .text = "a", .cut = true },
          false,
          "paste 1 line into host-shell, beginning \"a\", cut at 1 MiB? y " },
        { { .text = "012345678901234567890123456789012345678\xc3\xa9z\n" },
          false,
          "paste 1 line into host-shell, beginning "
          "\"012345678901234567890123456789012345678\"? y " },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *question = paste_question(&rows[i].event, "host-shell");

        print_message("# %zu\n", i);
        assert_int_equal(paste_is_plain(&rows[i].event), rows[i].plain);
        if (!rows[i].plain)
            assert_string_equal(question, rows[i].question);
        free(question);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousand_hostile_pastes_never_end_early),
        cmocka_unit_test(an_end_inside_is_no_end),
        cmocka_unit_test(more_than_one_line_of_text_is_asked_about),
    };

    return cmocka_run_group_tests_name("paste", tests, NULL, NULL);
}
