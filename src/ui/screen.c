/*
 * screen.c - the surface everything is drawn on, by rows and columns from 0.
 *
 * ncurses believes that the terminal shows whatever it wrote, so its bytes are
 * never dropped but where it is told to know nothing: forget_terminal().
 *
 * Two surfaces: what is drawn, and what ncurses has. Only rows that differ cost
 * more than a comparison.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "io/loop.h"
#include "ui/palette.h"
#include "ui/pen.h"
#include "ui/surface.h"
#include "ui/tty.h"

struct screen {
    struct screen_spec spec;
    struct surface want;  /* what is drawn */
    struct surface shown; /* what ncurses has */
    int cursor_row, cursor_col;
    bool cursor_visible;
    int cursor_told; /* by curs_set(); -1: nothing yet */

    struct pen *pen;
    struct palette *palette;
    cchar_t *span; /* a row's worth, to feed ncurses */

    int out_fd; /* our own number for the tty's fd, to watch it apart */
    struct loop_fd *watch;
    struct buf out;  /* of a frame, what the terminal has not taken */
    size_t out_done; /* bytes of out that it has */
    bool is_awaited; /* ready() is owed */
    bool is_gone;
};

/* ---- From memory to the terminal ---- */

static bool
has_bytes(const struct screen *screen)
{
    return screen->out_done < screen->out.len;
}

static void
want_to_write(struct screen *screen)
{
    bool wanted = has_bytes(screen) && !screen->is_gone;

    loop_fd_want(screen->watch, wanted ? LOOP_WRITE : 0);
}

/* Last in a callback: the screen may be freed by who is told. */
static void
lose_terminal(struct screen *screen, int error)
{
    struct err why = ERR_INIT;

    screen->is_gone = true;
    want_to_write(screen);
    errno = error;
    err_sys(&why, "the terminal is gone");
    if (screen->spec.gone != NULL)
        screen->spec.gone(screen->spec.ctx, &why);
}

static void
on_writable(void *ctx, int ready)
{
    struct screen *screen = ctx;
    ssize_t n;

    if (!has_bytes(screen) || !tty_is_ours(screen->spec.tty)) {
        loop_fd_want(screen->watch, 0);
        return;
    }
    n = write(screen->out_fd, screen->out.bytes + screen->out_done,
              screen->out.len - screen->out_done);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        lose_terminal(screen, errno);
        return;
    }
    if (n > 0)
        screen->out_done += (size_t)n;
    if (has_bytes(screen))
        return;
    buf_clear(&screen->out);
    screen->out_done = 0;
    want_to_write(screen);
    if (screen->is_awaited) {
        screen->is_awaited = false;
        if (screen->spec.ready != NULL)
            screen->spec.ready(screen->spec.ctx);
    }
}

/* ---- ncurses ---- */

/*
 * ncurses shall know nothing of what the terminal shows, nor of its modes: as
 * after endwin(), it sets them all before the next frame. So what waits need
 * not be sent any more; where that cuts a sequence, the next one's ESC ends it.
 */
static void
forget_terminal(struct screen *screen)
{
    pen_lift(screen->pen);
    screen->cursor_told = -1;
    buf_clear(&screen->out);
    screen->out_done = 0;
}

struct screen *
screen_new(const struct screen_spec *spec, struct err *err)
{
    struct screen *screen = xcalloc(1, sizeof *screen);
    uint16_t cols, rows;

    screen->spec = *spec;
    screen->out_fd = -1;
    tty_size(spec->tty, &cols, &rows);
    surface_init(&screen->want, cols, rows, spec->ascii);
    surface_init(&screen->shown, cols, rows, spec->ascii);
    screen->span = xcalloc(cols, sizeof *screen->span);
    screen->out_fd = fcntl(tty_fd(spec->tty), F_DUPFD_CLOEXEC, 0);
    if (screen->out_fd < 0) {
        err_sys(err, "cannot make a screen");
        goto fail;
    }
    screen->pen = pen_new(cols, rows, err);
    if (screen->pen == NULL)
        goto fail;
    screen->palette = palette_new(spec->mono);
    screen->watch =
        loop_fd_new(spec->loop, screen->out_fd, on_writable, screen);
    forget_terminal(screen);
    return screen;

fail:
    screen_free(screen);
    return NULL;
}

