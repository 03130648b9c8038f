/* wizard-end.c - the verdict, its legs and measures. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/buf.h"
#include "journal/record.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "ui/page.h"
#include "ui/story.h"
#include "ui/wizard-priv.h"

static void
add_leg(struct page *page, const struct wizard_spec *spec,
        const struct record *leg)
{
    enum verdict verdict = verdict_of_name(record_get(leg, "verdict"));
    struct buf text = BUF_INIT(0);

    page_line(page);
    page_add(page, LOOK_TEXT, "  ");
    wizard_add_glyph(page, spec, verdict, false);
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

void
wizard_add_number(struct page *page, const struct record *m, const char *key,
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
    wizard_add_number(page, m, "total_ms", "  total ", " ms");
    wizard_add_number(page, m, "downtime_ms", "  downtime ", " ms");
    wizard_add_number(page, m, "passes", "  passes ", "");
    page_line(page);
    wizard_add_number(page, m, "sent", "  packets ", " sent");
    wizard_add_number(page, m, "received", ", ", " received");
    wizard_add_number(page, m, "lost", ", ", " lost");
    if (record_get_number(m, "lost", 0) > 0 && record_has(m, "lost_before")) {
        page_line(page);
        wizard_add_number(page, m, "lost_before", "  lost ", " before");
        wizard_add_number(page, m, "lost_during", ", ", " during");
        wizard_add_number(page, m, "lost_after", ", ", " after the migration");
    }
    page_line(page);
    wizard_add_number(page, m, "gap_max_ms",
                      record_get_bool(m, "measured") &&
                              record_get_number(m, "lost", 0) > 0
                          ? "  longest gap "
                          : "  longest gap by lost packets at most ",
                      " ms");
    wizard_add_number(page, m, "resolution_ms", " (resolution ", " ms)");
    if (record_has(m, "relation")) {
        page_line(page);
        page_add(page, LOOK_TEXT, "  ");
        page_wrap(page, LOOK_DIM, record_get(m, "relation"), 0);
    }
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

void
wizard_add_end_head(struct page *page, const struct wizard_spec *spec,
                    const struct record *record)
{
    enum verdict verdict = verdict_of_name(record_get(record, "verdict"));

    page_line(page);
    page_focus(page);
    wizard_add_glyph(page, spec, verdict, false);
    page_add(page, look_of_verdict(verdict), " %s", big_word(verdict));
    page_add(page, LOOK_STRONG, "  %s", spec->script->tcase->title.text);
    page_right(page, LOOK_DIM, "%4.1f s", (double)record_at_us(record) / 1e6);
}

/* What a human said beside it, and what took more than one try. */
static void
add_hands(struct page *page, const struct wizard_spec *spec)
{
    for (size_t i = 1; i <= wizard_steps(spec); i++) {
        const struct story_step *told = story_step(spec->story, i);

        if (told->by_hand != VERDICT_PENDING) {
            page_line(page);
            page_add(page, LOOK_NEWS, "  by hand: step %zu %s, ", i,
                     verdict_name(told->by_hand));
            page_wrap(page, LOOK_TEXT, told->comment, 0);
        }
        if (told->tries > 1) {
            page_line(page);
            page_add(page, LOOK_NEWS, "  step %zu took %u tries", i,
                     told->tries);
        }
    }
}

void
wizard_add_end(struct page *page, const struct wizard_spec *spec)
{
    const struct record *record = story_verdict(spec->story);

    if (record == NULL)
        return;
    wizard_add_end_head(page, spec, record);
    if (*record_get(record, "reason") != '\0') {
        page_line(page);
        page_add(page, LOOK_TEXT, "  because ");
        page_wrap(page, LOOK_TEXT, record_get(record, "reason"), 0);
    }
    add_hands(page, spec);
    add_measures(page, record);
    for (size_t i = 0; i < record_len(record, "legs"); i++)
        add_leg(page, spec, record_at(record, "legs", i));
    page_line(page);
    page_add(page, LOOK_DIM, "  evidence ");
    page_wrap(page, LOOK_TEXT, spec->path, 0);
    page_line(page);
}
