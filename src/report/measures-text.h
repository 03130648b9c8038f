/* measures-text.h - what a migration measured, as lines of text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_MEASURES_TEXT_H
#define REPORT_MEASURES_TEXT_H

#include <stdio.h>

#include "base/macros.h"

struct record;

/* The measures and the series of a verdict record, where it has them. */
void measures_print(FILE *out, const struct record *verdict) NONNULL(1, 2);

#endif
