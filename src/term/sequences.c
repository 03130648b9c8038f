/*
 * sequences.c - what control sequences (CSI) do to the screen.
 *
 * ECMA-48 and xterm's ctlseqs.txt say what they mean; where these leave it
 * open, tmux's way is taken. Left out on purpose, among others: ED 3, which
 * would forget the history that is our evidence; left and right margins, whose
 * DECSLRM is SCOSC to everybody else; anything that reports more than DA and
 * DSR; 8-bit controls; titles; DECSCA.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/sequences.h"

#include "term/modes.h"
#include "term/print.h"
#include "term/sgr.h"

/* A count: left out and 0 mean 1. */
static int
count(const struct csi *csi)
{
    return MAX(csi_param(csi, 0, 1), 1);
}

static bool
is_behind_row(const struct screen *screen)
{
    return screen->cursor.col >= screen->grid->cols;
}

/* Sequences that libvterm takes as they are, where the cursor is. */
static void
pass(struct screen *screen, const struct csi *csi)
{
    screen->cursor = vt_write_at(&screen->vt, screen->cursor, "\033[%d%c",
                                 count(csi), csi->final);
}

/* The same for cells from the cursor to the row's end: behind it are none. */
static void
pass_cells(struct screen *screen, const struct csi *csi)
{
    if (!is_behind_row(screen))
        pass(screen, csi);
}

static void
tabs_forward(struct screen *screen, const struct csi *csi)
{
    if (screen->cursor.col < screen->grid->cols - 1)
        pass(screen, csi);
}

static void
scroll_up(struct screen *screen, const struct csi *csi)
{
    screen_scroll(screen, count(csi));
}

static void
scroll_down(struct screen *screen, const struct csi *csi)
{
    screen_scroll(screen, -count(csi));
}

static void
insert_rows(struct screen *screen, const struct csi *csi)
{
    screen_insert_rows(screen, count(csi));
}

static void
delete_rows(struct screen *screen, const struct csi *csi)
{
    screen_delete_rows(screen, count(csi));
}

static void
erase_in_line(struct screen *screen, const struct csi *csi)
{
    int what = csi_param(csi, 0, 0);

    if (what > 2 || (what == 0 && is_behind_row(screen)))
        return;
    vt_write_at(&screen->vt, screen->cursor, "\033[%dK", what);
}

static void
erase_in_display(struct screen *screen, const struct csi *csi)
{
    struct spot cursor = screen->cursor;
    int what = csi_param(csi, 0, 0);

    if (what == 2 || (what == 0 && cursor.row == 0 && cursor.col == 0)) {
        screen_clear(screen);
        return;
    }
    if (what == 0 && is_behind_row(screen))
        cursor = (struct spot){ cursor.row + 1, 0 };
    if (what <= 1 && cursor.row < screen->grid->rows)
        vt_write_at(&screen->vt, cursor, "\033[%dJ", what);
}

static void
up(struct screen *screen, const struct csi *csi)
{
    screen_move_rows(screen, -count(csi));
}

static void
down(struct screen *screen, const struct csi *csi)
{
    screen_move_rows(screen, count(csi));
}

static void
right(struct screen *screen, const struct csi *csi)
{
    screen->cursor.col =
        MIN(screen->cursor.col + count(csi), screen->grid->cols - 1);
}

static void
left(struct screen *screen, const struct csi *csi)
{
    screen->cursor.col = MAX(screen->cursor.col - count(csi), 0);
}

static void
first_of_next(struct screen *screen, const struct csi *csi)
{
    screen->cursor.col = 0;
    down(screen, csi);
}

static void
first_of_previous(struct screen *screen, const struct csi *csi)
{
    screen->cursor.col = 0;
    up(screen, csi);
}

static void
to_col(struct screen *screen, const struct csi *csi)
{
    screen->cursor.col = MIN(count(csi), screen->grid->cols) - 1;
}

/* A row as programs count: from 1, and within the margins in origin mode. */
static int
addressed_row(const struct screen *screen, int row)
{
    row = MAX(row, 1) - 1;
    if (!screen->modes.origin)
        return row;
    return MIN(row + screen->top, screen->bottom - 1);
}

static void
to_row(struct screen *screen, const struct csi *csi)
{
    screen_address_row(screen, addressed_row(screen, count(csi)));
}

static void
to_row_and_col(struct screen *screen, const struct csi *csi)
{
    screen_address(screen, addressed_row(screen, count(csi)),
                   MAX(csi_param(csi, 1, 1), 1) - 1);
}

static void
set_margins(struct screen *screen, const struct csi *csi)
{
    int rows = screen->grid->rows, bottom = csi_param(csi, 1, rows);

    screen_set_margins(screen, count(csi) - 1, bottom == 0 ? rows : bottom);
}

