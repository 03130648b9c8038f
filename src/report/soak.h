/*
 * soak.h - many runs in numbers: how often they passed, how far they spread.
 *
 * A listener of the journals, one after another, and nothing else. What it
 * tells, it tells as a line a run, a summary, and JSON.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_SOAK_H
#define REPORT_SOAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "base/macros.h"

struct record;
struct soak;

struct soak_spec {
    FILE *out;
    bool ascii; /* no glyphs beyond ASCII */
    bool color; /* SGR for the verdicts */
    bool lines; /* a line a run, as it ends */
    const char *lab;
    const char *const *cases; /* names, len of them; they outlive the soak */
    size_t len;
    size_t rounds; /* how many times all of them */
};

struct soak *soak_new(const struct soak_spec *spec) MUST_CHECK NONNULL(1);
void soak_free(struct soak *soak);

/* The run of a case that is heard from now on; path: of its directory. */
void soak_begin(struct soak *soak, const char *name, const char *path)
    NONNULL(1, 2, 3);
/* One record of its journal; ctx is a struct soak. */
void soak_hear(void *ctx, const struct record *record) NONNULL(1, 2);
/* It is over. One whose journal has no end is an error. */
void soak_end(struct soak *soak) NONNULL(1);

/*
 * Another run whose processes were on the lab when the last run began, so that
 * no further run can do anything; borrowed, NULL: none.
 */
const char *soak_stranger(const struct soak *soak) NONNULL(1);

/* It ends before all was run, and why. */
void soak_stop(struct soak *soak, const char *why) NONNULL(1, 2);

void soak_print_summary(const struct soak *soak) NONNULL(1);

/* The summary and each run as JSON; miglab-run(5) tells the keys. */
bool soak_save(const struct soak *soak, const char *path,
               struct err *err) MUST_CHECK NONNULL(1, 2, 3);

#endif
