/*
 * trial.c - one action being judged.
 *
 * The order is LAVA's: what is rejected is looked at first; where something
 * is expected and only the prompt comes back, that is a fail. What each kind
 * of action waits for stands in the table `rules`.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/trial.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/demand.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "match/pattern.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"

struct trial {
    struct trial_spec spec;
    uint64_t began_us, deadline_us; /* deadline 0: none */
    uint64_t submitted_us;          /* 0: not yet */
    uint64_t held_us;               /* since when its time stands still; 0 */
    bool submitted, echoed, prompted;
    bool disturbed; /* a human typed in the middle of it */
    int status;
    struct check *checks; /* rejects, expects, unwanted, wanted, in order */
    size_t checks_len, rejects, expects, unwanted;
    double *baseline; /* of each wanted fact, when the trial began */
    bool *has_baseline;
    enum verdict verdict;
    uint64_t decided_us;
    char *reason;
};

static void decide(struct trial *trial, uint64_t at_us, enum verdict verdict,
                   const char *fmt, ...) PRINTF(4, 5);

static void
decide(struct trial *trial, uint64_t at_us, enum verdict verdict,
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

static void
settle(struct check *check, enum verdict verdict, uint64_t at_us, uint64_t row,
       const char *seen)
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
        settle(&checks[i], VERDICT_FAIL, at_us, value->row, value->text);
        decide(trial, at_us, VERDICT_FAIL, "%s is %s", unwanted->items[i].fact,
               value->text);
        return false;
    }
    return true;
}

static bool
look_at_wanted(struct trial *trial, uint64_t at_us)
{
    const struct conditions *wanted = &trial->spec.action->wanted;
    struct check *checks =
        trial->checks + trial->rejects + trial->expects + trial->unwanted;
    bool all = true;

    for (size_t i = 0; i < wanted->len; i++) {
        const struct fact_value *value = value_for(trial, &wanted->items[i]);
        bool good = value != NULL && holds(trial, i, &wanted->items[i], value);

        if (value != NULL)
            settle(&checks[i], good ? VERDICT_PASS : VERDICT_PENDING, at_us,
                   value->row, value->text);
        all = all && good;
    }
    return all;
}

static bool
all_expected(const struct trial *trial)
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
    decide(trial, at_us, VERDICT_ERROR, "exit status %d: %s", trial->status,
           trouble);
    return true;
}

/* The prompt or the end came without all that was expected. */
static void
judge_missing(struct trial *trial, uint64_t at_us, const char *how)
{
    if (!lacks_program(trial, at_us))
        decide(trial, at_us, VERDICT_FAIL, "%s %s", how, first_missing(trial));
}

