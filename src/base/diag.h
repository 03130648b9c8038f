/*
 * diag.h - what is wrong in files that people write, with the place.
 *
 * A reader of a file does not stop at the first mistake: it adds a diagnostic
 * for each and goes on, so that one look shows them all. Printed as
 *
 *     labs/a.yaml:3:7: unknown key "hots"; did you mean "host"?
 *       hots: 10.77.0.2
 *       ^
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macros.h"

/* Where something stands in a file; line and column count from 1. */
struct place {
    const char *file; /* borrowed from whoever owns the file's name */
    unsigned line;    /* 0: the file as a whole */
    unsigned column;
};

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
    enum diag_level level;
    char *file;
    unsigned line, column;
    char *text; /* what is wrong, and what would be right */
};

/* Zeroed is empty. At most DIAGS_MAX are kept; the others only counted. */
#define DIAGS_MAX 100
struct diags {
    struct diag *items;
    size_t len, cap;
    size_t errors, warnings; /* all that were added */
};

void diags_error(struct diags *diags, const struct place *at, const char *fmt,
                 ...) PRINTF(3, 4) NONNULL(1, 2, 3);
void diags_warning(struct diags *diags, const struct place *at, const char *fmt,
                   ...) PRINTF(3, 4) NONNULL(1, 2, 3);

/*
 * Print all, by file and line, each with its line of the file and a caret
 * where the file can still be read.
 */
void diags_print(const struct diags *diags, FILE *out) NONNULL(1, 2);

void diags_fini(struct diags *diags) NONNULL(1);

#endif
