/*
 * sgr.c - select graphic rendition: what the pen is from now on.
 *
 * A colour is said in three ways: "38;5;n" and "38;2;r;g;b" with semicolons,
 * where the numbers look like parameters of their own; the same with colons;
 * and ITU T.416's "38:2:SPACE:r:g:b", whose colour space is mostly left empty.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/sgr.h"

#include "term/term.h"

/* What a parameter does to attributes. What is not here we do not show. */
static const struct {
    uint16_t set, clear;
} attributes[] = {
    [0] = { .clear = UINT16_MAX },
    [1] = { .set = TERM_BOLD },
    [3] = { .set = TERM_ITALIC },
    [4] = { .set = TERM_UNDERLINE },
    [5] = { .set = TERM_BLINK },
    [6] = { .set = TERM_BLINK }, /* a faster one */
    [7] = { .set = TERM_REVERSE },
    [9] = { .set = TERM_STRIKE },
    [21] = { .set = TERM_UNDERLINE }, /* a double one */
    [22] = { .clear = TERM_BOLD },
    [23] = { .clear = TERM_ITALIC },
    [24] = { .clear = TERM_UNDERLINE },
    [25] = { .clear = TERM_BLINK },
    [27] = { .clear = TERM_REVERSE },
    [29] = { .clear = TERM_STRIKE },
};

/* Parameters that are a colour: from first on, so many of them. */
static const struct {
    uint8_t first, len;
    bool background;
    uint32_t color; /* of the first; the next ones follow */
} colors[] = {
    { 30, 8, false, TERM_COLOR_INDEX },
    { 39, 1, false, 0 },
    { 40, 8, true, TERM_COLOR_INDEX },
    { 49, 1, true, 0 },
    { 90, 8, false, TERM_COLOR_INDEX | 8 },
    { 100, 8, true, TERM_COLOR_INDEX | 8 },
};

static void
set_color(struct style *pen, bool background, uint32_t color)
{
    if (background)
        pen->bg = color;
    else
        pen->fg = color;
}

static void
apply_plain(struct style *pen, int param)
{
    if (param == 0)
        pen->fg = pen->bg = 0;
    if ((size_t)param < ARRAY_LEN(attributes)) {
        pen->attrs &= (uint16_t)~attributes[param].clear;
        pen->attrs |= attributes[param].set;
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(colors); i++) {
        int nth = param - colors[i].first;

        if (nth >= 0 && nth < colors[i].len)
            set_color(pen, colors[i].background,
                      colors[i].color + (uint32_t)nth);
    }
}

static bool
is_byte(int param)
{
    return param >= 0 && param <= 255;
}

/* 38 or 48 with its mode and numbers; 58, an underline's colour, is nothing. */
static void
apply_color(struct style *pen, int target, int mode, const int *numbers)
{
    if (target == 58 || !is_byte(numbers[0]))
        return;
    if (mode == 5)
        set_color(pen, target == 48, TERM_COLOR_INDEX | (uint32_t)numbers[0]);
    else if (is_byte(numbers[1]) && is_byte(numbers[2]))
        set_color(pen, target == 48,
                  TERM_COLOR_RGB | (uint32_t)numbers[0] << 16 |
                      (uint32_t)numbers[1] << 8 | (uint32_t)numbers[2]);
}

/* How many numbers follow the mode of a colour; 0: it is no mode. */
static int
mode_numbers(int mode)
{
    return mode == 5 ? 1 : mode == 2 ? 3 : 0;
}

/* "38;5;n" at params[i]; returns how many parameters it took. */
static int
apply_color_semicolons(struct style *pen, const struct csi *csi, int i)
{
    int numbers[3], mode = csi_param(csi, i + 1, 0);
    int wanted = mode_numbers(mode);

    if (wanted == 0 || i + 2 + wanted > csi->len)
        return csi->len - i; /* cut: nothing behind it can be trusted */
    for (int k = 0; k < wanted; k++)
        numbers[k] = csi_param(csi, i + 2 + k, 0);
    apply_color(pen, csi->params[i], mode, numbers);
    return 2 + wanted;
}

/* "38:5:n": len parameters joined by colons. */
static void
apply_color_colons(struct style *pen, const int *params, int len)
{
    int numbers[3], mode = params[1];
    int wanted = mode_numbers(mode), at = 2;

    if (mode == 2 && len >= 6)
        at = 3; /* behind the colour space */
    if (wanted == 0 || at + wanted > len)
        return;
    for (int k = 0; k < wanted; k++)
        numbers[k] = MAX(params[at + k], 0);
    apply_color(pen, params[0], mode, numbers);
}

static bool
is_color(int param)
{
    return param == 38 || param == 48 || param == 58;
}

/* How many parameters from i on are joined by colons. */
static int
joined(const struct csi *csi, int i)
{
    int len = 1;

    for (; i < csi->len - 1 && csi->colons & 1u << i; i++)
        len++;
    return len;
}

void
sgr_apply(struct style *pen, const struct csi *csi)
{
    if (csi->len == 0)
        apply_plain(pen, 0);
    for (int i = 0; i < csi->len;) {
        int len = joined(csi, i), param = MAX(csi->params[i], 0);

        if (len == 1 && is_color(param)) {
            i += apply_color_semicolons(pen, csi, i);
            continue;
        }
        if (is_color(param))
            apply_color_colons(pen, &csi->params[i], len);
        else if (len == 2 && param == 4) /* "4:0" to "4:5": its shape */
            apply_plain(pen, csi->params[i + 1] == 0 ? 24 : 4);
        else if (len == 1)
            apply_plain(pen, param);
        i += len;
    }
}
