/* screen.c - what the program sees of us: cursor, margins, modes, two grids. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/screen.h"

static const struct modes reset_modes = { .autowrap = true, .visible = true };
static const struct charsets ascii = { .set = "BB" };

static void
reset_tabs(struct screen *screen)
{
    for (int col = 0; col < TERM_COLS_MAX; col++)
        screen->tabs[col] = col % 8 == 0;
    screen->tabs_changed = false;
}

/* Everything but the grids and what is on them. */
static void
reset_state(struct screen *screen)
{
    screen->cursor = (struct spot){ 0 };
    screen->top = 0;
    screen->bottom = screen->grid->rows;
    screen->modes = reset_modes;
    screen->charsets = ascii;
    screen->lines.begun = false;
    screen->last_rune = 0;
    screen->has_before = false;
    for (int i = 0; i < GRIDS; i++)
        screen->saved[i] = (struct saved){ .charsets = ascii };
    reset_tabs(screen);
}

void
screen_init(struct screen *screen, const struct term_spec *spec,
            const struct term_sink *sink)
{
    int cols = MIN(MAX(spec->cols, TERM_COLS_MIN), TERM_COLS_MAX);
    int rows = MIN(MAX(spec->rows, TERM_ROWS_MIN), TERM_ROWS_MAX);

    *screen = (struct screen){ 0 };
    for (int i = 0; i < GRIDS; i++)
        grid_init(&screen->grids[i], cols, rows, spec->history_rows);
    grid_restart(&screen->grids[GRID_ALTERNATE], ALTERNATE_ROWS);
    screen->grid = &screen->grids[GRID_MAIN];
    lines_init(&screen->lines, sink);
    screen->widths = widths_new();
    vt_init(&screen->vt, screen->grid);
    reset_state(screen);
}

void
screen_fini(struct screen *screen)
{
    vt_fini(&screen->vt);
    widths_free(screen->widths);
    lines_fini(&screen->lines);
    for (int i = 0; i < GRIDS; i++)
        grid_fini(&screen->grids[i]);
}

bool
screen_is_alternate(const struct screen *screen)
{
    return screen->grid == &screen->grids[GRID_ALTERNATE];
}

static void
show_grid(struct screen *screen, int which)
{
    screen->grid = &screen->grids[which];
    screen->vt.grid = screen->grid;
}

static struct saved *
saved_cursor(struct screen *screen)
{
    return &screen->saved[screen_is_alternate(screen)];
}

/* The cursor's line is left; what is printed next is another one. */
static void
leave_line(struct screen *screen, enum leave how)
{
    lines_finish(&screen->lines, screen->grid, screen->cursor.row, how);
}

void
screen_goto_row(struct screen *screen, int row)
{
    row = MIN(MAX(row, 0), screen->grid->rows - 1);
    if (row != screen->cursor.row)
        leave_line(screen, LEAVE_MOVE);
    screen->cursor.row = row;
}

/*
 * To a row that was found by counting from the cursor's: that is how a line of
 * several rows is edited, while who names a row paints something else there.
 */
static void
step_to_row(struct screen *screen, int row)
{
    if (!grid_same_line(screen->grid, screen->cursor.row, row))
        leave_line(screen, LEAVE_MOVE);
    screen->cursor.row = row;
}

void
screen_back_over_wrap(struct screen *screen)
{
    int above = screen->cursor.row - 1;

    if (above < 0 || !grid_row(screen->grid, above)->wrapped)
        return;
    step_to_row(screen, above);
    screen->cursor.col = screen->grid->cols - 1;
}

void
screen_goto(struct screen *screen, int row, int col)
{
    screen_goto_row(screen, row);
    screen->cursor.col = MIN(MAX(col, 0), screen->grid->cols - 1);
}

void
screen_move_rows(struct screen *screen, int n)
{
    int row = screen->cursor.row, to = row + n;

    /* A margin stops only who comes from within. */
    if (row >= screen->top)
        to = MAX(to, screen->top);
    if (row < screen->bottom)
        to = MIN(to, screen->bottom - 1);
    step_to_row(screen, MIN(MAX(to, 0), screen->grid->rows - 1));
    screen->cursor.col = MIN(screen->cursor.col, screen->grid->cols - 1);
}

