/* link-pty.c - a login shell or a command here, in a terminal of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/link-ops.h"
#include "io/stream.h"

static const char *
pty_lacks(const struct link_spec *spec)
{
    return spec->command != NULL ? "runs a shell, no command (that is exec)"
                                 : NULL;
}

static const char *
exec_lacks(const struct link_spec *spec)
{
    return spec->command == NULL ? "needs a command" : NULL;
}

static void *
open_child(struct link *link, struct loop *loop, const struct link_spec *spec,
           struct err *err)
{
    const struct stream_child_spec child = {
        .command = spec->command,
        .pty = true,
        .term = spec->term,
        .cols = spec->cols,
        .rows = spec->rows,
    };
    struct stream_sink sink;

    (void)err;
    link_stream_sink(link, &sink);
    return stream_child_new(loop, &child, &sink);
}

const struct link_ops link_pty_ops = {
    .lacks = pty_lacks,
    .open = open_child,
    .write = link_stream_write,
    .resize = link_stream_resize,
    .pause = link_stream_pause,
    .keep = link_stream_keep,
    .close = link_stream_close,
};

const struct link_ops link_exec_ops = {
    .lacks = exec_lacks,
    .open = open_child,
    .write = link_stream_write,
    .resize = link_stream_resize,
    .pause = link_stream_pause,
    .keep = link_stream_keep,
    .close = link_stream_close,
};
