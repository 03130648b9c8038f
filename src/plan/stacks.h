/*
 * stacks.h - which program runs in each console at each action, as the case
 * says: what enters and leaves add up to.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_STACKS_H
#define PLAN_STACKS_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/macros.h"

struct script;

/*
 * Walk the script and set the program that each action needs, where its file
 * does not say. False and errors in diags where a command would be typed into
 * a program without a prompt, or something left that does not run.
 */
bool stacks_walk(struct script *script, struct diags *diags) NONNULL(1, 2);

#endif
