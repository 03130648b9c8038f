/* look.c - how each kind of thing looks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/look.h"

#define INDEX(n) (TERM_COLOR_INDEX | (n))
enum { RED = 1, GREEN, YELLOW, BLUE, MAGENTA, CYAN };

static const struct look looks[LOOKS] = {
    [LOOK_TEXT] = { 0, 0, 0 },
    [LOOK_DIM] = { INDEX(8), 0, 0 },
    [LOOK_STRONG] = { 0, 0, TERM_BOLD },
    [LOOK_FRAME] = { INDEX(8), 0, 0 },
    [LOOK_FRAME_FOCUS] = { INDEX(CYAN), 0, TERM_BOLD },
    [LOOK_TITLE] = { 0, 0, TERM_BOLD },
    [LOOK_PASS] = { INDEX(GREEN), 0, 0 },
    [LOOK_FAIL] = { INDEX(RED), 0, TERM_BOLD },
    [LOOK_ERROR] = { INDEX(YELLOW), 0, TERM_BOLD },
    [LOOK_SKIP] = { INDEX(CYAN), 0, 0 },
    [LOOK_RUNNING] = { INDEX(CYAN), 0, TERM_BOLD },
    [LOOK_UNDECIDED] = { INDEX(YELLOW), 0, 0 },
    [LOOK_COMMAND] = { INDEX(CYAN), 0, 0 },
    [LOOK_KEY] = { 0, 0, TERM_BOLD },
    [LOOK_NEWS] = { INDEX(YELLOW), 0, TERM_BOLD },
    [LOOK_OWNER] = { 0, 0, TERM_REVERSE | TERM_BOLD },
    [LOOK_MESSAGE] = { INDEX(YELLOW), 0, 0 },
    [LOOK_MATCH] = { 0, 0, TERM_REVERSE },
};

const struct look *
look(enum look_id id)
{
    return &looks[id];
}

enum look_id
look_of_verdict(enum verdict verdict)
{
    static const enum look_id ids[VERDICTS] = {
        [VERDICT_PENDING] = LOOK_DIM, [VERDICT_PASS] = LOOK_PASS,
        [VERDICT_FAIL] = LOOK_FAIL,   [VERDICT_ERROR] = LOOK_ERROR,
        [VERDICT_SKIP] = LOOK_SKIP,   [VERDICT_UNDECIDED] = LOOK_UNDECIDED,
    };

    return ids[verdict];
}
