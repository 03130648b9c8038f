/*
 * lineedit.h - one line that somebody types: a command, a reason, a search.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_LINEEDIT_H
#define UI_LINEEDIT_H

#include "base/macros.h"
#include "ui/page.h"

struct lineedit;
struct screen;

enum lineedit_result { LINEEDIT_MORE, LINEEDIT_DONE, LINEEDIT_CANCEL };

/* label stands before it; text is what it begins with. */
struct lineedit *lineedit_new(const char *label, const char *text) MUST_CHECK
    NONNULL(1, 2);
void lineedit_free(struct lineedit *line);

/* A key by its name: Enter, Esc, Left, C-a, C-u ..., or a character. */
enum lineedit_result lineedit_key(struct lineedit *line, const char *name)
    NONNULL(1, 2);
/* Text from a paste, at the cursor; control characters become blanks. */
void lineedit_insert(struct lineedit *line, const char *text) NONNULL(1, 2);
void lineedit_set(struct lineedit *line, const char *text) NONNULL(1, 2);
const char *lineedit_text(const struct lineedit *line) NONNULL(1);
const char *lineedit_label(const struct lineedit *line) NONNULL(1);

/* In one row, with the cursor; what is too long shows around it. */
void lineedit_draw(const struct lineedit *line, struct screen *screen, int row,
                   int col, int cols) NONNULL(1, 2);

#endif
