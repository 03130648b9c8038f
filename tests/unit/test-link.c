/*
 * test-link.c - one contract that every kind of link keeps.
 *
 * A row says how to get a far end of its kind to do what a test needs; what
 * is demanded is the same for all. Telnet has four rows: QEMU's dialect and a
 * tunnel are different code.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/io-fixture.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/cast.h"

#define CONNECT_MS 300

/* What the far end does once it has said READY. */
enum role {
    ECHO, /* sends back every byte as it was */
    DEAF, /* reads nothing */
    EXIT, /* ends at the first line, with status 3 where there is one */
    SIZE, /* says its size, "ROWS COLS", at each line or change */
    ROLES
};

struct scene {
    struct loop *loop;
    struct sshd *sshd; /* NULL: rows that need it are skipped */
    struct ssh *node, *bad_node;
    struct server *server;
    char *file; /* a recording */
    struct ear ear;
    size_t fds;
};

struct row {
    const char *name;
    bool needs_sshd;
    /* Fill in the spec for a far end with that role; false: it cannot. */
    bool (*play)(struct scene *scene, enum role role, struct link_spec *spec);
    /* One that refuses, and one that accepts and stays silent; NULL: the kind
     * cannot meet one. */
    void (*refuse)(struct scene *scene, struct link_spec *spec);
    void (*stay_silent)(struct scene *scene, struct link_spec *spec);
    const char *const *typed; /* by role: typed once it is up; NULL: nothing */
    int exit_status;          /* of EXIT */
};

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
play_ssh(struct scene *scene, enum role role, struct link_spec *spec)
{
    spec->kind = "ssh";
    spec->node = scene->node;
    spec->command = commands[role];
    return true;
}

