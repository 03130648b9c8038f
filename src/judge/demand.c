/* demand.c - whether facts are as a case demands. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/demand.h"

#include "base/str.h"
#include "judge/facts.h"
#include "plan/condition.h"

bool
demand_holds(const struct condition *condition, const struct fact_value *value,
             double before)
{
    switch (condition->op) {
    case CONDITION_IS:
        return strs_has(&condition->values, value->text);
    case CONDITION_ANY:
        return true;
    case CONDITION_GROWS:
        return value->is_number && value->number > before;
    case CONDITION_STEADY:
        return value->is_number && value->number <= before &&
               value->number >= before;
    case CONDITION_MORE:
        return value->is_number && value->number > condition->number;
    case CONDITION_AT_LEAST:
        return value->is_number && value->number >= condition->number;
    case CONDITION_LESS:
        return value->is_number && value->number < condition->number;
    case CONDITION_AT_MOST:
        return value->is_number && value->number <= condition->number;
    case CONDITION_IS_NOT:
        return value->is_number && (value->number < condition->number ||
                                    value->number > condition->number);
    }
    return false;
}

bool
demand_all_hold(const struct conditions *conditions, const struct facts *facts,
                uint64_t since_us)
{
    for (size_t i = 0; i < conditions->len; i++) {
        const struct condition *condition = &conditions->items[i];
        const struct fact_value *value = facts_get(facts, condition->fact);

        if (value == NULL || value->at_us < since_us ||
            !demand_holds(condition, value, 0))
            return false;
    }
    return true;
}
