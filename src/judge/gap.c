/*
 * gap.c - the measured flow: what was lost of it, when, and the longest gap.
 *
 * The numbers in the VM's log are known mod 1000. As long as fewer than 1000
 * are missing behind the last one, none can have been taken for another: all
 * that were sent are accounted for. Otherwise 1000, 2000 ... more were lost in
 * one of the holes, or at the end, and vhost's counters tell in which: each of
 * their samples says how many had come by then, the send times say how many
 * had been sent, and only the true hole fits all of them. Where several fit,
 * or none does, the gap is not known, and is not guessed.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/gap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/moments.h"

/* More than any run has: two days at 500 a second. */
#define SENT_MAX 100000000

/* How far a sample of a counter may be from what is true, in packets: those
   on their way, and what the tester's clock is not known to. */
#define NEAR_HOLE     5
#define NEAR_LOST     300
#define NEAR_COUNTERS 50

/* Numbers that did not come, and how many had come before them. */
struct hole {
    uint64_t first, last;
    double came;
};

struct flow {
    const struct facts *facts;
    const struct moments *moments;
    struct gap *gap;
    uint64_t *times_us; /* of each packet that was sent, since the first */
    size_t sent;
    uint8_t *came; /* of each: how often, at most 2 */
    double unique; /* how many came */
    struct hole *holes;
    size_t holes_len;
    uint64_t first, last;
    bool clock_known;
    double zero_us, zero_error_us; /* when the first was sent, in run time */
};

/* "100:1200000, 1209800" behind those there are; false: a line is missing. */
static bool
add_times(struct flow *flow, const char *text, size_t cap)
{
    char *end;

    if (strtoull(text, &end, 10) != flow->sent || *end != ':')
        return false;
    for (text = end + 1; *text != '\0' && flow->sent < cap;) {
        flow->times_us[flow->sent] = strtoull(text, &end, 10);
        if (end == text ||
            (flow->sent > 0 &&
             flow->times_us[flow->sent] < flow->times_us[flow->sent - 1]))
            return false;
        flow->sent++;
        text = end + strspn(end, ", ");
    }
    return *text == '\0';
}

static const char *
read_times(struct flow *flow)
{
    double sent = facts_number(flow->facts, SENT_FLOW ".flow.sent", 0);
    double said = facts_number(flow->facts, TESTER ".tx.sent", -1);
    size_t len;
    const struct fact_value *lines =
        facts_history(flow->facts, SENT_FLOW ".flow.times", &len);

    if (sent < 2 || sent > SENT_MAX)
        return "the send times are not known";
    flow->times_us = xcalloc((size_t)sent, sizeof *flow->times_us);
    for (size_t i = 0; i < len; i++)
        if (!add_times(flow, lines[i].text, (size_t)sent))
            return "the send times are not whole";
    if ((double)flow->sent != sent)
        return "the send times are not whole";
    if (said >= 0 && said != sent)
        return "scapy sent another number of packets than it kept times of";
    return NULL;
}

/* The history of a fact, when it has all len values. */
static const struct fact_value *
whole_history(const struct flow *flow, const char *name, const char *count,
              size_t *len)
{
    const struct fact_value *values = facts_history(flow->facts, name, len);

    return facts_number(flow->facts, count, 0) == (double)*len ? values : NULL;
}

static const char *
read_holes(struct flow *flow)
{
    size_t len;
    const struct fact_value *values = whole_history(
        flow, CAME_FLOW ".flow.hole", CAME_FLOW ".flow.holes", &len);
    double came = 0;
    uint64_t from = flow->first;

    if (values == NULL && len > 0)
        return "there are more holes than are kept";
    flow->holes = xcalloc(len + 1, sizeof *flow->holes);
    for (size_t i = 0; i < len; i++) {
        struct hole *hole = &flow->holes[flow->holes_len++];
        unsigned long long first, last;

        if (sscanf(values[i].text, "%llu-%llu", &first, &last) != 2 ||
            first <= from || last < first || last >= flow->last)
            return "the log's numbers make no sense";
        came += (double)(first - from);
        *hole = (struct hole){ first, last, came };
        from = last + 1;
    }
    return NULL;
}

