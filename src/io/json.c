/* json.c - a small strict JSON scanner (RFC 8259), for one line at a time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/json.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* The letter behind the backslash; 0: \u00XX, and what is absent is plain. */
static const struct {
    char letter;
    bool escaped;
} escapes[256] = {
    [0x00] = { 0, true },    [0x01] = { 0, true },   [0x02] = { 0, true },
    [0x03] = { 0, true },    [0x04] = { 0, true },   [0x05] = { 0, true },
    [0x06] = { 0, true },    [0x07] = { 0, true },   [0x08] = { 'b', true },
    [0x09] = { 't', true },  [0x0A] = { 'n', true }, [0x0B] = { 0, true },
    [0x0C] = { 'f', true },  [0x0D] = { 'r', true }, [0x0E] = { 0, true },
    [0x0F] = { 0, true },    [0x10] = { 0, true },   [0x11] = { 0, true },
    [0x12] = { 0, true },    [0x13] = { 0, true },   [0x14] = { 0, true },
    [0x15] = { 0, true },    [0x16] = { 0, true },   [0x17] = { 0, true },
    [0x18] = { 0, true },    [0x19] = { 0, true },   [0x1A] = { 0, true },
    [0x1B] = { 0, true },    [0x1C] = { 0, true },   [0x1D] = { 0, true },
    [0x1E] = { 0, true },    [0x1F] = { 0, true },   ['"'] = { '"', true },
    ['\\'] = { '\\', true },
};

void
json_init(struct json *json, const char *text, size_t len)
{
    *json = (struct json){ .at = text, .end = text + len };
}

bool
json_fail(struct json *json, const char *what)
{
    if (json->wrong == NULL)
        json->wrong = what;
    return false;
}

static void
skip_blanks(struct json *json)
{
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' ||
                                    *json->at == '\r' || *json->at == '\n'))
        json->at++;
}

bool
json_next(struct json *json, char what)
{
    skip_blanks(json);
    return json->wrong == NULL && json->at < json->end && *json->at == what;
}

bool
json_expect(struct json *json, char what)
{
    static const struct {
        char what;
        const char *text;
    } texts[] = {
        { '[', "a '[' is missing" },    { ']', "a ']' is missing" },
        { '{', "a '{' is missing" },    { '}', "a '}' is missing" },
        { ',', "a ',' is missing" },    { ':', "a ':' is missing" },
        { '"', "a string is missing" },
    };

    if (json_next(json, what)) {
        json->at++;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].what == what)
            return json_fail(json, texts[i].text);
    return json_fail(json, "something is missing");
}

bool
json_end(struct json *json)
{
    skip_blanks(json);
    return json->wrong == NULL &&
           (json->at == json->end || json_fail(json, "more than one value"));
}

static size_t
count_digits(const char *at, const char *end)
{
    size_t count = 0;

    while (at + count < end && at[count] >= '0' && at[count] <= '9')
        count++;
    return count;
}

/* The length of the number at the place, 0 if there is none. */
static size_t
measure_number(const struct json *json)
{
    const char *at = json->at, *end = json->end;
    size_t digits;

    if (at < end && *at == '-')
        at++;
    digits = count_digits(at, end);
    if (digits == 0 || (digits > 1 && *at == '0'))
        return 0;
    at += digits;
    if (at < end && *at == '.') {
        digits = count_digits(at + 1, end);
        if (digits == 0)
            return 0;
        at += 1 + digits;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        digits = count_digits(at, end);
        if (digits == 0)
            return 0;
        at += digits;
    }
    return (size_t)(at - json->at);
}

bool
json_number(struct json *json, double *out)
{
    char text[64];
    size_t len;

    skip_blanks(json);
    len = json->wrong == NULL ? measure_number(json) : 0;
    if (len == 0 || len >= sizeof text)
        return json_fail(json, "a number is missing");
    memcpy(text, json->at, len);
    text[len] = '\0';
    *out = strtod(text, NULL);
    json->at += len;
    return true;
}

