/* outcome.c - what a run came to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/outcome.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "journal/record.h"
#include "judge/legs.h"
#include "judge/measures.h"
#include "judge/moments.h"
#include "judge/progress.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/hearing.h"

void
outcome_init(struct outcome *outcome, size_t total)
{
    *outcome = (struct outcome){
        .steps = xcalloc(total, sizeof *outcome->steps),
        .total = total,
    };
}

void
outcome_fini(struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->total; i++) {
        free(outcome->steps[i].reason);
        free(outcome->steps[i].comment);
    }
    free(outcome->steps);
    free(outcome->trouble);
    *outcome = (struct outcome){ .total = 0 };
}

static void
replace(char **text, const char *with)
{
    char *copy = with != NULL ? xstrdup(with) : NULL;

    free(*text);
    *text = copy;
}

void
outcome_step(struct outcome *outcome, size_t step, enum verdict verdict,
             const char *reason)
{
    if (step < 1 || step > outcome->total)
        return;
    outcome->steps[step - 1].verdict = verdict;
    outcome->steps[step - 1].tries++;
    replace(&outcome->steps[step - 1].reason, reason);
}

void
outcome_by_hand(struct outcome *outcome, size_t step, enum verdict verdict,
                const char *comment)
{
    if (step < 1 || step > outcome->total)
        return;
    outcome->steps[step - 1].by_hand = verdict;
    replace(&outcome->steps[step - 1].comment, comment);
}

void
outcome_trouble(struct outcome *outcome, const char *reason)
{
    replace(&outcome->trouble, reason);
}

/* How many steps stand so. */
static unsigned
count(const struct outcome *outcome, enum verdict verdict)
{
    unsigned n = 0;

    for (size_t i = 0; i < outcome->total; i++)
        n += outcome->steps[i].verdict == verdict;
    return n;
}

enum verdict
outcome_verdict(const struct outcome *outcome)
{
    enum verdict whole = VERDICT_PENDING;

    for (size_t i = 0; i < outcome->total; i++)
        whole = verdict_join(whole, outcome->steps[i].verdict);
    if (whole == VERDICT_PASS && count(outcome, VERDICT_PENDING) > 0)
        whole = VERDICT_UNDECIDED;
    if (outcome->trouble != NULL)
        whole = VERDICT_ERROR;
    return whole;
}

/* Why the steps together are no pass; false when they are. */
static bool
record_step_reason(struct record *record, const struct outcome *outcome)
{
    enum verdict whole = outcome_verdict(outcome);
    size_t ran = 0;

    if (outcome->trouble != NULL) {
        record_text(record, "reason", outcome->trouble);
        return true;
    }
    for (size_t i = 0; i < outcome->total; i++) {
        const struct outcome_step *step = &outcome->steps[i];

        ran += step->verdict != VERDICT_PENDING;
        if (step->verdict == whole && whole != VERDICT_PASS &&
            whole != VERDICT_SKIP && whole != VERDICT_PENDING) {
            record_printf(record, "reason", "step %zu: %s", i + 1,
                          step->reason);
            return true;
        }
    }
    if (whole != VERDICT_UNDECIDED)
        return false;
    record_printf(record, "reason", "%zu of %zu steps did not run",
                  outcome->total - ran, outcome->total);
    return true;
}

/* What a human said beside it, and what needed more than one try. */
static void
record_hands(struct record *record, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->total; i++) {
        const struct outcome_step *step = &outcome->steps[i];
        struct record *item;

        if (step->by_hand != VERDICT_PENDING) {
            item = record_item(record, "by_hand");
            record_int(item, "step", (int64_t)i + 1);
            record_text(item, "verdict", verdict_name(step->by_hand));
            record_text(item, "comment", step->comment);
        }
        if (step->tries > 1) {
            item = record_item(record, "again");
            record_int(item, "step", (int64_t)i + 1);
            record_int(item, "tries", step->tries);
        }
    }
}

static void
record_legs(struct record *record, const struct legs *legs)
{
    for (size_t i = 0; i < legs->len; i++) {
        const struct leg *leg = &legs->items[i];
        struct record *item = record_item(record, "legs");

        record_int(item, "leg", leg->number);
        record_text(item, "title", leg->title);
        record_text(item, "verdict", verdict_name(leg->verdict));
        for (size_t j = 0; j < leg->len; j++) {
            struct record *point = record_item(item, "points");

            record_text(point, "verdict", verdict_name(leg->points[j].verdict));
            record_text(point, "text", leg->points[j].text);
        }
    }
}

