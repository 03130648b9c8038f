/* Readers find the facts in each dialect, and take nothing from repaints. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "tests/unit/tape.h"

#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/reader.h"
#include "plan/fact.h"

/* Feed each line of text; a line is an echo behind '>', a repaint behind '~'.
 */
static void
feed(struct reader *reader, const char *text)
{
    uint64_t at_us = 1000;

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        enum line_tag tag = *text == '>'   ? LINE_ECHO
                            : *text == '~' ? LINE_REPAINT
                                           : LINE_OUTPUT;
        size_t skip = tag == LINE_OUTPUT ? 0 : 1;
        char *line = xstrndup(text + skip, len - skip);
        const struct line_event event = {
            .at_us = at_us++,
            .tag = tag,
            .text = line,
            .len = len - skip,
        };

        reader_line(reader, &event);
        free(line);
        text += len + (text[len] == '\n');
    }
}

struct want {
    const char *fact, *text; /* text NULL: not published */
};

static void
check(const char *kind, const char *text, const struct want *wants, size_t len)
{
    struct facts *facts = facts_new();
    struct reader *reader = reader_new(kind, "c", facts);

    assert_non_null(reader);
    feed(reader, text);
    for (size_t i = 0; i < len; i++) {
        char *name = xasprintf("c.%s", wants[i].fact);
        const struct fact_value *value = facts_get(facts, name);

        print_message("# %s %s: %s\n", kind, name,
                      value != NULL ? value->text : "(none)");
        if (wants[i].text == NULL) {
            assert_null(value);
        } else {
            assert_non_null(value);
            assert_string_equal(value->text, wants[i].text);
        }
        free(name);
    }
    /* What is published is in the table that lint knows. */
    for (size_t i = 0; facts_name(facts, i) != NULL; i++)
        assert_non_null(fact_name_find(kind, facts_name(facts, i) + 2));
    reader_free(reader);
    facts_free(facts);
}

#define CHECK(kind, text, ...)                                                 \
    do {                                                                       \
        static const struct want wants[] = { __VA_ARGS__ };                    \
        check(kind, text, wants, ARRAY_LEN(wants));                            \
    } while (0)

static void
migration_of_qemu_7_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          ">(qemu) migrate -d tcp:10.77.0.3:4444\n"
          ">(qemu) info migrate\n"
          "globals:\n"
          "store-global-state: on\n"
          "clear-bitmap-shift: 18\n"
          "Migration status: completed\n"
          "total time: 1268 ms\n"
          "downtime: 27 ms\n"
          "setup: 1 ms\n"
          "transferred ram: 148825 kbytes\n"
          "throughput: 964.65 mbps\n"
          "remaining ram: 0 kbytes\n"
          "total ram: 2114632 kbytes\n"
          "dirty sync count: 3\n"
          "page size: 4 kbytes\n"
          "pages-per-second: 32710\n"
          "some future line: 7\n",
          { "migration.status", "completed" },
          { "migration.total_time", "1268" }, { "migration.downtime", "27" },
          { "migration.transferred", "148825" },
          { "migration.throughput", "964.65" }, { "migration.passes", "3" },
          { "migration.remaining", "0" }, { "migration.page_size", "4" },
          { "migration.page_rate", "32710" },
          { "migration.expected_downtime", NULL });
}

/* It would make every comparison false, or a cast undefined. */
static void
what_is_no_finite_number_is_no_number(void **state)
{
    struct facts *facts = facts_new();
    struct reader *reader = reader_new("qemu-migration", "c", facts);

    (void)state;
    feed(reader, "total time: 1e999 ms\ndowntime: nan ms\n");
    assert_false(facts_get(facts, "c.migration.total_time")->is_number);
    assert_false(facts_get(facts, "c.migration.downtime")->is_number);
    reader_free(reader);
    facts_free(facts);
}

static void
migration_of_qemu_2_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "capabilities: xbzrle: off rdma-pin-all: off auto-converge: off\n"
          "Migration status: active\n"
          "total time: 11619 milliseconds\n"
          "expected downtime: 300 milliseconds\n"
          "transferred ram: 1024 kbytes\n"
          "throughput: 267.82 mbps\n"
          "remaining ram: 2048 kbytes\n"
          "dirty pages rate: 55 pages\n",
          { "migration.status", "active" }, { "migration.total_time", "11619" },
          { "migration.expected_downtime", "300" },
          { "migration.dirty_rate", "55" }, { "migration.downtime", NULL });
}

