/* Sequences do to the screen what they do in tmux. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "tests/unit/term-probe.h"

#define RGB(color)   ((uint32_t)TERM_COLOR_RGB | (color))
#define INDEX(index) ((uint32_t)TERM_COLOR_INDEX | (index))

static void
assert_screen(const char *bytes, const char *screen)
{
    struct probe probe;

    probe_init(&probe, 10, 4);
    probe_feed(&probe, 0, bytes);
    probe_check(&probe);
    assert_string_equal(probe_screen(&probe), screen);
    probe_fini(&probe);
}

static void
assert_cursor(const struct probe *probe, int row, int col)
{
    struct term_cursor cursor = term_cursor(probe->term);

    assert_int_equal(cursor.row, row);
    assert_int_equal(cursor.col, col);
}

static void
pen_is_read_in_every_spelling(void **state)
{
    static const struct {
        const char *sgr;
        uint32_t fg, bg;
        uint16_t attrs;
    } rows[] = {
        { "1;3;4;5;7;9", 0, 0, 63 },
        { "1;22", 0, 0, 0 },
        { "7;27;4;24;5;25;9;29;3;23", 0, 0, 0 },
        { "1;;3", 0, 0, TERM_ITALIC },
        { "31;42", INDEX(1), INDEX(2), 0 },
        { "97;100", INDEX(15), INDEX(8), 0 },
        { "31;39;42;49", 0, 0, 0 },
        { "38;5;1", INDEX(1), 0, 0 },
        { "38;5;200;1", INDEX(200), 0, TERM_BOLD },
        { "38;5;256", 0, 0, 0 },
        { "48;2;1;2;3;4", 0, RGB(0x010203), TERM_UNDERLINE },
        { "48;2;256;0;0", 0, 0, 0 },
        { "38:5:200;1", INDEX(200), 0, TERM_BOLD },
        { "38:2:1:2:3;1", RGB(0x010203), 0, TERM_BOLD },
        { "38:2::1:2:3;1", RGB(0x010203), 0, TERM_BOLD },
        { "48:2:7:1:2:3", 0, RGB(0x010203), 0 },
        { "38:2::1:2:3:4:5", RGB(0x010203), 0, 0 },
        { "58;5;5;3", 0, 0, TERM_ITALIC },
        { "58;2;1;4;7;3", 0, 0, TERM_ITALIC },
        { "58:5:5;3", 0, 0, TERM_ITALIC },
        { "58:2::1:4:7;3", 0, 0, TERM_ITALIC },
        { "59;3", 0, 0, TERM_ITALIC },
        { "2;3", 0, 0, TERM_ITALIC },
        { "8;53;73;3", 0, 0, TERM_ITALIC },
        { "4:3", 0, 0, TERM_UNDERLINE },
        { "4:1;4:0", 0, 0, 0 },
        { "21", 0, 0, TERM_UNDERLINE },
        { "6", 0, 0, TERM_BLINK },
        { "1;38", 0, 0, TERM_BOLD },
        { "1;38;5", 0, 0, TERM_BOLD },
        { "1;38;2;9", 0, 0, TERM_BOLD },
        { "1;38:5", 0, 0, TERM_BOLD },
        { "1;38:2:1:2", 0, 0, TERM_BOLD },
        { "11;12;3", 0, 0, TERM_ITALIC },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;
        struct term_cell cell;
        char bytes[64];

        print_message("# %zu: %s\n", i, rows[i].sgr);
        probe_init(&probe, 10, 4);
        snprintf(bytes, sizeof bytes, "\033[%smx", rows[i].sgr);
        probe_feed(&probe, 0, bytes);
        cell = probe_cell(&probe, 0, 0);
        assert_int_equal(cell.fg, rows[i].fg);
        assert_int_equal(cell.bg, rows[i].bg);
        assert_int_equal(cell.attrs, rows[i].attrs);
        probe_fini(&probe);
    }
}

static void
what_is_erased_has_the_background_and_nothing_else(void **state)
{
    static const char *const rows[] = { "\033[K", "\033[2K",  "\033[J",
                                        "\033[X", "\033[P",   "\033[L",
                                        "\033[@", "\033[2J",  "\033[M",
                                        "\033[T", "\033[?3l", "\033[S" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;
        struct term_cell cell;
        /* What comes in: at the cursor, or where the row or screen ends. */
        static const int places[][2] = { { 0, 0 }, { 0, 9 }, { 3, 0 } };
        bool found = false;

        print_message("# %zu\n", i);
        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, "\033[1;4;7;31;42m");
        probe_feed(&probe, 0, rows[i]);
        for (size_t k = 0; k < ARRAY_LEN(places); k++) {
            cell = probe_cell(&probe, places[k][0], places[k][1]);
            assert_int_equal(cell.fg, 0);
            assert_int_equal(cell.attrs, 0);
            assert_int_equal(cell.rune, ' ');
            found = found || cell.bg == INDEX(2);
        }
        assert_true(found);
        probe_fini(&probe);
    }
}

