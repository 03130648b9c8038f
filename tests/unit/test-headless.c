/* What a run says as lines of text, from its records alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/xalloc.h"
#include "journal/record.h"
#include "report/headless.h"

struct page {
    FILE *out;
    char *text;
    size_t len;
    struct headless *headless;
};

static void
begin(struct page *page, int cols)
{
    struct headless_spec spec = { .ascii = true, .path = "/runs/x" };

    page->out = open_memstream(&page->text, &page->len);
    assert_non_null(page->out);
    spec.out = page->out;
    spec.cols = cols;
    page->headless = headless_new(&spec);
}

static void
hear(struct page *page, struct record *record)
{
    headless_hear(page->headless, record);
    record_free(record);
}

/* All that was printed so far. */
static const char *
printed(struct page *page)
{
    fflush(page->out);
    return page->text;
}

static void
end(struct page *page)
{
    headless_free(page->headless);
    fclose(page->out);
    free(page->text);
}

static void
hear_step(struct page *page, int step, const char *verdict, const char *reason)
{
    struct record *record = record_new("step.end");

    record_int(record, "step", step);
    record_text(record, "verdict", verdict);
    record_text(record, "reason", reason);
    hear(page, record);
}

/* One that fits, as the runner records it. */
static void
add_likely(struct record *record, const char *cause, const char *next)
{
    struct record *likely = record_item(record, "likely");
    struct record *evidence = record_item(likely, "evidence");

    record_text(likely, "cause", cause);
    record_text(likely, "weight", "strong");
    record_text(likely, "whose", "lab");
    record_text(evidence, "pane", "host-testpmd");
    record_text(evidence, "text", "port.0.rx_packets grows: 88, then 120");
    record_text(likely, "pane", "backup-testpmd");
    record_text(likely, "next", next);
    record_text(likely, "remedy", "Delete the entry.");
}

static void
likely_causes_are_told_the_best_with_its_proof(void **state)
{
    struct page page;
    struct record *record = record_new("symptoms");

    (void)state;
    begin(&page, 0);
    add_likely(record, "the switch keeps the old port", "show port stats all");
    add_likely(record, "the switch knows nothing", NULL);
    hear(&page, record);
    assert_string_equal(
        printed(&page),
        "       likely    1. the switch keeps the old port (strong, lab)\n"
        "                    host-testpmd: port.0.rx_packets grows: 88, then "
        "120\n"
        "                    next: backup-testpmd, show port stats all\n"
        "                    remedy: Delete the entry.\n"
        "                 2. the switch knows nothing (strong, lab)\n");
    hear(&page, record_new("symptoms"));
    assert_non_null(
        strstr(printed(&page), "       likely    nothing known fits\n"));
    end(&page);
}

static void
what_from_and_until_leave_out_is_one_line(void **state)
{
    struct page page;
    struct record *record = record_new("verdict");

    (void)state;
    begin(&page, 0);
    hear_step(&page, 1, "skip", "before --from");
    hear_step(&page, 2, "skip", "before --from");
    hear_step(&page, 3, "skip", "already done: x");
    hear_step(&page, 4, "skip", "behind --until");
    record_text(record, "verdict", "error");
    record_int(record, "errors", 1);
    hear(&page, record);
    assert_non_null(strstr(printed(&page), "-  1 to 2  skipped: before --from\n"
                                           "-  3 "));
    assert_non_null(strstr(page.text, "skip      already done: x\n"
                                      "-  4  skipped: behind --until\n"));
    assert_non_null(strstr(page.text, "0 failed, 1 error, 0 skipped\n"));
    end(&page);
}

static void
of_the_demands_each_is_told_whether_it_was_met(void **state)
{
    static const char *const rows[][3] = {
        { "a line like 'up'", "pass", "link is up" },
        { "a line like 'speed'", "pending", "" },
        { "no line like 'Error'", "fail", "Error: no" },
    };
    struct record *record = record_new("action.end");
    struct page page;

    (void)state;
    begin(&page, 0);
    record_text(record, "where", "s1.a1");
    record_text(record, "verdict", "fail");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct record *check = record_item(record, "checks");

        record_text(check, "demand", rows[i][0]);
        record_text(check, "verdict", rows[i][1]);
        record_text(check, "seen", rows[i][2]);
    }
    hear(&page, record);
    hear_step(&page, 1, "fail", "bad");
    assert_non_null(strstr(printed(&page),
                           "       expected  + a line like 'up'\n"
                           "       expected  . a line like 'speed'\n"
                           "       expected  x no line like 'Error'\n"
                           "       seen      Error: no\n"));
    end(&page);
}

