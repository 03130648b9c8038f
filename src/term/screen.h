/*
 * screen.h - what the program sees of us: cursor, margins, modes, two grids.
 *
 * Where the cursor is and when lines wrap is decided here, as tmux does it:
 * behind the last column the cursor is at col == cols, and the next character
 * wraps. What changes cells in other ways goes through libvterm (vt.h).
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/grid.h"
#include "term/lines.h"
#include "term/term.h"
#include "term/vt.h"
#include "term/width.h"

/*
 * Rows of alternate screens are numbered from here on, never twice, so that a
 * number means one row: what scrolls off an alternate screen has a history too,
 * until the program leaves it.
 */
#define ALTERNATE_ROWS ((uint64_t)1 << 40)

/* What a program can switch. */
struct modes {
    bool autowrap;
    bool visible; /* the cursor */
    bool insert;
    bool origin; /* rows count from the top margin */
    bool application_cursor;
    bool application_keypad;
    bool bracketed_paste;
    uint8_t mouse; /* as in struct term_modes */
    bool mouse_sgr;
};

/* The graphic sets a program designated, and which of them is in use. */
struct charsets {
    char set[2]; /* 'B' is ASCII */
    uint8_t used;
};

/* What DECSC keeps. */
struct saved {
    struct spot cursor;
    struct style pen;
    struct charsets charsets;
    bool origin;
};

enum { GRID_MAIN, GRID_ALTERNATE, GRIDS };

struct screen {
    struct vt vt;
    struct lines lines;
    struct widths *widths;
    struct grid grids[GRIDS];
    struct grid *grid; /* the one shown */
    struct spot cursor;
    struct spot main_cursor; /* kept while the alternate screen is shown */
    int top, bottom;         /* margins: rows [top, bottom) scroll */
    struct modes modes;
    struct charsets charsets;
    uint32_t last_rune;        /* what REP repeats; 0: nothing */
    struct saved saved[GRIDS]; /* DECSC, each screen its own as in xterm */
    struct saved before;       /* the cursor before the alternate screen */
    bool has_before;
    bool tabs[TERM_COLS_MAX]; /* stops; libvterm has the same */
    bool tabs_changed;
    uint64_t fills_since_us; /* how many DECALN there were since then */
    unsigned fills;
    bool slow; /* all text takes the way through libvterm; for tests */
};

void screen_init(struct screen *screen, const struct term_spec *spec,
                 const struct term_sink *sink) NONNULL(1, 2, 3);
void screen_fini(struct screen *screen) NONNULL(1);

bool screen_is_alternate(const struct screen *screen) NONNULL(1);

/* As a program names them: to the top is to begin a painting again. */
void screen_address_row(struct screen *screen, int row) NONNULL(1);
void screen_address(struct screen *screen, int row, int col) NONNULL(1);

/* By address; row is clamped, col stays, also behind the last column. */
void screen_goto_row(struct screen *screen, int row) NONNULL(1);
void screen_goto(struct screen *screen, int row, int col) NONNULL(1);
/* Up by -n or down by n rows, to the margin at most; a pending wrap ends. */
void screen_move_rows(struct screen *screen, int n) NONNULL(1);
/* To the end of the row above, if that is wrapped into the cursor's. */
void screen_back_over_wrap(struct screen *screen) NONNULL(1);

/* One row down or up, scrolling at the margin; col stays. */
void screen_linefeed(struct screen *screen) NONNULL(1);
void screen_reverse_linefeed(struct screen *screen) NONNULL(1);

/* Rows within the margins up by n, down by -n; the cursor stays: SU, SD. */
void screen_scroll(struct screen *screen, int n) NONNULL(1);
/* Rows from the cursor's to the margin; nothing if it is outside: IL, DL. */
void screen_insert_rows(struct screen *screen, int n) NONNULL(1);
void screen_delete_rows(struct screen *screen, int n) NONNULL(1);

/* Rows [top, bottom) scroll from now on; nothing if these are no margins. */
void screen_set_margins(struct screen *screen, int top, int bottom) NONNULL(1);

void screen_save(struct screen *screen) NONNULL(1);
void screen_restore(struct screen *screen) NONNULL(1);
void screen_set_charsets(struct screen *screen, const struct charsets *sets)
    NONNULL(1, 2);

/* Blank it all; what was printed on the main screen goes into the history. */
void screen_clear(struct screen *screen) NONNULL(1);

/* with_cursor: as 1049 does it. */
void screen_enter_alternate(struct screen *screen, bool with_cursor) NONNULL(1);
void screen_leave_alternate(struct screen *screen, bool with_cursor) NONNULL(1);

/* DECSTR and RIS. */
void screen_soft_reset(struct screen *screen) NONNULL(1);
void screen_reset(struct screen *screen) NONNULL(1);

/* libvterm's tab stops are as ours. */
void screen_send_tabs(struct screen *screen) NONNULL(1);

void screen_reshape(struct screen *screen, int cols, int rows) NONNULL(1);

#endif
