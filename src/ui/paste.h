/*
 * paste.h - what a paste into a pane asks first, and what the pane is sent.
 *
 * Behind a pane is mostly a root shell: a line end runs what stands before it,
 * a tab completes it. So whatever is more than plain text of one line is shown
 * and confirmed first, and nothing in a paste can end its bracket.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_PASTE_H
#define UI_PASTE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/macros.h"
#include "ui/input.h"

/* One line of text with no control byte: nobody needs to be asked. */
bool paste_is_plain(const struct input_event *event) NONNULL(1);

/* The question for all others, with what it begins with; yours. */
char *paste_question(const struct input_event *event,
                     const char *console) MUST_CHECK NONNULL(1, 2);

/* Append what a program gets that wants pastes bracketed, or not. */
void paste_encode(const char *text, bool bracketed, struct buf *out)
    NONNULL(1, 3);

#endif
