/* sequences.h - what control sequences (CSI) do to the screen: one table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_SEQUENCES_H
#define TERM_SEQUENCES_H

#include "base/macros.h"
#include "term/filter.h"
#include "term/screen.h"

/* What is not in the table does nothing: libvterm sees only what we know. */
void sequences_take(struct screen *screen, const struct csi *csi) NONNULL(1, 2);

#endif
