/*
 * symptoms.h - which of the known failures fit what was seen, best first.
 *
 * Fed with lines as they come, asked when something failed. It has no clock
 * and no link: the same lines and facts give the same list, live and from a
 * recording. It changes no verdict.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_SYMPTOMS_H
#define JUDGE_SYMPTOMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/line.h"

struct facts;
struct symptom;
struct symptom_set;
struct symptoms;

#define SYMPTOM_NO_TIME UINT64_MAX

/* One sign that is there. */
struct symptom_evidence {
    char *console;  /* or the log, by its probe's name */
    char *text;     /* the line, or what the fact is */
    uint64_t row;   /* where it stands; FACT_NO_ROW: nowhere */
    uint64_t at_us; /* since when; SYMPTOM_NO_TIME: what did not come */
};

/* A symptom of which all signs are there. */
struct likely {
    const struct symptom *symptom; /* borrowed from the set */
    struct symptom_evidence *evidence;
    size_t len, cap;
};

/* Zeroed is empty. */
struct likelies {
    struct likely *items; /* best first */
    size_t len, cap;
};

/* set is borrowed. */
struct symptoms *symptoms_new(const struct symptom_set *set) MUST_CHECK
    NONNULL(1);
void symptoms_free(struct symptoms *symptoms);

/* A line of a console or of a log that a probe read; only output counts. */
void symptoms_line(struct symptoms *symptoms, const char *console,
                   const struct line_event *line) NONNULL(1, 2, 3);

/* What fits now; likelies_fini() frees what is in out. */
void symptoms_rank(const struct symptoms *symptoms, const struct facts *facts,
                   struct likelies *out) NONNULL(1, 2, 3);
void likelies_fini(struct likelies *likelies) NONNULL(1);

#endif
