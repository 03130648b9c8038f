/*
 * verdict.h - what a check, a leg, a step or a run comes to.
 *
 * fail: the system under test is wrong. error: the lab or the console is.
 * Never one for the other. undecided: it could not be seen either way.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include <stdbool.h>

#include "base/macros.h"

enum verdict {
    VERDICT_PENDING, /* not known yet */
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_ERROR,
    VERDICT_SKIP,
    VERDICT_UNDECIDED,
    VERDICTS
};

/* "pass", as journals and results write it. */
const char *verdict_name(enum verdict verdict);

/* The verdict of that name; VERDICT_PENDING when there is none. */
enum verdict verdict_of_name(const char *name) NONNULL(1);

/* The glyph that stands before the word; one column wide. */
const char *verdict_glyph(enum verdict verdict, bool ascii);

/*
 * The verdict of a whole, of which one more part is known: error before fail
 * before undecided before pass before skip.
 */
enum verdict verdict_join(enum verdict whole, enum verdict part);

#endif
