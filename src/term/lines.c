/* lines.c - when a line is finished, and whether it is news. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/lines.h"

void
lines_init(struct lines *lines, const struct term_sink *sink)
{
    *lines = (struct lines){ .sink = *sink };
    buf_init(&lines->text, LINE_BYTES_MAX);
}

void
lines_fini(struct lines *lines)
{
    buf_fini(&lines->text);
}

uint64_t
lines_due_us(const struct lines *lines)
{
    if (lines->repaint == REPAINT_NO)
        return 0;
    return MIN(lines->byte_us + TERM_REPAINT_SILENCE_US,
               lines->repaint_us + TERM_REPAINT_MAX_US);
}

void
lines_quiet(struct lines *lines, uint64_t at_us)
{
    lines->now_us = MAX(lines->now_us, at_us);
    if (lines->repaint != REPAINT_NO && lines->now_us >= lines_due_us(lines))
        lines->repaint = REPAINT_NO;
}

void
lines_bytes(struct lines *lines)
{
    lines->byte_us = lines->now_us;
}

void
lines_repaint(struct lines *lines, enum repaint why)
{
    lines->repaint = MAX(lines->repaint, why);
    lines->repaint_us = lines->now_us;
    lines->byte_us = lines->now_us;
}

void
lines_repaint_over(struct lines *lines)
{
    lines->repaint = REPAINT_NO;
}

void
lines_left_alternate(struct lines *lines)
{
    if (lines->repaint == REPAINT_ALTERNATE)
        lines->repaint = REPAINT_NO;
}

void
lines_printed(struct lines *lines)
{
    if (lines->repaint == REPAINT_NO)
        lines->news = NEWS_PRINTED;
    else if (lines->news == NEWS_NONE)
        lines->news = NEWS_OLD;
}

static enum line_tag
tag_now(const struct lines *lines)
{
    if (lines->repaint != REPAINT_NO || lines->news == NEWS_OLD)
        return LINE_REPAINT;
    return lines->input ? LINE_ECHO : LINE_OUTPUT;
}

static void
tell(struct lines *lines, const struct grid *grid, int y)
{
    struct line_event line = { .at_us = lines->now_us, .tag = tag_now(lines) };

    line.row = grid_line_start(grid, y);
    if (!lines->begun)
        line.row = MAX(line.row, grid->top); /* above, it was told before */
    buf_clear(&lines->text);
    grid_line_text(grid, line.row, y, &lines->text);
    line.text = buf_text(&lines->text);
    line.len = lines->text.len;
    if (lines->news != NEWS_NONE || line.len == 0)
        lines->sink.line(lines->sink.ctx, &line);
}

void
lines_finish(struct lines *lines, const struct grid *grid, int y,
             enum leave how)
{
    if (lines->sink.line != NULL &&
        (lines->news != NEWS_NONE || how == LEAVE_LINEFEED))
        tell(lines, grid, y);
    lines->news = NEWS_NONE;
    lines->begun = false;
    if (how == LEAVE_LINEFEED)
        lines->input = false;
}
