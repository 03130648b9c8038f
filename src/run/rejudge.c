/*
 * rejudge.c - a run judged again.
 *
 * Journal and recordings share one clock whose stamps are all different, so
 * that merging them by time gives the one order in which it all happened.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/rejudge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/cast.h"
#include "io/link.h"
#include "journal/journal.h"
#include "judge/output.h"
#include "judge/trial.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/diagnosis.h"
#include "run/hearing.h"
#include "run/outcome.h"
#include "run/rundir.h"

/* The recording of one console, and its next event. */
struct track {
    const struct script_console *console;
    struct cast_reader *cast;
    struct cast_event event;
    bool has_event;
};

struct rejudge {
    const struct rundir *rundir;
    struct script *script;
    struct hearing *hearing;
    struct track *tracks; /* one a console of the script */
    struct rejudged *out;
    struct outcome outcome;
    enum verdict step_now; /* of the step at hand */
    char *step_reason;
    size_t step;   /* at hand, from 1; 0: none */
    struct early { /* one a step: actions that fired before its turn */
        enum verdict verdict;
        char *reason;
    } * early;
    size_t number; /* of the record at hand, from 1 */
    struct err *err;
    bool ok;
};

static bool wrong(struct rejudge *re, const char *fmt, ...) PRINTF(2, 3);

/* The journal is not what a run writes; false. */
static bool
wrong(struct rejudge *re, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    err_set(re->err, ERR_FILE, "%s: record %zu: %s", JOURNAL_NAME, re->number,
            text);
    free(text);
    re->ok = false;
    return false;
}

static bool
next_event(struct rejudge *re, struct track *track)
{
    int got = cast_next(track->cast, &track->event, re->err);

    track->has_event = got > 0;
    if (got < 0)
        re->ok = false;
    return track->has_event;
}

static bool
open_tracks(struct rejudge *re)
{
    re->tracks = xcalloc(re->script->consoles_len, sizeof *re->tracks);
    for (size_t i = 0; i < re->script->consoles_len; i++) {
        struct track *track = &re->tracks[i];
        struct cast_header header;
        char *path;

        track->console = &re->script->consoles[i];
        path = xasprintf("%s/panes/%s.cast", re->rundir->path,
                         track->console->name);
        if (access(path, F_OK) == 0) {
            track->cast = cast_reader_new(path, &header, re->err);
            if (track->cast == NULL)
                re->ok = false;
            else
                next_event(re, track);
        }
        free(path);
    }
    return re->ok;
}

/* The track whose next event is the oldest of all before at_us; or NULL. */
static struct track *
oldest(struct rejudge *re, uint64_t at_us)
{
    struct track *found = NULL;

    for (size_t i = 0; i < re->script->consoles_len; i++) {
        struct track *track = &re->tracks[i];

        if (track->has_event && track->event.at_us < at_us &&
            (found == NULL || track->event.at_us < found->event.at_us))
            found = track;
    }
    return found;
}

/* All that the consoles showed before at_us. */
static void
play_until(struct rejudge *re, uint64_t at_us)
{
    struct track *track;

    while (re->ok && (track = oldest(re, at_us)) != NULL) {
        if (track->event.code == 'o')
            hearing_bytes(re->hearing, track->console->name, track->event.at_us,
                          (const uint8_t *)track->event.text, track->event.len);
        next_event(re, track);
    }
    hearing_time(re->hearing, at_us);
}

/* The action a journal's "where" names: s3.a1, s3.u1, salvage.2; or NULL. */
static const struct action *
action_at(const struct rejudge *re, const char *where, bool *of_step)
{
    const struct tcase *tcase = re->script->tcase;
    const struct step *steps = tcase->steps.items;
    const struct conf_list *list = NULL;
    unsigned step, n;
    int len = 0;
    char kind;

    *of_step = false;
    if (sscanf(where, "s%u.%c%u%n", &step, &kind, &n, &len) == 3 && step >= 1 &&
        step <= tcase->steps.len && (kind == 'a' || kind == 'u')) {
        list = kind == 'u' ? &steps[step - 1].undo : &steps[step - 1].actions;
        *of_step = kind == 'a';
    } else if (sscanf(where, "salvage.%u%n", &n, &len) == 1) {
        list = &tcase->salvage;
    }
    if (list == NULL || where[len] != '\0' || n < 1 || n > list->len)
        return NULL;
    return &((const struct action *)list->items)[n - 1];
}

