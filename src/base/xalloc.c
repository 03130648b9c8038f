/* xalloc.c - memory or the end of the program. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/xalloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*die_hook)(void); /* one terminal a process, so one hook */

void
xalloc_set_hook(void (*hook)(void))
{
    die_hook = hook;
}

void
xalloc_die(void)
{
    static const char words[] = "miglab: out of memory\n";

    if (die_hook != NULL)
        die_hook();
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        _exit(71);
    _exit(70);
}

void *
xmalloc(size_t size)
{
    void *ptr = malloc(MAX(size, (size_t)1));

    if (ptr == NULL)
        xalloc_die();
    return ptr;
}

void *
xcalloc(size_t count, size_t size)
{
    void *ptr = calloc(MAX(count, (size_t)1), MAX(size, (size_t)1));

    if (ptr == NULL)
        xalloc_die();
    return ptr;
}

void *
xrealloc(void *ptr, size_t count, size_t size)
{
    ptr = reallocarray(ptr, MAX(count, (size_t)1), MAX(size, (size_t)1));
    if (ptr == NULL)
        xalloc_die();
    return ptr;
}

char *
xstrdup(const char *text)
{
    return xstrndup(text, strlen(text));
}

char *
xstrndup(const char *text, size_t len)
{
    char *copy = xmalloc(len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *
xvasprintf(const char *fmt, va_list ap)
{
    char *text;

    if (vasprintf(&text, fmt, ap) < 0)
        xalloc_die();
    return text;
}

char *
xasprintf(const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    return text;
}

void *
xgrow(void *items, size_t len, size_t *cap, size_t size)
{
    if (len < *cap)
        return items;
    *cap = *cap == 0 ? 8 : *cap * 2;
    return xrealloc(items, *cap, size);
}
