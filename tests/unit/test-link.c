/*
 * test-link.c - one contract that every kind of link keeps.
 *
 * A row says how to get a far end of its kind to do what a test needs; what
 * is demanded is the same for all.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"
#include "tests/unit/link-rows.h"
#include "tests/unit/server.h"
#include "tests/unit/sshd.h"

#include "base/clock.h"
#include "base/xalloc.h"

static int
start_sshd(void **state)
{
    struct link_scene *scene = xcalloc(1, sizeof *scene);

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
    struct link_scene *scene = *state;

    sshd_free(scene->sshd);
    free(scene);
    return 0;
}

/* What a test that failed left behind is not the next one's. */
static int
forget(void **state)
{
    struct link_scene *scene = *state;

    *scene = (struct link_scene){ .sshd = scene->sshd };
    return 0;
}

/* False when the row cannot be had here. */
static bool
begin(struct link_scene *scene, const struct link_row *row)
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
end(struct link_scene *scene)
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
open_role(struct link_scene *scene, const struct link_row *row, enum role role)
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
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &link_rows[i]))
            continue;
        assert_true(open_role(scene, &link_rows[i], DEAF));
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
    struct link_scene *scene = *state;
    uint8_t *bytes = xmalloc(CARRIED);

    srandom(3);
    for (size_t i = 0; i < link_rows_len; i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &link_rows[i]))
            continue;
        assert_true(open_role(scene, &link_rows[i], ECHO));
        if (link_rows[i].replays) {
            link_rows_fill((char *)bytes, CARRIED);
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
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        struct err err = ERR_INIT;
        struct ear *ear = &scene->ear;
        size_t taken = 0;

        if (!begin(scene, &link_rows[i]))
            continue;
        assert_true(open_role(scene, &link_rows[i], DEAF));
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
        assert_int_equal(err.kind, link_rows[i].replays ? ERR_PEER : ERR_LIMIT);
        assert_int_equal(link_status(ear->link)->state, LINK_UP);
        end(scene);
    }
}

static void
it_tells_the_end_once_and_its_status(void **state)
{
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        struct err err = ERR_INIT;
        struct ear *ear = &scene->ear;

        if (!begin(scene, &link_rows[i]))
            continue;
        assert_true(open_role(scene, &link_rows[i], EXIT));
        if (!link_rows[i].replays)
            assert_true(ear_write(ear, "\r", 1));
        assert_true(ear_wait_state(ear, LINK_CLOSED));
        assert_int_equal(ear->exit_status, link_rows[i].exit_status);
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
    struct link_scene *scene = *state;
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    for (size_t i = 0; i < link_rows_len; i++) {
        struct link_spec spec = { .connect_timeout_ms = LINK_CONNECT_MS };
        struct ear *ear = &scene->ear;
        bool lost;

        if (!begin(scene, &link_rows[i]))
            continue;
        link_rows[i].refuse(scene, &spec);
        ear_open(ear, scene->loop, &spec);
        lost = ear_wait_state(ear, LINK_LOST);
        setrlimit(RLIMIT_NOFILE, &limit);
        print_message("# %s\n", ear->reason.text);
        assert_true(lost);
        run_turns(scene->loop);
        assert_int_equal(ear->states_len, 1);
        assert_int_equal(ear->reason.kind, link_rows[i].refusal);
        end(scene);
    }
}

static void
silence_ends_at_the_deadline(void **state)
{
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        struct link_spec spec = { .connect_timeout_ms = LINK_CONNECT_MS };
        struct ear *ear = &scene->ear;
        uint64_t started_us, took_ms, want_ms;

        if (link_rows[i].stay_silent == NULL || !begin(scene, &link_rows[i]))
            continue;
        link_rows[i].stay_silent(scene, &spec);
        want_ms = spec.qemu ? 1000 : LINK_CONNECT_MS;
        started_us = clock_now_us();
        ear_open(ear, scene->loop, &spec);
        assert_true(ear_wait_state(ear, LINK_LOST));
        took_ms = (clock_now_us() - started_us) / 1000;
        print_message("# %s (%d ms)\n", ear->reason.text, (int)took_ms);
        assert_int_equal(ear->reason.kind, spec.qemu ? ERR_BUSY : ERR_TIMEOUT);
        /* Not before; and soon, as soon as a busy machine lets it. */
        assert_true(took_ms >= want_ms && took_ms < want_ms + 3000);
        end(scene);
    }
}

static void
it_connects_again_when_asked(void **state)
{
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &link_rows[i]))
            continue;
        assert_true(open_role(scene, &link_rows[i], DEAF));
        link_reconnect(ear->link); /* it is up: nothing to do */
        link_close(ear->link);
        assert_true(ear_wait_state(ear, LINK_CLOSED));
        buf_clear(&ear->data);
        ear->calling = true;
        link_reconnect(ear->link);
        ear->calling = false;
        assert_true(ear_wait_state(ear, LINK_UP));
        if (link_rows[i].typed != NULL)
            assert_true(ear_write(ear, link_rows[i].typed[DEAF],
                                  strlen(link_rows[i].typed[DEAF])));
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
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        for (unsigned at = 1; at <= 3; at++) {
            struct link_spec spec = { .cols = 80, .rows = 24 };
            struct ear *ear = &scene->ear;

            if (!begin(scene, &link_rows[i]))
                break;
            link_rows[i].play(scene, EXIT, &spec);
            ear->free_at = at < 3 || link_rows[i].replays ? at : 0;
            ear_open(ear, scene->loop, &spec);
            if (ear->free_at == 0) {
                assert_true(ear_wait_state(ear, LINK_UP));
                if (link_rows[i].typed != NULL)
                    assert_true(ear_write(ear, link_rows[i].typed[EXIT],
                                          strlen(link_rows[i].typed[EXIT])));
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
    struct link_scene *scene = *state;

    for (size_t i = 0; i < link_rows_len; i++) {
        struct ear *ear = &scene->ear;

        if (!begin(scene, &link_rows[i]))
            continue;
        if (open_role(scene, &link_rows[i], SIZE)) {
            if (link_rows[i].tells_sizes)
                ear_drop_line(ear, "24 80"); /* the first one */
            ear->calling = true;
            link_resize(ear->link, 100, 50);
            ear->calling = false;
            assert_true(link_rows[i].tells_sizes || ear_write(ear, "\r", 1));
            assert_true(ear_wait_text(ear, "50 100"));
        }
        end(scene);
    }
}

static void
nothing_comes_while_it_is_paused(void **state)
{
    struct link_scene *scene = *state;
    uint8_t *bytes = xmalloc(CARRIED);

    link_rows_fill((char *)bytes, CARRIED);
    for (size_t i = 0; i < link_rows_len; i++) {
        struct ear *ear = &scene->ear;
        size_t had;

        if (!begin(scene, &link_rows[i]))
            continue;
        assert_true(open_role(scene, &link_rows[i], ECHO));
        if (!link_rows[i].replays)
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
    struct link_scene *scene = *state;
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    for (size_t i = 0; i < link_rows_len; i++) {
        struct link_spec spec = { .connect_timeout_ms = LINK_CONNECT_MS,
                                  .retry_delay_ms = 1,
                                  .retries = 2 };
        struct ear *ear = &scene->ear;

        if (!begin(scene, &link_rows[i]))
            continue;
        link_rows[i].refuse(scene, &spec);
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
