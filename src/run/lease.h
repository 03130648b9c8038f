/*
 * lease.h - one run, or one series of them, at a time on a lab.
 *
 * A file with the lab's name, locked by flock(2) while the run lives: whatever
 * ends a run, its lock ends with it. The lock counts, not that the file exists.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_LEASE_H
#define RUN_LEASE_H

#include "base/err.h"
#include "base/macros.h"

struct lease;

/*
 * NULL and ERR_BUSY when another run has the lab, with its name and process.
 * Any other error: it cannot be known, and nothing may be begun. Yours.
 */
struct lease *lease_take(const char *lab, struct err *err) MUST_CHECK
    NONNULL(1, 2);

/* Who has it now, for those who are refused meanwhile. */
void lease_tell(struct lease *lease, const char *run) NONNULL(1, 2);

/* The lab is free again; NULL is fine. */
void lease_free(struct lease *lease);

#endif
