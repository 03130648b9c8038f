/* row.c - one row of cells. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"

/* Flags beside the code point in cell.rune. */
enum {
    RUNE_MASK = 0x1FFFFF,
    CELL_WIDE = 1 << 21,  /* the left half */
    CELL_TAIL = 1 << 22,  /* the right half; its rune is 0 */
    CELL_EXTRA = 1 << 23, /* .style is a place in extras */
};

static struct style
cell_style(const struct row *row, const struct cell *cell)
{
    if (cell->rune & CELL_EXTRA)
        return row->extras[cell->style].style;
    return style_unpack(cell->style);
}

struct row *
row_new(int cols)
{
    struct row *row = xmalloc(sizeof *row + (size_t)cols * sizeof(struct cell));

    *row = (struct row){ .cols = cols };
    return row;
}

void
row_free(struct row *row)
{
    if (row == NULL)
        return;
    free(row->extras);
    free(row);
}

/* Keep only extras that a cell still uses: at most one a cell. */
static void
drop_unused_extras(struct row *row)
{
    struct extra *kept = xcalloc(row->extras_cap, sizeof *kept);
    uint32_t len = 0, last = UINT32_MAX;

    for (int i = 0; i < row->used; i++) {
        struct cell *cell = &row->cells[i];

        if (!(cell->rune & CELL_EXTRA))
            continue;
        if (cell->style != last) {
            last = cell->style;
            kept[len++] = row->extras[last];
        }
        cell->style = len - 1;
    }
    free(row->extras);
    row->extras = kept;
    row->extras_len = len;
}

static uint32_t
add_extra(struct row *row, const struct extra *extra)
{
    uint32_t most = 2u * row->cols + 8;

    if (row->extras_len == row->extras_cap && row->extras_cap >= most)
        drop_unused_extras(row);
    if (row->extras_len == row->extras_cap) {
        row->extras_cap = MIN(MAX(row->extras_cap * 2, 8u), most);
        row->extras =
            xrealloc(row->extras, row->extras_cap, sizeof *row->extras);
    }
    row->extras[row->extras_len] = *extra;
    return row->extras_len++;
}

/* The word for cell.style; *flag is what cell.rune needs with it. */
static uint32_t
style_word(struct row *row, const struct style *style, uint32_t *flag)
{
    struct extra extra = { .style = *style };

    *flag = 0;
    if (style_packs(style))
        return style_pack(style);
    *flag = CELL_EXTRA;
    /* Neighbours printed in one go share theirs. */
    if (row->extras_len > 0 &&
        row->extras[row->extras_len - 1].combining[0] == 0) {
        struct extra *last = &row->extras[row->extras_len - 1];

        if (style_same(&last->style, style))
            return row->extras_len - 1;
    }
    return add_extra(row, &extra);
}

static struct cell
blank_cell(struct row *row, uint32_t bg)
{
    uint32_t flag, word = style_word(row, &(struct style){ .bg = bg }, &flag);

    return (struct cell){ flag, word };
}

/*
 * Set the cells [from, to). What was asked of style_word() for them must be
 * the last thing asked: an extra that no cell uses yet may be dropped.
 */
static void
set_cells(struct row *row, int from, int to, struct cell cell)
{
    for (int i = from; i < to; i++)
        row->cells[i] = cell;
    row->used = MAX(row->used, to);
}

/* All cells before col hold something, so that those behind can be set. */
static void
reach(struct row *row, int col)
{
    if (col > row->used)
        set_cells(row, row->used, col, blank_cell(row, row->tail_bg));
}

/* Blank the wide character, if any, that a border before col would halve. */
static void
split(struct row *row, int col)
{
    if (col == 0 || col >= row->used || !(row->cells[col].rune & CELL_TAIL))
        return;
    row->cells[col - 1] = (struct cell){ 0 };
    row->cells[col] = (struct cell){ 0 };
}

void
row_clear(struct row *row, uint32_t bg)
{
    row->used = 0;
    row->wrapped = false;
    row->depth = 0;
    row->extras_len = 0;
    row->tail_bg = bg;
}

void
row_put_ascii(struct row *row, int col, const uint8_t *bytes, int len,
              const struct style *style)
{
    uint32_t flag, word;

    split(row, col);
    split(row, col + len);
    reach(row, col);
    word = style_word(row, style, &flag);
    for (int i = 0; i < len; i++)
        row->cells[col + i] = (struct cell){ bytes[i] | flag, word };
    row->used = MAX(row->used, col + len);
}

void
row_put(struct row *row, int col, uint32_t rune, uint8_t width,
        const struct style *style)
{
    uint32_t flag, word;

    split(row, col);
    split(row, col + width);
    reach(row, col);
    word = style_word(row, style, &flag);
    if (width == 2)
        flag |= CELL_WIDE;
    set_cells(row, col, col + 1, (struct cell){ rune | flag, word });
    flag = (flag & ~(uint32_t)CELL_WIDE) | CELL_TAIL;
    if (width == 2)
        set_cells(row, col + 1, col + 2, (struct cell){ flag, word });
}

