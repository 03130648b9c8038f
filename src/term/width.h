/*
 * width.h - how many columns a character takes: what libvterm thinks.
 *
 * The library keeps its table to itself, so each character is tried once, on
 * a small terminal of our own, and remembered.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_WIDTH_H
#define TERM_WIDTH_H

#include <stdint.h>

#include "base/macros.h"

struct widths;

struct widths *widths_new(void) MUST_CHECK;
void widths_free(struct widths *widths);

/* 0 (it combines with the one before), 1 or 2; rune is printable. */
int width_of(struct widths *widths, uint32_t rune) NONNULL(1);

#endif