static void
refuse_ssh(struct scene *scene, struct link_spec *spec)
{
    struct ssh_spec node = sshd_spec(scene->sshd);

    node.port = closed_port();
    node.timeout_ms = CONNECT_MS;
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
stay_silent_ssh(struct scene *scene, struct link_spec *spec)
{
    struct ssh_spec node = sshd_spec(scene->sshd);

    scene->server = server_new(serve_silence, NULL);
    node.port = scene->server->port;
    node.timeout_ms = CONNECT_MS;
    scene->bad_node = ssh_node_new(scene->loop, &node);
    spec->kind = "ssh";
    spec->node = scene->bad_node;
}

static bool
play_pty(struct scene *scene, enum role role, struct link_spec *spec)
{
    (void)scene;
    (void)role;
    spec->kind = "pty";
    return true;
}

static bool
play_exec(struct scene *scene, enum role role, struct link_spec *spec)
{
    (void)scene;
    spec->kind = "exec";
    spec->command = commands[role];
    return true;
}

/* No descriptor is left for the pty; give_back_fds() ends it. */
static void
take_all_fds(struct scene *scene, struct link_spec *spec, const char *kind)
{
    struct rlimit limit;

    (void)scene;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    spec->kind = kind;
}

static void
refuse_pty(struct scene *scene, struct link_spec *spec)
{
    take_all_fds(scene, spec, "pty");
}

static void
refuse_exec(struct scene *scene, struct link_spec *spec)
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
play_telnet(struct scene *scene, enum role role, struct link_spec *spec)
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
play_qemu(struct scene *scene, enum role role, struct link_spec *spec)
{
    spec->qemu = true;
    return play_telnet(scene, role, spec);
}

static bool
play_tunnel(struct scene *scene, enum role role, struct link_spec *spec)
{
    spec->node = scene->node;
    return play_telnet(scene, role, spec);
}

static bool
play_qemu_tunnel(struct scene *scene, enum role role, struct link_spec *spec)
{
    spec->node = scene->node;
    return play_qemu(scene, role, spec);
}

static void
refuse_telnet(struct scene *scene, struct link_spec *spec)
{
    (void)scene;
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = closed_port();
}

static void
refuse_tunnel(struct scene *scene, struct link_spec *spec)
{
    refuse_telnet(scene, spec);
    spec->node = scene->node;
}

/* Not even the connection is answered. */
static void
stay_silent_telnet(struct scene *scene, struct link_spec *spec)
{
    scene->server = full_server_new();
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = scene->server->port;
}

/* Connected, and no greeting. */
static void
stay_silent_qemu(struct scene *scene, struct link_spec *spec)
{
    scene->server = server_new(serve_silence, NULL);
    spec->kind = "telnet";
    spec->host = "127.0.0.1";
    spec->port = scene->server->port;
    spec->qemu = true;
}

static void
stay_silent_qemu_tunnel(struct scene *scene, struct link_spec *spec)
{
    stay_silent_qemu(scene, spec);
    spec->node = scene->node;
}

/* --- replay --- */

#define REPLAYED (256 * 1024)

/* Readable, and no two places look alike. */
static void
fill_text(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(' ' + (i * 7 + i / 95 + i / 9025) % 95);
}

static bool
play_replay(struct scene *scene, enum role role, struct link_spec *spec)
{
    const struct cast_header header = { .cols = 80, .rows = 24 };
    int dirfd = open("/tmp", O_DIRECTORY | O_CLOEXEC);
    char *name = xasprintf("miglab-link-%d.cast", (int)getpid());
    char *text = xmalloc(REPLAYED);
    struct err err = ERR_INIT;
    struct cast_writer *cast;

    fill_text(text, REPLAYED);
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
refuse_replay(struct scene *scene, struct link_spec *spec)
{
    (void)scene;
    spec->kind = "replay";
    spec->file = "/nonexistent/x.cast";
}

static const struct row rows[] = {
    { .name = "ssh",
      .needs_sshd = true,
      .play = play_ssh,
      .refuse = refuse_ssh,
      .stay_silent = stay_silent_ssh,
      .exit_status = 3 },
    { .name = "telnet",
      .play = play_telnet,
      .refuse = refuse_telnet,
      .stay_silent = stay_silent_telnet,
      .exit_status = -1 },
    { .name = "telnet of QEMU",
      .play = play_qemu,
      .refuse = refuse_telnet,
      .stay_silent = stay_silent_qemu,
      .exit_status = -1 },
    { .name = "telnet through a node",
      .needs_sshd = true,
      .play = play_tunnel,
      .refuse = refuse_tunnel,
      .exit_status = -1 },
    { .name = "telnet of QEMU through a node",
      .needs_sshd = true,
      .play = play_qemu_tunnel,
      .refuse = refuse_tunnel,
      .stay_silent = stay_silent_qemu_tunnel,
      .exit_status = -1 },
    { .name = "pty",
      .play = play_pty,
      .refuse = refuse_pty,
      .typed = typed_commands,
      .exit_status = 3 },
    { .name = "exec",
      .play = play_exec,
      .refuse = refuse_exec,
      .exit_status = 3 },
    { .name = "replay",
      .play = play_replay,
      .refuse = refuse_replay,
      .exit_status = -1 },
};

static bool
is_replay(const struct row *row)
{
    return row->play == play_replay;
}

/* --- before, between and after --- */

static int
start_sshd(void **state)
{
    struct scene *scene = xcalloc(1, sizeof *scene);

    /* The shells of these tests read no files of the user's. */
    setenv("SHELL", "/bin/sh", 1);
    setenv("HOME", "/nonexistent", 1);
    unsetenv("ENV");
    unsetenv("SSH_AUTH_SOCK");
    loop_free(loop_new()); /* libuv keeps two descriptors from now on */
    scene->sshd = sshd_new();
    *state = scene;
    return 0;
}

static int
stop_sshd(void **state)
{
    struct scene *scene = *state;

    sshd_free(scene->sshd);
    free(scene);
    return 0;
}

/* What a test that failed left behind is not the next one's. */
static int
forget(void **state)
{
    struct scene *scene = *state;

    *scene = (struct scene){ .sshd = scene->sshd };
    return 0;
}

/* False when the row cannot be had here. */
static bool
begin(struct scene *scene, const struct row *row)
{
    struct ssh_spec spec;

    if (row->needs_sshd && scene->sshd == NULL) {
        print_message("# skipped: %s\n", row->name);
        return false;
    }
    print_message("# %s\n", row->name);
    scene->fds = count_fds();
    scene->loop = loop_new();
    if (scene->sshd != NULL) {
        spec = sshd_spec(scene->sshd);
        scene->node = ssh_node_new(scene->loop, &spec);
    }
    return true;
}

static void
end(struct scene *scene)
{
    ear_close(&scene->ear);
    ssh_node_free(scene->node);
    ssh_node_free(scene->bad_node);
    loop_free(scene->loop);
    server_free(scene->server);
    if (scene->file != NULL)
        unlink(scene->file);
    free(scene->file);
    scene->node = scene->bad_node = NULL;
    scene->server = NULL;
    scene->file = NULL;
    assert_int_equal(count_fds(), scene->fds);
}

/* Up, with a far end that is READY for its role; false: it cannot. */
static bool
open_role(struct scene *scene, const struct row *row, enum role role)
{
    struct link_spec spec = { .cols = 80, .rows = 24 };

    if (!row->play(scene, role, &spec))
        return false;
    ear_open(&scene->ear, scene->loop, &spec);
    assert_true(ear_wait_state(&scene->ear, LINK_UP));
    if (row->typed != NULL)
        assert_true(
            ear_write(&scene->ear, row->typed[role], strlen(row->typed[role])));
    ear_drop_line(&scene->ear, "READY");
    return true;
}

/* --- the contract --- */

static void
it_comes_up_and_is_closed_when_asked(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &rows[i]))
            continue;
        assert_true(open_role(scene, &rows[i], DEAF));
        ear->calling = true;
        link_close(ear->link);
        ear->calling = false;
        assert_true(ear_wait_state(ear, LINK_CLOSED));
        run_turns(scene->loop);
        assert_int_equal(ear->states_len, 2); /* up, closed; each once */
        assert_int_equal(ear->reason.kind, ERR_NONE);
        end(scene);
    }
}

