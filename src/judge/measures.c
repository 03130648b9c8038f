/* measures.c - what a migration measured. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/measures.h"

#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/legs.h"

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

void
measures_take(const struct facts *facts, const struct legs_spec *spec,
              struct measures *m)
{
    bool counted = true;

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
        .sent = facts_number(facts, TESTER ".tx.sent", -1),
        .received = -1,
        .lost = -1,
        .gap_max_ms = -1,
        .resolution_ms = spec->interval_ms > 0 ? spec->interval_ms : -1,
    };
    m->received = growth(facts, HOST_TESTPMD "." VHOST_TX, &counted) +
                  growth(facts, BACKUP_TESTPMD "." VHOST_TX, &counted);
    if (!counted)
        m->received = -1;
    /* More than was sent: other frames were counted, and hide what was lost. */
    if (m->sent >= 0 && counted && m->received <= m->sent)
        m->lost = m->sent - m->received;
    if (m->lost >= 0 && spec->interval_ms > 0)
        m->gap_max_ms = (m->lost + 1) * spec->interval_ms;
}
