/* wizard.c - the case as the wizard shows it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/wizard.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "journal/record.h"
#include "judge/facts.h"
#include "judge/legs.h"
#include "judge/trial.h"
#include "lab/lab.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/hearing.h"
#include "run/runner.h"
#include "ui/page.h"
#include "ui/story.h"
#include "ui/telemetry.h"

#define INDENT "     "

static size_t
steps_len(const struct wizard_spec *spec)
{
    return spec->script->tcase->steps.len;
}

static const struct step *
step_at(const struct wizard_spec *spec, size_t step)
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
    return run->step <= steps_len(spec) ? run->step : 0;
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

static void
add_glyph(struct page *page, const struct wizard_spec *spec,
          enum verdict verdict, bool running)
{
    page_add(page, running ? LOOK_RUNNING : look_of_verdict(verdict), "%s",
             glyph(spec, verdict, running));
}

/* What an action does, in the words of its file. Yours. */
static char *
action_words(const struct action *action)
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

static const char *
action_where(const struct action *action)
{
    return action->console != NULL ? action->console->name
                                   : action->on->name.text;
}

static double
seconds_left(const struct wizard_spec *spec, const struct trial *trial)
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
        add_glyph(page, spec, checks[i].verdict, open);
        page_add(page, open ? LOOK_TEXT : look_of_verdict(checks[i].verdict),
                 " %s", checks[i].demand);
        if (checks[i].seen != NULL && *checks[i].seen != '\0')
            page_add(page, LOOK_DIM, "  %s", checks[i].seen);
    }
    if (trial_deadline_us(trial) != 0 &&
        trial_verdict(trial) == VERDICT_PENDING)
        page_right(page, LOOK_DIM, "%.0f s left", seconds_left(spec, trial));
}

