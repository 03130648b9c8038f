/*
 * sgr.c - select graphic rendition.
 *
 * A colour is said in three ways: "38;5;n" and "38;2;r;g;b" with semicolons,
 * where the numbers look like parameters of their own; the same with colons;
 * and ITU T.416's "38:2:SPACE:r:g:b", whose colour space is mostly left empty.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/sgr.h"

/* Parameters that stand alone, and what libvterm is told. Others are dropped.
 */
static const struct {
    uint8_t first, last; /* this range of parameters */
    uint8_t sent;        /* 0: as they are */
} plain[] = {
    { .first = 0, .last = 1 },
    { .first = 3, .last = 5 },
    { .first = 6, .last = 6, .sent = 5 }, /* fast blink is blink */
    { .first = 7, .last = 7 },
    { .first = 9, .last = 9 },
    { .first = 21, .last = 21, .sent = 4 }, /* double underline is underline */
    { .first = 22, .last = 25 },
    { .first = 27, .last = 27 },
    { .first = 29, .last = 37 },
    { .first = 39, .last = 47 },
    { .first = 49, .last = 49 },
    { .first = 90, .last = 97 },
    { .first = 100, .last = 107 },
};

static void
apply_plain(struct vt *vt, int param)
{
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (param >= plain[i].first && param <= plain[i].last)
            vt_write(vt, "\033[%dm", plain[i].sent ? plain[i].sent : param);
}

/* Parameters first to last, joined by colons; -1 is one left empty. */
struct group {
    const int *params;
    int len;
};

static struct group
next_group(const struct csi *csi, int i)
{
    struct group group = { &csi->params[i], 1 };

    while (i < csi->len - 1 && csi->colons & 1u << i) {
        group.len++;
        i++;
    }
    return group;
}

static bool
is_byte(int param)
{
    return param >= 0 && param <= 255;
}

/* 38 or 48 with its mode and numbers; 58, an underline's colour, is nothing. */
static void
apply_color(struct vt *vt, int target, int mode, const int *numbers)
{
    if (target == 58)
        return;
    if (mode == 5 && is_byte(numbers[0]))
        vt_write(vt, "\033[%d;5;%dm", target, numbers[0]);
    if (mode == 2 && is_byte(numbers[0]) && is_byte(numbers[1]) &&
        is_byte(numbers[2]))
        vt_write(vt, "\033[%d;2;%d;%d;%dm", target, numbers[0], numbers[1],
                 numbers[2]);
}

/* How many numbers follow the mode of a colour. */
static int
mode_numbers(int mode)
{
    return mode == 5 ? 1 : mode == 2 ? 3 : 0;
}

/* "38;5;n" at params[i]; returns how many parameters it took. */
static int
apply_color_semicolons(struct vt *vt, const struct csi *csi, int i)
{
    int numbers[3], mode = csi_param(csi, i + 1, 0);
    int wanted = mode_numbers(mode);

    if (wanted == 0 || i + 2 + wanted > csi->len)
        return csi->len - i; /* cut: nothing behind it can be trusted */
    for (int k = 0; k < wanted; k++)
        numbers[k] = csi_param(csi, i + 2 + k, 0);
    apply_color(vt, csi->params[i], mode, numbers);
    return 2 + wanted;
}

static void
apply_color_colons(struct vt *vt, const struct group *group)
{
    int numbers[3], mode = group->params[1];
    int wanted = mode_numbers(mode), at = 2;

    if (mode == 2 && group->len >= 6)
        at = 3; /* behind the colour space */
    if (wanted == 0 || at + wanted > group->len)
        return;
    for (int k = 0; k < wanted; k++)
        numbers[k] = MAX(group->params[at + k], 0);
    apply_color(vt, group->params[0], mode, numbers);
}

static bool
is_color(int param)
{
    return param == 38 || param == 48 || param == 58;
}

void
sgr_apply(struct vt *vt, const struct csi *csi)
{
    if (csi->len == 0)
        apply_plain(vt, 0);
    for (int i = 0; i < csi->len;) {
        struct group group = next_group(csi, i);
        int param = MAX(csi->params[i], 0);

        if (group.len == 1 && is_color(param)) {
            i += apply_color_semicolons(vt, csi, i);
            continue;
        }
        if (is_color(param))
            apply_color_colons(vt, &group);
        else if (group.len == 2 && param == 4) /* "4:0" to "4:5": its shape */
            apply_plain(vt, group.params[1] == 0 ? 24 : 4);
        else if (group.len == 1)
            apply_plain(vt, param);
        i += group.len;
    }
}