/* Its console; NULL when the script has none of that name. */
static const char *
pane_of(struct rejudge *re, const struct record *record)
{
    const char *pane = record_get(record, "pane");

    if (hearing_has_console(re->hearing, pane))
        return pane;
    wrong(re, "%s: there is no console \"%s\"", record_event(record), pane);
    return NULL;
}

/* Its action, which must be under trial, or not; else NULL. */
static const struct action *
action_of(struct rejudge *re, const struct record *record, bool on_trial)
{
    const char *where = record_get(record, "where");
    bool of_step;
    const struct action *action = action_at(re, where, &of_step);

    if (action == NULL)
        wrong(re, "%s: there is no action \"%s\"", record_event(record), where);
    else if ((hearing_trial(re->hearing, action) != NULL) == on_trial)
        return action;
    else
        wrong(re, "%s: action %s %s", record_event(record), where,
              on_trial ? "has not begun" : "has begun before");
    return NULL;
}

/* Seconds as microseconds; 30 years are more than any run has. */
static bool
take_us(struct rejudge *re, const struct record *record, const char *key,
        uint64_t *us)
{
    double seconds = record_get_number(record, key, 0);

    if (!(seconds >= 0 && seconds <= 1e9))
        return wrong(re, "%s: %s is no time", record_event(record), key);
    *us = (uint64_t)(seconds * 1e6 + 0.5);
    return true;
}

static void
hear_link(struct rejudge *re, const struct record *record)
{
    const char *state = record_get(record, "state");
    const char *pane = pane_of(re, record);

    for (int i = LINK_CONNECTING; pane != NULL && i <= LINK_CLOSED; i++)
        if (strcmp(link_state_name((enum link_state)i), state) == 0)
            hearing_link(re->hearing, pane, record_at_us(record),
                         (enum link_state)i, record_get_bool(record, "ours"),
                         record_get(record, "reason"));
}

static void
hear_set_up(struct rejudge *re, const struct record *record)
{
    const char *pane = pane_of(re, record);
    uint64_t until_us;

    if (pane != NULL && take_us(re, record, "until", &until_us))
        hearing_set_up(re->hearing, pane, record_at_us(record), until_us);
}

static void
hear_pressed(struct rejudge *re, const struct record *record)
{
    const char *pane = pane_of(re, record);

    if (pane != NULL)
        hearing_pressed(re->hearing, pane, record_at_us(record));
}

static void
hear_human(struct rejudge *re, const struct record *record)
{
    const char *pane = pane_of(re, record);

    if (pane != NULL)
        free(hearing_human(re->hearing, pane, record_at_us(record),
                           (size_t)record_get_int(record, "bytes", 0),
                           record_get_bool(record, "ends_line")));
}

static void
hear_resize(struct rejudge *re, const struct record *record)
{
    const char *pane = pane_of(re, record);
    int64_t cols = record_get_int(record, "cols", 0);
    int64_t rows = record_get_int(record, "rows", 0);

    if (pane != NULL && cols > 0 && cols <= UINT16_MAX && rows > 0 &&
        rows <= UINT16_MAX)
        hearing_resize(re->hearing, pane, record_at_us(record), (uint16_t)cols,
                       (uint16_t)rows);
}

static void
hear_begin(struct rejudge *re, const struct record *record)
{
    const struct action *action = action_of(re, record, false);

    if (action != NULL)
        (void)hearing_begin(re->hearing, action, record_at_us(record));
}

static void
hear_typed(struct rejudge *re, const struct record *record)
{
    const struct action *action = action_of(re, record, true);

    if (action == NULL)
        return;
    if (action->kind == ACTION_SEND || action->kind == ACTION_POLL ||
        action->kind == ACTION_KEY)
        hearing_typed(re->hearing, action, record_at_us(record));
    else
        wrong(re, "a %s types nothing", action_kinds[action->kind].name);
}

static void
hear_probe(struct rejudge *re, const struct record *record)
{
    const struct action *action = action_of(re, record, true);
    const char *error =
        record_has(record, "error") ? record_get(record, "error") : NULL;
    const char *output = record_get(record, "output");

    if (action == NULL)
        return;
    if (action->kind == ACTION_PROBE)
        hearing_probed(re->hearing, action, record_at_us(record), error,
                       (int)record_get_int(record, "status", -1), output,
                       strlen(output), record_get_bool(record, "cut"));
    else
        wrong(re, "a %s is no probe", action_kinds[action->kind].name);
}

