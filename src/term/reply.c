/* reply.c - what the emulation may answer to the far end, and how much. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/reply.h"

#include <string.h>

/* N stands for a number. */
static const char *const shapes[] = {
    "\033[?N;Nc",   /* DA */
    "\033[>N;N;Nc", /* DA2 */
    "\033[Nn",      /* DSR 5 */
    "\033[N;NR",    /* DSR 6 */
    "\033[?N;NR",   /* DSR ?6 */
};

static bool
has_shape(const char *bytes, size_t len, const char *shape)
{
    size_t i = 0;

    for (; *shape != '\0'; shape++) {
        size_t digits = 0;

        if (*shape != 'N') {
            if (i == len || bytes[i++] != *shape)
                return false;
            continue;
        }
        while (i < len && bytes[i] >= '0' && bytes[i] <= '9') {
            digits++;
            i++;
        }
        if (digits == 0 || digits > 4)
            return false;
    }
    return i == len;
}

bool
reply_is_known(const char *bytes, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        if (has_shape(bytes, len, shapes[i]))
            return true;
    return false;
}

/*
 * A bucket that holds half a second's worth and fills at half the rate: what
 * is in it and what comes in during a second make one second's worth.
 */
#define BYTE_US (2 * 1000000ULL / REPLY_BYTES_A_SECOND)
#define FULL_US (BYTE_US * REPLY_BYTES_A_SECOND / 2)

bool
reply_is_allowed(struct reply_limit *limit, uint64_t at_us, size_t len)
{
    if (!limit->begun) {
        limit->begun = true;
        limit->at_us = at_us;
        limit->left_us = FULL_US;
    }
    if (at_us > limit->at_us) {
        limit->left_us = MIN(FULL_US, limit->left_us + (at_us - limit->at_us));
        limit->at_us = at_us;
    }
    if (limit->left_us < len * BYTE_US)
        return false;
    limit->left_us -= len * BYTE_US;
    return true;
}
