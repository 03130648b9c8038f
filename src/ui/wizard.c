/* wizard.c - the case as the wizard shows it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/wizard.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "judge/trial.h"
#include "lab/lab.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/runner.h"
#include "ui/page.h"
#include "ui/story.h"
#include "ui/wizard-priv.h"

size_t
wizard_steps(const struct wizard_spec *spec)
{
    return spec->script->tcase->steps.len;
}

const struct step *
wizard_step_at(const struct wizard_spec *spec, size_t step)
{
    return &((const struct step *)spec->script->tcase->steps.items)[step - 1];
}

size_t
wizard_step(const struct wizard_spec *spec)
{
    const struct runner_view *run = spec->run;

    if (run->phase == PHASE_SALVAGE)
        return run->step - 1;
    if (run->phase == PHASE_PAUSED && run->pause == PAUSE_FAILED)
        return run->failed;
    if (run->phase == PHASE_TEARDOWN || run->phase == PHASE_OVER ||
        (run->phase == PHASE_PAUSED &&
         (run->pause == PAUSE_END || run->pause == PAUSE_OPEN)))
        return 0;
    return run->step <= wizard_steps(spec) ? run->step : 0;
}

static bool
is_running(const struct wizard_spec *spec, size_t step)
{
    return spec->run->phase == PHASE_STEPS && spec->run->step == step &&
           story_step(spec->story, step)->begun &&
           !story_step(spec->story, step)->over;
}

static const char *
glyph(const struct wizard_spec *spec, enum verdict verdict, bool running)
{
    if (running)
        return spec->ascii ? ">" : "▶";
    return verdict_glyph(verdict, spec->ascii);
}

void
wizard_add_glyph(struct page *page, const struct wizard_spec *spec,
                 enum verdict verdict, bool running)
{
    page_add(page, running ? LOOK_RUNNING : look_of_verdict(verdict), "%s",
             glyph(spec, verdict, running));
}

/* What an action does, in the words of its file. Yours. */
char *
wizard_action_words(const struct action *action)
{
    struct buf buf = BUF_INIT(0);

    if (action->command != NULL && action->kind == ACTION_KEY)
        return xasprintf("[%s]", action->command);
    if (action->command != NULL)
        return xstrdup(action->command);
    buf_printf(
        &buf, action->kind == ACTION_WATCH ? "watch for %g s: " : "wait until ",
        (double)action->lasts.value / 1e3);
    for (size_t i = 0; i < action->wanted.len; i++) {
        char *text = condition_describe(&action->wanted.items[i]);

        buf_printf(&buf, "%s%s", i > 0 ? ", " : "", text);
        free(text);
    }
    return buf_take(&buf);
}

size_t
wizard_main_action(const struct step *step)
{
    const struct action *actions = step->actions.items;

    for (size_t i = 0; i < step->actions.len; i++)
        if (actions[i].kind == ACTION_SEND && actions[i].addition.text == NULL)
            return i + 1;
    return 1;
}

const char *
wizard_action_where(const struct action *action)
{
    return action->console != NULL ? action->console->name
                                   : action->on->name.text;
}

double
wizard_seconds_left(const struct wizard_spec *spec, const struct trial *trial)
{
    uint64_t deadline = trial_deadline_us(trial);

    return deadline > spec->now_us ? (double)(deadline - spec->now_us) / 1e6
                                   : 0;
}

/* The demands of what runs now, as they stand. */
static void
add_live_checks(struct page *page, const struct wizard_spec *spec)
{
    const struct trial *trial = spec->run->trial;
    size_t len;
    const struct check *checks;

    if (trial == NULL)
        return;
    checks = trial_checks(trial, &len);
    for (size_t i = 0; i < len; i++) {
        bool open = checks[i].verdict == VERDICT_PENDING;

        page_line(page);
        page_add(page, LOOK_TEXT, INDENT "    ");
        wizard_add_glyph(page, spec, checks[i].verdict, open);
        page_add(page, open ? LOOK_TEXT : look_of_verdict(checks[i].verdict),
                 " %s", checks[i].demand);
        if (checks[i].seen != NULL && *checks[i].seen != '\0')
            page_add(page, LOOK_DIM, "  %s", checks[i].seen);
    }
    if (trial_deadline_us(trial) != 0 &&
        trial_verdict(trial) == VERDICT_PENDING)
        page_right(page, LOOK_DIM, "%.0f s left",
                   wizard_seconds_left(spec, trial));
}

