/*
 * read.c - YAML files into structs, by schema.
 *
 * libfyaml keeps the text of scalars as written (0333 stays 0333), refuses
 * duplicate keys and knows each token's place. Anchors and aliases are
 * refused: no file here needs them, and they can grow without bound.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conf/conf.h"

#include <ctype.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"

#define FILE_MAX  (1u << 20) /* bytes; the largest shipped file has 20 KB */
#define DEPTH_MAX 24         /* mappings in mappings; schemas may recur */

struct reader {
    const char *path;
    struct diags *diags;
    unsigned depth; /* of the mapping being read */
};

static bool read_mapping(struct reader *reader,
                         const struct conf_schema *schema, struct fy_node *node,
                         struct place at, void *object);

/* The first thing in a node: what a person would point at. */
static struct fy_node *
first_in(struct fy_node *node)
{
    void *iter = NULL;

    if (fy_node_is_mapping(node)) {
        struct fy_node_pair *pair = fy_node_mapping_iterate(node, &iter);

        return pair != NULL ? fy_node_pair_key(pair) : NULL;
    }
    return fy_node_sequence_iterate(node, &iter);
}

/* Where a node stands; what has no token of its own stands at its parent. */
static struct place
place_of(struct reader *reader, struct fy_node *node, struct place parent)
{
    const struct fy_mark *mark = NULL;

    while (node != NULL && !fy_node_is_scalar(node))
        node = first_in(node);
    if (node != NULL && fy_node_get_scalar_token(node) != NULL)
        mark = fy_token_start_mark(fy_node_get_scalar_token(node));
    if (mark == NULL)
        return parent;
    return (struct place){ reader->path, (unsigned)mark->line + 1,
                           (unsigned)mark->column + 1 };
}

/* "key:" with nothing behind; an empty text is written ''. */
static bool
is_nothing(struct fy_node *node)
{
    return node == NULL ||
           (fy_node_is_scalar(node) && !fy_node_is_alias(node) &&
            fy_node_get_style(node) == FYNS_PLAIN &&
            fy_node_get_scalar_length(node) == 0);
}

static const char *
kind_of(struct fy_node *node)
{
    if (is_nothing(node))
        return "nothing";
    if (fy_node_is_alias(node))
        return "an alias (a text that begins with * stands in quotes)";
    return fy_node_is_mapping(node)    ? "keys and values"
           : fy_node_is_sequence(node) ? "a list"
                                       : "a text";
}

static bool
wrong_type(struct reader *reader, struct place at, const char *key,
           const char *want, struct fy_node *node)
{
    diags_error(reader->diags, &at, "%s: expected %s, found %s", key, want,
                kind_of(node));
    return false;
}

/*
 * Nothing that speaks to the terminal it will be shown on, or typed into: files
 * come from strangers. Patterns write it as \x1b.
 */
static bool
is_text(const char *text, size_t len, uint32_t *rune)
{
    for (size_t i = 0; i < len;) {
        int n = utf8_decode((const uint8_t *)text + i, len - i, rune);

        if (n <= 0 || (!utf8_is_text(*rune) && *rune != '\t' && *rune != '\n'))
            return false;
        i += (size_t)n;
    }
    return true;
}

/* A plain scalar as a string of ours, or NULL and a diagnostic. */
static char *
scalar(struct reader *reader, const char *key, const char *want,
       struct fy_node *node, struct place at)
{
    const char *text;
    uint32_t rune;
    size_t len;

    if (is_nothing(node) || !fy_node_is_scalar(node) ||
        fy_node_is_alias(node) ||
        (text = fy_node_get_scalar(node, &len)) == NULL) {
        wrong_type(reader, at, key, want, node);
        return NULL;
    }
    if (memchr(text, '\0', len) != NULL) {
        diags_error(reader->diags, &at, "%s: a NUL byte cannot stand here",
                    key);
        return NULL;
    }
    if (!is_text(text, len, &rune)) {
        diags_error(reader->diags, &at,
                    "%s: the character U+%04X cannot stand here", key, rune);
        return NULL;
    }
    return xstrndup(text, len);
}

static bool
read_text(struct reader *reader, const char *key, struct fy_node *node,
          struct place at, struct conf_text *out)
{
    out->at = at;
    out->text = scalar(reader, key, "a text", node, at);
    return out->text != NULL;
}

