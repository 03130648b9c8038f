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

/* The one line that says most about the step at hand. */
static void
add_strip_command(struct page *page, const struct wizard_spec *spec,
                  size_t step)
{
    const struct step *what = wizard_step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);
    const struct action *actions = what->actions.items;
    size_t at = spec->run->action != 0 && spec->run->step == step
                    ? spec->run->action
                    : MAX(spec->action, 1);
    char *words;

    for (size_t i = 0; told->over && i < told->actions_len; i++)
        if (told->actions[i].over && told->actions[i].verdict != VERDICT_PASS)
            at = i + 1; /* the one it is about */
    if (at > what->actions.len)
        return;
    words = wizard_action_words(&actions[at - 1]);
    page_line(page);
    page_add(page, LOOK_DIM, "  %zu/%zu %s ", at, what->actions.len,
             wizard_action_where(&actions[at - 1]));
    page_wrap(page, LOOK_COMMAND, words, 1);
    free(words);
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

static void
add_strip_step(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = wizard_step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);

    page_line(page);
    if (told->over)
        wizard_add_glyph(page, spec, told->verdict, false);
    else
        wizard_add_glyph(page, spec, VERDICT_PENDING,
                         wizard_step(spec) == step);
    page_add(page, LOOK_STRONG, " %zu/%zu %s", step, wizard_steps(spec),
             what->title.text);
    page_right(page, LOOK_DIM, "%s · %02u:%02u",
               runner_mode_name(spec->run->mode),
               (unsigned)(spec->now_us / 60000000),
               (unsigned)(spec->now_us / 1000000 % 60));
    page_line(page);
    page_add(page, LOOK_TEXT, "  ");
    if (told->over && told->verdict != VERDICT_PASS)
        page_wrap(page, look_of_verdict(told->verdict), told->reason, 2);
    else if (what->why.text != NULL)
        page_wrap(page, LOOK_DIM, what->why.text,
                  spec->run->phase == PHASE_STEPS ? 1 : 2);
    add_strip_command(page, spec, step);
    if (spec->run->phase == PHASE_STEPS)
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
    page_line(page);
    page_add(page, LOOK_TEXT, "   legs");
    for (size_t i = 0; i < record_len(record, "legs"); i++) {
        const struct record *leg = record_at(record, "legs", i);

        page_add(page, LOOK_TEXT, "  %lld ",
                 (long long)record_get_int(leg, "leg", 0));
        wizard_add_glyph(page, spec,
                         verdict_of_name(record_get(leg, "verdict")), false);
    }
    page_line(page);
    page_add(page, LOOK_DIM, "   evidence ");
    page_wrap(page, LOOK_TEXT, spec->path, 1);
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
    if (open != 0)
        telemetry_build(page, spec->script, spec->facts, spec->ascii);
}