/* Four hexadecimal digits. */
static bool
read_unit(struct json *json, uint32_t *out)
{
    uint32_t unit = 0;

    if (json->end - json->at < 4)
        return json_fail(json, "a \\u escape is cut");
    for (int i = 0; i < 4; i++) {
        char c = *json->at++;

        if (c >= '0' && c <= '9')
            unit = unit << 4 | (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            unit = unit << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return json_fail(json, "a \\u escape has a wrong digit");
    }
    *out = unit;
    return true;
}

static bool
read_rune(struct json *json, struct buf *out)
{
    uint8_t bytes[UTF8_MAX];
    uint32_t rune, low;

    if (!read_unit(json, &rune))
        return false;
    if (rune >= 0xD800 && rune < 0xDC00) {
        if (json->end - json->at < 2 || json->at[0] != '\\' ||
            json->at[1] != 'u')
            return json_fail(json, "half a surrogate pair");
        json->at += 2;
        if (!read_unit(json, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return json_fail(json, "half a surrogate pair");
        rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
    } else if (rune >= 0xDC00 && rune < 0xE000) {
        return json_fail(json, "half a surrogate pair");
    }
    return buf_add(out, bytes, utf8_encode(rune, bytes)) ||
           json_fail(json, "a string is too long");
}

static bool
read_escape(struct json *json, struct buf *out)
{
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *found;
    char letter;

    if (json->at == json->end)
        return json_fail(json, "a string does not end");
    letter = *json->at++;
    if (letter == 'u')
        return read_rune(json, out);
    found = letter != '\0' ? strchr(letters, letter) : NULL;
    if (found == NULL)
        return json_fail(json, "an unknown escape");
    return buf_add(out, &means[found - letters], 1) ||
           json_fail(json, "a string is too long");
}

bool
json_text(struct json *json, struct buf *out)
{
    const char *start;

    buf_clear(out);
    if (!json_expect(json, '"'))
        return false;
    for (;;) {
        start = json->at;
        while (json->at < json->end && !escapes[(uint8_t)*json->at].escaped)
            json->at++;
        if (!utf8_valid(start, (size_t)(json->at - start)))
            return json_fail(json, "a string is no UTF-8");
        if (!buf_add(out, start, (size_t)(json->at - start)))
            return json_fail(json, "a string is too long");
        if (json->at == json->end)
            return json_fail(json, "a string does not end");
        if (*json->at == '"')
            break;
        if (*json->at++ != '\\')
            return json_fail(json, "a bare control character in a string");
        if (!read_escape(json, out))
            return false;
    }
    json->at++;
    return true;
}

static bool skip_value(struct json *json, struct buf *scratch, int depth);

static bool
skip_members(struct json *json, struct buf *scratch, int depth, char close)
{
    json->at++;
    if (json_next(json, close)) {
        json->at++;
        return true;
    }
    do {
        if (close == '}' &&
            (!json_text(json, scratch) || !json_expect(json, ':')))
            return false;
        if (!skip_value(json, scratch, depth + 1))
            return false;
    } while (json_next(json, ',') && json->at++ != NULL);
    return json_expect(json, close);
}

static bool
skip_word(struct json *json)
{
    static const char *const words[] = { "true", "false", "null" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t len = strlen(words[i]);

        if ((size_t)(json->end - json->at) >= len &&
            memcmp(json->at, words[i], len) == 0) {
            json->at += len;
            return true;
        }
    }
    return json_fail(json, "no value of JSON");
}

static bool
skip_value(struct json *json, struct buf *scratch, int depth)
{
    double number;

    if (depth > JSON_DEPTH_MAX)
        return json_fail(json, "too deep");
    if (json_next(json, '{'))
        return skip_members(json, scratch, depth, '}');
    if (json_next(json, '['))
        return skip_members(json, scratch, depth, ']');
    if (json_next(json, '"'))
        return json_text(json, scratch);
    if (json->at < json->end &&
        (*json->at == '-' || (*json->at >= '0' && *json->at <= '9')))
        return json_number(json, &number);
    return skip_word(json);
}

bool
json_skip(struct json *json)
{
    struct buf scratch = BUF_INIT((size_t)(json->end - json->at) + 1);
    bool good = skip_value(json, &scratch, 0);

    buf_fini(&scratch);
    return good;
}

void
json_quote(struct buf *out, const char *text, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    size_t start = 0;

    buf_add(out, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)text[i];
        char code[] = "\\u00..";

        if (!escapes[byte].escaped)
            continue;
        buf_add(out, text + start, i - start);
        start = i + 1;
        if (escapes[byte].letter != 0) {
            code[1] = escapes[byte].letter;
            buf_add(out, code, 2);
        } else {
            code[4] = digits[byte >> 4];
            code[5] = digits[byte & 15];
            buf_add(out, code, 6);
        }
    }
    buf_add(out, text + start, len - start);
    buf_add(out, "\"", 1);
}
