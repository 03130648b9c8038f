/* compile.c - patterns that stand in files, compiled with their place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "lab/compile.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "match/pattern.h"

struct pattern *
compile_pattern(const struct conf_text *text, struct diags *diags)
{
    struct err err = ERR_INIT;
    struct place at = text->at;
    struct pattern *pattern;
    size_t fault;

    pattern = pattern_new(text->text, &fault, &err);
    if (pattern == NULL) {
        at.column += (unsigned)fault;
        diags_error(diags, &at, "%s", err.text);
        return NULL;
    }
    if (pattern_is_evil(pattern)) {
        diags_error(diags, &at,
                    "bad pattern '%s': it can take too many steps on one line; "
                    "a repeat within a repeat, as in '(a+)+', is why",
                    text->text);
        pattern_free(pattern);
        return NULL;
    }
    return pattern;
}

bool
pattern_check(const struct conf_text *text, struct diags *diags)
{
    struct pattern *pattern = compile_pattern(text, diags);

    pattern_free(pattern);
    return pattern != NULL;
}

struct pattern **
compile_patterns(const struct conf_texts *texts, struct diags *diags)
{
    struct pattern **patterns = xcalloc(texts->len + 1, sizeof *patterns);
    size_t good = 0;

    for (size_t i = 0; i < texts->len; i++)
        if ((patterns[good] = compile_pattern(&texts->items[i], diags)) != NULL)
            good++;
    if (good == texts->len)
        return patterns;
    patterns_free(patterns);
    return NULL;
}

void
patterns_free(struct pattern **patterns)
{
    for (size_t i = 0; patterns != NULL && patterns[i] != NULL; i++)
        pattern_free(patterns[i]);
    free(patterns);
}
