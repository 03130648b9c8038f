/*
 * term-dump.c - what our terminal shows after the bytes of a file.
 *
 *     term-dump COLS ROWS FILE...
 *
 * Prints for each file a line "= COL ROW ALTERNATE VISIBLE MODES FILE", where
 * MODES are cursor keys, keypad, insert, origin, wrap, mouse (three kinds), its
 * coding, margins and tab stops, as tmux has them; then each row that the
 * history still has, then the screen's, as runs of
 * ESC fg;bg;attrs m TEXT with numbers as in term.h; blanks at the end are cut.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "term/row.h"
#include "term/screen.h"
#include "term/term-priv.h"

#define CHUNK 4093 /* bytes at once; a prime, to cut everywhere */

static void
feed_file(struct term *term, FILE *file)
{
    struct utf8_gate gate = { 0 };
    struct buf text = BUF_INIT(0);
    uint8_t bytes[CHUNK];
    size_t len;

    while ((len = fread(bytes, 1, sizeof bytes, file)) > 0) {
        buf_clear(&text);
        utf8_gate_pass(&gate, bytes, len, &text);
        term_feed(term, 0, (const uint8_t *)buf_text(&text), text.len);
    }
    buf_fini(&text);
}

static bool
same_look(const struct term_cell *a, const struct term_cell *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

static void
print_row(const struct term_cell *cells, int cols)
{
    static const struct term_cell plain = { .rune = ' ', .width = 1 };
    const struct term_cell *look = &plain;
    struct buf text = BUF_INIT(0);

    while (cols > 0 && cells[cols - 1].rune == ' ' &&
           cells[cols - 1].combining[0] == 0 &&
           same_look(&cells[cols - 1], &plain))
        cols--;
    for (int i = 0; i < cols; i++) {
        if (!same_look(&cells[i], look))
            buf_printf(&text, "\033%" PRIx32 ";%" PRIx32 ";%xm", cells[i].fg,
                       cells[i].bg, cells[i].attrs);
        look = &cells[i];
        cell_text(&cells[i], &text);
    }
    puts(buf_text(&text));
    buf_fini(&text);
}

static void
print_modes(const struct term *term)
{
    const struct screen *screen = term_inner(term);
    const struct modes *modes = &screen->modes;
    const char *between = " ";

    printf("%d %d %d %d %d %d %d %d %d %d %d", modes->application_cursor,
           modes->application_keypad, modes->insert, modes->origin,
           modes->autowrap, modes->mouse == 1, modes->mouse == 2,
           modes->mouse == 3, modes->mouse_sgr, screen->top,
           screen->bottom - 1);
    for (int col = 1; col < screen->grid->cols; col++)
        if (screen->tabs[col]) {
            printf("%s%d", between, col);
            between = ",";
        }
    if (*between == ' ')
        printf(" -");
}

static void
print_term(const struct term *term, const char *path)
{
    struct term_cell cells[TERM_COLS_MAX];
    struct term_cursor cursor = term_cursor(term);
    uint64_t top = term_screen_top(term);
    uint16_t cols, rows;

    term_size(term, &cols, &rows);
    printf("= %d %d %d %d ", cursor.col, cursor.row,
           term_modes(term).alternate_screen, cursor.visible);
    print_modes(term);
    printf(" %s\n", path);
    for (uint64_t n = term_history_top(term); n < top + rows; n++) {
        if (n == top)
            puts("-");
        if (term_row(term, n, cells, cols, NULL))
            print_row(cells, cols);
    }
}

int
main(int argc, char **argv)
{
    struct term_spec spec = { .history_rows = 100000 };
    struct term_sink sink = { 0 };

    if (argc < 4)
        return 64;
    spec.cols = (uint16_t)atoi(argv[1]);
    spec.rows = (uint16_t)atoi(argv[2]);
    for (int i = 3; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        struct term *term;

        if (file == NULL) {
            perror(argv[i]);
            return 66;
        }
        term = term_new(&spec, &sink);
        feed_file(term, file);
        print_term(term, argv[i]);
        term_free(term);
        fclose(file);
    }
    return 0;
}
