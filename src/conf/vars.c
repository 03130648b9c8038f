/* vars.c - ${variables} in the texts of files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conf/vars.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"

#define DEPTH_MAX 16           /* variables within variables */
#define TEXT_MAX  (64u * 1024) /* bytes of a resolved text */

struct expansion {
    const struct place *at; /* of the text that the user must mend */
    struct diags *diags;
    struct buf out;
    const char *names[DEPTH_MAX]; /* those being resolved, outermost first */
    size_t depth;
};

static bool expand_text(struct expansion *x, const struct vars *vars,
                        const char *text);

static const struct conf_pair *
find_pair(const struct conf_pairs *pairs, const char *name)
{
    for (size_t i = 0; pairs != NULL && i < pairs->len; i++)
        if (strcmp(pairs->items[i].name.text, name) == 0)
            return &pairs->items[i];
    return NULL;
}

const struct conf_pair *
vars_find(const struct vars *vars, const char *name)
{
    for (size_t i = 0; i < VARS_LAYERS_MAX; i++) {
        const struct conf_pair *pair = find_pair(vars->layers[i], name);

        if (pair != NULL)
            return pair;
    }
    return NULL;
}

static void
texts_fini(struct conf_texts *texts)
{
    for (size_t i = 0; i < texts->len; i++)
        free(texts->items[i].text);
    free(texts->items);
    *texts = (struct conf_texts){ 0 };
}

void
pairs_fini(struct conf_pairs *pairs)
{
    for (size_t i = 0; i < pairs->len; i++) {
        free(pairs->items[i].name.text);
        texts_fini(&pairs->items[i].values);
    }
    free(pairs->items);
    *pairs = (struct conf_pairs){ 0 };
}

void
pairs_set(struct conf_pairs *pairs, const char *name, const char *text,
          const struct place *at)
{
    struct conf_pair *pair = NULL;

    for (size_t i = 0; i < pairs->len; i++)
        if (strcmp(pairs->items[i].name.text, name) == 0)
            pair = &pairs->items[i];
    if (pair == NULL) {
        pairs->items =
            xgrow(pairs->items, pairs->len, &pairs->cap, sizeof *pairs->items);
        pair = &pairs->items[pairs->len++];
        *pair = (struct conf_pair){ .name = { xstrdup(name), *at } };
    }
    texts_fini(&pair->values);
    pair->values = (struct conf_texts){ .at = *at };
    pair->values.items =
        xgrow(NULL, 0, &pair->values.cap, sizeof(struct conf_text));
    pair->values.items[pair->values.len++] =
        (struct conf_text){ xstrdup(text), *at };
}

/* All names that start like this one does, for the message. */
static void
unknown_name(struct expansion *x, const struct vars *vars, const char *name)
{
    const char *nearest = NULL;
    unsigned best = 4, distance;

    for (size_t i = 0; i < VARS_LAYERS_MAX; i++)
        for (size_t j = 0; vars->layers[i] && j < vars->layers[i]->len; j++) {
            const char *known = vars->layers[i]->items[j].name.text;

            distance = str_distance(name, known);
            if (distance < best && distance * 3 <= strlen(known) + 2) {
                best = distance;
                nearest = known;
            }
        }
    if (nearest != NULL)
        diags_error(x->diags, x->at,
                    "unknown variable ${%s}; did you mean ${%s}?", name,
                    nearest);
    else
        diags_error(x->diags, x->at,
                    "unknown variable ${%s}: neither the case, the lab nor the "
                    "step sets it",
                    name);
}

/* "node.name" as the node sees it; plain names as we do. */
static const struct conf_pair *
look_up(const struct vars **vars, const char *name)
{
    const char *dot = strchr(name, '.');
    const char *plain = dot != NULL ? dot + 1 : name;

    if ((*vars)->asked != NULL && !strs_has((*vars)->asked, plain))
        strs_add((*vars)->asked, plain);
    if (dot == NULL)
        return vars_find(*vars, name);
    for (size_t i = 0; i < (*vars)->nodes_len; i++) {
        const struct vars_node *node = &(*vars)->nodes[i];

        if (strlen(node->name) == (size_t)(dot - name) &&
            strncmp(node->name, name, (size_t)(dot - name)) == 0) {
            *vars = node->vars;
            return vars_find(node->vars, dot + 1);
        }
    }
    return NULL;
}

static bool
expand_name(struct expansion *x, const struct vars *vars, const char *name)
{
    const struct vars *seen_by = vars;
    const struct conf_pair *pair = look_up(&seen_by, name);
    bool ok;
    char *text;

    if (pair == NULL) {
        unknown_name(x, vars, name);
        return false;
    }
    for (size_t i = 0; i < x->depth; i++)
        if (strcmp(x->names[i], name) == 0) {
            diags_error(x->diags, x->at, "variable ${%s} refers to itself",
                        name);
            return false;
        }
    if (x->depth == DEPTH_MAX) {
        diags_error(x->diags, x->at, "variables nested more than %d deep",
                    DEPTH_MAX);
        return false;
    }
    x->names[x->depth++] = name;
    text = conf_join(&pair->values);
    ok = expand_text(x, seen_by, text);
    free(text);
    x->depth--;
    return ok;
}

static bool
name_is_good(const char *name, size_t len)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

    return len > 0 && strspn(name, letters) >= len;
}

static bool
expand_text(struct expansion *x, const struct vars *vars, const char *text)
{
    bool ok = true;

    while (*text != '\0') {
        const char *open = strstr(text, "${"), *close;
        char *name;

        if (open == NULL)
            return buf_puts(&x->out, text) && ok;
        if (open > text && open[-1] == '$') { /* "$${" */
            buf_add(&x->out, text, (size_t)(open - text - 1));
            buf_puts(&x->out, "${");
            text = open + 2;
            continue;
        }
        buf_add(&x->out, text, (size_t)(open - text));
        close = strchr(open, '}');
        if (close == NULL ||
            !name_is_good(open + 2, (size_t)(close - open) - 2)) {
            diags_error(x->diags, x->at,
                        "\"${\" begins no variable here; a plain one is "
                        "written \"$${\"");
            return false;
        }
        name = xstrndup(open + 2, (size_t)(close - open) - 2);
        ok = expand_name(x, vars, name) && ok;
        free(name);
        text = close + 1;
    }
    return ok;
}

char *
vars_expand(const struct vars *vars, const struct conf_text *text,
            struct diags *diags)
{
    struct expansion x = { .at = &text->at,
                           .diags = diags,
                           .out = BUF_INIT(TEXT_MAX) };
    size_t errors = diags->errors;

    if (expand_text(&x, vars, text->text))
        return buf_take(&x.out);
    if (diags->errors == errors)
        diags_error(diags, &text->at,
                    "with its variables this text has more than %u bytes",
                    TEXT_MAX);
    buf_fini(&x.out);
    return NULL;
}

struct expand_all {
    const struct vars *vars;
    struct diags *diags;
    bool ok;
};

static void
expand_one(void *ctx, struct conf_text *text)
{
    struct expand_all *all = ctx;
    char *resolved = vars_expand(all->vars, text, all->diags);

    if (resolved == NULL) {
        all->ok = false;
        return;
    }
    free(text->text);
    text->text = resolved;
}

bool
vars_expand_all(const struct vars *vars, const struct conf_schema *schema,
                void *object, struct diags *diags)
{
    struct expand_all all = { vars, diags, true };

    conf_each_text(schema, object, expand_one, &all);
    return all.ok && conf_settle(schema, object, diags);
}
