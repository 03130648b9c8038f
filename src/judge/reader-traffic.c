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

/* text behind what shape says, '0' being a digit; NULL: it is not so. */
static const char *
behind_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; shape++, text++)
        if (*shape == '0' ? !isdigit((unsigned char)*text) : *text != *shape)
            return NULL;
    return text;
}

/*
 * "20:34:01.123456 IP ...": what follows the stamp. With -tttt a date is in
 * front of it, with -tt it is one number.
 */
static const char *
behind_stamp(const char *text)
{
    static const char *const shapes[] = { "0000-00-00 00:00:00.0", "00:00:00.0",
                                          "0000000000.0" };

    text += strspn(text, " "); /* -ttt */
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        const char *rest = behind_shape(text, shapes[i]);

        if (rest == NULL)
            continue;
        while (isdigit((unsigned char)*rest))
            rest++;
        return *rest == ' ' ? rest + 1 : NULL;
    }
    return NULL;
}

/* "eth0  In  IP ...": with -i any the port and the direction come first. */
static const char *
behind_port(const char *text)
{
    static const char *const directions[] = { "In", "Out", "B", "M", "P" };
    const char *word = text + strcspn(text, " ");

    word += strspn(word, " ");
    for (size_t i = 0; i < ARRAY_LEN(directions); i++) {
        size_t len = strlen(directions[i]);

        if (strncmp(word, directions[i], len) == 0 && word[len] == ' ')
            return word + len + strspn(word + len, " ");
    }
    return text;
}

/*
 * It is IPv4: by its first word, or with -e by the type behind the addresses,
 * whatever the kind of link ("ethertype IPv4", "AF IPv4" of a loopback).
 */
static bool
is_ipv4(const char *text)
{
    return str_starts(text, "IP ") || strstr(text, "ethertype IPv4") != NULL ||
           str_starts(text, "AF IPv4 ");
}

/*
 * IPv4 packets only: a guest's own ARP and IPv6 neighbour discovery must not
 * pass for the tester's flow. With -v a packet has a second, indented line,
 * which has no stamp.
 */
static void
tcpdump_line(void *state, const struct reader_out *out,
             const struct line_event *line)
{
    const char *text = behind_stamp(line->text);
    unsigned n;
    char word;

    (void)state;
    if (line->tag != LINE_OUTPUT)
        return;
    if (text != NULL && is_ipv4(behind_port(text)))
        reader_number(out, "rx.packets", reader_last(out, "rx.packets", 0) + 1);
    else if (sscanf(line->text, "%u packet%*[s] capture%c", &n, &word) == 2 ||
             sscanf(line->text, "%u packet capture%c", &n, &word) == 2)
        reader_number(out, "rx.captured", n);
    else if (sscanf(line->text, "%u packet%*[s] dropped by kerne%c", &n,
                    &word) == 2 ||
             sscanf(line->text, "%u packet dropped by kerne%c", &n, &word) == 2)
        reader_number(out, "rx.dropped", n);
}

/* How ethtool begins a refusal: by netlink from 5.8 on, by ioctl before. */
static const char *const refusals[] = {
    "netlink error: ",
    "Cannot set device channel parameters: ",
    "Cannot get device channel parameters: ",
};

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
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        if (str_starts(line->text, refusals[i]))
            reader_text(out, "channels.refused", line->text);
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
