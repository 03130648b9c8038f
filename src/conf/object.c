/*
 * object.c - what can be done with any struct that has a schema: free it,
 * copy it, visit its strings.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conf/conf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "conf/vars.h"

void *
conf_list_add(struct conf_list *list, size_t size)
{
    void *object;

    list->items = xgrow(list->items, list->len, &list->cap, size);
    object = (char *)list->items + list->len++ * size;
    memset(object, 0, size);
    return object;
}

const struct conf_schema *
conf_form(const struct conf_schema *schema, const void *object)
{
    const char *at = (const char *)object + schema->form_offset;

    if (schema->forms == NULL)
        return schema;
    return *(const struct conf_schema *const *)(const void *)at;
}

static void
free_field(const struct conf_key *key, void *field)
{
    struct conf_texts *texts = field;
    struct conf_pairs *pairs = field;
    struct conf_list *list = field;

    switch (key->type) {
    case CONF_TEXT:
    case CONF_NAME:
        free(((struct conf_text *)field)->text);
        return;
    case CONF_TEXTS:
        for (size_t i = 0; i < texts->len; i++)
            free(texts->items[i].text);
        free(texts->items);
        return;
    case CONF_PAIRS:
        pairs_fini(pairs);
        return;
    case CONF_STRUCT:
        conf_free(key->of, field);
        return;
    case CONF_NAMED:
        for (size_t i = 0; i < list->len; i++)
            free(((struct conf_text *)(void *)((char *)list->items +
                                               i * key->of->size))
                     ->text);
        /* fall through */
    case CONF_LIST:
        for (size_t i = 0; i < list->len; i++)
            conf_free(key->of, (char *)list->items + i * key->of->size);
        free(list->items);
        return;
    case CONF_UINT:
    case CONF_DURATION:
        free(((struct conf_uint *)field)->pending.text);
        return;
    case CONF_BOOL:
    case CONF_SIZE:
    case CONF_ENUM:
    case CONF_TYPES:
        return;
    }
}

void
conf_free(const struct conf_schema *schema, void *object)
{
    for (const struct conf_schema *s = conf_form(schema, object); s != NULL;
         s = s->base)
        for (size_t i = 0; i < s->keys_len; i++)
            free_field(&s->keys[i], (char *)object + s->keys[i].offset);
    memset(object, 0, schema->size);
}

static void
each_in_field(const struct conf_key *key, void *field,
              void (*call)(void *ctx, struct conf_text *text), void *ctx)
{
    struct conf_text *text = field;
    struct conf_texts *texts = field;
    struct conf_pairs *pairs = field;
    struct conf_list *list = field;
    struct conf_uint *number = field;

    switch (key->type) {
    case CONF_TEXT:
    case CONF_NAME:
        if (text->text != NULL)
            call(ctx, text);
        return;
    case CONF_TEXTS:
        for (size_t i = 0; i < texts->len; i++)
            call(ctx, &texts->items[i]);
        return;
    case CONF_PAIRS: /* the values: a name is no text to resolve */
        for (size_t i = 0; i < pairs->len; i++)
            for (size_t j = 0; j < pairs->items[i].values.len; j++)
                call(ctx, &pairs->items[i].values.items[j]);
        return;
    case CONF_STRUCT:
        conf_each_text(key->of, field, call, ctx);
        return;
    case CONF_LIST:
    case CONF_NAMED:
        for (size_t i = 0; i < list->len; i++)
            conf_each_text(key->of, (char *)list->items + i * key->of->size,
                           call, ctx);
        return;
    case CONF_UINT:
    case CONF_DURATION:
        if (number->pending.text != NULL)
            call(ctx, &number->pending);
        return;
    case CONF_BOOL:
    case CONF_SIZE:
    case CONF_ENUM:
    case CONF_TYPES:
        return;
    }
}

void
conf_each_text(const struct conf_schema *schema, void *object,
               void (*call)(void *ctx, struct conf_text *text), void *ctx)
{
    for (const struct conf_schema *s = conf_form(schema, object); s != NULL;
         s = s->base)
        for (size_t i = 0; i < s->keys_len; i++)
            each_in_field(&s->keys[i], (char *)object + s->keys[i].offset, call,
                          ctx);
}

