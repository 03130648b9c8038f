/* The parts of the screen that need no screen: keys, lines, words. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "term/keys.h"
#include "ui/command.h"
#include "ui/lineedit.h"
#include "ui/page.h"
#include "ui/telemetry.h"

static const char *
next_word(const char *words, char out[32])
{
    size_t len = strcspn(words, " ");

    snprintf(out, 32, "%.*s", (int)len, words);
    return words + len + strspn(words + len, " ");
}

static void
a_key_means_one_thing_at_a_time(void **state)
{
    static const enum ui_context contexts[] = { CONTEXT_WIZARD, CONTEXT_PREFIX,
                                                CONTEXT_BACK };
    unsigned keys = 0;

    (void)state;
    for (size_t c = 0; c < ARRAY_LEN(contexts); c++)
        for (size_t i = 0; i < ui_commands_len; i++) {
            const char *words = ui_command_keys(&ui_commands[i], contexts[c]);
            char key[32];

            while (words != NULL && *words != '\0') {
                words = next_word(words, key);
                if (strcmp(key, "0-9") == 0)
                    strcpy(key, "5");
                keys++;
                for (unsigned when = 1; when < WHEN_ALWAYS; when <<= 1)
                    if (ui_commands[i].when & when)
                        assert_ptr_equal(
                            ui_command_of_key(contexts[c], key, when),
                            &ui_commands[i]);
            }
        }
    assert_in_range(keys, 60, 1000);
}

static void
every_key_is_one_that_can_be_pressed(void **state)
{
    const struct term_modes modes = { 0 };
    struct buf bytes = BUF_INIT(0);
    struct err err = ERR_INIT;

    (void)state;
    for (size_t i = 0; i < ui_commands_len; i++) {
        const char *const all[] = { ui_commands[i].keys, ui_commands[i].prefix,
                                    ui_commands[i].back };

        for (size_t j = 0; j < ARRAY_LEN(all); j++)
            if (all[j] != NULL && strcmp(all[j], "0-9") != 0)
                assert_true(keys_encode(all[j], &modes, &bytes, &err));
    }
    buf_fini(&bytes);
}

static void
commands_are_found_by_what_makes_them_unique(void **state)
{
    (void)state;
    assert_string_equal(ui_command_of_name("zo")->name, "zoom");
    assert_string_equal(ui_command_of_name("pass")->name, "pass");
    assert_null(ui_command_of_name("pa")); /* pass, pane, pause, page-up */
    assert_null(ui_command_of_name("nothing"));
}

static void
press(struct lineedit *line, const char *keys)
{
    char key[32];

    while (*keys != '\0') {
        keys = next_word(keys, key);
        assert_int_equal(lineedit_key(line, key), LINEEDIT_MORE);
    }
}

static void
a_line_is_edited_in_the_usual_way(void **state)
{
    static const struct {
        const char *begins, *keys, *want;
    } cases[] = {
        { "", "a b c", "abc" },
        { "ab", "Left x", "axb" },
        { "ab", "Home x End y", "xaby" },
        { "one two", "C-w", "one " },
        { "one two", "C-u x", "x" },
        { "one", "C-a C-k z", "z" },
        { "\xc3\xa9\xc3\xa8", "BSpace", "\xc3\xa9" },
        { "\xc3\xa9x", "Home Delete", "x" },
        { "\xc3\xa9x", "Left Left y", "y\xc3\xa9x" },
        { "a", "BSpace BSpace BSpace", "" },
        { "a", "Left Left Left Right Right Right b", "ab" },
        { "a", "Space b", "a b" },
        { "a", "F5 M-x Up", "a" }, /* what means nothing changes nothing */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lineedit *line = lineedit_new(":", cases[i].begins);

        press(line, cases[i].keys);
        assert_string_equal(lineedit_text(line), cases[i].want);
        assert_int_equal(lineedit_key(line, "Esc"), LINEEDIT_CANCEL);
        assert_int_equal(lineedit_key(line, "Enter"), LINEEDIT_DONE);
        lineedit_free(line);
    }
}

static void
a_line_has_a_maximum_and_no_controls(void **state)
{
    struct lineedit *line = lineedit_new(":", "a\nb\033[2Jc");
    char *much = malloc(10001);

    (void)state;
    assert_string_equal(lineedit_text(line), "a b [2Jc");
    memset(much, 'x', 10000);
    much[10000] = '\0';
    lineedit_insert(line, much);
    lineedit_insert(line, much);
    assert_in_range(strlen(lineedit_text(line)), 4000, 4096);
    free(much);
    lineedit_free(line);
}

static void
text_is_wrapped_at_blanks(void **state)
{
    struct page *page = page_new(10);

    (void)state;
    page_line(page);
    page_wrap(page, LOOK_TEXT, "aa bb cc dd ee", 0); /* aa bb cc|dd ee */
    assert_int_equal(page_lines(page), 2);
    page_line(page);
    page_wrap(page, LOOK_TEXT, "aaaaaaaaaaaaaaaaaaaaaaaaa", 0);
    assert_int_equal(page_lines(page), 5); /* 10, 10, 5 */
    page_line(page);
    page_wrap(page, LOOK_TEXT, "aa bb cc dd ee", 1);
    assert_int_equal(page_lines(page), 6);
    page_line(page);
    page_add(page, LOOK_TEXT, "much too long a beginning");
    page_wrap(page, LOOK_TEXT, "x y", 0); /* still ends */
    page_free(page);
}

static void
a_forecast_needs_both_rates(void **state)
{
    static const struct {
        double remaining_kib, rate, dirty;
        const char *want;
    } cases[] = {
        { 301244, 760, 40, "converges in ~4 s" },
        { 301244, 760, 0, "converges in ~4 s" },
        { 301244, 40, 40, "will not converge at this rate" },
        { 301244, 40, 900, "will not converge at this rate" },
        { -1, 760, 40, "" },
        { 301244, 760, -1, "" },
        { 301244, 0, 40, "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char *text = telemetry_forecast(cases[i].remaining_kib, cases[i].rate,
                                        cases[i].dirty);

        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_means_one_thing_at_a_time),
        cmocka_unit_test(every_key_is_one_that_can_be_pressed),
        cmocka_unit_test(commands_are_found_by_what_makes_them_unique),
        cmocka_unit_test(a_line_is_edited_in_the_usual_way),
        cmocka_unit_test(a_line_has_a_maximum_and_no_controls),
        cmocka_unit_test(text_is_wrapped_at_blanks),
        cmocka_unit_test(a_forecast_needs_both_rates),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("ui", tests, NULL, NULL);
}
