/* link-ssh.c - a shell or a command on a node, over its ssh session. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/link-ops.h"
#include "io/stream.h"

static const char *
lacks(const struct link_spec *spec)
{
    return spec->node == NULL ? "needs a node" : NULL;
}

static void *
open_channel(struct link *link, struct loop *loop, const struct link_spec *spec,
             struct err *err)
{
    const struct stream_ssh_spec channel = {
        .command = spec->command,
        .pty = true,
        .term = spec->term,
        .cols = spec->cols,
        .rows = spec->rows,
        .timeout_ms = spec->connect_timeout_ms,
    };
    struct stream_sink sink;

    (void)loop;
    (void)err;
    link_stream_sink(link, &sink);
    return stream_ssh_new(spec->node, &channel, &sink);
}

const struct link_ops link_ssh_ops = {
    .lacks = lacks,
    .open = open_channel,
    .write = link_stream_write,
    .resize = link_stream_resize,
    .pause = link_stream_pause,
    .keep = link_stream_keep,
    .close = link_stream_close,
};
