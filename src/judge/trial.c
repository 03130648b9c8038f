/*
 * trial.c - one action being judged: its life, and what it is told.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/trial.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "judge/trial-priv.h"
#include "match/pattern.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"

static size_t
count_patterns(struct pattern *const *patterns)
{
    size_t n = 0;

    while (patterns != NULL && patterns[n] != NULL)
        n++;
    return n;
}

static void
add_check(struct trial *trial, char *demand)
{
    trial->checks[trial->checks_len++] = (struct check){
        .demand = demand,
        .verdict = VERDICT_PENDING,
        .row = FACT_NO_ROW,
    };
}

static void
add_checks(struct trial *trial)
{
    const struct action *action = trial->spec.action;
    size_t n;

    trial->rejects = count_patterns(action->rejects);
    trial->expects = count_patterns(action->expects);
    trial->unwanted = action->unwanted.len;
    n = trial->rejects + trial->expects + trial->unwanted + action->wanted.len;
    trial->checks = xcalloc(n, sizeof *trial->checks);
    for (size_t i = 0; i < trial->rejects; i++)
        add_check(trial, xasprintf("no line like '%s'",
                                   pattern_text(action->rejects[i])));
    for (size_t i = 0; i < trial->expects; i++)
        add_check(trial, xasprintf("a line like '%s'",
                                   pattern_text(action->expects[i])));
    for (size_t i = 0; i < trial->unwanted; i++) {
        char *text = condition_describe(&action->unwanted.items[i]);

        add_check(trial, xasprintf("not: %s", text));
        free(text);
    }
    for (size_t i = 0; i < action->wanted.len; i++)
        add_check(trial, condition_describe(&action->wanted.items[i]));
}

struct trial *
trial_new(const struct trial_spec *spec, uint64_t at_us)
{
    struct trial *trial = xcalloc(1, sizeof *trial);
    const struct action *action = spec->action;
    uint64_t limit_ms = action->within.value;

    trial->spec = *spec;
    trial->began_us = at_us;
    trial->status = -1;
    if (action->kind == ACTION_WATCH)
        limit_ms = action->lasts.value;
    if (limit_ms > 0)
        trial->deadline_us = at_us + limit_ms * 1000;
    add_checks(trial);
    trial->baseline = xcalloc(action->wanted.len, sizeof *trial->baseline);
    trial->has_baseline =
        xcalloc(action->wanted.len, sizeof *trial->has_baseline);
    for (size_t i = 0; i < action->wanted.len; i++) {
        const struct fact_value *value =
            facts_get(spec->facts, action->wanted.items[i].fact);

        trial->has_baseline[i] = value != NULL && value->is_number;
        trial->baseline[i] = trial->has_baseline[i] ? value->number : 0;
    }
    return trial;
}

void
trial_free(struct trial *trial)
{
    if (trial == NULL)
        return;
    for (size_t i = 0; i < trial->checks_len; i++) {
        free(trial->checks[i].demand);
        free(trial->checks[i].seen);
    }
    free(trial->checks);
    free(trial->baseline);
    free(trial->has_baseline);
    free(trial->reason);
    free(trial);
}

void
trial_submitted(struct trial *trial, uint64_t at_us)
{
    trial->submitted = true;
    trial->submitted_us = at_us;
    trial->echoed = trial->prompted = false;
    trial_judge(trial, at_us);
}

void
trial_echoed(struct trial *trial, uint64_t at_us)
{
    trial->echoed = true;
    trial_judge(trial, at_us);
}

/*
 * Neither yes nor no: a reject might have matched, an expect might have not.
 * Whoever wrote the pattern has to mend it.
 */
static bool
finds(struct trial *trial, const struct pattern *pattern,
      const struct line_event *line, struct span *span)
{
    enum pattern_result found =
        pattern_find(pattern, line->text, line->len, span);

    if (found == PATTERN_LIMIT)
        trial_decide(trial, line->at_us, VERDICT_ERROR,
                     "the pattern '%s' took too many steps",
                     pattern_text(pattern));
    return found == PATTERN_YES;
}

static void
settle_span(struct check *check, enum verdict verdict,
            const struct line_event *line, const struct span *span)
{
    trial_settle(check, verdict, line->at_us, line->row, line->text);
    check->start = span->start;
    check->end = span->end;
}

static void
match_checks(struct trial *trial, const struct line_event *line)
{
    const struct action *action = trial->spec.action;
    struct check *check = trial->checks;
    struct span span;

    for (size_t i = 0; i < trial->rejects; i++, check++) {
        if (!finds(trial, action->rejects[i], line, &span))
            continue;
        settle_span(check, VERDICT_FAIL, line, &span);
        trial_decide(trial, line->at_us, VERDICT_FAIL, "it printed: %s",
                     line->text);
        return;
    }
    for (size_t i = 0; i < trial->expects; i++, check++)
        if (check->verdict != VERDICT_PASS &&
            finds(trial, action->expects[i], line, &span))
            settle_span(check, VERDICT_PASS, line, &span);
}

/* What is typed, and so needs a prompt. */
static bool
is_typed(const struct trial *trial)
{
    enum action_kind kind = trial->spec.action->kind;

    return kind == ACTION_SEND || kind == ACTION_KEY || kind == ACTION_POLL;
}

void
trial_line(struct trial *trial, const struct line_event *line)
{
    bool echoes = is_typed(trial) && trial->spec.action->kind != ACTION_KEY;

    if (trial->verdict != VERDICT_PENDING || line->tag != LINE_OUTPUT)
        return;
    /* Output from before our command proves nothing about it. */
    if (echoes && !trial->echoed)
        return;
    match_checks(trial, line);
    trial_judge(trial, line->at_us);
}

