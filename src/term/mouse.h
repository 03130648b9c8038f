/* mouse.h - what a program that wants the mouse is sent. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_MOUSE_H
#define TERM_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "term/term.h"

/* As xterm numbers them. */
enum mouse_button {
    MOUSE_LEFT = 0,
    MOUSE_MIDDLE = 1,
    MOUSE_RIGHT = 2,
    MOUSE_WHEEL_UP = 64,
    MOUSE_WHEEL_DOWN = 65,
};

struct mouse_event {
    enum mouse_button button;
    bool released, dragged;
    uint16_t col, row; /* of the terminal's screen, from 0 */
};

/*
 * Append the event's bytes; nothing when the modes do not ask for it, or
 * cannot say it: without SGR coding a column has one byte.
 */
void mouse_encode(const struct mouse_event *event,
                  const struct term_modes *modes, struct buf *out)
    NONNULL(1, 2, 3);

#endif
