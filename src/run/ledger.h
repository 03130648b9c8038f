/*
 * ledger.h - what a run has done that must be taken back.
 *
 * An entry is journalled before the act it is about, so that whatever kills
 * miglab, the journal names all that may have to be undone. Undoing goes
 * backwards, and doing it twice harms nothing.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_LEDGER_H
#define RUN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"

struct action;
struct record;
struct script;

/* Indices: of a step in the case, of an action in its undo. */
struct ledger_mark {
    size_t step, index;
};

/* The steps whose undo actions are due. */
struct ledger {
    size_t *steps; /* indices into the case's steps, in the order of the acts */
    size_t len, cap;
    struct ledger_mark *undone; /* what went well before, says the journal */
    size_t undone_len, undone_cap;
};

void ledger_fini(struct ledger *ledger) NONNULL(1);

/* The step is about to act; true when that is new and must be journalled. */
bool ledger_add(struct ledger *ledger, const struct script *script, size_t step)
    NONNULL(1, 2);

/* The record that says so; yours. */
struct record *ledger_record(const struct script *script,
                             size_t step) MUST_CHECK NONNULL(1);

/* The record that an undo action went well; yours. */
struct record *ledger_undone_record(size_t step, size_t index) MUST_CHECK;

/* Take up what a journal's record says, of any kind. */
void ledger_hear(struct ledger *ledger, const struct script *script,
                 const struct record *record) NONNULL(1, 2, 3);

/*
 * The undo actions in the order they are to be done: the last step's first,
 * each step's in its own order. n from 0; NULL behind the last. step: whose.
 */
const struct action *ledger_action(const struct ledger *ledger,
                                   const struct script *script, size_t n,
                                   size_t *step, size_t *index)
    NONNULL(1, 2, 4, 5);

/* It went well in an earlier teardown. */
bool ledger_is_undone(const struct ledger *ledger, size_t step, size_t index)
    NONNULL(1);

#endif
