/* pane-view.c - a console in a rectangle of the screen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/pane-view.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "match/pattern.h"
#include "plan/script.h"
#include "term/term.h"
#include "ui/look.h"
#include "ui/screen.h"

#define MARKS_MAX 4096

/* What stands at a row. */
struct mark {
    uint64_t row;
    bool typed;
    enum verdict verdict; /* of a match */
    char *text;           /* what the check saw; NULL: typed */
};

struct highlight {
    struct pattern *pattern;
    enum look_id look;
};

struct pane_view {
    const struct script_console *console;
    struct term *term;
    struct mark *marks;
    size_t len, cap;
    struct highlight *highlights;
    size_t highlights_len;
    uint64_t came_us, seen_us; /* when something last came, and was shown */
    bool back;                 /* looking back: top is fixed */
    uint64_t top;              /* first row shown, absolute */
    uint16_t left;             /* first column shown */
    int row, col, cols, rows;  /* where it was shown last */
    char *found;               /* the text that was looked for, or NULL */
    uint64_t found_row;
};

static void
compile_highlights(struct pane_view *view)
{
    static const enum look_id looks[] = {
        [PAINT_PASS] = LOOK_PASS,
        [PAINT_FAIL] = LOOK_FAIL,
        [PAINT_WARN] = LOOK_ERROR,
        [PAINT_NOTE] = LOOK_STRONG,
    };
    const struct conf_list *list = &view->console->pane->highlight;
    const struct pane_highlight *items = list->items;

    view->highlights = xcalloc(list->len, sizeof *view->highlights);
    for (size_t i = 0; i < list->len; i++) {
        struct err err = ERR_INIT;
        size_t fault;
        struct pattern *pattern =
            pattern_new(items[i].match.text, &fault, &err);

        if (pattern != NULL) /* lint told of any other */
            view->highlights[view->highlights_len++] = (struct highlight){
                .pattern = pattern,
                .look = looks[items[i].as.value],
            };
    }
}

struct pane_view *
pane_view_new(const struct script_console *console, struct term *term)
{
    struct pane_view *view = xcalloc(1, sizeof *view);

    view->console = console;
    view->term = term;
    compile_highlights(view);
    return view;
}

void
pane_view_free(struct pane_view *view)
{
    if (view == NULL)
        return;
    for (size_t i = 0; i < view->len; i++)
        free(view->marks[i].text);
    for (size_t i = 0; i < view->highlights_len; i++)
        pattern_free(view->highlights[i].pattern);
    free(view->marks);
    free(view->highlights);
    free(view->found);
    free(view);
}

const struct script_console *
pane_view_console(const struct pane_view *view)
{
    return view->console;
}

static void
add_mark(struct pane_view *view, const struct mark *mark)
{
    if (view->len == MARKS_MAX) {
        free(view->marks[0].text);
        memmove(view->marks, view->marks + 1,
                (MARKS_MAX - 1) * sizeof *view->marks);
        view->len--;
    }
    view->marks =
        xgrow(view->marks, view->len, &view->cap, sizeof *view->marks);
    view->marks[view->len++] = *mark;
}

void
pane_view_mark_typed(struct pane_view *view)
{
    const struct mark mark = {
        .row = term_screen_top(view->term) + term_cursor(view->term).row,
        .typed = true,
    };

    add_mark(view, &mark);
}

void
pane_view_mark_match(struct pane_view *view, uint64_t row, enum verdict verdict,
                     const char *text)
{
    const struct mark mark = {
        .row = row,
        .verdict = verdict,
        .text = xstrdup(text),
    };

    add_mark(view, &mark);
}

void
pane_view_note(struct pane_view *view, uint64_t at_us)
{
    view->came_us = at_us;
}

bool
pane_view_has_news(const struct pane_view *view)
{
    return view->came_us > view->seen_us;
}

/* Which part of the console is shown in rows by cols cells. */
static void
place_window(struct pane_view *view, int rows, int cols)
{
    uint64_t screen_top = term_screen_top(view->term);
    struct term_cursor cursor = term_cursor(view->term);
    uint16_t term_cols, term_rows;
    uint64_t row = screen_top + cursor.row;
    int reach;

    term_size(view->term, &term_cols, &term_rows);
    view->rows = rows;
    view->cols = cols;
    if (view->back) {
        view->top = MAX(view->top, term_history_top(view->term));
        view->left = 0;
        return;
    }
    /* Full screens from their top; else the cursor's surroundings. */
    if (view->top < screen_top || view->top > screen_top + term_rows)
        view->top = screen_top;
    if (row < view->top)
        view->top = row;
    if (row >= view->top + (uint64_t)rows)
        view->top = row - (uint64_t)rows + 1;
    if (term_rows <= rows)
        view->top = screen_top;
    reach = cursor.col + 1;
    if (reach <= cols)
        view->left = 0;
    else if (cursor.col < view->left || reach > view->left + cols)
        view->left = (uint16_t)MIN(reach - cols / 2, term_cols - cols);
}

