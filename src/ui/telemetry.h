/*
 * telemetry.h - the migration in two lines, from facts alone.
 *
 * No sample, no number: a figure is shown as it was last printed, and a
 * forecast only where both rates are known.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_TELEMETRY_H
#define UI_TELEMETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

struct facts;
struct page;
struct script;

/* "active, pass 2" for a frame's title; "" before there is anything. Yours. */
char *telemetry_title(const struct script *script,
                      const struct facts *facts) MUST_CHECK NONNULL(1, 2);

/* Two lines. */
/* There is something to tell: packets came, or a migration began. */
bool telemetry_has(const struct script *script, const struct facts *facts)
    NONNULL(1, 2);
void telemetry_build(struct page *page, const struct script *script,
                     const struct facts *facts, bool ascii) NONNULL(1, 2, 3);

/* A forecast from KiB and Mbit/s; yours. For tests. */
char *telemetry_forecast(double remaining_kib, double rate_mbps,
                         double dirty_mbps) MUST_CHECK;

#endif
