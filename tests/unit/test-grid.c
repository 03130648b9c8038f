/* Rows keep wide characters whole, grids number their rows, history is bounded.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <string.h>

#include "tests/unit/unit.h"

#include "term/grid.h"
#include "tests/unit/term-probe.h"

static const struct style plain = { 0 };
static const uint32_t kanji = 0x6F22;

static void
put_text(struct row *row, int col, const char *text)
{
    row_put_ascii(row, col, (const uint8_t *)text, (int)strlen(text), &plain);
}

/* The cells as text, with '<' and '>' for the halves of a wide character. */
static const char *
picture(const struct row *row)
{
    static char text[64];
    struct term_cell cell;

    for (int i = 0; i < row->cols; i++) {
        row_cell(row, i, &cell);
        text[i] = cell.width == 2   ? '<'
                  : cell.width == 0 ? '>'
                                    : (char)cell.rune;
    }
    text[row->cols] = '\0';
    return text;
}

static struct row *
row_of(const char *text)
{
    struct row *row = row_new(10);

    for (int i = 0; text[i] != '\0'; i++) {
        if (text[i] == '<')
            row_put(row, i, kanji, 2, &plain);
        else if (text[i] != '>' && text[i] != '.')
            put_text(row, i, (char[]){ text[i], '\0' });
    }
    return row;
}

enum change { PUT, PUT_WIDE, ERASE, INSERT, DELETE };

static void
change(struct row *row, enum change how, int col, int n)
{
    if (how == PUT)
        put_text(row, col, &"xxxx"[4 - n]);
    else if (how == PUT_WIDE)
        row_put(row, col, kanji, 2, &plain);
    else if (how == ERASE)
        row_erase(row, col, col + n, 0);
    else if (how == INSERT)
        row_insert(row, col, n, 0);
    else
        row_delete(row, col, n, 0);
}

static void
wide_characters_are_whole_or_gone(void **state)
{
    static const struct {
        const char *before;
        enum change how;
        int col, n;
        const char *after;
    } cases[] = {
        { "ab<>cd", PUT, 2, 1, "abx cd    " },
        { "ab<>cd", PUT, 3, 1, "ab xcd    " },
        { "ab<>cd", PUT_WIDE, 1, 2, "a<> cd    " },
        { "ab<>cd", PUT_WIDE, 3, 2, "ab <>d    " },
        { "ab<><>", PUT_WIDE, 3, 2, "ab <>     " },
        { "ab<>cd", ERASE, 3, 1, "ab  cd    " },
        { "ab<>cd", ERASE, 0, 3, "    cd    " },
        { "ab<>cd", ERASE, 3, 7, "ab        " },
        { "ab<>cd", INSERT, 3, 1, "ab   cd   " },
        { "ab<>cd", INSERT, 2, 1, "ab <>cd   " },
        { "abcdefgh<>", INSERT, 0, 1, " abcdefgh " },
        { "abcdefgh<>", INSERT, 0, 2, "  abcdefgh" },
        { "ab<>cd", DELETE, 3, 1, "ab cd     " },
        { "ab<>cd", DELETE, 2, 1, "ab cd     " },
        { "ab<>cd", DELETE, 1, 2, "a cd      " },
        { "ab<>cd", DELETE, 0, 10, "          " },
        { "ab", INSERT, 5, 2, "ab        " },
        { "ab", DELETE, 5, 2, "ab        " },
        { "ab", PUT, 8, 2, "ab      xx" },
        { "", PUT_WIDE, 8, 2, "        <>" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row *row = row_of(cases[i].before);

        print_message("# %zu: %s\n", i, cases[i].before);
        change(row, cases[i].how, cases[i].col, cases[i].n);
        assert_string_equal(picture(row), cases[i].after);
        row_free(row);
    }
}

static void
combining_characters_stay_with_theirs(void **state)
{
    struct row *row = row_of("ab<>c");
    struct term_cell cell;
    struct buf text = BUF_INIT(0);

    (void)state;
    row_combine(row, 0, 0x301);
    row_combine(row, 3, 0x302); /* the tail stands for the character */
    row_combine(row, 6, 0x303); /* nothing there yet: onto a blank */
    for (uint32_t i = 0; i < TERM_MARKS_MAX + 3; i++)
        row_combine(row, 4, 0x310 + i);
    row_cell(row, 0, &cell);
    assert_int_equal(cell.combining[0], 0x301);
    row_cell(row, 2, &cell);
    assert_int_equal(cell.combining[0], 0x302);
    row_cell(row, 4, &cell);
    assert_int_equal(cell.combining[TERM_MARKS_MAX - 1],
                     0x310 + TERM_MARKS_MAX - 1);
    row_text(row, 3, &text);
    assert_string_equal(buf_text(&text), "a\xcc\x81"
                                         "b\xe6\xbc\xa2\xcc\x82");
    put_text(row, 0, "z");
    row_cell(row, 0, &cell);
    assert_int_equal(cell.combining[0], 0);
    row_free(row);
    buf_fini(&text);
}

static void
colours_of_any_kind_come_back(void **state)
{
    static const struct style styles[] = {
        { 0, 0, 0 },
        { TERM_COLOR_INDEX, 0, TERM_BOLD },
        { TERM_COLOR_INDEX | 255, TERM_COLOR_INDEX | 1, 63 },
        { TERM_COLOR_RGB, 0, TERM_STRIKE },
        { 0, TERM_COLOR_RGB | 0xFFFFFF, 0 },
        { TERM_COLOR_RGB | 0x123456, TERM_COLOR_INDEX | 7, TERM_BLINK },
    };
    struct row *row = row_new(10);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(styles); i++)
        row_put_ascii(row, (int)i, (const uint8_t *)"x", 1, &styles[i]);
    for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
        struct term_cell cell;

        row_cell(row, (int)i, &cell);
        assert_int_equal(cell.fg, styles[i].fg);
        assert_int_equal(cell.bg, styles[i].bg);
        assert_int_equal(cell.attrs, styles[i].attrs);
    }
    row_free(row);
}

