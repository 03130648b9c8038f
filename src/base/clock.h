/*
 * clock.h - the only place that asks what time it is.
 *
 * All waiting is on the monotonic clock; the wall clock only labels. A test
 * replaces both.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

/* Microseconds of the monotonic clock; never runs backwards. */
uint64_t clock_now_us(void);

/* Microseconds since 1970 UTC; may jump. */
uint64_t clock_wall_us(void);

/* "20261122T203401Z" of a wall time; out holds CLOCK_LABEL_SIZE bytes. */
#define CLOCK_LABEL_SIZE sizeof "20261122T203401Z"
void clock_label(uint64_t wall_us, char out[CLOCK_LABEL_SIZE]);

/* "2026-11-22T20:34:01.250Z", RFC 3339 with milliseconds. */
#define CLOCK_RFC3339_SIZE sizeof "2026-11-22T20:34:01.250Z"
void clock_rfc3339(uint64_t wall_us, char out[CLOCK_RFC3339_SIZE]);

/*
 * The clock of one run. Time 0 is its start, and no two stamps are equal, so
 * that everything recorded, on whatever console, has one order.
 */
struct run_clock {
    uint64_t origin_us; /* monotonic */
    uint64_t last_us;   /* the newest stamp */
};

void run_clock_start(struct run_clock *clock) NONNULL(1);

/* Microseconds since the start, more than any stamp before. */
uint64_t run_clock_stamp(struct run_clock *clock) NONNULL(1);

/* Replace the clocks; NULL takes the real ones again. For tests. */
struct clock_source {
    uint64_t (*now_us)(void *ctx);
    uint64_t (*wall_us)(void *ctx);
    void *ctx;
};
void clock_replace(const struct clock_source *source);

#endif