static void
last_column_holds_the_cursor_until_the_next_character(void **state)
{
    static const struct {
        const char *bytes, *screen;
    } rows[] = {
        { "0123456789", "0123456789\n" },
        { "0123456789a", "0123456789\na\n" },
        { "0123456789\ra", "a123456789\n" },
        { "0123456789\r\na", "0123456789\na\n" },
        { "0123456789\na", "0123456789\n\na\n" },
        { "0123456789\ba", "012345678a\n" },
        { "0123456789\033[Da", "012345678a\n" },
        { "0123456789\033[Ca", "012345678a\n" },
        { "0123456789\033[K\033[Da", "012345678a\n" },
        { "0123456789\033[Ka", "0123456789\na\n" },
        { "0123456789\033[1Ka", "\na\n" },
        { "0123456789\033[Pa\033[Xb", "0123456789\nab\n" },
        { "0123456789\033[@a", "0123456789\na\n" },
        { "\r\nx\033[H0123456789\033[Ja", "0123456789\na\n" },
        { "0123456789\033[31ma", "0123456789\na\n" },
        { "0123456789\ta", "0123456789\na\n" },
        { "0123456789\xcc\x81"
          "a",
          "0123456789\xcc\x81\na\n" },
        { "012345678\xe6\xbc\xa2", "012345678\n\xe6\xbc\xa2\n" },
        { "01234567\xe6\xbc\xa2"
          "a",
          "01234567\xe6\xbc\xa2\na\n" },
        { "\033[?7l0123456789ab", "012345678b\n" },
        { "\033[?7l012345678\xe6\xbc\xa2"
          "a",
          "012345678a\n" },
        { "0123456789\033[?7la", "012345678a\n" },
        { "0123456789\0337\0338a", "012345678a\n" },
        { "0123456789\033[Aa", "012345678a\n" },
        { "\033[4;1H0123456789ab", "0123456789\nab\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *screen = rows[i].screen;
        char below[32];

        print_message("# %zu\n", i);
        if (i == ARRAY_LEN(rows) - 1) { /* printed on the last row */
            snprintf(below, sizeof below, "\n\n%s", screen);
            screen = below;
        }
        assert_screen(rows[i].bytes, screen);
    }
}

static void
backspace_goes_back_over_a_wrap_only(void **state)
{
    (void)state;
    assert_screen("0123456789a\b\bX", "012345678X\na\n");
    assert_screen("0123456789\r\na\b\bX", "0123456789\nX\n");
}

static void
cursor_moves_as_it_is_told(void **state)
{
    static const struct {
        const char *bytes;
        int row, col;
    } rows[] = {
        { "\033[3;5H", 2, 4 },
        { "\033[99;99H", 3, 9 },
        { "\033[0;0H", 0, 0 },
        { "\033[;5H", 0, 4 },
        { "\033[3;5f\033[H", 0, 0 },
        { "\033[3;5H\033[A\033[C", 1, 5 },
        { "\033[3;5H\033[0A", 1, 4 },
        { "\033[3;5H\033[9A\033[9D", 0, 0 },
        { "\033[9B\033[99C", 3, 9 },
        { "\033[3;5H\033[E", 3, 0 },
        { "\033[3;5H\033[2F", 0, 0 },
        { "\033[3;5H\033[2G", 2, 1 },
        { "\033[3;5H\033[2`\033[a", 2, 2 },
        { "\033[3;5H\033[2d", 1, 4 },
        { "\033[3;5H\033[e\033[2j\033[k", 2, 2 },
        { "\033[3;5H\033E", 3, 0 },
        { "\033[3;5H\033D", 3, 4 },
        { "\033[3;5H\033M", 1, 4 },
        { "\033[3;5H\0337\033[H\0338", 2, 4 },
        { "\033[3;5H\033[s\033[H\033[u", 2, 4 },
        { "\033[3;5H\033[?1048h\033[H\033[?1048l", 2, 4 },
        { "\033[3;5H\033[1;2s", 2, 4 },
        { "\0338", 0, 0 },
        { "a\tb", 0, 9 },
        { "\033[I", 0, 8 },
        { "\t\t", 0, 9 },
        { "\t\033[Z", 0, 0 },
        { "ab\033H\r\t", 0, 2 },
        { "\033[3g\t", 0, 9 },
        { "\033[9G\033[g\r\t", 0, 9 },
        /* margins */
        { "\033[3;5H\033[2;3r", 0, 0 },
        { "\033[2;3r\033[2;1H\033[9A", 1, 0 },
        { "\033[2;3r\033[2;1H\033[9B", 2, 0 },
        { "\033[2;3r\033[1;1H\033[9B", 2, 0 },
        { "\033[2;3r\033[4;1H\033[9A", 1, 0 },
        { "\033[2;3r\033[4;1H\n", 3, 0 },
        { "\033[2;3r\033[3;1H\n", 2, 0 },
        { "\033[3;5H\033[3;3r", 2, 4 }, /* one row is no region */
        { "\033[3;5H\033[4;2r", 2, 4 },
        { "\033[2;3r\033[?6h", 1, 0 },
        { "\033[2;3r\033[?6h\033[9;2H", 2, 1 },
        { "\033[2;3r\033[?6h\033[1d", 1, 0 },
        { "\033[2;3r\033[?6h\033[?6l", 0, 0 },
        { "\033[2;3r\033[?6h\0337\033[?6l\0338\033[1;1H", 1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu: %s\n", i, rows[i].bytes + 1);
        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, rows[i].bytes);
        assert_cursor(&probe, rows[i].row, rows[i].col);
        probe_fini(&probe);
    }
}

static void
cells_are_edited_as_told(void **state)
{
    static const struct {
        const char *bytes, *screen;
    } rows[] = {
        { "abcdef\033[3G\033[2@", "ab  cdef\n" },
        { "abcdef\033[3G\033[2P", "abef\n" },
        { "abcdef\033[3G\033[2X", "ab  ef\n" },
        { "abcdef\033[3G\033[99P", "ab\n" },
        { "a\r\nb\r\nc\033[2H\033[L", "a\n\nb\nc\n" },
        { "a\r\nb\r\nc\033[2H\033[M", "a\nc\n" },
        { "a\r\nb\r\nc\033[S", "b\nc\n" },
        { "a\r\nb\r\nc\033[T", "\na\nb\nc\n" },
        { "a\r\nb\r\nc\033[H\033M", "\na\nb\nc\n" },
        { "abc\033[2G\033[1K", "  c\n" },
        { "a\r\nb\r\nc\033[2H\033[1J", "\n\nc\n" },
        { "a\r\nb\r\nc\033[2H\033[J", "a\n" },
        { "a\r\nb\033[2J.", "\n .\n" },
        { "a\r\nb\033[3J", "a\nb\n" }, /* the history is evidence */
        { "abc\033[4h\033[2GX", "aXbc\n" },
        { "0123456789\033[4h\rXY", "XY01234567\n" },
        { "abc\033[4h\033[4l\rX", "Xbc\n" },
        { "a\033[3b", "aaaa\n" },
        { "\033[3ba\033[mx\033[m\033[3b", "ax\n" },
        { "a\033[9999b", "aaaaaaaaaa\n" },
        { "\xe6\xbc\xa2\033[9b",
          "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\n" },
        { "\033(0lqk\033(Blqk", "\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x90lqk\n" },
        { "\033(0yz\033(B\xe2\xa9\xbd", "\xe2\x89\xa4\xe2\x89\xa5"
                                        "\xe2\xa9\xbd\n" },
        { "\033)0q\016q\017q", "q\xe2\x94\x80q\n" },
        { "\033(0q\0337\033(Bq\0338q", "\xe2\x94\x80\xe2\x94\x80\n" },
        { "\033(0\033[3bq\033[2b\xc3\xa9", "\xe2\x94\x80\xe2\x94\x80"
                                           "\xe2\x94\x80\xc3\xa9\n" },
        { "\033#8", "EEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE\n" },
        /* margins: rows outside do not move, cells outside do */
        { "a\r\nb\r\nc\r\nd\033[2;3r\033[3H\n", "a\nc\n\nd\n" },
        { "a\r\nb\r\nc\r\nd\033[2;3r\033[2H\033[M", "a\nc\n\nd\n" },
        { "a\r\nb\r\nc\r\nd\033[2;3r\033[4H\033[M", "a\nb\nc\nd\n" },
        { "a\r\nb\r\nc\r\nd\033[2;3r\033[S", "a\nc\n\nd\n" },
        { "a\r\nb\r\nc\r\nd\033[2;3r\033[4H\033[@", "a\nb\nc\n d\n" },
        { "a\r\nb\r\nc\r\nd\033[2;3r\033[4H\033[P", "a\nb\nc\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        print_message("# %zu\n", i);
        assert_screen(rows[i].bytes, rows[i].screen);
    }
}

static void
column_mode_clears_the_screen(void **state)
{
    (void)state;
    assert_screen("abc\r\ndef\033[?3l.", ".\n");
    assert_screen("abc\r\ndef\033[?3;4h.", ".\n");
}

static void
alternate_screen_gives_back_the_main_one(void **state)
{
    static const char *const modes[] = { "47", "1047", "1049" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        struct probe probe;
        uint64_t main_top, first, second;
        char bytes[64];

        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, "\033[31ma\r\nb");
        main_top = term_screen_top(probe.term);
        snprintf(bytes, sizeof bytes, "\033[?%sh", modes[i]);
        probe_feed(&probe, 0, bytes);
        assert_true(term_modes(probe.term).alternate_screen);
        assert_string_equal(probe_screen(&probe), "\n");
        first = term_screen_top(probe.term);
        /* Programs save their cursor here, too; DECSC is not 1049's. */
        probe_feed(&probe, 0, "\033[4;4H\033[32mx\0337\r\ny\r\nz\r\n\033[2;3r");
        assert_int_equal(term_screen_top(probe.term), first + 3);
        probe_feed(&probe, 0, bytes); /* again: nothing */
        assert_int_equal(term_screen_top(probe.term), first + 3);
        bytes[strlen(bytes) - 1] = 'l';
        probe_feed(&probe, 0, bytes);
        assert_false(term_modes(probe.term).alternate_screen);
        assert_int_equal(term_screen_top(probe.term), main_top);
        if (strcmp(modes[i], "1049") == 0) {
            assert_cursor(&probe, 1, 1);
            probe_feed(&probe, 0, "c");
            assert_int_equal(probe_cell(&probe, 1, 1).fg, INDEX(1));
            assert_string_equal(probe_screen(&probe), "a\nbc\n");
        } else {
            assert_string_equal(probe_screen(&probe), "a\nb\n");
        }
        bytes[strlen(bytes) - 1] = 'h';
        probe_feed(&probe, 0, bytes);
        second = term_screen_top(probe.term);
        assert_true(second > first + 3 + 3); /* no number means two rows */
        assert_int_equal(term_history_top(probe.term), second);
        probe_fini(&probe);
    }
}

static void
modes_are_what_the_program_wants(void **state)
{
    struct probe probe;
    struct term_modes modes;

    (void)state;
    probe_init(&probe, 10, 4);
    probe_feed(&probe, 0, "\033[?1;2004;1002h\033=\033[?25l");
    modes = term_modes(probe.term);
    assert_true(modes.application_cursor && modes.application_keypad &&
                modes.bracketed_paste && !modes.alternate_screen);
    assert_int_equal(modes.mouse, 2);
    assert_false(term_cursor(probe.term).visible);
    term_resize(probe.term, 0, 20, 8);
    modes = term_modes(probe.term);
    assert_true(modes.application_cursor && modes.application_keypad &&
                modes.bracketed_paste);
    assert_int_equal(modes.mouse, 2);
    probe_feed(&probe, 0, "\033[?1003h");
    assert_int_equal(term_modes(probe.term).mouse, 3);
    probe_feed(&probe, 0, "\033[?1000l\033[!p");
    modes = term_modes(probe.term);
    assert_false(modes.application_cursor || modes.application_keypad);
    assert_true(modes.bracketed_paste); /* DECSTR leaves it alone */
    assert_true(term_cursor(probe.term).visible);
    assert_int_equal(modes.mouse, 0);
    probe_feed(&probe, 0, "\033[?1003h\033c");
    modes = term_modes(probe.term);
    assert_false(modes.bracketed_paste);
    assert_int_equal(modes.mouse, 0);
    probe_fini(&probe);
}

static void
reset_begins_anew_but_forgets_no_text(void **state)
{
    struct probe probe;
    struct term_cell cells[10];

    (void)state;
    probe_init(&probe, 10, 4);
    probe_feed(&probe, 0,
               "text\033[?1049h\033[31m\033(0\033[2;3r\033[4h\033[?6h\033[3g");
    probe_feed(&probe, 0, "\033cq\tx\r\ny");
    assert_string_equal(probe_screen(&probe), "q       x\ny\n");
    assert_int_equal(probe_cell(&probe, 0, 0).fg, 0);
    assert_int_equal(term_screen_top(probe.term), 1);
    assert_true(term_row(probe.term, 0, cells, 10, NULL));
    assert_int_equal(cells[0].rune, 't');
    probe_fini(&probe);
}

/* The new VTerm of another size goes on where the old one was. */
static void
resize_keeps_pen_charsets_tabs_and_cursors(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 20, 6);
    probe_feed(&probe, 0, "\033[3g\033[6G\033H\r"); /* one stop, at 5 */
    probe_feed(&probe, 0, "\033[1;38;2;1;2;3;48;5;99m\033(0\033)B");
    probe_feed(&probe, 0, "\033[2;2H\0337\033[4;4H\033[2;3r\033[4;4H");
    term_resize(probe.term, 0, 30, 10);
    assert_cursor(&probe, 3, 3);
    probe_feed(&probe, 0, "q\016q");
    assert_int_equal(probe_cell(&probe, 3, 3).rune, 0x2500);
    assert_int_equal(probe_cell(&probe, 3, 3).fg, RGB(0x010203));
    assert_int_equal(probe_cell(&probe, 3, 3).bg, INDEX(99));
    assert_int_equal(probe_cell(&probe, 3, 3).attrs, TERM_BOLD);
    assert_int_equal(probe_cell(&probe, 3, 4).rune, 'q');
    probe_feed(&probe, 0, "\r\t");
    assert_cursor(&probe, 3, 5);
    probe_feed(&probe, 0, "\t");
    assert_cursor(&probe, 3, 29);
    probe_feed(&probe, 0, "\0338");
    assert_cursor(&probe, 1, 1);
    probe_fini(&probe);
}

