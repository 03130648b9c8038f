/*
 * screen.h - the surface everything is drawn on, by rows and columns from 0.
 *
 * ncurses draws, into memory; the loop carries its bytes to the terminal, so
 * that a slow or stopped one blocks nothing. While bytes of a frame wait, no
 * further frame is made: what shows next is always the newest.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "term/term.h"

struct loop;
struct screen;
struct tty;

/* How text looks: colours and attributes as term_cell has them. */
struct look {
    uint32_t fg, bg; /* 0: the terminal's own; TERM_COLOR_INDEX | n, ... */
    uint16_t attrs;  /* TERM_BOLD ... */
};

struct screen_spec {
    struct loop *loop;
    struct tty *tty;
    bool mono;  /* no colour, whatever the terminal can */
    bool ascii; /* what is no ASCII is drawn as a near ASCII character */
    /* A frame could not be made before and can be now: draw again. */
    void (*ready)(void *ctx);
    /* The terminal is gone. */
    void (*gone)(void *ctx, const struct err *why);
    void *ctx;
};

/* ERR_SYS when not even vt100 is known. TERM unknown: vt100, with a log. */
struct screen *screen_new(const struct screen_spec *spec,
                          struct err *err) MUST_CHECK NONNULL(1, 2);
void screen_free(struct screen *screen); /* the tty stays */

void screen_size(const struct screen *screen, uint16_t *cols, uint16_t *rows)
    NONNULL(1, 2, 3);
bool screen_has_color(const struct screen *screen) NONNULL(1);

/* The terminal has another size now; everything must be drawn again. */
void screen_resize(struct screen *screen, uint16_t cols, uint16_t rows)
    NONNULL(1);

/* Forget what the terminal shows: the next frame repaints it whole. */
void screen_repaint(struct screen *screen) NONNULL(1);

/* Drawing; what does not fit is clipped, nothing out of bounds is an error. */

/* Blanks. */
void screen_fill(struct screen *screen, int row, int col, int rows, int cols,
                 const struct look *look) NONNULL(1, 6);
/*
 * UTF-8 text within max columns; control characters and what is invalid show
 * as '?'. Returns the columns it took.
 */
int screen_text(struct screen *screen, int row, int col, int max,
                const struct look *look, const char *text) NONNULL(1, 5, 6);
/* A row of a console's cells. */
void screen_cells(struct screen *screen, int row, int col,
                  const struct term_cell *cells, int len) NONNULL(1, 4);
/* Where the cursor is and whether it shows. */
void screen_cursor(struct screen *screen, int row, int col, bool visible)
    NONNULL(1);

/*
 * Show what was drawn. False: not now, ready() will come; while the tty is not
 * ours, after screen_repaint() only.
 */
bool screen_show(struct screen *screen) NONNULL(1);

/* The columns that UTF-8 text takes; as screen_text() counts them. */
int text_columns(const char *text) NONNULL(1);

#endif
