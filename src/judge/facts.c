/* facts.c - named values with their times. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/xalloc.h"

struct fact {
    char *name;
    struct fact_value *values; /* oldest first */
    size_t len, cap;
    UT_hash_handle hh;
};

struct facts {
    struct fact *by_name;
    struct fact **in_order; /* as they came up first */
    size_t len, cap;
};

struct facts *
facts_new(void)
{
    return xcalloc(1, sizeof(struct facts));
}

void
facts_free(struct facts *facts)
{
    if (facts == NULL)
        return;
    HASH_CLEAR(hh, facts->by_name);
    for (size_t i = 0; i < facts->len; i++) {
        struct fact *fact = facts->in_order[i];

        for (size_t j = 0; j < fact->len; j++)
            free(fact->values[j].text);
        free(fact->values);
        free(fact->name);
        free(fact);
    }
    free(facts->in_order);
    free(facts);
}

static struct fact *
find(const struct facts *facts, const char *name)
{
    struct fact *fact;

    HASH_FIND_STR(facts->by_name, name, fact);
    return fact;
}

static struct fact *
find_or_add(struct facts *facts, const char *name)
{
    struct fact *fact = find(facts, name);

    if (fact != NULL)
        return fact;
    fact = xcalloc(1, sizeof *fact);
    fact->name = xstrdup(name);
    HASH_ADD_KEYPTR(hh, facts->by_name, fact->name, strlen(fact->name), fact);
    facts->in_order = xgrow(facts->in_order, facts->len, &facts->cap,
                            sizeof *facts->in_order);
    facts->in_order[facts->len++] = fact;
    return fact;
}

/*
 * A run of hours must not become memory: of the older half every other value
 * goes. The first stays, because legs compare with it.
 */
static void
thin_out(struct fact *fact)
{
    size_t half = fact->len / 2, kept = 1;

    for (size_t i = 1; i < fact->len; i++) {
        if (i < half && i % 2 == 1)
            free(fact->values[i].text);
        else
            fact->values[kept++] = fact->values[i];
    }
    fact->len = kept;
}

static void
add_value(struct facts *facts, const char *name, struct fact_value value)
{
    struct fact *fact = find_or_add(facts, name);

    if (fact->len == FACT_HISTORY_MAX)
        thin_out(fact);
    fact->values =
        xgrow(fact->values, fact->len, &fact->cap, sizeof *fact->values);
    fact->values[fact->len++] = value;
}

void
facts_set(struct facts *facts, const char *name, uint64_t at_us, uint64_t row,
          const char *text)
{
    struct fact_value value = { .at_us = at_us, .row = row };
    char *end;

    value.text = xstrdup(text);
    value.number = strtod(text, &end);
    value.is_number = end != text && *end == '\0' && isfinite(value.number);
    add_value(facts, name, value);
}

void
facts_set_number(struct facts *facts, const char *name, uint64_t at_us,
                 uint64_t row, double number)
{
    struct fact_value value = {
        .at_us = at_us,
        .row = row,
        .text = xasprintf("%.10g", number),
        .number = isfinite(number) ? number : 0,
        .is_number = isfinite(number),
    };

    add_value(facts, name, value);
}

const struct fact_value *
facts_history(const struct facts *facts, const char *name, size_t *len)
{
    const struct fact *fact = find(facts, name);

    *len = fact != NULL ? fact->len : 0;
    return fact != NULL ? fact->values : NULL;
}

const struct fact_value *
facts_get(const struct facts *facts, const char *name)
{
    size_t len;
    const struct fact_value *values = facts_history(facts, name, &len);

    return len > 0 ? &values[len - 1] : NULL;
}

const struct fact_value *
facts_at(const struct facts *facts, const char *name, uint64_t at_us)
{
    size_t len;
    const struct fact_value *values = facts_history(facts, name, &len);

    while (len > 0 && values[len - 1].at_us > at_us)
        len--;
    return len > 0 ? &values[len - 1] : NULL;
}

const struct fact_value *
facts_since(const struct facts *facts, const char *name, uint64_t at_us)
{
    size_t len, first = 0;
    const struct fact_value *values = facts_history(facts, name, &len);

    while (first < len && values[first].at_us < at_us)
        first++;
    return first < len ? &values[first] : NULL;
}

double
facts_number(const struct facts *facts, const char *name, double fallback)
{
    const struct fact_value *value = facts_get(facts, name);

    return value != NULL && value->is_number ? value->number : fallback;
}

const char *
facts_name(const struct facts *facts, size_t n)
{
    return n < facts->len ? facts->in_order[n]->name : NULL;
}