static bool
is_name(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return len > 0 && len <= CONF_NAME_MAX && text[len] == '\0' &&
           text[0] != '-';
}

/* The name that is nearest to text: "My case" is my-case. Yours. */
static char *
name_like(const char *text)
{
    struct buf name = BUF_INIT(0);
    char *like;

    for (; *text != '\0' && name.len < CONF_NAME_MAX; text++) {
        char c = (char)tolower((unsigned char)*text);

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_add(&name, &c, 1);
        else if (name.len > 0 && name.bytes[name.len - 1] != '-')
            buf_add(&name, "-", 1);
    }
    while (name.len > 0 && name.bytes[name.len - 1] == '-')
        name.len--;
    if (name.len == 0)
        buf_puts(&name, "a-name");
    like = xstrndup(name.bytes, name.len);
    buf_fini(&name);
    return like;
}

static bool
read_name(struct reader *reader, const char *key, struct fy_node *node,
          struct place at, struct conf_text *out)
{
    char *like;

    out->at = at;
    out->text = scalar(reader, key, "a name", node, at);
    if (out->text == NULL)
        return false;
    if (is_name(out->text))
        return true;
    like = name_like(out->text);
    diags_error(reader->diags, &at,
                "%s: \"%s\" is no name (a-z, 0-9 and -, no - in front, at most "
                "%d bytes); \"%s\" would be one",
                key, out->text, CONF_NAME_MAX, like);
    free(like);
    return false;
}

static bool
read_texts(struct reader *reader, const char *key, struct fy_node *node,
           struct place at, struct conf_texts *out)
{
    struct fy_node *item;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_sequence(node)) {
        struct conf_text one = { NULL, at };

        if (!read_text(reader, key, node, at, &one))
            return false;
        out->items = xgrow(out->items, out->len, &out->cap, sizeof *out->items);
        out->items[out->len++] = one;
        return true;
    }
    while ((item = fy_node_sequence_iterate(node, &iter)) != NULL) {
        struct conf_text one = { NULL, at };

        if (!read_text(reader, key, item, place_of(reader, item, at), &one)) {
            ok = false;
            continue;
        }
        out->items = xgrow(out->items, out->len, &out->cap, sizeof *out->items);
        out->items[out->len++] = one;
    }
    return ok;
}

static void
free_texts(struct conf_texts *texts)
{
    for (size_t i = 0; i < texts->len; i++)
        free(texts->items[i].text);
    free(texts->items);
    *texts = (struct conf_texts){ 0 };
}

static bool
read_pairs(struct reader *reader, const char *key, struct fy_node *node,
           struct place at, struct conf_pairs *out)
{
    struct fy_node_pair *pair;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_mapping(node))
        return wrong_type(reader, at, key, "names and values", node);
    while ((pair = fy_node_mapping_iterate(node, &iter)) != NULL) {
        struct place name_at = place_of(reader, fy_node_pair_key(pair), at);
        struct conf_pair one = { { 0 }, { 0 } };
        struct fy_node *value = fy_node_pair_value(pair);

        if (!read_text(reader, key, fy_node_pair_key(pair), name_at,
                       &one.name)) {
            ok = false;
            continue;
        }
        if (!read_texts(reader, one.name.text, value,
                        place_of(reader, value, name_at), &one.values)) {
            free(one.name.text);
            free_texts(&one.values);
            ok = false;
            continue;
        }
        out->items = xgrow(out->items, out->len, &out->cap, sizeof *out->items);
        out->items[out->len++] = one;
    }
    return ok;
}

static bool
read_bool(struct reader *reader, const char *key, struct fy_node *node,
          struct place at, struct conf_bool *out)
{
    char *text = scalar(reader, key, "yes or no", node, at);
    bool yes, ok;

    if (text == NULL)
        return false;
    yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    ok = yes || strcmp(text, "no") == 0 || strcmp(text, "false") == 0;
    if (ok)
        *out = (struct conf_bool){ yes, true };
    else
        diags_error(reader->diags, &at, "%s: expected yes or no, found \"%s\"",
                    key, text);
    free(text);
    return ok;
}

static bool
parse_uint(const struct conf_key *key, const char *text, struct conf_uint *out,
           struct diags *diags)
{
    uint64_t max = key->max != 0 ? key->max : UINT64_MAX;

