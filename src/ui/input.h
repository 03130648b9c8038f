/*
 * input.h - bytes of the outer terminal as keys, pastes and mouse events.
 *
 * Keys have the names of term/keys.h ("C-a", "Up", "M-x", "F5", "é"), so that
 * one word serves a keymap, the help, and what a pane is sent. A paste comes
 * whole, whatever its chunks. Malformed bytes are dropped, never mistaken for
 * a key, and cost nothing that comes behind them.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

enum input_kind { INPUT_KEY, INPUT_PASTE, INPUT_MOUSE };
enum input_button {
    BUTTON_LEFT,
    BUTTON_MIDDLE,
    BUTTON_RIGHT,
    BUTTON_WHEEL_UP,
    BUTTON_WHEEL_DOWN,
};

#define INPUT_NAME_MAX  24
#define INPUT_PASTE_MAX (1u << 20) /* bytes; what is more is cut */

struct input_event {
    enum input_kind kind;
    char name[INPUT_NAME_MAX]; /* INPUT_KEY */
    /*
     * INPUT_PASTE: valid UTF-8, 0-ended, borrowed. Line ends as the terminal
     * sends them, CR mostly; other controls but tab, and what is invalid: '?'.
     */
    const char *text;
    size_t len;
    bool cut;     /* INPUT_PASTE: there was more */
    bool cleaned; /* INPUT_PASTE: some of it became '?' */
    /* INPUT_MOUSE, from 0 */
    enum input_button button;
    bool released, dragged;
    uint16_t col, row;
};

struct input;

/* event() may not free the input. */
struct input *input_new(void (*event)(void *ctx,
                                      const struct input_event *event),
                        void *ctx) MUST_CHECK NONNULL(1);
void input_free(struct input *input);

void input_bytes(struct input *input, uint64_t at_us, const uint8_t *bytes,
                 size_t len) NONNULL(1, 3);

/* Nothing came until at_us: a lone Esc is a key after INPUT_ESC_US. */
#define INPUT_ESC_US 25000
void input_quiet(struct input *input, uint64_t at_us) NONNULL(1);
/* When input_quiet() would change something; 0: never. */
uint64_t input_due_us(const struct input *input) NONNULL(1);

#endif
