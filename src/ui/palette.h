/*
 * palette.h - colours as cells have them, as the terminal can show them.
 *
 * A terminal has few pairs of colours, 63 or 65535. Changing one that is in use
 * changes what stands on the screen, so none is: when they run out, the screen
 * is told to start anew, with only those that it needs now.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_PALETTE_H
#define UI_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct palette;

/* After newterm(). mono: no colours, whatever the terminal can. */
struct palette *palette_new(bool mono) MUST_CHECK;
void palette_free(struct palette *palette);

bool palette_has_color(const struct palette *palette) NONNULL(1);

/* How to draw in two colours of term_cell. */
struct paint {
    int pair;
    bool bold; /* the colour's brightness is bold here */
};

/* False: no pair is left; paint is then one without colours. */
bool palette_paint(struct palette *palette, uint32_t fg, uint32_t bg,
                   struct paint *paint) MUST_CHECK NONNULL(1, 4);

/* No pair is in use from now on. */
void palette_clear(struct palette *palette) NONNULL(1);

/* The nearest to 0xRRGGBB of the first 8, 16 or 256 colours of xterm. */
int palette_nearest(uint32_t rgb, int colors);

#endif
