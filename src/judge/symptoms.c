/*
 * symptoms.c - which of the known failures fit what was seen.
 *
 * Lines are matched as they come, because a console forgets; of what each sign
 * found, the first few and the last few are kept, so that a guest that prints
 * for hours costs nothing. Facts have their own history and are looked at when
 * somebody asks.
 *
 * The migration's phases are told by facts, as for the legs: it begins when
 * `migrate` was typed last, and ends when its source says a last word on it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/symptoms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/consoles.h"
#include "judge/demand.h"
#include "judge/facts.h"
#include "judge/moments.h"
#include "match/pattern.h"
#include "plan/symptom.h"

enum { HITS_FIRST = 4, HITS_MAX = 8 };
enum { EXCERPT_BEFORE = 40, EXCERPT_MAX = 160 }; /* bytes of evidence */

/* A line that a sign's pattern fits. */
struct hit {
    char *console, *text;
    uint64_t at_us, row;
};

/* What one sign found so far. */
struct watch {
    const struct sign *sign;
    struct hit hits[HITS_MAX];
    size_t len;
};

struct symptoms {
    const struct symptom_set *set;
    struct watch *watches; /* of all symptoms, in the set's order */
    size_t len;
};

/* [from_us, to_us): where a sign is looked for. */
struct window {
    uint64_t from_us, to_us;
};

struct view {
    const struct facts *facts;
    struct window phases[SYMPTOM_AFTER + 1];
};

struct symptoms *
symptoms_new(const struct symptom_set *set)
{
    struct symptoms *symptoms = xcalloc(1, sizeof *symptoms);
    const struct symptom *list = set->list.items;
    size_t at = 0;

    symptoms->set = set;
    for (size_t i = 0; i < set->list.len; i++)
        symptoms->len += list[i].signs.len;
    symptoms->watches = xcalloc(symptoms->len, sizeof *symptoms->watches);
    for (size_t i = 0; i < set->list.len; i++)
        for (size_t j = 0; j < list[i].signs.len; j++)
            symptoms->watches[at++].sign =
                &((const struct sign *)list[i].signs.items)[j];
    return symptoms;
}

static void
free_hit(struct hit *hit)
{
    free(hit->console);
    free(hit->text);
}

void
symptoms_free(struct symptoms *symptoms)
{
    if (symptoms == NULL)
        return;
    for (size_t i = 0; i < symptoms->len; i++)
        for (size_t j = 0; j < symptoms->watches[i].len; j++)
            free_hit(&symptoms->watches[i].hits[j]);
    free(symptoms->watches);
    free(symptoms);
}

static bool
names(const struct conf_texts *consoles, const char *console)
{
    for (size_t i = 0; i < consoles->len; i++)
        if (strcmp(consoles->items[i].text, console) == 0)
            return true;
    return false;
}

/* One of the sign's patterns is found in text, at *span. */
static bool
fits(const struct sign *sign, const char *text, size_t len, struct span *span)
{
    for (size_t i = 0; sign->patterns != NULL && sign->patterns[i] != NULL; i++)
        if (pattern_find(sign->patterns[i], text, len, span) == PATTERN_YES)
            return true;
    return false;
}

