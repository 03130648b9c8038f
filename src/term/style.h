/* style.h - how a cell looks: colours and attributes as in struct term_cell. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_STYLE_H
#define TERM_STYLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct style {
    uint32_t fg, bg;
    uint16_t attrs;
};

bool style_same(const struct style *a, const struct style *b) NONNULL(1, 2);

/* Without RGB colours a style packs into 32 bits; 0 is the plain one. */
bool style_packs(const struct style *style) NONNULL(1);
uint32_t style_pack(const struct style *style) NONNULL(1);
struct style style_unpack(uint32_t packed);

#endif
