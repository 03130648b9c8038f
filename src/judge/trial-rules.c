/*
 * trial-rules.c - what each kind of action waits for, and when it is decided.
 *
 * The order is LAVA's: what is rejected is looked at first; where something
 * is expected and only the prompt comes back, that is a fail. What each kind
 * of action waits for stands in the table `rules`.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/demand.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "judge/trial-priv.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"

void
trial_decide(struct trial *trial, uint64_t at_us, enum verdict verdict,
             const char *fmt, ...)
{
    va_list ap;
    char *said;

    if (trial->verdict != VERDICT_PENDING)
        return;
    trial->verdict = verdict;
    trial->decided_us = at_us;
    va_start(ap, fmt);
    said = xvasprintf(fmt, ap);
    va_end(ap);
    /* Far ends and journals have words in it, and it goes to a terminal. */
    trial->reason = output_plain(said, strlen(said));
    free(said);
    if (verdict == VERDICT_FAIL && trial->spec.of_lab)
        trial->verdict = VERDICT_ERROR;
    if (verdict == VERDICT_FAIL && trial->disturbed) {
        char *why = xasprintf("somebody typed in between: %s", trial->reason);

        trial->verdict = VERDICT_ERROR;
        free(trial->reason);
        trial->reason = why;
    }
}

void
trial_settle(struct check *check, enum verdict verdict, uint64_t at_us,
             uint64_t row, const char *seen)
{
    free(check->seen);
    check->seen = seen != NULL ? xstrdup(seen) : NULL;
    check->verdict = verdict;
    check->at_us = at_us;
    check->row = row;
    check->start = check->end = 0;
}

/*
 * Growth is measured from the trial's beginning; a counter that was not known
 * then counts from 0.
 */
static bool
holds(const struct trial *trial, size_t n, const struct condition *condition,
      const struct fact_value *value)
{
    bool counted = n != SIZE_MAX && trial->has_baseline[n];

    return demand_holds(condition, value, counted ? trial->baseline[n] : 0);
}

/*
 * The value a condition is about. A poll asks anew each time: an older answer
 * must not decide.
 */
static const struct fact_value *
value_for(const struct trial *trial, const struct condition *condition)
{
    const struct fact_value *value =
        facts_get(trial->spec.facts, condition->fact);

    if (value != NULL && trial->spec.action->kind == ACTION_POLL &&
        value->at_us < trial->submitted_us)
        return NULL;
    return value;
}

static bool
look_at_unwanted(struct trial *trial, uint64_t at_us)
{
    const struct conditions *unwanted = &trial->spec.action->unwanted;
    struct check *checks = trial->checks + trial->rejects + trial->expects;

    for (size_t i = 0; i < unwanted->len; i++) {
        const struct fact_value *value = value_for(trial, &unwanted->items[i]);

        if (value == NULL ||
            !holds(trial, SIZE_MAX, &unwanted->items[i], value))
            continue;
        trial_settle(&checks[i], VERDICT_FAIL, at_us, value->row, value->text);
        trial_decide(trial, at_us, VERDICT_FAIL, "%s is %s",
                     unwanted->items[i].fact, value->text);
        return false;
    }
    return true;
}

bool
trial_look_at_wanted(struct trial *trial, uint64_t at_us)
{
    const struct conditions *wanted = &trial->spec.action->wanted;
    struct check *checks =
        trial->checks + trial->rejects + trial->expects + trial->unwanted;
    bool all = true;

    for (size_t i = 0; i < wanted->len; i++) {
        const struct fact_value *value = value_for(trial, &wanted->items[i]);
        bool good = value != NULL && holds(trial, i, &wanted->items[i], value);

        if (value != NULL)
            trial_settle(&checks[i], good ? VERDICT_PASS : VERDICT_PENDING,
                         at_us, value->row, value->text);
        all = all && good;
    }
    return all;
}

bool
trial_all_expected(const struct trial *trial)
{
    for (size_t i = 0; i < trial->expects; i++)
        if (trial->checks[trial->rejects + i].verdict != VERDICT_PASS)
            return false;
    return true;
}

/* The first expected pattern that has not come. */
static const char *
first_missing(const struct trial *trial)
{
    for (size_t i = 0; i < trial->expects; i++)
        if (trial->checks[trial->rejects + i].verdict != VERDICT_PASS)
            return trial->checks[trial->rejects + i].demand;
    return "nothing";
}

/* The status that must come; false when any will do. */
static bool
wants_status(const struct trial *trial, int *status)
{
    const struct action *action = trial->spec.action;

    if (action->want_status == ACTION_STATUS_ANY)
        return false;
    if (action->want_status == ACTION_STATUS_DEFAULT && trial->expects > 0)
        return false; /* what is expected decides */
    *status = action->want_status >= 0 ? action->want_status : 0;
    return true;
}

