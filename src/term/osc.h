/* osc.h - what an operating system command (OSC) string says: prompt marks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_OSC_H
#define TERM_OSC_H

#include <stdbool.h>

#include "base/macros.h"
#include "term/term.h"

/*
 * Read "133;A;aid=NONCE-LEVEL" and its sisters. False when it is something
 * else, or a mark that does not carry exactly this nonce: a program may print
 * marks, but it cannot know the nonce. Sets kind, level and status of *mark.
 */
bool osc_mark(const char *text, const char *nonce,
              struct mark_event *mark) MUST_CHECK NONNULL(1, 3);

#endif
