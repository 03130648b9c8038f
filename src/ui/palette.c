/* palette.c - colours as cells have them, as the terminal can show them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/palette.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "term/term.h"

#define LOG_MODULE "palette"

enum {
    PAIRS_MAX = 2047, /* more than a screen shows at once */
    SLOTS = 4096,     /* a power of 2, more than PAIRS_MAX */
    OWN = -1,         /* the terminal's own colour */
    BASIC = 8,
    DIRECT = 1 << 24, /* colours are 0xRRGGBB */
};

struct slot {
    int fg, bg;
    int pair; /* 0: empty */
};

struct palette {
    int colors; /* 0: none */
    int pairs;  /* 1 to this */
    int used;
    bool has_own;
    struct slot slots[SLOTS];
};

struct palette *
palette_new(bool mono)
{
    struct palette *palette = xcalloc(1, sizeof *palette);

    if (mono || !has_colors() || start_color() == ERR)
        return palette;
    palette->has_own = use_default_colors() == OK;
    palette->colors = COLORS;
    palette->pairs = MIN(COLOR_PAIRS - 1, PAIRS_MAX);
    log_debug(LOG_MODULE, "%d colours, %d pairs", COLORS, COLOR_PAIRS);
    return palette;
}

void
palette_free(struct palette *palette)
{
    free(palette);
}

bool
palette_has_color(const struct palette *palette)
{
    return palette->colors >= BASIC;
}

void
palette_clear(struct palette *palette)
{
    palette->used = 0;
    memset(palette->slots, 0, sizeof palette->slots);
}

/* ---- The colours of xterm: 16, a cube of 6, 24 greys ---- */

static const uint32_t first_16[] = {
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD,
    0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00,
    0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
};

static uint32_t
cube_level(uint32_t n)
{
    return n == 0 ? 0 : 55 + 40 * n;
}

static uint32_t
rgb_of(uint32_t index)
{
    uint32_t n = index - 16;

    if (index < ARRAY_LEN(first_16))
        return first_16[index];
    if (index >= 232)
        return (8 + 10 * (index - 232)) * 0x010101u;
    return cube_level(n / 36) << 16 | cube_level(n / 6 % 6) << 8 |
           cube_level(n % 6);
}

static unsigned
distance(uint32_t a, uint32_t b)
{
    unsigned sum = 0;

    for (int shift = 0; shift <= 16; shift += 8) {
        int d = (int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF);

        sum += (unsigned)(d * d);
    }
    return sum;
}

int
palette_nearest(uint32_t rgb, int colors)
{
    /* With 256, the first 16 are left out: people change them. */
    int first = colors >= 256 ? 16 : 0, end = MIN(colors, 256), best = first;

    for (int i = first; i < end; i++)
        if (distance(rgb, rgb_of((uint32_t)i)) <
            distance(rgb, rgb_of((uint32_t)best)))
            best = i;
    return best;
}

/* ---- Pairs ---- */

/* A colour of term_cell as one of the terminal's. */
static int
color_of(const struct palette *palette, uint32_t color)
{
    uint32_t value = color & 0xFFFFFF;
    bool indexed = (color & ~0xFFFFFFu) == TERM_COLOR_INDEX;

    if (color == 0)
        return OWN;
    if (palette->colors >= DIRECT) {
        /* Values below 8 are the basic colours there, not shades of blue. */
        uint32_t rgb = indexed ? rgb_of(value & 0xFF) : value;

        return indexed && value < BASIC ? (int)value
               : rgb < BASIC            ? 0
                                        : (int)rgb;
    }
    if (!indexed)
        return palette_nearest(value, palette->colors);
    if ((int)value < palette->colors)
        return (int)value;
    if (value < 2 * BASIC)
        return (int)value - BASIC;
    return palette_nearest(rgb_of(value & 0xFF), palette->colors);
}

static struct slot *
find_slot(struct palette *palette, int fg, int bg)
{
    uint32_t hash = ((uint32_t)fg * 31 + (uint32_t)bg) * 2654435761u;

    for (uint32_t i = hash >> 20;; i = i + 1) {
        struct slot *slot = &palette->slots[i % SLOTS];

        if (slot->pair == 0 || (slot->fg == fg && slot->bg == bg))
            return slot;
    }
}

bool
palette_paint(struct palette *palette, uint32_t fg, uint32_t bg,
              struct paint *paint)
{
    int front, back;
    struct slot *slot;

    *paint = (struct paint){ 0 };
    if (!palette_has_color(palette) || (fg == 0 && bg == 0))
        return true;
    front = color_of(palette, fg);
    back = color_of(palette, bg);
    if (palette->colors < 2 * BASIC) {
        uint32_t index = fg - TERM_COLOR_INDEX;

        paint->bold = index > BASIC && index < 2 * BASIC;
        /* A grey that became black would not be seen on black. */
        if (front == 0 && index != 0)
            front = OWN;
    }
    if (!palette->has_own) {
        front = front == OWN ? COLOR_WHITE : front;
        back = back == OWN ? COLOR_BLACK : back;
    }
    slot = find_slot(palette, front, back);
    if (slot->pair == 0) {
        if (palette->used == palette->pairs)
            return false;
        *slot = (struct slot){ front, back, ++palette->used };
        init_extended_pair(slot->pair, front, back);
    }
    paint->pair = slot->pair;
    return true;
}
