/* verdict.c - the verdicts' words, signs and order. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/verdict.h"

#include <string.h>

static const struct {
    const char *name, *glyph, *ascii;
    int weight; /* which one wins in a whole */
} rows[VERDICTS] = {
    [VERDICT_PENDING] = { "pending", "·", ".", 0 },
    [VERDICT_PASS] = { "pass", "✔", "+", 2 },
    [VERDICT_FAIL] = { "fail", "✘", "x", 4 },
    [VERDICT_ERROR] = { "error", "▲", "!", 5 },
    [VERDICT_SKIP] = { "skip", "○", "-", 1 },
    [VERDICT_UNDECIDED] = { "undecided", "?", "?", 3 },
};

const char *
verdict_name(enum verdict verdict)
{
    return rows[verdict].name;
}

enum verdict
verdict_of_name(const char *name)
{
    for (int i = 0; i < VERDICTS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return (enum verdict)i;
    return VERDICT_PENDING;
}

const char *
verdict_glyph(enum verdict verdict, bool ascii)
{
    return ascii ? rows[verdict].ascii : rows[verdict].glyph;
}

enum verdict
verdict_join(enum verdict whole, enum verdict part)
{
    return rows[part].weight > rows[whole].weight ? part : whole;
}
