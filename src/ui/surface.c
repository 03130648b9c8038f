/* surface.c - cells to draw on; knows no terminal. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/surface.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/width.h"

static_assert(sizeof(struct cell) == 32, "cells are compared as bytes");

/* A character looks its part, or reads it instead. */
static const struct near {
    uint32_t rune;
    char ascii;
} nears[] = {
    { 0x00A0, ' ' }, /* no-break space */
    { 0x00B7, '.' }, /* · */
    { 0x00D7, 'x' }, /* × */
    { 0x2010, '-' },  { 0x2011, '-' },  { 0x2013, '-' }, { 0x2014, '-' },
    { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201C, '"' }, { 0x201D, '"' },
    { 0x2022, '*' }, /* • */
    { 0x2026, '.' }, /* … */
    { 0x2190, '<' },  { 0x2191, '^' },  { 0x2192, '>' }, { 0x2193, 'v' },
    { 0x2500, '-' },  { 0x2501, '=' },  { 0x2502, '|' }, { 0x2503, '|' },
    { 0x2550, '=' },  { 0x2551, '|' },  { 0x2580, '"' }, /* ▀ */
    { 0x2581, '_' },  { 0x2582, '_' },  { 0x2583, '.' }, { 0x2584, '-' },
    { 0x2585, '=' },  { 0x2586, '+' },  { 0x2587, '*' }, { 0x2588, '#' },
    { 0x258F, '|' },  { 0x2591, '.' },  { 0x2592, ':' }, { 0x2593, '#' },
    { 0x25A0, '#' },  { 0x25AE, '#' },                   /* ■ ▮ */
    { 0x25B2, '!' },  { 0x25B6, '>' },  { 0x25B8, '>' }, /* ▲ ▶ ▸ */
    { 0x25BC, 'v' },  { 0x25BE, 'v' },                   /* ▼ ▾ */
    { 0x25C0, '<' },  { 0x25C2, '<' },                   /* ◀ ◂ */
    { 0x25CB, '-' },  { 0x25CF, '*' },                   /* ○ ● */
    { 0x2713, '+' },  { 0x2714, '+' },                   /* ✓ ✔ */
    { 0x2717, 'x' },  { 0x2718, 'x' },                   /* ✗ ✘ */
};

static int
compare_near(const void *key, const void *row)
{
    uint32_t rune = *(const uint32_t *)key;
    uint32_t other = ((const struct near *)row)->rune;

    return (rune > other) - (rune < other);
}

char
surface_ascii(uint32_t rune)
{
    const struct near *near;

    if (rune >= 0x20 && rune < 0x7F)
        return (char)rune;
    near = bsearch(&rune, nears, ARRAY_LEN(nears), sizeof *nears, compare_near);
    if (near != NULL)
        return near->ascii;
    return rune >= 0x2500 && rune < 0x2580 ? '+' : '?'; /* box drawing */
}

/* Columns as panes count them too; a table that is the same always. */
static int
columns_of(uint32_t rune)
{
    static struct widths *widths;

    if (widths == NULL)
        widths = widths_new();
    return width_of(widths, rune);
}

/* The next character of a text, '?' for what is none, and pass it. */
static uint32_t
next_rune(const uint8_t **text, size_t *left)
{
    uint32_t rune;
    int len = utf8_decode(*text, *left, &rune);
    size_t taken = len == 0 ? *left : (size_t)abs(len);

    *text += taken;
    *left -= taken;
    return len > 0 && utf8_is_text(rune) ? rune : '?';
}

int
text_columns(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text);
    int columns = 0;

    while (left > 0)
        columns += columns_of(next_rune(&at, &left));
    return columns;
}

/* ---- Cells ---- */

static const struct cell blank = { .rune = ' ', .width = 1 };

void
surface_init(struct surface *surface, uint16_t cols, uint16_t rows, bool ascii)
{
    size_t count = (size_t)cols * rows;

    *surface = (struct surface){ .cols = cols, .rows = rows, .ascii = ascii };
    surface->cells = xcalloc(count, sizeof *surface->cells);
    surface->drawn = xcalloc(rows, sizeof *surface->drawn);
    for (size_t i = 0; i < count; i++)
        surface->cells[i] = blank;
    memset(surface->drawn, true, rows * sizeof *surface->drawn);
}

void
surface_fini(struct surface *surface)
{
    free(surface->cells);
    free(surface->drawn);
    *surface = (struct surface){ 0 };
}

struct cell *
surface_row(const struct surface *surface, int row)
{
    return surface->cells + (size_t)row * surface->cols;
}

static void
blank_cell(struct cell *cell)
{
    cell->rune = ' ';
    cell->width = 1;
    memset(cell->marks, 0, sizeof cell->marks);
}

