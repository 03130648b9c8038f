/*
 * read.c - a mapping of YAML into a struct, by its schema: keys, forms, lists.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conf/read-priv.h"

#define DEPTH_MAX 24 /* mappings in mappings; schemas may recur */

bool
node_list(struct reader *reader, const struct conf_key *key,
          struct fy_node *node, struct place at, struct conf_list *out)
{
    struct fy_node *item;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_sequence(node))
        return node_wrong_type(reader, at, key->name, "a list", node);
    while ((item = fy_node_sequence_iterate(node, &iter)) != NULL) {
        void *object = conf_list_add(out, key->of->size);

        if (!node_mapping(reader, key->of, item, node_place(reader, item, at),
                          object))
            ok = false;
    }
    return ok;
}

static bool
read_named(struct reader *reader, const struct conf_key *key,
           struct fy_node *node, struct place at, struct conf_list *out)
{
    struct fy_node_pair *pair;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_mapping(node))
        return node_wrong_type(reader, at, key->name, "names and their keys",
                               node);
    while ((pair = fy_node_mapping_iterate(node, &iter)) != NULL) {
        struct place name_at = node_place(reader, fy_node_pair_key(pair), at);
        void *object = conf_list_add(out, key->of->size);

        if (!node_name(reader, key->name, fy_node_pair_key(pair), name_at,
                       object) ||
            !node_mapping(reader, key->of, fy_node_pair_value(pair), name_at,
                          object))
            ok = false;
    }
    return ok;
}

static bool
read_value(struct reader *reader, const struct conf_key *key,
           struct fy_node *node, struct place at, void *object)
{
    void *field = (char *)object + key->offset;

    switch (key->type) {
    case CONF_TEXT:
        return node_text(reader, key->name, node, at, field);
    case CONF_NAME:
        return node_name(reader, key->name, node, at, field);
    case CONF_TEXTS:
        return node_texts(reader, key->name, node, at, field);
    case CONF_BOOL:
        return node_bool(reader, key->name, node, at, field);
    case CONF_UINT:
    case CONF_DURATION:
        return node_number(reader, key, node, at, field);
    case CONF_SIZE:
        return node_size(reader, key, node, at, field);
    case CONF_ENUM:
        return node_enum(reader, key, node, at, field);
    case CONF_PAIRS:
        return node_pairs(reader, key->name, node, at, field);
    case CONF_STRUCT:
        return node_mapping(reader, key->of, node, at, field);
    case CONF_LIST:
        return node_list(reader, key, node, at, field);
    case CONF_NAMED:
        return read_named(reader, key, node, at, field);
    case CONF_TYPES:
        break;
    }
    BUG_ON(true);
    return false;
}

static const struct conf_key *
find_key(const struct conf_schema *schema, const char *name)
{
    for (; schema != NULL; schema = schema->base)
        for (size_t i = 0; i < schema->keys_len; i++)
            if (strcmp(schema->keys[i].name, name) == 0)
                return &schema->keys[i];
    return NULL;
}

/* The first keys of all forms: one of them must be there. */
static void
list_forms(const struct conf_schema *schema, struct buf *known)
{
    for (size_t i = 0; schema->forms[i] != NULL; i++)
        buf_printf(known, "%s%s", i > 0 ? ", " : "",
                   schema->forms[i]->keys[0].name);
}

/* The key would choose another form; all is that which has the forms. */
static bool
is_of_other_form(struct reader *reader, const struct conf_schema *all,
                 const struct conf_schema *form, const char *name,
                 struct place at)
{
    struct buf known = BUF_INIT(0);

    for (size_t i = 0; all->forms != NULL && all->forms[i] != NULL; i++)
        if (strcmp(all->forms[i]->keys[0].name, name) == 0) {
            list_forms(all, &known);
            diags_error(reader->diags, &at,
                        "this %s has \"%s\" and \"%s\"; it can have one of: %s",
                        all->name, form->keys[0].name, name, buf_text(&known));
            buf_fini(&known);
            return true;
        }
    return false;
}

