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

/*
 * A packed style: 9 bits each for fore- and background (0: the default, else
 * the palette's index + 1), then the attributes.
 */
enum { PACK_BITS = 9, PACK_MASK = (1 << PACK_BITS) - 1 };

static bool
packs(uint32_t color)
{
    return color == 0 || color >> 24 == TERM_COLOR_INDEX >> 24;
}

static uint32_t
pack_color(uint32_t color)
{
    return color == 0 ? 0 : (color & 0xFF) + 1;
}

static uint32_t
unpack_color(uint32_t packed)
{
    return packed == 0 ? 0 : TERM_COLOR_INDEX | (packed - 1);
}

static struct style
unpack(uint32_t packed)
{
    return (struct style){
        .fg = unpack_color(packed & PACK_MASK),
        .bg = unpack_color(packed >> PACK_BITS & PACK_MASK),
        .attrs = packed >> 2 * PACK_BITS,
    };
}

static struct style
cell_style(const struct row *row, const struct cell *cell)
{
    if (cell->rune & CELL_EXTRA)
        return row->extras[cell->style].style;
    return unpack(cell->style);
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

static bool
same_style(const struct style *a, const struct style *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

/* The word for cell.style; *flag is what cell.rune needs with it. */
static uint32_t
style_word(struct row *row, const struct style *style, uint32_t *flag)
{
    struct extra extra = { .style = *style };

    *flag = 0;
    if (packs(style->fg) && packs(style->bg))
        return pack_color(style->fg) | pack_color(style->bg) << PACK_BITS |
               (uint32_t)style->attrs << 2 * PACK_BITS;
    *flag = CELL_EXTRA;
    /* Neighbours printed in one go share theirs. */
    if (row->extras_len > 0 &&
        row->extras[row->extras_len - 1].combining[0] == 0) {
        struct extra *last = &row->extras[row->extras_len - 1];

        if (same_style(&last->style, style))
            return row->extras_len - 1;
    }
    return add_extra(row, &extra);
}

static void
fill(struct row *row, int from, int to, uint32_t bg)
{
    uint32_t flag;
    struct cell blank = { .style = style_word(row, &(struct style){ .bg = bg },
                                              &flag) };

    blank.rune = flag;
    for (int i = from; i < to; i++)
        row->cells[i] = blank;
}

/* Cells [from, to) will be used; those before them must hold something. */
static void
use(struct row *row, int from, int to)
{
    if (from > row->used)
        fill(row, row->used, from, 0);
    if (to > row->used)
        row->used = to;
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
    if (bg != 0) {
        fill(row, 0, row->cols, bg);
        row->used = row->cols;
    }
}

void
row_put_ascii(struct row *row, int col, const uint8_t *bytes, int len,
              const struct style *style)
{
    uint32_t flag, word = style_word(row, style, &flag);

    split(row, col);
    split(row, col + len);
    use(row, col, col + len);
    for (int i = 0; i < len; i++)
        row->cells[col + i] = (struct cell){ bytes[i] | flag, word };
}

void
row_put(struct row *row, int col, uint32_t rune, uint8_t width,
        const struct style *style)
{
    uint32_t flag, word = style_word(row, style, &flag);

    split(row, col);
    split(row, col + width);
    use(row, col, col + width);
    row->cells[col] =
        (struct cell){ rune | flag | (width == 2 ? CELL_WIDE : 0), word };
    if (width == 2)
        row->cells[col + 1] = (struct cell){ CELL_TAIL | flag, word };
}

void
row_combine(struct row *row, int col, uint32_t rune)
{
    struct cell *cell;
    struct extra extra = { 0 };
    int n = 0;

    if (col >= row->used) {
        use(row, col, col + 1);
        fill(row, col, col + 1, 0);
    }
    cell = &row->cells[col];
    if (cell->rune & CELL_TAIL)
        cell--;
    if ((cell->rune & RUNE_MASK) == 0)
        cell->rune |= ' ';
    if (cell->rune & CELL_EXTRA)
        extra = row->extras[cell->style];
    else
        extra.style = unpack(cell->style);
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
    if (to == row->cols)
        row->wrapped = false;
    if (bg == 0 && to >= row->used) {
        row->used = MIN(row->used, from);
        return;
    }
    use(row, from, to);
    fill(row, from, to, bg);
}

void
row_insert(struct row *row, int col, int n, uint32_t bg)
{
    int kept = row->cols - n;

    split(row, col);
    split(row, kept);
    if (col < row->used) {
        int len = MIN(row->used, kept) - col;

        memmove(&row->cells[col + n], &row->cells[col],
                (size_t)len * sizeof(struct cell));
        row->used = col + n + len;
    }
    row_erase(row, col, col + n, bg);
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
    if (col >= row->used)
        return;
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

void
row_text(const struct row *row, int to, struct buf *text)
{
    struct term_cell cell;
    int i = 0;

    while (i < to) {
        char run[128];
        size_t len = 0;

        /* Plain text in one go: most of it is. */
        for (; i < to && len < sizeof run; i++) {
            uint32_t rune = i < row->used ? row->cells[i].rune : 0;

            if (rune & CELL_EXTRA &&
                row->extras[row->cells[i].style].combining[0] == 0)
                rune &= ~(uint32_t)CELL_EXTRA;
            if (rune >= 0x80)
                break;
            run[len++] = rune == 0 ? ' ' : (char)rune;
        }
        buf_add(text, run, len);
        if (i < to && len < sizeof run) {
            row_cell(row, i++, &cell);
            cell_text(&cell, text);
        }
    }
}

void
row_put_cell(struct row *row, int col, const struct term_cell *cell)
{
    struct style style = { cell->fg, cell->bg, cell->attrs };

    row_put(row, col, cell->rune, cell->width, &style);
    for (int i = 0; i < TERM_MARKS_MAX && cell->combining[i] != 0; i++)
        row_combine(row, col, cell->combining[i]);
}
