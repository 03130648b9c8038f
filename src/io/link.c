/*
 * link.c - the family of links: states, reports and retries.
 *
 * What a caller asks for is done in a turn of its own (turn(), set by a timer
 * of no time), so that no state is ever told from inside a link_ function.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/link.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/link-ops.h"
#include "io/loop.h"
#include "io/stream.h"

const struct link_kind link_kinds[] = {
    { "ssh", "a shell or a command on a node, over its ssh session",
      &link_ssh_ops },
    { "telnet", "a telnet server, direct or from a node; QEMU's consoles too",
      &link_telnet_ops },
    { "pty", "a login shell on this machine", &link_pty_ops },
    { "exec", "a command on this machine, in a terminal of its own",
      &link_exec_ops },
    { "replay", "a recording, played at its own or another speed",
      &link_replay_ops },
};
const size_t link_kinds_len = ARRAY_LEN(link_kinds);

static const char *const state_names[] = {
    [LINK_CONNECTING] = "connecting",
    [LINK_UP] = "up",
    [LINK_LOST] = "lost",
    [LINK_CLOSED] = "closed",
};

/* Trying again can help here; it cannot change a key or a password. */
static const bool worth_a_retry[ERR_KINDS] = {
    [ERR_SYS] = true,     [ERR_RESOLVE] = true, [ERR_PEER] = true,
    [ERR_TIMEOUT] = true, [ERR_BUSY] = true,    [ERR_REFUSED] = true,
};

enum todo { TODO_NOTHING, TODO_OPEN, TODO_CLOSE };

struct link {
    struct loop *loop;
    struct link_spec spec; /* its strings are ours */
    const struct link_ops *ops;
    struct link_sink sink;
    struct link_status status; /* as last told */
    void *carrier;             /* while connecting and up */
    bool up;                   /* so the carrier says; told or not */
    bool paused;
    enum todo todo;
    struct loop_timer *timer; /* when it is to be done */
    unsigned retries_left;
};

static const struct link_kind *
find_kind(const char *name)
{
    for (size_t i = 0; i < link_kinds_len; i++)
        if (str_same(link_kinds[i].name, name))
            return &link_kinds[i];
    return NULL;
}

static void
plan(struct link *link, enum todo todo, uint64_t after_us)
{
    link->todo = todo;
    loop_timer_set(link->timer, after_us);
}

/* The last thing a turn does: the link may be freed in it. */
static void
tell(struct link *link, enum link_state state, const struct err *why,
     int exit_status)
{
    const struct err none = ERR_INIT;

    link->status.state = state;
    link->status.reason = why != NULL ? *why : none;
    link->status.exit_status = exit_status;
    log_debug("link", "%s: %s %s", link->spec.kind, link_state_name(state),
              link->status.reason.text);
    link->sink.state(link->sink.ctx, &link->status);
}

static void
drop_carrier(struct link *link)
{
    if (link->carrier != NULL)
        link->ops->close(link->carrier);
    link->carrier = NULL;
    link->up = false;
}

void
link_on_up(void *ctx)
{
    struct link *link = ctx;

    link->up = true;
    link->retries_left = link->spec.retries;
    tell(link, LINK_UP, NULL, -1);
}

void
link_on_data(void *ctx, const uint8_t *bytes, size_t len)
{
    struct link *link = ctx;

    link->sink.data(link->sink.ctx, bytes, len);
}

void
link_on_end(void *ctx, const struct err *why, int exit_status)
{
    struct link *link = ctx;
    struct err reason = *why;

    drop_carrier(link);
    if (reason.kind == ERR_NONE) {
        tell(link, LINK_CLOSED, &reason, exit_status);
        return;
    }
    if (link->retries_left > 0 && link->spec.retry_delay_ms > 0 &&
        worth_a_retry[reason.kind]) {
        link->retries_left--;
        plan(link, TODO_OPEN, (uint64_t)link->spec.retry_delay_ms * 1000);
    }
    tell(link, LINK_LOST, &reason, exit_status);
}

static void
open_carrier(struct link *link)
{
    struct err err = ERR_INIT;

    link->carrier = link->ops->open(link, link->loop, &link->spec, &err);
    if (link->carrier == NULL) {
        link_on_end(link, &err, -1);
        return;
    }
    if (link->paused)
        link->ops->pause(link->carrier, true);
}

static void
turn(void *ctx)
{
    struct link *link = ctx;
    enum todo todo = link->todo;

    link->todo = TODO_NOTHING;
    if (todo == TODO_OPEN && link->status.state != LINK_CONNECTING) {
        plan(link, TODO_OPEN, 0); /* once this is told */
        tell(link, LINK_CONNECTING, NULL, -1);
    } else if (todo == TODO_OPEN) {
        open_carrier(link);
    }
    if (todo == TODO_CLOSE)
        tell(link, LINK_CLOSED, NULL, -1);
}

