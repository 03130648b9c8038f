/* macros.h - the few macros every floor may use. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_MACROS_H
#define BASE_MACROS_H

#include <assert.h>
#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof(*(a)))
#define MIN(a, b)    ((a) < (b) ? (a) : (b))
#define MAX(a, b)    ((a) > (b) ? (a) : (b))

/* The struct that holds this member. */
#define CONTAINER_OF(ptr, type, member)                                        \
    ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define NONNULL(...)       __attribute__((nonnull(__VA_ARGS__)))
#define MUST_CHECK         __attribute__((warn_unused_result))
#define NORETURN           __attribute__((noreturn))

/* A state that no input, file or device can bring about: our own mistake. */
#define BUG_ON(condition) assert(!(condition))

#endif
