/*
 * symptom.h - known failures: what is seen, and what it comes from.
 *
 * cases/symptoms.yaml lists them, and a user's own file of the same name adds
 * to it. Each has signs, which must all be there: lines of consoles and logs,
 * commands that were typed, facts. Judge's symptoms.h says which fit a run.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_SYMPTOM_H
#define PLAN_SYMPTOM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"
#include "conf/conf.h"
#include "plan/condition.h"

struct panes;
struct pattern;

/* When a sign is to be there, seen from the migration. */
enum symptom_phase {
    SYMPTOM_ANY,
    SYMPTOM_BEFORE, /* until migrate was typed */
    SYMPTOM_DURING, /* until its end was seen */
    SYMPTOM_AFTER,
};

/* How much it says when all signs are there. */
enum symptom_weight {
    SYMPTOM_PROOF,  /* a program names the cause itself */
    SYMPTOM_STRONG, /* several observations leave hardly another one */
    SYMPTOM_WEAK,   /* it would look like this */
    SYMPTOM_WEIGHTS
};

enum symptom_whose {
    SYMPTOM_OF_SYSTEM, /* QEMU, DPDK, the guest: what is tested */
    SYMPTOM_OF_LAB,
    SYMPTOM_OF_CASE, /* the case, or how it is put on the lab */
};

enum sign_kind {
    SIGN_LINE,
    SIGN_WITHOUT,
    SIGN_TYPED,
    SIGN_FACTS,
    SIGN_UNKNOWN
};

/* One thing that must be so; exactly one of the first five is given. */
struct sign {
    const struct conf_schema *form;
    struct conf_texts line;    /* patterns: one of them came */
    struct conf_texts without; /* patterns: none of them came */
    struct conf_texts typed;   /* patterns: one of them was typed */
    struct conf_pairs facts;   /* conditions, with the facts' full names */
    struct conf_texts unknown; /* facts that nobody published */
    struct conf_texts in;      /* consoles, and logs that a probe reads */
    struct conf_uint phase;    /* enum symptom_phase */
    struct place at;

    enum sign_kind kind;
    struct pattern **patterns; /* of line, without or typed; NULL-ended */
    struct conditions conditions;
};

/* What to look at next, as a human would. */
struct symptom_next {
    struct conf_text pane;
    struct conf_text send;
};

struct symptom {
    struct conf_text name, cause;
    struct conf_uint weight; /* enum symptom_weight */
    struct conf_uint whose;  /* enum symptom_whose */
    struct conf_list signs;  /* struct sign ("when") */
    struct symptom_next next;
    struct conf_text remedy;
    struct place at;
};

/* Those of all files, a user's own first. */
struct symptom_set {
    struct conf_list list; /* struct symptom */
    struct strs files;     /* their names, for the places */
};

/* The words of the file. */
extern const char *const symptom_weights[]; /* "proof", NULL-ended */
extern const char *const symptom_whoses[];  /* "system", NULL-ended */

/* Each item of a symptoms file. */
extern const struct conf_schema symptom_schema;

/*
 * All that there are: the shipped ones, and a user's own, which take the place
 * of a shipped one of the same name. Mistakes are in diags; what could be read
 * is returned all the same. Yours, never NULL.
 */
struct symptom_set *symptom_set_load(struct diags *diags) MUST_CHECK NONNULL(1);
/* The same of one file. */
struct symptom_set *symptom_set_load_file(const char *path,
                                          struct diags *diags) MUST_CHECK
    NONNULL(1, 2);
void symptom_set_free(struct symptom_set *set);

/*
 * Every console and log that the signs name is one of these panes' or read by
 * cases/salvage.yaml, and publishes the facts it is asked for; for lint.
 */
void symptom_set_check(const struct symptom_set *set, const struct panes *panes,
                       struct diags *diags) NONNULL(1, 2, 3);

#endif