static void
unknown_key(struct reader *reader, const struct conf_schema *all,
            const struct conf_schema *schema, const char *name, struct place at)
{
    struct nearest nearest = NEAREST_INIT;
    struct buf known = BUF_INIT(0);

    if (is_of_other_form(reader, all, schema, name, at))
        return;
    for (const struct conf_schema *s = schema; s != NULL; s = s->base)
        for (size_t i = 0; i < s->keys_len; i++) {
            nearest_try(&nearest, name, s->keys[i].name);
            buf_printf(&known, "%s%s", known.len > 0 ? ", " : "",
                       s->keys[i].name);
        }
    if (nearest.word != NULL)
        diags_error(reader->diags, &at,
                    "unknown key \"%s\" in a %s; did you mean \"%s\"?", name,
                    schema->name, nearest.word);
    else
        diags_error(reader->diags, &at,
                    "unknown key \"%s\" in a %s, which can have: %s", name,
                    schema->name, buf_text(&known));
    buf_fini(&known);
}

static bool
mapping_has(struct fy_node *node, const char *name)
{
    return fy_node_mapping_lookup_by_string(node, name, FY_NT) != NULL;
}

static bool
check_required(struct reader *reader, const struct conf_schema *schema,
               struct fy_node *node, struct place at)
{
    bool ok = true;

    for (const struct conf_schema *s = schema; s != NULL; s = s->base)
        for (size_t i = 0; i < s->keys_len; i++)
            if ((s->keys[i].flags & CONF_REQUIRED) &&
                !mapping_has(node, s->keys[i].name)) {
                diags_error(reader->diags, &at, "this %s has no \"%s\" (%s)",
                            schema->name, s->keys[i].name, s->keys[i].help);
                ok = false;
            }
    return ok;
}

/* The form whose first key is there; NULL and a diagnostic when none is. */
static const struct conf_schema *
pick_form(struct reader *reader, const struct conf_schema *schema,
          struct fy_node *node, struct place at)
{
    struct buf known = BUF_INIT(0);

    for (size_t i = 0; schema->forms[i] != NULL; i++)
        if (mapping_has(node, schema->forms[i]->keys[0].name))
            return schema->forms[i];
    list_forms(schema, &known);
    diags_error(reader->diags, &at, "this %s has none of: %s", schema->name,
                buf_text(&known));
    buf_fini(&known);
    return NULL;
}

/* The keys of a mapping whose form is known; all has the forms. */
static bool
read_keys(struct reader *reader, const struct conf_schema *all,
          const struct conf_schema *schema, struct fy_node *node,
          struct place at, void *object)
{
    struct fy_node_pair *pair;
    void *iter = NULL;
    bool ok = true;

    while ((pair = fy_node_mapping_iterate(node, &iter)) != NULL) {
        struct fy_node *value = fy_node_pair_value(pair);
        struct place key_at = node_place(reader, fy_node_pair_key(pair), at);
        const struct conf_key *key;
        char *name = node_scalar(reader, "key", "a word",
                                 fy_node_pair_key(pair), key_at);

        if (name == NULL) {
            ok = false;
            continue;
        }
        key = find_key(schema, name);
        if (key == NULL) {
            unknown_key(reader, all, schema, name, key_at);
            ok = false;
        } else if (!read_value(reader, key, value,
                               node_place(reader, value, key_at), object)) {
            ok = false;
        }
        free(name);
    }
    return check_required(reader, schema, node, at) && ok;
}

bool
node_mapping(struct reader *reader, const struct conf_schema *schema,
             struct fy_node *node, struct place at, void *object)
{
    const struct conf_schema *form = schema;
    bool ok;

    if (schema->place_offset != 0)
        *(struct place *)(void *)((char *)object + schema->place_offset) = at;
    if (node == NULL || !fy_node_is_mapping(node))
        return node_wrong_type(reader, at, schema->name, "keys and values",
                               node);
    if (reader->depth == DEPTH_MAX) {
        diags_error(reader->diags, &at, "%s: nested more than %d deep",
                    schema->name, DEPTH_MAX);
        return false;
    }
    if (schema->forms != NULL) {
        if ((form = pick_form(reader, schema, node, at)) == NULL)
            return false;
        *(const struct conf_schema **)(void *)((char *)object +
                                               schema->form_offset) = form;
    }
    reader->depth++;
    ok = read_keys(reader, schema, form, node, at, object);
    reader->depth--;
    return ok;
}
