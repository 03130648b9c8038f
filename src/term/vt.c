/*
 * vt.c - libvterm's state layer, painting on our grid.
 *
 * Everything that reaches vterm_input_write() is written here, from what the
 * filter let through, in pieces far smaller than the 1200 bytes that 0.1.4's
 * arrays on the stack bear: no byte of a peer gets to libvterm as it is.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/vt.h"

#include <stdarg.h>
#include <stdio.h>
#include <vterm.h>

#include "base/utf8.h"
#include "base/xalloc.h"

static int
on_putglyph(VTermGlyphInfo *info, VTermPos pos, void *user)
{
    struct vt *vt = user;

    row_put(grid_row(vt->grid, pos.row), pos.col, info->chars[0], info->width,
            &vt->pen);
    return 1;
}

static int
on_scrollrect(VTermRect rect, int downward, int rightward, void *user)
{
    struct vt *vt = user;

    /* Rows are scrolled without libvterm: only ICH and DCH get here. */
    for (int y = rect.start_row; y < rect.end_row; y++) {
        struct row *row = grid_row(vt->grid, y);

        if (rightward > 0)
            row_delete(row, rect.start_col, rightward, vt->pen.bg);
        else
            row_insert(row, rect.start_col, -rightward, vt->pen.bg);
    }
    return 1;
}

static int
on_erase(VTermRect rect, int selective, void *user)
{
    struct vt *vt = user;

    for (int y = rect.start_row; y < rect.end_row; y++)
        row_erase(grid_row(vt->grid, y), rect.start_col, rect.end_col,
                  vt->pen.bg);
    return 1;
}

static uint32_t
color(const VTermColor *from)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(from) || VTERM_COLOR_IS_DEFAULT_BG(from))
        return 0;
    if (VTERM_COLOR_IS_INDEXED(from))
        return TERM_COLOR_INDEX | from->indexed.idx;
    return TERM_COLOR_RGB | (uint32_t)from->rgb.red << 16 |
           (uint32_t)from->rgb.green << 8 | from->rgb.blue;
}

/* Attributes that are a bit of ours; libvterm's others have no place here. */
static const uint16_t attr_bits[VTERM_N_ATTRS] = {
    [VTERM_ATTR_BOLD] = TERM_BOLD,
    [VTERM_ATTR_UNDERLINE] = TERM_UNDERLINE,
    [VTERM_ATTR_ITALIC] = TERM_ITALIC,
    [VTERM_ATTR_BLINK] = TERM_BLINK,
    [VTERM_ATTR_REVERSE] = TERM_REVERSE,
    [VTERM_ATTR_STRIKE] = TERM_STRIKE,
};

static int
on_setpenattr(VTermAttr attr, VTermValue *val, void *user)
{
    struct vt *vt = user;
    bool on;

    if (attr == VTERM_ATTR_FOREGROUND) {
        vt->pen.fg = color(&val->color);
        return 1;
    }
    if (attr == VTERM_ATTR_BACKGROUND) {
        vt->pen.bg = color(&val->color);
        return 1;
    }
    /* Underline is a number, which has the same place in the union. */
    on = attr == VTERM_ATTR_UNDERLINE ? val->number != 0 : val->boolean != 0;
    vt->pen.attrs &= (uint16_t)~attr_bits[attr];
    if (on)
        vt->pen.attrs |= attr_bits[attr];
    return 1;
}

static const VTermStateCallbacks callbacks = {
    .putglyph = on_putglyph,
    .scrollrect = on_scrollrect,
    .erase = on_erase,
    .setpenattr = on_setpenattr,
};

static void
on_output(const char *bytes, size_t len, void *user)
{
    struct vt *vt = user;

    if (vt->reply != NULL)
        vt->reply(vt->reply_ctx, bytes, len);
}

void
vt_init(struct vt *vt, struct grid *grid)
{
    VTermState *state;

    vt->grid = grid;
    vt->pen = (struct style){ 0 };
    vt->lib = vterm_new(grid->rows, grid->cols);
    if (vt->lib == NULL)
        xalloc_die();
    vterm_set_utf8(vt->lib, 1);
    vterm_output_set_callback(vt->lib, on_output, vt);
    state = vterm_obtain_state(vt->lib);
    /* The callbacks come after the reset: it would erase our grid. */
    vterm_state_reset(state, 1);
    vterm_state_set_callbacks(state, &callbacks, vt);
}

void
vt_fini(struct vt *vt)
{
    if (vt->lib != NULL)
        vterm_free(vt->lib);
    vt->lib = NULL;
}

static void
write_list(struct vt *vt, const char *fmt, va_list ap)
{
    char bytes[VT_WRITE_MAX];
    int len = vsnprintf(bytes, sizeof bytes, fmt, ap);

    BUG_ON(len < 0 || len >= (int)sizeof bytes);
    vterm_input_write(vt->lib, bytes, (size_t)len);
}

void
vt_write(struct vt *vt, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    write_list(vt, fmt, ap);
    va_end(ap);
}

/* Also when it is there already: this ends libvterm's own pending wrap. */
static void
place_cursor(struct vt *vt, struct spot cursor)
{
    vt_write(vt, "\033[%d;%dH", cursor.row + 1,
             MIN(cursor.col, vt->grid->cols - 1) + 1);
}

struct spot
vt_write_at(struct vt *vt, struct spot cursor, const char *fmt, ...)
{
    VTermPos pos;
    va_list ap;

    place_cursor(vt, cursor);
    va_start(ap, fmt);
    write_list(vt, fmt, ap);
    va_end(ap);
    vterm_state_get_cursorpos(vterm_obtain_state(vt->lib), &pos);
    return (struct spot){ pos.row, pos.col };
}

void
vt_put(struct vt *vt, struct spot cursor, uint32_t rune)
{
    char bytes[UTF8_MAX];

    place_cursor(vt, cursor);
    vterm_input_write(vt->lib, bytes, utf8_encode(rune, (uint8_t *)bytes));
}

/* The SGR parameters of a colour; base is 30 or 40. */
static void
write_color(struct vt *vt, uint32_t from, int base)
{
    if (from >> 24 == TERM_COLOR_INDEX >> 24)
        vt_write(vt, "\033[%d;5;%dm", base + 8, (int)(from & 0xFF));
    else if (from != 0)
        vt_write(vt, "\033[%d;2;%d;%d;%dm", base + 8, (int)(from >> 16 & 0xFF),
                 (int)(from >> 8 & 0xFF), (int)(from & 0xFF));
}

void
vt_set_pen(struct vt *vt, const struct style *style)
{
    static const struct {
        uint16_t bit;
        uint8_t sgr;
    } bits[] = {
        { TERM_BOLD, 1 },  { TERM_ITALIC, 3 },  { TERM_UNDERLINE, 4 },
        { TERM_BLINK, 5 }, { TERM_REVERSE, 7 }, { TERM_STRIKE, 9 },
    };
    struct style wanted = *style; /* it may be our own pen, which changes */

    vt_write(vt, "\033[m");
    for (size_t i = 0; i < ARRAY_LEN(bits); i++)
        if (wanted.attrs & bits[i].bit)
            vt_write(vt, "\033[%dm", bits[i].sgr);
    write_color(vt, wanted.fg, 30);
    write_color(vt, wanted.bg, 40);
}
