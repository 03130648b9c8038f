/*
 * story.h - the run so far, as its journal tells it: what the wizard shows.
 *
 * A listener of the journal and nothing else, so that a live run and one that
 * is played again look the same.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_STORY_H
#define UI_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "judge/verdict.h"

struct record;
struct script;
struct story;

/* How an action of a step stands. */
struct story_action {
    bool begun, over;
    enum verdict verdict;
    double seconds;
    struct record *end; /* its action.end, or NULL */
};

struct story_step {
    bool begun; /* at least once */
    bool over;  /* and ended again */
    enum verdict verdict;
    double seconds;
    char *reason; /* never NULL */
    enum verdict by_hand;
    char *comment; /* of the verdict by hand, or NULL */
    unsigned tries;
    struct story_action *actions; /* as many as the case's step has */
    size_t actions_len;
};

/* One thing that went into a console. */
struct story_typed {
    uint64_t at_us;
    const char *who; /* "wizard", "human", "set-up", "miglab" */
    char *pane;
    char *text;
    long long bytes; /* that are only counted, and may grow; 0: whole */
};

struct story *story_new(const struct script *script) MUST_CHECK NONNULL(1);
void story_free(struct story *story);

/* As journal_listen() wants it. */
void story_hear(void *ctx, const struct record *record) NONNULL(1, 2);

const struct story_step *story_step(const struct story *story, size_t step)
    NONNULL(1); /* from 1 */
/* The record of the run's verdict, or NULL. */
const struct record *story_verdict(const struct story *story) NONNULL(1);
/* What was sent, at most so much: then the last entry says that more was. */
#define STORY_TYPED_MAX 20000
const struct story_typed *story_typed(const struct story *story, size_t *len)
    NONNULL(1, 2);
/* Salvage: how many things were saved; -1: there was none. */
int story_saved(const struct story *story) NONNULL(1);
/* The record of the likely causes of what failed last, or NULL. */
const struct record *story_symptoms(const struct story *story) NONNULL(1);
/* When the last record was written. */
uint64_t story_now_us(const struct story *story) NONNULL(1);

#endif