static void
migration_of_qemu_10_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "Status: \t\tcompleted\n"
          "Time (ms): \t\ttotal=3040, setup=4, down=145\n"
          "RAM info:\n"
          "  Throughput (Mbps): \t967.98\n"
          "  Sizes: \t\tpagesize=4 KiB, total=16 GiB\n"
          "  Transfers: \t\ttransferred=2 MiB, remain=0 B\n"
          "    Channels: \t\tprecopy=2 MiB, multifd=0 B, postcopy=0 B\n"
          "    Page Types: \tnormal=28, zero=7\n"
          "  Page Rates (pps): \ttransfer=1000, dirty=12\n"
          "  Others: \t\tdirty_syncs=3\n",
          { "migration.status", "completed" },
          { "migration.total_time", "3040" }, { "migration.downtime", "145" },
          { "migration.setup", "4" }, { "migration.throughput", "967.98" },
          { "migration.total", "16777216" },
          { "migration.transferred", "2048" }, { "migration.remaining", "0" },
          { "migration.page_rate", "1000" }, { "migration.dirty_rate", "12" },
          { "migration.passes", "3" });
}

/* 4.2 to 5.0: "globals:" already, and still milliseconds. */
static void
migration_of_qemu_4_2_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "globals:\nstore-global-state: on\nonly-migratable: off\n"
          "send-configuration: on\nsend-section-footer: on\n"
          "decompress-error-check: on\nclear-bitmap-shift: 18\n"
          "Migration status: wait-unplug\n"
          "total time: 901 milliseconds\nsetup: 3 milliseconds\n"
          "transferred ram: 118726 kbytes\nthroughput: 0.00 mbps\n"
          "remaining ram: 16 kbytes\ntotal ram: 540936 kbytes\n"
          "duplicate: 120000 pages\nskipped: 0 pages\nnormal: 29000 pages\n"
          "normal bytes: 116000 kbytes\ndirty sync count: 2\n"
          "page size: 4 kbytes\nmultifd bytes: 0 kbytes\n"
          "pages-per-second: 1000\npostcopy request count: 7\n",
          { "migration.status", "wait-unplug" },
          { "migration.total_time", "901" }, { "migration.setup", "3" },
          { "migration.total", "540936" }, { "migration.remaining", "16" },
          { "migration.passes", "2" }, { "migration.reason", NULL });
}

/* 7.0 to 10.0: what was added is no other fact. */
static void
migration_of_qemu_9_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "Outgoing migration blocked:\n"
          "  Migration disabled: vhost lacks VHOST_F_LOG_ALL feature.\n"
          "globals:\nstore-global-state: on\n"
          "Migration status: postcopy-recover-setup\n"
          "total time: 4000 ms\nexpected downtime: 300 ms\nsetup: 2 ms\n"
          "transferred ram: 300 kbytes\nprecopy ram: 290 kbytes\n"
          "downtime ram: 5 kbytes\npostcopy ram: 5 kbytes\n"
          "Zero-copy-send fallbacks happened: 2 times\n"
          "dirty sync count: 5\n",
          { "migration.status", "postcopy-recover-setup" },
          { "migration.blocked",
            "Migration disabled: vhost lacks VHOST_F_LOG_ALL feature." },
          { "migration.transferred", "300" }, { "migration.passes", "5" },
          { "migration.downtime", NULL });
}

/* Before 10.1 was released: the unit at the heading, and any blanks. */
static void
migration_of_qemu_10_1_in_development_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "Status: active\n"
          "Time (ms): total=3040, setup=4, exp_down=300\n"
          "RAM info:\n"
          "  Throughput (Mbps): 967.98\n"
          "  Sizes (KiB): pagesize=4, total=16777216\n"
          "  Transfers (KiB): transferred=1048576, remain=2048\n"
          "  Page Rates (pps): transfer=262144\n"
          "  Others: dirty_syncs=2, postcopy_req=0\n",
          { "migration.status", "active" },
          { "migration.expected_downtime", "300" },
          { "migration.page_size", "4" }, { "migration.total", "16777216" },
          { "migration.remaining", "2048" },
          { "migration.throughput", "967.98" }, { "migration.passes", "2" },
          { "migration.dirty_rate", NULL }, { "migration.downtime", NULL });
}

