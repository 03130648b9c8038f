/*
 * history.c - rows that scrolled off, packed.
 *
 * A packed row is its runs, then its text. A run is a number of neighbours
 * with one style and one width; in the text a combining character has a byte
 * COMBINES before it, so that no width needs to be looked up again. A last run
 * behind all text is blanks with a background: a screen of them can be scrolled
 * away by a few bytes, so they cost no text.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"

#define COMBINES '\001' /* no C0 control is ever text */

/* Beyond the limit by rows: what one unfinished line may need. */
#define BYTES_FLOOR ((size_t)4 << 20)

struct run {
    uint32_t fg, bg;
    uint16_t cells; /* characters, not columns */
    uint8_t attrs, width;
};

struct packed {
    uint32_t text_len;
    uint16_t runs_len;
    bool wrapped;
    struct run runs[]; /* the text stands behind them */
};

struct history {
    uint32_t limit;
    struct packed **ring; /* the row numbered n is at n % cap */
    uint32_t cap;         /* a power of two */
    uint64_t top, end;
    size_t bytes;
    struct run *runs; /* scratch, as many as a row has cells */
    int runs_cap;
    struct buf text; /* scratch */
};

struct history *
history_new(uint32_t rows)
{
    struct history *history = xcalloc(1, sizeof *history);

    history->limit = rows;
    history->cap = 16;
    history->ring = xcalloc(history->cap, sizeof *history->ring);
    buf_init(&history->text,
             (size_t)TERM_COLS_MAX * (1 + TERM_MARKS_MAX) * (UTF8_MAX + 1));
    return history;
}

static struct packed **
at(const struct history *history, uint64_t number)
{
    return &history->ring[number & (history->cap - 1)];
}

static size_t
packed_size(const struct packed *packed)
{
    return sizeof *packed + packed->runs_len * sizeof(struct run) +
           packed->text_len;
}

static void
drop_oldest(struct history *history)
{
    struct packed **oldest = at(history, history->top++);

    history->bytes -= packed_size(*oldest);
    free(*oldest);
    *oldest = NULL;
}

void
history_free(struct history *history)
{
    if (history == NULL)
        return;
    while (history->top < history->end)
        drop_oldest(history);
    free(history->ring);
    free(history->runs);
    buf_fini(&history->text);
    free(history);
}

void
history_restart(struct history *history, uint64_t next)
{
    while (history->top < history->end)
        drop_oldest(history);
    history->top = history->end = next;
}

static void
grow(struct history *history)
{
    uint32_t cap = history->cap * 2;
    struct packed **ring = xcalloc(cap, sizeof *ring);

    for (uint64_t n = history->top; n < history->end; n++)
        ring[n & (cap - 1)] = *at(history, n);
    free(history->ring);
    history->ring = ring;
    history->cap = cap;
}

/* Count n more characters of this look; returns how many runs there are. */
static int
add_to_runs(struct run *runs, int len, const struct run *look, int n)
{
    struct run *last = &runs[MAX(len - 1, 0)];

    if (len == 0 || last->fg != look->fg || last->bg != look->bg ||
        last->attrs != look->attrs || last->width != look->width) {
        last = &runs[len++];
        *last = *look;
    }
    last->cells = (uint16_t)(last->cells + n);
    return len;
}

/* A character and what combines with it. */
static void
pack_cell(struct buf *text, const struct term_cell *cell)
{
    uint8_t bytes[UTF8_MAX];

    buf_add(text, bytes, utf8_encode(cell->rune, bytes));
    for (int i = 0; i < TERM_MARKS_MAX && cell->combining[i] != 0; i++) {
        buf_add(text, (char[]){ COMBINES }, 1);
        buf_add(text, bytes, utf8_encode(cell->combining[i], bytes));
    }
}

/* Fill the scratch runs and text; returns how many runs. */
static int
pack_cells(struct history *history, const struct row *row)
{
    struct cell_run run;
    struct term_cell cell;
    int len = 0;

    buf_clear(&history->text);
    for (int col = 0, n; col < row->used; col += n) {
        n = row_run(row, col, row->used, &run);
        if (n > 0) {
            struct run look = { run.style.fg, run.style.bg, 0,
                                (uint8_t)run.style.attrs, run.width };

            len = add_to_runs(history->runs, len, &look, n / run.width);
            buf_add(&history->text, run.text, run.len);
            continue;
        }
        n = 1;
        row_cell(row, col, &cell);
        if (cell.width > 0) {
            struct run look = { cell.fg, cell.bg, 0, (uint8_t)cell.attrs,
                                cell.width };

            len = add_to_runs(history->runs, len, &look, 1);
            pack_cell(&history->text, &cell);
        }
    }
    if (row->tail_bg != 0 && row->used < row->cols)
        history->runs[len++] = (struct run){
            .bg = row->tail_bg,
            .cells = (uint16_t)(row->cols - row->used),
            .width = 1,
        };
    return len;
}

