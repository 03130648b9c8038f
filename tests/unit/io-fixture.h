/*
 * io-fixture.h - far ends for the tests of src/io, and someone who listens.
 *
 * Servers run in threads or processes of their own and block as they like; the
 * test's thread runs the loop. Nothing sleeps: every wait ends with an event
 * or fails at its deadline.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_IO_FIXTURE_H
#define TESTS_IO_FIXTURE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "io/link.h"
#include "io/loop.h"
#include "io/ssh.h"

#define WAIT_MS 10000 /* longer than anything that works ever takes */

/* Run the loop until it is met; false when ms passed before. Whoever changes
 * what met() looks at calls loop_stop(). */
bool wait_until(struct loop *loop, bool (*met)(void *ctx), void *ctx,
                unsigned ms);

/* Run the loop for a few turns, to see that nothing comes any more. */
void run_turns(struct loop *loop);

size_t count_fds(void);

/* Who receives what a link reports, and makes sure that the rules are kept. */
struct ear {
    struct loop *loop;
    struct link *link;
    struct buf data;
    enum link_state states[64]; /* as told, in order */
    size_t states_len;
    size_t states_seen; /* by ear_wait_state() */
    struct err reason;  /* of the last state */
    int exit_status;
    bool calling; /* a link_ function runs: no callback may come */
    bool paused;  /* no data may come */
    /* Free the link in its nth callback, counted from 1; 0: never. */
    unsigned free_at, callbacks;
};

void ear_open(struct ear *ear, struct loop *loop, const struct link_spec *spec);
void ear_close(struct ear *ear); /* frees the link, if nobody has */

bool ear_wait_state(struct ear *ear, enum link_state state);
bool ear_wait_states(struct ear *ear, size_t len); /* as many were told */
bool ear_wait_text(struct ear *ear, const char *text);
bool ear_wait_len(struct ear *ear, size_t len);

/* Drop all data up to the end of the line that contains text. */
void ear_drop_line(struct ear *ear, const char *text);

/* Write all, waiting for the far end to read where it must. */
bool ear_write(struct ear *ear, const void *bytes, size_t len);

/* A TCP server on 127.0.0.1: serve() gets each connection, one at a time. */
struct server {
    int listen_fd, fd; /* fd: the connection being served, -1 none */
    uint16_t port;
    void (*serve)(struct server *server);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    unsigned served;
};

struct server *server_new(void (*serve)(struct server *server), void *ctx);
void server_free(struct server *server); /* ends connections too */

/* For serve(): false at the end of the connection. */
bool server_read(struct server *server, void *bytes, size_t len);
bool server_write(struct server *server, const void *bytes, size_t len);
void server_wait_end(struct server *server); /* read and throw away */
void server_hold(struct server *server); /* read nothing, until it is freed */

/* Ports that nobody listens on, and that do not even answer. */
uint16_t closed_port(void);
struct server *full_server_new(void); /* its queue is full: SYNs are dropped */

/* A real sshd on 127.0.0.1, with keys and files in a directory of its own. */
struct sshd {
    char dir[64];
    uint16_t port;
    int pid;
    char *identity;      /* let in */
    char *other_key;     /* not let in */
    char *encrypted_key; /* let in, passphrase "secret" */
    char *known_hosts;   /* knows it */
    char *host_key;      /* base64 */
    char *user;
    pthread_t thread; /* reads what it logs */
    pthread_mutex_t lock;
    pthread_cond_t logged;
    struct buf log;
    int log_fd;
};

/* NULL, with a word printed, where there is none to start. */
struct sshd *sshd_new(void);
void sshd_free(struct sshd *sshd);

/* Kill it with all its sessions; sshd_restart() takes the same port. */
void sshd_kill(struct sshd *sshd);
bool sshd_restart(struct sshd *sshd);

/* What it logged so far contains text, now or within WAIT_MS. */
bool sshd_logged(struct sshd *sshd, const char *text);
bool sshd_wait_log(struct sshd *sshd, const char *text);
void sshd_clear_log(struct sshd *sshd);

/* Write file in its directory; the path is the caller's. */
char *sshd_file(struct sshd *sshd, const char *name, const char *text);

/* A spec for it, with short timeouts. */
struct ssh_spec sshd_spec(const struct sshd *sshd);

/* Run a program to its end; true when it said 0. */
bool run_program(const char *const argv[]);

#endif
