/*
 * err.h - one expected failure: its kind and one sentence about it.
 *
 * Filled once, where the failure is known; passed up unchanged; shown once, at
 * the top. What a device answers wrongly is no error but a verdict (judge/),
 * and mistakes in files are diagnostics (diag.h), of which there may be many.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/macros.h"

enum err_kind {
    ERR_NONE,
    ERR_USAGE,     /* asked for in a way that makes no sense */
    ERR_FILE,      /* a file's content is wrong; diagnostics say where */
    ERR_SYNTAX,    /* a pattern or other small text is wrong */
    ERR_SYS,       /* the operating system refused */
    ERR_LIMIT,     /* a maximum of ours was reached */
    ERR_RESOLVE,   /* a host name has no address */
    ERR_REFUSED,   /* nobody serves where we asked; the way there is fine */
    ERR_PEER,      /* the other side left or broke the protocol */
    ERR_TIMEOUT,   /* a deadline passed */
    ERR_HOSTKEY,   /* the server is not the one we know */
    ERR_AUTH,      /* the server does not accept us */
    ERR_BUSY,      /* somebody else holds what only one can hold */
    ERR_CANCELLED, /* we were told to stop */
    ERR_KINDS
};

struct err {
    enum err_kind kind;
    char text[512]; /* one sentence, no newline, cut if longer */
};

#define ERR_INIT                                                               \
    {                                                                          \
        .kind = ERR_NONE                                                       \
    }

/* Fill err and return false, so that "return err_set(...)" is one line. */
bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 3);

/* err_set() with kind ERR_SYS and ": " plus errno's own words behind. */
bool err_sys(struct err *err, const char *fmt, ...) PRINTF(2, 3) NONNULL(1, 2);

/* A kind's word, as journals and exit codes use it: "timeout". */
const char *err_kind_name(enum err_kind kind);

#endif
