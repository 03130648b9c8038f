/*
 * The measured flow: what was lost of it, when, and the longest gap; what
 * cannot be known is said to be unknown.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "tests/unit/tape.h"

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/gap.h"
#include "judge/legs.h"
#include "judge/measures.h"
#include "judge/moments.h"
#include "judge/output.h"
#include "judge/progress.h"
#include "judge/reader.h"

#define INTERVAL_US 10000 /* 100 packets a second */
#define START_US    500000

/* A flow of so many packets, its log and what else is known of it. */
struct scene {
    struct facts *facts;
    struct buf log, times;
    size_t sent;
    size_t pause_at;   /* the tester paused before this one, 0: before none */
    uint64_t pause_us; /* so much longer than it should */
};

static uint64_t
sent_us(const struct scene *scene, size_t packet)
{
    bool paused = scene->pause_at > 0 && packet >= scene->pause_at;

    return packet * INTERVAL_US + (paused ? scene->pause_us : 0);
}

static void
begin(struct scene *scene, size_t sent)
{
    *scene = (struct scene){ .facts = facts_new(),
                             .log = BUF_INIT(0),
                             .times = BUF_INIT(0),
                             .sent = sent };
}

/* As the tester writes them: 100 a line, behind the first one's number. */
static void
write_times(struct scene *scene)
{
    buf_clear(&scene->times);
    for (size_t i = 0; i < scene->sent; i++) {
        if (i % 100 == 0)
            buf_printf(&scene->times, "%s%zu:", i > 0 ? "\n" : "", i);
        buf_printf(&scene->times, "%s%llu", i % 100 > 0 ? ", " : "",
                   (unsigned long long)sent_us(scene, i));
    }
}

static void
came(struct scene *scene, size_t from, size_t to)
{
    for (size_t i = from; i <= to; i++)
        buf_printf(&scene->log, "length %zu\n", 64 + i % 1000);
}

static void
read_line(void *ctx, const struct line_event *line)
{
    reader_line(ctx, line);
}

static void
read_text(struct facts *facts, const char *kind, const char *name,
          const char *text, uint64_t at_us)
{
    struct reader *reader = reader_new(kind, name, facts);

    output_lines(text, strlen(text), at_us, read_line, reader);
    reader_free(reader);
}

/* Sent from START_US on; migrate at one packet's time, running at another's. */
static void
take(struct scene *scene, size_t migrate, size_t running, struct gap *gap)
{
    struct moments moments;
    uint64_t end_us = START_US + sent_us(scene, scene->sent);

    facts_set(scene->facts, "tester-scapy.typed", START_US, 0,
              "S = sendp(F, inter=0.01, loop=1)");
    facts_set(scene->facts, "host-monitor.typed",
              START_US + migrate * INTERVAL_US, 0, "migrate -d tcp:b:4444");
    facts_set(scene->facts, "backup-monitor.vm.status",
              START_US + running * INTERVAL_US, 0, "running");
    facts_set_number(scene->facts, "tester-scapy.tx.sent", end_us, 0,
                     (double)scene->sent);
    write_times(scene);
    read_text(scene->facts, "flow-times", "tester-flow",
              buf_text(&scene->times), end_us);
    read_text(scene->facts, "flow-log", "guest-flow", buf_text(&scene->log),
              end_us);
    moments_take(scene->facts, &moments);
    gap_take(scene->facts, &moments, gap);
    print_message("# %s: %g sent, %g lost, %g ms, %g+%g+%g\n",
                  gap->why != NULL ? gap->why : "known", gap->sent, gap->lost,
                  gap->longest_ms, gap->phase_lost[0], gap->phase_lost[1],
                  gap->phase_lost[2]);
}

static void
end(struct scene *scene)
{
    facts_free(scene->facts);
    buf_fini(&scene->log);
    buf_fini(&scene->times);
}