static const char *
copy(const char *text)
{
    return text != NULL ? xstrdup(text) : NULL;
}

static void
copy_spec(struct link_spec *to, const struct link_spec *from)
{
    *to = *from;
    to->kind = copy(from->kind);
    to->command = copy(from->command);
    to->host = copy(from->host);
    to->file = copy(from->file);
    to->term = xstrdup(from->term != NULL ? from->term : "xterm-256color");
    if (to->connect_timeout_ms == 0)
        to->connect_timeout_ms = LINK_CONNECT_TIMEOUT_MS;
    to->cols = from->cols != 0 ? from->cols : 80;
    to->rows = from->rows != 0 ? from->rows : 24;
}

static void
free_spec(struct link_spec *spec)
{
    const char *const strings[] = { spec->kind, spec->command, spec->host,
                                    spec->file, spec->term };

    for (size_t i = 0; i < ARRAY_LEN(strings); i++)
        free((void *)(uintptr_t)strings[i]);
}

static bool
refuse_kind(const char *name, struct err *err)
{
    struct strs names = { 0 };
    char *list;

    for (size_t i = 0; i < link_kinds_len; i++)
        strs_add(&names, link_kinds[i].name);
    list = strs_join(&names, " ");
    err_set(err, ERR_USAGE, "unknown kind of link \"%s\" (%s)",
            name != NULL ? name : "", list);
    free(list);
    strs_fini(&names);
    return false;
}

struct link *
link_new(struct loop *loop, const struct link_spec *spec,
         const struct link_sink *sink, struct err *err)
{
    const struct link_kind *kind = find_kind(spec->kind);
    struct link *link;
    const char *lacking;

    if (kind == NULL) {
        refuse_kind(spec->kind, err);
        return NULL;
    }
    lacking = kind->ops->lacks(spec);
    if (lacking != NULL) {
        err_set(err, ERR_USAGE, "a link of kind %s %s", kind->name, lacking);
        return NULL;
    }
    link = xcalloc(1, sizeof *link);
    link->loop = loop;
    copy_spec(&link->spec, spec);
    link->ops = kind->ops;
    link->sink = *sink;
    link->status.exit_status = -1;
    link->retries_left = spec->retries;
    link->timer = loop_timer_new(loop, turn, link);
    plan(link, TODO_OPEN, 0);
    return link;
}

void
link_free(struct link *link)
{
    if (link == NULL)
        return;
    drop_carrier(link);
    loop_timer_free(link->timer);
    free_spec(&link->spec);
    free(link);
}

const struct link_status *
link_status(const struct link *link)
{
    return &link->status;
}

bool
link_write(struct link *link, const uint8_t *bytes, size_t len, struct err *err)
{
    if (!link->up)
        return err_set(err, ERR_PEER, "the link is not up");
    return link->ops->write(link->carrier, bytes, len, err);
}

void
link_resize(struct link *link, uint16_t cols, uint16_t rows)
{
    link->spec.cols = cols; /* for the next connection too */
    link->spec.rows = rows;
    if (link->carrier != NULL && link->ops->resize != NULL)
        link->ops->resize(link->carrier, cols, rows);
}

void
link_pause(struct link *link, bool paused)
{
    link->paused = paused;
    if (link->carrier != NULL)
        link->ops->pause(link->carrier, paused);
}

void
link_reconnect(struct link *link)
{
    if (link->status.state != LINK_LOST && link->status.state != LINK_CLOSED)
        return;
    link->retries_left = link->spec.retries;
    plan(link, TODO_OPEN, 0);
}

void
link_close(struct link *link)
{
    drop_carrier(link);
    if (link->status.state != LINK_CLOSED)
        plan(link, TODO_CLOSE, 0);
}

int
link_keep(struct link *link)
{
    bool can = link->up && link->ops->keep != NULL;
    int kept = can ? link->ops->keep(link->carrier) : -1;

    loop_timer_stop(link->timer);
    link->up = false;
    return kept;
}

const char *
link_state_name(enum link_state state)
{
    return state_names[state];
}

void
link_stream_sink(struct link *link, struct stream_sink *out)
{
    *out = (struct stream_sink){ link_on_up, link_on_data, link_on_end, link };
}

bool
link_stream_write(void *carrier, const uint8_t *bytes, size_t len,
                  struct err *err)
{
    return stream_write(carrier, bytes, len, err);
}

void
link_stream_resize(void *carrier, uint16_t cols, uint16_t rows)
{
    stream_resize(carrier, cols, rows);
}

void
link_stream_pause(void *carrier, bool paused)
{
    stream_pause(carrier, paused);
}

int
link_stream_keep(void *carrier)
{
    return stream_keep(carrier);
}

void
link_stream_close(void *carrier)
{
    stream_free(carrier);
}
