/*
 * log.h - what miglab did, for the one who debugs miglab.
 *
 * Goes to a file or nowhere, never to the terminal: a console draws there.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/err.h"
#include "base/macros.h"

enum log_level { LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Append to path from now on, up to this level. */
bool log_open(const char *path, enum log_level level,
              struct err *err) MUST_CHECK NONNULL(1, 3);
void log_close(void);

/* "12.345678 debug ssh: words"; module is the caller's noun. */
void log_write(enum log_level level, const char *module, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(2, 3);

#define log_warn(module, ...)  log_write(LOG_WARN, module, __VA_ARGS__)
#define log_info(module, ...)  log_write(LOG_INFO, module, __VA_ARGS__)
#define log_debug(module, ...) log_write(LOG_DEBUG, module, __VA_ARGS__)

#endif
