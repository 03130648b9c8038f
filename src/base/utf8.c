/* utf8.c - UTF-8 (RFC 3629): read, write, and hold back what is cut. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/utf8.h"

#include <string.h>

static const uint8_t replacement[] = { 0xEF, 0xBF, 0xBD };

/*
 * The length a first byte announces and the bounds of the second byte, which
 * exclude overlong forms, surrogates and values over U+10FFFF (Unicode table
 * 3-7). Length 0: no first byte.
 */
static int
announced(uint8_t first, uint8_t *low, uint8_t *high)
{
    *low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first < 0x80)
        return 1;
    if (first < 0xC2)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

int
utf8_decode(const uint8_t *bytes, size_t len, uint32_t *rune)
{
    uint8_t low, high;
    int want = announced(bytes[0], &low, &high);

    *rune = UTF8_REPLACEMENT;
    if (want == 0)
        return -1;
    if (want == 1) {
        *rune = bytes[0];
        return 1;
    }
    uint32_t value = bytes[0] & (0x7Fu >> want);
    for (int i = 1; i < want; i++) {
        if ((size_t)i == len)
            return 0;
        if (bytes[i] < low || bytes[i] > high)
            return -i;
        value = value << 6 | (bytes[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *rune = value;
    return want;
}

size_t
utf8_encode(uint32_t rune, uint8_t out[UTF8_MAX])
{
    if (rune < 0x80) {
        out[0] = (uint8_t)rune;
        return 1;
    }
    if (rune < 0x800) {
        out[0] = (uint8_t)(0xC0 | rune >> 6);
        out[1] = (uint8_t)(0x80 | (rune & 0x3F));
        return 2;
    }
    if (rune < 0x10000) {
        out[0] = (uint8_t)(0xE0 | rune >> 12);
        out[1] = (uint8_t)(0x80 | (rune >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (rune & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | rune >> 18);
    out[1] = (uint8_t)(0x80 | (rune >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (rune >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (rune & 0x3F));
    return 4;
}

bool
utf8_is_text(uint32_t rune)
{
    bool control = rune < 0x20 || (rune >= 0x7F && rune < 0xA0);
    bool turns = rune == 0x061C || rune == 0x200E || rune == 0x200F ||
                 (rune >= 0x202A && rune <= 0x202E) ||
                 (rune >= 0x2066 && rune <= 0x2069);

    return !control && !turns && rune != 0x2028 && rune != 0x2029;
}

char *
utf8_plain(const char *text, size_t len, char instead)
{
    struct buf out = BUF_INIT(0);

    for (size_t i = 0, n; i < len; i += n) {
        const uint8_t *at = (const uint8_t *)text + i;
        uint32_t rune;
        int whole = utf8_decode(at, len - i, &rune);
        bool blank = *at == '\n' || *at == '\r' || *at == '\t';

        n = whole > 0 ? (size_t)whole : 1;
        if (whole > 0 && utf8_is_text(rune))
            buf_add(&out, at, n);
        else
            buf_add(&out, blank ? " " : &instead, 1);
    }
    return buf_take(&out);
}

bool
utf8_valid(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    uint32_t rune;
    int n;

    for (size_t i = 0; i < len; i += (size_t)n)
        if ((n = utf8_decode(p + i, len - i, &rune)) <= 0)
            return false;
    return true;
}

/* Pass what can be decoded; returns how many bytes at the end are cut. */
static size_t
pass_whole(const uint8_t *bytes, size_t len, struct buf *out)
{
    size_t start = 0, i = 0;
    uint32_t rune;
    int n;

    while (i < len) {
        n = utf8_decode(bytes + i, len - i, &rune);
        if (n == 0)
            break;
        if (n < 0) {
            buf_add(out, bytes + start, i - start);
            buf_add(out, replacement, sizeof replacement);
            i += (size_t)-n;
            start = i;
        } else {
            i += (size_t)n;
        }
    }
    buf_add(out, bytes + start, i - start);
    return len - i;
}

void
utf8_gate_pass(struct utf8_gate *gate, const uint8_t *bytes, size_t len,
               struct buf *out)
{
    /* Complete a held character byte by byte: at most three turns. */
    while (gate->len > 0 && len > 0) {
        size_t cut;

        gate->held[gate->len++] = *bytes++;
        len--;
        cut = pass_whole(gate->held, gate->len, out);
        memmove(gate->held, gate->held + gate->len - cut, cut);
        gate->len = cut;
    }
    if (len > 0) {
        gate->len = pass_whole(bytes, len, out);
        memcpy(gate->held, bytes + len - gate->len, gate->len);
    }
}

void
utf8_gate_end(struct utf8_gate *gate, struct buf *out)
{
    if (gate->len > 0)
        buf_add(out, replacement, sizeof replacement);
    gate->len = 0;
}
