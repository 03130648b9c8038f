/* A migration stands on every leg: each one broken alone fails it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "judge/facts.h"
#include "judge/legs.h"

/* One fact of a migration that went well, in the order of its time. */
struct row {
    uint64_t at_us;
    const char *name, *text;
};
static const struct row good[] = {
    { 10, "host-testpmd.vhost.ring", "split" },
    { 10, "host-testpmd.vhost.vring.0.enabled", "yes" },
    { 10, "host-testpmd.vhost.vring.1.enabled", "yes" },
    { 10, "host-testpmd.vhost.logging", "no" },
    { 10, "host-testpmd.vhost.vring.0.start", "0" },
    { 15, "host-guest.nic.driver", "virtio_net" },
    { 20, "backup-monitor.link", "up" },
    { 20, "backup-monitor.vm.status", "paused (inmigrate)" },
    { 30, "host-testpmd.port.1.tx_packets", "2" },
    { 30, "backup-testpmd.port.1.tx_packets", "0" },
    { 40, "host-monitor.typed", "migrate -d tcp:10.77.0.3:4444" },
    { 45, "host-testpmd.vhost.logging", "yes" },
    { 50, "host-testpmd.vhost.vring.0.stop", "9" },
    { 50, "host-testpmd.vhost.vring.1.stop", "5" },
    { 55, "backup-testpmd.vhost.ring", "split" },
    { 55, "backup-testpmd.vhost.announce", "yes" },
    { 55, "backup-testpmd.vhost.vring.0.enabled", "yes" },
    { 55, "backup-testpmd.vhost.vring.1.enabled", "yes" },
    { 55, "backup-testpmd.vhost.vring.0.start", "9" },
    { 55, "backup-testpmd.vhost.vring.1.start", "5" },
    { 56, "backup-testpmd.vhost.ready", "1" },
    { 60, "host-monitor.migration.status", "completed" },
    { 60, "host-monitor.migration.downtime", "27" },
    { 60, "host-monitor.vm.status", "paused (postmigrate)" },
    { 65, "backup-monitor.vm.status", "running" },
    { 66, "backup-testpmd.port.1.tx_packets", "1" },
    { 80, "tester-scapy.tx.sent", "12" },
    { 80, "host-testpmd.port.1.tx_packets", "9" },
    { 81, "backup-testpmd.port.1.tx_packets", "5" },
    { 82, "backup-monitor.vm.status", "running" },
    { 83, "backup-qemu.log.error", "" },
    { 83, "host-qemu.log.error", "" },
    { 83, "backup-qemu.log.blocked", "" },
    { 83, "host-qemu.log.blocked", "" },
};

static const struct legs_spec spec = {
    .queues = 1,
    .driver = "virtio_net",
    .max_gap_ms = 5000,
    .has_max_loss = true,
    .max_loss = 3,
    .interval_ms = 1000,
};

/* The good facts, but for one: another text, or none at all. */
static struct facts *
facts_with(const char *name, uint64_t at_us, const char *text)
{
    struct facts *facts = facts_new();

    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        bool other = name != NULL && strcmp(good[i].name, name) == 0 &&
                     good[i].at_us == at_us;

        if (!other)
            facts_set(facts, good[i].name, good[i].at_us, 0, good[i].text);
        else if (text != NULL)
            facts_set(facts, name, at_us, 0, text);
    }
    return facts;
}

static void
print_legs(const struct legs *legs)
{
    for (size_t i = 0; i < legs->len; i++)
        for (size_t j = 0; j < legs->items[i].len; j++)
            print_message("# %d %s: %s\n", legs->items[i].number,
                          verdict_name(legs->items[i].points[j].verdict),
                          legs->items[i].points[j].text);
}

static void
a_good_migration_stands_on_all_legs(void **state)
{
    struct facts *facts = facts_with(NULL, 0, NULL);
    struct legs legs;
    struct measures m;

    (void)state;
    legs_judge(facts, &spec, &legs);
    print_legs(&legs);
    assert_int_equal(legs.verdict, VERDICT_PASS);
    assert_int_equal(legs.items[5].verdict, VERDICT_SKIP);
    for (size_t i = 0; i < legs.len; i++)
        assert_null(leg_first_trouble(&legs.items[i]));
    measures_take(facts, &spec, &m);
    assert_int_equal(m.sent, 12);
    assert_int_equal(m.received, 7 + 5);
    assert_int_equal(m.lost, 0);
    assert_int_equal(m.gap_max_ms, 1000);
    assert_int_equal(m.downtime_ms, 27);
    assert_true(m.total_ms < 0); /* not known, not 0 */
    legs_fini(&legs);
    facts_free(facts);
}

