/* wizard-proof.c - what failed, with its proof. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "base/str.h"
#include "journal/record.h"
#include "judge/facts.h"
#include "judge/legs.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/hearing.h"
#include "run/runner.h"
#include "ui/page.h"
#include "ui/story.h"
#include "ui/telemetry.h"
#include "ui/wizard-priv.h"

/* What was expected and seen by the action that is no pass. */
void
wizard_add_proof(struct page *page, const struct wizard_spec *spec,
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
        wizard_add_glyph(page, spec, leg->verdict, false);
        page_add(page, LOOK_TEXT, " %d %s", leg->number, leg->title);
        if (trouble != NULL && leg->verdict != VERDICT_PASS) {
            page_add(page, LOOK_TEXT, ": ");
            page_wrap(page, LOOK_DIM, trouble->text, 2);
        }
    }
    legs_fini(&legs);
}

/* What shows that it is so, in brackets behind the cause. */
static void
add_evidence(struct page *page, const struct record *likely)
{
    for (size_t i = 0; i < record_len(likely, "evidence"); i++) {
        const struct record *one = record_at(likely, "evidence", i);

        page_line(page);
        page_add(page, LOOK_DIM,
                 INDENT "             %s: ", record_get(one, "pane"));
        page_wrap(page, LOOK_DIM, record_get(one, "text"), 3);
    }
}

/* What to look at, and what to do, if the best one is right. */
static void
add_remedy(struct page *page, const struct record *likely)
{
    if (record_has(likely, "next")) {
        page_line(page);
        page_add(page, LOOK_TEXT,
                 INDENT "next      %s: ", record_get(likely, "pane"));
        page_wrap(page, LOOK_STRONG, record_get(likely, "next"), 0);
    }
    page_line(page);
    page_add(page, LOOK_TEXT, INDENT "remedy    ");
    page_wrap(page, LOOK_TEXT, record_get(likely, "remedy"), 0);
}

static void
add_symptoms(struct page *page, const struct record *symptoms)
{
    size_t len = record_len(symptoms, "likely");

    if (len == 0) {
        page_line(page);
        page_add(page, LOOK_DIM, INDENT "likely    nothing known fits");
        return;
    }
    for (size_t i = 0; i < len; i++) {
        const struct record *likely = record_at(symptoms, "likely", i);

        page_line(page);
        page_add(page, LOOK_TEXT, INDENT "%-9s %zu. ", i == 0 ? "likely" : "",
                 i + 1);
        page_wrap(page, i == 0 ? LOOK_STRONG : LOOK_TEXT,
                  record_get(likely, "cause"), 0);
        if (i == 0)
            add_evidence(page, likely);
    }
    add_remedy(page, record_at(symptoms, "likely", 0));
}

void
wizard_add_failure(struct page *page, const struct wizard_spec *spec,
                   size_t step)
{
    const struct story_step *told = story_step(spec->story, step);

    /* What was expected and seen says it better, line by line. */
    if (!str_starts(told->reason, "expected ")) {
        page_line(page);
        page_add(page, look_of_verdict(told->verdict), INDENT "%-9s ",
                 verdict_name(told->verdict));
        page_wrap(page, look_of_verdict(told->verdict), told->reason, 0);
    }
    wizard_add_proof(page, spec, told);
    if (spec->run->refused) {
        page_line(page);
        page_line(page);
        page_add(page, LOOK_TEXT, INDENT);
        page_wrap(page, LOOK_TEXT,
                  "The lab is not ready, and nothing was begun: mend that "
                  "beside, from another terminal; then Enter looks again.",
                  0);
    }
    if (wizard_step(spec) != step || spec->run->refused)
        return;
    if (story_saved(spec->story) >= 0) {
        page_line(page);
        page_add(page, LOOK_DIM,
                 INDENT "saved     %d things that tell why, in the journal%s",
                 story_saved(spec->story),
                 spec->run->phase == PHASE_SALVAGE ? " ..." : "");
    }
    if (story_symptoms(spec->story) != NULL)
        add_symptoms(page, story_symptoms(spec->story));
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