/* A row's text, and which column each byte of it stands in. */
static void
row_text(const struct term_cell *cells, int cols, struct buf *text,
         int columns[TERM_COLS_MAX * UTF8_MAX])
{
    buf_clear(text);
    for (int col = 0; col < cols; col++) {
        uint8_t bytes[UTF8_MAX];
        size_t n;

        if (cells[col].width == 0 && cells[col].rune == 0)
            continue;
        n = utf8_encode(cells[col].rune, bytes);
        for (size_t i = 0; i < n; i++)
            columns[text->len + i] = col;
        buf_add(text, bytes, n);
    }
}

/* Paint the cells that bytes [start, end) of the row's text stand in. */
static void
paint(struct term_cell *cells, int cols, const int *columns, size_t start,
      size_t end, enum look_id id)
{
    const struct look *how = look(id);

    for (size_t i = start; i < end; i++) {
        struct term_cell *cell = &cells[columns[i]];

        if (columns[i] >= cols)
            continue;
        if (how->fg != 0)
            cell->fg = how->fg;
        cell->attrs |= how->attrs | TERM_BOLD;
    }
}

/* Find needle in text without minding case; its offset, or -1. */
static long
find_text(const char *text, const char *needle)
{
    bool exact = false;
    const char *at;

    for (const char *p = needle; *p != '\0'; p++)
        exact = exact || isupper((unsigned char)*p);
    at = exact ? strstr(text, needle) : strcasestr(text, needle);
    return at != NULL ? at - text : -1;
}

/* What the checks saw, what highlights find, what somebody looks for. */
static void
paint_row(struct pane_view *view, uint64_t row, struct term_cell *cells,
          int cols)
{
    static int columns[TERM_COLS_MAX * UTF8_MAX];
    struct buf text = BUF_INIT(0);
    struct span span;
    long at;

    row_text(cells, cols, &text, columns);
    for (size_t i = 0; i < view->highlights_len; i++)
        if (pattern_find(view->highlights[i].pattern, buf_text(&text), text.len,
                         &span) == PATTERN_YES)
            paint(cells, cols, columns, span.start, span.end,
                  view->highlights[i].look);
    for (size_t i = 0; i < view->len; i++) {
        const struct mark *mark = &view->marks[i];

        if (mark->row != row || mark->text == NULL)
            continue;
        at = find_text(buf_text(&text), mark->text);
        if (at >= 0)
            paint(cells, cols, columns, (size_t)at,
                  (size_t)at + strlen(mark->text),
                  look_of_verdict(mark->verdict));
    }
    if (view->found != NULL && *view->found != '\0' &&
        (at = find_text(buf_text(&text), view->found)) >= 0)
        paint(cells, cols, columns, (size_t)at,
              (size_t)at + strlen(view->found), LOOK_MATCH);
    buf_fini(&text);
}

/* The newest mark of a row, a match before what was typed; or NULL. */
static const struct mark *
mark_of(const struct pane_view *view, uint64_t row)
{
    const struct mark *found = NULL;

    for (size_t i = 0; i < view->len; i++)
        if (view->marks[i].row == row &&
            (found == NULL || !view->marks[i].typed))
            found = &view->marks[i];
    return found;
}

static void
draw_mark(const struct pane_view *view, struct screen *screen, uint64_t row,
          int at_row, int at_col, bool ascii)
{
    const struct mark *mark = mark_of(view, row);

    if (mark == NULL)
        return;
    if (mark->typed)
        screen_text(screen, at_row, at_col, 1, look(LOOK_COMMAND),
                    ascii ? "<" : "◂");
    else
        screen_text(screen, at_row, at_col, 1,
                    look(look_of_verdict(mark->verdict)),
                    verdict_glyph(mark->verdict, ascii));
}

static void
draw_rows(struct pane_view *view, struct screen *screen,
          const struct rect *inner, bool ascii)
{
    static struct term_cell cells[TERM_COLS_MAX];
    uint16_t term_cols, term_rows;

    term_size(view->term, &term_cols, &term_rows);
    for (int i = 0; i < inner->rows; i++) {
        uint64_t row = view->top + (uint64_t)i;
        int shown = MIN(inner->cols, term_cols - view->left);
        bool wrapped;

        screen_fill(screen, inner->row + i, inner->col, 1, inner->cols,
                    look(LOOK_TEXT));
        if (row >= term_screen_top(view->term) + term_rows ||
            !term_row(view->term, row, cells, term_cols, &wrapped))
            continue;
        paint_row(view, row, cells, term_cols);
        if (shown > 0)
            screen_cells(screen, inner->row + i, inner->col, cells + view->left,
                         shown);
        draw_mark(view, screen, row, inner->row + i,
                  inner->col + inner->cols - 1, ascii);
    }
}