/* What a line feed at the lower margin scrolls, after a resize. */
static void
resize_keeps_margins_that_fit(void **state)
{
    static const struct {
        const char *margins;
        uint16_t rows;
        const char *screen; /* of abcdef, after \n at the lower margin */
    } rows[] = {
        { "\033[2;4r\033[4H", 8, "a\nc\nd\n\ne\nf\n" },
        { "\033[2;4r\033[4H", 6, "a\nc\nd\n\ne\nf\n" }, /* none at all */
        { "\033[3;6r\033[8H", 8, "a\nb\nd\ne\nf\n" },   /* to the end: still */
        { "\033[1;6r\033[8H", 8, "b\nc\nd\ne\nf\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu\n", i);
        probe_init(&probe, 10, 6);
        probe_feed(&probe, 0, "a\r\nb\r\nc\r\nd\r\ne\r\nf");
        probe_feed(&probe, 0, rows[i].margins);
        term_resize(probe.term, 0, 12, rows[i].rows);
        /* Reset by the sequence, the place is a row; keep to where it is. */
        probe_feed(&probe, 0, i < 2 ? "\033[4H\n" : "\033[8H\n");
        assert_string_equal(probe_screen(&probe), rows[i].screen);
        probe_fini(&probe);
    }
}

/* Margins that a smaller screen does not have: the whole of it scrolls. */
static void
resize_drops_margins_that_do_not_fit(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 10, 8);
    probe_feed(&probe, 0, "\033[6;8r");
    term_resize(probe.term, 0, 10, 4);
    probe_feed(&probe, 0, "\033[4Hx\n");
    assert_string_equal(probe_screen(&probe), "\n\nx\n");
    assert_int_equal(term_screen_top(probe.term), 1);
    probe_fini(&probe);
}

