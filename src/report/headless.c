/* headless.c - a run as lines of text, as it happens. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "report/headless.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/record.h"
#include "judge/verdict.h"
#include "report/measures-text.h"

#define TITLE_WIDTH 46
#define LEG_WIDTH   30 /* of its title */
#define LEG_INDENT  36 /* where its points begin, on each line */
#define LEG_MIN     20 /* narrower than that, points are not wrapped */

struct headless {
    struct headless_spec spec;
    char *title; /* of the step at hand */
    char *name;  /* of the case */
    char *lab;
    struct record
        *bad;       /* the action.end that is no pass, until its step ends */
    double seconds; /* since the run's start, of the last record */
    /* Steps that --from or --until skips, until another one ends. */
    long long skipped_first, skipped_last;
    char *skipped_why;
};

struct headless *
headless_new(const struct headless_spec *spec)
{
    struct headless *headless = xcalloc(1, sizeof *headless);

    headless->spec = *spec;
    headless->title = xstrdup("");
    headless->name = xstrdup("");
    headless->lab = xstrdup("");
    headless->skipped_why = xstrdup("");
    return headless;
}

void
headless_free(struct headless *headless)
{
    if (headless == NULL)
        return;
    record_free(headless->bad);
    free(headless->title);
    free(headless->name);
    free(headless->lab);
    free(headless->skipped_why);
    free(headless);
}

static void
keep(char **where, const char *text)
{
    free(*where);
    *where = xstrdup(text);
}

/* SGR for a verdict: the eight plain colours, never colour alone. */
static const char *
color_of(enum verdict verdict)
{
    static const char *const colors[VERDICTS] = {
        [VERDICT_PENDING] = "",        [VERDICT_PASS] = "\033[32m",
        [VERDICT_FAIL] = "\033[1;31m", [VERDICT_ERROR] = "\033[1;33m",
        [VERDICT_SKIP] = "\033[36m",   [VERDICT_UNDECIDED] = "\033[33m",
    };

    return colors[verdict];
}

static void
paint(const struct headless *headless, enum verdict verdict, const char *text)
{
    if (headless->spec.color && *color_of(verdict) != '\0')
        fprintf(headless->spec.out, "%s%s\033[m", color_of(verdict), text);
    else
        fputs(text, headless->spec.out);
}

static void
print_glyph(const struct headless *headless, enum verdict verdict)
{
    paint(headless, verdict, verdict_glyph(verdict, headless->spec.ascii));
}