static void
a_hole_is_lost_and_its_length_is_known_in_send_time(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    begin(&scene, 2500);
    came(&scene, 0, 1199);
    came(&scene, 1220, 2499);
    take(&scene, 1100, 1300, &gap);
    assert_null(gap.why);
    assert_int_equal(gap.sent, 2500);
    assert_int_equal(gap.received, 2480);
    assert_int_equal(gap.lost, 20);
    assert_int_equal(gap.longest_ms, 210); /* from 1199 to 1220 */
    assert_int_equal(gap.longest_lost, 20);
    assert_int_equal(gap.longest_after_ms, 995);
    assert_int_equal(gap.resolution_ms, 10);
    assert_int_equal(gap.phase_lost[GAP_BEFORE], 0);
    assert_int_equal(gap.phase_lost[GAP_DURING], 20);
    assert_int_equal(gap.duplicates, 0);
    end(&scene);
}

/* Each number left out of the log is one more lost, wherever it is. */
static void
a_number_that_is_dropped_from_the_log_is_lost(void **state)
{
    static const size_t places[] = {
        0, 1, 499, 998, 999, 1000, 1500, 2498, 2499
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        struct scene scene;
        struct gap gap;
        size_t at = places[i];

        begin(&scene, 2500);
        if (at > 0)
            came(&scene, 0, at - 1);
        if (at < 2499)
            came(&scene, at + 1, 2499);
        take(&scene, 1000, 1400, &gap);
        assert_null(gap.why);
        assert_int_equal(gap.lost, 1);
        assert_int_equal(gap.received, 2499);
        assert_int_equal(gap.longest_ms, at == 0 || at == 2499 ? 10 : 20);
        assert_int_equal(gap.phase_lost[at < 1000   ? GAP_BEFORE
                                        : at < 1400 ? GAP_DURING
                                                    : GAP_AFTER],
                         1);
        end(&scene);
    }
}

static void
without_loss_no_gap_is_claimed_beyond_the_interval(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    begin(&scene, 300);
    came(&scene, 0, 299);
    take(&scene, 100, 200, &gap);
    assert_null(gap.why);
    assert_int_equal(gap.lost, 0);
    assert_int_equal(gap.longest_ms, 10);
    assert_int_equal(gap.longest_lost, 0);
    end(&scene);
}

static void
late_and_doubled_packets_are_not_lost(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    begin(&scene, 1500);
    came(&scene, 0, 999);
    came(&scene, 1003, 1004);
    came(&scene, 1001, 1001); /* late */
    came(&scene, 1004, 1004); /* twice: the last one */
    came(&scene, 950, 950);   /* twice: an old one */
    came(&scene, 1005, 1499);
    take(&scene, 900, 1200, &gap);
    assert_null(gap.why);
    assert_int_equal(gap.reordered, 1);
    assert_int_equal(gap.duplicates, 2);
    assert_int_equal(gap.lost, 2);
    assert_int_equal(gap.longest_ms, 20);
    end(&scene);
}

/* vhost's counters, as the steps sample them. */
static void
count(struct scene *scene, const char *side, size_t packet, double value)
{
    char *name = xasprintf("%s-testpmd.port.1.tx_packets", side);

    facts_set_number(scene->facts, name, START_US + packet * INTERVAL_US + 9, 0,
                     value);
    free(name);
}

/* 1000 and more are missing: the lengths repeat, counters must tell. */
static void
lose_1200_at_1000(struct scene *scene, bool counted, bool another)
{
    begin(scene, 5000);
    came(scene, 0, 199);
    came(scene, another ? 210 : 200, 999);
    came(scene, 2200, 4999);
    if (!counted)
        return;
    count(scene, "host", 0, 0);
    count(scene, "backup", 0, 0);
    count(scene, "host", 900, another ? 890 : 900);
    count(scene, "backup", 2300, 100);
    count(scene, "host", 5000, another ? 990 : 1000);
    count(scene, "backup", 5000, 2800);
}

static void
more_than_a_thousand_are_found_where_counters_tell(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    lose_1200_at_1000(&scene, true, true);
    take(&scene, 950, 1100, &gap);
    assert_null(gap.why);
    assert_int_equal(gap.lost, 1210);
    assert_int_equal(gap.longest_ms, 12010);
    assert_int_equal(gap.longest_lost, 1200);
    assert_int_equal(gap.phase_lost[GAP_BEFORE], 10);
    assert_int_equal(gap.phase_lost[GAP_DURING], 100);
    end(&scene);
}