void
screen_linefeed(struct screen *screen)
{
    struct row *row = grid_row(screen->grid, screen->cursor.row);
    bool scrolls = screen->cursor.row == screen->bottom - 1;

    if (!scrolls && screen->cursor.row == screen->grid->rows - 1)
        return; /* below the margins: there is no next row */
    /*
     * Within a wrapped line it only moves the cursor: that is how readline
     * walks through a command that takes several rows.
     */
    if (!row->wrapped || !screen->lines.begun || scrolls) {
        row->wrapped = false;
        leave_line(screen, LEAVE_LINEFEED);
    }
    if (scrolls)
        grid_scroll(screen->grid, screen->top, screen->bottom, 1,
                    screen->vt.pen.bg, SCROLL_KEEP);
    else
        screen->cursor.row++;
}

void
screen_reverse_linefeed(struct screen *screen)
{
    if (screen->cursor.row != screen->top) {
        step_to_row(screen, MAX(screen->cursor.row - 1, 0));
        return;
    }
    leave_line(screen, LEAVE_MOVE);
    grid_scroll(screen->grid, screen->top, screen->bottom, -1,
                screen->vt.pen.bg, SCROLL_KEEP);
}

void
screen_scroll(struct screen *screen, int n)
{
    leave_line(screen, LEAVE_MOVE);
    grid_scroll(screen->grid, screen->top, screen->bottom, n, screen->vt.pen.bg,
                SCROLL_KEEP);
}

static void
scroll_from_cursor(struct screen *screen, int n)
{
    grid_scroll(screen->grid, screen->cursor.row, screen->bottom, n,
                screen->vt.pen.bg, SCROLL_DROP);
}

static bool
is_within_margins(const struct screen *screen)
{
    return screen->cursor.row >= screen->top &&
           screen->cursor.row < screen->bottom;
}

void
screen_insert_rows(struct screen *screen, int n)
{
    if (!is_within_margins(screen))
        return;
    leave_line(screen, LEAVE_MOVE);
    scroll_from_cursor(screen, -n);
}

void
screen_delete_rows(struct screen *screen, int n)
{
    if (!is_within_margins(screen))
        return;
    /* What is deleted before it was finished was never a line. */
    screen->lines.news = NEWS_NONE;
    screen->lines.begun = false;
    scroll_from_cursor(screen, n);
}

void
screen_set_margins(struct screen *screen, int top, int bottom)
{
    bottom = MIN(bottom, screen->grid->rows);
    if (top < 0 || top + 1 >= bottom)
        return;
    screen->top = top;
    screen->bottom = bottom;
    screen_goto(screen, screen->modes.origin ? top : 0, 0);
}

static struct saved
present(const struct screen *screen)
{
    return (struct saved){
        .cursor = screen->cursor,
        .pen = screen->vt.pen,
        .charsets = screen->charsets,
        .origin = screen->modes.origin,
    };
}

void
screen_save(struct screen *screen)
{
    *saved_cursor(screen) = present(screen);
}

void
screen_restore(struct screen *screen)
{
    const struct saved *saved = saved_cursor(screen);

    screen_goto(screen, saved->cursor.row, saved->cursor.col);
    screen->modes.origin = saved->origin;
    screen_set_charsets(screen, &saved->charsets);
    screen->vt.pen = saved->pen;
}

void
screen_set_charsets(struct screen *screen, const struct charsets *sets)
{
    screen->charsets = *sets;
    vt_write(&screen->vt, "\033(%c\033)%c%c", sets->set[0], sets->set[1],
             sets->used ? '\016' : '\017');
}

/*
 * Who has the alternate screen paints it again: all of it was there before.
 * `screen -X redisplay`, C-a l and a second client's attach do that at any
 * time, long after the silence that ended the first painting.
 */
static void
begin_again(struct screen *screen)
{
    if (screen_is_alternate(screen))
        lines_repaint(&screen->lines, REPAINT_ALTERNATE);
}

void
screen_address_row(struct screen *screen, int row)
{
    bool below = screen->cursor.row > 0;

    screen_goto_row(screen, row);
    if (below && screen->cursor.row == 0)
        begin_again(screen);
}

void
screen_address(struct screen *screen, int row, int col)
{
    screen_address_row(screen, row);
    screen_goto(screen, screen->cursor.row, col);
}

void
screen_clear(struct screen *screen)
{
    leave_line(screen, LEAVE_MOVE);
    begin_again(screen);
    if (screen_is_alternate(screen))
        grid_blank(screen->grid, screen->vt.pen.bg);
    else
        grid_clear_away(screen->grid, screen->vt.pen.bg);
}