static void
each_leg_broken_alone_is_seen(void **state)
{
    static const struct {
        const char *name;
        uint64_t at_us;
        const char *text; /* NULL: the fact is missing */
        int leg;
        enum verdict want;
        const char *says;
    } cases[] = {
        { "backup-testpmd.vhost.ring", 55, "packed", 0, VERDICT_FAIL,
          "backup ring packed, not split" },
        { "host-guest.nic.driver", 15, "e1000", 0, VERDICT_FAIL, "e1000" },
        { "backup-testpmd.vhost.vring.1.enabled", 55, "no", 0, VERDICT_FAIL,
          "backup 1 vring enabled, not 2 (vring 1 is disabled)" },
        { "host-testpmd.vhost.vring.1.enabled", 10, NULL, 0, VERDICT_UNDECIDED,
          "host queues: vring 1 not seen: not observable" },
        { "host-monitor.migration.status", 60, "failed", 1, VERDICT_FAIL,
          "source failed, not completed" },
        { "host-monitor.vm.status", 60, "running", 1, VERDICT_FAIL, "running" },
        { "host-monitor.migration.status", 60, NULL, 1, VERDICT_UNDECIDED,
          "not seen" },
        { "backup-monitor.vm.status", 20, "running", 2, VERDICT_FAIL,
          "backup VM before: running" },
        { "backup-monitor.vm.status", 20, NULL, 2, VERDICT_UNDECIDED,
          "backup VM before: not seen" },
        { "backup-monitor.vm.status", 82, "paused (internal-error)", 2,
          VERDICT_FAIL, "internal-error" },
        { "backup-monitor.link", 20, "closed", 2, VERDICT_FAIL,
          "monitor is gone" },
        { "backup-qemu.log.error", 83, "load of migration failed", 2,
          VERDICT_FAIL, "load of migration failed" },
        { "backup-qemu.log.blocked", 83,
          "Failed to find an available port: Address already in use", 2,
          VERDICT_ERROR,
          "backup QEMU could not start: Failed to find an available port" },
        { "host-qemu.log.blocked", 83, "Failed to get \"write\" lock", 3,
          VERDICT_ERROR, "host QEMU could not start: Failed to get" },
        { "host-testpmd.vhost.logging", 45, "no", 3, VERDICT_FAIL, "never on" },
        { "backup-testpmd.vhost.vring.1.start", 55, "4", 3, VERDICT_FAIL,
          "ring 1 does not continue (5 != 4)" },
        { "backup-testpmd.vhost.vring.1.start", 55, NULL, 3, VERDICT_UNDECIDED,
          "ring 1: only its stop" },
        { "backup-testpmd.vhost.ready", 56, NULL, 3, VERDICT_FAIL,
          "never became ready" },
        { "backup-testpmd.vhost.announce", 55, "no", 3, VERDICT_FAIL,
          "SEND_RARP missing" },
        { "host-qemu.log.error", 83, "ring restore failed", 3, VERDICT_FAIL,
          "ring restore failed" },
        { "backup-testpmd.port.1.tx_packets", 81, "1", 4, VERDICT_FAIL,
          "sent 0 packet" },
        { "backup-testpmd.port.1.tx_packets", 81, NULL, 4, VERDICT_UNDECIDED,
          "not counted yet" },
        { "tester-scapy.tx.sent", 80, "40", 6, VERDICT_FAIL,
          "28 of 40 packets lost" },
        { "tester-scapy.tx.sent", 80, NULL, 6, VERDICT_UNDECIDED,
          "not counted" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct facts *facts =
            facts_with(cases[i].name, cases[i].at_us, cases[i].text);
        struct legs legs;
        const struct leg *leg;

        print_message("# --- %zu: %s %s\n", i, cases[i].name,
                      cases[i].text != NULL ? cases[i].text : "missing");
        legs_judge(facts, &spec, &legs);
        leg = &legs.items[cases[i].leg];
        print_legs(&legs);
        assert_int_equal(leg->verdict, cases[i].want);
        assert_non_null(strstr(leg_first_trouble(leg)->text, cases[i].says));
        assert_int_not_equal(legs.verdict, VERDICT_PASS);
        legs_fini(&legs);
        facts_free(facts);
    }
}

struct extra {
    const char *name;
    uint64_t at_us;
    const char *text;
};

/* The good facts and some more, under a demand; leg must say so. */
static void
check_leg(const struct legs_spec *demand, const struct extra *extras,
          size_t len, int number, enum verdict want, const char *says)
{
    struct facts *facts = facts_with(NULL, 0, NULL);
    const struct leg *leg;
    struct legs legs;
    bool said = false;

    for (size_t i = 0; i < len; i++)
        facts_set(facts, extras[i].name, extras[i].at_us, 0, extras[i].text);
    legs_judge(facts, demand, &legs);
    print_legs(&legs);
    leg = &legs.items[number];
    assert_int_equal(leg->verdict, want);
    for (size_t i = 0; i < leg->len; i++)
        said = said || strstr(leg->points[i].text, says) != NULL;
    assert_true(said);
    legs_fini(&legs);
    facts_free(facts);
}

/* Two queue pairs have four rings; what is not seen of them is not proven. */
static void
every_ring_of_the_case_is_looked_at(void **state)
{
    static const struct extra more[] = {
        { "host-testpmd.vhost.vring.2.enabled", 90, "no" },
        { "host-testpmd.vhost.vring.3.enabled", 90, "yes" },
    };
    static const struct extra behind[] = {
        { "host-testpmd.vhost.vring.3.stop", 90, "7" },
        { "backup-testpmd.vhost.vring.3.start", 90, "6" },
    };
    struct legs_spec two = spec;

    (void)state;
    two.queues = 2;
    check_leg(&two, NULL, 0, 0, VERDICT_UNDECIDED, "host queues: vring 2 not");
    check_leg(&two, NULL, 0, 3, VERDICT_UNDECIDED, "ring 2: neither");
    check_leg(&two, NULL, 0, 3, VERDICT_UNDECIDED, "ring 3: neither");
    check_leg(&two, behind, ARRAY_LEN(behind), 3, VERDICT_FAIL,
              "ring 3 does not continue (7 != 6)");
    check_leg(&spec, behind, ARRAY_LEN(behind), 3, VERDICT_FAIL,
              "ring 3 does not continue (7 != 6)");
    check_leg(&spec, more, ARRAY_LEN(more), 0, VERDICT_FAIL,
              "host 3 vrings enabled, not 2 (vring 3 is enabled)");
    check_leg(&spec, more, 1, 0, VERDICT_PASS, "host 1 queue pair of 1");
}

static void
the_number_of_queues_is_the_case_s(void **state)
{
    static const struct extra now[] = {
        { "backup-guest.channels.now", 90, "4" },
    };
    struct legs_spec changes = spec;

    (void)state;
    changes.changes_queues = true;
    check_leg(&changes, NULL, 0, 5, VERDICT_UNDECIDED, "not seen yet");
    check_leg(&changes, now, 1, 5, VERDICT_FAIL, "4, not 1");
    changes.queues = 4;
    check_leg(&changes, now, 1, 5, VERDICT_PASS, "queues on the backup 4");
    check_leg(&changes, now, 1, 5, VERDICT_PASS,
              "when they changed: not observable");
}

/* Between SET_LOG_BASE and the stop; before or behind, nothing was tested. */
static void
queues_change_while_dirty_pages_are_logged(void **state)
{
    static const struct {
        uint64_t at_us;
        enum verdict want;
        const char *says;
    } cases[] = {
        { 30, VERDICT_ERROR, "4 vrings enabled at SET_LOG_BASE, 4 at" },
        { 47, VERDICT_PASS, "2 vrings enabled at SET_LOG_BASE, 4 at" },
        { 53, VERDICT_ERROR, "2 vrings enabled at SET_LOG_BASE, 2 at" },
    };
    struct legs_spec changes = spec;

    (void)state;
    changes.changes_queues = true;
    changes.queues = 2;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct extra more[] = {
            { "host-testpmd.vhost.log_base", 45, "1" },
            { "host-testpmd.vhost.vring.2.enabled", cases[i].at_us, "yes" },
            { "host-testpmd.vhost.vring.3.enabled", cases[i].at_us, "yes" },
            { "backup-guest.channels.now", 90, "2" },
        };

        check_leg(&changes, more, ARRAY_LEN(more), 5, cases[i].want,
                  cases[i].says);
    }
}

