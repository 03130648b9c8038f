/* condition.c - a demand on one fact, as cases write it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/condition.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"

/* Words and signs that are more than a text to be equal to. */
static const struct {
    const char *word;
    enum condition_op op;
    bool number;      /* one follows */
    const char *says; /* for people, behind the fact's name */
} operators[] = {
    { "any", CONDITION_ANY, false, "is known" },
    { "grows", CONDITION_GROWS, false, "grows" },
    { "steady", CONDITION_STEADY, false, "stays the same" },
    { ">=", CONDITION_AT_LEAST, true, "is at least" },
    { "<=", CONDITION_AT_MOST, true, "is at most" },
    { "!=", CONDITION_IS_NOT, true, "is not" },
    { ">", CONDITION_MORE, true, "is more than" },
    { "<", CONDITION_LESS, true, "is less than" },
};

static bool
parse_operator(const char *text, struct condition *condition, bool *bad)
{
    for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
        const char *rest = text + strlen(operators[i].word);
        char *end;

        if (!str_starts(text, operators[i].word))
            continue;
        if (!operators[i].number && *rest != '\0')
            continue;
        condition->op = operators[i].op;
        if (operators[i].number) {
            condition->number = strtod(rest, &end);
            *bad = end == rest || *end != '\0';
        }
        return true;
    }
    return false;
}

bool
conditions_add(struct conditions *conditions, const char *fact,
               const struct conf_pair *pair, struct diags *diags)
{
    struct condition condition = { .op = CONDITION_IS };
    bool bad = false;

    if (pair->values.len == 0) {
        diags_error(diags, &pair->values.at, "%s: expected a value",
                    pair->name.text);
        return false;
    }
    if (pair->values.len > 1 ||
        !parse_operator(pair->values.items[0].text, &condition, &bad))
        for (size_t i = 0; i < pair->values.len; i++)
            strs_add(&condition.values, pair->values.items[i].text);
    if (bad) {
        diags_error(diags, &pair->values.at,
                    "%s: expected a number behind the sign, found \"%s\"",
                    pair->name.text, pair->values.items[0].text);
        return false;
    }
    condition.fact = xstrdup(fact);
    conditions->items = xgrow(conditions->items, conditions->len,
                              &conditions->cap, sizeof *conditions->items);
    conditions->items[conditions->len++] = condition;
    return true;
}

void
conditions_fini(struct conditions *conditions)
{
    for (size_t i = 0; i < conditions->len; i++) {
        free(conditions->items[i].fact);
        strs_fini(&conditions->items[i].values);
    }
    free(conditions->items);
    *conditions = (struct conditions){ 0 };
}

char *
condition_describe(const struct condition *condition)
{
    char *values, *text;

    if (condition->op == CONDITION_IS) {
        values = strs_join(&condition->values, " or ");
        text = xasprintf("%s is %s", condition->fact, values);
        free(values);
        return text;
    }
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        if (operators[i].op == condition->op)
            return operators[i].number
                       ? xasprintf("%s %s %g", condition->fact,
                                   operators[i].says, condition->number)
                       : xasprintf("%s %s", condition->fact, operators[i].says);
    BUG_ON(true);
    return xstrdup(condition->fact);
}
