/*
 * headless.h - a run as lines of text, as it happens.
 *
 * A listener of the journal and nothing else: what it prints can be printed
 * again from the journal alone.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_HEADLESS_H
#define REPORT_HEADLESS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/macros.h"

struct headless;
struct record;

struct headless_spec {
    FILE *out;
    bool ascii;       /* no glyphs beyond ASCII */
    bool color;       /* SGR for the verdicts */
    int cols;         /* legs are wrapped to it; 0: they are not */
    const char *path; /* of the run's directory */
};

struct headless *headless_new(const struct headless_spec *spec) MUST_CHECK
    NONNULL(1);
void headless_free(struct headless *headless);

/* One record of the journal; ctx is a struct headless. */
void headless_hear(void *ctx, const struct record *record) NONNULL(1, 2);

/* The part of a verdict record below its headline: legs and measures. */
void headless_print_verdict(const struct headless *headless,
                            const struct record *record) NONNULL(1, 2);

/* A symptoms record: the likely causes, as below a failed step. */
void headless_print_symptoms(const struct headless *headless,
                             const struct record *record) NONNULL(1, 2);

#endif
