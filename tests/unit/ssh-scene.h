/*
 * ssh-scene.h - a loop, a real sshd, a node and links: for tests of sessions.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_SSH_SCENE_H
#define TESTS_SSH_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/unit/ear.h"
#include "tests/unit/server.h"
#include "tests/unit/sshd.h"

#include "io/link.h"
#include "io/loop.h"
#include "io/ssh.h"

struct ssh_scene {
    struct loop *loop;
    struct sshd *sshd;
    struct ssh *node;
    struct server *server;
    struct proxy_plan plan; /* of a server that is a proxy */
    char *known;            /* the file for the server */
    uint32_t open_ms;       /* for a channel; 0: long enough */
    struct ear ears[3];
    size_t fds;
};

/* Run the tests with a real sshd; without one, say that they are skipped. */
struct CMUnitTest;
int ssh_scene_run(const char *name, const struct CMUnitTest *tests, size_t len);

/* Before and after each. */
int ssh_scene_begin(void **state);
int ssh_scene_end(void **state);

/* A link to the node; command NULL: a login shell. */
void ssh_scene_open(struct ssh_scene *scene, struct ear *ear,
                    const char *command);

/* A session and one link with the node's spec; what became of it. */
enum link_state ssh_scene_try(struct ssh_scene *scene,
                              const struct ssh_spec *spec);
void ssh_scene_close(struct ssh_scene *scene);

/* A server whose bytes pass through a proxy with that plan. */
void ssh_scene_start_proxy(struct ssh_scene *scene,
                           const struct proxy_plan *plan,
                           struct ssh_spec *spec);
void ssh_scene_stop_proxy(struct ssh_scene *scene);

#endif
