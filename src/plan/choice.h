/*
 * choice.h - "if: ${traffic} == measured": actions for one value of a variable.
 *
 * The values that a case compares a text with are the values it knows: another
 * one is a mistake, and not a run in which neither action happens.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_CHOICE_H
#define PLAN_CHOICE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/macros.h"
#include "conf/conf.h"

/* All comparisons of a case so far; all zero: none. */
struct choices {
    struct choice *items;
    size_t len, cap;
};

/*
 * Whether the action with these "if" texts is left out: one is empty, or a
 * comparison ("A == B") that does not hold.
 */
bool choice_leaves_out(const struct conf_texts *only_if) NONNULL(1);

/*
 * Note what is compared: written is the text with its variables, resolved the
 * one without. A text that compares nothing is not noted.
 */
void choices_note(struct choices *choices, const struct conf_text *written,
                  const char *resolved) NONNULL(1, 2, 3);

/* Whether each text has one of the values it was compared with; else told. */
bool choices_check(const struct choices *choices, struct diags *diags)
    NONNULL(1, 2);

void choices_fini(struct choices *choices) NONNULL(1);

#endif
