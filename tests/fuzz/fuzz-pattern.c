/*
 * Any pattern on any text: the first line is the pattern. It is compiled or
 * told to be bad, matching comes to an end, and what it finds is in the text.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "match/pattern.h"

#define GROUPS 10

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a pattern took counts: each is asked the same, from the beginning. */
static void
check_find(const struct pattern *first, const struct pattern *second,
           const char *text, size_t len)
{
    struct span groups[GROUPS], whole;

    for (int times = 0; times < 3; times++) {
        enum pattern_result found = pattern_find(first, text, len, &whole);

        if (pattern_groups(second, text, len, groups, GROUPS) != found)
            abort();
        if (found != PATTERN_YES)
            continue;
        if (whole.start != groups[0].start || whole.end != groups[0].end)
            abort();
        for (size_t i = 0; i < GROUPS; i++)
            if (groups[i].start <= groups[i].end && groups[i].end > len)
                abort();
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    char *text = xstrndup((const char *)data, size);
    char *rest = text + strcspn(text, "\n");
    size_t fault = 0, len;
    struct pattern *pattern, *second = NULL;

    if (*rest == '\n')
        *rest++ = '\0';
    len = strlen(rest);
    pattern = pattern_new(text, &fault, &err);
    if ((pattern == NULL) != (err.kind == ERR_SYNTAX) || fault > strlen(text))
        abort();
    if (pattern != NULL)
        second = pattern_new(text, &fault, &err);
    if (second != NULL) {
        check_find(pattern, second, rest, len);
        if (pattern_is_evil(pattern) != pattern_is_evil(second))
            abort();
    }
    pattern_free(pattern);
    pattern_free(second);
    free(text);
    return 0;
}