static void
more_than_a_thousand_are_not_guessed(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    lose_1200_at_1000(&scene, false, true);
    take(&scene, 950, 1100, &gap);
    assert_non_null(gap.why);
    assert_non_null(strstr(gap.why, "numbers repeat"));
    assert_int_equal(gap.lost, 1210); /* but that is counted */
    assert_true(gap.longest_ms < 0);
    end(&scene);
}

/* Before the first that came, and behind the last, there are holes as well. */
static void
a_thousand_can_be_missing_at_either_end(void **state)
{
    static const struct {
        size_t first, last;
        double host, host_end, backup, backup_end;
        enum gap_phase phase; /* in which most are lost */
    } rows[] = {
        { 1200, 4999, 0, 0, 1100, 3800, GAP_BEFORE },
        { 0, 3799, 900, 1000, 1300, 2800, GAP_AFTER },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scene scene;
        struct gap gap;

        begin(&scene, 5000);
        came(&scene, rows[i].first, rows[i].last);
        count(&scene, "host", 0, 0);
        count(&scene, "backup", 0, 0);
        count(&scene, "host", 900, rows[i].host);
        count(&scene, "backup", 2300, rows[i].backup);
        count(&scene, "host", 5000, rows[i].host_end);
        count(&scene, "backup", 5000, rows[i].backup_end);
        take(&scene, 950, 1100, &gap);
        assert_null(gap.why);
        assert_int_equal(gap.lost, 1200);
        assert_int_equal(gap.longest_ms, 12000);
        assert_int_equal(gap.longest_lost, 1200);
        assert_true(gap.phase_lost[rows[i].phase] > 900);
        end(&scene);
    }
}

/* One sample that fits no hole, or counters that are not those of this flow. */
static void
counters_that_contradict_tell_nothing(void **state)
{
    static const struct {
        double early, backup_end;
        bool known;
    } rows[] = {
        { 500, 2800, true },
        { 500, 2849, true },  /* some frames that are not the flow */
        { 500, 2851, false }, /* too many of them */
        { 500, 2749, false },
        { 10, 2800, false }, /* 490 missing where none are */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scene scene;
        struct gap gap;

        begin(&scene, 5000);
        came(&scene, 0, 999);
        came(&scene, 2200, 4999);
        count(&scene, "host", 0, 0);
        count(&scene, "backup", 0, 0);
        count(&scene, "host", 500, rows[i].early);
        count(&scene, "host", 900, 900);
        count(&scene, "backup", 2300, 100);
        count(&scene, "host", 5000, 1000);
        count(&scene, "backup", 5000, rows[i].backup_end);
        take(&scene, 950, 1100, &gap);
        assert_int_equal(gap.why == NULL, rows[i].known);
        assert_int_equal(gap.lost, 1200);
        assert_int_equal(gap.longest_ms, rows[i].known ? 12010 : -1);
        end(&scene);
    }
}

/* 950 missing ones look like packets that come late. */
static void
what_looks_late_but_is_not_is_open(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    begin(&scene, 4000);
    came(&scene, 0, 999);
    came(&scene, 1950, 3999);
    take(&scene, 900, 1100, &gap);
    assert_non_null(gap.why);
    assert_true(gap.longest_ms < 0);
    assert_true(gap.lost < 0);
    end(&scene);

    begin(&scene, 1980); /* and with only a few behind them */
    came(&scene, 0, 999);
    came(&scene, 1950, 1979);
    take(&scene, 900, 1100, &gap);
    assert_non_null(gap.why);
    assert_true(gap.lost < 0);
    end(&scene);
}

/* Nor when so few came before that they are from before the first. */
static void
what_looks_older_than_the_first_is_open(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    begin(&scene, 990);
    came(&scene, 0, 20);
    came(&scene, 971, 989);
    take(&scene, 10, 30, &gap);
    assert_non_null(gap.why);
    assert_non_null(strstr(gap.why, "make no sense"));
    assert_true(gap.longest_ms < 0);
    assert_true(gap.lost < 0);
    end(&scene);
}

