/* events.h - the kinds of records in a journal: one table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JOURNAL_EVENTS_H
#define JOURNAL_EVENTS_H

#include <stddef.h>

struct journal_event {
    const char *name; /* the record's "ev" */
    const char *keys; /* its own keys, besides v, seq, t, ts, ev */
    const char *help;
};

extern const struct journal_event journal_events[];
extern const size_t journal_events_len;

#endif