/* Main and alternate screen, each with its cursor and its saved one. */
static void
resize_keeps_both_screens(void **state)
{
    struct probe probe;

    (void)state;
    probe_init(&probe, 10, 4);
    probe_feed(&probe, 0, "\033[1;4H\0337\033[Hone\r\ntwo");
    probe_feed(&probe, 0, "\033[?1049h\033[H\033[3;2H\0337\033[Hvi");
    term_resize(probe.term, 0, 14, 6);
    assert_string_equal(probe_screen(&probe), "vi\n");
    probe_feed(&probe, 0, "m\0338x");
    assert_string_equal(probe_screen(&probe), "vim\n\n x\n");
    probe_feed(&probe, 0, "\033[?1049l");
    assert_cursor(&probe, 1, 3);
    probe_feed(&probe, 0, "!\0338*");
    assert_string_equal(probe_screen(&probe), "one*\ntwo!\n");
    probe_fini(&probe);
}

/* What was said before it holds behind it. */
static void
resize_forgets_nothing_that_was_set(void **state)
{
    static const struct {
        const char *before;
        uint16_t cols, rows;
        const char *after, *screen;
    } rows[] = {
        { "\033[?7l", 12, 5, "0123456789abcZ", "0123456789aZ\n" },
        { "\033[4h", 12, 5, "ab\rX", "Xab\n" },
        { "\033[2;3r\033[?6h", 12, 6, "\033[1;1Hx", "\nx\n" },
        { "\033[2;3r\033[?6h\0337\033[?6l", 12, 6, "\0338\033[Hx", "\nx\n" },
        { "\033(0\0337\033(B", 12, 6, "\0338q", "\xe2\x94\x80\n" },
        { "\033)0\016", 12, 6, "q\017q", "\xe2\x94\x80q\n" },
        { "\033[?1049h\033(0\0337\033(B", 12, 6, "\0338q", "\xe2\x94\x80\n" },
        { "\033[3;3Hx\033[?1049hy", 12, 6, "\033[?1049lz", "\n\n  xz\n" },
        /* what was wrapped */
        { "0123456789abc", 20, 4, "d", "0123456789abcd\n" },
        { "0123456789abc", 5, 4, "d", "01234\n56789\nabcd\n" },
        { "0123456789", 10, 6, "a", "0123456789\na\n" },
        { "0123456789", 11, 6, "a", "0123456789a\n" },
        { "01234\xe6\xbc\xa2", 6, 4, "a",
          "01234\n\xe6\xbc\xa2"
          "a\n" },
        { "012345678 ", 12, 4, "ls", "012345678 ls\n" },
        { "012345678 ", 9, 4, "ls", "012345678\n ls\n" },
        { "0123456789 ", 10, 6, "ls", "0123456789\n ls\n" },
        { "0123456789 ", 12, 4, "ls", "0123456789 l\ns\n" },
        { "0123456789ab\033[2K", 10, 6, "c", "0123456789\n  c\n" },
        /* an alternate screen is painted anew by its program */
        { "\033[?1049h0123456789abc", 20, 4, "d", "0123456789\nabcd\n" },
        { "\033[?1049h0123456789abc", 5, 4, "d", "01234\nabcd\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;

        print_message("# %zu: %s\n", i, rows[i].screen);
        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, rows[i].before);
        term_resize(probe.term, 0, rows[i].cols, rows[i].rows);
        probe_feed(&probe, 0, rows[i].after);
        probe_check(&probe);
        assert_string_equal(probe_screen(&probe), rows[i].screen);
        probe_fini(&probe);
    }
}

