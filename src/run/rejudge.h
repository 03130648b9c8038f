/*
 * rejudge.h - a run judged again, from its own recordings and journal.
 *
 * The same functions over the same bytes, events and times: readers, trials
 * and legs come to their verdicts without any machine. What the journal says
 * was decided is compared with what is decided now.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_REJUDGE_H
#define RUN_REJUDGE_H

#include <stddef.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/macros.h"
#include "judge/verdict.h"

struct record;
struct rundir;

/* A verdict that is another one now. */
struct rejudge_change {
    char *where; /* "s10.a1", or "run" */
    enum verdict then, now;
    char *reason; /* of now */
};

struct rejudged {
    enum verdict then, now; /* of the run; PENDING: the journal has none */
    struct rejudge_change *changes;
    size_t len, cap;
    struct record *symptoms; /* as they fit now; NULL: nothing had failed */
    struct record *verdict;  /* as the runner would write it now */
};

/*
 * False when the run cannot be read: err, or mistakes in diags. What is in
 * out is freed by rejudged_fini() in both cases.
 */
bool rejudge_run(const struct rundir *rundir, struct rejudged *out,
                 struct diags *diags, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 4);
void rejudged_fini(struct rejudged *rejudged) NONNULL(1);

#endif
