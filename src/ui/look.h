/*
 * look.h - how each kind of thing looks: one table of colours and attributes.
 *
 * The terminal's own foreground and background and its eight plain colours,
 * so that light and dark terminals both work; never colour alone.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_LOOK_H
#define UI_LOOK_H

#include "base/macros.h"
#include "judge/verdict.h"
#include "ui/screen.h"

enum look_id {
    LOOK_TEXT,
    LOOK_DIM,
    LOOK_STRONG,
    LOOK_FRAME,
    LOOK_FRAME_FOCUS, /* of what has the keyboard */
    LOOK_TITLE,
    LOOK_PASS,
    LOOK_FAIL,
    LOOK_ERROR,
    LOOK_SKIP,
    LOOK_RUNNING,
    LOOK_UNDECIDED,
    LOOK_COMMAND, /* what is typed */
    LOOK_KEY,     /* a key that works now */
    LOOK_NEWS,
    LOOK_OWNER, /* who has the keyboard */
    LOOK_MESSAGE,
    LOOK_MATCH, /* found text */
    LOOKS
};

const struct look *look(enum look_id id);
enum look_id look_of_verdict(enum verdict verdict);

#endif
