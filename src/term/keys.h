/*
 * keys.h - key names as people write them, and the bytes that stand for them.
 *
 * One table, read both ways: "C-a", "Enter", "Up", "F5", "M-x", "~". The bytes
 * are xterm's; some depend on the terminal's modes.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_KEYS_H
#define TERM_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"
#include "term/term.h"

/*
 * Append the bytes of one key, or of several with blanks between ("C-a d").
 * A single printable character stands for itself. ERR_SYNTAX names the word
 * that is no key.
 */
bool keys_encode(const char *names, const struct term_modes *modes,
                 struct buf *out, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 4);

/* As xterm's parameter has them, less its 1. */
enum { KEYS_SHIFT = 1, KEYS_ALT = 2, KEYS_CONTROL = 4, KEYS_META = 8 };

#define KEYS_NAME_SIZE 24

/*
 * The other way: the name of what a terminal sends. False when no key is that.
 * Every name given is one that keys_encode() takes.
 */
bool keys_name_rune(uint32_t rune, unsigned modifiers,
                    char name[KEYS_NAME_SIZE]) MUST_CHECK NONNULL(3);

/* ESC, intro ('[' or 'O'), numbers with ';' between, and the final byte. */
struct key_sequence {
    char intro, final;
    unsigned number;    /* the first; 0: none */
    unsigned modifiers; /* KEYS_SHIFT ... */
};
bool keys_name_sequence(const struct key_sequence *sequence,
                        char name[KEYS_NAME_SIZE]) MUST_CHECK NONNULL(1, 2);

#endif
