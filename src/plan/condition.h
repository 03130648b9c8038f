/*
 * condition.h - a demand on one fact, as cases write it.
 *
 *     migration.status: completed            equal to this text
 *     migration.status: [failed, cancelled]  equal to one of these
 *     rx.packets: grows                      more than when the action began
 *     rx.packets: steady                     the same as then
 *     rx.packets: "> 5"                      a number: > >= < <= !=
 *     vm.status: any                         known at all
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_CONDITION_H
#define PLAN_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"
#include "conf/conf.h"

enum condition_op {
    CONDITION_IS, /* equal to one of the values */
    CONDITION_ANY,
    CONDITION_GROWS,
    CONDITION_STEADY,
    CONDITION_MORE,
    CONDITION_AT_LEAST,
    CONDITION_LESS,
    CONDITION_AT_MOST,
    CONDITION_IS_NOT, /* a number */
};

struct condition {
    char *fact; /* the full name: console.topic.field */
    enum condition_op op;
    struct strs values; /* of CONDITION_IS */
    double number;      /* of the comparisons */
};

/* Zeroed is empty. */
struct conditions {
    struct condition *items;
    size_t len, cap;
};

/*
 * Read one pair; fact is its full name, copied. False and an error when the
 * value is no condition.
 */
bool conditions_add(struct conditions *conditions, const char *fact,
                    const struct conf_pair *pair, struct diags *diags)
    NONNULL(1, 2, 3, 4);
void conditions_fini(struct conditions *conditions) NONNULL(1);

/* "migration.status is completed", for people; yours. */
char *condition_describe(const struct condition *condition) MUST_CHECK
    NONNULL(1);

#endif