/* How many columns text takes; titles are one column a character. */
static int
columns(const char *text)
{
    int n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static void
hear_start(struct headless *headless, const struct record *record)
{
    keep(&headless->name, record_get(record, "case"));
    keep(&headless->lab, record_get(record, "lab"));
    fprintf(headless->spec.out, "%s on %s: %s\n", headless->name, headless->lab,
            record_get(record, "title"));
}

static void
hear_step(struct headless *headless, const struct record *record)
{
    keep(&headless->title, record_get(record, "title"));
    record_free(headless->bad);
    headless->bad = NULL;
}

/* What was expected, what was seen, and what the console shows. */
static void
print_trouble(const struct headless *headless, const struct record *action)
{
    FILE *out = headless->spec.out;

    for (size_t i = 0; i < record_len(action, "checks"); i++) {
        const struct record *check = record_at(action, "checks", i);
        enum verdict verdict = verdict_of_name(record_get(check, "verdict"));
        const char *seen = record_get(check, "seen");

        fprintf(out, "       expected  ");
        print_glyph(headless, verdict);
        fprintf(out, " %s\n", record_get(check, "demand"));
        if (*seen != '\0' && verdict != VERDICT_PASS)
            fprintf(out, "       seen      %s\n", seen);
    }
    for (size_t i = 0; i < record_len(action, "tail"); i++)
        fprintf(out, "       %-9s %s\n",
                i == 0 ? record_get(action, "pane") : "",
                record_text_at(action, "tail", i));
}

/* The records of one action's end that a step's line needs. */
static void
hear_action_end(struct headless *headless, const struct record *record)
{
    if (strcmp(record_get(record, "verdict"), "pass") == 0 ||
        headless->bad != NULL || *record_get(record, "where") != 's')
        return;
    headless->bad = record_copy(record);
}

static void
tell_skipped(struct headless *headless)
{
    if (headless->skipped_first == 0)
        return;
    print_glyph(headless, VERDICT_SKIP);
    fprintf(headless->spec.out, " %2lld", headless->skipped_first);
    if (headless->skipped_last > headless->skipped_first)
        fprintf(headless->spec.out, " to %lld", headless->skipped_last);
    fprintf(headless->spec.out, "  skipped: %s\n", headless->skipped_why);
    headless->skipped_first = 0;
}

/* A step that --from or --until leaves out is told with its neighbours. */
static bool
is_left_out(struct headless *headless, const struct record *record)
{
    long long step = record_get_int(record, "step", 0);
    const char *why = record_get(record, "reason");

    if (strcmp(record_get(record, "verdict"), "skip") != 0 ||
        (strcmp(why, "before --from") != 0 &&
         strcmp(why, "behind --until") != 0))
        return false;
    if (headless->skipped_first != 0 && strcmp(headless->skipped_why, why) != 0)
        tell_skipped(headless);
    if (headless->skipped_first == 0)
        headless->skipped_first = step;
    headless->skipped_last = step;
    keep(&headless->skipped_why, why);
    return true;
}

static void
hear_step_end(struct headless *headless, const struct record *record)
{
    enum verdict verdict = verdict_of_name(record_get(record, "verdict"));
    const char *reason = record_get(record, "reason");
    FILE *out = headless->spec.out;

    if (is_left_out(headless, record))
        return;
    tell_skipped(headless);
    print_glyph(headless, verdict);
    fprintf(out, " %2lld %s%*s %6.1f s\n",
            (long long)record_get_int(record, "step", 0), headless->title,
            MAX(TITLE_WIDTH - columns(headless->title), 1), "",
            record_get_number(record, "seconds", 0));
    if (*reason != '\0')
        fprintf(out, "       %-9s %s\n", verdict_name(verdict), reason);
    if (headless->bad != NULL)
        print_trouble(headless, headless->bad);
    fflush(out);
}

/* "host-testpmd: port.0.rx_packets grows: 88, then 120" */
static void
print_evidence(const struct headless *headless, const struct record *likely)
{
    FILE *out = headless->spec.out;

    for (size_t i = 0; i < record_len(likely, "evidence"); i++) {
        const struct record *one = record_at(likely, "evidence", i);

        fprintf(out, "                    %s: %s\n", record_get(one, "pane"),
                record_get(one, "text"));
    }
}

/* The best one with all it has; of the others what they are. */
void
headless_print_symptoms(const struct headless *headless,
                        const struct record *record)
{
    FILE *out = headless->spec.out;
    size_t len = record_len(record, "likely");

    if (len == 0)
        fprintf(out, "       likely    nothing known fits\n");
    for (size_t i = 0; i < len; i++) {
        const struct record *likely = record_at(record, "likely", i);

        fprintf(out, "       %-9s %zu. %s (%s, %s)\n", i == 0 ? "likely" : "",
                i + 1, record_get(likely, "cause"),
                record_get(likely, "weight"), record_get(likely, "whose"));
        if (i > 0)
            continue;
        print_evidence(headless, likely);
        if (record_has(likely, "next"))
            fprintf(out, "                    next: %s, %s\n",
                    record_get(likely, "pane"), record_get(likely, "next"));
        fprintf(out, "                    remedy: %s\n",
                record_get(likely, "remedy"));
    }
}

static void
hear_symptoms(struct headless *headless, const struct record *record)
{
    headless_print_symptoms(headless, record);
    fflush(headless->spec.out);
}

/* A point's words, on as many lines as it takes; where: the column. */
static void
print_words(const struct headless *headless, enum verdict verdict,
            const char *text, int *where)
{
    FILE *out = headless->spec.out;
    int cols = headless->spec.cols;

    if (cols < LEG_INDENT + LEG_MIN) {
        fputc(' ', out);
        paint(headless, verdict, text);
        return;
    }
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        char *word = xstrndup(text, len);
        int width = columns(word);

        if (*where > LEG_INDENT && *where + 1 + width > cols) {
            fprintf(out, "\n%*s", LEG_INDENT - 1, "");
            *where = LEG_INDENT - 1;
        }
        fputc(' ', out);
        paint(headless, verdict, word);
        *where += 1 + width;
        free(word);
        text += len;
        text += strspn(text, " ");
    }
}