/* That it was refused is no fault of the lab's. */
static void
queues_that_never_change_are_a_fail(void **state)
{
    static const struct extra more[] = {
        { "host-testpmd.vhost.log_base", 45, "1" },
        { "backup-guest.channels.now", 90, "1" },
    };
    struct legs_spec changes = spec;

    (void)state;
    changes.changes_queues = true;
    changes.queues = 2;
    check_leg(&changes, more, ARRAY_LEN(more), 5, VERDICT_FAIL,
              "they never changed: 2 vrings enabled at the stop, of 4");
    /* Nobody asked the backup: they may have changed later. */
    check_leg(&changes, more, 1, 5, VERDICT_UNDECIDED,
              "not by the stop, with 2 vrings of 4 enabled");
}

/* testpmd did not get its socket: nothing was tested, until it has one. */
static void
a_socket_in_the_way_is_the_lab_s(void **state)
{
    static const struct extra more[] = {
        { "host-testpmd.vhost.blocked", 90, "Address already in use" },
        { "host-testpmd.vhost.blocked", 91, "" },
    };

    (void)state;
    check_leg(&spec, more, 1, 3, VERDICT_ERROR,
              "host testpmd has no vhost socket: Address already in use");
    check_leg(&spec, more, 2, 3, VERDICT_PASS, "");
}