void
screen_enter_alternate(struct screen *screen, bool with_cursor)
{
    if (screen_is_alternate(screen))
        return;
    if (with_cursor) {
        screen->before = present(screen);
        screen->has_before = true;
    }
    screen->main_cursor = screen->cursor;
    screen->lines.main_news = screen->lines.news;
    screen->lines.news = NEWS_NONE;
    screen->lines.begun = false;
    show_grid(screen, GRID_ALTERNATE);
    lines_repaint(&screen->lines, REPAINT_ALTERNATE);
}

void
screen_leave_alternate(struct screen *screen, bool with_cursor)
{
    bool restore = with_cursor && screen->has_before;
    struct spot to = restore ? screen->before.cursor : screen->cursor;

    if (screen_is_alternate(screen)) {
        leave_line(screen, LEAVE_MOVE);
        lines_left_alternate(&screen->lines);
        grid_restart(screen->grid,
                     screen->grid->top + (uint64_t)screen->grid->rows);
        show_grid(screen, GRID_MAIN);
        screen->lines.news = screen->lines.main_news;
        screen->cursor = screen->main_cursor;
    }
    screen_goto_row(screen, to.row);
    screen->cursor.col = MIN(to.col, screen->grid->cols - 1);
    if (restore)
        screen->vt.pen = screen->before.pen;
}

void
screen_soft_reset(struct screen *screen)
{
    screen->modes.autowrap = true;
    screen->modes.visible = true;
    screen->modes.insert = false;
    screen->modes.origin = false;
    screen->modes.application_cursor = false;
    screen->modes.application_keypad = false;
    screen->top = 0;
    screen->bottom = screen->grid->rows;
    *saved_cursor(screen) = (struct saved){ .charsets = ascii };
    screen_set_charsets(screen, &ascii);
    screen->vt.pen = (struct style){ 0 };
}

void
screen_reset(struct screen *screen)
{
    screen_leave_alternate(screen, false);
    screen->vt.pen = (struct style){ 0 };
    screen_clear(screen);
    reset_state(screen);
    vt_write(&screen->vt, "\033c");
}

void
screen_send_tabs(struct screen *screen)
{
    vt_write(&screen->vt, "\033[3g");
    for (int col = 0; col < screen->grid->cols; col++)
        if (screen->tabs[col])
            vt_write_at(&screen->vt, (struct spot){ 0, col }, "\033H");
}

/*
 * Margins that were set stay where they are, as far as there are rows; what
 * reached to the last row does so again. tmux forgets them, and a program that
 * is told of the new size sets its own again: either way nothing is lost.
 */
static void
reshape_margins(struct screen *screen, int old_rows, int rows)
{
    if (screen->bottom == old_rows || screen->bottom > rows)
        screen->bottom = rows;
    if (screen->top + 1 >= screen->bottom) {
        screen->top = 0;
        screen->bottom = rows;
    }
}

void
screen_reshape(struct screen *screen, int cols, int rows)
{
    int old_rows = screen->grid->rows;
    bool alternate = screen_is_alternate(screen);
    struct spot *cursor = alternate ? &screen->main_cursor : &screen->cursor;
    struct spot on_main[] = { *cursor, screen->before.cursor,
                              screen->saved[GRID_MAIN].cursor };
    struct spot on_alternate[] = { alternate ? screen->cursor
                                             : (struct spot){ 0 },
                                   screen->saved[GRID_ALTERNATE].cursor };

    grid_resize(&screen->grids[GRID_MAIN], cols, rows, true, on_main,
                ARRAY_LEN(on_main));
    grid_resize(&screen->grids[GRID_ALTERNATE], cols, rows, false, on_alternate,
                ARRAY_LEN(on_alternate));
    *cursor = on_main[0];
    screen->before.cursor = on_main[1];
    screen->saved[GRID_MAIN].cursor = on_main[2];
    if (alternate)
        screen->cursor = on_alternate[0];
    screen->saved[GRID_ALTERNATE].cursor = on_alternate[1];
    reshape_margins(screen, old_rows, rows);
    vt_fini(&screen->vt);
    vt_init(&screen->vt, screen->grid);
    screen_set_charsets(screen, &screen->charsets);
    if (screen->tabs_changed)
        screen_send_tabs(screen);
}
