/* grid.c - the rows of one screen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void
grid_init(struct grid *grid, int cols, int rows, uint32_t history_rows)
{
    *grid = (struct grid){ .cols = cols, .rows = rows };
    grid->ring = xcalloc(rows, sizeof *grid->ring);
    for (int y = 0; y < rows; y++)
        grid->ring[y] = row_new(cols);
    grid->history = history_new(history_rows);
}

void
grid_fini(struct grid *grid)
{
    for (int y = 0; y < grid->rows; y++)
        row_free(grid->ring[y]);
    free(grid->ring);
    history_free(grid->history);
    *grid = (struct grid){ 0 };
}

static struct row **
slot(const struct grid *grid, int y)
{
    int at = grid->first + y;

    return &grid->ring[at < grid->rows ? at : at - grid->rows];
}

struct row *
grid_row(const struct grid *grid, int y)
{
    return *slot(grid, y);
}

void
grid_unwrap_above(struct grid *grid, int y)
{
    if (y > 0)
        grid_row(grid, y - 1)->wrapped = false;
    else
        history_unwrap_last(grid->history);
}

/* Rows [from, to) change places: the first n go behind the others. */
static void
rotate(struct grid *grid, int from, int to, int n)
{
    struct row *first[TERM_ROWS_MAX];

    if (from == 0 && to == grid->rows) {
        /* The usual one: only where the ring begins moves. */
        grid->first = (grid->first + n) % grid->rows;
        return;
    }
    for (int i = 0; i < n; i++)
        first[i] = grid_row(grid, from + i);
    for (int y = from; y + n < to; y++)
        *slot(grid, y) = grid_row(grid, y + n);
    for (int i = 0; i < n; i++)
        *slot(grid, to - n + i) = first[i];
}

/* The row goes out at the top; row 0 continues it only if it is the next. */
static void
keep_row(struct grid *grid, int y, bool next_is_top)
{
    history_push(grid->history, grid_row(grid, y));
    grid->top++;
    if (!next_is_top)
        history_unwrap_last(grid->history);
}

static void
scroll_up(struct grid *grid, int from, int to, int n, uint32_t bg,
          enum grid_scroll how)
{
    for (int y = from; y < from + n; y++) {
        if (how != SCROLL_DROP)
            keep_row(grid, y, from == 0 || y < from + n - 1);
        row_clear(grid_row(grid, y), bg);
    }
    rotate(grid, from, to, n);
}

static void
scroll_down(struct grid *grid, int from, int to, int n, uint32_t bg)
{
    for (int y = to - n; y < to; y++)
        row_clear(grid_row(grid, y), bg);
    rotate(grid, from, to, to - from - n);
    grid_row(grid, to - 1)->wrapped = false;
}

void
grid_scroll(struct grid *grid, int from, int to, int n, uint32_t bg,
            enum grid_scroll how)
{
    /* Soft wraps across the borders end. */
    if (how != SCROLL_WRAP)
        grid_row(grid, to - 1)->wrapped = false;
    if (from > 0 || n < 0 || how == SCROLL_DROP)
        grid_unwrap_above(grid, from);
    if (n >= 0)
        scroll_up(grid, from, to, MIN(n, to - from), bg, how);
    else
        scroll_down(grid, from, to, MIN(-n, to - from), bg);
}

int
grid_rows_used(const struct grid *grid)
{
    int used = grid->rows;

    while (used > 0 && row_is_blank(grid_row(grid, used - 1)))
        used--;
    return used;
}

void
grid_blank(struct grid *grid, uint32_t bg)
{
    grid_unwrap_above(grid, 0);
    for (int y = 0; y < grid->rows; y++)
        row_clear(grid_row(grid, y), bg);
}

void
grid_clear_away(struct grid *grid, uint32_t bg)
{
    int used = grid_rows_used(grid);

    if (used > 0)
        grid_scroll(grid, 0, grid->rows, used, 0, SCROLL_KEEP);
    grid_blank(grid, bg);
}

void
grid_restart(struct grid *grid, uint64_t top)
{
    history_restart(grid->history, top);
    grid->top = top;
    grid_blank(grid, 0);
}

bool
grid_same_line(const struct grid *grid, int a, int b)
{
    for (int y = MIN(a, b); y < MAX(a, b); y++)
        if (!grid_row(grid, y)->wrapped)
            return false;
    return true;
}

uint64_t
grid_line_start(const struct grid *grid, int y)
{
    uint64_t number = grid->top;

    while (y > 0 && grid_row(grid, y - 1)->wrapped)
        y--;
    if (y > 0)
        return number + y;
    while (number > 0 && history_has(grid->history, number - 1) &&
           history_wrapped(grid->history, number - 1))
        number--;
    return number;
}

void
grid_text(const struct grid *grid, uint64_t start, int y, int col,
          struct buf *text)
{
    for (; start < grid->top; start++)
        history_text(grid->history, start, text);
    for (; start < grid->top + y; start++) {
        const struct row *row = grid_row(grid, start - grid->top);

        /* Used only: a wide character leaves the last column unprinted. */
        row_text(row, row->used, text);
    }
    row_text(grid_row(grid, y), col, text);
}

bool
grid_cells(const struct grid *grid, uint64_t number, struct term_cell *cells,
           int cols, bool *wrapped)
{
    bool kept = history_has(grid->history, number);
    const struct row *row;

    if (!kept && number - grid->top >= (uint64_t)grid->rows)
        return false;
    if (kept) {
        history_row(grid->history, number, cells, cols);
        if (wrapped != NULL)
            *wrapped = history_wrapped(grid->history, number);
        return true;
    }
    row = grid_row(grid, (int)(number - grid->top));
    for (int col = 0; col < cols; col++)
        row_cell(row, col, &cells[col]);
    /* Half a wide character at a narrower end is none. */
    if (cols > 0 && cells[cols - 1].width == 2)
        cells[cols - 1] = (struct term_cell){ .rune = ' ', .width = 1 };
    if (wrapped != NULL)
        *wrapped = row->wrapped;
    return true;
}

void
grid_line_text(const struct grid *grid, uint64_t start, int y, struct buf *text)
{
    while (y + 1 < grid->rows && grid_row(grid, y)->wrapped)
        y++;
    grid_text(grid, start, y, grid_row(grid, y)->used, text);
    while (text->len > 0 && text->bytes[text->len - 1] == ' ')
        text->bytes[--text->len] = '\0';
}
