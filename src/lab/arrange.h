/*
 * arrange.h - where each part of a layout is on a screen of a given size.
 *
 * Pure arithmetic: rectangles of cells, borders included, from row 0 and
 * column 0 of the area that panes have (the console keeps the screen's last
 * row for itself). They never overlap and cover the area exactly. Each has at
 * least one row and column as long as there are that many; on a smaller
 * screen the last parts are left out.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAB_ARRANGE_H
#define LAB_ARRANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

struct layout;

enum place_kind { PLACE_TABS, PLACE_WIZARD, PLACE_TELEMETRY, PLACE_LOG };

/* One rectangle. */
struct arranged {
    enum place_kind kind;
    int row, col, rows, cols;
    const char *const *tabs; /* PLACE_TABS: consoles, in order; at least one */
    size_t tabs_len;
    size_t node; /* the part's number in the layout: the same at every size */
};

/*
 * All rectangles, in the layout's order; len 0: there is nothing to show or no
 * cell to show it in. Functions below replace items.
 */
struct arrangement {
    struct arranged *items;
    size_t len;
    struct arrange_state *state; /* parts, and how far borders were moved */
};

/*
 * Arrange the parts for these consoles: those that exist, whose names are
 * given out as tabs. layout and names are borrowed until arrangement_free().
 */
struct arrangement *arrange(const struct layout *layout,
                            const char *const *consoles, size_t consoles_len,
                            int cols, int rows) MUST_CHECK NONNULL(1);
void arrangement_free(struct arrangement *arrangement);

/* The area has another size; borders stay moved as far as there is room. */
void arrangement_resize(struct arrangement *arrangement, int cols, int rows)
    NONNULL(1);

enum arrange_axis { ARRANGE_COLS, ARRANGE_ROWS };

/*
 * Move a border: make items[index] that many cells wider or higher at its
 * neighbour's cost, or smaller where cells < 0. If it has no neighbour on this
 * axis, the part around it that has one is meant. False, and nothing changes,
 * when there is no such part or no cell left to take.
 */
bool arrangement_grow(struct arrangement *arrangement, size_t index,
                      enum arrange_axis axis, int cells) MUST_CHECK NONNULL(1);

#endif