static void
add_actions(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = wizard_step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);
    const struct action *actions = what->actions.items;
    bool next = !told->begun || told->over;
    size_t chosen = spec->action != 0 ? spec->action : wizard_main_action(what);

    if (spec->run->phase != PHASE_PAUSED || step != wizard_step(spec))
        chosen = 0;
    for (size_t i = 0; i < what->actions.len; i++) {
        const struct story_action *action = &told->actions[i];
        bool running = action->begun && !action->over;
        char *words = wizard_action_words(&actions[i]);

        page_line(page);
        page_add(page, LOOK_TEXT, i + 1 == chosen && next ? "   > " : INDENT);
        wizard_add_glyph(page, spec,
                         action->over ? action->verdict : VERDICT_PENDING,
                         running);
        page_add(page, LOOK_DIM, " %-14s ", wizard_action_where(&actions[i]));
        page_wrap(page, actions[i].command != NULL ? LOOK_COMMAND : LOOK_TEXT,
                  words, running || next ? 0 : 1);
        free(words);
        if (running && spec->waits != NULL) {
            page_line(page);
            page_add(page, LOOK_NEWS, INDENT "    waits: %s", spec->waits);
        }
        if (running && spec->run->phase == PHASE_STEPS)
            add_live_checks(page, spec);
    }
}

static void
add_by_hand(struct page *page, const struct wizard_spec *spec,
            const struct story_step *told)
{
    if (told->by_hand == VERDICT_PENDING)
        return;
    page_line(page);
    page_add(page, LOOK_TEXT, INDENT "by hand   ");
    wizard_add_glyph(page, spec, told->by_hand, false);
    page_add(page, look_of_verdict(told->by_hand),
             " %s: ", verdict_name(told->by_hand));
    page_wrap(page, LOOK_TEXT, told->comment, 0);
}

static void
add_details(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = wizard_step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);
    bool bad = told->over && told->verdict != VERDICT_PASS &&
               told->verdict != VERDICT_SKIP;

    if (what->why.text != NULL) {
        page_line(page);
        page_add(page, LOOK_TEXT, INDENT);
        page_wrap(page, LOOK_DIM, what->why.text, bad ? 1 : 0);
    }
    add_actions(page, spec, step);
    add_by_hand(page, spec, told);
    if (bad)
        wizard_add_failure(page, spec, step);
    else if (spec->proof)
        wizard_add_proof(page, spec, told);
    if (told->over && told->verdict == VERDICT_SKIP) {
        page_line(page);
        page_add(page, LOOK_TEXT, INDENT);
        page_wrap(page, LOOK_SKIP, told->reason, 0);
    }
}

static void
add_step(struct page *page, const struct wizard_spec *spec, size_t step,
         bool open)
{
    const struct story_step *told = story_step(spec->story, step);
    bool running = is_running(spec, step);
    bool here = wizard_step(spec) == step;
    bool skipped = told->over && told->verdict == VERDICT_SKIP;
    bool broken = spec->has_break(spec->ctx, step);

    page_line(page);
    if (open)
        page_focus(page);
    page_add(page, LOOK_FAIL, "%s", broken ? (spec->ascii ? "B" : "■") : " ");
    if (here && !told->over)
        wizard_add_glyph(page, spec, VERDICT_PENDING, true);
    else
        wizard_add_glyph(page, spec, told->verdict, running);
    page_add(page,
             open                      ? LOOK_STRONG
             : skipped || !told->begun ? LOOK_DIM
                                       : LOOK_TEXT,
             " %2zu %s", step, wizard_step_at(spec, step)->title.text);
    if (told->tries > 1)
        page_add(page, LOOK_NEWS, "  try %u", told->tries);
    if (told->over && !skipped)
        page_right(page, LOOK_DIM, "%4.1f s", told->seconds);
    else if (skipped)
        page_right(page, LOOK_SKIP, "skip");
    else if (running)
        page_right(page, LOOK_RUNNING, "%4.1f s",
                   (double)(spec->now_us - spec->run->step_began_us) / 1e6);
    if (open)
        add_details(page, spec, step);
}

