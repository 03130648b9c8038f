/*
 * server.h - for tests of src/io: TCP servers, in threads that may block.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A TCP server on 127.0.0.1: serve() gets each connection, one at a time. */
struct server {
    int listen_fd, fd; /* fd: the connection being served, -1 none */
    uint16_t port;
    void (*serve)(struct server *server);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t accepted;
    unsigned served;
};

struct server *server_new(void (*serve)(struct server *server), void *ctx);
void server_free(struct server *server); /* ends connections too */

/* For serve(): false at the end of the connection. */
bool server_read(struct server *server, void *bytes, size_t len);
bool server_write(struct server *server, const void *bytes, size_t len);
void server_wait_end(struct server *server); /* read and throw away */
void server_hold(struct server *server); /* read nothing, until it is freed */

/* A server's serve() that passes bytes to and from another port; ctx is a plan.
 */
enum at_limit { HOLD, RESET, FINISH };
struct proxy_plan {
    uint16_t port; /* on 127.0.0.1 */
    size_t limit;  /* bytes from that port to the client; 0: no limit */
    enum at_limit then;
    size_t passed;
};
void serve_proxy(struct server *server);

/* From now on the client's packets vanish: no data, no acknowledgement. */
void server_drop_packets(struct server *server);

/* Ports that nobody listens on, and that do not even answer. */
uint16_t closed_port(void);
struct server *full_server_new(void); /* its queue is full: SYNs are dropped */

#endif
