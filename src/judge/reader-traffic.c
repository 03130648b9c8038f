/*
 * reader-traffic.c - who counts packets but testpmd: tcpdump, scapy; and what
 * ethtool says of the guest's port.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

/* "20:34:01.123456 IP ...": the stamp, and what kind of packet follows. */
static const char *
behind_stamp(const char *text)
{
    static const char shape[] = "00:00:00.";

    for (size_t i = 0; shape[i] != '\0'; i++)
        if (shape[i] == '0' ? !isdigit((unsigned char)text[i])
                            : text[i] != shape[i])
            return NULL;
    text += strlen(shape);
    if (!isdigit((unsigned char)*text))
        return NULL;
    while (isdigit((unsigned char)*text))
        text++;
    return *text == ' ' ? text + 1 : NULL;
}

/*
 * IPv4 packets only: a guest's own ARP and IPv6 neighbour discovery must not
 * pass for the tester's flow. With -v a packet has a second, indented line,
 * which has no stamp; with -e the type stands behind the addresses.
 */
static void
tcpdump_line(void *state, const struct reader_out *out,
             const struct line_event *line)
{
    const char *text = behind_stamp(line->text);
    unsigned captured;
    char word;

    (void)state;
    if (line->tag != LINE_OUTPUT)
        return;
    if (text != NULL &&
        (str_starts(text, "IP ") || strstr(text, "ethertype IPv4") != NULL))
        reader_number(out, "rx.packets", reader_last(out, "rx.packets", 0) + 1);
    else if (sscanf(line->text, "%u packet%*[s] capture%c", &captured, &word) ==
                 2 ||
             sscanf(line->text, "%u packet capture%c", &captured, &word) == 2)
        reader_number(out, "rx.captured", captured);
}

struct channels_state {
    bool now; /* behind "Current hardware settings" */
};

static void
channels_line(void *state, const struct reader_out *out,
              const struct line_event *line)
{
    struct channels_state *channels = state;
    unsigned combined;

    if (line->tag != LINE_OUTPUT)
        return;
    if (str_starts(line->text, "Pre-set maximums:"))
        channels->now = false;
    else if (str_starts(line->text, "Current hardware settings:"))
        channels->now = true;
    else if (sscanf(line->text, "Combined: %u", &combined) == 1)
        reader_number(out, channels->now ? "channels.now" : "channels.max",
                      combined);
}

static void
driver_line(void *state, const struct reader_out *out,
            const struct line_event *line)
{
    static const char head[] = "driver: ";

    (void)state;
    if (line->tag == LINE_OUTPUT && str_starts(line->text, head))
        reader_text(out, "nic.driver", line->text + strlen(head));
}

static void
sent_line(void *state, const struct reader_out *out,
          const struct line_event *line)
{
    const char *text = strstr(line->text, "Sent ");
    unsigned long long sent;
    char dot;

    (void)state;
    if (line->tag == LINE_OUTPUT && text != NULL &&
        sscanf(text, "Sent %llu packets%c", &sent, &dot) == 2 && dot == '.')
        reader_number(out, "tx.sent", (double)sent);
}

const struct reader_kind reader_tcpdump = {
    .name = "tcpdump",
    .line = tcpdump_line,
};
const struct reader_kind reader_ethtool_channels = {
    .name = "ethtool-channels",
    .state_size = sizeof(struct channels_state),
    .line = channels_line,
};
const struct reader_kind reader_ethtool_driver = {
    .name = "ethtool-driver",
    .line = driver_line,
};
const struct reader_kind reader_scapy_sent = {
    .name = "scapy-sent",
    .line = sent_line,
};
