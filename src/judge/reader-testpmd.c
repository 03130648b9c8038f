/*
 * reader-testpmd.c - what testpmd counts: its ports' statistics, and the
 * packets that it shows as they come ("set verbose 1"); and its driver.
 *
 * testpmd prints "RX-packets:" in two kinds of section, the ports' statistics
 * and, at "stop", the forwarding streams'. Only the first is read: what counts
 * is keyed by the section's header.
 *
 * A burst is "port P/queue Q: received N packets", in all versions: N is what
 * counts, not the line. Up to 21.02 several cores print into each other's
 * lines, so a burst is looked for anywhere in one, and there may be more than
 * one.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

struct stats_state {
    bool inside; /* a section of port statistics */
    unsigned port;
};

static const struct {
    const char *key, *fact;
} stats_keys[] = {
    { "RX-packets", "rx_packets" }, { "RX-missed", "rx_missed" },
    { "RX-errors", "rx_errors" },   { "TX-packets", "tx_packets" },
    { "TX-errors", "tx_errors" },
};

/* "RX-packets: 32         RX-missed: 0          RX-bytes:  2244" */
static void
take_counters(const struct reader_out *out, unsigned port, const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(stats_keys); i++) {
        const char *at = strstr(text, stats_keys[i].key);
        unsigned long long value;
        char *fact;

        if (at == NULL || at[strlen(stats_keys[i].key)] != ':' ||
            sscanf(at + strlen(stats_keys[i].key) + 1, "%llu", &value) != 1)
            continue;
        fact = xasprintf("port.%u.%s", port, stats_keys[i].fact);
        reader_number(out, fact, (double)value);
        free(fact);
    }
}

static void
stats_line(void *state, const struct reader_out *out,
           const struct line_event *line)
{
    struct stats_state *stats = state;
    const char *header = strstr(line->text, "NIC statistics for port ");
    const char *text = line->text + strspn(line->text, " ");

    if (line->tag != LINE_OUTPUT)
        return;
    if (header != NULL) {
        stats->inside =
            sscanf(header, "NIC statistics for port %u", &stats->port) == 1;
        return;
    }
    if (stats->inside && strspn(text, "#") > 20) { /* its last line */
        stats->inside = false;
        reader_number(out, "stats.samples",
                      reader_last(out, "stats.samples", 0) + 1);
        return;
    }
    if (strstr(text, "Forward statistics") != NULL ||
        strstr(text, "forward statistics") != NULL)
        stats->inside = false;
    /* Up to 20.11 a port may show registers of its queues ("Stats reg  0
       RX-packets: ..."), which are parts of what the port has. */
    if (stats->inside && !str_starts(text, "Stats reg"))
        take_counters(out, stats->port, text);
}

/*
 * Counted one by one only up to here; the sum has all of them. What a guest
 * prints must not make facts without end.
 */
enum { PORTS_MAX = 32, QUEUES_MAX = 64 };
enum { BURST_MAX = 512 }; /* testpmd's own limit (MAX_PKT_BURST) */

struct burst {
    unsigned port, queue, packets;
};

/* "port 0/queue 0: received 12 packets" at the start of text. */
static bool
parse_burst(const char *text, struct burst *burst)
{
    int end = -1;

    if (sscanf(text, "port %5u/queue %5u: received %5u packets%n", &burst->port,
               &burst->queue, &burst->packets, &end) != 3)
        return false;
    return end >= 0 && burst->packets <= BURST_MAX;
}

static void
add(const struct reader_out *out, const char *fact, double packets)
{
    reader_number(out, fact, reader_last(out, fact, 0) + packets);
}

static void
take_burst(const struct reader_out *out, const struct burst *burst)
{
    char *fact;

    if (burst->port < PORTS_MAX && burst->queue < QUEUES_MAX) {
        fact =
            xasprintf("rx.port.%u.queue.%u.packets", burst->port, burst->queue);
        add(out, fact, burst->packets);
        free(fact);
    }
    add(out, "rx.packets", burst->packets);
}

/*
 * The lines below a burst, one a packet, say what kind it is: the flow of the
 * plan is IPv4, what else is on the wire (ARP, neighbour discovery) is not.
 */
static void
rx_line(void *state, const struct reader_out *out,
        const struct line_event *line)
{
    static const char ipv4[] = " - type=0x0800 - ";
    struct burst burst;
    double seen = 0;

    (void)state;
    if (line->tag != LINE_OUTPUT)
        return;
    for (const char *at = line->text; (at = strstr(at, "port ")) != NULL; at++)
        if (parse_burst(at, &burst))
            take_burst(out, &burst);
    for (const char *at = line->text; (at = strstr(at, ipv4)) != NULL; at++)
        seen++;
    if (seen > 0)
        add(out, "rx.ipv4", seen);
}

/* "show port info": the driver, whose name has no blanks. */
static void
info_line(void *state, const struct reader_out *out,
          const struct line_event *line)
{
    static const char head[] = "Driver name: ";

    (void)state;
    if (line->tag == LINE_OUTPUT && str_starts(line->text, head))
        reader_text(out, "nic.driver", line->text + strlen(head));
}

const struct reader_kind reader_testpmd_info = {
    .name = "testpmd-info",
    .line = info_line,
};
const struct reader_kind reader_testpmd_stats = {
    .name = "testpmd-stats",
    .state_size = sizeof(struct stats_state),
    .line = stats_line,
};
const struct reader_kind reader_testpmd_rx = {
    .name = "testpmd-rx",
    .line = rx_line,
};