/* 10.1 and later on the incoming side, with -a, and a VFIO device. */
static void
migration_of_later_qemu_is_read(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "Status: \t\tpostcopy-paused (Detected IO failure for postcopy)\n"
          "Sockets: [\n\ttcp:0.0.0.0:4444\n]\n"
          "RAM info:\n"
          "  Transfers: \t\ttransferred=1.5 GiB, remain=512 B\n"
          "    Channels: \t\tprecopy=1 GiB, multifd=0 B, postcopy=0 B, "
          "vfio=0 B\n"
          "  Sizes: \t\tpagesize=4 KiB, total=1 TiB\n"
          "Globals:\n  store-global-state: on\n",
          { "migration.status", "postcopy-paused" },
          { "migration.reason", "Detected IO failure for postcopy" },
          { "migration.transferred", "1572864" },
          { "migration.remaining", "0.5" }, { "migration.total", "1073741824" },
          { "migration.total_time", NULL });
}

/* What one migration failed of is not said of the next one. */
static void
a_new_migration_has_no_old_reason(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "Migration status: failed (Connection refused)\n"
          "Migration status: failing\n",
          { "migration.status", "failing" }, { "migration.reason", "" });
}

static void
a_failed_migration_has_its_reason(void **state)
{
    (void)state;
    CHECK("qemu-migration",
          "Migration status: failed (Failed to connect to '10.77.0.3:4444': "
          "Connection refused)\n",
          { "migration.status", "failed" },
          { "migration.reason",
            "Failed to connect to '10.77.0.3:4444': Connection refused" });
    CHECK("qemu-migration", "Migration status: postcopy-paused\n",
          { "migration.status", "postcopy-paused" });
    CHECK("qemu-migration", "~Migration status: completed\n",
          { "migration.status", NULL });
    CHECK("qemu-migration",
          "Error: Migration disabled: vhost lacks VHOST_F_LOG_ALL feature.\n",
          { "migration.blocked",
            "Error: Migration disabled: vhost lacks VHOST_F_LOG_ALL "
            "feature." });
}

static void
vm_status_is_read_from_output_only(void **state)
{
    (void)state;
    CHECK("qemu-status", "VM status: paused (inmigrate)\n",
          { "vm.status", "paused (inmigrate)" });
    CHECK("qemu-status", "~VM status: running\n>(qemu) VM status: running\n",
          { "vm.status", NULL });
}

static void
a_log_is_clean_or_has_its_first_error(void **state)
{
    (void)state;
    CHECK("qemu-log",
          "qemu-system-x86_64: warning: short-form boolean option 'vhostforce' "
          "deprecated\n",
          { "log.error", "" }, { "log.lines", "1" });
    CHECK("qemu-log",
          "qemu-system-x86_64: get_pci_config_device: Bad config data: i=0x9a\n"
          "qemu-system-x86_64: load of migration failed: Invalid argument\n",
          { "log.error",
            "qemu-system-x86_64: get_pci_config_device: Bad config data: "
            "i=0x9a" },
          { "log.lines", "2" });
}

/* It was never there to be tested: a port or a lock of the lab. */
static void
a_qemu_that_the_lab_keeps_from_starting_is_told_apart(void **state)
{
    (void)state;
    CHECK("qemu-log",
          "qemu-system-x86_64: -incoming tcp:0:4444: Failed to find an "
          "available port: Address already in use\n",
          { "log.error", "" },
          { "log.blocked",
            "qemu-system-x86_64: -incoming tcp:0:4444: Failed to find an "
            "available port: Address already in use" });
    CHECK("qemu-log",
          "qemu: Failed to get \"write\" lock\n"
          "qemu: load of migration failed: Invalid argument\n",
          { "log.error", "qemu: load of migration failed: Invalid argument" },
          { "log.blocked", "qemu: Failed to get \"write\" lock" });
}

