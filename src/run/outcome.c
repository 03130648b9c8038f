/* outcome.c - what a run came to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/outcome.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "journal/record.h"
#include "judge/legs.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/hearing.h"

void
outcome_step(struct outcome *outcome, size_t step, enum verdict verdict,
             const char *reason)
{
    bool trouble = verdict == VERDICT_FAIL || verdict == VERDICT_ERROR ||
                   verdict == VERDICT_UNDECIDED;

    outcome->steps = verdict_join(outcome->steps, verdict);
    outcome->passed += verdict == VERDICT_PASS;
    outcome->failed += verdict == VERDICT_FAIL;
    outcome->errors += verdict == VERDICT_ERROR || verdict == VERDICT_UNDECIDED;
    outcome->skipped += verdict == VERDICT_SKIP;
    if (trouble && outcome->reason == NULL) {
        outcome->reason = xstrdup(reason);
        outcome->step = step;
    }
}

void
outcome_fini(struct outcome *outcome)
{
    free(outcome->reason);
    *outcome = (struct outcome){ .steps = VERDICT_PENDING };
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
        { "sent", m->sent },
        { "received", m->received },
        { "lost", m->lost },
        { "gap_max_ms", m->gap_max_ms },
        { "resolution_ms", m->resolution_ms },
    };
    struct record *item = record_item(record, "measures");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].value >= 0) /* what is not known is not written */
            record_number(item, rows[i].key, rows[i].value);
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
    *verdict = outcome->steps;
    if (migrates && *verdict != VERDICT_SKIP && *verdict != VERDICT_PENDING)
        *verdict = verdict_join(*verdict, legs.verdict);
    record_text(record, "verdict", verdict_name(*verdict));
    if (outcome->reason != NULL)
        record_printf(record, "reason", "step %zu: %s", outcome->step,
                      outcome->reason);
    else if (*verdict != VERDICT_PASS)
        record_leg_reason(record, &legs);
    record_int(record, "passed", outcome->passed);
    record_int(record, "failed", outcome->failed);
    record_int(record, "errors", outcome->errors);
    record_int(record, "skipped", outcome->skipped);
    record_int(record, "steps", (int64_t)outcome->total);
    if (migrates) {
        record_legs(record, &legs);
        record_measures(record, &measures);
    }
    legs_fini(&legs);
    return record;
}
