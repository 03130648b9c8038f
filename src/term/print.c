/*
 * print.c - text onto the screen.
 *
 * Two ways that must not differ (tests/unit/test-term.c holds them equal): what
 * stands for itself goes straight into the row, ASCII in runs; a character of
 * another graphic set goes through libvterm, which knows the set.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/print.h"

static struct row *
cursor_row(const struct screen *screen)
{
    return grid_row(screen->grid, screen->cursor.row);
}

/* Continue the line on the next row, scrolling at the margin. */
static void
wrap(struct screen *screen)
{
    struct grid *grid = screen->grid;
    struct row *row = cursor_row(screen);
    bool scrolls = screen->cursor.row == screen->bottom - 1;
    bool continues = row->wrapped && screen->lines.begun;
    uint32_t depth = row->depth + 1;

    screen->cursor.col = 0;
    if (!scrolls && screen->cursor.row == grid->rows - 1)
        return; /* below the margins: the row is printed over */
    if (!screen->lines.begun)
        grid_unwrap_above(grid, screen->cursor.row);
    row->wrapped =
        ((uint64_t)depth + 1) * (uint64_t)grid->cols <= LINE_CELLS_MAX;
    if (!row->wrapped) {
        lines_finish(&screen->lines, grid, screen->cursor.row, LEAVE_LINEFEED);
        depth = 0;
    }
    if (scrolls)
        grid_scroll(grid, screen->top, screen->bottom, 1, 0, SCROLL_WRAP);
    else
        screen->cursor.row++;
    /* What hung on the next row before is not of this line. */
    if (!continues)
        cursor_row(screen)->wrapped = false;
    cursor_row(screen)->depth = depth;
    screen->lines.begun = true;
}

/* Something is printed at column 0: a line begins, unless one goes on here. */
static void
begin_line(struct screen *screen)
{
    struct row *row = cursor_row(screen);

    if (screen->lines.begun)
        return;
    row->wrapped = false;
    row->depth = 0;
    grid_unwrap_above(screen->grid, screen->cursor.row);
    screen->lines.begun = true;
}

/* Make room for width cells at the cursor; false: it cannot be printed. */
static bool
make_room(struct screen *screen, int width)
{
    int cols = screen->grid->cols;

    if (screen->cursor.col + width > cols) {
        if (screen->modes.autowrap)
            wrap(screen);
        else if (width > 1)
            return false;
        else
            screen->cursor.col = cols - 1;
    }
    if (screen->cursor.col == 0)
        begin_line(screen);
    if (screen->modes.insert)
        row_insert(cursor_row(screen), screen->cursor.col, width, 0);
    return true;
}

/* The cursor passes what was just printed. */
static void
advance(struct screen *screen, int width)
{
    int cols = screen->grid->cols;

    lines_printed(&screen->lines);
    screen->cursor.col += width;
    if (screen->cursor.col == cols && !screen->modes.autowrap)
        screen->cursor.col = cols - 1;
}

/* The character stands for itself, and nobody wants to see libvterm's way. */
static bool
is_plain(const struct screen *screen, uint32_t rune)
{
    const struct charsets *sets = &screen->charsets;

    return (sets->set[sets->used] == 'B' || rune >= 0x80) && !screen->slow;
}

void
print_rune(struct screen *screen, uint32_t rune)
{
    struct spot *cursor = &screen->cursor;
    int width = width_of(screen->widths, rune);

    if (width == 0) {
        /* It belongs to what stands before the cursor, as in tmux. */
        if (cursor->col > 0) {
            row_combine(cursor_row(screen), cursor->col - 1, rune);
            lines_printed(&screen->lines);
        }
        return;
    }
    if (!make_room(screen, width))
        return;
    if (is_plain(screen, rune))
        row_put(cursor_row(screen), cursor->col, rune, width, &screen->vt.pen);
    else
        vt_put(&screen->vt, *cursor, rune);
    advance(screen, width);
    screen->last_rune = rune;
}

void
print_ascii(struct screen *screen, const uint8_t *bytes, size_t len)
{
    if (!is_plain(screen, 0) || !screen->modes.autowrap) {
        for (size_t i = 0; i < len; i++)
            print_rune(screen, bytes[i]);
        return;
    }
    while (len > 0) {
        int room = screen->grid->cols - screen->cursor.col;
        int n;

        if (room == 0) {
            wrap(screen);
            room = screen->grid->cols;
        }
        n = len < (size_t)room ? (int)len : room;
        make_room(screen, n);
        row_put_ascii(cursor_row(screen), screen->cursor.col, bytes, n,
                      &screen->vt.pen);
        advance(screen, n);
        bytes += n;
        len -= (size_t)n;
        screen->last_rune = bytes[-1];
    }
}

void
print_again(struct screen *screen, int count)
{
    uint32_t rune = screen->last_rune;

    if (rune == 0)
        return;
    count = MIN(count, (screen->grid->cols - screen->cursor.col) /
                           width_of(screen->widths, rune));
    for (int i = 0; i < count; i++)
        print_rune(screen, rune);
}
