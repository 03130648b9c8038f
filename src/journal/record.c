/* record.c - one event of a run, on jansson. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "journal/record.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "journal/json.h"

json_t *
record_json(const struct record *record)
{
    return (json_t *)(uintptr_t)record;
}

struct record *
record_of_json(json_t *json)
{
    return (struct record *)(void *)json;
}

/* jansson returns NULL for memory and for bad UTF-8, which never comes here. */
static json_t *
must(json_t *json)
{
    if (json == NULL)
        xalloc_die();
    return json;
}

static void
set(struct record *record, const char *key, json_t *value)
{
    if (json_object_set_new(record_json(record), key, must(value)) != 0)
        xalloc_die();
}

static json_t *
valid_string(const char *text)
{
    struct utf8_gate gate = { .len = 0 };
    struct buf buf = BUF_INIT(0);
    char *masked = secret_mask(text, strlen(text));
    size_t len = strlen(masked);
    json_t *json;

    if (utf8_valid(masked, len)) {
        json = json_stringn(masked, len);
        free(masked);
        return json;
    }
    utf8_gate_pass(&gate, (const uint8_t *)masked, len, &buf);
    free(masked);
    utf8_gate_end(&gate, &buf);
    json = json_stringn(buf_text(&buf), buf.len);
    buf_fini(&buf);
    return json;
}

struct record *
record_new(const char *event)
{
    struct record *record = record_of_json(must(json_object()));

    /* These come first in every line; journal_add() fills them in. */
    record_int(record, "v", 1);
    record_int(record, "seq", 0);
    record_number(record, "t", 0);
    record_text(record, "ts", "");
    record_text(record, "ev", event);
    return record;
}

void
record_free(struct record *record)
{
    if (record != NULL)
        json_decref(record_json(record));
}

struct record *
record_copy(const struct record *record)
{
    return record_of_json(must(json_deep_copy(record_json(record))));
}

/* Of a value and all that is in it. */
static json_t *
plain_json(json_t *json)
{
    json_t *copy, *item;
    const char *key;
    size_t i;
    char *text;

    if (json_is_string(json)) {
        text =
            utf8_plain(json_string_value(json), json_string_length(json), '?');
        copy = must(json_string(text));
        free(text);
        return copy;
    }
    if (json_is_array(json)) {
        copy = must(json_array());
        json_array_foreach(json, i, item)
            json_array_append_new(copy, plain_json(item));
        return copy;
    }
    if (!json_is_object(json))
        return json_incref(json);
    copy = must(json_object());
    json_object_foreach(json, key, item)
        json_object_set_new(copy, key, plain_json(item));
    return copy;
}

struct record *
record_plain(const struct record *record)
{
    return record_of_json(plain_json(record_json(record)));
}

void
record_text(struct record *record, const char *key, const char *text)
{
    if (text != NULL)
        set(record, key, valid_string(text));
}

void
record_printf(struct record *record, const char *key, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    record_text(record, key, text);
    free(text);
}

void
record_number(struct record *record, const char *key, double number)
{
    set(record, key, isfinite(number) ? json_real(number) : json_null());
}

void
record_int(struct record *record, const char *key, int64_t number)
{
    set(record, key, json_integer(number));
}

void
record_bool(struct record *record, const char *key, bool value)
{
    set(record, key, json_boolean(value));
}

static json_t *
list_under(struct record *record, const char *key)
{
    json_t *list = json_object_get(record_json(record), key);

    if (list == NULL) {
        list = must(json_array());
        set(record, key, list);
    }
    return list;
}

struct record *
record_item(struct record *record, const char *key)
{
    json_t *item = must(json_object());

    if (json_array_append_new(list_under(record, key), item) != 0)
        xalloc_die();
    return record_of_json(item);
}

void
record_add_text(struct record *record, const char *key, const char *text)
{
    if (json_array_append_new(list_under(record, key),
                              must(valid_string(text))) != 0)
        xalloc_die();
}

const char *
record_event(const struct record *record)
{
    return record_get(record, "ev");
}

uint64_t
record_at_us(const struct record *record)
{
    return (uint64_t)llround(record_get_number(record, "t", 0) * 1e6);
}

static json_t *
get(const struct record *record, const char *key)
{
    return json_object_get(record_json(record), key);
}

const char *
record_get(const struct record *record, const char *key)
{
    const char *text = json_string_value(get(record, key));

    return text != NULL ? text : "";
}

bool
record_has(const struct record *record, const char *key)
{
    return get(record, key) != NULL;
}

double
record_get_number(const struct record *record, const char *key, double fallback)
{
    const json_t *json = get(record, key);

    return json_is_number(json) ? json_number_value(json) : fallback;
}

int64_t
record_get_int(const struct record *record, const char *key, int64_t fallback)
{
    const json_t *json = get(record, key);

    return json_is_integer(json) ? (int64_t)json_integer_value(json) : fallback;
}

bool
record_get_bool(const struct record *record, const char *key)
{
    return json_is_true(get(record, key));
}

size_t
record_len(const struct record *record, const char *key)
{
    return json_array_size(get(record, key));
}

const struct record *
record_at(const struct record *record, const char *key, size_t n)
{
    return record_of_json(json_array_get(get(record, key), n));
}

const char *
record_text_at(const struct record *record, const char *key, size_t n)
{
    const char *text = json_string_value(json_array_get(get(record, key), n));

    return text != NULL ? text : "";
}
