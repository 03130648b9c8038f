/* server.c - for tests of src/io: TCP servers, in threads that may block. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/server.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/macros.h"
#include "base/xalloc.h"

static int
listen_here(uint16_t *port, int backlog)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, backlog), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void *
run_server(void *ctx)
{
    struct server *server = ctx;

    for (;;) {
        int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0)
            return NULL; /* shut down */
        pthread_mutex_lock(&server->lock);
        server->fd = fd;
        server->served++;
        pthread_cond_signal(&server->accepted);
        pthread_mutex_unlock(&server->lock);
        server->serve(server);
        pthread_mutex_lock(&server->lock);
        close(fd);
        server->fd = -1;
        pthread_mutex_unlock(&server->lock);
    }
}

struct server *
server_new(void (*serve)(struct server *server), void *ctx)
{
    struct server *server = xcalloc(1, sizeof *server);

    server->listen_fd = listen_here(&server->port, 16);
    server->fd = -1;
    server->serve = serve;
    server->ctx = ctx;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->accepted, NULL);
    assert_int_equal(pthread_create(&server->thread, NULL, run_server, server),
                     0);
    return server;
}

void
server_free(struct server *server)
{
    if (server == NULL)
        return;
    shutdown(server->listen_fd, SHUT_RDWR);
    if (server->serve != NULL) {
        pthread_mutex_lock(&server->lock);
        if (server->fd >= 0)
            shutdown(server->fd, SHUT_RDWR);
        pthread_mutex_unlock(&server->lock);
        pthread_join(server->thread, NULL);
        pthread_mutex_destroy(&server->lock);
        pthread_cond_destroy(&server->accepted);
    } else {
        close(server->fd); /* what fills the queue of a full one */
    }
    close(server->listen_fd);
    free(server);
}

bool
server_read(struct server *server, void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        ssize_t part = recv(server->fd, at, len, 0);

        if (part <= 0)
            return false;
        at += part;
        len -= (size_t)part;
    }
    return true;
}

bool
server_write(struct server *server, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t part = send(server->fd, at, len, MSG_NOSIGNAL);

        if (part <= 0)
            return false;
        at += part;
        len -= (size_t)part;
    }
    return true;
}

void
server_wait_end(struct server *server)
{
    char bytes[4096];

    while (recv(server->fd, bytes, sizeof bytes, 0) > 0)
        continue;
}

void
server_hold(struct server *server)
{
    struct pollfd fd = { .fd = server->fd, .events = POLLRDHUP };

    while (poll(&fd, 1, -1) >= 0 &&
           !(fd.revents & (POLLRDHUP | POLLHUP | POLLERR)))
        continue;
}

/* Pass what is ready from one to the other; false at its end. */
static bool
pass(int from, int to, size_t max, size_t *passed)
{
    char bytes[4096];
    ssize_t len = recv(from, bytes, MIN(sizeof bytes, max), 0);

    if (len <= 0 || send(to, bytes, (size_t)len, MSG_NOSIGNAL) != len)
        return false;
    *passed += (size_t)len;
    return true;
}

void
serve_proxy(struct server *server)
{
    struct proxy_plan *plan = server->ctx;
    const struct linger reset = { .l_onoff = 1 };
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct pollfd fds[] = { { .fd = server->fd, .events = POLLIN },
                            { .fd = fd, .events = POLLIN } };
    size_t sent = 0;
    bool going = true;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(plan->port);
    plan->passed = 0;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        going = false;
    while (going && (plan->limit == 0 || plan->passed < plan->limit) &&
           poll(fds, 2, -1) > 0) {
        if (fds[0].revents != 0)
            going = pass(server->fd, fd, 4096, &sent);
        if (going && fds[1].revents != 0)
            going = pass(fd, server->fd,
                         plan->limit > 0 ? plan->limit - plan->passed : 4096,
                         &plan->passed);
    }
    if (going && plan->then == HOLD)
        server_hold(server);
    if (going && plan->then == RESET)
        setsockopt(server->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
}

void
server_drop_packets(struct server *server)
{
    struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
    const struct sock_fprog filter = { .len = 1, .filter = &drop };

    pthread_mutex_lock(&server->lock);
    while (server->fd < 0) /* connected it is before it is accepted */
        pthread_cond_wait(&server->accepted, &server->lock);
    assert_int_equal(setsockopt(server->fd, SOL_SOCKET, SO_ATTACH_FILTER,
                                &filter, sizeof filter),
                     0);
    pthread_mutex_unlock(&server->lock);
}

uint16_t
closed_port(void)
{
    uint16_t port;
    int fd = listen_here(&port, 1);

    close(fd);
    return port;
}

struct server *
full_server_new(void)
{
    struct server *server = xcalloc(1, sizeof *server);
    struct sockaddr_in at = { .sin_family = AF_INET };

    server->listen_fd = listen_here(&server->port, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(server->port);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(server->fd, (struct sockaddr *)&at, sizeof at), 0);
    return server;
}