/* An empty log, of a VM that was given packets, is no proof of their loss. */
static void
an_empty_log_beside_counters_is_open(void **state)
{
    static const struct legs_spec spec = { .has_max_loss_measured = true,
                                           .max_loss_measured = 60 };

    (void)state;
    for (int counted = 0; counted <= 1; counted++) {
        struct scene scene;
        struct gap gap;
        struct measures m;
        struct legs legs;

        begin(&scene, 500);
        take(&scene, 10, 20, &gap);
        count(&scene, "host", 0, 0);
        count(&scene, "host", 100, counted ? 100 : 0);
        count(&scene, "backup", 0, 0);
        count(&scene, "backup", 500, counted ? 400 : 0);
        measures_take(scene.facts, &spec, &m);
        assert_int_equal(m.lost, counted ? -1 : 500);
        assert_int_equal(m.received, counted ? -1 : 0);
        assert_non_null(m.open);
        legs_judge(scene.facts, &spec, &legs);
        assert_int_equal(legs.items[6].verdict,
                         counted ? VERDICT_UNDECIDED : VERDICT_FAIL);
        legs_fini(&legs);
        end(&scene);
    }
}

static void
what_contradicts_itself_is_not_measured(void **state)
{
    struct scene scene;
    struct gap gap;
    struct moments moments = { .begun = false };

    (void)state;
    begin(&scene, 100); /* more came than were sent */
    came(&scene, 0, 150);
    take(&scene, 10, 20, &gap);
    assert_non_null(strstr(gap.why, "were not sent"));
    end(&scene);

    begin(&scene, 100); /* scapy says otherwise */
    came(&scene, 0, 99);
    take(&scene, 10, 20, &gap);
    facts_set_number(scene.facts, "tester-scapy.tx.sent", 9, 0, 99);
    gap_take(scene.facts, &moments, &gap);
    assert_non_null(strstr(gap.why, "another number"));
    end(&scene);

    begin(&scene, 100); /* nothing came: all is lost */
    take(&scene, 10, 20, &gap);
    assert_non_null(strstr(gap.why, "no packet of the flow"));
    assert_int_equal(gap.lost, 100);
    assert_int_equal(gap.received, 0);
    end(&scene);

    begin(&scene, 0); /* there is no such flow */
    gap_take(scene.facts, &moments, &gap);
    assert_false(gap.taken);
    assert_true(gap.lost < 0);
    end(&scene);
}

/* Too many holes to keep: none of them is told as all. */
static void
more_holes_than_are_kept_are_open(void **state)
{
    struct scene scene;
    struct gap gap;

    (void)state;
    begin(&scene, 10000);
    for (size_t i = 0; i < 10000; i += 2)
        came(&scene, i, i);
    take(&scene, 100, 200, &gap);
    assert_non_null(strstr(gap.why, "more holes"));
    assert_true(gap.longest_ms < 0);
    end(&scene);
}

