/*
 * xalloc.h - memory or the end of the program.
 *
 * Running out of memory is no error that callers handle: the hook set by the
 * screen restores the terminal, then the program ends with a word.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stdarg.h>
#include <stddef.h>

#include "base/macros.h"

void *xmalloc(size_t size) MUST_CHECK;
void *xcalloc(size_t count, size_t size) MUST_CHECK;
void *xrealloc(void *ptr, size_t count, size_t size) MUST_CHECK;
char *xstrdup(const char *text) MUST_CHECK NONNULL(1);
char *xstrndup(const char *text, size_t len) MUST_CHECK NONNULL(1);
char *xasprintf(const char *fmt, ...) MUST_CHECK PRINTF(1, 2);
char *xvasprintf(const char *fmt, va_list ap) MUST_CHECK;

/*
 * Room for one more: returns items, moved if needed, with *cap > len. The
 * caller then stores items[len].
 */
void *xgrow(void *items, size_t len, size_t *cap, size_t size) MUST_CHECK
    NONNULL(3);

/* Say that memory ran out and end the program; for allocators of libraries. */
void xalloc_die(void) NORETURN;

/* What to do first when memory runs out; NULL: nothing. */
void xalloc_set_hook(void (*hook)(void));

#endif