static struct packed *
pack(struct history *history, const struct row *row)
{
    struct packed *packed;
    int runs_len;

    if (history->runs_cap < row->cols) {
        history->runs_cap = row->cols;
        history->runs =
            xrealloc(history->runs, (size_t)row->cols, sizeof *history->runs);
    }
    runs_len = pack_cells(history, row);
    packed = xmalloc(sizeof *packed + (size_t)runs_len * sizeof(struct run) +
                     history->text.len);
    packed->text_len = (uint32_t)history->text.len;
    packed->runs_len = (uint16_t)runs_len;
    packed->wrapped = row->wrapped;
    if (runs_len > 0)
        memcpy(packed->runs, history->runs,
               (size_t)runs_len * sizeof(struct run));
    memcpy(packed->runs + runs_len, buf_text(&history->text),
           history->text.len);
    return packed;
}

void
history_push(struct history *history, const struct row *row)
{
    uint64_t keep = history->limit;
    size_t bytes_max = (size_t)history->limit * HISTORY_ROW_BYTES;
    struct packed *packed = pack(history, row);

    if (history->end - history->top == history->cap)
        grow(history);
    *at(history, history->end++) = packed;
    history->bytes += packed_size(packed);
    if (row->wrapped)
        keep = MAX(keep, (uint64_t)row->depth + 1);
    while (history->end - history->top > keep ||
           (history->top < history->end &&
            history->bytes > bytes_max + BYTES_FLOOR))
        drop_oldest(history);
}

uint64_t
history_top(const struct history *history)
{
    return MAX(history->top, history->end - MIN(history->end, history->limit));
}

uint64_t
history_end(const struct history *history)
{
    return history->end;
}

bool
history_has(const struct history *history, uint64_t number)
{
    return number >= history->top && number < history->end;
}

bool
history_wrapped(const struct history *history, uint64_t number)
{
    return (*at(history, number))->wrapped;
}

static const uint8_t *
packed_text(const struct packed *packed)
{
    return (const uint8_t *)(packed->runs + packed->runs_len);
}

/* Read the character at *p with what combines with it, and pass it. */
static void
read_cell(const uint8_t **p, const uint8_t *end, struct term_cell *cell)
{
    uint32_t rune;
    int i = 0;

    *p += utf8_decode(*p, (size_t)(end - *p), &cell->rune);
    while (*p < end && **p == COMBINES) {
        ++*p;
        *p += utf8_decode(*p, (size_t)(end - *p), &rune);
        cell->combining[i++] = rune;
    }
}

/* Store a character at col, its right half behind it; returns the next col. */
static int
store_cell(struct term_cell *cells, int col, const struct term_cell *cell)
{
    cells[col++] = *cell;
    if (cell->width == 2) {
        cells[col++] = (struct term_cell){ .fg = cell->fg,
                                           .bg = cell->bg,
                                           .attrs = cell->attrs };
    }
    return col;
}

void
history_row(const struct history *history, uint64_t number,
            struct term_cell *cells, int cols)
{
    const struct packed *packed = *at(history, number);
    const uint8_t *p = packed_text(packed), *end = p + packed->text_len;
    const struct run *run = packed->runs, *last = run + packed->runs_len;
    int col = 0, i = 0;

    while (p < end && col + run->width <= cols) {
        struct term_cell cell = { .fg = run->fg,
                                  .bg = run->bg,
                                  .attrs = run->attrs,
                                  .width = run->width };

        read_cell(&p, end, &cell);
        col = store_cell(cells, col, &cell);
        if (++i == run->cells) {
            run++;
            i = 0;
        }
    }
    if (p == end && run < last)
        for (int n = run->cells; n > 0 && col < cols; n--)
            cells[col++] =
                (struct term_cell){ .rune = ' ', .bg = run->bg, .width = 1 };
    for (; col < cols; col++)
        cells[col] = (struct term_cell){ .rune = ' ', .width = 1 };
}

void
history_text(const struct history *history, uint64_t number, struct buf *text)
{
    const struct packed *packed = *at(history, number);
    const uint8_t *p = packed_text(packed), *end = p + packed->text_len;

    while (p < end) {
        const uint8_t *mark = memchr(p, COMBINES, (size_t)(end - p));
        const uint8_t *stop = mark != NULL ? mark : end;

        buf_add(text, p, (size_t)(stop - p));
        p = mark != NULL ? mark + 1 : end;
    }
}

void
history_unwrap_last(struct history *history)
{
    if (history->top < history->end)
        (*at(history, history->end - 1))->wrapped = false;
}
