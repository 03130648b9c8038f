/*
 * output.h - the output of a probe, line by line, fit to be shown.
 *
 * A probe's bytes come from no terminal: nothing has dropped the escape
 * sequences of a log that it prints. They are made plain once, here, before
 * anybody judges or quotes them, so that the live run and a recording of it
 * see the same text.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_OUTPUT_H
#define JUDGE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/line.h"

/*
 * Give line() each line of bytes, as output at at_us that stands on no row. An
 * empty output is one empty line: it was read.
 */
void output_lines(const char *bytes, size_t len, uint64_t at_us,
                  void (*line)(void *ctx, const struct line_event *event),
                  void *ctx) NONNULL(1, 4);

/*
 * The text of bytes as one line: a tab is a blank, any other control character
 * '?', what is no UTF-8 U+FFFD. Yours.
 */
char *output_plain(const char *bytes, size_t len) MUST_CHECK NONNULL(1);

#endif