#define CARRIED (256 * 1024)

static void
it_carries_bytes_whole_and_in_order(void **state)
{
    struct scene *scene = *state;
    uint8_t *bytes = xmalloc(CARRIED);

    srandom(3);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &rows[i]))
            continue;
        assert_true(open_role(scene, &rows[i], ECHO));
        if (is_replay(&rows[i])) {
            fill_text((char *)bytes, CARRIED);
        } else {
            for (size_t j = 0; j < CARRIED; j++)
                bytes[j] = (uint8_t)random();
            assert_true(ear_write(ear, bytes, CARRIED));
        }
        assert_true(ear_wait_len(ear, CARRIED));
        assert_int_equal(ear->data.len, CARRIED);
        assert_memory_equal(ear->data.bytes, bytes, CARRIED);
        end(scene);
    }
    free(bytes);
}

static void
it_takes_no_more_than_may_wait(void **state)
{
    static const uint8_t block[65536];
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = ERR_INIT;
        struct ear *ear = &scene->ear;
        size_t taken = 0;

        if (!begin(scene, &rows[i]))
            continue;
        assert_true(open_role(scene, &rows[i], DEAF));
        ear->calling = true;
        while (link_write(ear->link, block, sizeof block, &err)) {
            taken += sizeof block;
            assert_true(taken < 16 * LINK_QUEUE_MAX);
            ear->calling = false;
            loop_turn(scene->loop);
            ear->calling = true;
        }
        ear->calling = false;
        print_message("# took %zu, then: %s\n", taken, err.text);
        assert_int_equal(err.kind, is_replay(&rows[i]) ? ERR_PEER : ERR_LIMIT);
        assert_int_equal(link_status(ear->link)->state, LINK_UP);
        end(scene);
    }
}

static void
it_tells_the_end_once_and_its_status(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = ERR_INIT;
        struct ear *ear = &scene->ear;

        if (!begin(scene, &rows[i]))
            continue;
        assert_true(open_role(scene, &rows[i], EXIT));
        if (!is_replay(&rows[i]))
            assert_true(ear_write(ear, "\r", 1));
        assert_true(ear_wait_state(ear, LINK_CLOSED));
        assert_int_equal(ear->exit_status, rows[i].exit_status);
        assert_int_equal(ear->reason.kind, ERR_NONE);
        run_turns(scene->loop);
        assert_int_equal(ear->states_len, 2);
        assert_false(link_write(ear->link, (const uint8_t *)"x", 1, &err));
        assert_int_equal(err.kind, ERR_PEER);
        end(scene);
    }
}

