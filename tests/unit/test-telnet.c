/*
 * test-telnet.c - telnet servers that follow a script, or are gone.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"
#include "tests/unit/server.h"

#include "base/clock.h"
#include "base/xalloc.h"

static const uint8_t greeting[] = { 0xff, 0xfb, 1, 0xff, 0xfb, 3,
                                    0xff, 0xfb, 0, 0xff, 0xfd, 0 };

struct scene {
    struct loop *loop;
    struct server *server;
    struct ear ears[3];
    size_t fds;
};

static int
setup(void **state)
{
    struct scene *scene = xcalloc(1, sizeof *scene);

    loop_free(loop_new()); /* libuv keeps two descriptors from now on */
    scene->fds = count_fds();
    scene->loop = loop_new();
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(scene->ears); i++)
        ear_close(&scene->ears[i]);
    loop_free(scene->loop);
    server_free(scene->server);
    assert_int_equal(count_fds(), scene->fds);
    free(scene);
    return 0;
}

static void
open_port(struct scene *scene, struct ear *ear, uint16_t port, bool qemu)
{
    const struct link_spec spec = {
        .kind = "telnet", .host = "127.0.0.1", .port = port, .qemu = qemu
    };

    ear_open(ear, scene->loop, &spec);
}

struct script {
    const uint8_t *bytes; /* sent one by one */
    size_t len;
    size_t heard; /* bytes that came until the client went */
    bool reads;
};

static void
serve_script(struct server *server)
{
    struct script *script = server->ctx;
    uint8_t byte;

    for (size_t i = 0; i < script->len; i++)
        server_write(server, &script->bytes[i], 1);
    if (!script->reads)
        shutdown(server->fd, SHUT_WR);
    while (server_read(server, &byte, 1))
        script->heard++;
}

static void
a_busy_console_hears_nothing_from_us(void **state)
{
    struct scene *scene = *state;
    struct script script = { .reads = true };
    struct ear *ear = &scene->ears[0];

    scene->server = server_new(serve_script, &script);
    open_port(scene, ear, scene->server->port, true);
    assert_true(ear_wait_state(ear, LINK_LOST));
    assert_int_equal(ear->reason.kind, ERR_BUSY);
    server_free(scene->server);
    scene->server = NULL;
    assert_int_equal(script.heard, 0);
}

static void
what_is_no_greeting_is_no_console_of_qemu(void **state)
{
    static const struct {
        const char *bytes;
        enum err_kind want;
        const char *word;
    } cases[] = {
        { "QEMU 7.2.22 monitor\r\n", ERR_PEER, "not the greeting" },
        { "\xff\xfb\x01\xff\xf1\x01\xff\xfb\x01\xff\xfb\x01", ERR_PEER,
          "not the greeting" },
        { "\xff\xfb\x01\xff\xfb\x03x", ERR_PEER, "not the greeting" },
        { "\xff\xfb\x01\xff\xfb", ERR_TIMEOUT, "the greeting breaks off" },
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct script script = { .bytes = (const uint8_t *)cases[i].bytes,
                                 .len = strlen(cases[i].bytes),
                                 .reads = true };
        struct ear *ear = &scene->ears[0];

        scene->server = server_new(serve_script, &script);
        open_port(scene, ear, scene->server->port, true);
        assert_true(ear_wait_state(ear, LINK_LOST));
        print_message("# %s\n", ear->reason.text);
        assert_int_equal(ear->reason.kind, cases[i].want);
        assert_non_null(strstr(ear->reason.text, cases[i].word));
        ear_close(ear);
        server_free(scene->server);
        scene->server = NULL;
        assert_int_equal(script.heard, 0);
    }
}

static char *
read_data(const char *name, size_t *len)
{
    const char *top = getenv("top_srcdir");
    char *path = xasprintf("%s/tests/data/%s", top != NULL ? top : "..", name);
    char *bytes = xmalloc(65536);
    FILE *in = fopen(path, "re");

    if (in == NULL)
        fail_msg("cannot open %s", path);
    *len = fread(bytes, 1, 65536, in);
    fclose(in);
    free(path);
    return bytes;
}

/* What a real monitor sent, with an 0xFF that a guest might have added. */
static void
after_the_greeting_bytes_are_as_they_are(void **state)
{
    struct scene *scene = *state;
    struct ear *ear = &scene->ears[0];
    struct script script = { 0 };
    size_t len;
    char *bytes = read_data("qemu-monitor.telnet", &len);

    assert_memory_equal(bytes, greeting, sizeof greeting);
    memcpy(bytes + len, "\xff\xfb\x01\xff\xff\xff", 6);
    script.bytes = (const uint8_t *)bytes;
    script.len = len + 6;
    scene->server = server_new(serve_script, &script);
    open_port(scene, ear, scene->server->port, true);
    assert_true(ear_wait_state(ear, LINK_CLOSED)); /* its end is in order */
    assert_int_equal(ear->data.len, script.len - sizeof greeting);
    assert_memory_equal(ear->data.bytes, bytes + sizeof greeting,
                        ear->data.len);
    free(bytes);
}

