/*
 * interrupts.h - the signals that stop what runs without a screen.
 *
 * They are caught for as long as it lives, so that one that comes between two
 * runs does not end the program.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_INTERRUPTS_H
#define CLI_INTERRUPTS_H

#include <stdbool.h>

#include "base/macros.h"

struct interrupts;
struct loop;

/* SIGINT, SIGTERM and SIGHUP. */
struct interrupts *interrupts_new(struct loop *loop) MUST_CHECK NONNULL(1);
void interrupts_free(struct interrupts *interrupts); /* NULL is fine */

/* Call at each of them, from the loop; NULL: nobody is told. */
void interrupts_tell(struct interrupts *interrupts, void (*call)(void *ctx),
                     void *ctx) NONNULL(1);

/* Whether one came; asks the loop for those it has not delivered yet. */
bool interrupts_came(struct interrupts *interrupts) NONNULL(1);

#endif