static void
record_measures(struct record *record, const struct measures *m)
{
    const struct {
        const char *key;
        double value;
    } rows[] = {
        { "total_ms", m->total_ms },
        { "downtime_ms", m->downtime_ms },
        { "passes", m->passes },
        { "throughput_mbps", m->throughput_mbps },
        { "transferred_kib", m->transferred_kib },
        { "handover_ms", m->handover_ms },
        { "sent", m->sent },
        { "received", m->received },
        { "lost", m->lost },
        { "gap_max_ms", m->gap_max_ms },
        { "gap_min_ms", m->gap_min_ms },
        { "resolution_ms", m->resolution_ms },
        { "gap_lost", m->gap_lost },
        { "pause_ms", m->pause_ms },
        { "duplicates", m->duplicates },
        { "reordered", m->reordered },
        { "lost_before", m->lost_before },
        { "lost_during", m->lost_during },
        { "lost_after", m->lost_after },
        { "clock_ms", m->clock_ms },
        { "counted", m->measured ? m->counted : -1 },
    };
    struct record *item = record_item(record, "measures");
    char *relation = measures_relation(m);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].value >= 0) /* what is not known is not written */
            record_number(item, rows[i].key, rows[i].value);
    if (m->has_gap_after) /* below 0 it began before migrate */
        record_number(item, "gap_after_ms", m->gap_after_ms);
    if (m->measured)
        record_bool(item, "measured", true);
    if (measures_paused(m))
        record_bool(item, "paused", true);
    if (m->open != NULL)
        record_text(item, "open", m->open);
    if (relation != NULL)
        record_text(item, "relation", relation);
    free(relation);
}

/* What QEMU said while it migrated. */
static void
record_series(struct record *record, const struct facts *facts)
{
    struct moments moments;
    struct progress progress;

    moments_take(facts, &moments);
    progress_take(facts, &moments, &progress);
    for (size_t i = 0; i < progress.len; i++) {
        const struct progress_point *point = &progress.points[i];
        const struct {
            const char *key;
            double value;
        } rows[] = {
            { "ms", point->at_ms },
            { "passes", point->passes },
            { "transferred_kib", point->transferred_kib },
            { "remaining_kib", point->remaining_kib },
            { "throughput_mbps", point->throughput_mbps },
            { "dirty_pages", point->dirty_pages },
        };
        struct record *item = record_item(record, "series");

        record_text(item, "status", point->status);
        for (size_t j = 0; j < ARRAY_LEN(rows); j++)
            if (rows[j].value >= 0)
                record_number(item, rows[j].key, rows[j].value);
    }
    progress_fini(&progress);
}

/* The first leg that does not hold, as the run's reason. */
static void
record_leg_reason(struct record *record, const struct legs *legs)
{
    for (size_t i = 0; i < legs->len; i++) {
        const struct leg *leg = &legs->items[i];
        const struct leg_point *point = leg_first_trouble(leg);

        if (point != NULL && leg->verdict == legs->verdict) {
            record_printf(record, "reason", "leg %d, %s: %s", leg->number,
                          leg->title, point->text);
            return;
        }
    }
}

struct record *
outcome_record(const struct outcome *outcome, const struct script *script,
               const struct hearing *hearing, enum verdict *verdict)
{
    struct record *record = record_new("verdict");
    bool migrates = script->tcase->judge.value == TCASE_MIGRATION;
    struct legs_spec spec;
    struct measures measures;
    struct legs legs;

    hearing_legs_spec(script, &spec);
    legs_judge(hearing_facts(hearing), &spec, &legs);
    measures_take(hearing_facts(hearing), &spec, &measures);
    *verdict = outcome_verdict(outcome);
    if (migrates && *verdict != VERDICT_SKIP && *verdict != VERDICT_PENDING)
        *verdict = verdict_join(*verdict, legs.verdict);
    record_text(record, "verdict", verdict_name(*verdict));
    /* Of what made it what it is: a leg may weigh more than the steps. */
    if (outcome->trouble == NULL && migrates &&
        *verdict != outcome_verdict(outcome) && *verdict == legs.verdict)
        record_leg_reason(record, &legs);
    else if (!record_step_reason(record, outcome) && *verdict != VERDICT_PASS)
        record_leg_reason(record, &legs);
    record_int(record, "passed", count(outcome, VERDICT_PASS));
    record_int(record, "failed", count(outcome, VERDICT_FAIL));
    record_int(record, "errors",
               count(outcome, VERDICT_ERROR) +
                   count(outcome, VERDICT_UNDECIDED));
    record_int(record, "skipped", count(outcome, VERDICT_SKIP));
    record_hands(record, outcome);
    record_int(record, "steps", (int64_t)outcome->total);
    if (migrates) {
        record_legs(record, &legs);
        record_measures(record, &measures);
        record_series(record, hearing_facts(hearing));
    }
    legs_fini(&legs);
    return record;
}
