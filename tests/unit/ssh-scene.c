/*
 * ssh-scene.c - a loop, a real sshd, a node and links: for tests of sessions.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/ssh-scene.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "base/xalloc.h"

/* One for all tests of a program; cmocka has no place for it before setup. */
static struct sshd *shared;

static int
start(void **state)
{
    struct ssh_scene *scene = xcalloc(1, sizeof *scene);

    scene->sshd = shared;
    *state = scene;
    return 0;
}

static int
stop(void **state)
{
    free(*state);
    return 0;
}

int
ssh_scene_run(const char *name, const struct CMUnitTest *tests, size_t len)
{
    int failed;

    unsetenv("SSH_AUTH_SOCK");
    loop_free(loop_new()); /* libuv keeps two descriptors from now on */
    shared = sshd_new();
    if (shared == NULL) {
        printf("1..0 # SKIP there is no sshd to be had here\n");
        return 0;
    }
    failed = _cmocka_run_group_tests(name, tests, len, start, stop);
    sshd_free(shared);
    return failed;
}

int
ssh_scene_begin(void **state)
{
    struct ssh_scene *scene = *state;

    *scene = (struct ssh_scene){ .sshd = scene->sshd };
    sshd_clear_log(scene->sshd);
    scene->fds = count_fds();
    scene->loop = loop_new();
    return 0;
}

int
ssh_scene_end(void **state)
{
    struct ssh_scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(scene->ears); i++)
        ear_close(&scene->ears[i]);
    ssh_node_free(scene->node);
    loop_free(scene->loop);
    server_free(scene->server);
    free(scene->known);
    assert_int_equal(count_fds(), scene->fds);
    return 0;
}

void
ssh_scene_open(struct ssh_scene *scene, struct ear *ear, const char *command)
{
    const struct link_spec spec = { .kind = "ssh",
                                    .node = scene->node,
                                    .command = command,
                                    .connect_timeout_ms = scene->open_ms };

    ear_open(ear, scene->loop, &spec);
}

enum link_state
ssh_scene_try(struct ssh_scene *scene, const struct ssh_spec *spec)
{
    struct ear *ear = &scene->ears[0];
    enum link_state state;

    scene->node = ssh_node_new(scene->loop, spec);
    ssh_scene_open(scene, ear, "exec cat");
    assert_true(ear_wait_states(ear, 1));
    state = ear->states[0];
    print_message("# %s %s\n", link_state_name(state), ear->reason.text);
    return state;
}

void
ssh_scene_close(struct ssh_scene *scene)
{
    ear_close(&scene->ears[0]);
    ssh_node_free(scene->node);
    scene->node = NULL;
    run_turns(scene->loop);
}

void
ssh_scene_start_proxy(struct ssh_scene *scene, const struct proxy_plan *plan,
                      struct ssh_spec *spec)
{
    char *text;

    *spec = sshd_spec(scene->sshd);
    scene->plan = *plan; /* the proxy's thread outlives the test's own */
    scene->plan.port = spec->port;
    scene->server = server_new(serve_proxy, &scene->plan);
    spec->port = scene->server->port;
    text = xasprintf("[127.0.0.1]:%u ssh-ed25519 %s\n", spec->port,
                     scene->sshd->host_key);
    free(scene->known);
    scene->known = sshd_file(scene->sshd, "known", text);
    spec->known_hosts = scene->known;
    free(text);
}

void
ssh_scene_stop_proxy(struct ssh_scene *scene)
{
    server_free(scene->server);
    scene->server = NULL;
}
