/*
 * page.h - text in lines of styled pieces, built whole and then shown in a
 * rectangle: a part of it when it is longer than the rectangle is high.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"
#include "ui/look.h"

struct screen;

/* A rectangle of the screen, in cells. */
struct rect {
    int row, col, rows, cols;
};

struct page;

/* cols: the width that texts are wrapped at. */
struct page *page_new(int cols) MUST_CHECK;
void page_free(struct page *page);

/* Begin a line; what follows goes there. */
void page_line(struct page *page) NONNULL(1);
/* A piece of it; cut at the width. */
void page_add(struct page *page, enum look_id look, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 3);
/* A piece at the right end of the line. */
void page_right(struct page *page, enum look_id look, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 3);
/*
 * A text wrapped at blanks from the column the line has reached, which its
 * further lines begin at too; at most max lines, 0: all.
 */
void page_wrap(struct page *page, enum look_id look, const char *text, int max)
    NONNULL(1, 3);
/* The last line begun is what the eye must find. */
void page_focus(struct page *page) NONNULL(1);

/* The lines so far stay in view, whatever is scrolled below them. */
void page_pin(struct page *page) NONNULL(1);

int page_lines(const struct page *page) NONNULL(1);

/*
 * Draw it; when it is too long, so that the lines from the one in focus on are
 * seen, moved by *scroll lines, which is kept within what there is; scroll
 * NULL: none.
 */
void page_draw(const struct page *page, struct screen *screen,
               const struct rect *rect, int *scroll) NONNULL(1, 2, 3);

#endif
