/* soak.c - many runs in numbers: what is heard, and what it adds up to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "report/soak-priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/record.h"

const struct soak_measure_name soak_measures[SOAK_MEASURES] = {
    [SOAK_TOTAL] = { "total_ms", "total ms" },
    [SOAK_DOWNTIME] = { "downtime_ms", "downtime ms" },
    [SOAK_LOST] = { "lost", "lost" },
    [SOAK_GAP] = { "gap_max_ms", "gap ms" },
};

struct soak *
soak_new(const struct soak_spec *spec)
{
    struct soak *soak = xcalloc(1, sizeof *soak);

    soak->spec = *spec;
    return soak;
}

void
soak_free(struct soak *soak)
{
    if (soak == NULL)
        return;
    for (size_t i = 0; i < soak->len; i++) {
        free(soak->runs[i].path);
        free(soak->runs[i].reason);
        free(soak->runs[i].stranger);
    }
    free(soak->runs);
    free(soak->stopped);
    free(soak);
}

static void
replace(char **text, const char *with)
{
    free(*text);
    *text = xstrdup(with);
}

void
soak_begin(struct soak *soak, const char *name, const char *path)
{
    struct soak_run run = { .name = name,
                            .path = xstrdup(path),
                            .reason = xstrdup("") };

    for (size_t i = 0; i < SOAK_MEASURES; i++)
        run.measures[i] = -1;
    soak->runs = xgrow(soak->runs, soak->len, &soak->cap, sizeof *soak->runs);
    soak->runs[soak->len++] = run;
}

static void
hear_leftovers(struct soak_run *run, const struct record *record)
{
    if (*record_get(record, "run") != '\0')
        replace(&run->stranger, record_get(record, "run"));
}

static void
hear_measures(struct soak_run *run, const struct record *measures)
{
    for (size_t i = 0; i < SOAK_MEASURES; i++)
        run->measures[i] =
            record_get_number(measures, soak_measures[i].key, -1);
}

/* A run that is judged again, after a redo, stands as it was judged last. */
static void
hear_verdict(struct soak_run *run, const struct record *record)
{
    replace(&run->reason, record_get(record, "reason"));
    run->seconds = (double)record_at_us(record) / 1e6;
    if (record_len(record, "measures") > 0)
        hear_measures(run, record_at(record, "measures", 0));
}

static void
hear_end(struct soak_run *run, const struct record *record)
{
    run->over = true;
    run->verdict = verdict_of_name(record_get(record, "verdict"));
    run->interrupted = record_get_bool(record, "interrupted");
    run->whole_s = (double)record_at_us(record) / 1e6;
}

static const struct {
    const char *event;
    void (*hear)(struct soak_run *run, const struct record *record);
} rows[] = {
    { "leftovers", hear_leftovers },
    { "verdict", hear_verdict },
    { "run.end", hear_end },
};

void
soak_hear(void *ctx, const struct record *record)
{
    struct soak *soak = ctx;

    BUG_ON(soak->len == 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].event, record_event(record)) == 0)
            rows[i].hear(&soak->runs[soak->len - 1], record);
}

void
soak_end(struct soak *soak)
{
    struct soak_run *run = &soak->runs[soak->len - 1];

    if (!run->over) {
        run->verdict = VERDICT_ERROR;
        replace(&run->reason, "its journal has no end");
    } else if (run->interrupted && *run->reason == '\0') {
        replace(&run->reason, "interrupted");
    }
    if (soak->spec.lines)
        soak_print_run(soak);
}

const char *
soak_stranger(const struct soak *soak)
{
    return soak->len > 0 ? soak->runs[soak->len - 1].stranger : NULL;
}

void
soak_stop(struct soak *soak, const char *why)
{
    replace(&soak->stopped, why);
}

bool
soak_counts(const struct soak_run *run)
{
    return !run->interrupted || run->verdict == VERDICT_PASS ||
           run->verdict == VERDICT_FAIL;
}

static void
count(const struct soak_run *run, struct soak_sum *sum)
{
    size_t *const counters[VERDICTS] = {
        [VERDICT_PENDING] = &sum->errors, [VERDICT_PASS] = &sum->passed,
        [VERDICT_FAIL] = &sum->failed,    [VERDICT_ERROR] = &sum->errors,
        [VERDICT_SKIP] = &sum->skipped,   [VERDICT_UNDECIDED] = &sum->errors,
    };

    sum->runs++;
    ++*counters[run->verdict];
}

void
soak_add_up(const struct soak *soak, const char *name, struct soak_sum *sum)
{
    double *numbers = xcalloc(soak->len + 1, sizeof *numbers);

    *sum = (struct soak_sum){ .runs = 0 };
    for (size_t i = 0; i < soak->len; i++)
        if (soak_counts(&soak->runs[i]) &&
            (name == NULL || strcmp(name, soak->runs[i].name) == 0))
            count(&soak->runs[i], sum);
    for (size_t m = 0; m < SOAK_MEASURES; m++) {
        size_t len = 0;

        for (size_t i = 0; i < soak->len; i++)
            if (soak_counts(&soak->runs[i]) &&
                (name == NULL || strcmp(name, soak->runs[i].name) == 0) &&
                soak->runs[i].measures[m] >= 0)
                numbers[len++] = soak->runs[i].measures[m];
        spread_take(numbers, len, &sum->measures[m]);
    }
    free(numbers);
}

double
soak_rate(const struct soak_sum *sum)
{
    size_t judged = sum->runs - sum->skipped;

    return judged > 0 ? (double)sum->passed / (double)judged : -1;
}