/* What Enter does now, in a sentence. */
void
wizard_add_next(struct page *page, const struct wizard_spec *spec)
{
    const struct runner_view *run = spec->run;
    static const char *const befores[RUNNER_PAUSES] = {
        [PAUSE_GUIDED] = "",
        [PAUSE_BREAK] = "breakpoint: ",
        [PAUSE_ASKED] = "paused: ",
    };
    static const char *const words[RUNNER_PAUSES] = {
        [PAUSE_FAILED] = "r again, Enter next, s skip, d details, t tear down",
        [PAUSE_END] = "Enter tears the lab's VMs down, q leaves all running, "
                      "d shows the proof",
        [PAUSE_OPEN] = "take a pane by its number; q leaves",
    };
    const char *does = run->mode == RUNNER_AUTO ? "goes on from" : "runs";
    char *text = NULL;

    page_line(page);
    if (run->refused)
        page_add(page, LOOK_KEY, "Enter looks again, d details, q leaves");
    else if (run->phase == PHASE_PAUSED && befores[run->pause] != NULL)
        text = xasprintf("%sEnter %s step %zu", befores[run->pause], does,
                         run->step);
    if (text != NULL)
        page_wrap(page, LOOK_KEY, text, 2);
    else if (run->refused)
        return;
    else if (run->phase == PHASE_PAUSED)
        page_wrap(page, LOOK_KEY, words[run->pause], 2);
    else if (run->phase == PHASE_TEARDOWN)
        page_add(page, LOOK_RUNNING, "tearing down ...");
    else if (run->phase == PHASE_OVER)
        page_add(page, LOOK_KEY, "over: Enter leaves");
    else if (run->phase == PHASE_SALVAGE)
        page_add(page, LOOK_RUNNING, "saving what tells why ...");
    else if (run->pausing)
        page_add(page, LOOK_NEWS, "will pause before the next step");
    if (text != NULL && spec->selected != 0 && spec->selected != run->step)
        page_add(page, LOOK_DIM, "  (step %zu is looked at)", spec->selected);
    free(text);
}

static void
add_head(struct page *page, const struct wizard_spec *spec)
{
    const struct tcase *tcase = spec->script->tcase;
    unsigned seconds = (unsigned)(spec->now_us / 1000000);

    page_line(page);
    if (tcase->plan.given)
        page_add(page, LOOK_TITLE, "Case %llu  ",
                 (unsigned long long)tcase->plan.value);
    page_add(page, LOOK_TITLE, "%s", tcase->title.text);
    page_line(page);
    page_add(page, LOOK_DIM, "lab %s · ", spec->script->lab->name.text);
    page_add(page, LOOK_STRONG, "%s",
             wizard_steps(spec) > 0 ? runner_mode_name(spec->run->mode)
                                    : "open");
    page_add(page, LOOK_DIM, " · %s%02u:%02u · rec",
             spec->run->phase == PHASE_PAUSED ? "since " : "", seconds / 60,
             seconds % 60);
}

void
wizard_build(struct page *page, const struct wizard_spec *spec)
{
    size_t here = wizard_step(spec);
    size_t open = spec->selected != 0 ? spec->selected : here;

    add_head(page, spec);
    wizard_add_next(page, spec);
    page_line(page);
    page_pin(page);
    if (spec->selected == 0 && here == 0)
        wizard_add_end(page, spec);
    for (size_t i = 1; i <= wizard_steps(spec); i++)
        add_step(page, spec, i, i == open);
}