static void
hear_extend(struct rejudge *re, const struct record *record)
{
    const struct action *action = action_of(re, record, true);
    uint64_t more_us;

    if (action != NULL && take_us(re, record, "seconds", &more_us))
        hearing_extend(re->hearing, action, record_at_us(record), more_us);
}

/* A command that a human changed before it was typed. */
static void
hear_edit(struct rejudge *re, const struct record *record)
{
    const struct action *action = action_of(re, record, false);

    if (action != NULL)
        script_edit(re->script, action, record_get(record, "text"));
}

static void
hear_hand(struct rejudge *re, const struct record *record)
{
    outcome_by_hand(&re->outcome, (size_t)record_get_int(record, "step", 0),
                    verdict_of_name(record_get(record, "verdict")),
                    record_get(record, "comment"));
}

/* What broke is not in the recordings: it is taken as it was. */
static void
hear_trouble(struct rejudge *re, const struct record *record)
{
    outcome_trouble(&re->outcome, record_has(record, "reason")
                                      ? record_get(record, "reason")
                                      : NULL);
}

static void
add_change(struct rejudge *re, const char *where, enum verdict then,
           enum verdict now, const char *reason)
{
    struct rejudged *out = re->out;

    if (then == now)
        return;
    out->changes =
        xgrow(out->changes, out->len, &out->cap, sizeof *out->changes);
    out->changes[out->len++] = (struct rejudge_change){
        .where = xstrdup(where),
        .then = then,
        .now = now,
        .reason = output_plain(reason, strlen(reason)), /* of a file */
    };
}

/*
 * The verdict of a step's action: the step at hand's, or of one to come, whose
 * action fired before its turn.
 */
static void
take_verdict(struct rejudge *re, const char *where, enum verdict now,
             const char *reason)
{
    size_t step = strtoul(where + 1, NULL, 10);
    bool early = step != re->step;
    enum verdict *verdict =
        early ? &re->early[step - 1].verdict : &re->step_now;
    char **why = early ? &re->early[step - 1].reason : &re->step_reason;

    if (*verdict == VERDICT_FAIL || *verdict == VERDICT_ERROR)
        return;
    *verdict = verdict_join(*verdict, now);
    free(*why);
    *why = xstrdup(reason);
}

/*
 * The live run went on here. A trial that is still open is not proven by the
 * recording; one that was ended from outside (an interlock, an interrupt) is
 * taken as it was: the recording cannot show it.
 */
static void
hear_end(struct rejudge *re, const struct record *record)
{
    const char *where = record_get(record, "where");
    enum verdict then = verdict_of_name(record_get(record, "verdict")), now;
    const struct action *action = action_of(re, record, true);
    const struct trial *trial;
    bool of_step;

    if (action == NULL)
        return;
    (void)action_at(re, where, &of_step);
    if (!record_get_bool(record, "given"))
        hearing_close(re->hearing, action, record_at_us(record), VERDICT_FAIL,
                      "the recording does not prove it");
    else if (then != VERDICT_PASS && then != VERDICT_PENDING)
        hearing_close(re->hearing, action, record_at_us(record), then,
                      record_get(record, "reason"));
    if (trial_verdict(hearing_trial(re->hearing, action)) == VERDICT_PENDING) {
        wrong(re, "action %s: nobody is given a pass", where);
        return;
    }
    trial = hearing_trial(re->hearing, action);
    now = trial_verdict(trial);
    add_change(re, where, then, now, trial_reason(trial));
    if (of_step)
        take_verdict(re, where, now, trial_reason(trial));
    hearing_end(re->hearing, action);
}

static void
hear_step_begin(struct rejudge *re, const struct record *record)
{
    size_t step = (size_t)record_get_int(record, "step", 0);
    struct early none = { VERDICT_PENDING, NULL }, *early = &none;

    if (step >= 1 && step <= re->script->tcase->steps.len)
        early = &re->early[step - 1];
    re->step = step;
    re->step_now = early->verdict;
    free(re->step_reason);
    re->step_reason = early->reason;
    *early = (struct early){ VERDICT_PENDING, NULL };
}

/* A step without a trial (skipped, stopped before its first) stays as it was.
 */
static void
hear_step_end(struct rejudge *re, const struct record *record)
{
    enum verdict then = verdict_of_name(record_get(record, "verdict"));
    bool judged = re->step_now != VERDICT_PENDING && then != VERDICT_ERROR;
    const char *reason = judged && re->step_reason != NULL
                             ? re->step_reason
                             : record_get(record, "reason");

    outcome_step(&re->outcome, (size_t)record_get_int(record, "step", 0),
                 judged ? re->step_now : then, reason);
}

