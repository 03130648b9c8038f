/*
 * keys.h - key names as people write them, and the bytes a program expects.
 *
 * One table: "C-a", "Enter", "Up", "F5", "M-x", "~". The bytes are xterm's;
 * some depend on the terminal's modes.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_KEYS_H
#define TERM_KEYS_H

#include <stdbool.h>

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

#endif
