/* dial.c - one TCP connection to a name: resolve it, then connect. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/dial.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "io/loop.h"
#include "io/tcp.h"

/* What the worker has; it outlives a dial that is freed meanwhile. */
struct lookup {
    char *host;
    char port[sizeof "65535"];
    struct addrinfo *found;
    int rc;
    struct dial *dial; /* only for done(), which a freed dial does not get */
};

struct dial {
    struct loop *loop;
    uint64_t timeout_us;
    uint64_t deadline_us; /* of connecting to all addresses */
    void (*done)(void *ctx, int fd, const struct err *err);
    void *ctx;
    struct loop_timer *timer; /* first to start, then the deadline */
    struct lookup *lookup;
    struct loop_work *work;
    const struct addrinfo *now; /* the address being tried, or NULL */
    struct loop_fd *watch;
    int fd;
    struct err err;
};

static void
free_lookup(void *ctx)
{
    struct lookup *lookup = ctx;

    if (lookup == NULL)
        return;
    if (lookup->found != NULL)
        freeaddrinfo(lookup->found);
    free(lookup->host);
    free(lookup);
}

static void
look_up(struct lookup *lookup, int flags)
{
    const struct addrinfo hints = {
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_NUMERICSERV | flags,
    };

    lookup->rc =
        getaddrinfo(lookup->host, lookup->port, &hints, &lookup->found);
}

static void
run_lookup(void *ctx)
{
    look_up(ctx, 0);
}

static void
drop_socket(struct dial *dial)
{
    loop_fd_free(dial->watch);
    dial->watch = NULL;
    if (dial->fd >= 0)
        close(dial->fd);
    dial->fd = -1;
}

/* Tells the owner, who may free the dial: the last thing a callback does. */
static void
finish(struct dial *dial)
{
    int fd = dial->fd;

    loop_timer_stop(dial->timer);
    loop_fd_free(dial->watch);
    dial->watch = NULL;
    dial->fd = -1;
    dial->done(dial->ctx, fd, &dial->err);
}

static void try_next(struct dial *dial);

static enum err_kind
kind_of(int error)
{
    return error == ETIMEDOUT      ? ERR_TIMEOUT
           : error == ECONNREFUSED ? ERR_REFUSED
                                   : ERR_PEER;
}

static void
fail_address(struct dial *dial, int error)
{
    drop_socket(dial);
    err_set(&dial->err, kind_of(error), "cannot connect to %s port %s: %s",
            dial->lookup->host, dial->lookup->port, strerror(error));
    dial->now = dial->now->ai_next;
    try_next(dial);
}

static void
on_connected(void *ctx, int ready)
{
    struct dial *dial = ctx;
    int error = 0;
    socklen_t len = sizeof error;

    (void)ready;
    if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (error != 0)
        fail_address(dial, error);
    else
        finish(dial);
}

/* What is left of the time, shared by the addresses that are left. */
static uint64_t
share_of_time(const struct dial *dial)
{
    uint64_t now = clock_now_us(), left = 0, count = 0;

    for (const struct addrinfo *at = dial->now; at != NULL; at = at->ai_next)
        count++;
    if (dial->deadline_us > now)
        left = dial->deadline_us - now;
    return left / count;
}

static void
try_next(struct dial *dial)
{
    const struct addrinfo *at = dial->now;

    if (at == NULL) {
        finish(dial);
        return;
    }
    dial->fd =
        socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (dial->fd < 0) {
        fail_address(dial, errno);
        return;
    }
    tcp_set_options(dial->fd);
    if (connect(dial->fd, at->ai_addr, at->ai_addrlen) != 0 &&
        errno != EINPROGRESS) {
        fail_address(dial, errno);
        return;
    }
    dial->watch = loop_fd_new(dial->loop, dial->fd, on_connected, dial);
    loop_fd_want(dial->watch, LOOP_WRITE);
    loop_timer_set(dial->timer, share_of_time(dial));
}

static void
on_looked_up(void *ctx)
{
    struct lookup *lookup = ctx;
    struct dial *dial = lookup->dial;

    dial->work = NULL;
    if (lookup->rc != 0)
        err_set(&dial->err, ERR_RESOLVE, "cannot resolve %s: %s", lookup->host,
                gai_strerror(lookup->rc));
    dial->deadline_us = clock_now_us() + dial->timeout_us;
    dial->now = lookup->found;
    try_next(dial);
}

static void
on_timer(void *ctx)
{
    static const struct loop_work_calls calls = { run_lookup, on_looked_up,
                                                  free_lookup };
    struct dial *dial = ctx;

    if (dial->work != NULL) { /* still looked up */
        err_set(&dial->err, ERR_TIMEOUT,
                "cannot resolve %s: no answer within %.1f s",
                dial->lookup->host, (double)dial->timeout_us / 1e6);
        finish(dial);
    } else if (dial->now != NULL) {
        fail_address(dial, ETIMEDOUT);
    } else { /* the start; an address needs no worker */
        look_up(dial->lookup, AI_NUMERICHOST);
        if (dial->lookup->rc == 0) {
            on_looked_up(dial->lookup);
            return;
        }
        dial->work = loop_work_new(dial->loop, &calls, dial->lookup);
        loop_timer_set(dial->timer, dial->timeout_us);
    }
}

struct dial *
dial_new(struct loop *loop, const char *host, uint16_t port,
         uint32_t timeout_ms,
         void (*done)(void *ctx, int fd, const struct err *err), void *ctx)
{
    struct dial *dial = xcalloc(1, sizeof *dial);

    dial->loop = loop;
    dial->timeout_us = (uint64_t)timeout_ms * 1000;
    dial->done = done;
    dial->ctx = ctx;
    dial->fd = -1;
    dial->lookup = xcalloc(1, sizeof *dial->lookup);
    dial->lookup->dial = dial;
    dial->lookup->host = xstrdup(host);
    snprintf(dial->lookup->port, sizeof dial->lookup->port, "%u", port);
    dial->timer = loop_timer_new(loop, on_timer, dial);
    loop_timer_set(dial->timer, 0);
    return dial;
}

void
dial_free(struct dial *dial)
{
    if (dial == NULL)
        return;
    loop_timer_free(dial->timer);
    drop_socket(dial);
    if (dial->work != NULL)
        loop_work_free(dial->work); /* the lookup is freed when it ends */
    else
        free_lookup(dial->lookup);
    free(dial);
}