static void
printing_over_and_over_takes_no_more_memory(void **state)
{
    struct row *row = row_new(10);
    struct term_cell cell;

    (void)state;
    for (uint32_t i = 0; i < 10000; i++) {
        struct style style = { .fg = TERM_COLOR_RGB | i };

        row_put_ascii(row, (int)(i % 10), (const uint8_t *)"x", 1, &style);
        row_combine(row, (int)(i * 7 % 10), 0x301);
    }
    assert_true(row->extras_cap <= 28);
    for (int col = 0; col < 10; col++) {
        row_cell(row, col, &cell);
        assert_int_equal(cell.fg & 0xFFFFFF, 9990 + col);
    }
    row_free(row);
}

/* A row a line: its number in the grid or the history, and its text. */
static void
put_row(struct grid *grid, int y, const char *text)
{
    row_clear(grid_row(grid, y), 0);
    if (text[0] != '\0')
        put_text(grid_row(grid, y), 0, text);
}

static void
assert_row(const struct grid *grid, uint64_t number, const char *text)
{
    struct term_cell cells[64];
    struct buf seen = BUF_INIT(0);

    assert_true(grid_cells(grid, number, cells, grid->cols, NULL));
    for (int i = 0; i < grid->cols; i++)
        cell_text(&cells[i], &seen);
    while (seen.len > 0 && seen.bytes[seen.len - 1] == ' ')
        seen.bytes[--seen.len] = '\0';
    assert_string_equal(buf_text(&seen), text);
    buf_fini(&seen);
}

static void
numbers_stay_with_what_scrolls(void **state)
{
    struct grid grid;

    (void)state;
    grid_init(&grid, 10, 4, 100);
    put_row(&grid, 0, "a");
    put_row(&grid, 1, "b");
    put_row(&grid, 2, "c");
    put_row(&grid, 3, "d");
    grid_scroll(&grid, 0, 4, 2, 0, SCROLL_KEEP);
    assert_int_equal(grid.top, 2);
    assert_row(&grid, 0, "a");
    assert_row(&grid, 2, "c");
    assert_row(&grid, 4, "");
    grid_scroll(&grid, 0, 2, 1, 0, SCROLL_KEEP); /* "d" goes up to row 0 */
    assert_row(&grid, 2, "c");
    assert_row(&grid, 3, "d");
    grid_scroll(&grid, 0, 4, -1, 0, SCROLL_KEEP);
    assert_int_equal(grid.top, 3);
    assert_row(&grid, 4, "d");
    grid_scroll(&grid, 1, 4, 1, 0, SCROLL_DROP);
    assert_int_equal(grid.top, 3);
    assert_row(&grid, 4, "");
    grid_scroll(&grid, 0, 4, 1000, 0, SCROLL_KEEP);
    assert_int_equal(grid.top, 7);
    assert_false(grid_cells(&grid, 11, (struct term_cell[10]){ 0 }, 10, NULL));
    grid_fini(&grid);
}

