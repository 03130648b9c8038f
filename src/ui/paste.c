/* paste.c - what a paste into a pane asks first, and what the pane is sent. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/paste.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { PREVIEW_BYTES = 40, DEL = 0x7F };

static bool
is_line_end(char c)
{
    return c == '\r' || c == '\n';
}

static bool
is_control(char c)
{
    return (unsigned char)c < ' ' || c == DEL;
}

bool
paste_is_plain(const struct input_event *event)
{
    if (event->cut || event->cleaned)
        return false;
    for (const char *p = event->text; *p != '\0'; p++)
        if (is_control(*p))
            return false;
    return true;
}

/* Lines as somebody counts them who looks at the text; CR LF ends one. */
static size_t
count_lines(const char *text)
{
    size_t lines = 1;

    for (; *text != '\0'; text++)
        if (is_line_end(*text) && text[1] != '\0' &&
            !(text[0] == '\r' && text[1] == '\n'))
            lines++;
    return lines;
}

/* The beginning, whole characters only, controls as blanks; yours. */
static char *
preview(const char *text)
{
    size_t len = MIN(strlen(text), PREVIEW_BYTES);
    char *shown;

    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    shown = xstrndup(text, len);
    for (char *p = shown; *p != '\0'; p++)
        if (is_control(*p))
            *p = ' ';
    return shown;
}

char *
paste_question(const struct input_event *event, const char *console)
{
    size_t lines = count_lines(event->text);
    char *beginning = preview(event->text);
    char *question =
        xasprintf("paste %zu line%s into %s, beginning \"%s\"%s%s? y ", lines,
                  lines == 1 ? "" : "s", console, beginning,
                  event->cleaned ? ", controls as ?" : "",
                  event->cut ? ", cut at 1 MiB" : "");

    free(beginning);
    return question;
}

void
paste_encode(const char *text, bool bracketed, struct buf *out)
{
    if (bracketed)
        buf_puts(out, "\033[200~");
    for (; *text != '\0'; text++)
        if (is_line_end(*text))
            buf_add(out, "\r", 1);
        else if (!is_control(*text) || *text == '\t')
            buf_add(out, text, 1);
    if (bracketed)
        buf_puts(out, "\033[201~");
}
