/* story.c - the run so far, as its journal tells it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/record.h"
#include "plan/script.h"
#include "plan/tcase.h"

struct story {
    struct story_step *steps;
    size_t len;
    struct record *symptoms; /* since the last step began */
    struct record *verdict;
    struct story_typed *typed;
    size_t typed_len, typed_cap;
    int saved;
    uint64_t now_us;
};

struct story *
story_new(const struct script *script)
{
    struct story *story = xcalloc(1, sizeof *story);
    const struct step *steps = script->tcase->steps.items;

    story->len = script->tcase->steps.len;
    story->steps = xcalloc(story->len, sizeof *story->steps);
    story->saved = -1;
    for (size_t i = 0; i < story->len; i++) {
        struct story_step *step = &story->steps[i];

        step->reason = xstrdup("");
        step->actions_len = steps[i].actions.len;
        step->actions = xcalloc(step->actions_len, sizeof *step->actions);
    }
    return story;
}

static void
forget_actions(struct story_step *step)
{
    for (size_t i = 0; i < step->actions_len; i++) {
        record_free(step->actions[i].end);
        step->actions[i] = (struct story_action){ .begun = false };
    }
}

void
story_free(struct story *story)
{
    if (story == NULL)
        return;
    for (size_t i = 0; i < story->len; i++) {
        forget_actions(&story->steps[i]);
        free(story->steps[i].actions);
        free(story->steps[i].reason);
        free(story->steps[i].comment);
    }
    for (size_t i = 0; i < story->typed_len; i++) {
        free(story->typed[i].pane);
        free(story->typed[i].text);
    }
    record_free(story->symptoms);
    record_free(story->verdict);
    free(story->steps);
    free(story->typed);
    free(story);
}

static struct story_step *
step_of(struct story *story, const struct record *record)
{
    int64_t n = record_get_int(record, "step", 0);

    return n >= 1 && n <= (int64_t)story->len ? &story->steps[n - 1] : NULL;
}

/* The step's action that "where" names: s3.a1; NULL for any other. */
static struct story_action *
action_of(struct story *story, const struct record *record)
{
    unsigned step, action;

    if (sscanf(record_get(record, "where"), "s%u.a%u", &step, &action) != 2 ||
        step < 1 || step > story->len || action < 1 ||
        action > story->steps[step - 1].actions_len)
        return NULL;
    return &story->steps[step - 1].actions[action - 1];
}

/* Takes text. The new entry, until the next call; NULL when it is full. */
static struct story_typed *
add_typed(struct story *story, const struct record *record, const char *who,
          char *text)
{
    bool last = story->typed_len + 1 == STORY_TYPED_MAX;
    struct story_typed *typed;

    if (story->typed_len == STORY_TYPED_MAX) {
        free(text);
        return NULL;
    }
    story->typed = xgrow(story->typed, story->typed_len, &story->typed_cap,
                         sizeof *story->typed);
    typed = &story->typed[story->typed_len++];
    *typed = (struct story_typed){
        .at_us = record_at_us(record),
        .who = last ? "miglab" : who,
        .pane = xstrdup(last ? "" : record_get(record, "pane")),
        .text = last ? xstrdup("(no more is kept here: the journal has it all)")
                     : text,
    };
    if (!last)
        return typed;
    free(text);
    return NULL;
}

/*
 * Keys that ended no line yet, and answers, are counted in one entry each as
 * long as nothing else comes in between. Its bytes, and it is gone; 0: none.
 */
static long long
take_growing(struct story *story, const char *who, const char *pane)
{
    for (size_t i = story->typed_len; i > 0; i--) {
        struct story_typed *typed = &story->typed[i - 1];
        long long bytes = typed->bytes;

        if (bytes == 0)
            break;
        if (strcmp(typed->who, who) != 0 || strcmp(typed->pane, pane) != 0)
            continue;
        free(typed->pane);
        free(typed->text);
        memmove(typed, typed + 1, (story->typed_len - i) * sizeof *typed);
        story->typed_len--;
        return bytes;
    }
    return 0;
}

static void
add_growing(struct story *story, const struct record *record, const char *who,
            const char *what)
{
    long long bytes = record_get_int(record, "bytes", 0) +
                      take_growing(story, who, record_get(record, "pane"));
    struct story_typed *typed = add_typed(
        story, record, who,
        xasprintf("(%lld byte%s%s)", bytes, bytes == 1 ? "" : "s", what));

    if (typed != NULL)
        typed->bytes = bytes;
}