static void
scrolled_in_rows_have_the_background(void **state)
{
    struct grid grid;
    struct term_cell cell;

    (void)state;
    grid_init(&grid, 10, 3, 10);
    grid_scroll(&grid, 0, 3, 1, TERM_COLOR_RGB | 5, SCROLL_KEEP);
    row_cell(grid_row(&grid, 2), 9, &cell);
    assert_int_equal(cell.bg, TERM_COLOR_RGB | 5);
    row_cell(grid_row(&grid, 1), 9, &cell);
    assert_int_equal(cell.bg, 0);
    grid_fini(&grid);
}

static void
clearing_away_keeps_what_was_printed(void **state)
{
    struct grid grid;

    (void)state;
    grid_init(&grid, 10, 4, 10);
    put_row(&grid, 1, "b");
    grid_clear_away(&grid, 0);
    assert_int_equal(grid.top, 2);
    assert_row(&grid, 1, "b");
    assert_row(&grid, 2, "");
    grid_clear_away(&grid, 0); /* nothing was there */
    assert_int_equal(grid.top, 2);
    grid_fini(&grid);
}

static void
history_keeps_cells_as_they_were(void **state)
{
    static const struct style styles[] = {
        { TERM_COLOR_INDEX | 1, 0, TERM_BOLD },
        { TERM_COLOR_RGB | 0xABCDEF, TERM_COLOR_INDEX | 4, TERM_UNDERLINE },
    };
    struct grid grid;
    struct term_cell before[10], after[10], narrow[4];
    struct row *row;
    bool wrapped = false;

    (void)state;
    grid_init(&grid, 10, 2, 10);
    row = grid_row(&grid, 0);
    row_put_ascii(row, 1, (const uint8_t *)"ab", 2, &styles[0]);
    row_put(row, 3, kanji, 2, &styles[1]);
    row_combine(row, 3, 0x301);
    row_combine(row, 3, 0x302);
    row_put_ascii(row, 8, (const uint8_t *)"cd", 2, &plain);
    row->wrapped = true;
    assert_true(grid_cells(&grid, 0, before, 10, NULL));
    grid_scroll(&grid, 0, 2, 1, 0, SCROLL_WRAP);
    assert_true(grid_cells(&grid, 0, after, 10, &wrapped));
    assert_true(wrapped);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(after[i].rune, before[i].rune);
        assert_int_equal(after[i].fg, before[i].fg);
        assert_int_equal(after[i].bg, before[i].bg);
        assert_int_equal(after[i].attrs, before[i].attrs);
        assert_int_equal(after[i].width, before[i].width);
        assert_int_equal(after[i].combining[0], before[i].combining[0]);
        assert_int_equal(after[i].combining[1], before[i].combining[1]);
    }
    /* Half a wide character does not fit. */
    assert_true(grid_cells(&grid, 0, narrow, 4, NULL));
    assert_int_equal(narrow[2].rune, 'b');
    assert_int_equal(narrow[3].rune, ' ');
    assert_int_equal(narrow[3].width, 1);
    grid_fini(&grid);
}

static void
history_keeps_the_background_of_blanks(void **state)
{
    static const struct style styles[] = { { .attrs = 1 }, { .attrs = 2 } };
    struct grid grid;
    struct term_cell cells[10];

    (void)state;
    grid_init(&grid, 2, 3, 10);
    for (int y = 0; y < 2; y++)
        row_clear(grid_row(&grid, y), TERM_COLOR_INDEX | 4);
    /* A full row has as many runs as there can be, and no blank behind. */
    row_put_ascii(grid_row(&grid, 0), 0, (const uint8_t *)"a", 1, &styles[0]);
    row_put_ascii(grid_row(&grid, 0), 1, (const uint8_t *)"b", 1, &styles[1]);
    grid_scroll(&grid, 0, 3, 2, 0, SCROLL_KEEP);
    assert_true(grid_cells(&grid, 0, cells, 10, NULL));
    assert_int_equal(cells[1].rune, 'b');
    assert_int_equal(cells[1].bg, 0);
    assert_int_equal(cells[2].bg, 0);
    assert_true(grid_cells(&grid, 1, cells, 10, NULL));
    assert_int_equal(cells[0].bg, TERM_COLOR_INDEX | 4);
    assert_int_equal(cells[1].bg, TERM_COLOR_INDEX | 4);
    assert_int_equal(cells[2].bg, 0);
    grid_fini(&grid);
}

