/* overrides.h - what --set gives, and whether anything knows it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_OVERRIDES_H
#define PLAN_OVERRIDES_H

#include "base/diag.h"
#include "base/macros.h"

struct script;

/*
 * A warning for each --set whose name no text of the script asks for and no
 * lab, node, case or step has, with the one that was meant.
 */
void overrides_check(const struct script *script, struct diags *diags)
    NONNULL(1, 2);

#endif
