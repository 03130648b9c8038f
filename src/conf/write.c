/*
 * write.c - structs as YAML that reads back equal.
 *
 * Every scalar is double-quoted (YAML 1.2, 7.3.1): one form that needs no
 * rules about what a plain scalar may hold. Keys are plain words of ours;
 * free names are quoted.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "conf/conf.h"

#include <stdio.h>
#include <string.h>

static void
write_scalar(struct buf *out, const char *text)
{
    buf_puts(out, "\"");
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_printf(out, "\\%c", *p);
        else if (*p == '\n')
            buf_puts(out, "\\n");
        else if (*p < ' ' || *p == 0x7f)
            buf_printf(out, "\\x%02x", *p);
        else
            buf_add(out, p, 1);
    }
    buf_puts(out, "\"");
}

static void
write_texts(struct buf *out, const struct conf_texts *texts)
{
    if (texts->len == 1) {
        write_scalar(out, texts->items[0].text);
        return;
    }
    buf_puts(out, "[");
    for (size_t i = 0; i < texts->len; i++) {
        if (i > 0)
            buf_puts(out, ", ");
        write_scalar(out, texts->items[i].text);
    }
    buf_puts(out, "]");
}

/* Whether the key was given in the file (or set since). */
static bool
is_given(const struct conf_key *key, const void *field)
{
    switch (key->type) {
    case CONF_TEXT:
    case CONF_NAME:
        return ((const struct conf_text *)field)->text != NULL;
    case CONF_TEXTS:
        return ((const struct conf_texts *)field)->len > 0;
    case CONF_BOOL:
        return ((const struct conf_bool *)field)->given;
    case CONF_UINT:
    case CONF_DURATION:
    case CONF_ENUM:
        return ((const struct conf_uint *)field)->given;
    case CONF_SIZE:
        return ((const struct conf_size *)field)->cols != 0;
    case CONF_PAIRS:
        return ((const struct conf_pairs *)field)->len > 0;
    case CONF_LIST:
    case CONF_NAMED:
        return ((const struct conf_list *)field)->len > 0;
    case CONF_STRUCT:
        for (const struct conf_schema *s = conf_form(key->of, field); s != NULL;
             s = s->base)
            for (size_t i = 0; i < s->keys_len; i++)
                if (is_given(&s->keys[i],
                             (const char *)field + s->keys[i].offset))
                    return true;
        return false;
    case CONF_TYPES:
        break;
    }
    return false;
}

static void write_mapping(const struct conf_schema *schema, const void *object,
                          struct buf *out, unsigned depth, bool first_inline);

static void
write_indent(struct buf *out, unsigned depth)
{
    buf_printf(out, "%*s", (int)depth * 2, "");
}

static void
write_list(const struct conf_key *key, const struct conf_list *list,
           struct buf *out, unsigned depth)
{
    for (size_t i = 0; i < list->len; i++) {
        const void *item = (const char *)list->items + i * key->of->size;

        write_indent(out, depth);
        if (key->type == CONF_NAMED) {
            write_scalar(out, ((const struct conf_text *)item)->text);
            buf_puts(out, ":\n");
            write_mapping(key->of, item, out, depth + 1, false);
        } else {
            buf_puts(out, "- ");
            write_mapping(key->of, item, out, depth + 1, true);
        }
    }
}

static void
write_value(const struct conf_key *key, const void *field, struct buf *out,
            unsigned depth)
{
    const struct conf_uint *uint = field;
    const struct conf_size *size = field;
    const struct conf_pairs *pairs = field;

    switch (key->type) {
    case CONF_TEXT:
    case CONF_NAME:
        buf_puts(out, " ");
        write_scalar(out, ((const struct conf_text *)field)->text);
        break;
    case CONF_TEXTS:
        buf_puts(out, " ");
        write_texts(out, field);
        break;
    case CONF_BOOL:
        buf_puts(out,
                 ((const struct conf_bool *)field)->value ? " yes" : " no");
        break;
    case CONF_UINT:
        buf_printf(out, " %llu", (unsigned long long)uint->value);
        break;
    case CONF_DURATION:
        buf_printf(out, " %llu ms", (unsigned long long)uint->value);
        break;
    case CONF_ENUM:
        buf_printf(out, " %s", key->words[uint->value]);
        break;
    case CONF_SIZE:
        buf_printf(out, " %ux%u", size->cols, size->rows);
        break;
    case CONF_PAIRS:
        for (size_t i = 0; i < pairs->len; i++) {
            buf_puts(out, "\n");
            write_indent(out, depth + 1);
            write_scalar(out, pairs->items[i].name.text);
            buf_puts(out, ": ");
            write_texts(out, &pairs->items[i].values);
        }
        break;
    case CONF_STRUCT:
        buf_puts(out, "\n");
        write_mapping(key->of, field, out, depth + 1, false);
        return;
    case CONF_LIST:
    case CONF_NAMED:
        buf_puts(out, "\n");
        write_list(key, field, out, depth + 1);
        return;
    case CONF_TYPES:
        break;
    }
    buf_puts(out, "\n");
}

static void
write_mapping(const struct conf_schema *schema, const void *object,
              struct buf *out, unsigned depth, bool first_inline)
{
    for (schema = conf_form(schema, object); schema != NULL;
         schema = schema->base)
        for (size_t i = 0; i < schema->keys_len; i++) {
            const struct conf_key *key = &schema->keys[i];
            const void *field = (const char *)object + key->offset;

            if (!is_given(key, field))
                continue;
            if (!first_inline)
                write_indent(out, depth);
            first_inline = false;
            buf_printf(out, "%s:", key->name);
            write_value(key, field, out, depth);
        }
}

void
conf_write(const struct conf_schema *schema, const void *object,
           struct buf *out)
{
    write_mapping(schema, object, out, 0, false);
}
