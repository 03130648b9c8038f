/*
 * surface.h - cells to draw on; knows no terminal.
 *
 * Wide characters are whole or not there: what would cover half of one leaves a
 * blank of the other half. Rows tell whether they were drawn on.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_SURFACE_H
#define UI_SURFACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/term.h"
#include "ui/screen.h"

/* One column; without padding, so that rows can be compared as bytes. */
struct cell {
    uint32_t rune; /* 0: right half of a wide one */
    uint32_t marks[TERM_MARKS_MAX];
    uint32_t fg, bg;
    uint16_t attrs;
    uint16_t width; /* 1 or 2; 0: right half */
};

struct surface {
    uint16_t cols, rows;
    bool ascii;
    struct cell *cells; /* rows times cols */
    bool *drawn;        /* rows that may have changed; the reader resets it */
};

/* All blanks, and drawn. */
void surface_init(struct surface *surface, uint16_t cols, uint16_t rows,
                  bool ascii) NONNULL(1);
void surface_fini(struct surface *surface) NONNULL(1);

struct cell *surface_row(const struct surface *surface, int row) NONNULL(1);

/* As the functions of screen.h with these names. */
void surface_fill(struct surface *surface, int row, int col, int rows, int cols,
                  const struct look *look) NONNULL(1, 6);
int surface_text(struct surface *surface, int row, int col, int max,
                 const struct look *look, const char *text) NONNULL(1, 5, 6);
void surface_cells(struct surface *surface, int row, int col,
                   const struct term_cell *cells, int len) NONNULL(1, 4);

/* The near ASCII character of one that is none; '?' when there is no such. */
char surface_ascii(uint32_t rune);

#endif
