/* str.c - small questions about strings, and lists of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"

bool
str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *text, const char *suffix)
{
    size_t len = strlen(text), tail = strlen(suffix);

    return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}

bool
str_same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool
str_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

bool
str_to_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    unsigned long long value;
    char *end;

    if (*text < '0' || *text > '9')
        return false; /* strtoull would take blanks and signs */
    errno = 0;
    value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < min || value > max)
        return false;
    *out = value;
    return true;
}

#define DISTANCE_MAX 64

/* Optimal string alignment distance (Damerau-Levenshtein, restricted). */
unsigned
str_distance(const char *a, const char *b)
{
    unsigned rows[3][DISTANCE_MAX];
    unsigned *before = rows[0], *last = rows[1], *now = rows[2], *spare;
    size_t a_len = strlen(a), b_len = strlen(b);

    if (a_len >= DISTANCE_MAX || b_len >= DISTANCE_MAX)
        return DISTANCE_MAX;
    memset(rows, 0, sizeof rows);
    for (size_t j = 0; j <= b_len; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            now[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = MIN(now[j], last[j] + 1);
            now[j] = MIN(now[j], now[j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = MIN(now[j], before[j - 2] + 1);
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_len];
}

uint64_t
str_hash(uint64_t seed, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;

    for (size_t i = 0; i < len; i++)
        seed = (seed ^ p[i]) * 1099511628211ULL;
    return seed;
}

void
strs_take(struct strs *list, char *text)
{
    list->items =
        xgrow(list->items, list->len, &list->cap, sizeof *list->items);
    list->items[list->len++] = text;
}

void
strs_add(struct strs *list, const char *text)
{
    strs_take(list, xstrdup(text));
}

bool
strs_has(const struct strs *list, const char *text)
{
    for (size_t i = 0; i < list->len; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

char *
strs_join(const struct strs *list, const char *between)
{
    struct buf buf = BUF_INIT(0);

    for (size_t i = 0; i < list->len; i++) {
        if (i > 0)
            buf_puts(&buf, between);
        buf_puts(&buf, list->items[i]);
    }
    return buf_take(&buf);
}

void
strs_fini(struct strs *list)
{
    for (size_t i = 0; i < list->len; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct strs){ 0 };
}