static void
clear_tabs(struct screen *screen, const struct csi *csi)
{
    int here = MIN(screen->cursor.col, screen->grid->cols - 1);
    int what = csi_param(csi, 0, 0);

    if (what != 0 && what != 3)
        return;
    for (int col = 0; col < TERM_COLS_MAX; col++)
        if (what == 3 || col == here)
            screen->tabs[col] = false;
    screen->tabs_changed = true;
    vt_write_at(&screen->vt, screen->cursor, "\033[%dg", what);
}

static void
switch_modes(struct screen *screen, const struct csi *csi)
{
    for (int i = 0; i < csi->len; i++)
        modes_switch(screen, csi->leader, csi_param(csi, i, 0),
                     csi->final == 'h');
}

static void
set_pen(struct screen *screen, const struct csi *csi)
{
    sgr_apply(&screen->vt.pen, csi);
}

static void
save(struct screen *screen, const struct csi *csi)
{
    if (csi->len == 0) /* with parameters it is DECSLRM */
        screen_save(screen);
}

static void
restore(struct screen *screen, const struct csi *csi)
{
    screen_restore(screen);
}

static void
again(struct screen *screen, const struct csi *csi)
{
    print_again(screen, count(csi));
}

static void
soft_reset(struct screen *screen, const struct csi *csi)
{
    screen_soft_reset(screen);
}

/* DA and DSR: the closed list of what is ever answered (reply.h). */
static void
report_attributes(struct screen *screen, const struct csi *csi)
{
    if (csi_param(csi, 0, 0) == 0)
        vt_write(&screen->vt, csi->leader == 0 ? "\033[c" : "\033[>c");
}

static void
report_status(struct screen *screen, const struct csi *csi)
{
    int what = csi_param(csi, 0, 0);

    if (what == 6 && csi->leader == '?')
        vt_write_at(&screen->vt, screen->cursor, "\033[?6n");
    else if (csi->leader == 0 && (what == 5 || what == 6))
        vt_write_at(&screen->vt, screen->cursor, "\033[%dn", what);
}

/* By their final byte, those with neither a leader nor an intermediate. */
static void (*const plain[])(struct screen *, const struct csi *) = {
    ['@'] = pass_cells, /* ICH */
    ['A'] = up,
    ['B'] = down,
    ['C'] = right,
    ['D'] = left,
    ['E'] = first_of_next,
    ['F'] = first_of_previous,
    ['G'] = to_col,
    ['H'] = to_row_and_col,
    ['I'] = tabs_forward,
    ['J'] = erase_in_display,
    ['K'] = erase_in_line,
    ['L'] = insert_rows,
    ['M'] = delete_rows,
    ['P'] = pass_cells, /* DCH */
    ['S'] = scroll_up,
    ['T'] = scroll_down,
    ['X'] = pass_cells, /* ECH */
    ['Z'] = pass,       /* CBT */
    ['`'] = to_col,
    ['a'] = right,
    ['b'] = again,
    ['c'] = report_attributes,
    ['d'] = to_row,
    ['e'] = down,
    ['f'] = to_row_and_col,
    ['g'] = clear_tabs,
    ['h'] = switch_modes,
    ['j'] = left,
    ['k'] = up,
    ['l'] = switch_modes,
    ['m'] = set_pen,
    ['n'] = report_status,
    ['r'] = set_margins,
    ['s'] = save,
    ['u'] = restore,
};

static const struct {
    char leader, inter, final;
    void (*call)(struct screen *screen, const struct csi *csi);
} marked[] = {
    { .leader = '>', .final = 'c', .call = report_attributes },
    { .leader = '?', .final = 'h', .call = switch_modes },
    { .leader = '?', .final = 'l', .call = switch_modes },
    { .leader = '?', .final = 'n', .call = report_status },
    { .inter = '!', .final = 'p', .call = soft_reset },
};

void
sequences_take(struct screen *screen, const struct csi *csi)
{
    void (*call)(struct screen *, const struct csi *) = NULL;

    if (csi->leader == 0 && csi->inter == 0) {
        if ((size_t)csi->final < ARRAY_LEN(plain))
            call = plain[(size_t)csi->final];
    } else {
        for (size_t i = 0; i < ARRAY_LEN(marked); i++)
            if (marked[i].final == csi->final &&
                marked[i].leader == csi->leader &&
                marked[i].inter == csi->inter)
                call = marked[i].call;
    }
    /* Only colours have parts with colons. */
    if (call != NULL && (csi->colons == 0 || csi->final == 'm'))
        call(screen, csi);
    screen->last_rune = 0;
}
