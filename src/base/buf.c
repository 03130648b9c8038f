/* buf.c - bytes that grow up to a maximum. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void
buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf)BUF_INIT(max);
}

void
buf_fini(struct buf *buf)
{
    free(buf->bytes);
    buf_init(buf, buf->max);
}

/* Room for len more bytes and the NUL. */
static bool
buf_reserve(struct buf *buf, size_t len)
{
    size_t need = buf->len + len + 1;

    if (buf->max != 0 && (len > buf->max || buf->len > buf->max - len))
        return false;
    if (need <= buf->cap)
        return true;
    buf->cap = MAX(need, MAX(buf->cap * 2, (size_t)64));
    buf->bytes = xrealloc(buf->bytes, buf->cap, 1);
    return true;
}

bool
buf_add(struct buf *buf, const void *bytes, size_t len)
{
    if (!buf_reserve(buf, len))
        return false;
    if (len > 0)
        memcpy(buf->bytes + buf->len, bytes, len);
    buf->len += len;
    buf->bytes[buf->len] = '\0';
    return true;
}

bool
buf_puts(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

bool
buf_printf(struct buf *buf, const char *fmt, ...)
{
    va_list ap;
    char *text;
    bool fits;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    fits = buf_puts(buf, text);
    free(text);
    return fits;
}

void
buf_drop(struct buf *buf, size_t len)
{
    BUG_ON(len > buf->len);
    if (len == 0)
        return;
    memmove(buf->bytes, buf->bytes + len, buf->len - len + 1);
    buf->len -= len;
}

void
buf_clear(struct buf *buf)
{
    buf_drop(buf, buf->len);
}

char *
buf_take(struct buf *buf)
{
    char *text = buf->bytes != NULL ? buf->bytes : xstrdup("");

    buf_init(buf, buf->max);
    return text;
}

const char *
buf_text(const struct buf *buf)
{
    return buf->bytes != NULL ? buf->bytes : "";
}