static void
add_actions(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);
    const struct action *actions = what->actions.items;
    bool next = !told->begun || told->over;

    for (size_t i = 0; i < what->actions.len; i++) {
        const struct story_action *action = &told->actions[i];
        bool running = action->begun && !action->over;
        char *words = action_words(&actions[i]);

        page_line(page);
        page_add(page, LOOK_TEXT,
                 i + 1 == spec->action && next ? "   > " : INDENT);
        add_glyph(page, spec, action->over ? action->verdict : VERDICT_PENDING,
                  running);
        page_add(page, LOOK_DIM, " %-14s ", action_where(&actions[i]));
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

/* What was expected and seen by the action that is no pass. */
static void
add_proof(struct page *page, const struct wizard_spec *spec,
          const struct story_step *told)
{
    for (size_t i = 0; i < told->actions_len; i++) {
        const struct record *end = told->actions[i].end;

        if (end == NULL ||
            (told->actions[i].verdict == VERDICT_PASS && !spec->proof))
            continue;
        for (size_t j = 0; j < record_len(end, "checks"); j++) {
            const struct record *check = record_at(end, "checks", j);
            enum verdict verdict =
                verdict_of_name(record_get(check, "verdict"));

            if (verdict == VERDICT_PASS && !spec->proof)
                continue;
            page_line(page);
            page_add(page, LOOK_TEXT, INDENT "expected  ");
            page_wrap(page, LOOK_TEXT, record_get(check, "demand"), 0);
            page_line(page);
            page_add(page, LOOK_TEXT, INDENT "seen      ");
            page_wrap(page, look_of_verdict(verdict),
                      *record_get(check, "seen") != '\0'
                          ? record_get(check, "seen")
                          : "nothing of it",
                      0);
        }
        for (size_t j = 0; j < record_len(end, "tail"); j++) {
            page_line(page);
            page_add(page, LOOK_DIM, INDENT "%-9s %s", j == 0 ? "screen" : "",
                     record_text_at(end, "tail", j));
        }
    }
}

/* The legs as the facts have them now. */
static void
add_legs_now(struct page *page, const struct wizard_spec *spec)
{
    struct legs_spec demands;
    struct legs legs;
    char *began = telemetry_title(spec->script, spec->facts);
    bool migrates =
        spec->script->tcase->judge.value == TCASE_MIGRATION && *began != '\0';

    free(began);
    if (!migrates)
        return;
    hearing_legs_spec(spec->script, &demands);
    legs_judge(spec->facts, &demands, &legs);
    page_line(page);
    page_add(page, LOOK_STRONG, INDENT "the migration so far");
    for (size_t i = 0; i < legs.len; i++) {
        const struct leg *leg = &legs.items[i];
        const struct leg_point *trouble = leg_first_trouble(leg);

        page_line(page);
        page_add(page, LOOK_TEXT, INDENT);
        add_glyph(page, spec, leg->verdict, false);
        page_add(page, LOOK_TEXT, " %d %s", leg->number, leg->title);
        if (trouble != NULL && leg->verdict != VERDICT_PASS) {
            page_add(page, LOOK_TEXT, ": ");
            page_wrap(page, LOOK_DIM, trouble->text, 2);
        }
    }
    legs_fini(&legs);
}

static void
add_failure(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct story_step *told = story_step(spec->story, step);

    /* What was expected and seen says it better, line by line. */
    if (!str_starts(told->reason, "expected ")) {
        page_line(page);
        page_add(page, look_of_verdict(told->verdict), INDENT "%-9s ",
                 verdict_name(told->verdict));
        page_wrap(page, look_of_verdict(told->verdict), told->reason, 0);
    }
    add_proof(page, spec, told);
    if (wizard_step(spec) != step)
        return;
    if (story_saved(spec->story) >= 0) {
        page_line(page);
        page_add(page, LOOK_DIM, INDENT "saved     %d things that tell why%s",
                 story_saved(spec->story),
                 spec->run->phase == PHASE_SALVAGE ? " ..." : "");
    }
    add_legs_now(page, spec);
    page_line(page);
    page_line(page);
    page_add(page, LOOK_TEXT, INDENT);
    page_wrap(page, LOOK_TEXT,
              "The lab is untouched: take any pane and look; then r does the "
              "step again, Enter goes on with the next, s skips it, p or f "
              "judges it by hand, t tears down.",
              0);
}

static void
add_by_hand(struct page *page, const struct wizard_spec *spec,
            const struct story_step *told)
{
    if (told->by_hand == VERDICT_PENDING)
        return;
    page_line(page);
    page_add(page, LOOK_TEXT, INDENT "by hand   ");
    add_glyph(page, spec, told->by_hand, false);
    page_add(page, look_of_verdict(told->by_hand),
             " %s: ", verdict_name(told->by_hand));
    page_wrap(page, LOOK_TEXT, told->comment, 0);
}

static void
add_details(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = step_at(spec, step);
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
        add_failure(page, spec, step);
    else if (spec->proof)
        add_proof(page, spec, told);
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
        add_glyph(page, spec, VERDICT_PENDING, true);
    else
        add_glyph(page, spec, told->verdict, running);
    page_add(page,
             open                      ? LOOK_STRONG
             : skipped || !told->begun ? LOOK_DIM
                                       : LOOK_TEXT,
             " %2zu %s", step, step_at(spec, step)->title.text);
    if (told->tries > 1)
        page_add(page, LOOK_NEWS, "  try %u", told->tries);
    if (told->over && !skipped)
        page_right(page, LOOK_DIM, "%.1f s", told->seconds);
    else if (skipped)
        page_right(page, LOOK_SKIP, "skip");
    else if (running)
        page_right(page, LOOK_RUNNING, "%.1f s",
                   (double)(spec->now_us - spec->run->step_began_us) / 1e6);
    if (open)
        add_details(page, spec, step);
}

static void
add_leg(struct page *page, const struct wizard_spec *spec,
        const struct record *leg)
{
    enum verdict verdict = verdict_of_name(record_get(leg, "verdict"));
    struct buf text = BUF_INIT(0);

    page_line(page);
    page_add(page, LOOK_TEXT, "  ");
    add_glyph(page, spec, verdict, false);
    page_add(page, LOOK_TEXT, " %lld %s",
             (long long)record_get_int(leg, "leg", 0),
             record_get(leg, "title"));
    for (size_t i = 0; i < record_len(leg, "points"); i++) {
        const struct record *point = record_at(leg, "points", i);
        enum verdict one = verdict_of_name(record_get(point, "verdict"));

        buf_printf(&text, "%s%s%s%s", i > 0 ? ", " : "",
                   one == VERDICT_PASS ? "" : verdict_glyph(one, spec->ascii),
                   one == VERDICT_PASS ? "" : " ", record_get(point, "text"));
    }
    page_line(page);
    page_add(page, LOOK_TEXT, INDENT "  ");
    page_wrap(page,
              verdict == VERDICT_PASS ? LOOK_DIM : look_of_verdict(verdict),
              buf_text(&text), 0);
    buf_fini(&text);
}

static void
add_number(struct page *page, const struct record *m, const char *key,
           const char *before, const char *behind)
{
    if (record_has(m, key))
        page_add(page, LOOK_TEXT, "%s%.10g%s", before,
                 record_get_number(m, key, 0), behind);
}

static void
add_measures(struct page *page, const struct record *verdict)
{
    const struct record *m;

    if (record_len(verdict, "measures") == 0)
        return;
    m = record_at(verdict, "measures", 0);
    page_line(page);
    add_number(page, m, "total_ms", "  total ", " ms");
    add_number(page, m, "downtime_ms", "  downtime ", " ms");
    add_number(page, m, "passes", "  passes ", "");
    page_line(page);
    add_number(page, m, "sent", "  packets ", " sent");
    add_number(page, m, "received", ", ", " received");
    add_number(page, m, "lost", ", ", " lost");
    page_line(page);
    add_number(page, m, "gap_max_ms", "  longest gap at most ", " ms");
    add_number(page, m, "resolution_ms", " (resolution ", " ms)");
}

static const char *
big_word(enum verdict verdict)
{
    static const char *const words[VERDICTS] = {
        [VERDICT_PENDING] = "NOTHING RAN", [VERDICT_PASS] = "PASS",
        [VERDICT_FAIL] = "FAIL",           [VERDICT_ERROR] = "ERROR",
        [VERDICT_SKIP] = "SKIPPED",        [VERDICT_UNDECIDED] = "UNDECIDED",
    };

    return words[verdict];
}

static void
add_end_head(struct page *page, const struct wizard_spec *spec,
             const struct record *record)
{
    enum verdict verdict = verdict_of_name(record_get(record, "verdict"));

    page_line(page);
    page_focus(page);
    add_glyph(page, spec, verdict, false);
    page_add(page, look_of_verdict(verdict), " %s", big_word(verdict));
    page_add(page, LOOK_STRONG, "  %s", spec->script->tcase->title.text);
    page_right(page, LOOK_DIM, "%.1f s", (double)record_at_us(record) / 1e6);
}

static void
add_end(struct page *page, const struct wizard_spec *spec)
{
    const struct record *record = story_verdict(spec->story);

    if (record == NULL)
        return;
    add_end_head(page, spec, record);
    if (*record_get(record, "reason") != '\0') {
        page_line(page);
        page_add(page, LOOK_TEXT, "  because ");
        page_wrap(page, LOOK_TEXT, record_get(record, "reason"), 0);
    }
    add_measures(page, record);
    for (size_t i = 0; i < record_len(record, "legs"); i++)
        add_leg(page, spec, record_at(record, "legs", i));
    page_line(page);
    page_add(page, LOOK_DIM, "  evidence ");
    page_wrap(page, LOOK_TEXT, spec->path, 0);
    page_line(page);
}

/* What Enter does now, in a sentence. */
static void
add_next(struct page *page, const struct wizard_spec *spec)
{
    const struct runner_view *run = spec->run;
    static const char *const words[RUNNER_PAUSES] = {
        [PAUSE_GUIDED] = "Enter runs this step",
        [PAUSE_BREAK] = "breakpoint: Enter runs this step",
        [PAUSE_ASKED] = "paused: Enter runs this step",
        [PAUSE_FAILED] = "r again, Enter next, s skip, t tear down",
        [PAUSE_END] = "Enter tears the lab's VMs down and leaves; q leaves "
                      "everything running",
        [PAUSE_OPEN] = "take a pane by its number; q leaves",
    };

    page_line(page);
    if (run->phase == PHASE_PAUSED)
        page_wrap(page, LOOK_KEY, words[run->pause], 2);
    else if (run->phase == PHASE_TEARDOWN)
        page_add(page, LOOK_RUNNING, "tearing down ...");
    else if (run->phase == PHASE_OVER)
        page_add(page, LOOK_KEY, "over: Enter leaves");
    else if (run->phase == PHASE_SALVAGE)
        page_add(page, LOOK_RUNNING, "saving what tells why ...");
    else if (run->pausing)
        page_add(page, LOOK_NEWS, "will pause before the next step");
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
             steps_len(spec) > 0 ? runner_mode_name(spec->run->mode) : "open");
    page_add(page, LOOK_DIM, " · %02u:%02u · rec", seconds / 60, seconds % 60);
}