static void
history_is_bounded_in_rows(void **state)
{
    struct grid grid;
    struct term_cell cells[10];

    (void)state;
    grid_init(&grid, 10, 2, 5);
    for (int i = 0; i < 20; i++)
        grid_scroll(&grid, 0, 2, 1, 0, SCROLL_KEEP);
    assert_int_equal(history_top(grid.history), 15);
    assert_int_equal(history_end(grid.history), 20);
    assert_false(grid_cells(&grid, 14, cells, 10, NULL));
    assert_true(grid_cells(&grid, 15, cells, 10, NULL));
    grid_fini(&grid);
    grid_init(&grid, 10, 2, 0);
    grid_scroll(&grid, 0, 2, 1, 0, SCROLL_KEEP);
    assert_int_equal(history_top(grid.history), 1);
    assert_false(grid_cells(&grid, 0, cells, 10, NULL));
    grid_fini(&grid);
}

/* Rows that pack badly: each cell with a colour and four marks of its own. */
static void
history_is_bounded_in_bytes(void **state)
{
    struct history *history = history_new(1000);
    struct row *row = row_new(1000);

    (void)state;
    for (uint32_t col = 0; col < 1000; col++) {
        struct style style = { .fg = TERM_COLOR_RGB | col };

        row_put(row, (int)col, 0x1F600, 1, &style);
        for (int i = 0; i < TERM_MARKS_MAX; i++)
            row_combine(row, (int)col, 0xE0100);
    }
    for (int i = 0; i < 1000; i++)
        history_push(history, row);
    assert_int_equal(history_end(history), 1000);
    /* 36 bytes a cell at the least: 1000 rows would be 36 MB. */
    assert_true(history_end(history) - history_top(history) <
                (5 << 20) / (36 * 1000) + 1);
    row_free(row);
    history_free(history);
}

static void
unfinished_line_stays_in_the_history(void **state)
{
    struct grid grid;
    struct buf text = BUF_INIT(0);

    (void)state;
    grid_init(&grid, 10, 2, 1);
    for (uint32_t i = 0; i < 8; i++) {
        struct row *row = grid_row(&grid, 0);

        put_text(row, 0, "0123456789");
        row->wrapped = true;
        row->depth = i;
        grid_scroll(&grid, 0, 2, 1, 0, SCROLL_WRAP);
    }
    assert_int_equal(grid_line_start(&grid, 0), 0);
    grid_line_text(&grid, 0, 0, &text);
    assert_int_equal(text.len, 80);
    assert_int_equal(history_top(grid.history), 7); /* what others see */
    buf_fini(&text);
    grid_fini(&grid);
}

/* Print text with wraps, as a program would; returns where the cursor is. */
static struct spot
print_lines(struct grid *grid, const char *text)
{
    struct spot at = { 0, 0 };
    uint32_t depth = 0;

    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            at = (struct spot){ at.row + 1, 0 };
            depth = 0;
            continue;
        }
        if (at.col == grid->cols) {
            grid_row(grid, at.row)->wrapped = true;
            at = (struct spot){ at.row + 1, 0 };
            grid_row(grid, at.row)->depth = ++depth;
        }
        put_text(grid_row(grid, at.row), at.col, (char[]){ *text, '\0' });
        at.col++;
    }
    return at;
}

static void
reflow_wraps_lines_anew_and_loses_nothing(void **state)
{
    struct grid grid;
    struct spot spots[2];
    struct buf text = BUF_INIT(0);

    (void)state;
    grid_init(&grid, 10, 6, 100);
    spots[0] = print_lines(&grid, "one\n0123456789abcdefghij01234\n$ ");
    spots[1] = (struct spot){ 2, 3 }; /* on the d */
    grid_resize(&grid, 6, 6, true, spots, 2);
    assert_row(&grid, 0, "one");
    assert_row(&grid, 1, "012345");
    assert_row(&grid, 5, "4");
    assert_row(&grid, 6, "$");
    assert_int_equal(grid.top, 1); /* seven rows on six: one went up */
    assert_int_equal(spots[0].row, 5);
    assert_int_equal(spots[0].col, 2);
    assert_int_equal(spots[1].row, 2); /* "cdefgh": behind 0..9, a, b */
    assert_int_equal(spots[1].col, 1);
    grid_line_text(&grid, grid_line_start(&grid, spots[1].row), spots[1].row,
                   &text);
    assert_string_equal(buf_text(&text), "0123456789abcdefghij01234");
    grid_resize(&grid, 40, 3, true, spots, 2);
    buf_clear(&text);
    grid_line_text(&grid, grid_line_start(&grid, spots[1].row), spots[1].row,
                   &text);
    assert_string_equal(buf_text(&text), "0123456789abcdefghij01234");
    assert_int_equal(spots[1].col, 13);
    assert_row(&grid, 0, "one");
    assert_row(&grid, 2, "$");
    buf_fini(&text);
    grid_fini(&grid);
}

