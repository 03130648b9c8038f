/* measures.c - what a migration measured. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/measures.h"

#include <math.h>

#include "base/xalloc.h"
#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/gap.h"
#include "judge/legs.h"
#include "judge/moments.h"

/* A pause of so many intervals is told; half of it is a busy machine's. */
#define PAUSED 10

/*
 * How much a counter grew from its first sample to its newest. One that ran
 * back was cleared, or its program is another: then it is not known.
 */
static double
growth(const struct facts *facts, const char *name, bool *known)
{
    size_t len;
    const struct fact_value *values = facts_history(facts, name, &len);

    if (len < 2)
        *known = false;
    for (size_t i = 1; i < len; i++)
        if (values[i].number < values[i - 1].number)
            *known = false;
    return len < 2 ? 0 : values[len - 1].number - values[0].number;
}

/* From vring 0's stop on the host to the backup's vhost being ready. */
static double
handover_ms(const struct facts *facts, const struct moments *moments)
{
    const struct fact_value *stop, *ready;

    if (!moments->begun)
        return -1;
    stop = facts_since(facts, HOST_TESTPMD ".vhost.vring.0.stop",
                       moments->begun_us);
    if (stop == NULL)
        return -1;
    ready = facts_since(facts, BACKUP_TESTPMD ".vhost.ready", stop->at_us);
    return ready != NULL ? round((double)(ready->at_us - stop->at_us) / 1000)
                         : -1;
}

/* Whether the longest gap can be the migration's. */
static bool
meets_migration(const struct gap *gap, const struct moments *moments)
{
    double running_ms =
        ((double)moments->running_us - (double)moments->begun_us) / 1000;

    return gap->has_longest_after && gap->longest_ms >= 0 &&
           gap->longest_after_ms + gap->longest_ms > 0 && moments->running &&
           gap->longest_after_ms < running_ms;
}

/* What the packets' numbers say, in place of what counters do. */
static void
take_gap(const struct facts *facts, const struct moments *moments,
         const struct gap *gap, struct measures *m)
{
    m->measured = true;
    m->open = gap->why;
    if (gap->sent >= 0)
        m->sent = gap->sent;
    /* That nothing is in the log is no loss of what the VM was given. */
    if (gap->received != 0 || m->counted <= 0) {
        m->received = gap->received;
        m->lost = gap->lost;
    }
    m->gap_max_ms = gap->longest_ms;
    m->gap_min_ms = gap->least_ms;
    m->gap_lost = gap->longest_lost;
    m->has_gap_after = gap->has_longest_after;
    m->gap_after_ms = gap->longest_after_ms;
    m->gap_meets = meets_migration(gap, moments);
    m->resolution_ms = gap->resolution_ms;
    m->pause_ms = gap->pause_ms;
    m->duplicates = gap->duplicates;
    m->reordered = gap->reordered;
    m->lost_before = gap->phase_lost[GAP_BEFORE];
    m->lost_during = gap->phase_lost[GAP_DURING];
    m->lost_after = gap->phase_lost[GAP_AFTER];
    m->clock_ms = gap->clock_ms;
    m->log_missed = facts_number(facts, BACKUP_GUEST ".rx.dropped", -1);
    if (m->open == NULL && m->log_missed > 0)
        m->open = "tcpdump in the VM says that it missed packets";
}

/* What the counters say, of a flow whose packets are all the same. */
static void
take_counts(const struct legs_spec *spec, struct measures *m)
{
    m->received = m->counted;
    /* More than was sent: other frames were counted, and hide what was lost. */
    if (m->sent >= 0 && m->counted >= 0 && m->received <= m->sent)
        m->lost = m->sent - m->received;
    if (m->lost >= 0 && spec->interval_ms > 0)
        m->gap_max_ms = (m->lost + 1) * spec->interval_ms;
}

void
measures_take(const struct facts *facts, const struct legs_spec *spec,
              struct measures *m)
{
    bool counted = true;
    struct moments moments;
    struct gap gap;

    moments_take(facts, &moments);
    *m = (struct measures){
        .total_ms =
            facts_number(facts, HOST_MONITOR ".migration.total_time", -1),
        .downtime_ms =
            facts_number(facts, HOST_MONITOR ".migration.downtime", -1),
        .passes = facts_number(facts, HOST_MONITOR ".migration.passes", -1),
        .throughput_mbps =
            facts_number(facts, HOST_MONITOR ".migration.throughput", -1),
        .transferred_kib =
            facts_number(facts, HOST_MONITOR ".migration.transferred", -1),
        .handover_ms = handover_ms(facts, &moments),
        .sent = facts_number(facts, TESTER ".tx.sent", -1),
        .received = -1,
        .lost = -1,
        .gap_max_ms = -1,
        .gap_min_ms = -1,
        .resolution_ms = spec->interval_ms > 0 ? spec->interval_ms : -1,
        .gap_lost = -1,
        .pause_ms = -1,
        .duplicates = -1,
        .reordered = -1,
        .lost_before = -1,
        .lost_during = -1,
        .lost_after = -1,
        .clock_ms = -1,
        .log_missed = -1,
    };
    m->counted = growth(facts, HOST_TESTPMD "." VHOST_TX, &counted) +
                 growth(facts, BACKUP_TESTPMD "." VHOST_TX, &counted);
    if (!counted)
        m->counted = -1;
    gap_take(facts, &moments, &gap);
    if (gap.taken)
        take_gap(facts, &moments, &gap, m);
    else
        take_counts(spec, m);
}

bool
measures_paused(const struct measures *m)
{
    return m->resolution_ms > 0 && m->pause_ms > PAUSED * m->resolution_ms;
}

char *
measures_relation(const struct measures *m)
{
    if (m->gap_max_ms < 0 || m->downtime_ms < 0 || m->resolution_ms < 0 ||
        m->open != NULL)
        return NULL;
    if (!m->measured && m->resolution_ms > m->downtime_ms)
        return xasprintf("packets %g ms apart are too few to see a stop of %g "
                         "ms, QEMU's downtime",
                         m->resolution_ms, m->downtime_ms);
    /* What counts alone say can be at most tells nothing of what it was. */
    if (!m->measured || (m->lost > 0 && !m->gap_meets))
        return NULL;
    if (m->lost == 0)
        return xasprintf("nothing was lost: what came in QEMU's downtime of "
                         "%g ms waited in the rings",
                         m->downtime_ms);
    if (m->gap_max_ms > m->downtime_ms + m->resolution_ms)
        return xasprintf("QEMU's downtime of %g ms is the VM's stop alone; the "
                         "rest of the gap is vhost's: rings stopped, handed "
                         "over and started",
                         m->downtime_ms);
    if (m->gap_max_ms < m->downtime_ms - m->resolution_ms)
        return xasprintf("shorter than QEMU's downtime of %g ms, the VM's "
                         "stop: what else came meanwhile waited in the rings",
                         m->downtime_ms);
    return xasprintf("as long as QEMU's downtime of %g ms, the VM's stop, as "
                     "far as %g ms tell",
                     m->downtime_ms, m->resolution_ms);
}