static void
resize_keeps_the_colour_of_blanks(void **state)
{
    static const char *const screens[] = { "", "\033[?1049h" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        struct probe probe;

        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, screens[i]);
        probe_feed(&probe, 0, "a\033[42m\033[K\r\n\n\033[2Jb\033[H");
        term_resize(probe.term, 0, 12, 6);
        assert_int_equal(probe_cell(&probe, 1, 11).bg, INDEX(2));
        assert_int_equal(probe_cell(&probe, 3, 5).bg, INDEX(2));
        term_resize(probe.term, 0, 8, 3);
        assert_int_equal(probe_cell(&probe, 1, 7).bg, INDEX(2));
        probe_fini(&probe);
    }
}

static void
resize_loses_no_text_of_the_main_screen(void **state)
{
    struct probe probe;
    struct term_cell cells[80];
    bool wrapped = false;

    (void)state;
    probe_init(&probe, 80, 5);
    probe_feed(&probe, 0, "a very long line of text\r\nb\r\nc\r\n$ ");
    probe_feed(&probe, 0, "\033[?1049hvi");
    term_resize(probe.term, 0, 6, 3);
    probe_feed(&probe, 0, "\033[?1049l");
    assert_string_equal(probe_screen(&probe), "b\nc\n$\n");
    assert_cursor(&probe, 2, 2);
    assert_int_equal(term_screen_top(probe.term), 4);
    assert_true(term_row(probe.term, 0, cells, 6, &wrapped));
    assert_true(wrapped);
    term_resize(probe.term, 0, 80, 5);
    probe_feed(&probe, 0, "ls");
    assert_string_equal(probe_screen(&probe), "b\nc\n$ ls\n");
    probe_fini(&probe);
}