static void
hear_leg(struct page *page)
{
    static const char *const points[] = { "dirty logging was on (bit 26)",
                                          "ring 0 continues (2 = 2)",
                                          "backup's virtio is ready" };
    struct record *record = record_new("verdict"), *leg;

    record_text(record, "verdict", "fail");
    leg = record_item(record, "legs");
    record_text(leg, "verdict", "fail");
    record_int(leg, "leg", 3);
    record_text(leg, "title", "vhost handed the rings over");
    for (size_t i = 0; i < ARRAY_LEN(points); i++) {
        struct record *point = record_item(leg, "points");

        record_text(point, "text", points[i]);
        record_text(point, "verdict", i == 1 ? "fail" : "pass");
    }
    hear(page, record);
}

static void
legs_are_wrapped_to_a_terminal_only(void **state)
{
    static const char whole[] =
        "  x 3 vhost handed the rings over    dirty logging was on (bit 26); "
        "x "
        "ring 0 continues (2 = 2); backup's virtio is ready\n";
    static const char wrapped[] =
        "  x 3 vhost handed the rings over    dirty logging was on (bit\n"
        "                                    26); x ring 0 continues (2\n"
        "                                    = 2); backup's virtio is\n"
        "                                    ready\n";
    static const int cols[] = { 0, 20, 62, 1000 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cols); i++) {
        struct page page;

        print_message("# %d\n", cols[i]);
        begin(&page, cols[i]);
        hear_leg(&page);
        assert_non_null(
            strstr(printed(&page), cols[i] == 62 ? wrapped : whole));
        end(&page);
    }
}

static void
what_is_left_behind_is_said_with_its_command(void **state)
{
    struct record *record = record_new("run.end");
    struct page page;

    (void)state;
    begin(&page, 0);
    record_bool(record, "interrupted", true);
    record_bool(record, "kept", true);
    hear(&page, record);
    assert_string_equal(printed(&page),
                        "interrupted; the lab is left as it is: miglab "
                        "teardown /runs/x\nevidence /runs/x\n");
    end(&page);
}

#define RANDOM_TEXTS 10000

/* Any bytes but the text's end; escapes and controls often. */
static char *
random_text(void)
{
    static const char often[] = "\x1b[]\x07\x9b\xc2\r\b\x7f\n<&\"";
    size_t len = (size_t)random() % 40;
    char *text = xcalloc(len + 1, 1);

    for (size_t i = 0; i < len; i++)
        text[i] = random() % 2 != 0 ? often[random() % (sizeof often - 1)]
                                    : (char)(1 + random() % 255);
    return text;
}

static void
hear_all_with(struct page *page, const char *text)
{
    static const char *const events[] = {
        "run.start", "step.begin", "step.end", "action.begin", "action.end",
        "trouble",   "comment",    "swept",    "verdict"
    };
    static const char *const keys[] = { "title", "case",    "lab",    "reason",
                                        "pane",  "command", "text",   "comment",
                                        "tail",  "node",    "trouble" };

    for (size_t i = 0; i < ARRAY_LEN(events); i++) {
        struct record *record = record_new(events[i]);

        for (size_t j = 0; j < ARRAY_LEN(keys); j++)
            record_text(record, keys[j], text);
        record_text(record, "verdict", "fail");
        record_text(record, "where", "s1.a1");
        hear(page, record);
    }
}

/* doc/reliability.md 5: nothing of a name or of output reaches a terminal as
 * control. */
static void
no_text_paints_a_terminal(void **state)
{
    struct page page;

    (void)state;
    srandom(5);
    begin(&page, 80);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
        char *text = random_text();

        hear_all_with(&page, text);
        free(text);
    }
    hear_all_with(&page, "\xe2\x80\xae"
                         "overridden\xe2\x80\xa8");
    (void)printed(&page);
    for (size_t i = 0; i < page.len; i++) {
        uint8_t byte = (uint8_t)page.text[i];

        if ((byte < ' ' && byte != '\n') || byte == 0x7F ||
            (byte == 0xC2 && (uint8_t)page.text[i + 1] < 0xA0))
            fail_msg("byte %02x behind \"%.*s\"", byte, (int)MIN(i, 60u),
                     page.text + i - MIN(i, 60u));
    }
    assert_null(strstr(page.text, "\xe2\x80\xae"));
    print_message("# %zu bytes, none of them control\n", page.len);
    end(&page);
}