static void
vhost_log_is_read_with_and_without_path(void **state)
{
    (void)state;
    CHECK("vhost-log",
          "VHOST_CONFIG: (./vhost-net) new vhost user connection is 24\n"
          "VHOST_CONFIG: (./vhost-net) negotiated Virtio features: "
          "0x17020e783\n"
          "VHOST_CONFIG: (./vhost-net) set queue enable: 1 to qp idx: 0\n"
          "VHOST_CONFIG: (./vhost-net) set queue enable: 1 to qp idx: 1\n"
          "VHOST_CONFIG: (./vhost-net) set queue enable: 0 to qp idx: 1\n"
          "VHOST_CONFIG: (./vhost-net) vring base idx:1 last_used_idx:3 "
          "last_avail_idx:5.\n"
          "VHOST_CONFIG: (./vhost-net) virtio is now ready for processing.\n"
          "VHOST_CONFIG: (./vhost-net) read message VHOST_USER_SET_LOG_BASE\n"
          "VHOST_CONFIG: (./vhost-net) negotiated Virtio features: "
          "0x17420e783\n"
          "VHOST_CONFIG: (./vhost-net) vring base idx:0 file:9\n"
          "VHOST_CONFIG: (./vhost-net) vhost peer closed\n",
          { "vhost.connected", "1" }, { "vhost.features", "0x17420e783" },
          { "vhost.ring", "split" }, { "vhost.logging", "yes" },
          { "vhost.announce", "yes" }, { "vhost.log_base", "1" },
          { "vhost.vring.0.stop", "9" }, { "vhost.vring.1.start", "5" },
          { "vhost.vring.0.enabled", "yes" }, { "vhost.vring.1.enabled", "no" },
          { "vhost.ready", "1" }, { "vhost.closed", "1" },
          { "vhost.rarp", NULL });
    CHECK("vhost-log",
          "VHOST_CONFIG: negotiated Virtio features: 0x540000000\n"
          "VHOST_CONFIG: read message VHOST_USER_SEND_RARP\n",
          { "vhost.ring", "packed" }, { "vhost.announce", "no" },
          { "vhost.rarp", "1" });
}

/* testpmd gives a prompt whether or not it has a socket. */
static void
a_vhost_socket_that_is_in_the_way_is_read(void **state)
{
    (void)state;
    CHECK(
        "vhost-log",
        "VHOST_CONFIG: (./vhost-net) failed to bind: Address already in use; "
        "remove it and try again\n",
        { "vhost.blocked", "Address already in use; remove it and try again" });
    CHECK("vhost-log",
          "VHOST_CONFIG: (./vhost-net) failed to bind: Permission denied\n"
          "VHOST_CONFIG: (./vhost-net) binding succeeded\n",
          { "vhost.blocked", "" });
    /* Until DPDK 21.11. */
    CHECK(
        "vhost-log",
        "VHOST_CONFIG: failed to bind to ./vhost-net: Address already in use; "
        "remove it and try again\n",
        { "vhost.blocked", "Address already in use; remove it and try again" });
    CHECK("vhost-log",
          "VHOST_CONFIG: failed to bind to ./vhost-net: Permission denied\n"
          "VHOST_CONFIG: bind to ./vhost-net\n",
          { "vhost.blocked", "" });
}

static void
port_statistics_are_keyed_by_their_section(void **state)
{
    static const char text[] =
        "  ######################## NIC statistics for port 0  "
        "########################\n"
        "  RX-packets: 32         RX-missed: 1          RX-bytes:  2244\n"
        "  RX-errors: 0\n"
        "  RX-nombuf:  0         \n"
        "  TX-packets: 5          TX-errors: 2          TX-bytes:  446\n"
        "\n"
        "  Throughput (since last show)\n"
        "  Rx-pps:            0          Rx-bps:            0\n"
        "  ##################################################################"
        "##########\n"
        "\n"
        "  ---------------------- Forward statistics for port 1  "
        "----------------------\n"
        "  RX-packets: 99             RX-dropped: 0             RX-total: 99\n"
        "  +++++++++++++++ Accumulated forward statistics for all "
        "ports+++++++++++++++\n"
        "  RX-packets: 999            RX-dropped: 0             RX-total: 37\n";

    (void)state;
    CHECK("testpmd-stats", text, { "port.0.rx_packets", "32" },
          { "port.0.rx_missed", "1" }, { "port.0.rx_errors", "0" },
          { "port.0.tx_packets", "5" }, { "port.0.tx_errors", "2" },
          { "port.1.rx_packets", NULL }, { "stats.samples", "1" });
}

