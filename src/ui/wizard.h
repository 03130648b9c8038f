/*
 * wizard.h - the case as the wizard shows it: steps, why, what is typed next,
 * checks as they turn, the failure with its proof, the end.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_WIZARD_H
#define UI_WIZARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

struct facts;
struct page;
struct runner_view;
struct script;
struct story;

struct wizard_spec {
    const struct script *script;
    const struct story *story;
    const struct facts *facts;
    const struct runner_view *run;
    bool (*has_break)(void *ctx, size_t step);
    void *ctx;
    const char *waits; /* why nothing is typed, or NULL */
    const char *path;  /* of the run's directory */
    size_t selected;   /* a step somebody looks at; 0: the one at hand */
    size_t action;     /* that an edit would change; 0: its main one */
    bool proof;        /* all evidence, not only what failed */
    int rows;          /* that there are to show it */
    uint64_t now_us;   /* of the run's clock */
    bool ascii;
};

/* The whole list; the page's focus is the step looked at. */
void wizard_build(struct page *page, const struct wizard_spec *spec)
    NONNULL(1, 2);
/* Five lines of it, for a small screen. */
void wizard_build_strip(struct page *page, const struct wizard_spec *spec)
    NONNULL(1, 2);

/* The step the run stands at, from 1; 0: behind the last. */
size_t wizard_step(const struct wizard_spec *spec) NONNULL(1);

#endif
