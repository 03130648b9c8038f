/*
 * mouse.c - what a program that wants the mouse is sent.
 *
 * Two codings of xterm's: "ESC [ < b ; x ; y M" (1006), and the old one of
 * three bytes, each 32 too high, that cannot say which button went up. Those
 * between (1005, 1015) nobody asks for without asking for 1006 too.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/mouse.h"

enum {
    DRAGGED = 32,
    OLD_RELEASED = 3,
    OLD_OFFSET = 32,
    OLD_PLACE_MAX = 127 - OLD_OFFSET, /* above, the byte would be no ASCII */
};

static void
encode_old(const struct mouse_event *event, int code, struct buf *out)
{
    int col = event->col + 1, row = event->row + 1;

    if (col >= OLD_PLACE_MAX || row >= OLD_PLACE_MAX)
        return;
    if (event->released)
        code = OLD_RELEASED;
    buf_printf(out, "\033[M%c%c%c", code + OLD_OFFSET, col + OLD_OFFSET,
               row + OLD_OFFSET);
}

void
mouse_encode(const struct mouse_event *event, const struct term_modes *modes,
             struct buf *out)
{
    int code = (int)event->button | (event->dragged ? DRAGGED : 0);

    if (modes->mouse == 0 || (event->dragged && modes->mouse < 2))
        return;
    if (modes->mouse_sgr)
        buf_printf(out, "\033[<%d;%d;%d%c", code, event->col + 1,
                   event->row + 1, event->released ? 'm' : 'M');
    else
        encode_old(event, code, out);
}
