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

/*
 * libvterm's line drawing has U+2A7D and U+2A7E, which hardly any font has;
 * everybody else shows the common ones for y and z.
 */
static uint32_t
glyph_of(const struct vt *vt, uint32_t rune)
{
    if (rune == 0x2A7D && vt->asked == 'y')
        return 0x2264;
    if (rune == 0x2A7E && vt->asked == 'z')
        return 0x2265;
    return rune;
}

static int
on_putglyph(VTermGlyphInfo *info, VTermPos pos, void *user)
{
    struct vt *vt = user;

    row_put(grid_row(vt->grid, pos.row), pos.col, glyph_of(vt, info->chars[0]),
            info->width, &vt->pen);
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

static const VTermStateCallbacks callbacks = {
    .putglyph = on_putglyph,
    .scrollrect = on_scrollrect,
    .erase = on_erase,
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

    vt->asked = rune;
    place_cursor(vt, cursor);
    vterm_input_write(vt->lib, bytes, utf8_encode(rune, (uint8_t *)bytes));
}