static void
a_refusal_is_told_with_its_reason(void **state)
{
    struct scene *scene = *state;
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct link_spec spec = { .connect_timeout_ms = CONNECT_MS };
        struct ear *ear = &scene->ear;
        bool lost;

        if (!begin(scene, &rows[i]))
            continue;
        rows[i].refuse(scene, &spec);
        ear_open(ear, scene->loop, &spec);
        lost = ear_wait_state(ear, LINK_LOST);
        setrlimit(RLIMIT_NOFILE, &limit);
        print_message("# %s\n", ear->reason.text);
        assert_true(lost);
        run_turns(scene->loop);
        assert_int_equal(ear->states_len, 1);
        assert_true(ear->reason.kind == ERR_PEER ||
                    ear->reason.kind == ERR_SYS);
        end(scene);
    }
}

static void
silence_ends_at_the_deadline(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct link_spec spec = { .connect_timeout_ms = CONNECT_MS };
        struct ear *ear = &scene->ear;
        uint64_t started_us, took_ms, want_ms;

        if (rows[i].stay_silent == NULL || !begin(scene, &rows[i]))
            continue;
        rows[i].stay_silent(scene, &spec);
        want_ms = spec.qemu ? 1000 : CONNECT_MS;
        started_us = clock_now_us();
        ear_open(ear, scene->loop, &spec);
        assert_true(ear_wait_state(ear, LINK_LOST));
        took_ms = (clock_now_us() - started_us) / 1000;
        print_message("# %s (%d ms)\n", ear->reason.text, (int)took_ms);
        assert_int_equal(ear->reason.kind, spec.qemu ? ERR_BUSY : ERR_TIMEOUT);
        assert_true(took_ms >= want_ms && took_ms < want_ms + 400);
        end(scene);
    }
}

static void
it_connects_again_when_asked(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &rows[i]))
            continue;
        assert_true(open_role(scene, &rows[i], DEAF));
        link_reconnect(ear->link); /* it is up: nothing to do */
        link_close(ear->link);
        assert_true(ear_wait_state(ear, LINK_CLOSED));
        buf_clear(&ear->data);
        ear->calling = true;
        link_reconnect(ear->link);
        ear->calling = false;
        assert_true(ear_wait_state(ear, LINK_UP));
        if (rows[i].typed != NULL)
            assert_true(ear_write(ear, rows[i].typed[DEAF],
                                  strlen(rows[i].typed[DEAF])));
        assert_true(ear_wait_text(ear, "READY"));
        assert_int_equal(ear->states_len, 4);
        assert_int_equal(ear->states[2], LINK_CONNECTING);
        end(scene);
    }
}

static bool
is_freed(void *ctx)
{
    return ((struct ear *)ctx)->link == NULL;
}

/* Callback 1 tells up, 2 brings data, 3 or a later one the end. */
static void
it_may_be_freed_in_any_callback(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned at = 1; at <= 3; at++) {
            struct link_spec spec = { .cols = 80, .rows = 24 };
            struct ear *ear = &scene->ear;

            if (!begin(scene, &rows[i]))
                break;
            rows[i].play(scene, EXIT, &spec);
            ear->free_at = at < 3 || is_replay(&rows[i]) ? at : 0;
            ear_open(ear, scene->loop, &spec);
            if (ear->free_at == 0) {
                assert_true(ear_wait_state(ear, LINK_UP));
                if (rows[i].typed != NULL)
                    assert_true(ear_write(ear, rows[i].typed[EXIT],
                                          strlen(rows[i].typed[EXIT])));
                assert_true(ear_wait_text(ear, "READY"));
                ear->free_at = ear->callbacks + 1;
                assert_true(ear_write(ear, "\r", 1));
            }
            assert_true(wait_until(scene->loop, is_freed, ear, WAIT_MS));
            end(scene);
        }
    }
}

static void
a_size_reaches_the_far_end(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &rows[i]))
            continue;
        if (open_role(scene, &rows[i], SIZE)) {
            ear->calling = true;
            link_resize(ear->link, 100, 50);
            ear->calling = false;
            if (strcmp(rows[i].name, "telnet") != 0 &&
                rows[i].play != play_tunnel)
                assert_true(ear_write(ear, "\r", 1));
            else
                ear_drop_line(ear, "24 80"); /* and so does the first one */
            assert_true(ear_wait_text(ear, "50 100"));
        }
        end(scene);
    }
}

