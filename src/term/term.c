/*
 * term.c - one console's emulated terminal: bytes in, cells and lines out.
 *
 * What comes takes one way: filter, then screen (print, controls, sequences),
 * which tells lines. Nothing here looks at how the bytes were cut, and time is
 * what the callers say, so the same bytes at the same times give the same.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/term.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "term/controls.h"
#include "term/filter.h"
#include "term/print.h"
#include "term/reply.h"
#include "term/screen.h"
#include "term/sequences.h"
#include "term/term-priv.h"

struct term {
    struct filter filter;
    struct screen screen;
    struct reply_limit replies;
    bool swallowing;
    uint64_t swallow_until_us;
};

static void
on_ascii(void *ctx, const uint8_t *bytes, size_t len)
{
    struct term *term = ctx;

    if (!term->swallowing)
        print_ascii(&term->screen, bytes, len);
}

static void
on_rune(void *ctx, uint32_t rune)
{
    struct term *term = ctx;

    if (!term->swallowing)
        print_rune(&term->screen, rune);
}

static void
on_control(void *ctx, char control)
{
    struct term *term = ctx;

    if (!term->swallowing)
        controls_take(&term->screen, control);
}

static void
on_escape(void *ctx, char inter, char final)
{
    struct term *term = ctx;

    if (!term->swallowing)
        controls_escape(&term->screen, inter, final);
}

static void
on_csi(void *ctx, const struct csi *csi)
{
    struct term *term = ctx;

    if (!term->swallowing)
        sequences_take(&term->screen, csi);
}

/*
 * The first mark after a set-up: what stands on the line is the prompt from
 * before, and the marked one is about to be printed in its place.
 */
static void
end_swallowing(struct term *term)
{
    const struct csi erase_line = { .final = 'K' };

    if (!term->swallowing)
        return;
    term->swallowing = false;
    controls_take(&term->screen, '\r');
    sequences_take(&term->screen, &erase_line);
}

static void
on_mark(void *ctx, const struct mark_event *seen)
{
    struct term *term = ctx;
    struct screen *screen = &term->screen;
    struct lines *lines = &screen->lines;
    struct mark_event mark = *seen;

    end_swallowing(term);
    if (mark.kind == MARK_INPUT || mark.kind == MARK_COMMAND)
        lines_repaint_over(lines);
    lines->input = mark.kind == MARK_INPUT;
    mark.at_us = lines->now_us;
    mark.row = screen->grid->top + (uint64_t)screen->cursor.row;
    if (lines->sink.mark != NULL)
        lines->sink.mark(lines->sink.ctx, &mark);
}

static void
on_reply(void *ctx, const char *bytes, size_t len)
{
    struct term *term = ctx;
    const struct term_sink *sink = &term->screen.lines.sink;

    if (sink->reply != NULL && reply_is_known(bytes, len) &&
        reply_is_allowed(&term->replies, term->screen.lines.now_us, len))
        sink->reply(sink->ctx, (const uint8_t *)bytes, len);
}

struct term *
term_new(const struct term_spec *spec, const struct term_sink *sink)
{
    struct term *term = xcalloc(1, sizeof *term);
    struct filter_sink tokens = {
        .ascii = on_ascii,
        .rune = on_rune,
        .control = on_control,
        .escape = on_escape,
        .csi = on_csi,
        .mark = on_mark,
        .ctx = term,
    };

    filter_init(&term->filter, &tokens, spec->nonce);
    screen_init(&term->screen, spec, sink);
    term->screen.vt.reply = on_reply;
    term->screen.vt.reply_ctx = term;
    return term;
}

void
term_free(struct term *term)
{
    if (term == NULL)
        return;
    filter_fini(&term->filter);
    screen_fini(&term->screen);
    free(term);
}

void
term_feed(struct term *term, uint64_t at_us, const uint8_t *bytes, size_t len)
{
    term_quiet(term, at_us);
    if (len == 0)
        return;
    lines_bytes(&term->screen.lines);
    filter_feed(&term->filter, bytes, len);
}

void
term_quiet(struct term *term, uint64_t at_us)
{
    struct lines *lines = &term->screen.lines;

    lines_quiet(lines, at_us);
    if (term->swallowing && lines->now_us >= term->swallow_until_us)
        term->swallowing = false;
}

