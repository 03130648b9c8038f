/*
 * Any record of what was sent and any log of what came: what is said of it
 * adds up, and nothing is said of what cannot be known. Three parts, each
 * behind a line "--": send times, the VM's log, samples of the two vhost ports
 * ("h 120", "b 7").
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/gap.h"
#include "judge/moments.h"
#include "judge/output.h"
#include "judge/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_line(void *ctx, const struct line_event *line)
{
    reader_line(ctx, line);
}

/* One part through its reader; what is behind it. */
static const char *
read_part(struct facts *facts, const char *kind, const char *name,
          const char *text)
{
    static const char mark[] = "--\n";
    const char *end = strstr(text, mark);
    size_t len = end != NULL ? (size_t)(end - text) : strlen(text);
    struct reader *reader = reader_new(kind, name, facts);

    output_lines(text, len, 3000000, read_line, reader);
    reader_free(reader);
    return end != NULL ? end + strlen(mark) : "";
}

static void
read_samples(struct facts *facts, const char *text)
{
    uint64_t at_us = 1000000;

    for (; *text != '\0'; at_us += 100000) {
        const char *end = strchr(text, '\n');
        unsigned value;

        if (sscanf(text, "h %7u", &value) == 1)
            facts_set_number(facts, "host-testpmd.port.1.tx_packets", at_us, 0,
                             value);
        else if (sscanf(text, "b %7u", &value) == 1)
            facts_set_number(facts, "backup-testpmd.port.1.tx_packets", at_us,
                             0, value);
        if (end == NULL)
            return;
        text = end + 1;
    }
}

static void
check(const struct gap *gap)
{
    double phases = 0;

    if (gap->lost >= 0 && gap->received + gap->lost != gap->sent)
        abort();
    if (gap->lost > gap->sent)
        abort();
    if (!gap->taken || gap->why != NULL) {
        if (gap->longest_ms >= 0)
            abort();
        return;
    }
    if (gap->lost < 0 || gap->received < 0 || !isfinite(gap->longest_ms) ||
        gap->longest_ms < 0 || gap->longest_lost > gap->lost)
        abort();
    for (size_t i = 0; i < GAP_PHASES; i++)
        phases += gap->phase_lost[i];
    if (gap->phase_lost[0] >= 0 && phases != gap->lost)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);
    struct facts *facts = facts_new();
    const struct moments moments = {
        .begun = true,
        .begun_us = 1500000,
        .running = true,
        .running_us = 2000000,
    };
    struct gap gap;
    const char *rest;

    facts_set(facts, "tester-scapy.typed", 1000000, 0, "sendp(F)");
    rest = read_part(facts, "flow-times", "tester-flow", text);
    rest = read_part(facts, "flow-log", "guest-flow", rest);
    read_samples(facts, rest);
    facts_set_number(facts, "tester-scapy.tx.sent", 3000000, 0,
                     facts_number(facts, "tester-flow.flow.sent", 0));
    gap_take(facts, &moments, &gap);
    check(&gap);
    facts_free(facts);
    free(text);
    return 0;
}
