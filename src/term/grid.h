/*
 * grid.h - the rows of one screen, and the history they scroll into.
 *
 * Rows on the screen are called y, from 0; their absolute number is top + y.
 * A logical line is a row and all that soft wraps join to it, above and below.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_GRID_H
#define TERM_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "term/history.h"
#include "term/row.h"

/* A logical line is broken before it has more cells: its text is bounded. */
#define LINE_CELLS_MAX 65536
#define LINE_BYTES_MAX                                                         \
    ((size_t)(LINE_CELLS_MAX + TERM_COLS_MAX) * 4 * (1 + TERM_MARKS_MAX))

struct grid {
    int cols, rows;
    struct row **ring; /* the row y is at (first + y) % rows */
    int first;
    uint64_t top; /* the absolute number of row 0 */
    struct history *history;
};

/* Where something stands on a screen; col == cols: behind the last column. */
struct spot {
    int row, col;
};

void grid_init(struct grid *grid, int cols, int rows, uint32_t history_rows)
    NONNULL(1);
void grid_fini(struct grid *grid) NONNULL(1);

struct row *grid_row(const struct grid *grid, int y) NONNULL(1);

/*
 * Move rows [from, to) up by n, or down by -n; what comes in is blank, what
 * goes out at the top is kept in the history. Rows that are not moved but
 * stand above or below then change their number: no other can be true for all.
 */
enum grid_scroll {
    SCROLL_KEEP,
    SCROLL_DROP, /* nothing is kept */
    SCROLL_WRAP, /* as KEEP; the last row continues in the one that comes in */
};
void grid_scroll(struct grid *grid, int from, int to, int n, uint32_t bg,
                 enum grid_scroll how) NONNULL(1);

/* Blank all; clear_away: what was printed goes into the history first. */
void grid_blank(struct grid *grid, uint32_t bg) NONNULL(1);
void grid_clear_away(struct grid *grid, uint32_t bg) NONNULL(1);

/* Blank all and forget it, the history too; row 0 gets the number top. */
void grid_restart(struct grid *grid, uint64_t top) NONNULL(1);

/* What stands above row y continues in it no longer. */
void grid_unwrap_above(struct grid *grid, int y) NONNULL(1);

/* The rows a and b belong to one logical line. */
bool grid_same_line(const struct grid *grid, int a, int b) NONNULL(1);

/* The number of the first row of the logical line that row y belongs to. */
uint64_t grid_line_start(const struct grid *grid, int y) NONNULL(1);

/* Append the line's text from the row numbered start to row y, its col. */
void grid_text(const struct grid *grid, uint64_t start, int y, int col,
               struct buf *text) NONNULL(1, 5);

/* Append from there to the end of row y's logical line, trailing blanks cut. */
void grid_line_text(const struct grid *grid, uint64_t start, int y,
                    struct buf *text) NONNULL(1, 4);

/* A row by its number, here or in the history; wrapped may be NULL. */
bool grid_cells(const struct grid *grid, uint64_t number,
                struct term_cell *cells, int cols, bool *wrapped) NONNULL(1, 3);

/* How many rows from 0 on hold something. */
int grid_rows_used(const struct grid *grid) NONNULL(1);

/*
 * Give the grid another size. With reflow, lines are wrapped anew and what
 * does not fit goes into the history; without, rows are cut. The spots stay
 * with their text.
 */
void grid_resize(struct grid *grid, int cols, int rows, bool reflow,
                 struct spot *spots, int spots_len) NONNULL(1, 5);

#endif
