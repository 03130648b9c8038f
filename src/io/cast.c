/*
 * cast.c - write a recording: one write() an event, into a file of our own.
 *
 * Unbuffered, so that a kill loses nothing that was recorded. When the disk is
 * full write() first takes a part of an event and says so only at the next
 * call: the part is cut off again, and the recording ends on a whole line.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/cast.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "io/json.h"

struct cast_writer {
    int fd;
    char *name;
    uint64_t offset;  /* of whole lines */
    uint64_t last_us; /* of the newest event */
    struct buf line;
    struct err failed; /* the first failure, which every later call repeats */
};

static bool
fail(struct cast_writer *cast, struct err *err)
{
    int saved = errno;
    bool full = saved == ENOSPC || saved == EDQUOT || saved == EFBIG;

    err_set(&cast->failed, full ? ERR_LIMIT : ERR_SYS,
            "recording failed: cannot write %s: %s", cast->name,
            strerror(saved));
    if (ftruncate(cast->fd, (off_t)cast->offset) != 0) {
        /* The torn line stays; readers ignore it. */
    }
    *err = cast->failed;
    return false;
}

/* The line that was composed, as one write() unless the kernel takes less. */
static bool
write_line(struct cast_writer *cast, struct err *err)
{
    size_t done = 0;

    if (cast->failed.kind != ERR_NONE) {
        *err = cast->failed;
        return false;
    }
    while (done < cast->line.len) {
        ssize_t len =
            write(cast->fd, cast->line.bytes + done, cast->line.len - done);

        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return fail(cast, err);
        done += (size_t)len;
    }
    cast->offset += cast->line.len;
    return true;
}

static bool
write_event(struct cast_writer *cast, uint64_t at_us, char code,
            const char *text, size_t len, struct err *err)
{
    BUG_ON(!utf8_valid(text, len)); /* the gate before us lets nothing else */
    cast->last_us = MAX(cast->last_us, at_us);
    buf_clear(&cast->line);
    buf_printf(&cast->line, "[%" PRIu64 ".%06" PRIu64 ", \"%c\", ",
               cast->last_us / 1000000, cast->last_us % 1000000, code);
    json_quote(&cast->line, text, len);
    buf_puts(&cast->line, "]\n");
    return write_line(cast, err);
}

static bool
write_header(struct cast_writer *cast, const struct cast_header *header,
             struct err *err)
{
    buf_printf(&cast->line,
               "{\"version\": 2, \"width\": %u, \"height\": %u, "
               "\"timestamp\": %" PRIu64,
               header->cols, header->rows, header->wall_us / 1000000);
    if (header->title != NULL) {
        buf_puts(&cast->line, ", \"title\": ");
        json_quote(&cast->line, header->title, strlen(header->title));
    }
    buf_puts(&cast->line, "}\n");
    return write_line(cast, err);
}

struct cast_writer *
cast_writer_new(int dirfd, const char *name, const struct cast_header *header,
                struct err *err)
{
    struct cast_writer *cast;
    int fd;

    if (strchr(name, '/') != NULL) {
        err_set(err, ERR_USAGE, "a recording's name has no directory: %s",
                name);
        return NULL;
    }
    /* A file size limit is to be an error, not the end of the program. */
    signal(SIGXFSZ, SIG_IGN);
    fd = openat(dirfd, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC,
                0600);
    if (fd < 0) {
        err_sys(err, "cannot create the recording %s", name);
        return NULL;
    }
    cast = xcalloc(1, sizeof *cast);
    cast->fd = fd;
    cast->name = xstrdup(name);
    if (!write_header(cast, header, err)) {
        cast_writer_free(cast);
        return NULL;
    }
    return cast;
}

void
cast_writer_free(struct cast_writer *cast)
{
    if (cast == NULL)
        return;
    close(cast->fd);
    buf_fini(&cast->line);
    free(cast->name);
    free(cast);
}

bool
cast_output(struct cast_writer *cast, uint64_t at_us, const char *text,
            size_t len, struct err *err)
{
    return len == 0 || write_event(cast, at_us, 'o', text, len, err);
}

bool
cast_resize(struct cast_writer *cast, uint64_t at_us, uint16_t cols,
            uint16_t rows, struct err *err)
{
    struct buf size = BUF_INIT(0);
    bool good;

    buf_printf(&size, "%ux%u", cols, rows);
    good = write_event(cast, at_us, 'r', size.bytes, size.len, err);
    buf_fini(&size);
    return good;
}

bool
cast_marker(struct cast_writer *cast, uint64_t at_us, const char *label,
            struct err *err)
{
    return write_event(cast, at_us, 'm', label, strlen(label), err);
}

uint64_t
cast_offset(const struct cast_writer *cast)
{
    return cast->offset;
}