/* What came of real flows, by the VM's own log; lost as counted then. */
static void
real_logs_are_decoded(void **state)
{
    static const struct {
        const char *name, *mark;
        double holes, lost; /* in that part of the log */
    } rows[] = {
        { "drills/gap-net-100/vm.log.live", "> 90:e2:ba:69:c9:c9,", 1, 3 },
        { "drills/gap-net-100-packed/vm.log.live", "> 90:e2:ba:69:c9:c9,", 1,
          4 },
        { "drills/gap-pmd-100/vm.log.live", "dst=90:E2:BA:69:C9:C9 ", 1, 5 },
        { "drills/gap-pmd-100-late/vm.log.live", "dst=90:E2:BA:69:C9:C9 ", 1,
          210 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *path =
            xasprintf("%s/tests/captures/%s",
                      getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".",
                      rows[i].name);
        FILE *file = fopen(path, "r");
        struct facts *facts = facts_new();
        struct buf flow = BUF_INIT(0);
        char line[4096];
        double first, last;
        size_t len;
        const struct fact_value *holes;

        assert_non_null(file);
        while (fgets(line, sizeof line, file) != NULL)
            if (strstr(line, rows[i].mark) != NULL)
                buf_puts(&flow, line);
        read_text(facts, "flow-log", "guest-flow", buf_text(&flow), 1);
        first = facts_number(facts, "guest-flow.flow.first", -1);
        last = facts_number(facts, "guest-flow.flow.last", -1);
        holes = facts_history(facts, "guest-flow.flow.hole", &len);
        print_message("# %s: %g to %g, %g frames, hole %s\n", rows[i].name,
                      first, last,
                      facts_number(facts, "guest-flow.flow.frames", -1),
                      len > 0 ? holes[0].text : "none");
        assert_int_equal(first, 0);
        assert_int_equal(facts_number(facts, "guest-flow.flow.holes", 0),
                         rows[i].holes);
        assert_int_equal(last + 1 -
                             facts_number(facts, "guest-flow.flow.frames", -1),
                         rows[i].lost);
        fclose(file);
        facts_free(facts);
        buf_fini(&flow);
        free(path);
    }
}

static void
hear(void *ctx, const struct line_event *line)
{
    reader_line(ctx, line);
}

/* The plan's own flow at 100 a second has no numbers, and none are seen. */
static void
a_flow_without_numbers_has_none(void **state)
{
    static const char *const names[] = { "case1-100pps/host-vm-ssh",
                                         "case1-100pps/backup-vm-ssh",
                                         "case3-100pps/host-vm-ssh",
                                         "case3-100pps/backup-vm-ssh" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct facts *facts = facts_new();
        struct reader *reader = reader_new("flow-log", "c", facts);

        tape_lines(names[i], 80, 24, hear, reader);
        assert_int_equal(facts_number(facts, "c.flow.frames", -1), 0);
        assert_null(facts_get(facts, "c.flow.last"));
        reader_free(reader);
        facts_free(facts);
    }
}

/* QEMU's figures over a real migration of 100 packets a second. */
static void
a_migration_is_a_series(void **state)
{
    struct facts *facts = facts_new();
    struct reader *reader = reader_new("qemu-migration", "host-monitor", facts);
    struct moments moments = { .begun = true, .begun_us = 0 };
    struct progress progress;
    double most = 0;

    (void)state;
    tape_lines("case1-100pps/host-monitor-telnet", 132, 50, hear, reader);
    progress_take(facts, &moments, &progress);
    print_message("# %zu samples\n", progress.len);
    assert_true(progress.len > 10);
    for (size_t i = 0; i < progress.len; i++) {
        const struct progress_point *point = &progress.points[i];

        print_message("# %g ms %s pass %g, %g Mbit/s, %g KiB left, dirty %g\n",
                      point->at_ms, point->status, point->passes,
                      point->throughput_mbps, point->remaining_kib,
                      point->dirty_pages);
        assert_true(i == 0 || point->at_ms >= progress.points[i - 1].at_ms);
        most = point->throughput_mbps > most ? point->throughput_mbps : most;
    }
    assert_string_equal(progress.points[progress.len - 1].status, "completed");
    assert_int_equal(progress.points[progress.len - 1].remaining_kib, 0);
    assert_true(most > 10);
    progress_fini(&progress);
    reader_free(reader);
    facts_free(facts);
}

/* Leg 6 of a flow that lost so many. */
static enum verdict
leg_6(size_t lost, const char *dropped, const struct legs_spec *spec)
{
    struct scene scene;
    struct gap gap;
    struct legs legs;
    enum verdict verdict;

    begin(&scene, 2500);
    came(&scene, 0, 1199);
    came(&scene, 1200 + lost, 2499);
    if (dropped != NULL)
        facts_set(scene.facts, "backup-guest.rx.dropped", 9, 0, dropped);
    take(&scene, 1100, 1300, &gap);
    legs_judge(scene.facts, spec, &legs);
    verdict = legs.items[6].verdict;
    for (size_t i = 0; i < legs.items[6].len; i++)
        print_message("# %s\n", legs.items[6].points[i].text);
    legs_fini(&legs);
    end(&scene);
    return verdict;
}

/*
 * Leg 6 where the tester paused for 600 ms before packet 1200, and these
 * before it and from it on were lost.
 */
static enum verdict
leg_6_paused(size_t before, size_t behind, const struct legs_spec *spec)
{
    struct scene scene;
    struct gap gap;
    struct legs legs;
    enum verdict verdict;

    begin(&scene, 2500);
    scene.pause_at = 1200;
    scene.pause_us = 600000 - INTERVAL_US;
    came(&scene, 0, 1199 - before);
    came(&scene, 1200 + behind, 2499);
    take(&scene, 1100, 1300, &gap);
    assert_null(gap.why);
    assert_int_equal(gap.lost, before + behind);
    assert_int_equal(gap.pause_ms, 600);
    legs_judge(scene.facts, spec, &legs);
    verdict = legs.items[6].verdict;
    for (size_t i = 0; i < legs.items[6].len; i++)
        print_message("# %s\n", legs.items[6].points[i].text);
    legs_fini(&legs);
    end(&scene);
    return verdict;
}

/* Nobody knows what would have come of packets that were not sent. */
static void
the_tester_s_own_pause_decides_nothing(void **state)
{
    struct legs_spec spec = { .max_gap_ms = 500 };

    (void)state;
    assert_int_equal(leg_6_paused(0, 0, &spec), VERDICT_UNDECIDED);
    assert_int_equal(leg_6_paused(0, 1, &spec), VERDICT_UNDECIDED);
    assert_int_equal(leg_6_paused(1, 0, &spec), VERDICT_UNDECIDED);
    /* All that were sent from before it to behind it were lost. */
    assert_int_equal(leg_6_paused(1, 1, &spec), VERDICT_FAIL);
    assert_int_equal(leg_6_paused(0, 52, &spec), VERDICT_FAIL); /* 510 ms */
    spec.max_gap_ms = 600;
    assert_int_equal(leg_6_paused(0, 0, &spec), VERDICT_PASS);
    assert_int_equal(leg_6_paused(0, 1, &spec), VERDICT_UNDECIDED);
}

static void
the_leg_holds_a_measured_flow_to_its_own_limits(void **state)
{
    struct legs_spec spec = { .max_gap_ms = 500,
                              .has_max_loss = true,
                              .max_loss = 5,
                              .has_max_loss_measured = true,
                              .max_loss_measured = 60,
                              .interval_ms = 10 };

    (void)state;
    assert_int_equal(leg_6(0, NULL, &spec), VERDICT_PASS);
    assert_int_equal(leg_6(20, "0", &spec), VERDICT_PASS);
    assert_int_equal(leg_6(49, NULL, &spec), VERDICT_PASS); /* 500 ms at most */
    /* From 490 to 510 ms, and from 510 to 530. */
    assert_int_equal(leg_6(50, NULL, &spec), VERDICT_UNDECIDED);
    assert_int_equal(leg_6(52, NULL, &spec), VERDICT_FAIL);
    spec.max_gap_ms = 2000;
    assert_int_equal(leg_6(50, NULL, &spec), VERDICT_PASS);
    assert_int_equal(leg_6(61, NULL, &spec), VERDICT_FAIL);
    /* What tcpdump missed may be what is too much, and no more than that. */
    assert_int_equal(leg_6(61, "5", &spec), VERDICT_UNDECIDED);
    assert_int_equal(leg_6(66, "5", &spec), VERDICT_FAIL);
    assert_int_equal(leg_6(20, "1", &spec), VERDICT_UNDECIDED);
}

static void
the_relation_to_downtime_is_never_finer_than_the_interval(void **state)
{
    static const struct {
        struct measures m;
        const char *says;
    } rows[] = {
        { { .gap_max_ms = 2000, .resolution_ms = 1000, .downtime_ms = 11 },
          "too few to see a stop of 11 ms" },
        { { .measured = true,
            .lost = 3,
            .gap_max_ms = 40,
            .resolution_ms = 10,
            .downtime_ms = 11,
            .gap_meets = true },
          "the rest of the gap is vhost's" },
        { { .measured = true,
            .lost = 3,
            .gap_max_ms = 40,
            .resolution_ms = 10,
            .downtime_ms = 35,
            .gap_meets = true },
          "as far as 10 ms tell" },
        { { .measured = true,
            .lost = 26,
            .gap_max_ms = 279,
            .resolution_ms = 9.2,
            .downtime_ms = 2389,
            .gap_meets = true },
          "waited in the rings" },
        { { .measured = true,
            .lost = 0,
            .gap_max_ms = 10,
            .resolution_ms = 10,
            .downtime_ms = 35 },
          "waited in the rings" },
    };
    static const struct measures none[] = {
        { .gap_max_ms = -1, .downtime_ms = 3 },
        /* By counts alone; of no migration; and what is open. */
        { .gap_max_ms = 2000, .resolution_ms = 10, .downtime_ms = 11 },
        { .measured = true,
          .lost = 3,
          .gap_max_ms = 40,
          .resolution_ms = 10,
          .downtime_ms = 11 },
        { .measured = true,
          .open = "tcpdump missed some",
          .lost = 3,
          .gap_max_ms = 40,
          .resolution_ms = 10,
          .downtime_ms = 11,
          .gap_meets = true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *text = measures_relation(&rows[i].m);

        print_message("# %s\n", text);
        assert_non_null(strstr(text, rows[i].says));
        free(text);
    }
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_null(measures_relation(&none[i]));
}

/* Only the gap of the migration is held against the VM's stop. */
static void
a_gap_of_before_or_after_has_no_relation(void **state)
{
    static const struct {
        size_t from, to;
        double after_ms;
        bool meets;
    } rows[] = {
        { 100, 110, -10005, false }, /* long before migrate */
        { 1090, 1120, -105, true },  /* across it */
        { 1250, 1260, 1495, true },  /* within */
        { 1290, 1320, 1895, true },  /* the VM ran meanwhile */
        { 1400, 1410, 2995, false }, /* it ran already */
    };
    static const struct legs_spec spec = { .max_gap_ms = 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scene scene;
        struct gap gap;
        struct measures m;
        char *text;

        begin(&scene, 2500);
        came(&scene, 0, rows[i].from - 1);
        came(&scene, rows[i].to, 2499);
        facts_set_number(scene.facts, "host-monitor.migration.downtime", 9, 0,
                         20);
        take(&scene, 1100, 1300, &gap);
        measures_take(scene.facts, &spec, &m);
        assert_true(m.has_gap_after);
        assert_int_equal(m.gap_after_ms, rows[i].after_ms);
        assert_int_equal(m.gap_meets, rows[i].meets);
        text = measures_relation(&m);
        print_message("# %s\n", text != NULL ? text : "nothing");
        assert_int_equal(text != NULL, rows[i].meets);
        free(text);
        end(&scene);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_lost_and_its_length_is_known_in_send_time),
        cmocka_unit_test(a_number_that_is_dropped_from_the_log_is_lost),
        cmocka_unit_test(without_loss_no_gap_is_claimed_beyond_the_interval),
        cmocka_unit_test(late_and_doubled_packets_are_not_lost),
        cmocka_unit_test(more_than_a_thousand_are_found_where_counters_tell),
        cmocka_unit_test(more_than_a_thousand_are_not_guessed),
        cmocka_unit_test(a_thousand_can_be_missing_at_either_end),
        cmocka_unit_test(counters_that_contradict_tell_nothing),
        cmocka_unit_test(what_looks_late_but_is_not_is_open),
        cmocka_unit_test(what_looks_older_than_the_first_is_open),
        cmocka_unit_test(an_empty_log_beside_counters_is_open),
        cmocka_unit_test(what_contradicts_itself_is_not_measured),
        cmocka_unit_test(more_holes_than_are_kept_are_open),
        cmocka_unit_test(real_logs_are_decoded),
        cmocka_unit_test(a_flow_without_numbers_has_none),
        cmocka_unit_test(a_migration_is_a_series),
        cmocka_unit_test(the_tester_s_own_pause_decides_nothing),
        cmocka_unit_test(the_leg_holds_a_measured_flow_to_its_own_limits),
        cmocka_unit_test(
            the_relation_to_downtime_is_never_finer_than_the_interval),
        cmocka_unit_test(a_gap_of_before_or_after_has_no_relation),
    };

    return cmocka_run_group_tests_name("gap", tests, NULL, NULL);
}
