/* line.c - what a console printed, as lines: the names of their tags. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/line.h"

const char *
line_tag_name(enum line_tag tag)
{
    static const char *const names[] = {
        [LINE_OUTPUT] = "output",
        [LINE_ECHO] = "echo",
        [LINE_REPAINT] = "repaint",
    };

    return names[tag];
}
