/*
 * Any file as a recording: what is read is UTF-8, its time never runs back, and
 * each text written again as JSON is read as the same text.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "io/cast.h"
#include "io/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_event(const struct cast_event *event)
{
    struct buf quoted = BUF_INIT(0), again = BUF_INIT(0);
    struct json json;

    if (!utf8_valid(event->text, event->len))
        abort();
    if (event->code == 'r' && (event->cols == 0 || event->rows == 0))
        abort();
    json_quote(&quoted, event->text, event->len);
    json_init(&json, quoted.bytes, quoted.len);
    if (!json_text(&json, &again) || !json_end(&json) ||
        again.len != event->len ||
        memcmp(buf_text(&again), event->text, again.len) != 0)
        abort();
    buf_fini(&quoted);
    buf_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("cast", MFD_CLOEXEC);
    char *path = xasprintf("/proc/self/fd/%d", fd);
    struct err err = ERR_INIT;
    struct cast_header header;
    struct cast_event event;
    struct cast_reader *cast;
    uint64_t last_us = 0;

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    cast = cast_reader_new(path, &header, &err);
    while (cast != NULL && cast_next(cast, &event, &err) == 1) {
        if (event.at_us < last_us)
            abort();
        last_us = event.at_us;
        check_event(&event);
    }
    cast_reader_free(cast);
    free(path);
    close(fd);
    return 0;
}