/* Columns [start, end) of a row get something else: free their outer halves. */
static void
cut_out(struct surface *surface, int row, int start, int end)
{
    struct cell *cells = surface_row(surface, row);

    if (start > 0 && cells[start].width == 0)
        blank_cell(&cells[start - 1]);
    if (end < surface->cols && cells[end].width == 0)
        blank_cell(&cells[end]);
    surface->drawn[row] = true;
}

static struct cell
look_cell(const struct look *look)
{
    struct cell cell = blank;

    cell.fg = look->fg;
    cell.bg = look->bg;
    cell.attrs = look->attrs;
    return cell;
}

/* Sets [start, end) to what of [col, col + len) is on the surface. */
static bool
clip(int max, int col, int len, int *start, int *end)
{
    int64_t behind = (int64_t)col + MAX(len, 0);

    *start = MAX(col, 0);
    *end = (int)MIN(behind, max);
    return *start < *end;
}

void
surface_fill(struct surface *surface, int row, int col, int rows, int cols,
             const struct look *look)
{
    struct cell cell = look_cell(look);
    int top, bottom, start, end;

    if (!clip(surface->rows, row, rows, &top, &bottom) ||
        !clip(surface->cols, col, cols, &start, &end))
        return;
    for (int y = top; y < bottom; y++) {
        struct cell *cells = surface_row(surface, y);

        cut_out(surface, y, start, end);
        for (int x = start; x < end; x++)
            cells[x] = cell;
    }
}

/* Put a character of this width at a place that has room for it. */
static void
put_cell(struct surface *surface, int row, int col, const struct cell *cell)
{
    struct cell *at = surface_row(surface, row) + col;

    *at = *cell;
    if (surface->ascii && (cell->rune < 0x20 || cell->rune >= 0x7F)) {
        at->rune = (uint32_t)surface_ascii(cell->rune);
        at->width = 1;
    }
    if (surface->ascii)
        memset(at->marks, 0, sizeof at->marks);
    if (cell->width == 2) {
        at[1] = *at;
        blank_cell(&at[1]);
        if (at->width == 2)
            at[1].rune = at[1].width = 0;
    }
}

static void
add_mark(struct cell *cell, uint32_t rune)
{
    for (int i = 0; i < TERM_MARKS_MAX; i++)
        if (cell->marks[i] == 0) {
            cell->marks[i] = rune;
            return;
        }
}

int
surface_text(struct surface *surface, int row, int col, int max,
             const struct look *look, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    struct cell cell = look_cell(look), *last = NULL;
    size_t left = strlen(text);
    bool seen = row >= 0 && row < surface->rows;
    int done = 0;

    while (left > 0) {
        uint32_t rune = next_rune(&at, &left);
        int width = columns_of(rune), x;

        if (width == 0) {
            if (last != NULL && !surface->ascii)
                add_mark(last, rune);
            continue;
        }
        if (width > max - done)
            break;
        last = NULL;
        x = (int)MIN((int64_t)col + done, surface->cols);
        done += width;
        if (!seen || x < 0 || x >= surface->cols) {
            if (seen && x == -1 && width == 2 && surface->cols > 0)
                surface_fill(surface, row, 0, 1, 1, look);
            continue;
        }
        if (x + width > surface->cols) {
            surface_fill(surface, row, x, 1, 1, look);
            continue;
        }
        cell.rune = rune;
        cell.width = (uint16_t)width;
        cut_out(surface, row, x, x + width);
        put_cell(surface, row, x, &cell);
        last = surface_row(surface, row) + x;
    }
    return done;
}

static struct cell
console_cell(const struct term_cell *from)
{
    struct cell cell = {
        .rune = from->rune,
        .fg = from->fg,
        .bg = from->bg,
        .attrs = from->attrs,
        .width = from->width,
    };

    for (int i = 0; i < TERM_MARKS_MAX && from->combining[i] != 0; i++)
        if (utf8_is_text(from->combining[i]))
            add_mark(&cell, from->combining[i]);
    if (!utf8_is_text(cell.rune) || cell.width == 0)
        blank_cell(&cell); /* or a half whose other half is not to be drawn */
    return cell;
}

void
surface_cells(struct surface *surface, int row, int col,
              const struct term_cell *cells, int len)
{
    int start, end;

    if (row < 0 || row >= surface->rows ||
        !clip(surface->cols, col, len, &start, &end))
        return;
    cut_out(surface, row, start, end);
    for (int x = start; x < end; x++) {
        struct cell cell = console_cell(&cells[x - col]);

        if (cell.width == 2 && x + 1 >= end)
            blank_cell(&cell);
        put_cell(surface, row, x, &cell);
        x += cell.width - 1;
    }
}