/* Everything from first to last came, but for the holes. */
static void
mark_came(struct flow *flow)
{
    uint64_t number = flow->first;

    for (size_t i = 0; i <= flow->holes_len; i++) {
        bool over = i == flow->holes_len;
        uint64_t end = over ? flow->last + 1 : flow->holes[i].first;

        for (; number < end; number++) {
            flow->came[number] = 1;
            flow->unique++;
        }
        if (!over)
            number = flow->holes[i].last + 1;
    }
}

static const char *
mark_late(struct flow *flow)
{
    size_t len;
    const struct fact_value *values = whole_history(
        flow, CAME_FLOW ".flow.late", CAME_FLOW ".flow.lates", &len);

    flow->gap->duplicates = flow->gap->reordered = 0;
    if (values == NULL && len > 0)
        return "more packets came late than are kept";
    for (size_t i = 0; i < len; i++) {
        double number = values[i].number;

        if (number < 0 || number >= (double)flow->sent)
            return "the log's numbers make no sense";
        if (flow->came[(size_t)number] == 0) {
            flow->came[(size_t)number] = 1;
            flow->unique++;
            flow->gap->reordered++;
        } else {
            flow->gap->duplicates++;
        }
    }
    return NULL;
}

/*
 * When the first packet was sent: behind the moment its command was typed, and
 * the last one before scapy said that it had stopped.
 */
static void
set_clock(struct flow *flow)
{
    size_t len;
    const struct fact_value *typed =
        facts_history(flow->facts, TESTER ".typed", &len);
    const struct fact_value *said = facts_get(flow->facts, TESTER ".tx.sent");
    double from = -1, to = -1;

    for (size_t i = 0; i < len; i++)
        if (strstr(typed[i].text, "sendp(") != NULL)
            from = (double)typed[i].at_us;
    if (said != NULL)
        to = (double)said->at_us - (double)flow->times_us[flow->sent - 1];
    flow->clock_known = from >= 0 && to >= from;
    flow->zero_us = (from + to) / 2;
    flow->zero_error_us = (to - from) / 2;
    if (flow->clock_known)
        flow->gap->clock_ms = flow->zero_error_us / 1000;
}

/* How many had been sent at this moment of the run. */
static double
sent_by(const struct flow *flow, uint64_t at_us)
{
    double at = (double)at_us - flow->zero_us;
    size_t from = 0, to = flow->sent;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if ((double)flow->times_us[middle] <= at)
            from = middle + 1;
        else
            to = middle;
    }
    return (double)from;
}

/*
 * Whether a sample fits, when so many more were lost in one hole: of those
 * sent by then, what had not come was lost in the holes before.
 */
static bool
sample_fits(const struct flow *flow, double came, double sent, size_t where,
            double more)
{
    double least = 0, most = 0;

    for (size_t i = 0; i <= flow->holes_len + 1; i++) {
        /* Before the first and behind the last there are holes as well. */
        bool head = i == flow->holes_len, tail = i == flow->holes_len + 1;
        const struct hole *hole = &flow->holes[i];
        double at = head ? 0 : tail ? flow->unique : hole->came;
        double lost = head   ? (double)flow->first
                      : tail ? (double)(flow->sent - 1 - flow->last) - more
                             : (double)(hole->last - hole->first + 1);

        if (i == where)
            lost += more;
        if (at <= came - NEAR_HOLE)
            least += lost;
        if (at <= came + NEAR_HOLE)
            most += lost;
    }
    return sent - came >= least - NEAR_LOST && sent - came <= most + NEAR_LOST;
}

struct samples {
    struct {
        double came, sent;
    } * items;
    size_t len, cap;
};

static void
add_sample(const struct flow *flow, struct samples *samples, double came,
           uint64_t at_us)
{
    samples->items = xgrow(samples->items, samples->len, &samples->cap,
                           sizeof *samples->items);
    samples->items[samples->len].came = came;
    samples->items[samples->len++].sent = sent_by(flow, at_us);
}

/*
 * What the vhost ports had given to the VM by and by. The host's samples count
 * from the first packet on; the backup's back from the last one, because the
 * host's last sample is older than its last packet.
 */
