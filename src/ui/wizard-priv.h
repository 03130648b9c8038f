/* wizard-priv.h - what the files of the wizard share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_WIZARD_PRIV_H
#define UI_WIZARD_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/verdict.h"
#include "ui/wizard.h"

struct action;
struct record;
struct step;
struct story_step;
struct trial;

/* What stands below a step's line. */
#define INDENT "     "

/* wizard.c */
size_t wizard_steps(const struct wizard_spec *spec) NONNULL(1);
const struct step *wizard_step_at(const struct wizard_spec *spec, size_t step)
    NONNULL(1); /* from 1 */
void wizard_add_glyph(struct page *page, const struct wizard_spec *spec,
                      enum verdict verdict, bool running) NONNULL(1, 2);
/* What an action does, in the words of its file; yours. */
char *wizard_action_words(const struct action *action) MUST_CHECK NONNULL(1);
/* What the plan has typed in a step: the first of it, from 1. */
size_t wizard_main_action(const struct step *step) NONNULL(1);
/* The console or node it is done on. */
const char *wizard_action_where(const struct action *action) NONNULL(1);
double wizard_seconds_left(const struct wizard_spec *spec,
                           const struct trial *trial) NONNULL(1, 2);
/* What Enter does now, in a sentence. */
void wizard_add_next(struct page *page, const struct wizard_spec *spec)
    NONNULL(1, 2);

/* wizard-proof.c */
void wizard_add_proof(struct page *page, const struct wizard_spec *spec,
                      const struct story_step *told) NONNULL(1, 2, 3);
void wizard_add_failure(struct page *page, const struct wizard_spec *spec,
                        size_t step) NONNULL(1, 2);

/* wizard-end.c */
void wizard_add_end(struct page *page, const struct wizard_spec *spec)
    NONNULL(1, 2);
void wizard_add_end_head(struct page *page, const struct wizard_spec *spec,
                         const struct record *record) NONNULL(1, 2, 3);
/* "before value behind", or nothing where the record has no such key. */
void wizard_add_number(struct page *page, const struct record *record,
                       const char *key, const char *before, const char *behind)
    NONNULL(1, 2, 3, 4, 5);

#endif