/* What is to be after a migration says nothing before there was one. */
static void
nothing_has_failed_before_it_was_migrated(void **state)
{
    struct facts *facts = facts_new();
    struct legs legs;

    (void)state;
    facts_set(facts, "host-monitor.vm.status", 10, 0, "running");
    facts_set(facts, "backup-monitor.vm.status", 10, 0, "paused (inmigrate)");
    legs_judge(facts, &spec, &legs);
    assert_int_equal(legs.items[1].verdict, VERDICT_UNDECIDED);
    assert_int_equal(legs.items[2].verdict, VERDICT_UNDECIDED);
    legs_fini(&legs);
    facts_free(facts);
}

/* A case that is judged by its steps alone need not name one. */
static void
a_case_without_a_driver_has_no_point_of_it(void **state)
{
    struct legs_spec any = spec;

    (void)state;
    any.driver = NULL;
    check_leg(&any, NULL, 0, 0, VERDICT_PASS, "names no guest driver");
}

/* What a guest sends by itself is counted too: then nothing is known of loss.
 */
static void
more_received_than_sent_is_undecided(void **state)
{
    static const struct extra one_more[] = {
        { "backup-testpmd.port.1.tx_packets", 90, "6" },
    };
    static const struct extra cleared[] = {
        { "backup-testpmd.port.1.tx_packets", 90, "0" },
        { "backup-testpmd.port.1.tx_packets", 91, "5" },
    };
    static const struct extra flood[] = {
        { "backup-testpmd.port.1.tx_packets", 90, "14" },
    };
    static const struct extra printed[] = {
        { "backup-guest.rx.packets", 90, "13" },
    };

    (void)state;
    check_leg(&spec, one_more, 1, 6, VERDICT_UNDECIDED,
              "not the flow were counted: 13 received of 12 sent");
    check_leg(&spec, one_more, 1, 4, VERDICT_PASS, "sent 5 packets");
    check_leg(&spec, cleared, 2, 6, VERDICT_UNDECIDED, "not counted yet");
    check_leg(&spec, flood, 1, 4, VERDICT_UNDECIDED,
              "not the flow were counted: 13 received of 12 sent");
    check_leg(&spec, printed, 1, 4, VERDICT_UNDECIDED,
              "not the flow were counted: 13 received of 12 sent");
}

