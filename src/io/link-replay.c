/* link-replay.c - a recording, played at its own or another speed. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "io/cast.h"
#include "io/link-ops.h"
#include "io/loop.h"
#include "io/stream.h"

struct replay {
    struct link *link;
    struct cast_reader *cast;
    struct loop_timer *timer; /* when the next event is due */
    double speed;
    uint64_t started_us;
    bool up, paused;
    int have; /* what cast_next() said: 1 while event is to be played */
    struct cast_event event;
    struct err err;
};

static const char *
lacks(const struct link_spec *spec)
{
    if (spec->file == NULL)
        return "needs a file";
    return spec->speed < 0 ? "has a speed of 0 or more" : NULL;
}

static bool
is_due(const struct replay *replay, uint64_t *due_us)
{
    *due_us = replay->started_us;
    if (replay->speed > 0)
        *due_us += (uint64_t)((double)replay->event.at_us / replay->speed);
    return *due_us <= clock_now_us();
}

static void
read_next(struct replay *replay)
{
    replay->have = cast_next(replay->cast, &replay->event, &replay->err);
}

/* All the output that is due, as far as one turn may hand over. */
static void
collect(struct replay *replay, struct buf *out)
{
    uint64_t due_us;

    while (replay->have == 1 && is_due(replay, &due_us)) {
        const struct cast_event *event = &replay->event;

        if (event->code == 'o' && !buf_add(out, event->text, event->len)) {
            if (out->len > 0)
                return;
            out->max = 0; /* one event alone may be larger */
            buf_add(out, event->text, event->len);
        }
        read_next(replay);
    }
}

static void
play(void *ctx)
{
    struct replay *replay = ctx;
    struct buf out = BUF_INIT(STREAM_READ_MAX);
    uint64_t due_us;

    if (!replay->up) {
        replay->up = true;
        replay->started_us = clock_now_us();
        loop_timer_set(replay->timer, 0);
        link_on_up(replay->link);
        return;
    }
    if (replay->paused)
        return;
    collect(replay, &out);
    if (out.len > 0) {
        is_due(replay, &due_us);
        loop_timer_set_at(replay->timer, replay->have == 1 ? due_us : 0);
        link_on_data(replay->link, (const uint8_t *)out.bytes, out.len);
    } else if (replay->have == 1) {
        is_due(replay, &due_us);
        loop_timer_set_at(replay->timer, due_us);
    } else {
        link_on_end(replay->link, &replay->err, -1);
    }
    buf_fini(&out);
}

static void *
open_replay(struct link *link, struct loop *loop, const struct link_spec *spec,
            struct err *err)
{
    struct cast_header header;
    struct cast_reader *cast = cast_reader_new(spec->file, &header, err);
    struct replay *replay;

    if (cast == NULL)
        return NULL;
    replay = xcalloc(1, sizeof *replay);
    replay->link = link;
    replay->cast = cast;
    replay->speed = spec->speed;
    replay->timer = loop_timer_new(loop, play, replay);
    loop_timer_set(replay->timer, 0);
    read_next(replay);
    return replay;
}

static bool
refuse_input(void *carrier, const uint8_t *bytes, size_t len, struct err *err)
{
    (void)carrier;
    (void)bytes;
    (void)len;
    return err_set(err, ERR_PEER, "a recording takes no input");
}

static void
pause_replay(void *carrier, bool paused)
{
    struct replay *replay = carrier;

    replay->paused = paused;
    if (!paused)
        loop_timer_set(replay->timer, 0);
}

static void
close_replay(void *carrier)
{
    struct replay *replay = carrier;

    loop_timer_free(replay->timer);
    cast_reader_free(replay->cast);
    free(replay);
}

const struct link_ops link_replay_ops = {
    .lacks = lacks,
    .open = open_replay,
    .write = refuse_input,
    .pause = pause_replay,
    .close = close_replay,
};