static void
serve_flood(struct server *server)
{
    struct script *script = server->ctx;
    uint8_t bytes[4096];
    ssize_t len;

    for (int i = 0; i < 3000; i++)
        server_write(server,
                     "\xff\xfb\x01\xff\xfc\x01\xff\xfd\x1f\xff\xfe\x1f"
                     "\xff\xfa\x56\xff\xf0\xff\xfa\x18\x01\xff\xf0",
                     23);
    server_write(server, "end\r\n", 5);
    shutdown(server->fd, SHUT_WR);
    while ((len = recv(server->fd, bytes, sizeof bytes, 0)) > 0)
        script->heard += (size_t)len;
}

static void
a_flood_of_negotiations_costs_little(void **state)
{
    struct scene *scene = *state;
    struct script script = { 0 };
    struct ear *ear = &scene->ears[0];

    scene->server = server_new(serve_flood, &script);
    open_port(scene, ear, scene->server->port, false);
    assert_true(ear_wait_state(ear, LINK_CLOSED));
    assert_string_equal(buf_text(&ear->data), "end\r\n");
    server_free(scene->server);
    scene->server = NULL;
    assert_true(script.heard < 1000);
}

/* Asked for, sends all, waits until it is acknowledged, then resets. */
static void
serve_and_reset(struct server *server)
{
    const struct linger reset = { .l_onoff = 1 };
    struct script *script = server->ctx;
    int left = 1;
    char byte;

    server_read(server, &byte, 1);
    server_write(server, script->bytes, script->len);
    while (left > 0)
        ioctl(server->fd, SIOCOUTQ, &left);
    setsockopt(server->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

static void
what_was_acknowledged_is_never_lost(void **state)
{
    struct scene *scene = *state;
    const char *lengthy = getenv("MIGLAB_LONG");
    int runs = lengthy != NULL && *lengthy != '\0' ? 500 : 50;
    struct ear *ear = &scene->ears[0];
    uint8_t *bytes = xmalloc(65536);

    srandom(5);
    for (size_t i = 0; i < 65536; i++)
        bytes[i] = (uint8_t)(random() % 255); /* 0xFF is telnet's own */
    for (int i = runs; i > 0; i--) {
        struct script script = { .bytes = bytes,
                                 .len = 1 + (size_t)random() % 65535 };

        scene->server = server_new(serve_and_reset, &script);
        open_port(scene, ear, scene->server->port, false);
        assert_true(ear_wait_state(ear, LINK_UP));
        assert_true(ear_write(ear, "?", 1));
        assert_true(ear_wait_state(ear, LINK_LOST));
        assert_int_equal(ear->data.len, script.len);
        assert_memory_equal(ear->data.bytes, bytes, script.len);
        ear_close(ear);
        server_free(scene->server);
        scene->server = NULL;
    }
    free(bytes);
}

/* --- peers that are gone, and one that is only slow --- */

static void
serve_nothing(struct server *server)
{
    server_hold(server);
}

static bool
both_lost(void *ctx)
{
    const struct ear *ears = ctx;

    return ears[0].states_len == 2 && ears[1].states_len == 2;
}

/*
 * Three connections at once, for this takes real seconds: the kernel's. One is
 * idle and one has bytes under way when their peers vanish; the third's peer
 * is there and reads nothing, with its window closed.
 */
static void
a_dead_peer_is_noticed_and_a_slow_one_waited_for(void **state)
{
    static const uint8_t block[65536];
    struct scene *scene = *state;
    struct ear *ears = scene->ears;
    struct server *servers[3];
    struct err err;
    uint64_t gone_us, took_ms;

    for (int i = 0; i < 3; i++) {
        servers[i] = server_new(serve_nothing, NULL);
        open_port(scene, &ears[i], servers[i]->port, false);
        assert_true(ear_wait_state(&ears[i], LINK_UP));
    }
    while (link_write(ears[2].link, block, sizeof block, &err))
        loop_turn(scene->loop);
    assert_int_equal(err.kind, ERR_LIMIT);
    for (int i = 0; i < 2; i++)
        server_drop_packets(servers[i]);
    gone_us = clock_now_us();
    assert_true(link_write(ears[1].link, block, 100, &err));
    assert_true(wait_until(scene->loop, both_lost, ears, WAIT_MS));
    took_ms = (clock_now_us() - gone_us) / 1000;
    print_message("# %d ms; idle: %s; under way: %s\n", (int)took_ms,
                  ears[0].reason.text, ears[1].reason.text);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ears[i].states[1], LINK_LOST);
        assert_int_equal(ears[i].reason.kind, ERR_TIMEOUT);
    }
    assert_int_equal(link_status(ears[2].link)->state, LINK_UP);
    for (int i = 0; i < 3; i++) {
        ear_close(&ears[i]);
        server_free(servers[i]);
    }
}

int
main(void)
{
#define TELNET(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TELNET(a_busy_console_hears_nothing_from_us),
        TELNET(what_is_no_greeting_is_no_console_of_qemu),
        TELNET(after_the_greeting_bytes_are_as_they_are),
        TELNET(a_flood_of_negotiations_costs_little),
        TELNET(what_was_acknowledged_is_never_lost),
        TELNET(a_dead_peer_is_noticed_and_a_slow_one_waited_for),
    };

    return cmocka_run_group_tests_name("telnet", tests, NULL, NULL);
}