static void
take_samples(const struct flow *flow, struct samples *samples)
{
    size_t hosts, backups;
    const struct fact_value *host =
        facts_history(flow->facts, HOST_TESTPMD "." VHOST_TX, &hosts);
    const struct fact_value *backup =
        facts_history(flow->facts, BACKUP_TESTPMD "." VHOST_TX, &backups);
    double all;

    if (hosts < 2 || backups < 2 || !flow->clock_known)
        return;
    all = host[hosts - 1].number - host[0].number + backup[backups - 1].number -
          backup[0].number;
    if (fabs(all - flow->unique) > NEAR_COUNTERS)
        return;
    for (size_t i = 0; i < hosts; i++)
        if (flow->moments->begun && host[i].at_us < flow->moments->begun_us)
            add_sample(flow, samples, host[i].number - host[0].number,
                       host[i].at_us);
    for (size_t i = 0; i < backups; i++)
        if (flow->moments->running &&
            backup[i].at_us > flow->moments->running_us)
            add_sample(flow, samples,
                       flow->unique -
                           (backup[backups - 1].number - backup[i].number),
                       backup[i].at_us);
}

/*
 * The only hole in which so many more can have been lost, or SIZE_MAX. Behind
 * the holes come the one before the first number and the one behind the last.
 */
static size_t
find_hole(const struct flow *flow, const struct samples *samples, double more)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i <= flow->holes_len + 1; i++) {
        bool fits = samples->len > 0;

        for (size_t j = 0; fits && j < samples->len; j++)
            fits = sample_fits(flow, samples->items[j].came,
                               samples->items[j].sent, i, more);
        if (fits && found != SIZE_MAX)
            return SIZE_MAX;
        if (fits)
            found = i;
    }
    return found;
}

/* All behind a hole are so many further. */
static void
shift(struct flow *flow, size_t hole, uint64_t more)
{
    bool head = hole == flow->holes_len;

    if (hole > flow->holes_len)
        return; /* they were lost at the end, as it stands */
    flow->last += more;
    if (head)
        flow->first += more;
    for (size_t i = head ? 0 : hole; i < flow->holes_len; i++) {
        if (i != hole)
            flow->holes[i].first += more;
        flow->holes[i].last += more;
    }
    memset(flow->came, 0, flow->sent);
    flow->unique = 0;
    mark_came(flow);
}

/* What the numbers leave open: in which hole thousands more were lost. */
static const char *
resolve(struct flow *flow)
{
    uint64_t tail = flow->sent - 1 - flow->last;
    uint64_t more = tail - tail % GAP_NUMBERS;
    struct samples samples = { .len = 0 };
    size_t hole;

    /* A hole of 900 to 999 looks like packets that come late. */
    if (tail >= GAP_STEP_MAX &&
        flow->gap->duplicates + flow->gap->reordered > 0)
        return "over 900 packets are missing at once, and their numbers repeat";
    if (more == 0)
        return NULL;
    flow->gap->lost = (double)flow->sent - flow->unique;
    take_samples(flow, &samples);
    hole = find_hole(flow, &samples, (double)more);
    free(samples.items);
    if (hole == SIZE_MAX)
        return "over 1000 packets are missing, and their numbers repeat";
    shift(flow, hole, more);
    return NULL;
}

/* The missing packets from one number to another: when they were sent. */
static void
take_missing(struct flow *flow, size_t from, size_t to)
{
    struct gap *gap = flow->gap;
    size_t before = from > 0 ? from - 1 : 0;
    size_t behind = to + 1 < flow->sent ? to + 1 : to;
    double ms =
        (double)(flow->times_us[behind] - flow->times_us[before]) / 1000;
    double begun_us = (double)flow->moments->begun_us;
    double running_us = (double)flow->moments->running_us;

    gap->least_ms =
        fmax(gap->least_ms,
             (double)(flow->times_us[to] - flow->times_us[from]) / 1000);
    if (ms > gap->longest_ms) {
        gap->longest_ms = ms;
        gap->longest_lost = (double)(to - from + 1);
        gap->has_longest_after = flow->clock_known && flow->moments->begun;
        gap->longest_after_ms =
            (flow->zero_us + (double)flow->times_us[before] - begun_us) / 1000;
    }
    for (size_t i = from; i <= to && gap->phase_lost[GAP_BEFORE] >= 0; i++) {
        double at_us = flow->zero_us + (double)flow->times_us[i];

        gap->phase_lost[at_us < begun_us     ? GAP_BEFORE
                        : at_us < running_us ? GAP_DURING
                                             : GAP_AFTER]++;
    }
}

