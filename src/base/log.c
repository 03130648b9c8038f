/* log.c - what miglab did, for the one who debugs miglab. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

static FILE *log_file; /* one log a process */
static enum log_level log_level;

static const char *const level_names[] = {
    [LOG_WARN] = "warn",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

bool
log_open(const char *path, enum log_level level, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                  0600);

    if (fd < 0)
        return err_sys(err, "cannot open the log %s", path);
    log_close();
    log_file = fdopen(fd, "a");
    if (log_file == NULL) {
        close(fd);
        return err_sys(err, "cannot open the log %s", path);
    }
    setvbuf(log_file, NULL, _IOLBF, 0);
    log_level = level;
    return true;
}

void
log_close(void)
{
    if (log_file != NULL)
        fclose(log_file);
    log_file = NULL;
}

void
log_write(enum log_level level, const char *module, const char *fmt, ...)
{
    uint64_t now = clock_now_us();
    va_list ap;

    if (log_file == NULL || level > log_level)
        return;
    fprintf(log_file, "%llu.%06llu %s %s: ", (unsigned long long)now / 1000000,
            (unsigned long long)now % 1000000, level_names[level], module);
    va_start(ap, fmt);
    vfprintf(log_file, fmt, ap);
    va_end(ap);
    fputc('\n', log_file);
}
