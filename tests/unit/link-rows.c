/*
 * link-rows.c - a row for each kind of link: how to get its far ends to work.
 *
 * Telnet has four: QEMU's dialect and a tunnel are different code.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/link-rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/server.h"
#include "tests/unit/sshd.h"

#include "base/xalloc.h"
#include "io/cast.h"

#define READY "printf 'REA%s\\n' DY"

static const char *const commands[ROLES] = {
    [ECHO] = "stty raw -echo; " READY "; exec cat",
    [DEAF] = "stty raw -echo; " READY "; exec sleep 1000",
    [EXIT] = READY "; read x; exit 3",
    [SIZE] = READY "; while read x; do stty size; done",
};

static const char *const typed_commands[ROLES] = {
    [ECHO] = "stty raw -echo; " READY "; exec cat\r",
    [DEAF] = "stty raw -echo; " READY "; exec sleep 1000\r",
    [EXIT] = READY "; read x; exit 3\r",
    [SIZE] = READY "; while read x; do stty size; done\r",
};

/* --- ssh, pty, exec --- */

static bool
play_ssh(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    spec->kind = "ssh";
    spec->node = scene->node;
    spec->command = commands[role];
    return true;
}

static void
refuse_ssh(struct link_scene *scene, struct link_spec *spec)
{
    struct ssh_spec node = sshd_spec(scene->sshd);

    node.port = closed_port();
    node.timeout_ms = LINK_CONNECT_MS;
    scene->bad_node = ssh_node_new(scene->loop, &node);
    spec->kind = "ssh";
    spec->node = scene->bad_node;
}

static void
serve_silence(struct server *server)
{
    server_hold(server);
}

static void
stay_silent_ssh(struct link_scene *scene, struct link_spec *spec)
{
    struct ssh_spec node = sshd_spec(scene->sshd);

    scene->server = server_new(serve_silence, NULL);
    node.port = scene->server->port;
    node.timeout_ms = LINK_CONNECT_MS;
    scene->bad_node = ssh_node_new(scene->loop, &node);
    spec->kind = "ssh";
    spec->node = scene->bad_node;
}

static bool
play_pty(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    (void)scene;
    (void)role;
    spec->kind = "pty";
    return true;
}

static bool
play_exec(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    (void)scene;
    spec->kind = "exec";
    spec->command = commands[role];
    return true;
}

/* No descriptor is left for the pty; give_back_fds() ends it. */
static void
take_all_fds(struct link_scene *scene, struct link_spec *spec, const char *kind)
{
    struct rlimit limit;

    (void)scene;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    spec->kind = kind;
}

static void
refuse_pty(struct link_scene *scene, struct link_spec *spec)
{
    take_all_fds(scene, spec, "pty");
}

static void
refuse_exec(struct link_scene *scene, struct link_spec *spec)
{
    take_all_fds(scene, spec, "exec");
    spec->command = "true";
}

/* --- telnet --- */

static const uint8_t greeting[] = { 0xff, 0xfb, 1, 0xff, 0xfb, 3,
                                    0xff, 0xfb, 0, 0xff, 0xfd, 0 };

/* As QEMU: commands of telnet taken out, then bytes as they are. */
static void
echo_like_qemu(struct server *server)
{
    uint8_t in[4096], out[4096];
    int state = 1;
    ssize_t len;

    while ((len = recv(server->fd, in, sizeof in, 0)) > 0) {
        size_t used = 0;

        for (ssize_t i = 0; i < len; i++) {
            if (state == 1 && in[i] == 0xff) {
                state = 2;
            } else if (state == 1 || (state == 2 && in[i] == 0xff)) {
                out[used++] = in[i];
                state = 1;
            } else {
                state = state == 2 ? 3 : 1;
            }
        }
        if (!server_write(server, out, used))
            break;
    }
}

static void
echo_as_it_is(struct server *server)
{
    uint8_t bytes[4096];
    ssize_t len;

    while ((len = recv(server->fd, bytes, sizeof bytes, 0)) > 0)
        if (!server_write(server, bytes, (size_t)len))
            break;
}

static void
tell_sizes(struct server *server)
{
    uint8_t byte, sb[9];
    char text[32];

    server_write(server, "\xff\xfd\x1f", 3); /* DO NAWS */
    while (server_read(server, &byte, 1)) {
        if (byte != 0xff || !server_read(server, sb, 1))
            continue;
        if (sb[0] != 0xfa) {
            server_read(server, sb, 1);
            continue;
        }
        if (!server_read(server, sb, 7)) /* option, four bytes, IAC SE */
            break;
        snprintf(text, sizeof text, "%d %d\r\n", sb[3] << 8 | sb[4],
                 sb[1] << 8 | sb[2]);
        server_write(server, text, strlen(text));
    }
}

/* ctx: the role; and whether it is QEMU, in the next bit up. */
#define QEMU 16
static void
serve_telnet(struct server *server)
{
    uintptr_t what = (uintptr_t)server->ctx;
    enum role role = (enum role)(what & (QEMU - 1));
    uint8_t bytes[3];

    if (what & QEMU)
        server_write(server, greeting, sizeof greeting);
    server_write(server, "READY\r\n", 7);
    if (what & QEMU)
        server_read(server, bytes, 3); /* IAC DEL DEL */
    if (role == ECHO && what & QEMU)
        echo_like_qemu(server);
    else if (role == ECHO)
        echo_as_it_is(server);
    else if (role == DEAF)
        server_hold(server);
    else if (role == SIZE)
        tell_sizes(server);
    else
        server_read(server, bytes, 1);
}