    out->given = str_to_u64(text, key->min, max, &out->value);
    if (!out->given && key->max != 0)
        diags_error(diags, &out->at,
                    "%s: expected a number from %llu to %llu, found \"%s\"",
                    key->name, (unsigned long long)key->min,
                    (unsigned long long)key->max, text);
    else if (!out->given)
        diags_error(diags, &out->at, "%s: expected a number, found \"%s\"",
                    key->name, text);
    return out->given;
}

static bool
parse_duration(const struct conf_key *key, const char *text,
               struct conf_uint *out, struct diags *diags)
{
    uint64_t max = key->max != 0 ? key->max : UINT64_MAX;

    out->given = conf_parse_duration(text, &out->value);
    if (!out->given) {
        diags_error(diags, &out->at,
                    "%s: expected a time such as 500 ms, 3 s or 2 min, "
                    "found \"%s\"",
                    key->name, text);
    } else if (out->value < key->min || out->value > max) {
        diags_error(diags, &out->at, "%s: %s is not within %llu ms to %llu ms",
                    key->name, text, (unsigned long long)key->min,
                    (unsigned long long)max);
        out->given = false;
    }
    return out->given;
}

static bool
parse_number(const struct conf_key *key, const char *text,
             struct conf_uint *out, struct diags *diags)
{
    return key->type == CONF_UINT ? parse_uint(key, text, out, diags)
                                  : parse_duration(key, text, out, diags);
}

/* A number or a time; one with variables in it waits for conf_settle(). */
static bool
read_number(struct reader *reader, const struct conf_key *key,
            struct fy_node *node, struct place at, struct conf_uint *out)
{
    char *text =
        scalar(reader, key->name,
               key->type == CONF_UINT ? "a number" : "a time such as 500 ms",
               node, at);
    bool ok = true;

    if (text == NULL)
        return false;
    out->at = at;
    if (strstr(text, "${") != NULL) {
        out->pending = (struct conf_text){ text, at };
        return true;
    }
    ok = parse_number(key, text, out, reader->diags);
    free(text);
    return ok;
}

static bool
settle_number(const struct conf_key *key, struct conf_uint *number,
              struct diags *diags)
{
    bool ok;

    if (number->pending.text == NULL)
        return true;
    ok = parse_number(key, number->pending.text, number, diags);
    free(number->pending.text);
    number->pending.text = NULL;
    return ok;
}

bool
conf_settle(const struct conf_schema *schema, void *object, struct diags *diags)
{
    bool ok = true;

    for (schema = conf_form(schema, object); schema != NULL;
         schema = schema->base)
        for (size_t i = 0; i < schema->keys_len; i++) {
            const struct conf_key *key = &schema->keys[i];
            void *field = (char *)object + key->offset;
            struct conf_list *list = field;

            if (key->type == CONF_UINT || key->type == CONF_DURATION)
                ok = settle_number(key, field, diags) && ok;
            else if (key->type == CONF_STRUCT)
                ok = conf_settle(key->of, field, diags) && ok;
            else if (key->type == CONF_LIST || key->type == CONF_NAMED)
                for (size_t j = 0; j < list->len; j++)
                    ok = conf_settle(key->of,
                                     (char *)list->items + j * key->of->size,
                                     diags) &&
                         ok;
        }
    return ok;
}

static bool
read_size(struct reader *reader, const struct conf_key *key,
          struct fy_node *node, struct place at, struct conf_size *out)
{
    char *text = scalar(reader, key->name, "a size such as 132x50", node, at);
    unsigned cols, rows;
    char rest;
    bool ok;

    if (text == NULL)
        return false;
    ok = isdigit((unsigned char)*text) &&
         sscanf(text, "%5ux%5u%c", &cols, &rows, &rest) == 2 && cols >= 2 &&
         cols <= 1000 && rows >= 2 && rows <= 500;
    if (ok)
        *out = (struct conf_size){ (uint16_t)cols, (uint16_t)rows, at };
    else
        diags_error(reader->diags, &at,
                    "%s: expected columns x rows such as 132x50 (2x2 to "
                    "1000x500), found \"%s\"",
                    key->name, text);
    free(text);
    return ok;
}

/* The known word most like text, if it is alike at all. */
struct nearest {
    const char *word;
    unsigned distance;
};

static void
nearest_try(struct nearest *nearest, const char *text, const char *word)
{
    unsigned distance = str_distance(text, word);

    if (distance < nearest->distance && distance * 3 <= strlen(word) + 2) {
        nearest->word = word;
        nearest->distance = distance;
    }
}

