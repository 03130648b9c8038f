/*
 * values.c - the values of keys: a node of YAML into a text, a name, a number,
 * with a diagnostic of what it should have been.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "conf/read-priv.h"

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
struct place
node_place(struct reader *reader, struct fy_node *node, struct place parent)
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

bool
node_wrong_type(struct reader *reader, struct place at, const char *key,
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
char *
node_scalar(struct reader *reader, const char *key, const char *want,
            struct fy_node *node, struct place at)
{
    const char *text;
    uint32_t rune;
    size_t len;

    if (is_nothing(node) || !fy_node_is_scalar(node) ||
        fy_node_is_alias(node) ||
        (text = fy_node_get_scalar(node, &len)) == NULL) {
        node_wrong_type(reader, at, key, want, node);
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

bool
node_text(struct reader *reader, const char *key, struct fy_node *node,
          struct place at, struct conf_text *out)
{
    out->at = at;
    out->text = node_scalar(reader, key, "a text", node, at);
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

bool
node_name(struct reader *reader, const char *key, struct fy_node *node,
          struct place at, struct conf_text *out)
{
    char *like;

    out->at = at;
    out->text = node_scalar(reader, key, "a name", node, at);
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

bool
node_texts(struct reader *reader, const char *key, struct fy_node *node,
           struct place at, struct conf_texts *out)
{
    struct fy_node *item;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_sequence(node)) {
        struct conf_text one = { NULL, at };

        if (!node_text(reader, key, node, at, &one))
            return false;
        out->items = xgrow(out->items, out->len, &out->cap, sizeof *out->items);
        out->items[out->len++] = one;
        return true;
    }
    while ((item = fy_node_sequence_iterate(node, &iter)) != NULL) {
        struct conf_text one = { NULL, at };

        if (!node_text(reader, key, item, node_place(reader, item, at), &one)) {
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

bool
node_pairs(struct reader *reader, const char *key, struct fy_node *node,
           struct place at, struct conf_pairs *out)
{
    struct fy_node_pair *pair;
    void *iter = NULL;
    bool ok = true;

    out->at = at;
    if (node == NULL || !fy_node_is_mapping(node))
        return node_wrong_type(reader, at, key, "names and values", node);
    while ((pair = fy_node_mapping_iterate(node, &iter)) != NULL) {
        struct place name_at = node_place(reader, fy_node_pair_key(pair), at);
        struct conf_pair one = { { 0 }, { 0 } };
        struct fy_node *value = fy_node_pair_value(pair);

        if (!node_text(reader, key, fy_node_pair_key(pair), name_at,
                       &one.name)) {
            ok = false;
            continue;
        }
        if (!node_texts(reader, one.name.text, value,
                        node_place(reader, value, name_at), &one.values)) {
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

bool
node_bool(struct reader *reader, const char *key, struct fy_node *node,
          struct place at, struct conf_bool *out)
{
    char *text = node_scalar(reader, key, "yes or no", node, at);
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
bool
node_number(struct reader *reader, const struct conf_key *key,
            struct fy_node *node, struct place at, struct conf_uint *out)
{
    char *text = node_scalar(reader, key->name,
                             key->type == CONF_UINT ? "a number"
                                                    : "a time such as 500 ms",
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
node_size(struct reader *reader, const struct conf_key *key,
          struct fy_node *node, struct place at, struct conf_size *out)
{
    char *text =
        node_scalar(reader, key->name, "a size such as 132x50", node, at);
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

void
nearest_try(struct nearest *nearest, const char *text, const char *word)
{
    unsigned distance = str_distance(text, word);

    if (distance < nearest->distance && distance * 3 <= strlen(word) + 2) {
        nearest->word = word;
        nearest->distance = distance;
    }
}

bool
node_enum(struct reader *reader, const struct conf_key *key,
          struct fy_node *node, struct place at, struct conf_uint *out)
{
    char *text = node_scalar(reader, key->name, "a word", node, at);
    struct buf known = BUF_INIT(0);
    struct nearest nearest = NEAREST_INIT;
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