static void
add_sample(struct record *record, double ms, double mbps, double dirty)
{
    struct record *point = record_item(record, "series");

    record_number(point, "ms", ms);
    record_number(point, "throughput_mbps", mbps);
    if (dirty >= 0)
        record_number(point, "dirty_pages", dirty);
}

/* Numbered packets: the gap is what it was, and which were lost is told. */
static void
a_measured_flow_is_told_with_its_gap_and_the_series(void **state)
{
    static const struct {
        const char *key;
        double value;
    } rows[] = {
        { "total_ms", 1275 },  { "downtime_ms", 38 },
        { "sent", 671 },       { "received", 658 },
        { "lost", 13 },        { "lost_before", 0 },
        { "lost_during", 13 }, { "lost_after", 0 },
        { "gap_max_ms", 142 }, { "resolution_ms", 9.2 },
        { "gap_lost", 13 },    { "gap_after_ms", 1200 },
        { "clock_ms", 14 },
    };
    struct page page;
    struct record *record = record_new("verdict"), *m;

    (void)state;
    begin(&page, 0);
    record_text(record, "verdict", "pass");
    m = record_item(record, "measures");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        record_number(m, rows[i].key, rows[i].value);
    record_bool(m, "measured", true);
    record_text(m, "relation", "vhost's as well");
    add_sample(record, 28, 0, -1);
    add_sample(record, 1275, 887.08, 311);
    hear(&page, record);
    assert_non_null(strstr(printed(&page),
                           "  total 1275 ms   downtime 38 ms\n"
                           "  QEMU at ms               28     1275\n"));
    assert_non_null(strstr(printed(&page),
                           "  Mbit/s                    0   887.08\n"
                           "  dirty pages/s             -      311\n"));
    assert_non_null(strstr(
        printed(&page),
        "  packets 671 sent, 658 received, 13 lost (0 before, 13 during, 0 "
        "after the migration); longest gap 142 ms (resolution 9.2 ms)\n"
        "  the gap: 13 packets, from 1200 ms behind migrate on, give or take "
        "14 ms\n"
        "  vhost's as well\n"));
    end(&page);
}

/* One that began before migrate; and where something is open, at most. */
static void
a_gap_is_told_as_it_is_known(void **state)
{
    static const struct {
        const char *open, *says;
    } rows[] = {
        { NULL, "; longest gap 142 ms (resolution 9.2 ms)\n"
                "  the gap: 13 packets, from 40 ms before migrate on, give" },
        { "tcpdump missed some", "; longest gap by lost packets at most 142 ms "
                                 "(resolution 9.2 ms)\n"
                                 "  not measured: tcpdump missed some\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page page;
        struct record *record = record_new("verdict"), *m;

        begin(&page, 0);
        record_text(record, "verdict", "pass");
        m = record_item(record, "measures");
        record_number(m, "sent", 671);
        record_number(m, "lost", 13);
        record_number(m, "gap_max_ms", 142);
        record_number(m, "resolution_ms", 9.2);
        record_number(m, "gap_lost", 13);
        record_number(m, "gap_after_ms", -40);
        record_number(m, "clock_ms", 14);
        record_bool(m, "measured", true);
        if (rows[i].open != NULL)
            record_text(m, "open", rows[i].open);
        hear(&page, record);
        assert_non_null(strstr(printed(&page), rows[i].says));
        end(&page);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likely_causes_are_told_the_best_with_its_proof),
        cmocka_unit_test(what_from_and_until_leave_out_is_one_line),
        cmocka_unit_test(of_the_demands_each_is_told_whether_it_was_met),
        cmocka_unit_test(no_text_paints_a_terminal),
        cmocka_unit_test(legs_are_wrapped_to_a_terminal_only),
        cmocka_unit_test(what_is_left_behind_is_said_with_its_command),
        cmocka_unit_test(a_measured_flow_is_told_with_its_gap_and_the_series),
        cmocka_unit_test(a_gap_is_told_as_it_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