/* "ssh ●", and what is wrong when it is not up. */
static enum look_id
link_words(const struct pane_view *view, const struct pane_frame *frame,
           char *out, size_t size)
{
    static const struct {
        const char *glyph, *ascii;
        enum look_id look;
    } rows[] = {
        [LINK_CONNECTING] = { "◌ connecting", "~ connecting", LOOK_NEWS },
        [LINK_UP] = { "●", "*", LOOK_PASS },
        [LINK_LOST] = { "✘ lost", "x lost", LOOK_FAIL },
        [LINK_CLOSED] = { "○ closed", "o closed", LOOK_DIM },
    };
    enum link_state state = frame->link->state;

    if (!frame->connected_once && state == LINK_CLOSED) {
        snprintf(out, size, "%s %s", view->console->kind,
                 frame->ascii ? "o" : "○");
        return LOOK_DIM;
    }
    snprintf(out, size, "%s %s", view->console->kind,
             frame->ascii ? rows[state].ascii : rows[state].glyph);
    return rows[state].look;
}

static void
draw_line_of(struct screen *screen, int row, const struct rect *rect,
             enum look_id id, const char *left, const char *fill,
             const char *right)
{
    screen_text(screen, row, rect->col, 1, look(id), left);
    for (int i = 1; i < rect->cols - 1; i++)
        screen_text(screen, row, rect->col + i, 1, look(id), fill);
    screen_text(screen, row, rect->col + rect->cols - 1, 1, look(id), right);
}

static void
draw_frame(const struct pane_view *view, struct screen *screen,
           const struct pane_frame *frame)
{
    const struct rect *rect = &frame->rect;
    enum look_id id = frame->focused ? LOOK_FRAME_FOCUS : LOOK_FRAME;
    int last = rect->row + rect->rows - 1, room = rect->cols - 4;
    char title[160], status[64];
    enum look_id status_look;
    int used;
    /* A program of the pane's own name says nothing new. */
    bool tells = *frame->program != '\0' &&
                 strcmp(frame->program, view->console->pane->name.text) != 0;

    draw_line_of(screen, rect->row, rect, id, "╭", "─", "╮");
    for (int i = rect->row + 1; i < last; i++) {
        screen_text(screen, i, rect->col, 1, look(id), "│");
        screen_text(screen, i, rect->col + rect->cols - 1, 1, look(id), "│");
    }
    draw_line_of(screen, last, rect, id, "╰", "─", "╯");
    if (room <= 0)
        return;
    snprintf(title, sizeof title, " %d %s · %s%s%s ", frame->number,
             view->console->node->name.text, view->console->pane->name.text,
             tells ? " · " : "", tells ? frame->program : "");
    used = screen_text(screen, rect->row, rect->col + 2, room,
                       look(frame->focused ? LOOK_FRAME_FOCUS : LOOK_TITLE),
                       frame->number > 0 ? title : title + 2);
    if (view->back)
        used += screen_text(screen, rect->row, rect->col + 2 + used,
                            room - used, look(LOOK_NEWS), "looking back ");
    status[0] = ' ';
    status_look = link_words(view, frame, status + 1, sizeof status - 8);
    if (frame->link->state == LINK_UP && frame->recorded)
        strcat(status, " rec");
    strcat(status, " ");
    if (text_columns(status) < room - used)
        screen_text(screen, rect->row,
                    rect->col + rect->cols - 2 - text_columns(status),
                    text_columns(status), look(status_look), status);
    if (*frame->tabs != '\0')
        screen_text(screen, last, rect->col + 2, room, look(LOOK_DIM),
                    frame->tabs);
}

/* Nothing was ever in it: say what it waits for. */
static void
draw_empty(struct screen *screen, const struct pane_frame *frame,
           const struct rect *inner)
{
    const char *words = "not connected yet: a step opens it";
    const struct rect middle = { inner->row + inner->rows / 3, inner->col + 2,
                                 inner->rows - inner->rows / 3,
                                 inner->cols - 4 };
    struct page *page;

    if (middle.cols <= 0 || middle.rows <= 0)
        return;
    if (frame->link->state == LINK_CONNECTING)
        words = "connecting ...";
    else if (frame->link->reason.kind != ERR_NONE)
        words = frame->link->reason.text;
    page = page_new(middle.cols);
    page_wrap(page, LOOK_DIM, words, 0);
    page_draw(page, screen, &middle, NULL);
    page_free(page);
}