static void
hear_step_begin(struct story *story, const struct record *record)
{
    struct story_step *step = step_of(story, record);

    record_free(story->symptoms);
    story->symptoms = NULL;
    if (step == NULL)
        return;
    forget_actions(step);
    step->begun = true;
    step->over = false;
    step->verdict = VERDICT_PENDING;
    step->tries++;
}

static void
hear_step_end(struct story *story, const struct record *record)
{
    struct story_step *step = step_of(story, record);

    if (step == NULL)
        return;
    step->over = true;
    step->verdict = verdict_of_name(record_get(record, "verdict"));
    step->seconds = record_get_number(record, "seconds", 0);
    free(step->reason);
    step->reason = xstrdup(record_get(record, "reason"));
}

static void
hear_action_begin(struct story *story, const struct record *record)
{
    struct story_action *action = action_of(story, record);

    if (action != NULL)
        action->begun = true;
}

static void
hear_action_end(struct story *story, const struct record *record)
{
    struct story_action *action = action_of(story, record);

    if (strncmp(record_get(record, "where"), "salvage.", 8) == 0 &&
        strcmp(record_get(record, "verdict"), "pass") == 0)
        story->saved++;
    if (action == NULL)
        return;
    action->over = true;
    action->verdict = verdict_of_name(record_get(record, "verdict"));
    action->seconds = record_get_number(record, "seconds", 0);
    record_free(action->end);
    action->end = record_copy(record);
}

static void
hear_typed(struct story *story, const struct record *record)
{
    bool keys = record_has(record, "keys");
    const char *clears = record_get(record, "clears");

    add_typed(story, record, "wizard",
              keys ? xasprintf("[%s]", record_get(record, "keys"))
                   : xasprintf("%s%s%s%s [Enter]", *clears != '\0' ? "[" : "",
                               clears, *clears != '\0' ? "] " : "",
                               record_get(record, "text")));
}

static void
hear_answered(struct story *story, const struct record *record)
{
    add_growing(story, record, "miglab", ", the terminal's answer");
}

static void
hear_human(struct story *story, const struct record *record)
{
    if (!record_get_bool(record, "ends_line")) {
        add_growing(story, record, "human", "");
        return;
    }
    /* A line as it grows is one line here. */
    (void)take_growing(story, "human", record_get(record, "pane"));
    add_typed(story, record, "human",
              xasprintf("%s [Enter]", record_get(record, "text")));
}

static void
hear_set_up(struct story *story, const struct record *record)
{
    add_typed(story, record, "set-up",
              xstrdup("(prompt marks for a shell, unseen)"));
}

static void
hear_hand(struct story *story, const struct record *record)
{
    struct story_step *step = step_of(story, record);

    if (step == NULL)
        return;
    step->by_hand = verdict_of_name(record_get(record, "verdict"));
    free(step->comment);
    step->comment = xstrdup(record_get(record, "comment"));
}

static void
hear_salvage(struct story *story, const struct record *record)
{
    (void)record;
    story->saved = 0;
}

static void
hear_symptoms(struct story *story, const struct record *record)
{
    record_free(story->symptoms);
    story->symptoms = record_copy(record);
}

static void
hear_verdict(struct story *story, const struct record *record)
{
    record_free(story->verdict);
    story->verdict = record_copy(record);
}

static const struct {
    const char *event;
    void (*hear)(struct story *story, const struct record *record);
} rows[] = {
    { "step.begin", hear_step_begin },
    { "step.end", hear_step_end },
    { "action.begin", hear_action_begin },
    { "action.end", hear_action_end },
    { "typed", hear_typed },
    { "pressed", hear_typed },
    { "answered", hear_answered },
    { "human", hear_human },
    { "set-up", hear_set_up },
    { "hand", hear_hand },
    { "salvage.begin", hear_salvage },
    { "symptoms", hear_symptoms },
    { "verdict", hear_verdict },
};

void
story_hear(void *ctx, const struct record *record)
{
    struct story *story = ctx;

    story->now_us = record_at_us(record);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].event, record_event(record)) == 0)
            rows[i].hear(story, record);
}

const struct story_step *
story_step(const struct story *story, size_t step)
{
    return step >= 1 && step <= story->len ? &story->steps[step - 1] : NULL;
}

const struct record *
story_verdict(const struct story *story)
{
    return story->verdict;
}

const struct story_typed *
story_typed(const struct story *story, size_t *len)
{
    *len = story->typed_len;
    return story->typed;
}

const struct record *
story_symptoms(const struct story *story)
{
    return story->symptoms;
}

int
story_saved(const struct story *story)
{
    return story->saved;
}

uint64_t
story_now_us(const struct story *story)
{
    return story->now_us;
}
