/* style.c - how a cell looks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/style.h"

#include "term/term.h"

/* 9 bits each for fore- and background (0: the default, else the palette's
 * index + 1), then the attributes. */
enum { COLOR_BITS = 9, COLOR_MASK = (1 << COLOR_BITS) - 1 };

bool
style_same(const struct style *a, const struct style *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

static bool
color_packs(uint32_t color)
{
    return color == 0 || color >> 24 == TERM_COLOR_INDEX >> 24;
}

static uint32_t
pack_color(uint32_t color)
{
    return color == 0 ? 0 : (color & 0xFF) + 1;
}

static uint32_t
unpack_color(uint32_t packed)
{
    return packed == 0 ? 0 : TERM_COLOR_INDEX | (packed - 1);
}

bool
style_packs(const struct style *style)
{
    return color_packs(style->fg) && color_packs(style->bg);
}

uint32_t
style_pack(const struct style *style)
{
    return pack_color(style->fg) | pack_color(style->bg) << COLOR_BITS |
           (uint32_t)style->attrs << 2 * COLOR_BITS;
}

struct style
style_unpack(uint32_t packed)
{
    return (struct style){
        .fg = unpack_color(packed & COLOR_MASK),
        .bg = unpack_color(packed >> COLOR_BITS & COLOR_MASK),
        .attrs = (uint16_t)(packed >> 2 * COLOR_BITS),
    };
}