const char *
trial_status_trouble(int status)
{
    return status == 127   ? "the command is not there"
           : status == 126 ? "the command cannot be run"
                           : NULL;
}

/* What a shell says where the lab lacks a program, unless it was asked for. */
static bool
lacks_program(struct trial *trial, uint64_t at_us)
{
    const char *trouble = trial_status_trouble(trial->status);

    if (trouble == NULL || trial->spec.action->want_status == trial->status)
        return false;
    trial_decide(trial, at_us, VERDICT_ERROR, "exit status %d: %s",
                 trial->status, trouble);
    return true;
}

/* The prompt or the end came without all that was expected. */
static void
judge_missing(struct trial *trial, uint64_t at_us, const char *how)
{
    if (!lacks_program(trial, at_us))
        trial_decide(trial, at_us, VERDICT_FAIL, "%s %s", how,
                     first_missing(trial));
}

static void
judge_status(struct trial *trial, uint64_t at_us)
{
    const struct action *action = trial->spec.action;
    bool known = trial->status >= 0;
    int want;

    if (!wants_status(trial, &want) || trial->status == want)
        trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
    else if (!known &&
             (action->want_status >= 0 || action->kind == ACTION_PROBE))
        trial_decide(trial, at_us, VERDICT_UNDECIDED,
                     "the exit status is not known");
    else if (!known) /* a monitor's commands have none */
        trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
    else if (!lacks_program(trial, at_us))
        trial_decide(trial, at_us, VERDICT_FAIL, "exit status %d, not %d",
                     trial->status, want);
}

/*
 * A prompt without the command's echo: its output was never told from what
 * stood there before, so nothing that was expected or rejected is known.
 */
static bool
echo_was_missed(struct trial *trial, uint64_t at_us)
{
    if (!trial->prompted || trial->echoed ||
        trial->rejects + trial->expects == 0)
        return false;
    trial_decide(
        trial, at_us, VERDICT_ERROR,
        "the command's echo was never seen, so its output is not known");
    return true;
}

/* send: the prompt ends it; without a prompt, what is expected or the echo. */
static void
judge_send(struct trial *trial, uint64_t at_us)
{
    if (trial->spec.ends_link)
        return; /* trial_ended() decides */
    if (trial->spec.has_prompt) {
        if (!trial->prompted || echo_was_missed(trial, at_us))
            return;
        if (trial_all_expected(trial))
            judge_status(trial, at_us);
        else
            judge_missing(trial, at_us, "only the prompt came back, without");
        return;
    }
    if (trial->expects > 0 ? trial_all_expected(trial) : trial->echoed)
        trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
}

/* key: what is expected; else the prompt it leads to; else nothing. */
static void
judge_key(struct trial *trial, uint64_t at_us)
{
    bool leads = trial->spec.action->leaves.text != NULL ||
                 trial->spec.action->stack[0] != NULL;

    if (trial->spec.ends_link || !trial->submitted ||
        !trial_all_expected(trial))
        return;
    if (leads && trial->spec.has_prompt && !trial->prompted)
        return;
    trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
}

/* poll: facts, once the answer is whole; else the runner asks again. */
static void
judge_poll(struct trial *trial, uint64_t at_us)
{
    if (trial->prompted && !echo_was_missed(trial, at_us) &&
        look_at_unwanted(trial, at_us) && trial_look_at_wanted(trial, at_us))
        trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
}

static void
judge_wait(struct trial *trial, uint64_t at_us)
{
    if (trial_look_at_wanted(trial, at_us))
        trial_decide(trial, at_us, VERDICT_PASS, "%s", "");
}

static void
judge_watch(struct trial *trial, uint64_t at_us)
{
    trial_look_at_wanted(trial, at_us); /* shown meanwhile; its end decides */
}

static void
judge_probe(struct trial *trial, uint64_t at_us)
{
    if (!trial->prompted)
        return;
    if (trial_all_expected(trial))
        judge_status(trial, at_us);
    else
        judge_missing(trial, at_us, "the output has not");
}

/* Look whether it is decided, after anything happened. */
static void (*const rules[ACTION_KINDS])(struct trial *trial,
                                         uint64_t at_us) = {
    [ACTION_SEND] = judge_send,   [ACTION_KEY] = judge_key,
    [ACTION_POLL] = judge_poll,   [ACTION_WAIT] = judge_wait,
    [ACTION_WATCH] = judge_watch, [ACTION_PROBE] = judge_probe,
};

void
trial_judge(struct trial *trial, uint64_t at_us)
{
    if (trial->verdict == VERDICT_PENDING)
        rules[trial->spec.action->kind](trial, at_us);
}