static void
bursts_are_summed_not_counted(void **state)
{
    (void)state;
    CHECK("testpmd-rx",
          "testpmd> port 0/queue 0: received 2 packets\n"
          "  src=02:00:00:00:00:04 - dst=90:E2:BA:69:C9:C9 - pool=mb_pool_0 - "
          "type=0x0800 - length=62 - nb_segs=1 - Receive queue=0x0\n"
          "  src=52:54:00:00:00:01 - dst=FF:FF:FF:FF:FF:FF - pool=mb_pool_0 - "
          "type=0x0806 - length=42 - nb_segs=1 - Receive queue=0x0\n"
          "~port 0/queue 0: received 32 packets\n"
          "~  src=02:00:00:00:00:04 - dst=90:E2:BA:69:C9:C9 - "
          "type=0x0800 - length=62\n"
          /* Up to 21.02 two cores print into each other's lines. */
          "port 0/queue 0: received 1 packets port 0/queue 1: received 512 "
          "packets\n"
          "port 1/queue 99999: received 7 packets\n"
          "port 1/queue 0: sent 9 packets\n"
          "port 1/queue 0: received 513 packets\n"
          "port 1/queue 0: received -1 packets\n"
          "port 1/queue 0: received 4 pack\n",
          { "rx.packets", "522" }, { "rx.ipv4", "1" },
          { "rx.port.0.queue.0.packets", "3" },
          { "rx.port.0.queue.1.packets", "512" },
          { "rx.port.1.queue.0.packets", NULL });
    CHECK("testpmd-rx", "testpmd> start\n", { "rx.packets", NULL });
}

static void
hand_line(void *ctx, const struct line_event *line)
{
    reader_line(ctx, line);
}

/*
 * The counts are those of the recordings' bytes; on the backup "screen -r"
 * paints what the host's guest had shown, which counts for nothing.
 */
