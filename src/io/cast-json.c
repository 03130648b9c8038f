/* cast-json.c - a small strict JSON scanner (RFC 8259), for one line at a time.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/cast-json.h"

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
cast_json_init(struct cast_json *json, const char *text, size_t len)
{
    *json = (struct cast_json){ .at = text, .end = text + len };
}

bool
cast_json_fail(struct cast_json *json, const char *what)
{
    if (json->wrong == NULL)
        json->wrong = what;
    return false;
}

static void
skip_blanks(struct cast_json *json)
{
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' ||
                                    *json->at == '\r' || *json->at == '\n'))
        json->at++;
}

bool
cast_json_next(struct cast_json *json, char what)
{
    skip_blanks(json);
    return json->wrong == NULL && json->at < json->end && *json->at == what;
}

bool
cast_json_expect(struct cast_json *json, char what)
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

    if (cast_json_next(json, what)) {
        json->at++;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].what == what)
            return cast_json_fail(json, texts[i].text);
    return cast_json_fail(json, "something is missing");
}

bool
cast_json_end(struct cast_json *json)
{
    skip_blanks(json);
    return json->wrong == NULL && (json->at == json->end ||
                                   cast_json_fail(json, "more than one value"));
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
measure_number(const struct cast_json *json)
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
cast_json_number(struct cast_json *json, double *out)
{
    char text[64];
    size_t len;

    skip_blanks(json);
    len = json->wrong == NULL ? measure_number(json) : 0;
    if (len == 0 || len >= sizeof text)
        return cast_json_fail(json, "a number is missing");
    memcpy(text, json->at, len);
    text[len] = '\0';
    *out = strtod(text, NULL);
    json->at += len;
    return true;
}

/* Four hexadecimal digits. */
static bool
read_unit(struct cast_json *json, uint32_t *out)
{
    uint32_t unit = 0;

    if (json->end - json->at < 4)
        return cast_json_fail(json, "a \\u escape is cut");
    for (int i = 0; i < 4; i++) {
        char c = *json->at++;

        if (c >= '0' && c <= '9')
            unit = unit << 4 | (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            unit = unit << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return cast_json_fail(json, "a \\u escape has a wrong digit");
    }
    *out = unit;
    return true;
}

static bool
read_rune(struct cast_json *json, struct buf *out)
{
    uint8_t bytes[UTF8_MAX];
    uint32_t rune, low;

    if (!read_unit(json, &rune))
        return false;
    if (rune >= 0xD800 && rune < 0xDC00) {
        if (json->end - json->at < 2 || json->at[0] != '\\' ||
            json->at[1] != 'u')
            return cast_json_fail(json, "half a surrogate pair");
        json->at += 2;
        if (!read_unit(json, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return cast_json_fail(json, "half a surrogate pair");
        rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
    } else if (rune >= 0xDC00 && rune < 0xE000) {
        return cast_json_fail(json, "half a surrogate pair");
    }
    return buf_add(out, bytes, utf8_encode(rune, bytes)) ||
           cast_json_fail(json, "a string is too long");
}

static bool
read_escape(struct cast_json *json, struct buf *out)
{
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *found;
    char letter;

    if (json->at == json->end)
        return cast_json_fail(json, "a string does not end");
    letter = *json->at++;
    if (letter == 'u')
        return read_rune(json, out);
    found = letter != '\0' ? strchr(letters, letter) : NULL;
    if (found == NULL)
        return cast_json_fail(json, "an unknown escape");
    return buf_add(out, &means[found - letters], 1) ||
           cast_json_fail(json, "a string is too long");
}

bool
cast_json_string(struct cast_json *json, struct buf *out)
{
    const char *start;

    buf_clear(out);
    if (!cast_json_expect(json, '"'))
        return false;
    for (;;) {
        start = json->at;
        while (json->at < json->end && !escapes[(uint8_t)*json->at].escaped)
            json->at++;
        if (!utf8_valid(start, (size_t)(json->at - start)))
            return cast_json_fail(json, "a string is no UTF-8");
        if (!buf_add(out, start, (size_t)(json->at - start)))
            return cast_json_fail(json, "a string is too long");
        if (json->at == json->end)
            return cast_json_fail(json, "a string does not end");
        if (*json->at == '"')
            break;
        if (*json->at++ != '\\')
            return cast_json_fail(json, "a bare control character in a string");
        if (!read_escape(json, out))
            return false;
    }
    json->at++;
    return true;
}

static bool skip_value(struct cast_json *json, struct buf *scratch, int depth);

static bool
skip_members(struct cast_json *json, struct buf *scratch, int depth, char close)
{
    json->at++;
    if (cast_json_next(json, close)) {
        json->at++;
        return true;
    }
    do {
        if (close == '}' &&
            (!cast_json_string(json, scratch) || !cast_json_expect(json, ':')))
            return false;
        if (!skip_value(json, scratch, depth + 1))
            return false;
    } while (cast_json_next(json, ',') && json->at++ != NULL);
    return cast_json_expect(json, close);
}

static bool
skip_word(struct cast_json *json)
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
    return cast_json_fail(json, "no value of JSON");
}

static bool
skip_value(struct cast_json *json, struct buf *scratch, int depth)
{
    double number;

    if (depth > CAST_JSON_DEPTH_MAX)
        return cast_json_fail(json, "too deep");
    if (cast_json_next(json, '{'))
        return skip_members(json, scratch, depth, '}');
    if (cast_json_next(json, '['))
        return skip_members(json, scratch, depth, ']');
    if (cast_json_next(json, '"'))
        return cast_json_string(json, scratch);
    if (json->at < json->end &&
        (*json->at == '-' || (*json->at >= '0' && *json->at <= '9')))
        return cast_json_number(json, &number);
    return skip_word(json);
}

bool
cast_json_skip(struct cast_json *json)
{
    struct buf scratch = BUF_INIT((size_t)(json->end - json->at) + 1);
    bool good = skip_value(json, &scratch, 0);

    buf_fini(&scratch);
    return good;
}

void
cast_json_quote(struct buf *out, const char *text, size_t len)
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
