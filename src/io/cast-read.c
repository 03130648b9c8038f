/*
 * cast-read.c - read a recording, event by event.
 *
 * Strict about what ours are strict about: whole lines of three members, times
 * that do not run backwards. A last line that is not whole is what a kill or a
 * full disk leaves behind, and is no mistake.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/cast.h"
#include "io/json.h"

#define LINE_MAX_BYTES (8u << 20)
#define SECONDS_MAX    1e9 /* 31 years; the microseconds are still exact */

struct cast_reader {
    int fd;
    char *path;
    unsigned line;    /* counts from 1 */
    struct buf bytes; /* read and not used up */
    size_t used;      /* of bytes */
    bool at_end;      /* of the file */
    uint64_t last_us;
    struct buf code, text, title;
};

static bool
fail(const struct cast_reader *cast, const char *what, struct err *err)
{
    return err_set(err, ERR_FILE, "%s:%u: %s", cast->path, cast->line, what);
}

static bool
read_more(struct cast_reader *cast, struct err *err)
{
    char block[65536];
    ssize_t len;

    buf_drop(&cast->bytes, cast->used);
    cast->used = 0;
    do
        len = read(cast->fd, block, sizeof block);
    while (len < 0 && errno == EINTR);
    if (len < 0)
        return err_sys(err, "cannot read %s", cast->path);
    cast->at_end = len == 0;
    return buf_add(&cast->bytes, block, (size_t)len) ||
           fail(cast, "a line is too long", err);
}

/*
 * The next line without its end. 1; 0 at the end of the file, where *len tells
 * how much of a line without an end is there; -1 error.
 */
static int
next_line(struct cast_reader *cast, const char **line, size_t *len,
          struct err *err)
{
    size_t looked = 0;

    cast->line++;
    for (;;) {
        const char *start = buf_text(&cast->bytes) + cast->used;
        size_t left = cast->bytes.len - cast->used;
        const char *end = memchr(start + looked, '\n', left - looked);

        *line = start;
        *len = end != NULL ? (size_t)(end - start) : left;
        if (end != NULL) {
            cast->used += *len + 1;
            return 1;
        }
        if (cast->at_end) {
            cast->used = cast->bytes.len;
            return 0;
        }
        looked = left;
        if (!read_more(cast, err))
            return -1;
    }
}

/* The numbers of a header; the others are not for us. */
enum member { IN_VERSION, IN_WIDTH, IN_HEIGHT, IN_TIMESTAMP, MEMBERS };

static const struct {
    const char *name;
    double max;
    const char *missing; /* NULL: it may be */
} members[MEMBERS] = {
    [IN_VERSION] = { "version", 2, "no asciicast of version 2" },
    [IN_WIDTH] = { "width", UINT16_MAX, "the width is missing" },
    [IN_HEIGHT] = { "height", UINT16_MAX, "the height is missing" },
    [IN_TIMESTAMP] = { "timestamp", 1e12, NULL },
};

static bool
read_member(struct cast_reader *cast, struct json *json, double *numbers)
{
    if (!json_text(json, &cast->text) || !json_expect(json, ':'))
        return false;
    for (size_t i = 0; i < MEMBERS; i++) {
        double *number = &numbers[i];

        if (!str_same(buf_text(&cast->text), members[i].name))
            continue;
        return json_number(json, number) &&
               ((*number >= 0 && *number <= members[i].max) ||
                json_fail(json, "a number is out of range"));
    }
    if (str_same(buf_text(&cast->text), "title") && json_next(json, '"'))
        return json_text(json, &cast->title);
    return json_skip(json);
}

static bool
parse_header(struct cast_reader *cast, struct json *json, double *numbers)
{
    if (!json_expect(json, '{'))
        return false;
    do
        if (!read_member(cast, json, numbers))
            return false;
    while (json_next(json, ',') && json->at++ != NULL);
    if (!json_expect(json, '}') || !json_end(json))
        return false;
    for (size_t i = 0; i < MEMBERS; i++)
        if (members[i].missing != NULL && numbers[i] < 0)
            return json_fail(json, members[i].missing);
    if (numbers[IN_VERSION] < 2)
        return json_fail(json, members[IN_VERSION].missing);
    return true;
}

