/* choice.c - "if: ${traffic} == measured": what is done for one value. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/choice.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

struct choice {
    char *of;    /* the left side as it is written: "${traffic}" */
    char *is;    /* what it came to */
    char *value; /* what it is compared with */
    struct place at;
};

/* The two sides of a comparison, yours; false: the text is none. */
static bool
split(const char *text, char **left, char **right)
{
    static const char equals[] = " == ";
    const char *at = strstr(text, equals);

    if (at == NULL)
        return false;
    *left = xstrndup(text, (size_t)(at - text));
    *right = xstrdup(at + strlen(equals));
    return true;
}

bool
choice_leaves_out(const struct conf_texts *only_if)
{
    for (size_t i = 0; i < only_if->len; i++) {
        const char *text = only_if->items[i].text;
        bool holds = *text != '\0';
        char *left, *right;

        if (split(text, &left, &right)) {
            holds = strcmp(left, right) == 0;
            free(left);
            free(right);
        }
        if (!holds)
            return true;
    }
    return false;
}

void
choices_note(struct choices *choices, const struct conf_text *written,
             const char *resolved)
{
    struct choice choice = { .at = written->at };
    char *unused;

    if (!split(written->text, &choice.of, &unused))
        return;
    free(unused);
    if (!split(resolved, &choice.is, &choice.value)) {
        free(choice.of); /* a variable brought an operator of its own */
        return;
    }
    choices->items = xgrow(choices->items, choices->len, &choices->cap,
                           sizeof *choices->items);
    choices->items[choices->len++] = choice;
}

/* The values that this text is compared with, once each. */
static void
values_of(const struct choices *choices, const char *of, struct strs *values)
{
    for (size_t i = 0; i < choices->len; i++)
        if (strcmp(choices->items[i].of, of) == 0 &&
            !strs_has(values, choices->items[i].value))
            strs_add(values, choices->items[i].value);
}

bool
choices_check(const struct choices *choices, struct diags *diags)
{
    struct strs told = { 0 };
    bool ok = true;

    for (size_t i = 0; i < choices->len; i++) {
        const struct choice *choice = &choices->items[i];
        struct strs values = { 0 };

        values_of(choices, choice->of, &values);
        if (!strs_has(&values, choice->is) && !strs_has(&told, choice->of)) {
            char *known = strs_join(&values, ", ");

            diags_error(diags, &choice->at,
                        "%s is \"%s\" here; the case knows %s", choice->of,
                        choice->is, known);
            strs_add(&told, choice->of);
            free(known);
            ok = false;
        }
        strs_fini(&values);
    }
    strs_fini(&told);
    return ok;
}

void
choices_fini(struct choices *choices)
{
    for (size_t i = 0; i < choices->len; i++) {
        free(choices->items[i].of);
        free(choices->items[i].is);
        free(choices->items[i].value);
    }
    free(choices->items);
    *choices = (struct choices){ 0 };
}