/* A demand that cannot be looked at is not met. */
static void
a_gap_that_is_demanded_must_be_known(void **state)
{
    struct legs_spec unknown = spec;

    (void)state;
    unknown.interval_ms = 0;
    check_leg(&unknown, NULL, 0, 6, VERDICT_UNDECIDED,
              "longest gap: not observable");
    unknown.max_gap_ms = 0;
    check_leg(&unknown, NULL, 0, 6, VERDICT_PASS,
              "longest gap: not observable");
}

/* So many lost may have been lost in one gap, or in many. */
static void
a_gap_by_counts_alone_fails_nothing(void **state)
{
    static const struct extra sent[] = {
        { "tester-scapy.tx.sent", 90, "17" },
        { "tester-scapy.tx.sent", 91, "18" },
    };
    struct legs_spec limited = spec;

    (void)state;
    limited.has_max_loss = true;
    limited.max_loss = 5;
    check_leg(&limited, sent, 1, 6, VERDICT_UNDECIDED,
              "longest gap by lost packets at most 6000 ms of 5000 ms");
    check_leg(&limited, sent, 2, 6, VERDICT_FAIL, "6 of 18 packets lost");
}

/* A version that prints no ring positions is said to, not failed for it. */
static void
what_a_version_does_not_print_is_not_observable(void **state)
{
    struct facts *facts = facts_with("backup-qemu.log.error", 83, NULL);
    struct legs legs;

    (void)state;
    legs_judge(facts, &spec, &legs);
    assert_int_equal(legs.items[2].verdict, VERDICT_PASS);
    assert_string_equal(legs.items[2].points[2].text,
                        "backup QEMU's log: not observable");
    legs_fini(&legs);
    facts_free(facts);
}

static void
nothing_seen_is_undecided_never_a_pass(void **state)
{
    struct facts *facts = facts_new();
    struct legs legs;

    (void)state;
    legs_judge(facts, &spec, &legs);
    print_legs(&legs);
    assert_int_equal(legs.verdict, VERDICT_UNDECIDED);
    for (size_t i = 0; i < legs.len; i++)
        assert_int_not_equal(legs.items[i].verdict, VERDICT_PASS);
    legs_fini(&legs);
    facts_free(facts);
}

/* Of a packed ring only the low 15 bits are the position. */
static void
a_packed_ring_is_compared_without_its_wrap_bit(void **state)
{
    struct legs_spec packed = spec;
    struct facts *facts =
        facts_with("backup-testpmd.vhost.vring.1.start", 55, "32773");
    struct legs legs;

    (void)state;
    legs_judge(facts, &packed, &legs);
    assert_int_equal(legs.items[3].verdict, VERDICT_FAIL);
    legs_fini(&legs);
    packed.packed = true;
    legs_judge(facts, &packed, &legs);
    assert_int_equal(legs.items[3].verdict, VERDICT_PASS);
    legs_fini(&legs);
    facts_free(facts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_migration_stands_on_all_legs),
        cmocka_unit_test(each_leg_broken_alone_is_seen),
        cmocka_unit_test(every_ring_of_the_case_is_looked_at),
        cmocka_unit_test(the_number_of_queues_is_the_case_s),
        cmocka_unit_test(queues_change_while_dirty_pages_are_logged),
        cmocka_unit_test(queues_that_never_change_are_a_fail),
        cmocka_unit_test(a_socket_in_the_way_is_the_lab_s),
        cmocka_unit_test(nothing_has_failed_before_it_was_migrated),
        cmocka_unit_test(a_case_without_a_driver_has_no_point_of_it),
        cmocka_unit_test(more_received_than_sent_is_undecided),
        cmocka_unit_test(a_gap_that_is_demanded_must_be_known),
        cmocka_unit_test(a_gap_by_counts_alone_fails_nothing),
        cmocka_unit_test(what_a_version_does_not_print_is_not_observable),
        cmocka_unit_test(nothing_seen_is_undecided_never_a_pass),
        cmocka_unit_test(a_packed_ring_is_compared_without_its_wrap_bit),
    };

    return cmocka_run_group_tests_name("legs", tests, NULL, NULL);
}