void
pane_view_draw(struct pane_view *view, struct screen *screen,
               const struct pane_frame *frame)
{
    const struct rect inner = {
        .row = frame->rect.row + 1,
        .col = frame->rect.col + 1,
        .rows = frame->rect.rows - 2,
        .cols = frame->rect.cols - 2,
    };
    struct term_cursor cursor = term_cursor(view->term);

    view->seen_us = view->came_us;
    if (frame->rect.rows < 2 || frame->rect.cols < 2)
        return;
    draw_frame(view, screen, frame);
    if (inner.rows <= 0 || inner.cols <= 0)
        return;
    view->row = inner.row;
    view->col = inner.col;
    place_window(view, inner.rows, inner.cols);
    draw_rows(view, screen, &inner, frame->ascii);
    if (!frame->connected_once)
        draw_empty(screen, frame, &inner);
    if (frame->focused && !view->back) {
        int row = (int)(term_screen_top(view->term) + cursor.row - view->top);
        int col = cursor.col - view->left;

        if (row >= 0 && row < inner.rows && col >= 0 && col < inner.cols)
            screen_cursor(screen, inner.row + row, inner.col + col,
                          cursor.visible);
    }
}

bool
pane_view_at(const struct pane_view *view, int row, int col, uint16_t *term_row,
             uint16_t *term_col)
{
    uint64_t screen_top = term_screen_top(view->term), number;
    uint16_t cols, rows;

    term_size(view->term, &cols, &rows);
    row -= view->row;
    col -= view->col;
    if (row < 0 || row >= view->rows || col < 0 || col >= view->cols ||
        col + view->left >= cols)
        return false;
    number = view->top + (uint64_t)row;
    if (number < screen_top || number >= screen_top + rows)
        return false;
    *term_row = (uint16_t)(number - screen_top);
    *term_col = (uint16_t)(col + view->left);
    return true;
}

bool
pane_view_is_back(const struct pane_view *view)
{
    return view->back;
}

void
pane_view_size(const struct pane_view *view, int *cols, int *rows)
{
    *cols = view->cols;
    *rows = view->rows;
}

int
pane_view_rows(const struct pane_view *view)
{
    return view->rows;
}

/* The row behind the last that has anything: nobody scrolls into blanks. */
static uint64_t
end_row(const struct pane_view *view)
{
    return term_screen_top(view->term) + term_cursor(view->term).row + 1;
}

void
pane_view_scroll(struct pane_view *view, int rows)
{
    uint64_t first = term_history_top(view->term), end = end_row(view);
    uint64_t up = (uint64_t)MAX(-rows, 0), down = (uint64_t)MAX(rows, 0);

    view->back = true;
    view->top = view->top > first + up ? view->top - up : first;
    view->top += down;
    if (rows > 0 && view->top + (uint64_t)view->rows >= end)
        pane_view_to_end(view);
}

void
pane_view_to_top(struct pane_view *view)
{
    view->back = true;
    view->top = term_history_top(view->term);
}

void
pane_view_to_end(struct pane_view *view)
{
    view->back = false;
    free(view->found);
    view->found = NULL;
}

static bool
row_has(const struct pane_view *view, uint64_t row, const char *needle)
{
    static struct term_cell cells[TERM_COLS_MAX];
    static int columns[TERM_COLS_MAX * UTF8_MAX];
    struct buf text = BUF_INIT(0);
    uint16_t cols, rows;
    bool wrapped, has = false;

    term_size(view->term, &cols, &rows);
    if (term_row(view->term, row, cells, cols, &wrapped)) {
        row_text(cells, cols, &text, columns);
        has = find_text(buf_text(&text), needle) >= 0;
    }
    buf_fini(&text);
    return has;
}

bool
pane_view_find(struct pane_view *view, const char *text, bool backwards)
{
    uint64_t first = term_history_top(view->term), end = end_row(view);
    bool again = view->found != NULL && strcmp(view->found, text) == 0;
    /* First from the last row that is shown: what is on view counts. */
    uint64_t shown = MIN(view->top + (uint64_t)view->rows, end);
    uint64_t row = again ? view->found_row : view->back ? shown : end;
    char *needle;

    for (;;) {
        if (backwards ? row <= first : row + 1 >= end)
            return false;
        row += backwards ? (uint64_t)-1 : 1;
        if (row_has(view, row, text))
            break;
    }
    needle = xstrdup(text); /* it may be ours */
    free(view->found);
    view->found = needle;
    view->found_row = row;
    view->back = true;
    view->top = row > first + 2 ? row - 2 : first;
    return true;
}
