/* Who looks at what the outer terminal gets lets nothing of a guest's pass. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <string.h>

#include "tests/unit/unit.h"

#include "base/macros.h"
#include "tests/unit/outer.h"

#define TAKE  "\033[?1049h"
#define LEAVE "\030\033\\\033[?1049l\r"

struct row {
    const char *bytes;
    const char *wrong; /* a part of it; "": nothing is */
};

static void
check_wrong(const struct outer *outer, const struct row *row)
{
    if (*row->wrong == '\0')
        assert_string_equal(outer->wrong, "");
    else
        assert_non_null(strstr(outer->wrong, row->wrong));
}

static void
check_rows(const struct row *rows, size_t len, bool shared)
{
    for (size_t i = 0; i < len; i++)
        for (size_t n = 1; n < 4; n++) {
            size_t all = strlen(rows[i].bytes);
            struct outer outer;

            print_message("# %zu\n", i);
            outer_init(&outer, shared);
            for (size_t at = 0; at < all; at += n)
                outer_feed(&outer, rows[i].bytes + at, MIN(n, all - at));
            check_wrong(&outer, &rows[i]);
        }
}

static void
what_we_write_is_ours(void **state)
{
    static const struct row rows[] = {
        { "", "" },
        { "pass  \033[32mok\033[0m\r\n", "" },
        { TAKE "\033[r\033(B\033)0\017\033[m\033[?7h\033[?1h\033[?2004h", "" },
        { TAKE "\033[2;3H\xe2\x94\x82 text\033[K\033[1;38;5;200mx", "" },
        { TAKE "\033[38:2::1:2:3mx\033[48;2;1;2;3mx\033[39;49m", "" },
        { TAKE "\033[12;\033[1;1Hcut\xe2\x94\033[2;2H", "" },
        { TAKE "x" LEAVE "done\r\n", "" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), false);
}

static void
what_a_guest_might_write_is_not(void **state)
{
    static const struct row rows[] = {
        { TAKE "\a", "a bell" },
        { TAKE "\033]0;title\a", "ESC \"]\"" },
        { TAKE "\033]52;c;eA==\a", "ESC \"]\"" },
        { TAKE "\033Pq~\033\\", "ESC \"P\"" },
        { TAKE "\033_x\033\\", "ESC \"_\"" },
        { TAKE "\033\\", "ESC \"\\\"" },
        { TAKE "\030x\033\\", "ESC \"\\\"" },
        { TAKE "\033c", "ESC \"c\"" },
        { TAKE "\033[6n", "\"6n\"" },
        { TAKE "\033[c", "\"c\"" },
        { TAKE "\033[21t", "\"21t\"" },
        { TAKE "\033[8;1;1t", "\"8;1;1t\"" },
        { TAKE "\033[5i", "\"5i\"" },
        { TAKE "\033[!p", "\"!p\"" },
        { TAKE "\033[?69h", "\"?69h\"" },
        { TAKE "\033[1;2;3H", "\"1;2;3H\"" },
        { TAKE "\033[12345H", "\"12345H\"" },
        { TAKE "\033[1\n2H", "in a sequence" },
        { TAKE "\xc2\x9b", "a control as UTF-8" },
        { TAKE "\x9b", "no UTF-8" },
        { TAKE "\xff", "no UTF-8" },
        { TAKE "\xe2\x94x", "cut" },
        { TAKE "a\xe2\x80\xae"
               "b",
          "direction" },
        { TAKE "\x05", "a control" },
        { TAKE "\x7f", "DEL" },
        { "\033[2J", "\"2J\"" },
        { "\033]0;title\a", "ESC \"]\"" },
        { TAKE LEAVE "\033[H", "\"H\"" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), false);
}

static void
a_shell_may_write_what_it_likes_until_we_take_over(void **state)
{
    static const struct row rows[] = {
        { "\033]0;bash\a\033[?2004h$ \a" TAKE "x" LEAVE "\033]0;x\a", "" },
        { "\033]0;bash\a" TAKE "\033]0;x\a" LEAVE, "ESC \"]\"" },
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), true);
}

/* Wherever it is cut and whatever it cuts; all else is looked at. */
static void
what_a_test_asks_is_left_out(void **state)
{
    static const struct row rows[] = {
        { TAKE "x" OUTER_QUESTION "\033[2;3H" OUTER_QUESTION, "" },
        { TAKE "\033" OUTER_QUESTION "[2;3H", "" },
        { TAKE "\033[5" OUTER_QUESTION ";7H", "" },
        { TAKE OUTER_QUESTION "\033[6n", "\"6n\"" },
        { TAKE "\033[5\033[5;6n", "\"5;6n\"" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t cut = 0; cut <= strlen(rows[i].bytes); cut++) {
            struct outer outer;

            outer_init(&outer, false);
            outer_feed_asked(&outer, rows[i].bytes, cut);
            outer_feed_asked(&outer, rows[i].bytes + cut,
                             strlen(rows[i].bytes) - cut);
            check_wrong(&outer, &rows[i]);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_write_is_ours),
        cmocka_unit_test(what_a_guest_might_write_is_not),
        cmocka_unit_test(a_shell_may_write_what_it_likes_until_we_take_over),
        cmocka_unit_test(what_a_test_asks_is_left_out),
    };

    return cmocka_run_group_tests_name("outer", tests, NULL, NULL);
}
