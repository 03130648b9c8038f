/* err.c - fill in one failure. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[ERR_KINDS] = {
    [ERR_NONE] = "none",       [ERR_USAGE] = "usage",
    [ERR_FILE] = "file",       [ERR_SYNTAX] = "syntax",
    [ERR_SYS] = "system",      [ERR_LIMIT] = "limit",
    [ERR_RESOLVE] = "resolve", [ERR_REFUSED] = "refused",
    [ERR_PEER] = "peer",       [ERR_TIMEOUT] = "timeout",
    [ERR_HOSTKEY] = "hostkey", [ERR_AUTH] = "auth",
    [ERR_BUSY] = "busy",       [ERR_CANCELLED] = "cancelled",
};

bool
err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
    va_list ap;

    err->kind = kind;
    va_start(ap, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    return false;
}

bool
err_sys(struct err *err, const char *fmt, ...)
{
    int saved = errno;
    size_t len;
    va_list ap;

    err->kind = ERR_SYS;
    va_start(ap, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    len = strlen(err->text);
    snprintf(err->text + len, sizeof err->text - len, ": %s", strerror(saved));
    return false;
}

const char *
err_kind_name(enum err_kind kind)
{
    BUG_ON(kind >= ERR_KINDS);
    return kind_names[kind];
}
