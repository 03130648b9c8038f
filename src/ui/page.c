/* page.c - text in lines of styled pieces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/page.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/screen.h"

#define MORE_COLS 15

struct piece {
    enum look_id look;
    int col;
    bool right; /* at the line's end */
    char *text;
};

struct line {
    struct piece *pieces;
    size_t len, cap;
    int reached; /* column behind the last piece */
};

struct page {
    int cols;
    struct line *lines;
    size_t len, cap;
    int focus;
    int pinned; /* lines */
};

struct page *
page_new(int cols)
{
    struct page *page = xcalloc(1, sizeof *page);

    page->cols = MAX(cols, 1);
    return page;
}

void
page_free(struct page *page)
{
    if (page == NULL)
        return;
    for (size_t i = 0; i < page->len; i++) {
        for (size_t j = 0; j < page->lines[i].len; j++)
            free(page->lines[i].pieces[j].text);
        free(page->lines[i].pieces);
    }
    free(page->lines);
    free(page);
}

void
page_line(struct page *page)
{
    page->lines =
        xgrow(page->lines, page->len, &page->cap, sizeof *page->lines);
    page->lines[page->len++] = (struct line){ .reached = 0 };
}

static struct line *
last_line(struct page *page)
{
    if (page->len == 0)
        page_line(page);
    return &page->lines[page->len - 1];
}

/* Takes text. */
static struct piece *
add_piece(struct page *page, enum look_id look, char *text)
{
    struct line *line = last_line(page);

    line->pieces =
        xgrow(line->pieces, line->len, &line->cap, sizeof *line->pieces);
    line->pieces[line->len] = (struct piece){
        .look = look,
        .col = line->reached,
        .text = text,
    };
    line->reached += text_columns(text);
    return &line->pieces[line->len++];
}

void
page_add(struct page *page, enum look_id look, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add_piece(page, look, xvasprintf(fmt, ap));
    va_end(ap);
}

void
page_right(struct page *page, enum look_id look, const char *fmt, ...)
{
    struct piece *piece;
    va_list ap;

    va_start(ap, fmt);
    piece = add_piece(page, look, xvasprintf(fmt, ap));
    va_end(ap);
    piece->right = true;
}

/*
 * The bytes of text that fit into cols: whole words where there is one; of a
 * word that is longer than that, up to a comma or a slash.
 */
static size_t
fitting(const char *text, int cols)
{
    size_t len = 0, words = 0, parts = 0;
    int used = 0;

    while (text[len] != '\0' && text[len] != '\n') {
        size_t n = 1;
        char one[8] = { 0 };

        while ((text[len + n] & 0xC0) == 0x80 && n < 4)
            n++;
        memcpy(one, text + len, n);
        used += text_columns(one);
        if (used > cols)
            return words > 0 ? words : parts > 0 ? parts : MAX(len, n);
        len += n;
        if (text[len - 1] == ',' || text[len - 1] == '/')
            parts = len;
        if (text[len] == ' ' || text[len] == '\0' || text[len] == '\n')
            words = len;
    }
    return len;
}

void
page_wrap(struct page *page, enum look_id look, const char *text, int max)
{
    int indent = MIN(last_line(page)->reached, page->cols - 1);
    size_t len;

    for (int n = 1; *text != '\0'; n++) {
        bool cut = n == max;

        len = cut ? strcspn(text, "\n") : fitting(text, page->cols - indent);
        add_piece(page, look, xstrndup(text, len));
        text += len;
        while (*text == ' ' || *text == '\n')
            text++;
        if (cut || *text == '\0')
            return;
        page_line(page);
        last_line(page)->reached = indent;
    }
}

void
page_focus(struct page *page)
{
    page->focus = page->len > 0 ? (int)page->len - 1 : 0;
}

void
page_pin(struct page *page)
{
    page->pinned = (int)page->len;
}

int
page_lines(const struct page *page)
{
    return (int)page->len;
}

static void
draw_line(const struct line *line, struct screen *screen,
          const struct rect *rect, int row)
{
    int end = rect->cols; /* what is at the right comes first */

    for (size_t i = 0; i < line->len; i++) {
        const struct piece *piece = &line->pieces[i];
        int cols = text_columns(piece->text);

        if (!piece->right || cols > rect->cols)
            continue;
        end = rect->cols - cols;
        screen_text(screen, row, rect->col + end, cols, look(piece->look),
                    piece->text);
        end--;
    }
    for (size_t i = 0; i < line->len; i++) {
        const struct piece *piece = &line->pieces[i];

        if (piece->right || piece->col >= end)
            continue;
        screen_text(screen, row, rect->col + piece->col, end - piece->col,
                    look(piece->look), piece->text);
        if (piece->col + text_columns(piece->text) > end) /* it goes on */
            screen_text(screen, row, rect->col + end - 1, 1, look(piece->look),
                        "…");
    }
}

void
page_draw(const struct page *page, struct screen *screen,
          const struct rect *rect, int *scroll)
{
    int pinned = page->pinned * 3 <= rect->rows ? page->pinned : 0;
    int rows = rect->rows - pinned;
    int most = MAX((int)page->len - pinned - rows, 0);
    /* A little of what is before the focus stays in view. */
    int base = MAX(MIN(page->focus - pinned - rows / 4, most), 0);
    int top = MAX(MIN(base + (scroll != NULL ? *scroll : 0), most), 0);

    for (int i = 0; i < rect->rows; i++) {
        int line = i < pinned ? i : top + i;

        screen_fill(screen, rect->row + i, rect->col, 1, rect->cols,
                    look(LOOK_TEXT));
        if (line < (int)page->len)
            draw_line(&page->lines[line], screen, rect, rect->row + i);
    }
    if (top < most && rect->cols > MORE_COLS && rect->rows > 4)
        screen_text(screen, rect->row + rect->rows - 1,
                    rect->col + rect->cols - MORE_COLS, MORE_COLS,
                    look(LOOK_NEWS), " more: PageDown");
    if (scroll != NULL)
        *scroll = top - base;
}
