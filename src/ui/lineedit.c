/* lineedit.c - one line that somebody types. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/lineedit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "ui/look.h"
#include "ui/screen.h"

#define LINE_MAX_BYTES 4096

struct lineedit {
    char *label;
    char text[LINE_MAX_BYTES + 1];
    size_t len, at; /* bytes; at: the cursor */
};

struct lineedit *
lineedit_new(const char *label, const char *text)
{
    struct lineedit *line = xcalloc(1, sizeof *line);

    line->label = xstrdup(label);
    lineedit_insert(line, text);
    return line;
}

void
lineedit_free(struct lineedit *line)
{
    if (line == NULL)
        return;
    free(line->label);
    free(line);
}

static size_t
before(const struct lineedit *line, size_t at)
{
    while (at > 0 && (line->text[--at] & 0xC0) == 0x80)
        continue;
    return at;
}

static size_t
behind(const struct lineedit *line, size_t at)
{
    while (at < line->len && (line->text[++at] & 0xC0) == 0x80)
        continue;
    return at;
}

static void
erase(struct lineedit *line, size_t start, size_t end)
{
    memmove(line->text + start, line->text + end, line->len - end + 1);
    line->len -= end - start;
    line->at = start;
}

void
lineedit_insert(struct lineedit *line, const char *text)
{
    size_t len = strlen(text);

    if (len > LINE_MAX_BYTES - line->len) /* at a character's border */
        for (len = LINE_MAX_BYTES - line->len;
             len > 0 && (text[len] & 0xC0) == 0x80;)
            len--;
    memmove(line->text + line->at + len, line->text + line->at,
            line->len - line->at + 1);
    for (size_t i = 0; i < len; i++)
        line->text[line->at + i] =
            (unsigned char)text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i];
    line->len += len;
    line->at += len;
}

void
lineedit_set(struct lineedit *line, const char *text)
{
    erase(line, 0, line->len);
    lineedit_insert(line, text);
}

const char *
lineedit_text(const struct lineedit *line)
{
    return line->text;
}

const char *
lineedit_label(const struct lineedit *line)
{
    return line->label;
}

static void
to_start(struct lineedit *line)
{
    line->at = 0;
}

static void
to_end(struct lineedit *line)
{
    line->at = line->len;
}

static void
to_left(struct lineedit *line)
{
    line->at = before(line, line->at);
}

static void
to_right(struct lineedit *line)
{
    line->at = behind(line, line->at);
}

static void
erase_before(struct lineedit *line)
{
    erase(line, before(line, line->at), line->at);
}

static void
erase_at(struct lineedit *line)
{
    erase(line, line->at, behind(line, line->at));
}

static void
erase_to_start(struct lineedit *line)
{
    erase(line, 0, line->at);
}

static void
erase_to_end(struct lineedit *line)
{
    erase(line, line->at, line->len);
}

static void
erase_word(struct lineedit *line)
{
    size_t start = line->at;

    while (start > 0 && line->text[start - 1] == ' ')
        start--;
    while (start > 0 && line->text[start - 1] != ' ')
        start--;
    erase(line, start, line->at);
}

static const struct {
    const char *name;
    void (*act)(struct lineedit *line);
} keys[] = {
    { "Home", to_start },       { "C-a", to_start },
    { "End", to_end },          { "C-e", to_end },
    { "Left", to_left },        { "C-b", to_left },
    { "Right", to_right },      { "C-f", to_right },
    { "BSpace", erase_before }, { "C-h", erase_before },
    { "Delete", erase_at },     { "C-d", erase_at },
    { "C-u", erase_to_start },  { "C-k", erase_to_end },
    { "C-w", erase_word },
};

enum lineedit_result
lineedit_key(struct lineedit *line, const char *name)
{
    uint32_t rune;
    size_t len = strlen(name);

    if (strcmp(name, "Enter") == 0)
        return LINEEDIT_DONE;
    if (strcmp(name, "Esc") == 0 || strcmp(name, "C-c") == 0 ||
        strcmp(name, "C-g") == 0)
        return LINEEDIT_CANCEL;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (strcmp(keys[i].name, name) == 0) {
            keys[i].act(line);
            return LINEEDIT_MORE;
        }
    if (strcmp(name, "Space") == 0)
        lineedit_insert(line, " ");
    else if (utf8_decode((const uint8_t *)name, len, &rune) == (int)len)
        lineedit_insert(line, name); /* a character's name is itself */
    return LINEEDIT_MORE;
}

void
lineedit_draw(const struct lineedit *line, struct screen *screen, int row,
              int col, int cols)
{
    char head[LINE_MAX_BYTES + 1];
    size_t start = 0;
    int used, reach;

    screen_fill(screen, row, col, 1, cols, look(LOOK_TEXT));
    used = screen_text(screen, row, col, cols, look(LOOK_KEY), line->label);
    memcpy(head, line->text, line->at);
    head[line->at] = '\0';
    while ((reach = text_columns(head + start)) >= cols - used &&
           start < line->at)
        start = behind(line, start);
    screen_text(screen, row, col + used, cols - used, look(LOOK_TEXT),
                line->text + start);
    screen_cursor(screen, row, col + used + reach, true);
}