void
screen_free(struct screen *screen)
{
    if (screen == NULL)
        return;
    loop_fd_free(screen->watch);
    palette_free(screen->palette);
    pen_free(screen->pen);
    if (screen->out_fd >= 0)
        close(screen->out_fd);
    surface_fini(&screen->want);
    surface_fini(&screen->shown);
    buf_fini(&screen->out);
    free(screen->span);
    free(screen);
}

/* ---- Size ---- */

void
screen_size(const struct screen *screen, uint16_t *cols, uint16_t *rows)
{
    *cols = screen->want.cols;
    *rows = screen->want.rows;
}

bool
screen_has_color(const struct screen *screen)
{
    return palette_has_color(screen->palette);
}

void
screen_resize(struct screen *screen, uint16_t cols, uint16_t rows)
{
    cols = MIN(MAX(cols, 1), TERM_COLS_MAX);
    rows = MIN(MAX(rows, 1), TERM_ROWS_MAX);
    surface_fini(&screen->want);
    surface_fini(&screen->shown);
    surface_init(&screen->want, cols, rows, screen->spec.ascii);
    surface_init(&screen->shown, cols, rows, screen->spec.ascii);
    screen->span = xrealloc(screen->span, cols, sizeof *screen->span);
    resizeterm(rows, cols);
    werase(stdscr);
    screen_repaint(screen);
}

void
screen_repaint(struct screen *screen)
{
    forget_terminal(screen);
    want_to_write(screen);
}

/* ---- Drawing ---- */

void
screen_fill(struct screen *screen, int row, int col, int rows, int cols,
            const struct look *look)
{
    surface_fill(&screen->want, row, col, rows, cols, look);
}

int
screen_text(struct screen *screen, int row, int col, int max,
            const struct look *look, const char *text)
{
    return surface_text(&screen->want, row, col, max, look, text);
}

void
screen_cells(struct screen *screen, int row, int col,
             const struct term_cell *cells, int len)
{
    surface_cells(&screen->want, row, col, cells, len);
}

void
screen_cursor(struct screen *screen, int row, int col, bool visible)
{
    bool inside = row >= 0 && row < screen->want.rows && col >= 0 &&
                  col < screen->want.cols;

    screen->cursor_visible = visible && inside;
    if (inside) {
        screen->cursor_row = row;
        screen->cursor_col = col;
    }
}

/* ---- A frame ---- */

static attr_t
attrs_of(uint16_t attrs, bool bold)
{
    return (attrs & TERM_BOLD || bold ? A_BOLD : 0) |
           (attrs & TERM_ITALIC ? A_ITALIC : 0) |
           (attrs & TERM_UNDERLINE ? A_UNDERLINE : 0) |
           (attrs & TERM_BLINK ? A_BLINK : 0) |
           (attrs & TERM_REVERSE ? A_REVERSE : 0);
}