static void
nothing_comes_while_it_is_paused(void **state)
{
    struct scene *scene = *state;
    uint8_t *bytes = xmalloc(CARRIED);

    fill_text((char *)bytes, CARRIED);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ear *ear = &scene->ear;
        size_t had;

        if (!begin(scene, &rows[i]))
            continue;
        assert_true(open_role(scene, &rows[i], ECHO));
        if (!is_replay(&rows[i]))
            assert_true(ear_write(ear, bytes, CARRIED));
        assert_true(ear_wait_len(ear, 1));
        link_pause(ear->link, true);
        ear->paused = true;
        had = ear->data.len;
        run_turns(scene->loop);
        assert_int_equal(ear->data.len, had);
        ear->paused = false;
        ear->calling = true;
        link_pause(ear->link, false);
        ear->calling = false;
        assert_true(ear_wait_len(ear, CARRIED));
        assert_memory_equal(ear->data.bytes, bytes, CARRIED);
        end(scene);
    }
    free(bytes);
}

static void
a_lost_link_retries_as_often_as_asked(void **state)
{
    struct scene *scene = *state;
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct link_spec spec = { .connect_timeout_ms = CONNECT_MS,
                                  .retry_delay_ms = 1,
                                  .retries = 2 };
        struct ear *ear = &scene->ear;

        if (!begin(scene, &rows[i]))
            continue;
        rows[i].refuse(scene, &spec);
        ear_open(ear, scene->loop, &spec);
        ear_wait_states(ear, 5);
        setrlimit(RLIMIT_NOFILE, &limit);
        run_turns(scene->loop);
        assert_int_equal(ear->states_len, 5);
        for (size_t j = 0; j < 5; j++)
            assert_int_equal(ear->states[j],
                             j % 2 ? LINK_CONNECTING : LINK_LOST);
        end(scene);
    }
}

static void
a_spec_without_sense_is_refused_with_words(void **state)
{
    static const struct {
        struct link_spec spec;
        const char *want;
    } cases[] = {
        { { .kind = "carrier-pigeon" },
          "unknown kind of link \"carrier-pigeon\" (ssh telnet pty exec "
          "replay)" },
        { { .kind = NULL },
          "unknown kind of link \"\" (ssh telnet pty exec replay)" },
        { { .kind = "ssh" }, "a link of kind ssh needs a node" },
        { { .kind = "telnet", .host = "a" },
          "a link of kind telnet needs a host and a port" },
        { { .kind = "exec" }, "a link of kind exec needs a command" },
        { { .kind = "pty", .command = "ls" },
          "a link of kind pty runs a shell, no command (that is exec)" },
        { { .kind = "replay" }, "a link of kind replay needs a file" },
        { { .kind = "replay", .file = "x", .speed = -1 },
          "a link of kind replay has a speed of 0 or more" },
    };
    const struct link_sink sink = { 0 };
    struct loop *loop = loop_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = ERR_INIT;

        assert_null(link_new(loop, &cases[i].spec, &sink, &err));
        assert_int_equal(err.kind, ERR_USAGE);
        assert_string_equal(err.text, cases[i].want);
    }
    for (size_t i = 0; i < link_kinds_len; i++) {
        assert_non_null(link_kinds[i].summary);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(link_kinds[i].name, link_kinds[j].name);
    }
    link_free(NULL);
    loop_free(loop);
}

int
main(void)
{
#define LINK(test) cmocka_unit_test_setup(test, forget)
    const struct CMUnitTest tests[] = {
        LINK(it_comes_up_and_is_closed_when_asked),
        LINK(it_carries_bytes_whole_and_in_order),
        LINK(it_takes_no_more_than_may_wait),
        LINK(it_tells_the_end_once_and_its_status),
        LINK(a_refusal_is_told_with_its_reason),
        LINK(silence_ends_at_the_deadline),
        LINK(it_connects_again_when_asked),
        LINK(it_may_be_freed_in_any_callback),
        LINK(a_size_reaches_the_far_end),
        LINK(nothing_comes_while_it_is_paused),
        LINK(a_lost_link_retries_as_often_as_asked),
        LINK(a_spec_without_sense_is_refused_with_words),
    };

    return cmocka_run_group_tests_name("link", tests, start_sshd, stop_sshd);
}