uint64_t
term_due_us(const struct term *term)
{
    uint64_t due = lines_due_us(&term->screen.lines);

    if (!term->swallowing)
        return due;
    if (due == 0 || term->swallow_until_us < due)
        due = term->swallow_until_us;
    return MAX(due, 1); /* 0 would mean never */
}

void
term_repaint(struct term *term, uint64_t at_us)
{
    term_quiet(term, at_us);
    lines_repaint(&term->screen.lines, REPAINT_TOLD);
}

bool
term_is_repainting(const struct term *term)
{
    return term->screen.lines.repaint != REPAINT_NO;
}

void
term_repaint_over(struct term *term)
{
    lines_repaint_over(&term->screen.lines);
}

void
term_swallow(struct term *term, uint64_t until_us)
{
    term->swallowing = true;
    term->swallow_until_us = until_us;
}

bool
term_is_swallowing(const struct term *term)
{
    return term->swallowing;
}

void
term_resize(struct term *term, uint64_t at_us, uint16_t cols, uint16_t rows)
{
    struct screen *screen = &term->screen;
    int new_cols = MIN(MAX(cols, TERM_COLS_MIN), TERM_COLS_MAX);
    int new_rows = MIN(MAX(rows, TERM_ROWS_MIN), TERM_ROWS_MAX);

    term_quiet(term, at_us);
    if (new_cols == screen->grid->cols && new_rows == screen->grid->rows)
        return;
    screen_reshape(screen, new_cols, new_rows);
    lines_repaint(&screen->lines, REPAINT_TOLD);
}

void
term_cursor_line(const struct term *term, struct buf *text, uint64_t *row)
{
    const struct screen *screen = &term->screen;

    buf_clear(text);
    *row = grid_line_start(screen->grid, screen->cursor.row);
    grid_text(screen->grid, *row, screen->cursor.row, screen->cursor.col, text);
}

void
term_size(const struct term *term, uint16_t *cols, uint16_t *rows)
{
    *cols = (uint16_t)term->screen.grid->cols;
    *rows = (uint16_t)term->screen.grid->rows;
}

struct term_cursor
term_cursor(const struct term *term)
{
    const struct screen *screen = &term->screen;
    int col = MIN(screen->cursor.col, screen->grid->cols - 1);

    return (struct term_cursor){ .col = (uint16_t)col,
                                 .row = (uint16_t)screen->cursor.row,
                                 .visible = screen->modes.visible };
}

bool
term_row(const struct term *term, uint64_t number, struct term_cell *cells,
         uint16_t cols, bool *wrapped)
{
    const struct grid *grid = term->screen.grid;

    return grid_cells(grid, number, cells, cols, wrapped);
}

uint64_t
term_screen_top(const struct term *term)
{
    return term->screen.grid->top;
}

uint64_t
term_history_top(const struct term *term)
{
    return history_top(term->screen.grid->history);
}

void
term_screen_text(const struct term *term, struct buf *text)
{
    const struct grid *grid = term->screen.grid;

    for (int y = 0; y < grid->rows; y++) {
        size_t start = text->len;

        row_text(grid_row(grid, y), grid_row(grid, y)->used, text);
        while (text->len > start && text->bytes[text->len - 1] == ' ')
            text->bytes[--text->len] = '\0';
        buf_add(text, "\n", 1);
    }
}

struct term_modes
term_modes(const struct term *term)
{
    const struct modes *modes = &term->screen.modes;

    return (struct term_modes){
        .application_cursor = modes->application_cursor,
        .application_keypad = modes->application_keypad,
        .bracketed_paste = modes->bracketed_paste,
        .alternate_screen = screen_is_alternate(&term->screen),
        .mouse = modes->mouse,
        .mouse_sgr = modes->mouse_sgr,
    };
}

void
term_take_slow_way(struct term *term)
{
    term->screen.slow = true;
}

void
term_renew(struct term *term)
{
    struct screen *screen = &term->screen;

    screen_reshape(screen, screen->grid->cols, screen->grid->rows);
}

const struct screen *
term_inner(const struct term *term)
{
    return &term->screen;
}
