/* sgr.h - select graphic rendition: what the pen is from now on. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_SGR_H
#define TERM_SGR_H

#include "base/macros.h"
#include "term/filter.h"
#include "term/style.h"

/*
 * Change the pen as the parameters of an SGR say. libvterm never sees one:
 * 0.1.4 takes the numbers of "58;5;n" and of "2" (dim) for others, misreads
 * "38:2::r:g:b", and looks behind the last parameter of a colour that is cut.
 */
void sgr_apply(struct style *pen, const struct csi *csi) NONNULL(1, 2);

#endif
