/*
 * modes.c - SM and RM: what a program switches on and off, by number.
 *
 * libvterm hears of none of them: it looks at the first number of a sequence
 * only, does not know 47, and keeps one saved cursor for DECSC and 1049.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/modes.h"

#include <stddef.h>

/* DECCOLM: we keep our width, but the screen is cleared as tmux does it. */
static void
switch_columns(struct screen *screen, bool on)
{
    screen_goto(screen, 0, 0);
    screen_clear(screen);
}

static void
switch_origin(struct screen *screen, bool on)
{
    screen->modes.origin = on;
    screen_goto(screen, on ? screen->top : 0, 0);
}

static void
switch_autowrap(struct screen *screen, bool on)
{
    screen->modes.autowrap = on;
    if (!on)
        screen->cursor.col = MIN(screen->cursor.col, screen->grid->cols - 1);
}

static void
switch_alternate(struct screen *screen, bool on)
{
    if (on)
        screen_enter_alternate(screen, false);
    else
        screen_leave_alternate(screen, false);
}

static void
switch_saved_cursor(struct screen *screen, bool on)
{
    if (on)
        screen_save(screen);
    else
        screen_restore(screen);
}

static void
switch_alternate_and_cursor(struct screen *screen, bool on)
{
    if (on)
        screen_enter_alternate(screen, true);
    else
        screen_leave_alternate(screen, true);
}

static const struct {
    char leader;
    int number;
    void (*call)(struct screen *screen, bool on); /* or a flag, or mouse */
    size_t flag; /* its place in struct modes */
    uint8_t mouse;
} rows[] = {
    { .number = 4, .flag = offsetof(struct modes, insert) },
    { '?', 1, .flag = offsetof(struct modes, application_cursor) },
    { '?', 3, .call = switch_columns },
    { '?', 6, .call = switch_origin },
    { '?', 7, .call = switch_autowrap },
    { '?', 25, .flag = offsetof(struct modes, visible) },
    { '?', 47, .call = switch_alternate },
    { '?', 1000, .mouse = 1 },
    { '?', 1002, .mouse = 2 },
    { '?', 1003, .mouse = 3 },
    { '?', 1006, .flag = offsetof(struct modes, mouse_sgr) },
    { '?', 1047, .call = switch_alternate },
    { '?', 1048, .call = switch_saved_cursor },
    { '?', 1049, .call = switch_alternate_and_cursor },
    { '?', 2004, .flag = offsetof(struct modes, bracketed_paste) },
};

void
modes_switch(struct screen *screen, char leader, int number, bool on)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].leader != leader || rows[i].number != number)
            continue;
        if (rows[i].call != NULL)
            rows[i].call(screen, on);
        else if (rows[i].mouse != 0)
            screen->modes.mouse = on ? rows[i].mouse : 0;
        else
            *(bool *)((char *)&screen->modes + rows[i].flag) = on;
    }
}
