/*
 * trace.h - which line of the plan's text is covered by which action.
 *
 * The plan is reStructuredText: "Test Case N:" begins a case, "N." a step, and
 * an indented block behind "::" holds command lines, most behind a prompt that
 * says where. What stands before the first case is every case's.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_TRACE_H
#define PLAN_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"
#include "conf/conf.h"

struct action;
struct diags;
struct script;
struct script_console;
struct step;

/* What the plan's text has otherwise: cases/corrections.yaml. */
struct correction {
    struct conf_text line;     /* the plan's */
    struct conf_texts instead; /* commands that must be typed for it, or none */
    struct conf_text why;
};
struct addition {
    struct conf_text text; /* in a command */
    struct conf_text plan; /* what the plan has in its place, or nothing */
    struct conf_text why;
};
struct corrections {
    struct conf_list corrections; /* struct correction */
    struct conf_list additions;   /* struct addition */
};
extern const struct conf_schema corrections_schema;

/* One command line of the plan. */
struct plan_line {
    unsigned number;  /* of the line in its file, from 1 */
    unsigned tcase;   /* its test case; 0: before the first */
    char *step;       /* "7"; before the first case with its section's word */
    const char *node; /* host, backup, tester; NULL: it does not say */
    bool in_vm;
    char *command; /* without prompts, blanks as one, continued lines joined */
};
struct plan_text {
    struct plan_line *lines;
    size_t len, cap;
    unsigned cases; /* the highest number of a case */
};

/* Find the command lines of a plan's text; free with plan_text_fini(). */
void plan_text_read(const char *text, struct plan_text *plan) NONNULL(1, 2);
void plan_text_fini(struct plan_text *plan) NONNULL(1);

/* Why a line is covered, or that it is not. */
struct coverage {
    const struct plan_line *line;        /* borrowed, as all below */
    const struct correction *correction; /* or NULL */
    const struct script_console *link;   /* that covers it by itself, or NULL */
    size_t step;                         /* of the case, from 1; 0: none */
    const struct action *action;         /* the last one that covers it */
    bool covered;
};

/*
 * Hold a case to the plan: one row a line of its test case, with those before
 * the first, in their order; an action covers one line, and those behind it
 * only later lines. The array, len of it, is yours.
 */
struct coverage *trace_case(const struct plan_text *plan,
                            const struct script *script,
                            const struct corrections *corrections,
                            size_t *len) MUST_CHECK NONNULL(1, 2, 3, 4);

#endif
