/*
 * reader-testpmd.c - what a guest's testpmd says of itself and of packets.
 *
 * "port 0/queue 0: received 3 packets" tells of a burst: the numbers are
 * summed, lines are not counted. The wording is the same in every release;
 * the packets' own lines below it differ and are not read.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static void
burst_line(void *state, const struct reader_out *out,
           const struct line_event *line)
{
    static const char prompt[] = "testpmd> ";
    const char *text = line->text;
    unsigned port, queue, packets;
    int len = 0;

    (void)state;
    if (line->tag != LINE_OUTPUT)
        return;
    if (str_starts(text, prompt)) /* the first comes behind it */
        text += strlen(prompt);
    if (sscanf(text, "port %u/queue %u: received %u packets%n", &port, &queue,
               &packets, &len) == 3 &&
        len > 0)
        reader_number(out, "rx.packets",
                      reader_last(out, "rx.packets", 0) + packets);
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

const struct reader_kind reader_testpmd_rx = {
    .name = "testpmd-rx",
    .line = burst_line,
};
const struct reader_kind reader_testpmd_info = {
    .name = "testpmd-info",
    .line = info_line,
};
