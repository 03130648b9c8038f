/*
 * link-telnet.c - a telnet server, direct or from a node; QEMU's consoles too.
 *
 * QEMU's chardevs (net/telnet option, QEMU 2 to 10) speak a telnet of their
 * own: a greeting of four negotiations, whose answers they ignore, and then raw
 * bytes in which they do not double 0xFF. They serve one client at a time; the
 * next one waits in the kernel's queue unserved, and what it types is run when
 * its turn comes. So nothing is sent before the greeting, and without one in
 * a second the console is busy.
 *
 * QEMU's parser of what we send outlives connections: a client that died in
 * the middle of a negotiation leaves one or two bytes to be swallowed. No
 * bytes are silent in every state, but IAC DEL DEL is so in the state that is
 * normal, and takes back itself what it types in the two others. (CR, as one
 * would send at a monitor, would log in at a guest's serial line.)
 *
 * QEMU sends with Nagle's algorithm: what follows a small piece waits for its
 * acknowledgement, which the other side's kernel delays by 40 ms. Connected
 * directly we acknowledge at once (tcp.h). Through a node the socket is sshd's:
 * there each piece that answers us is answered with a negotiation that QEMU
 * ignores, whose segment carries the acknowledgement: 47 ms a command at the
 * monitor became 0.4 ms.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "io/link-ops.h"
#include "io/loop.h"
#include "io/nvt.h"
#include "io/stream.h"

#define GREETING_LEN        12
#define GREETING_TIMEOUT_US 1000000
#define NEGOTIATION_LEN     3
#define LONGEST_ANSWERS     4096

/* A bounded number for each write: nobody may be reading these. */
#define NUDGES_A_WRITE 32

static const uint8_t resync[] = { NVT_IAC, 0x7F, 0x7F };
static const uint8_t nudge[] = { NVT_IAC, NVT_WONT, 6 }; /* TIMING-MARK */

struct telnet {
    struct link *link;
    struct stream *stream;
    struct nvt *nvt;          /* NULL: QEMU */
    struct loop_timer *timer; /* of the greeting; then, that text waits */
    size_t greeted;           /* bytes of QEMU's greeting */
    bool tunnelled;           /* and QEMU */
    unsigned nudges;          /* that the last write still allows */
    struct buf text;          /* to be handed over */
    bool up, paused;
    bool ended; /* to be told once the text is handed over */
    struct err why;
    const char *host;
    uint16_t port;
};

static const char *
lacks(const struct link_spec *spec)
{
    return spec->host == NULL || spec->port == 0 ? "needs a host and a port"
                                                 : NULL;
}

static void
send_raw(struct telnet *telnet, const void *bytes, size_t len)
{
    struct err err;

    /* A peer that asks without reading does not get its answers. */
    if (len > 0 && !stream_write(telnet->stream, bytes, len, &err))
        return;
}

/* The last thing in a turn. */
static void
deliver(struct telnet *telnet)
{
    struct buf text = telnet->text;

    if (text.len == 0 && telnet->ended) {
        link_on_end(telnet->link, &telnet->why, -1);
        return;
    }
    if (text.len == 0 || telnet->paused)
        return;
    if (telnet->ended)
        loop_timer_set(telnet->timer, 0);
    buf_init(&telnet->text, 0);
    link_on_data(telnet->link, (const uint8_t *)text.bytes, text.len);
    buf_fini(&text);
}

static void
fail(struct telnet *telnet, enum err_kind kind, const char *what)
{
    struct err why;

    err_set(&why, kind, "%s port %u: %s", telnet->host, telnet->port, what);
    link_on_end(telnet->link, &why, -1);
}

static void
on_timer(void *ctx)
{
    struct telnet *telnet = ctx;

    if (telnet->up)
        deliver(telnet);
    else if (telnet->greeted == 0)
        fail(telnet, ERR_BUSY,
             "busy: no greeting within 1 s, so it serves another client (or "
             "is no telnet console)");
    else
        fail(telnet, ERR_TIMEOUT, "the greeting breaks off");
}

static void
come_up(struct telnet *telnet)
{
    telnet->up = true;
    loop_timer_stop(telnet->timer);
    if (telnet->nvt == NULL)
        send_raw(telnet, resync, sizeof resync);
    if (telnet->text.len > 0)
        loop_timer_set(telnet->timer, 0);
    link_on_up(telnet->link);
}

static void
on_opened(void *ctx)
{
    struct telnet *telnet = ctx;

    if (telnet->nvt != NULL)
        come_up(telnet);
    else
        loop_timer_set(telnet->timer, GREETING_TIMEOUT_US);
}

/* How many of the bytes belong to the greeting; -1: it is none. */
static int
measure_greeting(const struct telnet *telnet, const uint8_t *bytes, size_t len)
{
    size_t at = telnet->greeted, i = 0;

    for (; i < len && at < GREETING_LEN; i++, at++) {
        if (at % NEGOTIATION_LEN == 0 && bytes[i] != NVT_IAC)
            return -1;
        if (at % NEGOTIATION_LEN == 1 &&
            (bytes[i] < NVT_WILL || bytes[i] > NVT_DONT))
            return -1;
    }
    return (int)i;
}