static bool
play_telnet(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    uintptr_t what = (uintptr_t)role | (spec->qemu ? QEMU : 0);

    if (spec->qemu && role == SIZE)
        return false; /* a chardev has no size */
    scene->server = server_new(serve_telnet, (void *)what);
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = scene->server->port;
    return true;
}

static bool
play_qemu(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    spec->qemu = true;
    return play_telnet(scene, role, spec);
}

static bool
play_tunnel(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    spec->node = scene->node;
    return play_telnet(scene, role, spec);
}

static bool
play_qemu_tunnel(struct link_scene *scene, enum role role,
                 struct link_spec *spec)
{
    spec->node = scene->node;
    return play_qemu(scene, role, spec);
}

static void
refuse_telnet(struct link_scene *scene, struct link_spec *spec)
{
    (void)scene;
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = closed_port();
}

static void
refuse_tunnel(struct link_scene *scene, struct link_spec *spec)
{
    refuse_telnet(scene, spec);
    spec->node = scene->node;
}

/* Not even the connection is answered. */
static void
stay_silent_telnet(struct link_scene *scene, struct link_spec *spec)
{
    scene->server = full_server_new();
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = scene->server->port;
}

/* Connected, and no greeting. */
static void
stay_silent_qemu(struct link_scene *scene, struct link_spec *spec)
{
    scene->server = server_new(serve_silence, NULL);
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = scene->server->port;
    spec->qemu = true;
}

static void
stay_silent_qemu_tunnel(struct link_scene *scene, struct link_spec *spec)
{
    stay_silent_qemu(scene, spec);
    spec->node = scene->node;
}

/* --- replay --- */

#define REPLAYED (256 * 1024)

/* Readable, and no two places look alike. */
void
link_rows_fill(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(' ' + (i * 7 + i / 95 + i / 9025) % 95);
}

static bool
play_replay(struct link_scene *scene, enum role role, struct link_spec *spec)
{
    const struct cast_header header = { .cols = 80, .rows = 24 };
    int dirfd = open("/tmp", O_DIRECTORY | O_CLOEXEC);
    char *name = xasprintf("miglab-link-%d.cast", (int)getpid());
    char *text = xmalloc(REPLAYED);
    struct err err = ERR_INIT;
    struct cast_writer *cast;

    link_rows_fill(text, REPLAYED);
    unlinkat(dirfd, name, 0);
    cast = cast_writer_new(dirfd, name, &header, &err);
    assert_non_null(cast);
    assert_true(cast_output(cast, 1, "READY\r\n", 7, &err));
    for (size_t at = 0; role == ECHO && at < REPLAYED; at += 1024)
        assert_true(cast_output(cast, at, text + at, 1024, &err));
    if (role == DEAF) /* it has to stay */
        assert_true(cast_output(cast, 1000000000, "late", 4, &err));
    cast_writer_free(cast);
    scene->file = xasprintf("/tmp/%s", name);
    spec->kind = "replay";
    spec->file = scene->file;
    spec->speed = role == DEAF ? 1 : 0;
    free(text);
    free(name);
    close(dirfd);
    return role != SIZE;
}

static void
refuse_replay(struct link_scene *scene, struct link_spec *spec)
{
    (void)scene;
    spec->kind = "replay";
    spec->file = "/nonexistent/x.cast";
}

const struct link_row link_rows[] = {
    { .name = "ssh",
      .needs_sshd = true,
      .play = play_ssh,
      .refuse = refuse_ssh,
      .refusal = ERR_PEER,
      .stay_silent = stay_silent_ssh,
      .exit_status = 3 },
    { .name = "telnet",
      .play = play_telnet,
      .tells_sizes = true,
      .refuse = refuse_telnet,
      .refusal = ERR_REFUSED,
      .stay_silent = stay_silent_telnet,
      .exit_status = -1 },
    { .name = "telnet of QEMU",
      .play = play_qemu,
      .refuse = refuse_telnet,
      .refusal = ERR_REFUSED,
      .stay_silent = stay_silent_qemu,
      .exit_status = -1 },
    { .name = "telnet through a node",
      .needs_sshd = true,
      .play = play_tunnel,
      .tells_sizes = true,
      .refuse = refuse_tunnel,
      .refusal = ERR_REFUSED,
      .exit_status = -1 },
    { .name = "telnet of QEMU through a node",
      .needs_sshd = true,
      .play = play_qemu_tunnel,
      .refuse = refuse_tunnel,
      .refusal = ERR_REFUSED,
      .stay_silent = stay_silent_qemu_tunnel,
      .exit_status = -1 },
    { .name = "pty",
      .play = play_pty,
      .refuse = refuse_pty,
      .refusal = ERR_SYS,
      .typed = typed_commands,
      .exit_status = 3 },
    { .name = "exec",
      .play = play_exec,
      .refuse = refuse_exec,
      .refusal = ERR_SYS,
      .exit_status = 3 },
    { .name = "replay",
      .play = play_replay,
      .replays = true,
      .refuse = refuse_replay,
      .refusal = ERR_SYS,
      .exit_status = -1 },
};

const size_t link_rows_len = ARRAY_LEN(link_rows);
