/* clock.c - the only place that asks what time it is. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static const struct clock_source *replaced; /* one time a process; tests only */

static uint64_t
read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void
clock_replace(const struct clock_source *source)
{
    replaced = source;
}

uint64_t
clock_now_us(void)
{
    if (replaced != NULL)
        return replaced->now_us(replaced->ctx);
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t
clock_wall_us(void)
{
    if (replaced != NULL)
        return replaced->wall_us(replaced->ctx);
    return read_clock(CLOCK_REALTIME);
}

void
clock_label(uint64_t wall_us, char out[CLOCK_LABEL_SIZE])
{
    time_t seconds = (time_t)(wall_us / 1000000);
    struct tm utc;

    gmtime_r(&seconds, &utc);
    if (strftime(out, CLOCK_LABEL_SIZE, "%Y%m%dT%H%M%SZ", &utc) == 0)
        out[0] = '\0'; /* after the year 9999 */
}

void
clock_rfc3339(uint64_t wall_us, char out[CLOCK_RFC3339_SIZE])
{
    time_t seconds = (time_t)(wall_us / 1000000);
    unsigned ms = (unsigned)(wall_us / 1000 % 1000);
    char text[sizeof "2026-11-22T20:34:01"];
    struct tm utc;

    gmtime_r(&seconds, &utc);
    if (strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc) == 0)
        text[0] = '\0';
    snprintf(out, CLOCK_RFC3339_SIZE, "%s.%03uZ", text, ms);
}

void
run_clock_start(struct run_clock *clock)
{
    *clock = (struct run_clock){ .origin_us = clock_now_us() };
}

uint64_t
run_clock_stamp(struct run_clock *clock)
{
    uint64_t now = clock_now_us() - clock->origin_us;

    clock->last_us = now > clock->last_us ? now : clock->last_us + 1;
    return clock->last_us;
}