static void
hear_verdict(struct rejudge *re, const struct record *record)
{
    struct rejudged *out = re->out;

    record_free(out->verdict);
    out->verdict =
        outcome_record(&re->outcome, re->script, re->hearing, &out->now);
    out->then = verdict_of_name(record_get(record, "verdict"));
    add_change(re, "run", out->then, out->now,
               record_get(out->verdict, "reason"));
}

static void
hear_symptoms(struct rejudge *re, const struct record *record)
{
    (void)record;
    record_free(re->out->symptoms);
    re->out->symptoms = diagnosis_record(re->hearing);
}

static const struct {
    const char *event;
    void (*hear)(struct rejudge *re, const struct record *record);
} rows[] = {
    { "link", hear_link },         { "set-up", hear_set_up },
    { "pressed", hear_pressed },   { "action.begin", hear_begin },
    { "typed", hear_typed },       { "probe", hear_probe },
    { "action.end", hear_end },    { "step.begin", hear_step_begin },
    { "step.end", hear_step_end }, { "verdict", hear_verdict },
    { "human", hear_human },       { "extend", hear_extend },
    { "edit", hear_edit },         { "hand", hear_hand },
    { "trouble", hear_trouble },   { "resize", hear_resize },
    { "symptoms", hear_symptoms },
};

static void
hear(struct rejudge *re, const struct record *record)
{
    const struct hearing_sink nobody = { .ctx = NULL };

    uint64_t at_us;

    if (!take_us(re, record, "t", &at_us))
        return;
    if (re->hearing == NULL && strcmp(record_event(record), "run.start") != 0) {
        wrong(re, "a run begins with run.start, not \"%s\"",
              record_event(record));
        return;
    }
    if (re->hearing == NULL) { /* run.start comes first: it has the nonce */
        re->hearing =
            hearing_new(re->script, record_get(record, "nonce"), &nobody);
        outcome_init(&re->outcome, re->script->tcase->steps.len);
        re->early = xcalloc(re->script->tcase->steps.len, sizeof *re->early);
        return;
    }
    play_until(re, record_at_us(record));
    for (size_t i = 0; re->ok && i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].event, record_event(record)) == 0)
            rows[i].hear(re, record);
}

static bool
hear_journal(struct rejudge *re)
{
    struct journal_reader *reader = journal_read(re->rundir->fd, re->err);
    struct record *record;

    if (reader == NULL)
        return false;
    re->err->kind = ERR_NONE;
    while (re->ok && (record = journal_next(reader, re->err)) != NULL) {
        bool over = strcmp(record_event(record), "verdict") == 0;

        re->number++;
        hear(re, record);
        record_free(record);
        if (over)
            break; /* what teardown does is not judged */
    }
    journal_reader_free(reader);
    return re->ok && re->err->kind == ERR_NONE;
}

bool
rejudge_run(const struct rundir *rundir, struct rejudged *out,
            struct diags *diags, struct err *err)
{
    struct rejudge re = {
        .rundir = rundir, .out = out, .err = err, .ok = true
    };
    bool ok = false;

    *out = (struct rejudged){ .then = VERDICT_PENDING };
    re.script = script_load_run(rundir->path, diags);
    if (re.script == NULL)
        return err_set(err, ERR_FILE, "the run's script cannot be read");
    ok = open_tracks(&re) && hear_journal(&re);
    if (ok && out->verdict == NULL)
        ok = err_set(err, ERR_FILE,
                     "the run has no verdict: it did not come to its end");
    for (size_t i = 0; re.tracks != NULL && i < re.script->consoles_len; i++)
        cast_reader_free(re.tracks[i].cast);
    free(re.tracks);
    for (size_t i = 0; re.early != NULL && i < re.script->tcase->steps.len; i++)
        free(re.early[i].reason);
    free(re.early);
    free(re.step_reason);
    outcome_fini(&re.outcome);
    hearing_free(re.hearing);
    script_free(re.script);
    return ok;
}

void
rejudged_fini(struct rejudged *rejudged)
{
    for (size_t i = 0; i < rejudged->len; i++) {
        free(rejudged->changes[i].where);
        free(rejudged->changes[i].reason);
    }
    free(rejudged->changes);
    record_free(rejudged->symptoms);
    record_free(rejudged->verdict);
    *rejudged = (struct rejudged){ .then = VERDICT_PENDING };
}