static bool
read_enum(struct reader *reader, const struct conf_key *key,
          struct fy_node *node, struct place at, struct conf_uint *out)
{
    char *text = scalar(reader, key->name, "a word", node, at);
    struct buf known = BUF_INIT(0);
    struct nearest nearest = { NULL, 9 };
    bool ok = false;

    if (text == NULL)
        return false;
    for (size_t i = 0; key->words[i] != NULL; i++) {
        if (strcmp(key->words[i], text) == 0) {
            *out = (struct conf_uint){ i, true, at };
            ok = true;
        }
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", key->words[i]);
        nearest_try(&nearest, text, key->words[i]);
    }
    if (!ok && nearest.word != NULL)
        diags_error(reader->diags, &at,
                    "%s: unknown word \"%s\"; did you mean \"%s\"? (%s)",
                    key->name, text, nearest.word, buf_text(&known));
    else if (!ok)
        diags_error(reader->diags, &at, "%s: unknown word \"%s\"; it can be %s",
                    key->name, text, buf_text(&known));
    buf_fini(&known);
    free(text);
    return ok;
}

static bool
read_list(struct reader *reader, const struct conf_key *key,
          struct fy_node *node, struct place at, struct conf_list *out)
{
    struct fy_node *item;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_sequence(node))
        return wrong_type(reader, at, key->name, "a list", node);
    while ((item = fy_node_sequence_iterate(node, &iter)) != NULL) {
        void *object = conf_list_add(out, key->of->size);

        if (!read_mapping(reader, key->of, item, place_of(reader, item, at),
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
        return wrong_type(reader, at, key->name, "names and their keys", node);
    while ((pair = fy_node_mapping_iterate(node, &iter)) != NULL) {
        struct place name_at = place_of(reader, fy_node_pair_key(pair), at);
        void *object = conf_list_add(out, key->of->size);

        if (!read_name(reader, key->name, fy_node_pair_key(pair), name_at,
                       object) ||
            !read_mapping(reader, key->of, fy_node_pair_value(pair), name_at,
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
        return read_text(reader, key->name, node, at, field);
    case CONF_NAME:
        return read_name(reader, key->name, node, at, field);
    case CONF_TEXTS:
        return read_texts(reader, key->name, node, at, field);
    case CONF_BOOL:
        return read_bool(reader, key->name, node, at, field);
    case CONF_UINT:
    case CONF_DURATION:
        return read_number(reader, key, node, at, field);
    case CONF_SIZE:
        return read_size(reader, key, node, at, field);
    case CONF_ENUM:
        return read_enum(reader, key, node, at, field);
    case CONF_PAIRS:
        return read_pairs(reader, key->name, node, at, field);
    case CONF_STRUCT:
        return read_mapping(reader, key->of, node, at, field);
    case CONF_LIST:
        return read_list(reader, key, node, at, field);
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
    struct nearest nearest = { NULL, 9 };
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
        struct place key_at = place_of(reader, fy_node_pair_key(pair), at);
        const struct conf_key *key;
        char *name =
            scalar(reader, "key", "a word", fy_node_pair_key(pair), key_at);

        if (name == NULL) {
            ok = false;
            continue;
        }
        key = find_key(schema, name);
        if (key == NULL) {
            unknown_key(reader, all, schema, name, key_at);
            ok = false;
        } else if (!read_value(reader, key, value,
                               place_of(reader, value, key_at), object)) {
            ok = false;
        }
        free(name);
    }
    return check_required(reader, schema, node, at) && ok;
}

static bool
read_mapping(struct reader *reader, const struct conf_schema *schema,
             struct fy_node *node, struct place at, void *object)
{
    const struct conf_schema *form = schema;
    bool ok;

    if (schema->place_offset != 0)
        *(struct place *)(void *)((char *)object + schema->place_offset) = at;
    if (node == NULL || !fy_node_is_mapping(node))
        return wrong_type(reader, at, schema->name, "keys and values", node);
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

/* What libfyaml found wrong before there was a document. */
static void
take_syntax_errors(struct reader *reader, struct fy_diag *diag)
{
    struct fy_diag_error *error;
    void *iter = NULL;
    bool any = false;

    while ((error = fy_diag_errors_iterate(diag, &iter)) != NULL) {
        struct place at = { reader->path, (unsigned)MAX(error->line, 1),
                            (unsigned)MAX(error->column, 1) };

        diags_error(reader->diags, &at, "not YAML: %s%s", error->msg,
                    strstr(error->msg, "alias") != NULL
                        ? " (a text that begins with * stands in quotes)"
                        : "");
        any = true;
    }
    if (!any)
        diags_error(reader->diags, &(struct place){ reader->path, 0, 0 },
                    "not YAML: the file is empty or cannot be read as text");
}

/*
 * libfyaml 0.7 reads "%x" and an invalid byte for ever: fy_scan_directive()
 * skips to the end of the line by characters, and never comes past that one
 * (found by fuzz-conf).
 */
static bool
check_utf8(struct reader *reader, const char *text, size_t len)
{
    struct place at = { reader->path, 1, 1 };
    uint32_t rune;
    int n;

    for (size_t i = 0; i < len; i += (size_t)n) {
        n = utf8_decode((const uint8_t *)text + i, len - i, &rune);
        if (n <= 0) {
            diags_error(reader->diags, &at,
                        "not UTF-8: byte 0x%02x cannot stand here",
                        (uint8_t)text[i]);
            return false;
        }
        at.column++;
        if (rune == '\n') {
            at.line++;
            at.column = 1;
        }
    }
    return true;
}

/*
 * Build the document and give its root to read(); the root is read either as
 * one struct or, with as_list, as a list of them.
 */
static bool
read_document(const struct conf_schema *schema, const char *path,
              const char *text, size_t len, bool as_list, void *out,
              struct diags *diags)
{
    const struct conf_key list = { .name = "file", .of = schema };
    const struct place start = { path, 1, 1 };
    struct reader reader = { path, diags, 0 };
    struct fy_diag_cfg diag_cfg;
    struct fy_diag *diag;
    struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET };
    struct fy_document *doc;
    bool ok = false;

    if (!check_utf8(&reader, text, len))
        return false;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.level = FYET_ERROR;
    diag = fy_diag_create(&diag_cfg);
    if (diag == NULL)
        xalloc_die();
    fy_diag_set_collect_errors(diag, true);
    cfg.diag = diag;
    doc = fy_document_build_from_string(&cfg, text, len);
    if (doc == NULL || fy_document_root(doc) == NULL)
        take_syntax_errors(&reader, diag);
    else if (as_list)
        ok = read_list(&reader, &list, fy_document_root(doc), start, out);
    else
        ok = read_mapping(&reader, schema, fy_document_root(doc), start, out);
    fy_document_destroy(doc);
    fy_diag_destroy(diag);
    return ok;
}

bool
conf_read_text(const struct conf_schema *schema, const char *path,
               const char *text, size_t len, void *out, struct diags *diags)
{
    return read_document(schema, path, text, len, false, out, diags);
}

/* The whole file, into text; false when it cannot be had. */
static bool
slurp(const char *path, struct buf *text, struct diags *diags)
{
    struct place at = { path, 0, 0 };
    FILE *file = fopen(path, "re");
    char piece[4096];
    size_t n;
    bool ok = true;

    if (file == NULL) {
        diags_error(diags, &at, "cannot open it: %m");
        return false;
    }
    while (ok && (n = fread(piece, 1, sizeof piece, file)) > 0)
        ok = buf_add(text, piece, n);
    if (!ok)
        diags_error(diags, &at, "larger than %u bytes", FILE_MAX);
    else if (ferror(file)) {
        diags_error(diags, &at, "cannot read it: %m");
        ok = false;
    }
    fclose(file);
    return ok;
}

static bool
read_file(const struct conf_schema *schema, const char *path, bool as_list,
          void *out, struct diags *diags)
{
    struct buf text = BUF_INIT(FILE_MAX);
    bool ok = slurp(path, &text, diags) &&
              read_document(schema, path, buf_text(&text), text.len, as_list,
                            out, diags);

    buf_fini(&text);
    return ok;
}

bool
conf_read_file(const struct conf_schema *schema, const char *path, void *out,
               struct diags *diags)
{
    return read_file(schema, path, false, out, diags);
}

bool
conf_read_list(const struct conf_schema *schema, const char *path,
               struct conf_list *out, struct diags *diags)
{
    return read_file(schema, path, true, out, diags);
}