static void
cursor_line_is_the_whole_line_up_to_the_cursor(void **state)
{
    static const struct {
        const char *bytes, *line;
        uint64_t row;
    } rows[] = {
        { "", "", 0 },
        { "x\r\n$ ", "$ ", 1 },
        { "x\r\n$ ls -l\033[3D", "$ ls", 1 },
        { "$ \033[5C", "$      ", 0 },
        { "x\r\n0123456789abc", "0123456789abc", 1 },
        { "x\r\n0123456789", "0123456789", 1 },
        { "x\r\n0123456789\xe6\xbc\xa2", "0123456789\xe6\xbc\xa2", 1 },
        { "012345678\xe6\xbc\xa2", "012345678\xe6\xbc\xa2", 0 },
        { "a\r\n0123456789012345678901234567890123456789$ ",
          "0123456789012345678901234567890123456789$ ", 1 },
    };
    struct buf line = BUF_INIT(0);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct probe probe;
        uint64_t row;

        print_message("# %zu\n", i);
        probe_init(&probe, 10, 4);
        probe_feed(&probe, 0, rows[i].bytes);
        term_cursor_line(probe.term, &line, &row);
        assert_string_equal(buf_text(&line), rows[i].line);
        assert_int_equal(row, rows[i].row);
        probe_fini(&probe);
    }
    buf_fini(&line);
}

