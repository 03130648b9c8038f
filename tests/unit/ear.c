/* ear.c - for tests of src/io: run the loop until something, hear a link. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/ear.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

/* Something that stops the loop and is remembered. */
struct event {
    struct loop *loop;
    bool seen;
};

static void
on_late(void *ctx)
{
    struct event *event = ctx;

    event->seen = true;
    loop_stop(event->loop);
}

bool
wait_until(struct loop *loop, bool (*met)(void *ctx), void *ctx, unsigned ms)
{
    struct event late = { loop, false };
    struct loop_timer *timer = loop_timer_new(loop, on_late, &late);

    loop_timer_set(timer, (uint64_t)ms * 1000);
    while (!met(ctx) && !late.seen)
        loop_run(loop);
    loop_timer_free(timer);
    return met(ctx);
}

static void
on_readable(void *ctx, int ready)
{
    struct event *seen = ctx;

    (void)ready;
    seen->seen = true;
    loop_stop(seen->loop);
}

static bool
is_seen(void *ctx)
{
    return ((struct event *)ctx)->seen;
}

bool
wait_readable(struct loop *loop, int fd)
{
    struct event seen = { loop, false };
    struct loop_fd *watch = loop_fd_new(loop, fd, on_readable, &seen);
    bool good;

    loop_fd_want(watch, LOOP_READ);
    good = wait_until(loop, is_seen, &seen, WAIT_MS);
    loop_fd_free(watch);
    return good;
}

void
run_turns(struct loop *loop)
{
    for (int i = 0; i < 20; i++)
        loop_turn(loop);
}

size_t
count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static bool
free_if_due(struct ear *ear)
{
    if (++ear->callbacks != ear->free_at)
        return false;
    link_free(ear->link);
    ear->link = NULL;
    return true;
}

static void
hear_data(void *ctx, const uint8_t *bytes, size_t len)
{
    struct ear *ear = ctx;

    assert_non_null(ear->link); /* none after link_free() */
    assert_false(ear->calling); /* none from inside a link_ function */
    assert_false(ear->paused);
    assert_true(len >= 1);
    assert_int_equal(link_status(ear->link)->state, LINK_UP);
    buf_add(&ear->data, bytes, len);
    free_if_due(ear);
    loop_stop(ear->loop);
}

static void
hear_state(void *ctx, const struct link_status *status)
{
    struct ear *ear = ctx;
    enum link_state last = ear->states_len > 0
                               ? ear->states[ear->states_len - 1]
                               : LINK_CONNECTING;

    assert_non_null(ear->link);
    assert_false(ear->calling);
    assert_ptr_equal(status, link_status(ear->link));
    assert_int_not_equal(status->state, last); /* only changes are told */
    assert_true(ear->states_len < 64);
    assert_int_equal(status->reason.kind == ERR_NONE,
                     status->state != LINK_LOST);
    ear->states[ear->states_len++] = status->state;
    ear->reason = status->reason;
    ear->exit_status = status->exit_status;
    free_if_due(ear);
    loop_stop(ear->loop);
}

void
ear_open(struct ear *ear, struct loop *loop, const struct link_spec *spec)
{
    const struct link_sink sink = { hear_data, hear_state, ear };
    struct err err = ERR_INIT;

    ear->loop = loop;
    ear->exit_status = -1;
    ear->calling = true;
    ear->link = link_new(loop, spec, &sink, &err);
    ear->calling = false;
    if (ear->link == NULL)
        fail_msg("%s", err.text);
}

void
ear_close(struct ear *ear)
{
    if (ear->loop == NULL)
        return; /* never opened */
    ear->calling = true;
    link_free(ear->link);
    ear->link = NULL;
    run_turns(ear->loop); /* a callback now finds no link and fails */
    buf_fini(&ear->data);
    *ear = (struct ear){ 0 };
}

struct wish {
    struct ear *ear;
    enum link_state state;
    const char *text;
    size_t len;
};

/* Told since the last wait for a state; those before it are over. */
static bool
has_state(void *ctx)
{
    const struct wish *wish = ctx;
    struct ear *ear = wish->ear;

    for (size_t i = ear->states_seen; i < ear->states_len; i++)
        if (ear->states[i] == wish->state)
            return true;
    return false;
}

static bool
has_states(void *ctx)
{
    const struct wish *wish = ctx;

    return wish->ear->states_len >= wish->len;
}

static bool
has_text(void *ctx)
{
    const struct wish *wish = ctx;
    const struct buf *data = &wish->ear->data;

    return data->len > 0 && memmem(data->bytes, data->len, wish->text,
                                   strlen(wish->text)) != NULL;
}

static bool
has_len(void *ctx)
{
    const struct wish *wish = ctx;

    return wish->ear->data.len >= wish->len;
}

bool
ear_wait_state(struct ear *ear, enum link_state state)
{
    struct wish wish = { .ear = ear, .state = state };

    if (wait_until(ear->loop, has_state, &wish, WAIT_MS)) {
        while (ear->states[ear->states_seen++] != state)
            continue;
        return true;
    }
    print_message("# not %s; last heard: %s\n", link_state_name(state),
                  ear->reason.text);
    return false;
}

bool
ear_wait_states(struct ear *ear, size_t len)
{
    struct wish wish = { .ear = ear, .len = len };

    return wait_until(ear->loop, has_states, &wish, WAIT_MS);
}

bool
ear_wait_text(struct ear *ear, const char *text)
{
    struct wish wish = { .ear = ear, .text = text };

    if (wait_until(ear->loop, has_text, &wish, WAIT_MS))
        return true;
    print_message("# no \"%s\" in \"%s\" (%s)\n", text, buf_text(&ear->data),
                  ear->reason.text);
    return false;
}

bool
ear_wait_len(struct ear *ear, size_t len)
{
    struct wish wish = { .ear = ear, .len = len };

    if (wait_until(ear->loop, has_len, &wish, WAIT_MS))
        return true;
    print_message("# %zu bytes of %zu (%s)\n", ear->data.len, len,
                  ear->reason.text);
    return false;
}

void
ear_drop_line(struct ear *ear, const char *text)
{
    char *at, *end;

    assert_true(ear_wait_text(ear, text));
    at = memmem(ear->data.bytes, ear->data.len, text, strlen(text));
    while ((end = memchr(at, '\n',
                         ear->data.len - (size_t)(at - ear->data.bytes))) ==
           NULL) {
        size_t offset = (size_t)(at - ear->data.bytes);

        assert_true(ear_wait_len(ear, ear->data.len + 1));
        at = ear->data.bytes + offset;
    }
    buf_drop(&ear->data, (size_t)(end - ear->data.bytes) + 1);
}

bool
ear_write(struct ear *ear, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0) {
        size_t part = MIN(len, (size_t)16384);
        struct err err = ERR_INIT;

        ear->calling = true;
        if (link_write(ear->link, at, part, &err)) {
            at += part;
            len -= part;
        }
        ear->calling = false;
        if (err.kind == ERR_LIMIT && ear_wait_len(ear, ear->data.len + 1))
            continue;
        if (err.kind != ERR_NONE) {
            print_message("# %s\n", err.text);
            return false;
        }
    }
    return true;
}
