/*
 * Any text as a plan: the line of each command is in the text and comes behind
 * the one before, its blanks are single, and its case is known.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);
    struct plan_text plan;
    unsigned lines = 1, last = 0;

    for (const char *at = text; *at != '\0'; at++)
        lines += *at == '\n';
    plan_text_read(text, &plan);
    for (size_t i = 0; i < plan.len; i++) {
        const struct plan_line *line = &plan.lines[i];

        if (line->number <= last || line->number > lines ||
            line->tcase > plan.cases || strstr(line->command, "  ") != NULL)
            abort();
        last = line->number;
    }
    plan_text_fini(&plan);
    free(text);
    return 0;
}
