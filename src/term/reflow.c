/*
 * reflow.c - a grid gets another size (grid.h: grid_resize).
 *
 * Lines are cut into rows of the new width from their beginning on the screen;
 * the part of a line that is in the history already stays there as it is.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "term/grid.h"

#define SPOTS_MAX 4

struct flow {
    struct row **rows; /* the new ones, in order */
    size_t len, cap;
    int cols;
    int col; /* where the next cell goes in the newest row */
};

static struct row *
newest(const struct flow *flow)
{
    return flow->rows[flow->len - 1];
}

static void
begin_row(struct flow *flow, uint32_t depth)
{
    flow->rows = xgrow(flow->rows, flow->len, &flow->cap, sizeof *flow->rows);
    flow->rows[flow->len] = row_new(flow->cols);
    flow->rows[flow->len++]->depth = depth;
    flow->col = 0;
}

static void
wrap_row(struct flow *flow)
{
    uint32_t depth = newest(flow)->depth + 1;

    newest(flow)->wrapped = true;
    begin_row(flow, depth);
}

/* A row that is poured, and what stands around it. */
struct source {
    const struct row *row;
    bool goes_on; /* the next row continues its line */
    int cursor;   /* its column, 0 if it is elsewhere */
};

/* How many of its cells wrap: not blanks at the end, but before the cursor. */
static int
solid_cells(const struct source *source)
{
    int len = source->row->used;
    struct term_cell cell;

    for (; len > source->cursor && !source->goes_on; len--) {
        row_cell(source->row, len - 1, &cell);
        if (cell.rune != ' ')
            break;
    }
    return len;
}

/* Append the cells of one old row to the newest. */
static void
pour(struct flow *flow, const struct source *source)
{
    const struct row *row = source->row;
    int solid = solid_cells(source), len = row->used;
    struct term_cell cell;

    for (int col = 0; col < len; col++) {
        row_cell(row, col, &cell);
        if (cell.width == 0)
            continue;
        if (flow->col + cell.width > flow->cols) {
            if (col >= solid)
                return;
            wrap_row(flow);
        }
        row_put_cell(newest(flow), flow->col, &cell);
        flow->col += cell.width;
    }
}

/* Where a spot in an old row will be; called before that row is poured. */
static struct spot
place(const struct flow *flow, const struct source *source, int col)
{
    const struct row *row = source->row;
    struct spot spot = { (int)flow->len - 1, flow->col };
    int solid = solid_cells(source);
    struct term_cell cell = { .width = 1 };

    for (int i = 0; i < col; i++) {
        if (i < solid)
            row_cell(row, i, &cell);
        else if (spot.col == flow->cols)
            break;
        else
            cell.width = 1;
        if (spot.col + cell.width > flow->cols) {
            spot.col = 0;
            spot.row++;
        }
        spot.col++; /* one for each half of a wide character */
    }
    if (spot.col == flow->cols && col < solid)
        spot = (struct spot){ spot.row + 1, 0 }; /* with what it stands on */
    return spot;
}

/* The rows that have to be kept: printed on, or down to a spot; whole lines. */
static int
rows_kept(const struct grid *grid, const struct spot *spots, int spots_len)
{
    int kept = grid_rows_used(grid);

    for (int i = 0; i < spots_len; i++)
        kept = MAX(kept, spots[i].row + 1);
    while (kept > 0 && kept < grid->rows && grid_row(grid, kept - 1)->wrapped)
        kept++;
    return kept;
}

static struct source
source_at(const struct grid *grid, int y, int kept, const struct spot *cursor)
{
    const struct row *row = grid_row(grid, y);
    struct source source = { .row = row,
                             .goes_on = row->wrapped && y + 1 < kept };

    if (cursor->row == y)
        source.cursor = MIN(cursor->col, row->used);
    return source;
}

/* The first spot is the cursor's. */
static void
flow_lines(struct flow *flow, const struct grid *grid, int kept,
           struct spot *spots, int spots_len)
{
    struct spot placed[SPOTS_MAX];
    bool joined = false;

    BUG_ON(spots_len > SPOTS_MAX);
    for (int y = 0; y < kept; y++) {
        const struct source source = source_at(grid, y, kept, spots);
        const struct row *row = source.row;

        if (!joined)
            begin_row(flow, y == 0 ? row->depth : 0);
        else if (solid_cells(&source) == 0 && flow->col == flow->cols)
            wrap_row(flow); /* all was erased, but it is where one goes on */
        for (int i = 0; i < spots_len; i++)
            if (spots[i].row == y)
                placed[i] = place(flow, &source, spots[i].col);
        pour(flow, &source);
        newest(flow)->tail_bg = row->tail_bg;
        joined = source.goes_on;
        if (joined && row->used < row->cols)
            wrap_row(flow); /* something was erased: it keeps its place */
    }
    for (int i = 0; i < spots_len; i++)
        spots[i] = placed[i];
}

/* Copy rows as they are, cut or filled: a program will paint them anew. */
static void
copy_rows(struct flow *flow, const struct grid *grid, int from, int to)
{
    struct term_cell cell;

    for (int y = from; y < to; y++) {
        const struct row *row = grid_row(grid, y);

        begin_row(flow, 0);
        for (int col = 0; col < MIN(row->used, flow->cols); col++) {
            row_cell(row, col, &cell);
            if (cell.width > 0 && col + cell.width <= flow->cols)
                row_put_cell(newest(flow), col, &cell);
        }
        newest(flow)->tail_bg = row->tail_bg;
        if (flow->cols == grid->cols) { /* else the wraps are elsewhere */
            newest(flow)->wrapped = row->wrapped && y + 1 < to;
            newest(flow)->depth = row->depth;
        }
    }
}

/* Take the new rows: the last ones for the screen, those above as history. */
static int
take_rows(struct grid *grid, struct flow *flow)
{
    int len = (int)flow->len, over = MAX(len - grid->rows, 0);

    grid->ring = xcalloc(grid->rows, sizeof *grid->ring);
    grid->first = 0;
    for (int i = 0; i < len; i++) {
        if (i >= over) {
            grid->ring[i - over] = flow->rows[i];
            continue;
        }
        history_push(grid->history, flow->rows[i]);
        row_free(flow->rows[i]);
        grid->top++;
    }
    for (int i = len; i < grid->rows; i++)
        grid->ring[i] = row_new(grid->cols);
    free(flow->rows);
    return over;
}

void
grid_resize(struct grid *grid, int cols, int rows, bool reflow,
            struct spot *spots, int spots_len)
{
    struct flow flow = { .cols = cols };
    int kept = rows_kept(grid, spots, spots_len);
    int over;

    if (reflow)
        flow_lines(&flow, grid, kept, spots, spots_len);
    else
        copy_rows(&flow, grid, 0, kept);
    /* Below are blanks; they may have a colour. */
    copy_rows(&flow, grid, kept,
              MIN(grid->rows, kept + MAX(rows - (int)flow.len, 0)));
    for (int y = 0; y < grid->rows; y++)
        row_free(grid->ring[y]);
    free(grid->ring);
    grid->cols = cols;
    grid->rows = rows;
    over = take_rows(grid, &flow);
    for (int i = 0; i < spots_len; i++) {
        spots[i].row = MIN(MAX(spots[i].row - over, 0), rows - 1);
        spots[i].col = MIN(spots[i].col, cols);
    }
}