static void
print_point(const struct headless *headless, const struct record *point,
            int *where)
{
    enum verdict verdict = verdict_of_name(record_get(point, "verdict"));
    bool bad = verdict == VERDICT_FAIL || verdict == VERDICT_ERROR;

    if (bad || verdict == VERDICT_UNDECIDED)
        print_words(headless, verdict,
                    verdict_glyph(verdict, headless->spec.ascii), where);
    print_words(headless, bad ? verdict : VERDICT_PENDING,
                record_get(point, "text"), where);
}

static void
print_leg(const struct headless *headless, const struct record *leg)
{
    FILE *out = headless->spec.out;
    int where = LEG_INDENT - 1;

    fprintf(out, "  ");
    print_glyph(headless, verdict_of_name(record_get(leg, "verdict")));
    fprintf(out, " %lld %-*s", (long long)record_get_int(leg, "leg", 0),
            LEG_WIDTH, record_get(leg, "title"));
    for (size_t i = 0; i < record_len(leg, "points"); i++) {
        if (i > 0 && headless->spec.ascii)
            where += fprintf(out, ";");
        else if (i > 0)
            print_words(headless, VERDICT_PENDING, "·", &where);
        print_point(headless, record_at(leg, "points", i), &where);
    }
    fputc('\n', out);
}

void
headless_print_verdict(const struct headless *headless,
                       const struct record *record)
{
    struct record *plain = record_plain(record);

    for (size_t i = 0; i < record_len(plain, "legs"); i++)
        print_leg(headless, record_at(plain, "legs", i));
    measures_print(headless->spec.out, plain);
    record_free(plain);
}

static void
hear_verdict(struct headless *headless, const struct record *record)
{
    static const char *const words[VERDICTS] = {
        [VERDICT_PENDING] = "NOTHING RAN", [VERDICT_PASS] = "PASS",
        [VERDICT_FAIL] = "FAIL",           [VERDICT_ERROR] = "ERROR",
        [VERDICT_SKIP] = "SKIPPED",        [VERDICT_UNDECIDED] = "UNDECIDED",
    };
    enum verdict verdict = verdict_of_name(record_get(record, "verdict"));
    const char *reason = record_get(record, "reason");
    long long errors = record_get_int(record, "errors", 0);
    FILE *out = headless->spec.out;

    tell_skipped(headless);
    paint(headless, verdict, words[verdict]);
    fprintf(out,
            " %s on %s in %.1f s   %lld passed, %lld failed, %lld error%s, "
            "%lld skipped\n",
            headless->name, headless->lab, headless->seconds,
            (long long)record_get_int(record, "passed", 0),
            (long long)record_get_int(record, "failed", 0), errors,
            errors == 1 ? "" : "s",
            (long long)record_get_int(record, "skipped", 0));
    if (*reason != '\0')
        fprintf(out, "  because %s\n", reason);
    headless_print_verdict(headless, record);
    fflush(out);
}

static void
hear_torn_down(struct headless *headless, const struct record *record)
{
    long long failed = record_get_int(record, "failed", 0);
    long long left = record_get_int(record, "left", 0);

    if (failed > 0 || left > 0)
        fprintf(
            headless->spec.out,
            "teardown is not complete: %lld failed to be undone, %lld left; "
            "miglab teardown %s\n",
            failed, left, headless->spec.path);
}

static void
hear_end(struct headless *headless, const struct record *record)
{
    bool interrupted = record_get_bool(record, "interrupted");

    if (interrupted)
        fprintf(headless->spec.out, "interrupted; ");
    if (record_get_bool(record, "kept"))
        fprintf(headless->spec.out,
                "the lab is left as it is: miglab teardown %s\n",
                headless->spec.path);
    else if (interrupted)
        fprintf(headless->spec.out, "the lab was torn down\n");
    fprintf(headless->spec.out, "evidence %s\n", headless->spec.path);
    fflush(headless->spec.out);
}

static const struct {
    const char *event;
    void (*hear)(struct headless *headless, const struct record *record);
} rows[] = {
    { "run.start", hear_start },       { "step.begin", hear_step },
    { "action.end", hear_action_end }, { "step.end", hear_step_end },
    { "verdict", hear_verdict },       { "teardown.end", hear_torn_down },
    { "run.end", hear_end },           { "symptoms", hear_symptoms },
};

void
headless_hear(void *ctx, const struct record *record)
{
    struct headless *headless = ctx;
    /* What a guest printed is in there, and this goes to a terminal. */
    struct record *plain = record_plain(record);

    headless->seconds = (double)record_at_us(record) / 1e6;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].event, record_event(plain)) == 0)
            rows[i].hear(headless, plain);
    record_free(plain);
}
