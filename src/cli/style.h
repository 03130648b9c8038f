/* style.h - what the terminal behind a stream can show. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/macros.h"

struct headless;

/* The locale's character set is UTF-8; setlocale() was called. */
bool style_unicode(void);

/* A terminal, with colour, whose user did not forbid it (NO_COLOR). */
bool style_color(FILE *out) NONNULL(1);

/* The width of a terminal, as COLUMNS says or it does; 0: none, or unknown. */
int style_cols(FILE *out) NONNULL(1);

/* Text about the run at path, on stdout, in its terminal's style; yours. */
struct headless *style_headless(const char *path) MUST_CHECK NONNULL(1);

#endif
