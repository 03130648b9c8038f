/*
 * reader-flow.c - the measured flow: when its packets were sent, by the
 * tester's own record, and which of them came, by the VM's own log.
 *
 * A frame's length is its number: 64 + number mod 1000. What the VM's tcpdump
 * (-e) or testpmd ("set verbose 1") printed is read in its order, so a number
 * is known from the one before it: the step is the difference mod 1000, and a
 * large one is a step back. Where more than 1000 were lost at once the numbers
 * behind are short by 1000; gap.c, which knows how many were sent, sees it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/gap.h"

struct log_state {
    bool begun;
    uint64_t frames, last, holes, lates;
};

/*
 * "length 64" as tcpdump writes it, "length=64" as testpmd does. The first of
 * a line is the frame's: tcpdump's second is UDP's. testpmd's "l2_len" is none.
 */
static bool
parse_length(const char *text, unsigned *length)
{
    for (const char *at = text; (at = strstr(at, "length")) != NULL; at++) {
        const char *number = at + strlen("length");
        char *end;
        unsigned long value;

        if ((at > text && isalnum((unsigned char)at[-1])) ||
            (*number != ' ' && *number != '=') ||
            !isdigit((unsigned char)number[1]))
            continue;
        value = strtoul(number + 1, &end, 10);
        *length = value > 65535 ? 65535 : (unsigned)value;
        return *end == '\0' || *end == ':' || *end == ' ' || *end == '\r';
    }
    return false;
}

static void
take_first(struct log_state *log, const struct reader_out *out, unsigned number)
{
    log->begun = true;
    log->last = number;
    reader_number(out, "flow.first", number);
}

static void
take_hole(struct log_state *log, const struct reader_out *out, unsigned step)
{
    char *hole = xasprintf("%llu-%llu", (unsigned long long)log->last + 1,
                           (unsigned long long)log->last + step - 1);

    reader_text(out, "flow.hole", hole);
    reader_number(out, "flow.holes", (double)++log->holes);
    free(hole);
}

/* A number that is not above the last one: it is late, or came twice. */
static void
take_late(struct log_state *log, const struct reader_out *out, unsigned back)
{
    /* One from before the first that came is none of this flow. */
    if (back > log->last)
        return;
    reader_number(out, "flow.late", (double)(log->last - back));
    reader_number(out, "flow.lates", (double)++log->lates);
}

static void
take_number(struct log_state *log, const struct reader_out *out,
            unsigned number)
{
    unsigned step =
        (number + GAP_NUMBERS - (unsigned)(log->last % GAP_NUMBERS)) %
        GAP_NUMBERS;

    if (!log->begun) {
        take_first(log, out, number);
    } else if (step == 0 || step > GAP_STEP_MAX) {
        take_late(log, out, (GAP_NUMBERS - step) % GAP_NUMBERS);
        return;
    } else {
        if (step > 1)
            take_hole(log, out, step);
        log->last += step;
    }
    reader_number(out, "flow.last", (double)log->last);
}

static void
log_line(void *state, const struct reader_out *out,
         const struct line_event *line)
{
    struct log_state *log = state;
    unsigned length;

    if (line->tag != LINE_OUTPUT)
        return;
    if (parse_length(line->text, &length) && length >= GAP_LENGTH_MIN &&
        length < GAP_LENGTH_MIN + GAP_NUMBERS) {
        log->frames++;
        take_number(log, out, length - GAP_LENGTH_MIN);
    } else if (log->frames > 0) {
        return;
    }
    /* A log that was read and is empty must be told from one never read. */
    reader_number(out, "flow.frames", (double)log->frames);
}

struct times_state {
    uint64_t sent;
};

/* "100:1200000, 1209800": the numbers in it; 0: it is no such line. */
static uint64_t
count_times(const char *text, uint64_t first)
{
    char *end;
    uint64_t n = 0;

    if (!isdigit((unsigned char)*text) || strtoull(text, &end, 10) != first ||
        *end != ':')
        return 0;
    for (text = end + 1; isdigit((unsigned char)*text); n++) {
        (void)strtoull(text, &end, 10);
        text = end + strspn(end, ", ");
    }
    return *text == '\0' ? n : 0;
}

static void
times_line(void *state, const struct reader_out *out,
           const struct line_event *line)
{
    struct times_state *times = state;
    uint64_t n;

    if (line->tag != LINE_OUTPUT)
        return;
    n = count_times(line->text, times->sent);
    if (n == 0)
        return;
    times->sent += n;
    reader_text(out, "flow.times", line->text);
    reader_number(out, "flow.sent", (double)times->sent);
}

const struct reader_kind reader_flow_log = {
    .name = "flow-log",
    .state_size = sizeof(struct log_state),
    .line = log_line,
};
const struct reader_kind reader_flow_times = {
    .name = "flow-times",
    .state_size = sizeof(struct times_state),
    .line = times_line,
};
