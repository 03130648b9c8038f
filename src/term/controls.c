/* controls.c - what C0 controls and short escapes do to the screen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/controls.h"

#include <string.h>

static void
carriage_return(struct screen *screen)
{
    screen->cursor.col = 0;
}

static void
backspace(struct screen *screen)
{
    if (screen->cursor.col > 0)
        screen->cursor.col--;
    else
        screen_back_over_wrap(screen); /* as in tmux */
}

static void
tab(struct screen *screen)
{
    if (screen->cursor.col < screen->grid->cols - 1)
        screen->cursor = vt_write_at(&screen->vt, screen->cursor, "\t");
}

static void
next_line(struct screen *screen)
{
    screen_linefeed(screen);
    carriage_return(screen);
}

static void
use_charset(struct screen *screen, uint8_t used)
{
    struct charsets sets = screen->charsets;

    sets.used = used;
    screen_set_charsets(screen, &sets);
}

static void
shift_out(struct screen *screen)
{
    use_charset(screen, 1);
}

static void
shift_in(struct screen *screen)
{
    use_charset(screen, 0);
}

static void
set_tab(struct screen *screen)
{
    int col = MIN(screen->cursor.col, screen->grid->cols - 1);

    screen->tabs[col] = true;
    screen->tabs_changed = true;
    vt_write_at(&screen->vt, screen->cursor, "\033H");
}

static void
application_keypad(struct screen *screen)
{
    screen->modes.application_keypad = true;
}

static void
normal_keypad(struct screen *screen)
{
    screen->modes.application_keypad = false;
}

/*
 * Three bytes for a whole screen of cells, which may then be scrolled away by
 * three more: so many in a second of the run's time, and no more.
 */
static bool
may_fill(struct screen *screen)
{
    enum { FILLS_A_SECOND = 20, SECOND_US = 1000000 };
    uint64_t now_us = screen->lines.now_us;

    if (now_us - screen->fills_since_us >= SECOND_US) {
        screen->fills_since_us = now_us;
        screen->fills = 0;
    }
    return screen->fills++ < FILLS_A_SECOND;
}

/* DECALN: margins off, the cursor home, and E everywhere in no colour. */
static void
fill_with_e(struct screen *screen)
{
    const struct style plain = { 0 };
    uint8_t letters[TERM_COLS_MAX];

    if (!may_fill(screen))
        return;
    memset(letters, 'E', sizeof letters);
    screen->top = 0;
    screen->bottom = screen->grid->rows;
    screen_goto(screen, 0, 0);
    for (int y = 0; y < screen->grid->rows; y++) {
        struct row *row = grid_row(screen->grid, y);

        row_clear(row, 0);
        row_put_ascii(row, 0, letters, row->cols, &plain);
    }
    lines_printed(&screen->lines);
}

static void (*const controls[0x20])(struct screen *) = {
    ['\b'] = backspace,       ['\t'] = tab,
    ['\n'] = screen_linefeed, ['\v'] = screen_linefeed,
    ['\f'] = screen_linefeed, ['\r'] = carriage_return,
    [0x0E] = shift_out,       [0x0F] = shift_in,
};

static const struct {
    char final;
    void (*call)(struct screen *screen);
} escapes[] = {
    { '7', screen_save },
    { '8', screen_restore },
    { '=', application_keypad },
    { '>', normal_keypad },
    { 'D', screen_linefeed },
    { 'E', next_line },
    { 'H', set_tab },
    { 'M', screen_reverse_linefeed },
    { 'c', screen_reset },
};

void
controls_take(struct screen *screen, char control)
{
    screen->last_rune = 0;
    if (controls[(uint8_t)control & 0x1F] != NULL)
        controls[(uint8_t)control & 0x1F](screen);
}

void
controls_escape(struct screen *screen, char inter, char final)
{
    struct charsets sets = screen->charsets;

    screen->last_rune = 0;
    if (inter == '(' || inter == ')') {
        if (final == '0' || final == 'A' || final == 'B') {
            sets.set[inter == ')'] = final;
            screen_set_charsets(screen, &sets);
        }
        return;
    }
    if (inter == '#' && final == '8')
        fill_with_e(screen);
    if (inter != 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(escapes); i++)
        if (escapes[i].final == final)
            escapes[i].call(screen);
}
