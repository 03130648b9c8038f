/*
 * fact.h - the names of all facts there are: one table.
 *
 * A fact is a named value with a time, published by a reader from what a
 * console printed, or by the console itself. Its full name starts with the
 * console's: "host-monitor.migration.status". Cases name facts in conditions;
 * the table lets lint refuse a name that nobody publishes, and is what the man
 * page lists.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_FACT_H
#define PLAN_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

struct fact_name {
    const char *reader; /* who publishes it; "console" for every console */
    const char *name;   /* '#' stands for a number: "port.#.rx_packets" */
    const char *unit;   /* "ms", "packets", "word"... */
    const char *help;
};

extern const struct fact_name fact_names[];
extern const size_t fact_names_len;

/* One row a reader. */
struct reader_name {
    const char *name;
    const char *help;
};
extern const struct reader_name reader_names[];
extern const size_t reader_names_len;

/* The row of a reader of this name, or NULL. */
const struct reader_name *reader_name_find(const char *name) NONNULL(1);

/* The row that this fact of this reader is, or NULL. */
const struct fact_name *fact_name_find(const char *reader, const char *fact)
    NONNULL(1, 2);

#endif
