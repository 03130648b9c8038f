/*
 * secret.h - values that are recorded nowhere.
 *
 * A value is taken from the environment once, by its name, and wiped there.
 * From then on whatever is recorded has SECRET_MASK in its place: the bytes of
 * consoles pass a gate, texts of the journal and of files secret_mask().
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/macros.h"

#define SECRET_MASK    "<secret>"
#define SECRET_LEN_MIN 4 /* shorter ones would mask ordinary words */
#define SECRET_LEN_MAX 256
#define SECRETS_MAX    16

/*
 * The value of that name: of the environment, or as it was taken before.
 * Borrowed until secret_wipe(). NULL and ERR_USAGE when there is none, or one
 * that could not be found again in what is recorded.
 */
const char *secret_take(const char *name, struct err *err) MUST_CHECK
    NONNULL(1, 2);

/* Forget all values; their memory is wiped. */
void secret_wipe(void);

/* The text with each value masked; yours. */
char *secret_mask(const char *text, size_t len) MUST_CHECK NONNULL(1);

/* A stream: a value may come in pieces. Zeroed is ready to use. */
struct secret_gate {
    struct buf held; /* may be the beginning of a value */
    size_t gone;     /* of it, let go already */
};

/* Add to out what is known not to be a value's beginning. */
void secret_gate_pass(struct secret_gate *gate, const char *bytes, size_t len,
                      struct buf *out) NONNULL(1, 2, 4);

/* Something is held back that secret_gate_quiet() would let go. */
bool secret_gate_waits(const struct secret_gate *gate) NONNULL(1);

/*
 * Nothing came for a moment: let go of one or two bytes, which begin many
 * words. Should the rest of the value follow, it is masked all the same.
 */
void secret_gate_quiet(struct secret_gate *gate, struct buf *out) NONNULL(1, 2);

/* Nothing comes any more; a longer beginning is masked. */
void secret_gate_end(struct secret_gate *gate, struct buf *out) NONNULL(1, 2);

#endif
