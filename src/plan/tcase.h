/*
 * tcase.h - a case: an ordered list of steps, one file in cases/.
 *
 * An item of its list is a step written there, or the use of a shared one
 * from cases/steps/, which is read into its place.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_TCASE_H
#define PLAN_TCASE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"
#include "conf/conf.h"

struct pattern;

/* When a step is superfluous. */
struct unless {
    struct conf_texts probe;  /* a command whose status 0 says so */
    struct conf_text because; /* what the report says then */
    struct conf_text node;    /* where; the step's unless given */
};

struct step {
    const struct conf_schema *form; /* step or use */
    struct conf_text use;           /* form use: a file of cases/steps/ */
    struct conf_pairs with;         /* form use: variables for it */

    struct conf_text title; /* the key "step" */
    struct conf_text plan;  /* the plan's own number; none: an addition */
    struct conf_text pane;  /* the console of its actions */
    struct conf_text why;
    struct unless unless;
    struct conf_bool at_once;  /* guided mode asks for no key before it */
    struct conf_pairs vars;    /* defaults */
    struct conf_list actions;  /* struct action ("do") */
    struct conf_list undo;     /* struct action */
    struct conf_text addition; /* why the plan's text does not have it */
    struct place at;
};

struct tcase {
    struct conf_text name; /* the key "case" */
    struct conf_text title;
    struct conf_uint plan; /* the plan's test case number */
    struct conf_text about;
    struct conf_uint judge;  /* enum tcase_judge */
    struct conf_uint ring;   /* enum tcase_ring */
    struct conf_uint queues; /* pairs that the case uses */
    struct conf_text driver; /* of the guest: virtio_net, or the pmd's name */
    struct conf_bool queues_change; /* while it migrates, to `queues` */
    struct conf_pairs vars;
    struct conf_list steps;   /* struct step, none of form use */
    struct conf_list salvage; /* struct action: what is saved at a failure */
    struct strs files;        /* their names, for the places */
};

enum tcase_judge {
    TCASE_MIGRATION, /* its steps, and the legs of a migration */
    TCASE_STEPS,     /* its steps alone */
};
enum tcase_ring { TCASE_SPLIT, TCASE_PACKED };

extern const struct conf_schema tcase_schema, step_schema, use_schema;

/* Each item of a steps file. */
extern const struct conf_schema shared_step_schema;

/*
 * Read a case file with all it uses. Errors are in diags; what could be read
 * is returned all the same, so that its further mistakes can be found too.
 */
struct tcase *tcase_load(const char *path, struct diags *diags) MUST_CHECK
    NONNULL(1, 2);
void tcase_free(struct tcase *tcase);

#endif