static bool
read_header(struct cast_reader *cast, struct cast_header *out, struct err *err)
{
    double numbers[MEMBERS] = { -1, -1, -1, -1 };
    struct json json;
    const char *line;
    size_t len;

    if (next_line(cast, &line, &len, err) < 0)
        return false;
    json_init(&json, line, len);
    if (!parse_header(cast, &json, numbers))
        return fail(cast, json.wrong, err);
    *out = (struct cast_header){
        .cols = (uint16_t)numbers[IN_WIDTH],
        .rows = (uint16_t)numbers[IN_HEIGHT],
        .title = cast->title.bytes,
    };
    if (numbers[IN_TIMESTAMP] > 0)
        out->wall_us = (uint64_t)numbers[IN_TIMESTAMP] * 1000000;
    return true;
}

struct cast_reader *
cast_reader_new(const char *path, struct cast_header *out, struct err *err)
{
    struct cast_reader *cast = xcalloc(1, sizeof *cast);

    cast->path = xstrdup(path);
    buf_init(&cast->bytes, LINE_MAX_BYTES);
    cast->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (cast->fd < 0)
        err_sys(err, "cannot open the recording %s", path);
    if (cast->fd < 0 || !read_header(cast, out, err)) {
        cast_reader_free(cast);
        return NULL;
    }
    return cast;
}

void
cast_reader_free(struct cast_reader *cast)
{
    if (cast == NULL)
        return;
    if (cast->fd >= 0)
        close(cast->fd);
    buf_fini(&cast->bytes);
    buf_fini(&cast->code);
    buf_fini(&cast->text);
    buf_fini(&cast->title);
    free(cast->path);
    free(cast);
}

static bool
parse_size(const char *text, struct cast_event *event)
{
    const char *x = strchr(text, 'x');
    char *cols = x != NULL ? xstrndup(text, (size_t)(x - text)) : NULL;
    uint64_t width = 0, height = 0;
    bool good = x != NULL && str_to_u64(cols, 1, UINT16_MAX, &width) &&
                str_to_u64(x + 1, 1, UINT16_MAX, &height);

    free(cols);
    event->cols = (uint16_t)width;
    event->rows = (uint16_t)height;
    return good;
}

static bool
parse_event(struct cast_reader *cast, struct json *json,
            struct cast_event *event)
{
    double seconds;

    if (!json_expect(json, '[') || !json_number(json, &seconds) ||
        !json_expect(json, ',') || !json_text(json, &cast->code) ||
        !json_expect(json, ',') || !json_text(json, &cast->text) ||
        !json_expect(json, ']') || !json_end(json))
        return false;
    if (seconds < 0 || seconds > SECONDS_MAX)
        return json_fail(json, "a time is out of range");
    event->at_us = (uint64_t)(seconds * 1e6 + 0.5);
    if (event->at_us < cast->last_us)
        return json_fail(json, "the time runs backwards");
    if (cast->code.len != 1)
        return json_fail(json, "an event's code is one letter");
    event->code = cast->code.bytes[0];
    event->text = buf_text(&cast->text);
    event->len = cast->text.len;
    if (event->code == 'r' && !parse_size(event->text, event))
        return json_fail(json, "a size is not like 80x24");
    cast->last_us = event->at_us;
    return true;
}

int
cast_next(struct cast_reader *cast, struct cast_event *event, struct err *err)
{
    struct json json;
    const char *line;
    size_t len;
    int whole;

    do
        whole = next_line(cast, &line, &len, err);
    while (whole == 1 && len == 0);
    if (whole < 0 || (whole == 0 && len == 0))
        return whole;
    *event = (struct cast_event){ 0 };
    json_init(&json, line, len);
    if (parse_event(cast, &json, event))
        return 1;
    if (whole == 0)
        return 0; /* torn */
    fail(cast, json.wrong, err);
    return -1;
}