/* The start of the character that byte at of text belongs to. */
static size_t
whole_character(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* A command line of QEMU is long: what is around the place found. Yours. */
static char *
excerpt(const char *text, size_t len, const struct span *span)
{
    size_t from = 0, to = len;

    if (len <= EXCERPT_MAX)
        return xstrdup(text);
    if (span->start > EXCERPT_BEFORE)
        from = whole_character(text, span->start - EXCERPT_BEFORE);
    if (len - from > EXCERPT_MAX)
        to = whole_character(text, from + EXCERPT_MAX);
    return xasprintf("%s%.*s%s", from > 0 ? "..." : "", (int)(to - from),
                     text + from, to < len ? "..." : "");
}

/* The first ones stay; of the later ones the oldest goes. */
static void
keep_hit(struct watch *watch, const char *console,
         const struct line_event *line, const struct span *span)
{
    struct hit *hits = watch->hits;

    if (watch->len == HITS_MAX) {
        free_hit(&hits[HITS_FIRST]);
        memmove(&hits[HITS_FIRST], &hits[HITS_FIRST + 1],
                (HITS_MAX - HITS_FIRST - 1) * sizeof *hits);
        watch->len--;
    }
    hits[watch->len++] = (struct hit){
        .console = xstrdup(console),
        .text = excerpt(line->text, line->len, span),
        .at_us = line->at_us,
        .row = line->row,
    };
}

void
symptoms_line(struct symptoms *symptoms, const char *console,
              const struct line_event *line)
{
    if (line->tag != LINE_OUTPUT || line->len == 0)
        return;
    for (size_t i = 0; i < symptoms->len; i++) {
        struct watch *watch = &symptoms->watches[i];
        struct span span;

        if ((watch->sign->kind == SIGN_LINE ||
             watch->sign->kind == SIGN_WITHOUT) &&
            names(&watch->sign->in, console) &&
            fits(watch->sign, line->text, line->len, &span))
            keep_hit(watch, console, line, &span);
    }
}

/* The source will say nothing else of this migration. */
static bool
is_last_word(const char *status)
{
    static const char *const words[] = { "completed", "failed", "cancelled" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(status, words[i]) == 0)
            return true;
    return false;
}

static void
take_phases(struct view *view)
{
    uint64_t begun_us, ended_us = UINT64_MAX;
    size_t len;
    const struct fact_value *values;
    struct moments moments;

    moments_take(view->facts, &moments);
    begun_us = moments.begun ? moments.begun_us : UINT64_MAX;
    values = facts_history(view->facts, HOST_MONITOR ".migration.status", &len);
    for (size_t i = 0; ended_us == UINT64_MAX && i < len; i++)
        if (values[i].at_us >= begun_us && is_last_word(values[i].text))
            ended_us = values[i].at_us;
    view->phases[SYMPTOM_ANY] = (struct window){ 0, UINT64_MAX };
    view->phases[SYMPTOM_BEFORE] = (struct window){ 0, begun_us };
    /* Why it ended is said in the same breath as that it did. */
    view->phases[SYMPTOM_DURING] =
        (struct window){ begun_us,
                         ended_us == UINT64_MAX ? UINT64_MAX : ended_us + 1 };
    view->phases[SYMPTOM_AFTER] = (struct window){ ended_us, UINT64_MAX };
}

static bool
is_in(const struct window *window, uint64_t at_us)
{
    return at_us >= window->from_us && at_us < window->to_us;
}

/* Text becomes the evidence's. */
static void
prove(struct likely *likely, const char *console, uint64_t at_us, uint64_t row,
      char *text)
{
    likely->evidence = xgrow(likely->evidence, likely->len, &likely->cap,
                             sizeof *likely->evidence);
    likely->evidence[likely->len++] = (struct symptom_evidence){
        .console = xstrdup(console),
        .text = text,
        .row = row,
        .at_us = at_us,
    };
}

static bool
has_line(const struct window *window, const struct watch *watch,
         struct likely *likely)
{
    /* The last of them: what is wrong now, not what was wrong once. */
    for (size_t i = watch->len; i-- > 0;) {
        const struct hit *hit = &watch->hits[i];

        if (!is_in(window, hit->at_us))
            continue;
        prove(likely, hit->console, hit->at_us, hit->row, xstrdup(hit->text));
        return true;
    }
    return false;
}

static bool
has_no_line(const struct window *window, const struct watch *watch,
            struct likely *likely)
{
    const struct sign *sign = watch->sign;

    for (size_t i = 0; i < watch->len; i++)
        if (is_in(window, watch->hits[i].at_us))
            return false;
    prove(likely, sign->in.items[0].text, SYMPTOM_NO_TIME, FACT_NO_ROW,
          xasprintf("no line with '%s'", sign->without.items[0].text));
    return true;
}

/* The newest command of a console in the window that fits. */
static bool
was_typed_in(const struct view *view, const struct window *window,
             const struct sign *sign, const char *console,
             struct likely *likely)
{
    char *name = xasprintf("%s.typed", console), *text;
    struct span span;
    size_t len;
    const struct fact_value *values = facts_history(view->facts, name, &len);

    free(name);
    while (len-- > 0) {
        const struct fact_value *value = &values[len];

        if (!is_in(window, value->at_us) ||
            !fits(sign, value->text, strlen(value->text), &span))
            continue;
        text = excerpt(value->text, strlen(value->text), &span);
        prove(likely, console, value->at_us, value->row,
              xasprintf("typed: %s", text));
        free(text);
        return true;
    }
    return false;
}

static bool
was_typed(const struct view *view, const struct window *window,
          const struct sign *sign, struct likely *likely)
{
    for (size_t i = 0; i < sign->in.len; i++)
        if (was_typed_in(view, window, sign, sign->in.items[i].text, likely))
            return true;
    return false;
}

/* A fact's values in a window; NULL: none. */
struct values {
    const struct fact_value *first, *newest;
    const struct fact_value *since; /* it has been as the newest from here on */
};

static struct values
values_in(const struct view *view, const struct window *window,
          const char *name)
{
    struct values found = { NULL, NULL, NULL };
    size_t len;
    const struct fact_value *values = facts_history(view->facts, name, &len);

    for (size_t i = 0; i < len; i++)
        if (is_in(window, values[i].at_us)) {
            if (found.first == NULL)
                found.first = &values[i];
            if (found.newest == NULL ||
                strcmp(found.newest->text, values[i].text) != 0)
                found.since = &values[i];
            found.newest = &values[i];
        }
    return found;
}

static bool
holds(const struct condition *condition, const struct values *values)
{
    const struct fact_value *first = values->first, *newest = values->newest;

    if (newest == NULL)
        return false;
    if (condition->op == CONDITION_STEADY) /* one look shows nothing */
        return first != newest && strcmp(first->text, newest->text) == 0;
    if (condition->op == CONDITION_GROWS && !first->is_number)
        return false;
    return demand_holds(condition, newest, first->number);
}

/* "port.0.rx_packets grows: 88, then 120". */
static void
prove_fact(struct likely *likely, const struct condition *condition,
           const struct values *values)
{
    const char *dot = strchr(condition->fact, '.');
    char *console = xstrndup(condition->fact, (size_t)(dot - condition->fact));
    bool over_time =
        condition->op == CONDITION_GROWS || condition->op == CONDITION_STEADY;

    prove(likely, console,
          over_time ? values->first->at_us : values->since->at_us,
          values->newest->row,
          over_time
              ? xasprintf("%s %s: %s, then %s", dot + 1,
                          condition->op == CONDITION_GROWS ? "grows" : "stands",
                          values->first->text, values->newest->text)
              : xasprintf("%s is %s", dot + 1,
                          *values->newest->text != '\0' ? values->newest->text
                                                        : "nothing"));
    free(console);
}

static bool
has_facts(const struct view *view, const struct window *window,
          const struct sign *sign, struct likely *likely)
{
    for (size_t i = 0; i < sign->conditions.len; i++) {
        const struct condition *condition = &sign->conditions.items[i];
        struct values values = values_in(view, window, condition->fact);

        if (!holds(condition, &values))
            return false;
        prove_fact(likely, condition, &values);
    }
    return true;
}

static bool
has_no_facts(const struct view *view, const struct window *window,
             const struct sign *sign, struct likely *likely)
{
    for (size_t i = 0; i < sign->unknown.len; i++) {
        const char *name = sign->unknown.items[i].text;
        const char *dot = strchr(name, '.');
        char *console;

        if (values_in(view, window, name).newest != NULL)
            return false;
        console = xstrndup(name, (size_t)(dot - name));
        prove(likely, console, SYMPTOM_NO_TIME, FACT_NO_ROW,
              xasprintf("%s was not seen", dot + 1));
        free(console);
    }
    return true;
}

static bool
is_there(const struct view *view, const struct watch *watch,
         struct likely *likely)
{
    const struct sign *sign = watch->sign;
    const struct window *window = &view->phases[sign->phase.value];

    if (window->from_us == UINT64_MAX)
        return false; /* it did not come to that */
    switch (sign->kind) {
    case SIGN_LINE:
        return has_line(window, watch, likely);
    case SIGN_WITHOUT:
        return has_no_line(window, watch, likely);
    case SIGN_TYPED:
        return was_typed(view, window, sign, likely);
    case SIGN_FACTS:
        return has_facts(view, window, sign, likely);
    case SIGN_UNKNOWN:
        return has_no_facts(view, window, sign, likely);
    }
    BUG_ON(true);
    return false;
}

static void
free_evidence(struct likely *likely)
{
    for (size_t i = 0; i < likely->len; i++) {
        free(likely->evidence[i].console);
        free(likely->evidence[i].text);
    }
    free(likely->evidence);
}

static int
by_weight(const void *a, const void *b)
{
    const struct likely *first = a, *second = b;
    uint64_t weights[] = { first->symptom->weight.value,
                           second->symptom->weight.value };

    if (weights[0] != weights[1])
        return weights[0] < weights[1] ? -1 : 1;
    if (first->len != second->len)
        return first->len > second->len ? -1 : 1;
    /* As they stand in the set: a user's own first. */
    return first->symptom < second->symptom ? -1 : 1;
}

void
symptoms_rank(const struct symptoms *symptoms, const struct facts *facts,
              struct likelies *out)
{
    const struct symptom *list = symptoms->set->list.items;
    const struct watch *watch = symptoms->watches;
    struct view view = { .facts = facts };

    *out = (struct likelies){ 0 };
    take_phases(&view);
    for (size_t i = 0; i < symptoms->set->list.len; i++) {
        struct likely likely = { .symptom = &list[i] };
        bool all = list[i].signs.len > 0;

        for (size_t j = 0; j < list[i].signs.len; j++, watch++)
            all = all && is_there(&view, watch, &likely);
        if (!all) {
            free_evidence(&likely);
            continue;
        }
        out->items = xgrow(out->items, out->len, &out->cap, sizeof likely);
        out->items[out->len++] = likely;
    }
    if (out->len > 1)
        qsort(out->items, out->len, sizeof *out->items, by_weight);
}

void
likelies_fini(struct likelies *likelies)
{
    for (size_t i = 0; i < likelies->len; i++)
        free_evidence(&likelies->items[i]);
    free(likelies->items);
    *likelies = (struct likelies){ 0 };
}
