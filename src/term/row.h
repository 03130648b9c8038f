/*
 * row.h - one row of cells: what the screen is made of.
 *
 * A cell is 8 bytes: a character and a packed style. What does not fit there
 * (RGB colours, combining characters) stands in the row's own list of extras,
 * so that clearing a row forgets them too. A wide character is two cells, head
 * and tail; every change keeps the two together or blanks both.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_ROW_H
#define TERM_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "term/style.h"
#include "term/term.h"

struct cell {
    uint32_t rune;  /* 0: nothing was printed here */
    uint32_t style; /* packed, or the place in the row's extras */
};

struct extra {
    struct style style;
    uint32_t combining[TERM_MARKS_MAX];
};

struct row {
    int cols;
    int used;         /* cells from here on are blank, whatever they hold, */
    uint32_t tail_bg; /* with this background: so that clearing is cheap */
    bool wrapped;     /* the next row continues this line */
    uint32_t depth;   /* rows of the same line above this one */
    struct extra *extras;
    uint32_t extras_len, extras_cap;
    struct cell cells[];
};

struct row *row_new(int cols) MUST_CHECK;
void row_free(struct row *row);

/* Blank, with a background, wrapped to nothing. */
void row_clear(struct row *row, uint32_t bg) NONNULL(1);

/* Printable ASCII, len > 0 cells from col on, all within the row. */
void row_put_ascii(struct row *row, int col, const uint8_t *bytes, int len,
                   const struct style *style) NONNULL(1, 3, 5);

/* One character of width 1 or 2, within the row. */
void row_put(struct row *row, int col, uint32_t rune, uint8_t width,
             const struct style *style) NONNULL(1, 5);

/* Add a combining character to what stands at col. */
void row_combine(struct row *row, int col, uint32_t rune) NONNULL(1);

/* Blank the cells [from, to), to <= cols, with a background. */
void row_erase(struct row *row, int from, int to, uint32_t bg) NONNULL(1);

/* Shift what stands at col and behind by n cells, n <= cols - col. */
void row_insert(struct row *row, int col, int n, uint32_t bg) NONNULL(1);
void row_delete(struct row *row, int col, int n, uint32_t bg) NONNULL(1);

/* No character stands here, whatever the background. */
bool row_is_blank(const struct row *row) NONNULL(1);

/* One cell as callers of term.h see it; col may be beyond the row. */
void row_cell(const struct row *row, int col, struct term_cell *cell)
    NONNULL(1, 3);

/* Neighbours of one style and one width, without extras: most cells are. */
struct cell_run {
    char text[TERM_COLS_MAX * UTF8_MAX];
    size_t len; /* bytes */
    struct style style;
    uint8_t width;
};

/* The run at col, which is used; returns its columns, 0: an extra is there. */
int row_run(const struct row *row, int col, int to, struct cell_run *run)
    NONNULL(1, 4);

/* Append the cells [0, to) as UTF-8, with blanks for what is not used. */
void row_text(const struct row *row, int to, struct buf *text) NONNULL(1, 3);

/* The character of a cell with what combines with it, as UTF-8. */
void cell_text(const struct term_cell *cell, struct buf *text) NONNULL(1, 2);

/* Put a cell read by row_cell() from another row; it must fit. */
void row_put_cell(struct row *row, int col, const struct term_cell *cell)
    NONNULL(1, 3);

#endif