void
trial_prompt(struct trial *trial, uint64_t at_us, int status)
{
    if (!trial->submitted)
        return;
    trial->prompted = true;
    trial->status = status;
    trial_judge(trial, at_us);
}

void
trial_facts(struct trial *trial, uint64_t at_us)
{
    trial_judge(trial, at_us);
}

void
trial_ended(struct trial *trial, uint64_t at_us, bool lost, const char *reason)
{
    const char *between = *reason != '\0' ? ": " : "";
    const struct script_console *console = trial->spec.action->console;
    const char *name = console != NULL ? console->name : "it";

    if (lost && *reason == '\0')
        trial_decide(trial, at_us, VERDICT_ERROR,
                     "%s: its shell ended, and no step made it end", name);
    else if (lost)
        trial_decide(trial, at_us, VERDICT_ERROR, "%s: the link was lost: %s",
                     name, reason);
    else if (trial->spec.ends_link && trial->submitted &&
             trial_all_expected(trial))
        trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
    else
        trial_decide(trial, at_us, VERDICT_FAIL,
                     "%s: the far end ended the connection%s%s", name, between,
                     reason);
}

static void
take_output(void *ctx, const struct line_event *line)
{
    struct trial *trial = ctx;

    if (trial->verdict == VERDICT_PENDING)
        match_checks(trial, line);
}

void
trial_probed(struct trial *trial, uint64_t at_us, const char *error, int status,
             const char *output, size_t len, bool cut)
{
    const struct action *action = trial->spec.action;
    size_t looks = trial->rejects + trial->expects + action->readers.len;

    if (error != NULL) {
        trial_decide(trial, at_us, VERDICT_ERROR, "%s", error);
        return;
    }
    output_lines(output, len, at_us, take_output, trial);
    if (cut && looks > 0)
        trial_decide(trial, at_us, VERDICT_ERROR,
                     "more than 1 MiB of output: not all of it was read");
    trial->prompted = true;
    trial->status = status;
    trial_judge(trial, at_us);
}

/* The first demand that was not met, but for those that nothing may meet. */
static struct check *
first_open(const struct trial *trial)
{
    size_t expects = trial->rejects + trial->expects;

    for (size_t i = trial->rejects; i < trial->checks_len; i++)
        if (trial->checks[i].verdict == VERDICT_PENDING &&
            (i < expects || i >= expects + trial->unwanted))
            return &trial->checks[i];
    return NULL;
}

/* What was missing when the time was over. */
static void
time_is_over(struct trial *trial)
{
    double seconds = (double)(trial->deadline_us - trial->began_us) / 1e6;
    uint64_t at_us = trial->deadline_us;
    struct check *open = first_open(trial);

    if (is_typed(trial) && !trial->submitted) {
        /* What was to be tested never got its command. */
        trial_decide(trial, at_us, VERDICT_ERROR,
                     "nothing was typed: no prompt to type at within %g s",
                     seconds);
    } else if (open != NULL) {
        open->verdict = VERDICT_FAIL;
        open->at_us = at_us;
        trial_decide(trial, at_us, VERDICT_FAIL,
                     "expected %s within %g s; seen %s", open->demand, seconds,
                     open->seen != NULL ? open->seen : "nothing of it");
    } else if (trial->spec.action->kind == ACTION_PROBE) {
        trial_decide(trial, at_us, VERDICT_FAIL, "it did not end within %g s",
                     seconds);
    } else {
        trial_decide(trial, at_us, VERDICT_FAIL,
                     "the prompt did not come back within %g s", seconds);
    }
}

void
trial_time(struct trial *trial, uint64_t at_us)
{
    if (trial->verdict != VERDICT_PENDING || trial->deadline_us == 0 ||
        trial->held_us != 0 || at_us < trial->deadline_us)
        return;
    if (trial->spec.action->kind == ACTION_WATCH &&
        trial_look_at_wanted(trial, trial->deadline_us))
        trial_decide(trial, trial->deadline_us, VERDICT_PASS, "%s", "");
    else
        time_is_over(trial);
}

void
trial_hold(struct trial *trial, uint64_t at_us)
{
    if (trial->held_us == 0)
        trial->held_us = at_us;
}

void
trial_release(struct trial *trial, uint64_t at_us)
{
    if (trial->held_us == 0)
        return;
    if (trial->deadline_us != 0)
        trial->deadline_us += at_us - trial->held_us;
    trial->held_us = 0;
}

void
trial_disturb(struct trial *trial)
{
    trial->disturbed = true;
}

void
trial_extend(struct trial *trial, uint64_t more_us)
{
    if (trial->deadline_us != 0)
        trial->deadline_us += more_us;
}

uint64_t
trial_deadline_us(const struct trial *trial)
{
    return trial->deadline_us;
}

void
trial_close(struct trial *trial, uint64_t at_us, enum verdict verdict,
            const char *reason)
{
    trial_decide(trial, at_us, verdict, "%s", reason);
}

uint64_t
trial_due_us(const struct trial *trial)
{
    return trial->verdict == VERDICT_PENDING && trial->held_us == 0
               ? trial->deadline_us
               : 0;
}

enum verdict
trial_verdict(const struct trial *trial)
{
    return trial->verdict;
}

const char *
trial_reason(const struct trial *trial)
{
    return trial->reason != NULL ? trial->reason : "";
}

uint64_t
trial_decided_us(const struct trial *trial)
{
    return trial->decided_us;
}

const struct check *
trial_checks(const struct trial *trial, size_t *len)
{
    *len = trial->checks_len;
    return trial->checks;
}