void
wizard_build(struct page *page, const struct wizard_spec *spec)
{
    size_t here = wizard_step(spec);
    size_t open = spec->selected != 0 ? spec->selected : here;

    add_head(page, spec);
    add_next(page, spec);
    page_line(page);
    if (spec->selected == 0 && here == 0)
        add_end(page, spec);
    for (size_t i = 1; i <= steps_len(spec); i++)
        add_step(page, spec, i, i == open);
}

/* The one line that says most about the step at hand. */
static void
add_strip_command(struct page *page, const struct wizard_spec *spec,
                  size_t step)
{
    const struct step *what = step_at(spec, step);
    const struct action *actions = what->actions.items;
    size_t at = spec->run->action != 0 && spec->run->step == step
                    ? spec->run->action
                    : MAX(spec->action, 1);
    char *words;

    if (at > what->actions.len)
        return;
    words = action_words(&actions[at - 1]);
    page_line(page);
    page_add(page, LOOK_DIM, "  %zu/%zu %s ", at, what->actions.len,
             action_where(&actions[at - 1]));
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

        add_glyph(page, spec, checks[i].verdict, open);
        page_add(page, LOOK_TEXT, " %s   ", checks[i].demand);
    }
    if (trial_deadline_us(trial) != 0)
        page_right(page, LOOK_DIM, "%.0f s left", seconds_left(spec, trial));
}

