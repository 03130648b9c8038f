/* wizard-strip.c - the wizard in a few lines, for a small screen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "journal/record.h"
#include "judge/trial.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner.h"
#include "ui/page.h"
#include "ui/story.h"
#include "ui/telemetry.h"
#include "ui/wizard-priv.h"

static void
add_strip_command(struct page *page, const struct step *what, size_t at,
                  int lines)
{
    const struct action *actions = what->actions.items;
    char *words = wizard_action_words(&actions[at - 1]);

    page_line(page);
    page_add(page, LOOK_DIM, "  %zu/%zu %s ", at, what->actions.len,
             wizard_action_where(&actions[at - 1]));
    page_wrap(page, LOOK_COMMAND, words, lines);
    free(words);
}

/* All of the step's commands, or as much of the one that says most. */
static void
add_strip_commands(struct page *page, const struct wizard_spec *spec,
                   size_t step, int lines)
{
    const struct step *what = wizard_step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);
    size_t at = spec->run->action != 0 && spec->run->step == step
                    ? spec->run->action
                    : spec->action;

    if (at == 0)
        at = wizard_main_action(what);
    for (size_t i = 0; told->over && i < told->actions_len; i++)
        if (told->actions[i].over && told->actions[i].verdict != VERDICT_PASS)
            at = i + 1; /* the one it is about */
    if (at > what->actions.len)
        return;
    if (what->actions.len > (size_t)lines) {
        add_strip_command(page, what, at, lines);
        return;
    }
    for (size_t i = 1; i <= what->actions.len; i++)
        add_strip_command(page, what, i, 1);
}

static void
add_strip_checks(struct page *page, const struct wizard_spec *spec)
{
    const struct trial *trial = spec->run->trial;
    const struct check *checks;
    size_t len;

    page_line(page);
    page_add(page, LOOK_TEXT, "  ");
    if (spec->waits != NULL) {
        page_add(page, LOOK_NEWS, "waits: %s", spec->waits);
        return;
    }
    if (trial == NULL)
        return;
    checks = trial_checks(trial, &len);
    for (size_t i = 0; i < len; i++) {
        bool open = checks[i].verdict == VERDICT_PENDING;

        wizard_add_glyph(page, spec, checks[i].verdict, open);
        page_add(page, LOOK_TEXT, " %s   ", checks[i].demand);
    }
    if (trial_deadline_us(trial) != 0)
        page_right(page, LOOK_DIM, "%.0f s left",
                   wizard_seconds_left(spec, trial));
}

/* Of what failed here, as far as it is known; or NULL. */
static const char *
likely_cause(const struct wizard_spec *spec, size_t step)
{
    const struct record *symptoms = story_symptoms(spec->story);

    if (wizard_step(spec) != step || symptoms == NULL ||
        record_len(symptoms, "likely") == 0)
        return NULL;
    return record_get(record_at(symptoms, "likely", 0), "cause");
}

/* What is wrong needs the room. */
static bool
shows_telemetry(const struct wizard_spec *spec, size_t step)
{
    return story_step(spec->story, step)->verdict != VERDICT_ERROR &&
           story_step(spec->story, step)->verdict != VERDICT_FAIL &&
           telemetry_has(spec->script, spec->facts);
}

static void
add_strip_step(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = wizard_step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);
    bool runs = spec->run->phase == PHASE_STEPS;
    bool bad = told->over && told->verdict != VERDICT_PASS;
    const char *cause = bad ? likely_cause(spec, step) : NULL;
    /* Besides the title, a line of words, what Enter does, the telemetry. */
    int lines = spec->rows - 3 - (shows_telemetry(spec, step) ? 2 : 0);

    page_line(page);
    if (told->over)
        wizard_add_glyph(page, spec, told->verdict, false);
    else
        wizard_add_glyph(page, spec, VERDICT_PENDING,
                         wizard_step(spec) == step);
    page_add(page, LOOK_STRONG, " %zu/%zu %s", step, wizard_steps(spec),
             what->title.text);
    page_right(page, LOOK_DIM, "%s · %s%02u:%02u",
               runner_mode_name(spec->run->mode),
               spec->run->phase == PHASE_PAUSED ? "since " : "",
               (unsigned)(spec->now_us / 60000000),
               (unsigned)(spec->now_us / 1000000 % 60));
    page_line(page);
    page_add(page, LOOK_TEXT, "  ");
    if (bad)
        page_wrap(page, look_of_verdict(told->verdict), told->reason,
                  MAX(lines - (cause != NULL), 2));
    else if (what->why.text != NULL)
        page_wrap(page, LOOK_DIM, what->why.text, 1);
    if (cause != NULL) {
        page_line(page);
        page_add(page, LOOK_TEXT, "  likely ");
        page_wrap(page, LOOK_STRONG, cause, 1);
    }
    if (!spec->run->refused)
        add_strip_commands(page, spec, step, runs || bad ? 1 : MAX(lines, 1));
    if (runs)
        add_strip_checks(page, spec);
}

/* The end in four lines. */
static void
add_end_strip(struct page *page, const struct wizard_spec *spec)
{
    const struct record *record = story_verdict(spec->story), *m;

    if (record == NULL)
        return;
    wizard_add_end_head(page, spec, record);
    page_line(page);
    if (*record_get(record, "reason") != '\0') {
        page_add(page, LOOK_TEXT, "   because ");
        page_wrap(page, LOOK_TEXT, record_get(record, "reason"), 2);
    } else if (record_len(record, "measures") > 0) {
        m = record_at(record, "measures", 0);
        wizard_add_number(page, m, "total_ms", "   total ", " ms");
        wizard_add_number(page, m, "downtime_ms", "  downtime ", " ms");
        wizard_add_number(page, m, "sent", "  packets ", " sent");
        wizard_add_number(page, m, "lost", ", ", " lost");
    }
    if (record_len(record, "legs") > 0) {
        page_line(page);
        page_add(page, LOOK_TEXT, "   legs");
    }
    for (size_t i = 0; i < record_len(record, "legs"); i++) {
        const struct record *leg = record_at(record, "legs", i);

        page_add(page, LOOK_TEXT, "  %lld ",
                 (long long)record_get_int(leg, "leg", 0));
        wizard_add_glyph(page, spec,
                         verdict_of_name(record_get(leg, "verdict")), false);
    }
    page_line(page);
    page_add(page, LOOK_DIM, "   evidence ");
    page_wrap(page, LOOK_TEXT, spec->path, 2);
}

void
wizard_build_strip(struct page *page, const struct wizard_spec *spec)
{
    size_t here = wizard_step(spec);
    size_t open = spec->selected != 0 ? spec->selected : here;

    if (open != 0)
        add_strip_step(page, spec, open);
    else
        add_end_strip(page, spec);
    if (open == 0 || spec->run->phase != PHASE_STEPS)
        wizard_add_next(page, spec);
    if (open != 0 && shows_telemetry(spec, open))
        telemetry_build(page, spec->script, spec->facts, spec->ascii);
}