static void
judge_status(struct trial *trial, uint64_t at_us)
{
    const struct action *action = trial->spec.action;
    bool known = trial->status >= 0;
    int want;

    if (!wants_status(trial, &want) || trial->status == want)
        decide(trial, at_us, VERDICT_PASS, "%s", "");
    else if (!known &&
             (action->want_status >= 0 || action->kind == ACTION_PROBE))
        decide(trial, at_us, VERDICT_UNDECIDED, "the exit status is not known");
    else if (!known) /* a monitor's commands have none */
        decide(trial, at_us, VERDICT_PASS, "%s", "");
    else if (!lacks_program(trial, at_us))
        decide(trial, at_us, VERDICT_FAIL, "exit status %d, not %d",
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
    decide(trial, at_us, VERDICT_ERROR,
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
        if (all_expected(trial))
            judge_status(trial, at_us);
        else
            judge_missing(trial, at_us, "only the prompt came back, without");
        return;
    }
    if (trial->expects > 0 ? all_expected(trial) : trial->echoed)
        decide(trial, at_us, VERDICT_PASS, "%s", "");
}

/* key: what is expected; else the prompt it leads to; else nothing. */
static void
judge_key(struct trial *trial, uint64_t at_us)
{
    bool leads = trial->spec.action->leaves.text != NULL ||
                 trial->spec.action->stack[0] != NULL;

    if (trial->spec.ends_link || !trial->submitted || !all_expected(trial))
        return;
    if (leads && trial->spec.has_prompt && !trial->prompted)
        return;
    decide(trial, at_us, VERDICT_PASS, "%s", "");
}

/* poll: facts, once the answer is whole; else the runner asks again. */
static void
judge_poll(struct trial *trial, uint64_t at_us)
{
    if (trial->prompted && !echo_was_missed(trial, at_us) &&
        look_at_unwanted(trial, at_us) && look_at_wanted(trial, at_us))
        decide(trial, at_us, VERDICT_PASS, "%s", "");
}

static void
judge_wait(struct trial *trial, uint64_t at_us)
{
    if (look_at_wanted(trial, at_us))
        decide(trial, at_us, VERDICT_PASS, "%s", "");
}

static void
judge_watch(struct trial *trial, uint64_t at_us)
{
    look_at_wanted(trial, at_us); /* shown meanwhile; its end decides */
}

static void
judge_probe(struct trial *trial, uint64_t at_us)
{
    if (!trial->prompted)
        return;
    if (all_expected(trial))
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

static void
judge(struct trial *trial, uint64_t at_us)
{
    if (trial->verdict == VERDICT_PENDING)
        rules[trial->spec.action->kind](trial, at_us);
}

void
trial_submitted(struct trial *trial, uint64_t at_us)
{
    trial->submitted = true;
    trial->submitted_us = at_us;
    trial->echoed = trial->prompted = false;
    judge(trial, at_us);
}

void
trial_echoed(struct trial *trial, uint64_t at_us)
{
    trial->echoed = true;
    judge(trial, at_us);
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
        decide(trial, line->at_us, VERDICT_ERROR,
               "the pattern '%s' took too many steps", pattern_text(pattern));
    return found == PATTERN_YES;
}

static void
settle_span(struct check *check, enum verdict verdict,
            const struct line_event *line, const struct span *span)
{
    settle(check, verdict, line->at_us, line->row, line->text);
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
        decide(trial, line->at_us, VERDICT_FAIL, "it printed: %s", line->text);
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
    judge(trial, line->at_us);
}

void
trial_prompt(struct trial *trial, uint64_t at_us, int status)
{
    if (!trial->submitted)
        return;
    trial->prompted = true;
    trial->status = status;
    judge(trial, at_us);
}

void
trial_facts(struct trial *trial, uint64_t at_us)
{
    judge(trial, at_us);
}

void
trial_ended(struct trial *trial, uint64_t at_us, bool lost, const char *reason)
{
    const char *between = *reason != '\0' ? ": " : "";
    const struct script_console *console = trial->spec.action->console;
    const char *name = console != NULL ? console->name : "it";

    if (lost && *reason == '\0')
        decide(trial, at_us, VERDICT_ERROR,
               "%s: its shell ended, and no step made it end", name);
    else if (lost)
        decide(trial, at_us, VERDICT_ERROR, "%s: the link was lost: %s", name,
               reason);
    else if (trial->spec.ends_link && trial->submitted && all_expected(trial))
        decide(trial, at_us, VERDICT_PASS, "%s", "");
    else
        decide(trial, at_us, VERDICT_FAIL,
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
        decide(trial, at_us, VERDICT_ERROR, "%s", error);
        return;
    }
    output_lines(output, len, at_us, take_output, trial);
    if (cut && looks > 0)
        decide(trial, at_us, VERDICT_ERROR,
               "more than 1 MiB of output: not all of it was read");
    trial->prompted = true;
    trial->status = status;
    judge(trial, at_us);
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
        decide(trial, at_us, VERDICT_ERROR,
               "nothing was typed: no prompt to type at within %g s", seconds);
    } else if (open != NULL) {
        open->verdict = VERDICT_FAIL;
        open->at_us = at_us;
        decide(trial, at_us, VERDICT_FAIL, "expected %s within %g s; seen %s",
               open->demand, seconds,
               open->seen != NULL ? open->seen : "nothing of it");
    } else if (trial->spec.action->kind == ACTION_PROBE) {
        decide(trial, at_us, VERDICT_FAIL, "it did not end within %g s",
               seconds);
    } else {
        decide(trial, at_us, VERDICT_FAIL,
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
        look_at_wanted(trial, trial->deadline_us))
        decide(trial, trial->deadline_us, VERDICT_PASS, "%s", "");
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
    decide(trial, at_us, verdict, "%s", reason);
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