static void
rows_are_found_by_number(void **state)
{
    struct probe probe;
    struct term_cell cells[80];

    (void)state;
    probe_init(&probe, 10, 4);
    for (int i = 0; i < 1500; i++) {
        char line[16];

        snprintf(line, sizeof line, "%d\r\n", i);
        probe_feed(&probe, 0, line);
    }
    assert_int_equal(term_screen_top(probe.term), 1497);
    assert_int_equal(term_history_top(probe.term), 497);
    assert_false(term_row(probe.term, 496, cells, 80, NULL));
    assert_true(term_row(probe.term, 497, cells, 80, NULL));
    assert_int_equal(cells[0].rune, '4');
    assert_int_equal(cells[2].rune, '7');
    assert_int_equal(cells[3].rune, ' ');
    assert_int_equal(cells[79].rune, ' '); /* beyond our ten columns */
    assert_true(term_row(probe.term, 1500, cells, 80, NULL));
    assert_int_equal(cells[79].width, 1);
    assert_false(term_row(probe.term, 1501, cells, 80, NULL));
    assert_false(term_row(probe.term, UINT64_MAX, cells, 80, NULL));
    probe_fini(&probe);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pen_is_read_in_every_spelling),
        cmocka_unit_test(what_is_erased_has_the_background_and_nothing_else),
        cmocka_unit_test(last_column_holds_the_cursor_until_the_next_character),
        cmocka_unit_test(backspace_goes_back_over_a_wrap_only),
        cmocka_unit_test(cursor_moves_as_it_is_told),
        cmocka_unit_test(cells_are_edited_as_told),
        cmocka_unit_test(column_mode_clears_the_screen),
        cmocka_unit_test(alternate_screen_gives_back_the_main_one),
        cmocka_unit_test(modes_are_what_the_program_wants),
        cmocka_unit_test(reset_begins_anew_but_forgets_no_text),
        cmocka_unit_test(resize_keeps_pen_charsets_tabs_and_cursors),
        cmocka_unit_test(resize_keeps_margins_that_fit),
        cmocka_unit_test(resize_drops_margins_that_do_not_fit),
        cmocka_unit_test(resize_keeps_both_screens),
        cmocka_unit_test(resize_forgets_nothing_that_was_set),
        cmocka_unit_test(resize_keeps_the_colour_of_blanks),
        cmocka_unit_test(resize_loses_no_text_of_the_main_screen),
        cmocka_unit_test(cursor_line_is_the_whole_line_up_to_the_cursor),
        cmocka_unit_test(rows_are_found_by_number),
    };

    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
