/*
 * legs.h - the verdict of a migration: it stands on every one of these legs.
 *
 * A source that says "completed" proves little. Each leg is a list of points,
 * each with its evidence; a leg holds when none of its
 * points failed and none is open. A point that this version of a program
 * does not print is not observable, which is said and never assumed.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_LEGS_H
#define JUDGE_LEGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "judge/measures.h"
#include "judge/verdict.h"

struct facts;

/* What the case and the lab demand. */
struct legs_spec {
    bool packed;         /* the ring the case is about */
    unsigned queues;     /* queue pairs it ends with */
    const char *driver;  /* of the guest; NULL: the case names none */
    bool changes_queues; /* cases 4 and 8: leg 5 */
    uint64_t max_gap_ms; /* 0: no demand */
    bool has_max_loss, has_max_loss_measured;
    uint64_t max_loss;          /* packets of the plan's flow */
    uint64_t max_loss_measured; /* of the measured flow */
    double interval_ms;         /* between two packets; 0: not known */
};

/* One thing that was looked at. VERDICT_SKIP: not observable. */
struct leg_point {
    enum verdict verdict;
    char *text; /* what, with its evidence */
};

struct leg {
    int number; /* 0 to 6, as miglab(1) lists them */
    const char *title;
    enum verdict verdict;
    struct leg_point *points;
    size_t len, cap;
};

#define LEGS_MAX 7
struct legs {
    struct leg items[LEGS_MAX];
    size_t len;
    enum verdict verdict; /* of all */
};

/* Judge what the facts say; legs_fini() frees what is in legs. */
void legs_judge(const struct facts *facts, const struct legs_spec *spec,
                struct legs *legs) NONNULL(1, 2, 3);
void legs_fini(struct legs *legs) NONNULL(1);

/*
 * The first point of the heaviest verdict that is no pass, for one line; NULL
 * when there is none.
 */
const struct leg_point *leg_first_trouble(const struct leg *leg) NONNULL(1);

#endif