static void
greet(struct telnet *telnet, const uint8_t *bytes, size_t len)
{
    int used = measure_greeting(telnet, bytes, len);

    if (used < 0) {
        fail(telnet, ERR_PEER,
             "not the greeting of a telnet console of QEMU; was it given "
             "telnet: and not tcp:?");
        return;
    }
    telnet->greeted += (size_t)used;
    buf_add(&telnet->text, bytes + used, len - (size_t)used);
    if (telnet->greeted == GREETING_LEN)
        come_up(telnet);
}

static void
on_data(void *ctx, const uint8_t *bytes, size_t len)
{
    struct telnet *telnet = ctx;
    struct buf answers = BUF_INIT(LONGEST_ANSWERS);

    if (telnet->nvt == NULL && !telnet->up) {
        greet(telnet, bytes, len);
        return;
    }
    if (telnet->nudges > 0) {
        telnet->nudges--;
        send_raw(telnet, nudge, sizeof nudge);
    }
    if (telnet->nvt == NULL) {
        buf_add(&telnet->text, bytes, len);
    } else {
        nvt_receive(telnet->nvt, bytes, len, &telnet->text, &answers);
        send_raw(telnet, answers.bytes, answers.len);
        buf_fini(&answers);
    }
    deliver(telnet);
}

static void
on_closed(void *ctx, const struct err *why, int exit_status)
{
    struct telnet *telnet = ctx;

    (void)exit_status; /* a connection has none */
    telnet->ended = true;
    telnet->why = *why;
    if (!telnet->up)
        buf_clear(&telnet->text); /* data comes only while up */
    deliver(telnet);
}

static struct stream *
open_stream(struct telnet *telnet, struct loop *loop,
            const struct link_spec *spec)
{
    const struct stream_sink sink = { on_opened, on_data, on_closed, telnet };
    const struct stream_ssh_spec tunnel = {
        .host = spec->host,
        .port = spec->port,
        .timeout_ms = spec->connect_timeout_ms,
    };

    if (spec->node != NULL)
        return stream_ssh_new(spec->node, &tunnel, &sink);
    return stream_tcp_new(loop, spec->host, spec->port,
                          spec->connect_timeout_ms, &sink);
}

static void *
open_telnet(struct link *link, struct loop *loop, const struct link_spec *spec,
            struct err *err)
{
    struct telnet *telnet = xcalloc(1, sizeof *telnet);

    (void)err;
    telnet->link = link;
    telnet->host = spec->host;
    telnet->port = spec->port;
    telnet->tunnelled = spec->qemu && spec->node != NULL;
    if (!spec->qemu)
        telnet->nvt = nvt_new(spec->term, spec->cols, spec->rows);
    telnet->timer = loop_timer_new(loop, on_timer, telnet);
    telnet->stream = open_stream(telnet, loop, spec);
    return telnet;
}

static bool
write_telnet(void *carrier, const uint8_t *bytes, size_t len, struct err *err)
{
    struct telnet *telnet = carrier;
    struct buf escaped = BUF_INIT(0);
    bool good;

    telnet->nudges = telnet->tunnelled ? NUDGES_A_WRITE : 0;
    if (memchr(bytes, NVT_IAC, len) == NULL)
        return stream_write(telnet->stream, bytes, len, err);
    nvt_escape(bytes, len, &escaped);
    good = stream_write(telnet->stream, escaped.bytes, escaped.len, err);
    buf_fini(&escaped);
    return good;
}

static void
resize_telnet(void *carrier, uint16_t cols, uint16_t rows)
{
    struct telnet *telnet = carrier;
    struct buf answers = BUF_INIT(LONGEST_ANSWERS);

    if (telnet->nvt == NULL)
        return; /* a chardev has no size */
    nvt_resize(telnet->nvt, cols, rows, &answers);
    send_raw(telnet, answers.bytes, answers.len);
    buf_fini(&answers);
}

static void
pause_telnet(void *carrier, bool paused)
{
    struct telnet *telnet = carrier;

    telnet->paused = paused;
    stream_pause(telnet->stream, paused);
    if (!paused && telnet->up)
        loop_timer_set(telnet->timer, 0);
}

static int
keep_telnet(void *carrier)
{
    return stream_keep(((struct telnet *)carrier)->stream);
}

static void
close_telnet(void *carrier)
{
    struct telnet *telnet = carrier;

    stream_free(telnet->stream);
    loop_timer_free(telnet->timer);
    nvt_free(telnet->nvt);
    buf_fini(&telnet->text);
    free(telnet);
}

const struct link_ops link_telnet_ops = {
    .lacks = lacks,
    .open = open_telnet,
    .write = write_telnet,
    .resize = resize_telnet,
    .pause = pause_telnet,
    .keep = keep_telnet,
    .close = close_telnet,
};