static void
reflow_keeps_the_cursor_behind_the_last_column(void **state)
{
    struct grid grid;
    struct spot spot;

    (void)state;
    grid_init(&grid, 8, 3, 10);
    spot = print_lines(&grid, "01234567");
    assert_int_equal(spot.col, 8);
    grid_resize(&grid, 4, 3, true, &spot, 1);
    assert_int_equal(spot.row, 1);
    assert_int_equal(spot.col, 4);
    grid_resize(&grid, 20, 3, true, &spot, 1);
    assert_int_equal(spot.row, 0);
    assert_int_equal(spot.col, 8);
    grid_fini(&grid);
}

static void
resize_without_reflow_cuts(void **state)
{
    struct grid grid;
    struct spot spot;

    (void)state;
    grid_init(&grid, 10, 4, 10);
    spot = print_lines(&grid, "0123456789\nb\nc\nd");
    row_put(grid_row(&grid, 1), 4, kanji, 2, &plain);
    grid_resize(&grid, 5, 3, false, &spot, 1);
    assert_row(&grid, grid.top, "b"); /* half of the wide one was cut */
    assert_row(&grid, grid.top + 2, "d");
    assert_int_equal(spot.row, 2);
    assert_row(&grid, 0, "01234");
    grid_fini(&grid);
}

/* Text is the same after any resizes, to the last character. */
static void
text_survives_any_resizes(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int turn = 0; turn < 50; turn++) {
        struct grid grid;
        struct spot spot;
        struct buf text = BUF_INIT(0), seen = BUF_INIT(0);

        for (int line = 0; line < 8; line++) {
            size_t len = probe_random(&seed) % 30;

            while (len-- > 0)
                buf_printf(&text, "%c", (int)(0x21 + probe_random(&seed) % 94));
            buf_puts(&text, "|\n");
        }
        grid_init(&grid, 12, 40, 1000);
        spot = print_lines(&grid, buf_text(&text));
        for (int i = 0; i < 6; i++)
            grid_resize(&grid, 2 + (int)(probe_random(&seed) % 30),
                        2 + (int)(probe_random(&seed) % 30), true, &spot, 1);
        for (uint64_t n = 0; n < grid.top; n++) {
            history_text(grid.history, n, &seen);
            if (!history_wrapped(grid.history, n))
                buf_puts(&seen, "\n");
        }
        for (int y = 0; y < grid_rows_used(&grid); y++) {
            row_text(grid_row(&grid, y), grid_row(&grid, y)->used, &seen);
            if (!grid_row(&grid, y)->wrapped)
                buf_puts(&seen, "\n");
        }
        assert_string_equal(buf_text(&seen), buf_text(&text));
        buf_fini(&text);
        buf_fini(&seen);
        grid_fini(&grid);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_characters_are_whole_or_gone),
        cmocka_unit_test(combining_characters_stay_with_theirs),
        cmocka_unit_test(colours_of_any_kind_come_back),
        cmocka_unit_test(printing_over_and_over_takes_no_more_memory),
        cmocka_unit_test(numbers_stay_with_what_scrolls),
        cmocka_unit_test(scrolled_in_rows_have_the_background),
        cmocka_unit_test(clearing_away_keeps_what_was_printed),
        cmocka_unit_test(history_keeps_cells_as_they_were),
        cmocka_unit_test(history_keeps_the_background_of_blanks),
        cmocka_unit_test(history_is_bounded_in_rows),
        cmocka_unit_test(history_is_bounded_in_bytes),
        cmocka_unit_test(unfinished_line_stays_in_the_history),
        cmocka_unit_test(reflow_wraps_lines_anew_and_loses_nothing),
        cmocka_unit_test(reflow_keeps_the_cursor_behind_the_last_column),
        cmocka_unit_test(resize_without_reflow_cuts),
        cmocka_unit_test(text_survives_any_resizes),
    };

    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
