/* compile.h - patterns that stand in files, compiled with their place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAB_COMPILE_H
#define LAB_COMPILE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/macros.h"
#include "conf/conf.h"

struct pattern;

/* The pattern, yours; NULL and an error at the fault's column. */
struct pattern *compile_pattern(const struct conf_text *text,
                                struct diags *diags) MUST_CHECK NONNULL(1, 2);

/* It is a good pattern; else an error at the fault's column. */
bool pattern_check(const struct conf_text *text, struct diags *diags)
    NONNULL(1, 2);

/* A NULL-ended array of them, one a text; NULL when one is bad. */
struct pattern **compile_patterns(const struct conf_texts *texts,
                                  struct diags *diags) MUST_CHECK NONNULL(1, 2);
void patterns_free(struct pattern **patterns); /* NULL is fine */

#endif
