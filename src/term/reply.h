/*
 * reply.h - what the emulation may answer to the far end, and how much.
 *
 * A reply is typed into whatever program runs there, so its form comes from a
 * closed list, holds nothing that the program chose but the cursor's place,
 * and comes at REPLY_BYTES_A_SECOND at most, by the run's time.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_REPLY_H
#define TERM_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

#define REPLY_BYTES_A_SECOND 1024 /* in any second, wherever it begins */

struct reply_limit {
    uint64_t at_us;   /* up to then the allowance is counted */
    uint64_t left_us; /* of it: what a byte costs is time */
    bool begun;
};

/* This is one of the answers to DA, DA2, DSR 5, DSR 6 and DSR ?6. */
bool reply_is_known(const char *bytes, size_t len) MUST_CHECK NONNULL(1);

/* Whether len bytes may go out now; if so they are counted. */
bool reply_is_allowed(struct reply_limit *limit, uint64_t at_us,
                      size_t len) MUST_CHECK NONNULL(1);

#endif