static void
packets_of_real_guests_are_counted(void **state)
{
    static const struct {
        const char *tape;
        double packets, ipv4;
    } rows[] = {
        { "case1/host-vm-ssh", 7, 7 },
        { "case6/host-vm-ssh", 6, 6 },
        { "case1-100pps/host-vm-ssh", 536, 536 },
        { "case1/backup-vm-ssh", 9, 9 },
        { "case2/backup-vm-ssh", 9, 9 },
        { "case5/backup-vm-ssh", 10, 10 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct facts *facts = facts_new();
        struct reader *reader = reader_new("testpmd-rx", "c", facts);

        tape_lines(rows[i].tape, 132, 50, hand_line, reader);
        print_message("# %s: %g %g\n", rows[i].tape,
                      facts_number(facts, "c.rx.packets", -1),
                      facts_number(facts, "c.rx.ipv4", -1));
        assert_true(facts_number(facts, "c.rx.packets", -1) == rows[i].packets);
        assert_true(facts_number(facts, "c.rx.ipv4", -1) == rows[i].ipv4);
        assert_true(facts_number(facts, "c.rx.port.0.queue.0.packets", -1) ==
                    rows[i].packets);
        reader_free(reader);
        facts_free(facts);
    }
}

/* "show port stats" of 16.07 to 26.x: what stands in the section, and not. */
static void
port_statistics_of_each_testpmd_are_read(void **state)
{
#define HEADER                                                                 \
    "  ######################## NIC statistics for port 0  "                   \
    "########################\n"
#define FOOTER                                                                 \
    "  ####################################################################"   \
    "########\n"
    (void)state;
    /* Before 2.2. */
    CHECK(
        "testpmd-stats",
        HEADER
        "  RX-packets: 32         RX-missed: 0          RX-bytes:  1\n"
        "  RX-badcrc:  0          RX-badlen: 0          RX-errors: 4\n"
        "  TX-packets: 5          TX-errors: 0          TX-bytes:  1\n" FOOTER,
        { "port.0.rx_packets", "32" }, { "port.0.rx_errors", "4" },
        { "port.0.tx_packets", "5" }, { "stats.samples", "1" });
    /* Queue-map mode, until 20.11: registers of queues are no port's. */
    CHECK("testpmd-stats",
          HEADER "  RX-packets:             32    RX-errors:              0    "
                 "RX-bytes:              1\n"
                 "  TX-packets:              5    TX-errors:              2    "
                 "TX-bytes:              1\n\n"
                 "  Stats reg  0 RX-packets:              7     RX-errors:    "
                 "          0     RX-bytes:              1\n"
                 "  Stats reg  0 TX-packets:              8     TX-bytes:     "
                 "         1\n" FOOTER,
          { "port.0.rx_packets", "32" }, { "port.0.tx_packets", "5" },
          { "port.0.tx_errors", "2" });
    /* 16.07: rates, each on a line; 19.11: two; 21.11: xstats. */
    CHECK("testpmd-stats",
          HEADER "  RX-packets: 32         RX-missed: 0          RX-bytes:  1\n"
                 "  RX-errors: 0\n  RX-nombuf:  0         \n"
                 "  TX-packets: 5          TX-errors: 0          TX-bytes:  1\n"
                 "\n  Throughput (since last show)\n"
                 "  Rx-pps:            9\n  Tx-pps:            9\n"
                 "  Rx-pps:            0          Rx-bps:            0\n"
                 "rx_good_packets: 99\n" FOOTER,
          { "port.0.rx_packets", "32" }, { "port.0.tx_packets", "5" });
    /* From 22.07, when they cannot be read. */
    CHECK("testpmd-stats",
          "nic_stats_display: Error: failed to get stats (port 0)\n",
          { "port.0.rx_packets", NULL }, { "stats.samples", NULL });
    /* An event of the port, behind the prompt and in the middle. */
    CHECK(
        "testpmd-stats",
        "testpmd> Port 0: link state change event\n"
        "testpmd> " HEADER
        "  RX-packets: 1          RX-missed: 0          RX-bytes:  1\n"
        "Port 1: queue state event\n"
        "  TX-packets: 2          TX-errors: 0          TX-bytes:  1\n" FOOTER,
        { "port.0.rx_packets", "1" }, { "port.0.tx_packets", "2" },
        { "stats.samples", "1" });
}

/* What stands below a burst: 17.x, 21.11, 24.11, and a queue that is shared. */
static void
packets_of_each_testpmd_are_read(void **state)
{
    static const char *const packets[] = {
        "  src=02:00:00:00:00:04 - dst=90:E2:BA:69:C9:C9 - type=0x0800 - "
        "length=62 - nb_segs=1 - hw ptype: L2_ETHER L3_IPV4 L4_UDP  - sw "
        "ptype: "
        "L2_ETHER L3_IPV4 L4_UDP  - l2_len=14 - l3_len=20 - l4_len=8 - Receive "
        "queue=0x0\n  ol_flags: PKT_RX_L4_CKSUM_GOOD PKT_RX_IP_CKSUM_GOOD\n",
        "  src=02:00:00:00:00:04 - dst=90:E2:BA:69:C9:C9 - type=0x0800 - "
        "length=62 - nb_segs=1 - RSS hash=0x1 - RSS queue=0x0 - sw ptype: "
        "L2_ETHER L3_IPV4 L4_UDP  - l2_len=14 - Receive queue=0x0\n"
        "  ol_flags: RTE_MBUF_F_RX_RSS_HASH RTE_MBUF_F_RX_L4_CKSUM_GOOD\n",
        "  src=02:00:00:00:00:04 - dst=90:E2:BA:69:C9:C9 - pool=mb_pool_0 - "
        "type=0x0800 - length=62 - nb_segs=1 - timestamp 17 - sw ptype: "
        "L2_ETHER L3_IPV4 L4_UDP  - l2_len=14 - Destination UDP port=53 - "
        "Receive queue=0x0\n",
        "port 0,   src=02:00:00:00:00:04 - dst=90:E2:BA:69:C9:C9 - "
        "pool=mb_pool_0 - type=0x0800 - length=62 - Receive queue=0x0\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(packets); i++) {
        char *text =
            xasprintf("port 0/queue 0: received 1 packets\n%s", packets[i]);

        CHECK("testpmd-rx", text, { "rx.packets", "1" }, { "rx.ipv4", "1" },
              { "rx.port.0.queue.0.packets", "1" });
        free(text);
    }
}

/* -e, -v, -tt, -tttt, -i any, a VLAN, a loopback; and none of the others. */
static void
tcpdump_is_read_in_its_forms(void **state)
{
    static const struct {
        const char *line;
        bool counts;
    } rows[] = {
        { "20:34:01.123456 IP 127.0.0.1.53 > 127.0.0.1.53: 30840", true },
        { "20:34:01.123456 IP (tos 0x0, ttl 64, id 1, proto UDP (17))", true },
        { "2026-11-29 20:34:01.123456 IP 127.0.0.1.53 > 127.0.0.1.53", true },
        { "1795984441.123456 IP 127.0.0.1.53 > 127.0.0.1.53: 30840", true },
        { " 00:00:01.000123 IP 127.0.0.1.53 > 127.0.0.1.53: 30840", true },
        { "20:34:01.123456 eth0  In  IP 127.0.0.1.53 > 127.0.0.1.53", true },
        { "20:34:01.123456 lo    M   IP 127.0.0.1.53 > 127.0.0.1.53", true },
        { "20:34:01.123456 eth0  In  ifindex 2 02:00:00:00:00:04 ethertype "
          "IPv4 (0x0800), length 62: 127.0.0.1.53 > 127.0.0.1.53",
          true },
        { "20:34:01.123456 02:00:00:00:00:04 > 90:e2:ba:69:c9:c9, ethertype "
          "802.1Q (0x8100), length 66: vlan 5, p 0, ethertype IPv4 (0x0800)",
          true },
        { "20:34:01.123456 AF IPv4 (2), length 52: 127.0.0.1.53 > 127.0.0.1",
          true },
        { "20:34:01.123456 eth0  In  IP6 fe80::1 > ff02::16: HBH", false },
        { "20:34:01.123456 02:00:00:00:00:04 > 33:33:00:00:00:16, ethertype "
          "IPv6 (0x86dd), length 90: fe80::1 > ff02::16: HBH",
          false },
        { "20:34:01.123456 eth0  B   ARP, Request who-has 10.0.2.2", false },
        { "    127.0.0.1.53 > 127.0.0.1.53: 30840 [|domain]", false },
        { "20:34 IP is what they say", false },
        { "20:34:01.123456", false },
        { "", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct facts *facts = facts_new();
        struct reader *reader = reader_new("tcpdump", "c", facts);

        print_message("# %s\n", rows[i].line);
        feed(reader, rows[i].line);
        assert_int_equal(facts_number(facts, "c.rx.packets", 0),
                         rows[i].counts);
        reader_free(reader);
        facts_free(facts);
    }
}

static void
refusals_of_ethtool_are_kept(void **state)
{
    static const char *const rows[] = {
        "netlink error: requested channel count exceeds maximum (offset 36)",
        "netlink error: Operation not supported",
        "netlink error: no device matches name (offset 24)",
        "Cannot set device channel parameters: Invalid argument",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct facts *facts = facts_new();
        struct reader *reader = reader_new("ethtool-channels", "c", facts);

        feed(reader, rows[i]);
        assert_string_equal(facts_get(facts, "c.channels.refused")->text,
                            rows[i]);
        reader_free(reader);
        facts_free(facts);
    }
}

static void
tcpdump_counts_the_flow_and_no_repaints(void **state)
{
    (void)state;
    CHECK("tcpdump",
          "tcpdump: verbose output suppressed, use -v[v]...\n"
          "listening on eth0, link-type EN10MB (Ethernet)\n"
          "19:34:14.089890 IP localhost.domain > localhost.domain: 30840\n"
          "~19:34:15.089890 IP localhost.domain > localhost.domain: 30840\n"
          "19:34:13.665916 IP6 fe80::5054:ff:fe00:1 > ff02::16: HBH ICMP6\n"
          "19:34:13.665916 ARP, Request who-has 10.0.2.2\n"
          "19:34:16.1 IP (tos 0x0, ttl 64, id 1, proto UDP (17), length 48)\n"
          "    127.0.0.1.53 > 127.0.0.1.53: 30840 [|domain]\n"
          "19:34:17.1 02:00:00:00:00:04 > 90:e2:ba:69:c9:c9, ethertype IPv4 "
          "(0x0800), length 62: 127.0.0.1\n",
          { "rx.packets", "3" }, { "rx.captured", NULL });
    CHECK("tcpdump", "34 packets captured\n34 packets received by filter\n",
          { "rx.captured", "34" });
    CHECK("tcpdump", "1 packet captured\n", { "rx.captured", "1" });
}

static void
ethtool_and_scapy_are_read(void **state)
{
    (void)state;
    CHECK("ethtool-channels",
          "Channel parameters for eth0:\nPre-set maximums:\nRX:\t\tn/a\n"
          "Combined:\t4\nCurrent hardware settings:\nRX:\t\tn/a\n"
          "Combined:\t2\n",
          { "channels.max", "4" }, { "channels.now", "2" });
    CHECK("ethtool-driver", "driver: virtio_net\nversion: 1.0.0\n",
          { "nic.driver", "virtio_net" });
    CHECK("scapy-sent", "......^C\nSent 22 packets.\n", { "tx.sent", "22" });
    CHECK("scapy-sent", ">>>> print('Sent 22 packets.')\n",
          { "tx.sent", NULL });
}

static void
history_keeps_the_first_and_the_newest(void **state)
{
    struct facts *facts = facts_new();
    size_t len;
    const struct fact_value *values;

    (void)state;
    for (int i = 0; i < 3 * FACT_HISTORY_MAX; i++)
        facts_set_number(facts, "x", (uint64_t)i, 0, i);
    values = facts_history(facts, "x", &len);
    assert_true(len <= FACT_HISTORY_MAX);
    assert_int_equal(values[0].number, 0);
    assert_int_equal(values[len - 1].number, 3 * FACT_HISTORY_MAX - 1);
    assert_int_equal(facts_at(facts, "x", 3 * FACT_HISTORY_MAX - 2)->number,
                     3 * FACT_HISTORY_MAX - 2);
    assert_int_equal(facts_since(facts, "x", 3 * FACT_HISTORY_MAX - 1)->number,
                     3 * FACT_HISTORY_MAX - 1);
    assert_null(facts_since(facts, "x", 3 * FACT_HISTORY_MAX));
    assert_null(facts_get(facts, "y"));
    facts_free(facts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migration_of_qemu_7_is_read),
        cmocka_unit_test(what_is_no_finite_number_is_no_number),
        cmocka_unit_test(migration_of_qemu_2_is_read),
        cmocka_unit_test(migration_of_qemu_10_is_read),
        cmocka_unit_test(migration_of_qemu_4_2_is_read),
        cmocka_unit_test(migration_of_qemu_9_is_read),
        cmocka_unit_test(migration_of_qemu_10_1_in_development_is_read),
        cmocka_unit_test(migration_of_later_qemu_is_read),
        cmocka_unit_test(a_new_migration_has_no_old_reason),
        cmocka_unit_test(a_failed_migration_has_its_reason),
        cmocka_unit_test(vm_status_is_read_from_output_only),
        cmocka_unit_test(a_log_is_clean_or_has_its_first_error),
        cmocka_unit_test(a_qemu_that_the_lab_keeps_from_starting_is_told_apart),
        cmocka_unit_test(vhost_log_is_read_with_and_without_path),
        cmocka_unit_test(a_vhost_socket_that_is_in_the_way_is_read),
        cmocka_unit_test(port_statistics_are_keyed_by_their_section),
        cmocka_unit_test(bursts_are_summed_not_counted),
        cmocka_unit_test(packets_of_real_guests_are_counted),
        cmocka_unit_test(port_statistics_of_each_testpmd_are_read),
        cmocka_unit_test(packets_of_each_testpmd_are_read),
        cmocka_unit_test(tcpdump_is_read_in_its_forms),
        cmocka_unit_test(refusals_of_ethtool_are_kept),
        cmocka_unit_test(tcpdump_counts_the_flow_and_no_repaints),
        cmocka_unit_test(ethtool_and_scapy_are_read),
        cmocka_unit_test(history_keeps_the_first_and_the_newest),
    };

    return cmocka_run_group_tests_name("readers", tests, NULL, NULL);
}