void
row_combine(struct row *row, int col, uint32_t rune)
{
    struct cell *cell;
    struct extra extra = { 0 };
    int n = 0;

    reach(row, col + 1);
    cell = &row->cells[col];
    if (cell->rune & CELL_TAIL)
        cell--;
    if ((cell->rune & RUNE_MASK) == 0)
        cell->rune |= ' ';
    if (cell->rune & CELL_EXTRA)
        extra = row->extras[cell->style];
    else
        extra.style = style_unpack(cell->style);
    while (n < TERM_MARKS_MAX && extra.combining[n] != 0)
        n++;
    if (n == TERM_MARKS_MAX)
        return;
    extra.combining[n] = rune;
    /* One that has combining characters already is this cell's own. */
    if (n > 0)
        row->extras[cell->style] = extra;
    else
        cell->style = add_extra(row, &extra);
    cell->rune |= CELL_EXTRA;
}

void
row_erase(struct row *row, int from, int to, uint32_t bg)
{
    split(row, from);
    split(row, to);
    if (to < row->cols) {
        reach(row, from);
        set_cells(row, from, to, blank_cell(row, bg));
        return;
    }
    row->wrapped = false;
    if (bg != row->tail_bg)
        reach(row, from);
    row->used = MIN(row->used, from);
    row->tail_bg = bg;
}

void
row_insert(struct row *row, int col, int n, uint32_t bg)
{
    int kept = row->cols - n, len;
    struct cell blank;

    split(row, col);
    split(row, kept);
    reach(row, col);
    blank = blank_cell(row, bg);
    len = MIN(row->used, kept) - col;
    if (len > 0) {
        memmove(&row->cells[col + n], &row->cells[col],
                (size_t)len * sizeof(struct cell));
        row->used = col + n + len;
    }
    set_cells(row, col, col + n, blank);
    if (col + n == row->cols)
        row->wrapped = false;
}

void
row_delete(struct row *row, int col, int n, uint32_t bg)
{
    int from = col + n;

    split(row, col);
    split(row, from);
    if (from < row->used) {
        memmove(&row->cells[col], &row->cells[from],
                (size_t)(row->used - from) * sizeof(struct cell));
        row->used = row->used - n;
    } else {
        row->used = MIN(row->used, col);
    }
    row_erase(row, row->cols - n, row->cols, bg);
}

bool
row_is_blank(const struct row *row)
{
    for (int i = 0; i < row->used; i++) {
        uint32_t rune = row->cells[i].rune & (RUNE_MASK | CELL_TAIL);

        if (rune != 0 && rune != ' ')
            return false;
    }
    return true;
}

void
row_cell(const struct row *row, int col, struct term_cell *out)
{
    const struct cell *cell;
    struct style style;

    *out = (struct term_cell){ .rune = ' ', .width = 1 };
    if (col >= row->used) {
        if (col < row->cols)
            out->bg = row->tail_bg;
        return;
    }
    cell = &row->cells[col];
    style = cell_style(row, cell);
    out->fg = style.fg;
    out->bg = style.bg;
    out->attrs = style.attrs;
    if (cell->rune & CELL_TAIL) {
        out->rune = 0;
        out->width = 0;
        return;
    }
    if (cell->rune & RUNE_MASK)
        out->rune = cell->rune & RUNE_MASK;
    if (cell->rune & CELL_WIDE)
        out->width = 2;
    if (cell->rune & CELL_EXTRA)
        memcpy(out->combining, row->extras[cell->style].combining,
               sizeof out->combining);
}

void
cell_text(const struct term_cell *cell, struct buf *text)
{
    uint8_t bytes[UTF8_MAX];

    if (cell->width == 0)
        return;
    buf_add(text, bytes, utf8_encode(cell->rune, bytes));
    for (int i = 0; i < TERM_MARKS_MAX && cell->combining[i] != 0; i++)
        buf_add(text, bytes, utf8_encode(cell->combining[i], bytes));
}

int
row_run(const struct row *row, int col, int to, struct cell_run *run)
{
    const struct cell *cells = row->cells;
    uint32_t style = cells[col].style;
    uint32_t same = cells[col].rune & (CELL_WIDE | CELL_EXTRA);
    int step = same & CELL_WIDE ? 2 : 1, last = MIN(to, row->used), i = col;
    size_t len = 0;

    if (same & CELL_EXTRA)
        return 0;
    while (i < last && cells[i].style == style) {
        uint32_t rune = cells[i].rune;

        if (rune < 0x80 && step == 1) { /* most are, so this one is short */
            run->text[len++] = rune == 0 ? ' ' : (char)rune;
            i++;
            continue;
        }
        if ((rune & ~(uint32_t)RUNE_MASK) != same)
            break;
        len += utf8_encode(rune & RUNE_MASK, (uint8_t *)run->text + len);
        i += step;
    }
    run->len = len;
    run->style = style_unpack(style);
    run->width = (uint8_t)step;
    return i - col;
}

void
row_text(const struct row *row, int to, struct buf *text)
{
    struct cell_run run;
    struct term_cell cell;

    for (int col = 0, n; col < MIN(to, row->used); col += n) {
        n = row_run(row, col, to, &run);
        if (n > 0) {
            buf_add(text, run.text, run.len);
            continue;
        }
        row_cell(row, col, &cell);
        cell_text(&cell, text);
        n = 1;
    }
    for (int col = row->used; col < to; col++)
        buf_add(text, " ", 1);
}

void
row_put_cell(struct row *row, int col, const struct term_cell *cell)
{
    struct style style = { cell->fg, cell->bg, cell->attrs };

    row_put(row, col, cell->rune, cell->width, &style);
    for (int i = 0; i < TERM_MARKS_MAX && cell->combining[i] != 0; i++)
        row_combine(row, col, cell->combining[i]);
}
