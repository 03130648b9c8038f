/* fact.c - the names of all facts there are: one table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/fact.h"

#include <ctype.h>
#include <string.h>

const struct reader_name reader_names[] = {
    { "console", "The console itself; it is always there." },
    { "qemu-migration", "QEMU's \"info migrate\", versions 2 to 10." },
    { "qemu-status", "QEMU's \"info status\"." },
    { "qemu-log", "QEMU's own log (-D), read by a probe." },
    { "vhost-log", "The vhost library's log lines in testpmd's output." },
    { "testpmd-stats", "testpmd's \"show port stats\"." },
    { "testpmd-rx", "The packets that testpmd shows with \"set verbose 1\"." },
    { "testpmd-info", "testpmd's \"show port info\"." },
    { "tcpdump", "tcpdump, with and without -v." },
    { "ethtool-channels", "\"ethtool -l\"." },
    { "ethtool-driver", "\"ethtool -i\"." },
    { "scapy-sent", "What scapy's sendp() says when it is stopped." },
    { "flow-times", "When each packet of the measured flow was sent." },
    { "flow-log", "The numbers of the measured flow, from the VM's own log." },
};
const size_t reader_names_len = ARRAY_LEN(reader_names);

const struct fact_name fact_names[] = {
    { "console", "link", "word", "connecting, up, lost or closed." },
    { "console", "program", "word", "The program that runs in it." },
    { "console", "prompt", "word",
      "The program at whose prompt it stands; empty while it is busy." },
    { "console", "typed", "text", "The line that was typed last, as it was." },

    { "qemu-migration", "migration.status", "word",
      "As QEMU says it: setup, active, completed, failed ..." },
    { "qemu-migration", "migration.reason", "text", "Why it failed." },
    { "qemu-migration", "migration.total_time", "ms", "Since it began." },
    { "qemu-migration", "migration.downtime", "ms",
      "How long the VM stood still, by QEMU's own clock." },
    { "qemu-migration", "migration.expected_downtime", "ms",
      "While active: the limit at first, then a forecast." },
    { "qemu-migration", "migration.setup", "ms", "The time to set it up." },
    { "qemu-migration", "migration.transferred", "KiB", "RAM sent so far." },
    { "qemu-migration", "migration.throughput", "Mbit/s", "Of the RAM." },
    { "qemu-migration", "migration.remaining", "KiB", "RAM still to send." },
    { "qemu-migration", "migration.total", "KiB", "All RAM." },
    { "qemu-migration", "migration.passes", "count",
      "How often dirty pages were collected (dirty sync count)." },
    { "qemu-migration", "migration.page_rate", "pages/s", "Pages sent." },
    { "qemu-migration", "migration.dirty_rate", "pages/s", "Pages dirtied." },
    { "qemu-migration", "migration.page_size", "KiB", "Of a RAM page." },
    { "qemu-migration", "migration.blocked", "text",
      "Why it cannot migrate at all." },

    { "qemu-status", "vm.status", "text",
      "running, paused (inmigrate), paused (postmigrate) ..." },

    { "qemu-log", "log.lines", "count", "Lines in it." },
    { "qemu-log", "log.error", "text",
      "The first line that tells of a failed load; empty without one." },
    { "qemu-log", "log.blocked", "text",
      "The first line that tells that it could not start, for a port or a "
      "lock of the lab; empty without one." },

    { "vhost-log", "vhost.blocked", "text",
      "Why it has no socket; nothing when it has." },
    { "vhost-log", "vhost.connected", "count", "Frontends that connected." },
    { "vhost-log", "vhost.features", "hex", "Virtio features negotiated." },
    { "vhost-log", "vhost.ring", "word", "split or packed (bit 34)." },
    { "vhost-log", "vhost.logging", "word",
      "yes while dirty pages are logged (bit 26)." },
    { "vhost-log", "vhost.announce", "word",
      "yes when the guest announces itself (bit 21)." },
    { "vhost-log", "vhost.log_base", "count", "SET_LOG_BASE messages." },
    { "vhost-log", "vhost.vring.#.stop", "index",
      "Where a ring stopped (GET_VRING_BASE)." },
    { "vhost-log", "vhost.vring.#.start", "index",
      "Where a ring starts (last_avail_idx of SET_VRING_BASE)." },
    { "vhost-log", "vhost.vring.#.enabled", "word", "yes or no." },
    { "vhost-log", "vhost.ready", "count",
      "How often virtio was ready for processing." },
    { "vhost-log", "vhost.closed", "count", "Frontends that left." },
    { "vhost-log", "vhost.rarp", "count", "SEND_RARP messages." },

    { "testpmd-stats", "port.#.rx_packets", "packets", "Received." },
    { "testpmd-stats", "port.#.rx_missed", "packets", "Missed." },
    { "testpmd-stats", "port.#.rx_errors", "packets", "With errors." },
    { "testpmd-stats", "port.#.tx_packets", "packets", "Sent." },
    { "testpmd-stats", "port.#.tx_errors", "packets", "Not sent." },
    { "testpmd-stats", "stats.samples", "count",
      "How often the statistics were shown." },

    { "testpmd-rx", "rx.packets", "packets",
      "The sum of its bursts; repainted ones do not count." },
    { "testpmd-rx", "rx.port.#.queue.#.packets", "packets",
      "Those of one queue of one port." },
    { "testpmd-rx", "rx.ipv4", "packets",
      "The IPv4 ones among them, as the flow is; what ARP and IPv6 send is "
      "none." },

    { "testpmd-info", "nic.driver", "word", "testpmd's driver." },

    { "tcpdump", "rx.packets", "packets",
      "Lines of packets it printed; repainted ones do not count." },
    { "tcpdump", "rx.captured", "packets", "What it says at its end." },
    { "tcpdump", "rx.dropped", "packets", "Those it says it missed." },

    { "ethtool-channels", "channels.max", "queues", "Combined, at most." },
    { "ethtool-channels", "channels.now", "queues", "Combined, now." },
    { "ethtool-channels", "channels.refused", "text",
      "What ethtool said when it refused." },

    { "ethtool-driver", "nic.driver", "word", "The kernel's driver." },

    { "scapy-sent", "tx.sent", "packets", "What sendp() sent." },

    { "flow-times", "flow.times", "text",
      "N:T, T, ...: packet N was sent at T, the others behind it; microseconds "
      "since the first packet." },
    { "flow-times", "flow.sent", "packets", "How many there are in all." },

    { "flow-log", "flow.frames", "packets", "Received, each time it was." },
    { "flow-log", "flow.first", "number", "The first that was received." },
    { "flow-log", "flow.last", "number", "The highest that was received." },
    { "flow-log", "flow.hole", "text",
      "FIRST-LAST: these did not come in their turn." },
    { "flow-log", "flow.holes", "count", "How many such holes." },
    { "flow-log", "flow.late", "number", "It came behind a higher one." },
    { "flow-log", "flow.lates", "count", "How many such." },
};
const size_t fact_names_len = ARRAY_LEN(fact_names);

const struct reader_name *
reader_name_find(const char *name)
{
    for (size_t i = 0; i < reader_names_len; i++)
        if (strcmp(reader_names[i].name, name) == 0)
            return &reader_names[i];
    return NULL;
}

/* name is what the row's template says, '#' being one number. */
static bool
fits(const char *template, const char *name)
{
    while (*template != '\0') {
        if (*template == '#') {
            if (!isdigit((unsigned char)*name))
                return false;
            while (isdigit((unsigned char)*name))
                name++;
            template ++;
        } else if (*template ++ != *name++) {
            return false;
        }
    }
    return *name == '\0';
}

const struct fact_name *
fact_name_find(const char *reader, const char *fact)
{
    for (size_t i = 0; i < fact_names_len; i++)
        if (strcmp(fact_names[i].reader, reader) == 0 &&
            fits(fact_names[i].name, fact))
            return &fact_names[i];
    return NULL;
}