static void
take_gaps(struct flow *flow)
{
    struct gap *gap = flow->gap;
    bool phases = flow->clock_known && flow->moments->running;

    for (size_t i = 0; i < GAP_PHASES; i++)
        gap->phase_lost[i] = phases ? 0 : -1;
    for (size_t i = 0; i < flow->sent; i++) {
        size_t from = i;

        if (flow->came[i] > 0)
            continue;
        while (i + 1 < flow->sent && flow->came[i + 1] == 0)
            i++;
        take_missing(flow, from, i);
    }
    /* None is missing: none longer than this went unseen. */
    if (gap->longest_ms < 0) {
        gap->longest_ms = gap->pause_ms;
        gap->least_ms = 0;
        gap->longest_lost = 0;
    }
}

static int
compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* How far apart the packets were that were sent. */
static void
take_interval(struct flow *flow)
{
    size_t len = flow->sent - 1;
    uint64_t *distances = xcalloc(len, sizeof *distances);

    for (size_t i = 0; i < len; i++)
        distances[i] = flow->times_us[i + 1] - flow->times_us[i];
    qsort(distances, len, sizeof *distances, compare);
    flow->gap->resolution_ms = (double)distances[len / 2] / 1000;
    flow->gap->pause_ms = (double)distances[len - 1] / 1000;
    free(distances);
}

/* Which of those that were sent came; NULL, or what is not known. */
static const char *
take_numbers(struct flow *flow)
{
    double frames = facts_number(flow->facts, CAME_FLOW ".flow.frames", -1);
    double last = facts_number(flow->facts, CAME_FLOW ".flow.last", -1);
    double first = facts_number(flow->facts, CAME_FLOW ".flow.first", -1);
    const char *why;

    if (frames == 0) {
        flow->gap->received = 0;
        flow->gap->lost = (double)flow->sent;
        return "no packet of the flow is in the VM's log";
    }
    if (last >= (double)flow->sent || first < 0 || first > last)
        return "the VM's log has numbers that were not sent";
    flow->first = (uint64_t)first;
    flow->last = (uint64_t)last;
    flow->came = xcalloc(flow->sent, 1);
    why = read_holes(flow);
    if (why != NULL)
        return why;
    mark_came(flow);
    why = mark_late(flow);
    /* What seems to be older than the first that came goes nowhere. */
    if (why == NULL && frames != flow->unique + flow->gap->duplicates)
        why = "the log's numbers make no sense";
    if (why == NULL)
        why = resolve(flow);
    if (why != NULL)
        return why;
    flow->gap->lost = (double)flow->sent - flow->unique;
    flow->gap->received = flow->unique;
    take_gaps(flow);
    return NULL;
}

/* No figure is finer than what it is made from. */
static void
round_all(struct gap *gap)
{
    gap->longest_ms = round(gap->longest_ms);
    gap->least_ms = round(gap->least_ms);
    gap->longest_after_ms = round(gap->longest_after_ms);
    gap->clock_ms = ceil(gap->clock_ms);
    gap->resolution_ms = round(gap->resolution_ms * 10) / 10;
    gap->pause_ms = round(gap->pause_ms * 10) / 10;
}

void
gap_take(const struct facts *facts, const struct moments *moments,
         struct gap *gap)
{
    struct flow flow = { .facts = facts, .moments = moments, .gap = gap };

    *gap = (struct gap){
        .sent = -1,
        .received = -1,
        .lost = -1,
        .duplicates = -1,
        .reordered = -1,
        .longest_ms = -1,
        .least_ms = -1,
        .longest_lost = -1,
        .resolution_ms = -1,
        .pause_ms = -1,
        .phase_lost = { -1, -1, -1 },
        .clock_ms = -1,
    };
    gap->taken = facts_get(facts, SENT_FLOW ".flow.sent") != NULL &&
                 facts_get(facts, CAME_FLOW ".flow.frames") != NULL;
    if (!gap->taken)
        return;
    gap->why = read_times(&flow);
    if (gap->why == NULL) {
        gap->sent = (double)flow.sent;
        take_interval(&flow);
        set_clock(&flow);
        gap->why = take_numbers(&flow);
    }
    if (gap->lost >= 0)
        gap->received = gap->sent - gap->lost;
    round_all(gap);
    free(flow.times_us);
    free(flow.came);
    free(flow.holes);
}
