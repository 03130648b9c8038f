/* stream.c - what all kinds of streams share: the queue and the calls. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/stream.h"

#include <assert.h>

#include "io/link.h"
#include "io/loop.h"

static_assert(LOOP_TURN_BYTES <= STREAM_READ_MAX, "a share has room");

void
stream_init(struct stream *stream, const struct stream_ops *ops,
            const struct stream_sink *sink)
{
    stream->ops = ops;
    stream->sink = *sink;
    buf_init(&stream->queue, LINK_QUEUE_MAX);
}

void
stream_fini(struct stream *stream)
{
    buf_fini(&stream->queue);
}

void
stream_tell_closed(struct stream *stream, const struct err *why,
                   int exit_status)
{
    struct err copy = *why; /* it may be the stream's own */

    if (stream->closed)
        return;
    stream->closed = true;
    stream->sink.closed(stream->sink.ctx, &copy, exit_status);
}

bool
stream_write(struct stream *stream, const void *bytes, size_t len,
             struct err *err)
{
    if (!buf_add(&stream->queue, bytes, len))
        return err_set(err, ERR_LIMIT,
                       "the far end does not read: %zu bytes wait already",
                       stream->queue.len);
    stream->ops->flush(stream);
    return true;
}

void
stream_pause(struct stream *stream, bool paused)
{
    stream->ops->pause(stream, paused);
}

void
stream_resize(struct stream *stream, uint16_t cols, uint16_t rows)
{
    if (stream->ops->resize != NULL)
        stream->ops->resize(stream, cols, rows);
}

int
stream_keep(struct stream *stream)
{
    return stream->ops->keep != NULL ? stream->ops->keep(stream) : -1;
}

void
stream_free(struct stream *stream)
{
    if (stream != NULL)
        stream->ops->free(stream);
}
