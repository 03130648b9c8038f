/*
 * line.h - what a console printed, as lines with a time and a tag.
 *
 * A line is one logical line of the emulated screen: soft wraps are joined,
 * blanks at its end cut, no escape sequences. It is news once:
 *
 *   output   printed by the program now; the only tag that proves anything
 *   echo     what was typed, shown again by the far end
 *   repaint  painted again by a program that redraws (attach, resize,
 *            alternate screen), until the first silence: old news
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_LINE_H
#define TERM_LINE_H

#include <stddef.h>
#include <stdint.h>

enum line_tag { LINE_OUTPUT, LINE_ECHO, LINE_REPAINT };

struct line_event {
    uint64_t at_us; /* run clock: the bytes that finished it */
    uint64_t row;   /* absolute number of its first row, from 0 at the start */
    enum line_tag tag;
    const char *text; /* UTF-8, NUL-ended; borrowed during the call */
    size_t len;       /* bytes */
};

/* "output", "echo", "repaint". */
const char *line_tag_name(enum line_tag tag);

#endif
