/* soak-priv.h - what a soak has heard; private to soak-*.c. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef REPORT_SOAK_PRIV_H
#define REPORT_SOAK_PRIV_H

#include <stddef.h>

#include "judge/verdict.h"
#include "report/soak.h"
#include "report/spread.h"

/* What is told of each run, of those its verdict record has. */
enum soak_measure {
    SOAK_TOTAL,
    SOAK_DOWNTIME,
    SOAK_LOST,
    SOAK_GAP, /* at most this */
    SOAK_MEASURES
};

/* Their keys in journal and JSON, and their heads in tables. */
extern const struct soak_measure_name {
    const char *key, *head;
} soak_measures[SOAK_MEASURES];

struct soak_run {
    const char *name; /* of its case; the spec's */
    char *path;
    enum verdict verdict;
    char *reason;
    double seconds; /* until the verdict */
    double whole_s; /* until the end, with teardown */
    bool over;      /* its journal has an end */
    bool interrupted;
    char *stranger;                 /* see soak_stranger() */
    double measures[SOAK_MEASURES]; /* < 0: not known */
};

struct soak {
    struct soak_spec spec;
    struct soak_run *runs;
    size_t len, cap;
    char *stopped; /* why, or NULL */
};

/* What the runs of a case came to. */
struct soak_sum {
    size_t runs; /* that count */
    size_t passed, failed, errors, skipped;
    struct spread measures[SOAK_MEASURES];
};

/* Of one case, or of all: name NULL. */
void soak_add_up(const struct soak *soak, const char *name,
                 struct soak_sum *sum) NONNULL(1, 3);

/* Of those that were not skipped; < 0: there are none. */
double soak_rate(const struct soak_sum *sum) NONNULL(1);

/*
 * Whether it says anything about lab or case: one that a human cut short does
 * not, unless its verdict was there before.
 */
bool soak_counts(const struct soak_run *run) NONNULL(1);

/* The last run, as a line; soak-text.c's. */
void soak_print_run(const struct soak *soak) NONNULL(1);

#endif