static bool
same_look(const struct cell *a, const struct cell *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

/* An empty character in the colours of a cell. False: out of pairs. */
static bool
make_style(struct screen *screen, const struct cell *cell, cchar_t *style)
{
    struct paint paint;
    bool ok = palette_paint(screen->palette, cell->fg, cell->bg, &paint);

    setcchar(style, L" ", attrs_of(cell->attrs, paint.bold), 0, &paint.pair);
    return ok;
}

/*
 * The character of a cell; returns how many ncurses needs for it. ncurses and
 * the terminal go by the C library's widths: a character of which it thinks
 * otherwise than the console's emulation would shift the rest of its row.
 */
static int
make_chars(const struct cell *cell, const cchar_t *style, cchar_t *out)
{
    int marks = 0;

    *out = *style;
    if (wcwidth((wchar_t)cell->rune) != cell->width) {
        out->chars[0] = L'?';
        out[1] = *style;
        return cell->width;
    }
    out->chars[0] = (wchar_t)cell->rune;
    for (int i = 0; i < TERM_MARKS_MAX && cell->marks[i] != 0; i++)
        if (wcwidth((wchar_t)cell->marks[i]) == 0)
            out->chars[++marks] = (wchar_t)cell->marks[i];
    return 1;
}

/* Give ncurses the columns [start, end) of a row. False: out of pairs. */
static bool
feed_span(struct screen *screen, int row, int start, int end)
{
    const struct cell *cells = surface_row(&screen->want, row);
    const struct cell *styled = NULL;
    cchar_t style;
    bool ok = true;
    int len = 0;

    for (int x = start; x < end; x++) {
        const struct cell *cell = &cells[x];

        if (cell->width == 0)
            continue;
        if (styled == NULL || !same_look(styled, cell)) {
            ok = make_style(screen, cell, &style) && ok;
            styled = cell;
        }
        len += make_chars(cell, &style, screen->span + len);
    }
    mvadd_wchnstr(row, start, screen->span, len);
    return ok;
}

/* Give ncurses what is new in a row. False: out of pairs. */
static bool
feed_row(struct screen *screen, int row)
{
    const struct cell *want = surface_row(&screen->want, row);
    struct cell *shown = surface_row(&screen->shown, row);
    int start = 0, end = screen->want.cols;
    bool ok;

    while (start < end &&
           memcmp(&want[start], &shown[start], sizeof *want) == 0)
        start++;
    if (start == end)
        return true;
    while (memcmp(&want[end - 1], &shown[end - 1], sizeof *want) == 0)
        end--;
    /* Wide characters go as a whole, the new ones and those they replace. */
    while (start > 0 && (want[start].width == 0 || shown[start].width == 0))
        start--;
    while (end < screen->want.cols &&
           (want[end].width == 0 || shown[end].width == 0))
        end++;
    ok = feed_span(screen, row, start, end);
    memcpy(&shown[start], &want[start], (size_t)(end - start) * sizeof *want);
    return ok;
}

static void
feed_rows(struct screen *screen)
{
    bool ok = true;

    for (int row = 0; row < screen->want.rows && ok; row++)
        if (screen->want.drawn[row]) {
            ok = feed_row(screen, row);
            screen->want.drawn[row] = false;
        }
    if (ok)
        return;
    /* Pairs ran out: anew with those that are still in use. When this one frame
     * needs too many, the rest of it has no colours. */
    palette_clear(screen->palette);
    for (int row = 0; row < screen->want.rows; row++) {
        feed_span(screen, row, 0, screen->want.cols);
        memcpy(surface_row(&screen->shown, row),
               surface_row(&screen->want, row),
               screen->want.cols * sizeof(struct cell));
        screen->want.drawn[row] = false;
    }
}

static void
place_cursor(struct screen *screen)
{
    if (screen->cursor_told != screen->cursor_visible) {
        curs_set(screen->cursor_visible ? 1 : 0);
        screen->cursor_told = screen->cursor_visible;
    }
    wmove(stdscr, screen->cursor_row, screen->cursor_col);
}

bool
screen_show(struct screen *screen)
{
    if (has_bytes(screen) || !tty_is_ours(screen->spec.tty)) {
        screen->is_awaited = true;
        return false;
    }
    buf_puts(&screen->out, tty_take_words(screen->spec.tty));
    feed_rows(screen);
    place_cursor(screen);
    wnoutrefresh(stdscr);
    doupdate();
    pen_collect(screen->pen, &screen->out);
    want_to_write(screen);
    return true;
}
