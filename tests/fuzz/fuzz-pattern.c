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

static void
check_find(const struct pattern *pattern, const char *text, size_t len)
{
    struct span groups[GROUPS], whole;
    enum pattern_result found = pattern_find(pattern, text, len, &whole);

    if (pattern_groups(pattern, text, len, groups, GROUPS) != found)
        abort();
    if (found != PATTERN_YES)
        return;
    if (whole.start != groups[0].start || whole.end != groups[0].end)
        abort();
    for (size_t i = 0; i < GROUPS; i++)
        if (groups[i].start <= groups[i].end && groups[i].end > len)
            abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    char *text = xstrndup((const char *)data, size);
    char *rest = text + strcspn(text, "\n");
    size_t fault = 0, len;
    struct pattern *pattern;

    if (*rest == '\n')
        *rest++ = '\0';
    len = strlen(rest);
    pattern = pattern_new(text, &fault, &err);
    if ((pattern == NULL) != (err.kind == ERR_SYNTAX) || fault > strlen(text))
        abort();
    if (pattern != NULL)
        check_find(pattern, rest, len);
    pattern_free(pattern);
    free(text);
    return 0;
}