static void
add_strip_step(struct page *page, const struct wizard_spec *spec, size_t step)
{
    const struct step *what = step_at(spec, step);
    const struct story_step *told = story_step(spec->story, step);

    page_line(page);
    if (told->over)
        add_glyph(page, spec, told->verdict, false);
    else
        add_glyph(page, spec, VERDICT_PENDING, wizard_step(spec) == step);
    page_add(page, LOOK_STRONG, " %zu/%zu %s", step, steps_len(spec),
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
    add_end_head(page, spec, record);
    page_line(page);
    if (*record_get(record, "reason") != '\0') {
        page_add(page, LOOK_TEXT, "   because ");
        page_wrap(page, LOOK_TEXT, record_get(record, "reason"), 2);
    } else if (record_len(record, "measures") > 0) {
        m = record_at(record, "measures", 0);
        add_number(page, m, "total_ms", "   total ", " ms");
        add_number(page, m, "downtime_ms", "  downtime ", " ms");
        add_number(page, m, "sent", "  packets ", " sent");
        add_number(page, m, "lost", ", ", " lost");
    }
    page_line(page);
    page_add(page, LOOK_TEXT, "   legs");
    for (size_t i = 0; i < record_len(record, "legs"); i++) {
        const struct record *leg = record_at(record, "legs", i);

        page_add(page, LOOK_TEXT, "  %lld ",
                 (long long)record_get_int(leg, "leg", 0));
        add_glyph(page, spec, verdict_of_name(record_get(leg, "verdict")),
                  false);
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
        add_next(page, spec);
    if (open != 0)
        telemetry_build(page, spec->script, spec->facts, spec->now_us,
                        spec->ascii);
}
