/* measures-text.c - what a migration measured, as lines of text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "report/measures-text.h"

#include <math.h>
#include <stdbool.h>

#include "journal/record.h"

/* "label value unit", or nothing where it is not known. */
static void
print_number(FILE *out, const struct record *m, const char *key,
             const char *before, const char *behind)
{
    if (record_has(m, key))
        fprintf(out, "%s%.10g%s", before, record_get_number(m, key, 0), behind);
}

static void
print_qemu(FILE *out, const struct record *m)
{
    print_number(out, m, "total_ms", "  total ", " ms");
    print_number(out, m, "downtime_ms", "   downtime ", " ms");
    print_number(out, m, "passes", "   passes ", "");
    print_number(out, m, "throughput_mbps", "   ", " Mbit/s");
    print_number(out, m, "handover_ms", "   vhost, by its logs, ", " ms");
    fputc('\n', out);
}

static void
print_packets(FILE *out, const struct record *m)
{
    print_number(out, m, "sent", "  packets ", " sent");
    print_number(out, m, "received", ", ", " received");
    print_number(out, m, "lost", ", ", " lost");
    if (record_get_number(m, "lost", 0) > 0 && record_has(m, "lost_before")) {
        print_number(out, m, "lost_before", " (", " before");
        print_number(out, m, "lost_during", ", ", " during");
        print_number(out, m, "lost_after", ", ", " after the migration)");
    }
    if (record_get_number(m, "duplicates", 0) > 0)
        print_number(out, m, "duplicates", ", ", " twice");
    if (record_get_number(m, "reordered", 0) > 0)
        print_number(out, m, "reordered", ", ", " late");
}

static void
print_after(FILE *out, double ms)
{
    fprintf(out, " from %.10g ms %s migrate on", fabs(ms),
            ms < 0 ? "before" : "behind");
}

/* Of numbered packets it is what it is; of others, what it can be at most. */
static void
print_gap(FILE *out, const struct record *m)
{
    bool exact = record_get_bool(m, "measured") && !record_has(m, "open") &&
                 record_get_number(m, "lost", 0) > 0;

    print_number(out, m, "gap_max_ms",
                 exact ? "; longest gap "
                       : "; longest gap by lost packets at most ",
                 " ms");
    print_number(out, m, "resolution_ms", " (resolution ", " ms)");
    if (record_get_bool(m, "paused"))
        print_number(out, m, "pause_ms", "; the tester paused for up to ",
                     " ms");
    fputc('\n', out);
    if (exact && record_has(m, "gap_after_ms")) {
        print_number(out, m, "gap_lost", "  the gap: ", " packets,");
        print_after(out, record_get_number(m, "gap_after_ms", 0));
        print_number(out, m, "clock_ms", ", give or take ", " ms\n");
    }
    if (record_has(m, "relation"))
        fprintf(out, "  %s\n", record_get(m, "relation"));
    if (record_has(m, "open"))
        fprintf(out, "  not measured: %s\n", record_get(m, "open"));
}

#define SERIES_COLUMNS 10

/* A row of the series: what each sample has of it, '-' where nothing. */
static void
print_row(FILE *out, const struct record *verdict, const char *head,
          const char *key)
{
    size_t len = record_len(verdict, "series");
    size_t columns = len < SERIES_COLUMNS ? len : SERIES_COLUMNS;
    bool known = false;

    for (size_t i = 0; i < len && !known; i++)
        known = record_has(record_at(verdict, "series", i), key);
    if (!known)
        return;
    fprintf(out, "  %-18s", head);
    for (size_t i = 0; i < columns; i++) {
        /* The first, the last, and evenly between them. */
        size_t at = columns > 1 ? i * (len - 1) / (columns - 1) : 0;
        const struct record *point = record_at(verdict, "series", at);

        if (record_has(point, key))
            fprintf(out, " %8.10g", record_get_number(point, key, 0));
        else
            fprintf(out, " %8s", "-");
    }
    fputc('\n', out);
}

static void
print_series(FILE *out, const struct record *verdict)
{
    print_row(out, verdict, "QEMU at ms", "ms");
    print_row(out, verdict, "pass", "passes");
    print_row(out, verdict, "Mbit/s", "throughput_mbps");
    print_row(out, verdict, "dirty pages/s", "dirty_pages");
    print_row(out, verdict, "remaining KiB", "remaining_kib");
}

void
measures_print(FILE *out, const struct record *verdict)
{
    const struct record *m = record_at(verdict, "measures", 0);

    if (record_len(verdict, "measures") == 0)
        return;
    if (record_has(m, "total_ms"))
        print_qemu(out, m);
    if (record_len(verdict, "series") > 1)
        print_series(out, verdict);
    if (record_has(m, "sent")) {
        print_packets(out, m);
        print_gap(out, m);
    }
}