static struct conf_text
copy_text(const struct conf_text *from)
{
    return (struct conf_text){
        .text = from->text != NULL ? xstrdup(from->text) : NULL,
        .at = from->at,
    };
}

static struct conf_texts
copy_texts(const struct conf_texts *from)
{
    struct conf_texts to = { .at = from->at };

    for (size_t i = 0; i < from->len; i++) {
        to.items = xgrow(to.items, to.len, &to.cap, sizeof *to.items);
        to.items[to.len++] = copy_text(&from->items[i]);
    }
    return to;
}

static struct conf_pairs
copy_pairs(const struct conf_pairs *from)
{
    struct conf_pairs to = { .at = from->at };

    for (size_t i = 0; i < from->len; i++) {
        to.items = xgrow(to.items, to.len, &to.cap, sizeof *to.items);
        to.items[to.len++] = (struct conf_pair){
            .name = copy_text(&from->items[i].name),
            .values = copy_texts(&from->items[i].values),
        };
    }
    return to;
}

/* to holds a plain copy of from's bytes: replace what is owned. */
static void
copy_field(const struct conf_key *key, const void *from, void *to)
{
    const struct conf_list *list = from;
    struct conf_list *copy = to;

    switch (key->type) {
    case CONF_TEXT:
    case CONF_NAME:
        *(struct conf_text *)to = copy_text(from);
        return;
    case CONF_TEXTS:
        *(struct conf_texts *)to = copy_texts(from);
        return;
    case CONF_PAIRS:
        *(struct conf_pairs *)to = copy_pairs(from);
        return;
    case CONF_STRUCT:
        conf_copy(key->of, from, to);
        return;
    case CONF_LIST:
    case CONF_NAMED:
        *copy = (struct conf_list){ .at = list->at };
        for (size_t i = 0; i < list->len; i++) {
            const void *item = (const char *)list->items + i * key->of->size;
            void *object = conf_list_add(copy, key->of->size);

            conf_copy(key->of, item, object);
            if (key->type == CONF_NAMED)
                *(struct conf_text *)object = copy_text(item);
        }
        return;
    case CONF_UINT:
    case CONF_DURATION:
        ((struct conf_uint *)to)->pending =
            copy_text(&((const struct conf_uint *)from)->pending);
        return;
    case CONF_BOOL:
    case CONF_SIZE:
    case CONF_ENUM:
    case CONF_TYPES:
        return;
    }
}

void
conf_copy(const struct conf_schema *schema, const void *from, void *to)
{
    memcpy(to, from, schema->size);
    for (const struct conf_schema *s = conf_form(schema, from); s != NULL;
         s = s->base)
        for (size_t i = 0; i < s->keys_len; i++)
            copy_field(&s->keys[i], (const char *)from + s->keys[i].offset,
                       (char *)to + s->keys[i].offset);
}

char *
conf_join(const struct conf_texts *texts)
{
    struct buf buf = BUF_INIT(0);

    for (size_t i = 0; i < texts->len; i++) {
        if (texts->items[i].text[0] == '\0')
            continue;
        if (buf.len > 0)
            buf_puts(&buf, " ");
        buf_puts(&buf, texts->items[i].text);
    }
    return buf_take(&buf);
}

bool
conf_parse_duration(const char *text, uint64_t *ms)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 } };
    uint64_t whole = 0, tenth = 1, part = 0;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 9)
        return false;
    for (; digits > 0; digits--)
        whole = whole * 10 + (uint64_t)(*text++ - '0');
    if (*text == '.') {
        for (text++; isdigit((unsigned char)*text) && tenth < 1000; text++) {
            tenth *= 10;
            part = part * 10 + (uint64_t)(*text - '0');
        }
    }
    text += strspn(text, " ");
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (strcmp(text, units[i].name) == 0) {
            *ms = whole * units[i].ms + part * units[i].ms / tenth;
            return true;
        }
    return false;
}
