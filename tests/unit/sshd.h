/*
 * sshd.h - for tests of src/io: a real sshd with keys and files of its own.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_SSHD_H
#define TESTS_SSHD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "io/ssh.h"

/* A real sshd on 127.0.0.1, with keys and files in a directory of its own. */
struct sshd {
    char dir[64];
    uint16_t port;
    int pid;
    char *identity;      /* let in */
    char *other_key;     /* not let in */
    char *encrypted_key; /* let in, passphrase "secret" */
    char *known_hosts;   /* knows it */
    char *host_key;      /* ed25519, base64 */
    char *second_key;    /* ecdsa-sha2-nistp256, base64 */
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
