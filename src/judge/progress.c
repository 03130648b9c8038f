/*
 * progress.c - a migration as a series: what each "info migrate" said of it.
 *
 * An answer begins with its status; what else it has comes behind, until the
 * next status.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/progress.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/moments.h"

/* What a fact was in the answer of this time; < 0: it was not in it. */
static double
within(const struct facts *facts, const char *name, uint64_t from_us,
       uint64_t to_us)
{
    const struct fact_value *value = facts_since(facts, name, from_us);

    return value != NULL && value->at_us < to_us && value->is_number
               ? value->number
               : -1;
}

void
progress_take(const struct facts *facts, const struct moments *moments,
              struct progress *progress)
{
    size_t len;
    const struct fact_value *statuses =
        facts_history(facts, HOST_MONITOR ".migration.status", &len);

    *progress = (struct progress){ .len = 0 };
    for (size_t i = 0; moments->begun && i < len; i++) {
        uint64_t from_us = statuses[i].at_us;
        uint64_t to_us = i + 1 < len ? statuses[i + 1].at_us : UINT64_MAX;
#define WITHIN(fact)                                                           \
    within(facts, HOST_MONITOR ".migration." fact, from_us, to_us)
        struct progress_point point = {
            .at_ms = WITHIN("total_time"),
            .status = statuses[i].text,
            .passes = WITHIN("passes"),
            .transferred_kib = WITHIN("transferred"),
            .remaining_kib = WITHIN("remaining"),
            .throughput_mbps = WITHIN("throughput"),
            .dirty_pages = WITHIN("dirty_rate"),
        };
#undef WITHIN

        if (from_us < moments->begun_us)
            continue;
        if (point.at_ms < 0)
            point.at_ms = (double)(from_us - moments->begun_us) / 1000;
        progress->points = xgrow(progress->points, progress->len,
                                 &progress->cap, sizeof *progress->points);
        progress->points[progress->len++] = point;
    }
}

void
progress_fini(struct progress *progress)
{
    free(progress->points);
    *progress = (struct progress){ .len = 0 };
}
