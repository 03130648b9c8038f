/* telemetry.c - the migration in two lines, from facts alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/telemetry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "judge/facts.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/script.h"
#include "ui/page.h"

#define BARS_MAX 24

/* NODE-PANE.fact of the first console that has it with a status that began. */
static const struct fact_value *
get(const struct facts *facts, const char *console, const char *fact)
{
    char *name = xasprintf("%s.%s", console, fact);
    const struct fact_value *value = facts_get(facts, name);

    free(name);
    return value;
}

static double
number(const struct facts *facts, const char *console, const char *fact)
{
    const struct fact_value *value = get(facts, console, fact);

    return value != NULL && value->is_number ? value->number : -1;
}

/* The monitor that tells of a migration; NULL: none does yet. */
static const char *
source(const struct script *script, const struct facts *facts)
{
    for (size_t i = 0; i < script->consoles_len; i++)
        if (get(facts, script->consoles[i].name, "migration.status") != NULL)
            return script->consoles[i].name;
    return NULL;
}

char *
telemetry_title(const struct script *script, const struct facts *facts)
{
    const char *monitor = source(script, facts);
    const struct fact_value *status;
    double passes;

    if (monitor == NULL)
        return xstrdup("");
    passes = number(facts, monitor, "migration.passes");
    status = get(facts, monitor, "migration.status");
    /* Nobody asks while the run waits: it is as old as it says. */
    if (passes > 0)
        return xasprintf("%s, pass %.0f, as of %02u:%02u", status->text, passes,
                         (unsigned)(status->at_us / 60000000),
                         (unsigned)(status->at_us / 1000000 % 60));
    return xstrdup(status->text);
}

/* The last values of a fact as bars, the largest full; or "". Yours. */
static char *
sparkline(const struct facts *facts, const char *console, const char *fact,
          bool ascii)
{
    static const char *const bars[] = {
        "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
    };
    static const char *const plain[] = {
        "_", ".", ".", "-", "-", "=", "=", "#"
    };
    char *name = xasprintf("%s.%s", console, fact);
    struct buf out = BUF_INIT(0);
    size_t len, first;
    const struct fact_value *values = facts_history(facts, name, &len);
    double most = 0;

    free(name);
    first = len > BARS_MAX ? len - BARS_MAX : 0;
    for (size_t i = first; i < len; i++)
        most = fmax(most, values[i].is_number ? values[i].number : 0);
    for (size_t i = first; i < len; i++) {
        double part = most > 0 && values[i].is_number
                          ? fmax(values[i].number, 0) / most
                          : 0;
        size_t n = (size_t)(part * 7 + 0.5);

        buf_printf(&out, "%s", ascii ? plain[n] : bars[n]);
    }
    return buf_take(&out);
}

char *
telemetry_forecast(double remaining_kib, double rate_mbps, double dirty_mbps)
{
    double left_mbit = remaining_kib * 8 / 1000;

    if (remaining_kib < 0 || rate_mbps <= 0 || dirty_mbps < 0)
        return xstrdup("");
    if (dirty_mbps >= rate_mbps)
        return xstrdup("will not converge at this rate");
    return xasprintf("converges in ~%.0f s",
                     ceil(left_mbit / (rate_mbps - dirty_mbps)));
}

static void
add_rates(struct page *page, const struct facts *facts, const char *monitor,
          bool ascii)
{
    double remaining = number(facts, monitor, "migration.remaining");
    double rate = number(facts, monitor, "migration.throughput");
    double pages = number(facts, monitor, "migration.dirty_rate");
    double page_kib = number(facts, monitor, "migration.page_size");
    double dirty =
        pages >= 0 && page_kib > 0 ? pages * page_kib * 8 / 1000 : -1;
    char *bars = sparkline(facts, monitor, "migration.remaining", ascii);
    char *forecast = telemetry_forecast(remaining, rate, dirty);

    page_add(page, LOOK_TEXT, "remaining %.0f MiB ", remaining / 1024);
    page_add(page, LOOK_RUNNING, "%s", bars);
    if (rate > 0)
        page_add(page, LOOK_TEXT, "  %.0f Mbit/s", rate);
    if (dirty >= 0)
        page_add(page, LOOK_TEXT, ", dirty %.0f Mbit/s", dirty);
    if (*forecast != '\0')
        page_add(page, LOOK_STRONG, ": %s", forecast);
    free(bars);
    free(forecast);
}

static void
add_number(struct page *page, const char *label, double value, const char *unit)
{
    if (value >= 0)
        page_add(page, LOOK_TEXT, "  %s%.0f%s", label, value, unit);
}

static void
add_result(struct page *page, const struct facts *facts, const char *monitor)
{
    const char *status = get(facts, monitor, "migration.status")->text;
    bool good = strcmp(status, "completed") == 0;

    page_add(page, good ? LOOK_PASS : LOOK_FAIL, "%s", status);
    add_number(page, "total ", number(facts, monitor, "migration.total_time"),
               " ms");
    add_number(page, "downtime ", number(facts, monitor, "migration.downtime"),
               " ms");
    add_number(page, "passes ", number(facts, monitor, "migration.passes"), "");
    add_number(page, "", number(facts, monitor, "migration.throughput"),
               " Mbit/s");
}

/* What the VM printed of the packets, on both sides. */
static void
add_packets(struct page *page, const struct script *script,
            const struct facts *facts)
{
    double total = 0;
    uint64_t last_us = 0;
    const char *where = NULL;

    page_line(page);
    for (size_t i = 0; i < script->consoles_len; i++) {
        const char *name = script->consoles[i].name;
        const struct fact_value *value = get(facts, name, "rx.packets");

        if (value == NULL || !value->is_number)
            continue;
        total += value->number;
        if (value->at_us >= last_us) {
            last_us = value->at_us;
            where = script->consoles[i].node->name.text;
        }
    }
    if (where == NULL) {
        page_add(page, LOOK_DIM, "packets   none seen in the VM's console yet");
        return;
    }
    page_add(page, LOOK_TEXT, "packets   ");
    for (size_t i = 0; i < script->consoles_len; i++) {
        double sent = number(facts, script->consoles[i].name, "tx.sent");

        if (sent >= 0)
            page_add(page, LOOK_TEXT, "%.0f sent   ", sent);
    }
    /* Its screen is left before the migration: what was printed then is not. */
    page_add(page, LOOK_TEXT, "%.0f seen in the VM's console", total);
    page_add(page, LOOK_DIM, ", the last on %s at %02u:%02u", where,
             (unsigned)(last_us / 60000000),
             (unsigned)(last_us / 1000000 % 60));
}

bool
telemetry_has(const struct script *script, const struct facts *facts)
{
    for (size_t i = 0; i < script->consoles_len; i++)
        if (get(facts, script->consoles[i].name, "rx.packets") != NULL)
            return true;
    return source(script, facts) != NULL;
}

void
telemetry_build(struct page *page, const struct script *script,
                const struct facts *facts, bool ascii)
{
    const char *monitor = source(script, facts);

    page_line(page);
    if (monitor == NULL)
        page_add(page, LOOK_DIM, "no migration yet");
    else if (strcmp(get(facts, monitor, "migration.status")->text, "active") ==
             0)
        add_rates(page, facts, monitor, ascii);
    else
        add_result(page, facts, monitor);
    add_packets(page, script, facts);
}
