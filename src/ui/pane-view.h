/*
 * pane-view.h - a console in a rectangle of the screen.
 *
 * The console keeps its own size: a smaller rectangle is a window on it around
 * the cursor, or anywhere in its history while somebody scrolls. What a check
 * matched and what the wizard typed is marked where it stands.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_PANE_VIEW_H
#define UI_PANE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "io/link.h"
#include "judge/verdict.h"
#include "ui/page.h"

struct pane_view;
struct screen;
struct script_console;
struct term;

struct pane_view *pane_view_new(const struct script_console *console,
                                struct term *term) MUST_CHECK NONNULL(1, 2);
void pane_view_free(struct pane_view *view);
const struct script_console *pane_view_console(const struct pane_view *view)
    NONNULL(1);

/* The wizard typed into the row the cursor is in. */
void pane_view_mark_typed(struct pane_view *view) NONNULL(1);
/* A check matched text in a row, by absolute number. */
void pane_view_mark_match(struct pane_view *view, uint64_t row,
                          enum verdict verdict, const char *text) NONNULL(1, 4);

/* Something came at at_us; it is news until it is shown. */
void pane_view_note(struct pane_view *view, uint64_t at_us) NONNULL(1);
bool pane_view_has_news(const struct pane_view *view) NONNULL(1);

struct pane_frame {
    struct rect rect;
    bool focused; /* it has the keyboard */
    int number;   /* the key that takes it; 0: none */
    const struct link_status *link;
    bool connected_once;
    const char *program; /* that runs in it; "" when nothing does */
    bool recorded;
    const char *tabs; /* the others of its place, for the lower border; or "" */
    bool ascii;
};
/* Draw it, with its frame, and the cursor where it has the keyboard. */
void pane_view_draw(struct pane_view *view, struct screen *screen,
                    const struct pane_frame *frame) NONNULL(1, 2, 3);

/*
 * The cell of the terminal's screen that shows at a place of ours, as it was
 * last drawn; false: another thing shows there.
 */
bool pane_view_at(const struct pane_view *view, int row, int col,
                  uint16_t *term_row, uint16_t *term_col) MUST_CHECK
    NONNULL(1, 4, 5);

/* --- looking back --- */
bool pane_view_is_back(const struct pane_view *view) NONNULL(1);
/* Up into the history by rows, or down; down to the end stops looking back. */
void pane_view_scroll(struct pane_view *view, int rows) NONNULL(1);
void pane_view_to_top(struct pane_view *view) NONNULL(1);
void pane_view_to_end(struct pane_view *view) NONNULL(1);
/* The cells it had when it was last drawn. */
void pane_view_size(const struct pane_view *view, int *cols, int *rows)
    NONNULL(1, 2, 3);
/* Rows shown when it was last drawn: a page. */
int pane_view_rows(const struct pane_view *view) NONNULL(1);
/*
 * Look for text, upper and lower case alike unless it has upper case, from
 * what is shown on, backwards or forwards. False: it is not there.
 */
bool pane_view_find(struct pane_view *view, const char *text, bool backwards)
    NONNULL(1, 2);

#endif
