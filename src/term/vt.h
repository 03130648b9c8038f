/*
 * vt.h - libvterm's state layer, painting on our grid.
 *
 * libvterm knows what sequences do to cells (erase, insert, delete), tabs,
 * graphic sets and reports. Where the cursor is, when a line wraps, what
 * scrolls and what the pen is, is decided above (screen.h, sgr.h), and libvterm
 * is told the cursor before it needs it: its own ideas of these depend on how
 * the bytes were cut into reads, forget a pending wrap at a linefeed, run
 * through margins and misread colours (0.1.4). Works with 0.1.4 and 0.3.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_VT_H
#define TERM_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/grid.h"
#include "term/row.h"

struct VTerm;

struct vt {
    struct VTerm *lib; /* one a size: vterm_set_size() is not safe */
    struct grid *grid; /* painted on; borrowed */
    struct style pen;  /* what text is printed with */
    uint32_t asked;    /* by vt_put() */
    void (*reply)(void *ctx, const char *bytes, size_t len); /* NULL: none */
    void *reply_ctx;
};

/* For a grid of this size, everything as after a reset but the pen. */
void vt_init(struct vt *vt, struct grid *grid) NONNULL(1, 2);
void vt_fini(struct vt *vt) NONNULL(1);

/* Take a sequence of ours; printf-like, at most VT_WRITE_MAX bytes. */
#define VT_WRITE_MAX 128
void vt_write(struct vt *vt, const char *fmt, ...) PRINTF(2, 3) NONNULL(1, 2);

/* Take a sequence that starts where the cursor is; tells where it is after. */
struct spot vt_write_at(struct vt *vt, struct spot cursor, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 3);

/* Print one character that fits into the row, in the present charset. */
void vt_put(struct vt *vt, struct spot cursor, uint32_t rune) NONNULL(1);

#endif
