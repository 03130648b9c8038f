/*
 * test-channels.c - what a session carries: cuts, kills, and sharing it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ssh-scene.h"

#include "base/clock.h"
#include "base/xalloc.h"

/* --- what breaks --- */

static void
a_killed_server_is_a_lost_link_and_can_come_back(void **state)
{
    struct ssh_scene *scene = *state;
    struct ear *ears = scene->ears;
    struct ssh_spec spec;

    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    for (int i = 0; i < 2; i++) {
        ssh_scene_open(scene, &ears[i], "stty raw -echo; echo READY; cat");
        ear_drop_line(&ears[i], "READY");
    }
    sshd_kill(scene->sshd);
    for (int i = 0; i < 2; i++) {
        assert_true(ear_wait_state(&ears[i], LINK_UP));
        assert_true(ear_wait_state(&ears[i], LINK_LOST));
        assert_int_equal(ears[i].reason.kind, ERR_PEER);
    }
    print_message("# %s\n", ears[0].reason.text);
    assert_true(sshd_restart(scene->sshd));
    for (int i = 0; i < 2; i++) {
        link_reconnect(ears[i].link);
        ear_drop_line(&ears[i], "READY");
        assert_true(ear_write(&ears[i], "again", 5));
        assert_true(ear_wait_text(&ears[i], "again"));
        assert_int_equal(ears[i].states_len, 4);
    }
}

#define STREAM_LEN 300000

/* Cut anywhere, what came is the beginning of what was sent. */
static void
cuts_lose_and_double_nothing_before_them(void **state)
{
    struct ssh_scene *scene = *state;
    const char *lengthy = getenv("MIGLAB_LONG");
    int runs = lengthy != NULL && *lengthy != '\0' ? 500 : 10;
    struct buf want = BUF_INIT(0);

    for (int i = 0; want.len < STREAM_LEN; i++)
        buf_printf(&want, "%d\n", i);
    srandom(11);
    for (int i = runs; i > 0; i--) {
        struct proxy_plan plan = {
            .limit = 1 + (size_t)random() % (i % 3 == 0 ? 3000 : STREAM_LEN),
            .then = i % 2 == 0 ? RESET : FINISH,
        };
        struct ear *ear = &scene->ears[0];
        struct ssh_spec spec;

        ssh_scene_start_proxy(scene, &plan, &spec);
        scene->node = ssh_node_new(scene->loop, &spec);
        ssh_scene_open(scene, ear, "stty raw; seq 0 200000; exec sleep 1000");
        assert_true(ear_wait_state(ear, LINK_LOST));
        print_message("# cut at %zu: %zu bytes, %s\n", plan.limit,
                      ear->data.len, ear->reason.text);
        assert_int_equal(ear->reason.kind, ERR_PEER);
        assert_true(ear->data.len <= plan.limit);
        /* What a reset leaves in the proxy's own queue is lost there. */
        if (plan.then == FINISH && plan.limit > 50000)
            assert_true(ear->data.len + 40000 > plan.limit);
        if (ear->data.len > 0)
            assert_memory_equal(ear->data.bytes, want.bytes,
                                MIN(ear->data.len, want.len));
        ssh_scene_close(scene);
        ssh_scene_stop_proxy(scene);
    }
    buf_fini(&want);
}

/* The kernel's own time: five real seconds. */
static void
a_node_that_vanishes_is_noticed(void **state)
{
    struct ssh_scene *scene = *state;
    struct proxy_plan plan = { 0 };
    struct ear *ear = &scene->ears[0];
    struct ssh_spec spec;
    uint64_t gone_us;

    ssh_scene_start_proxy(scene, &plan, &spec);
    scene->node = ssh_node_new(scene->loop, &spec);
    ssh_scene_open(scene, ear, "stty raw -echo; echo READY; exec cat");
    ear_drop_line(ear, "READY");
    server_drop_packets(scene->server);
    gone_us = clock_now_us();
    assert_true(ear_write(ear, "anybody?", 8));
    assert_true(ear_wait_state(ear, LINK_LOST));
    print_message("# after %d ms: %s\n",
                  (int)((clock_now_us() - gone_us) / 1000), ear->reason.text);
    assert_int_equal(ear->reason.kind, ERR_TIMEOUT);
}

static long
resident_kib(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long all = 0, resident = 0;

    assert_int_equal(fscanf(file, "%ld %ld", &all, &resident), 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static bool
never(void *ctx)
{
    (void)ctx;
    return false;
}

#define STOPPED_QUEUE_MAX (4u << 20) /* libssh's window, and our own queue */
#define STOPPED_KIB_MAX   (8 * 1024)

/* doc/reliability.md 17: a stopped peer costs its queue and no more, however
 * long. */
static void
a_stopped_peer_costs_its_queue(void **state)
{
    static const uint8_t block[65536];
    const char *lengthy = getenv("MIGLAB_LONG");
    bool long_test = lengthy != NULL && *lengthy != '\0';
    struct ssh_scene *scene = *state;
    struct ear *ear = &scene->ears[0];
    struct ssh_spec spec = sshd_spec(scene->sshd);
    struct err err = ERR_INIT;
    size_t taken = 0;
    long before_kib, grown_kib;

    scene->node = ssh_node_new(scene->loop, &spec);
    /* Its parent is the session's server, which is stopped by a key. */
    ssh_scene_open(scene, ear,
                   "stty raw -echo; echo READY; head -c 1 >/dev/null; "
                   "kill -STOP $PPID; exec sleep 1000");
    ear_drop_line(ear, "READY");
    assert_true(ear_write(ear, "x", 1));
    before_kib = resident_kib();
    for (int round = 0; round < (long_test ? 60 : 2); round++) {
        while (link_write(ear->link, block, sizeof block, &err)) {
            taken += sizeof block;
            assert_true(taken < 64 * (size_t)STOPPED_QUEUE_MAX);
            loop_turn(scene->loop);
        }
        assert_int_equal(err.kind, ERR_LIMIT);
        assert_false(wait_until(scene->loop, never, NULL, 1000));
    }
    grown_kib = resident_kib() - before_kib;
    print_message("# took %zu KiB, grew by %ld KiB\n", taken / 1024, grown_kib);
    assert_int_equal(link_status(ear->link)->state, LINK_UP);
#ifndef __SANITIZE_ADDRESS__ /* whose own memory is not ours */
    assert_true(grown_kib < STOPPED_KIB_MAX);
#endif
}

/* --- what is shared --- */

#define LONG_LEN (1024 * 1024)

static void
fill_bytes(uint8_t *bytes, unsigned seed)
{
    srandom(seed);
    for (size_t i = 0; i < LONG_LEN; i++)
        bytes[i] = (uint8_t)random();
}

/* Both ways at once, while a third channel is not read at all. */
static void
channels_share_a_session_and_stay_whole(void **state)
{
    struct ssh_scene *scene = *state;
    struct ear *ears = scene->ears;
    uint8_t *bytes[2];
    struct ssh_spec spec;

    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    for (int i = 0; i < 2; i++) {
        bytes[i] = xmalloc(LONG_LEN);
        fill_bytes(bytes[i], (unsigned)i);
        ssh_scene_open(scene, &ears[i], "stty raw -echo; echo READY; exec cat");
    }
    ssh_scene_open(scene, &ears[2], "exec cat /dev/zero");
    assert_true(ear_wait_len(&ears[2], 1));
    link_pause(ears[2].link, true);
    ears[2].paused = true;
    for (int i = 0; i < 2; i++)
        ear_drop_line(&ears[i], "READY");
    for (size_t at = 0; at < LONG_LEN; at += 32768)
        for (int i = 0; i < 2; i++)
            assert_true(ear_write(&ears[i], bytes[i] + at, 32768));
    for (int i = 0; i < 2; i++) {
        assert_true(ear_wait_len(&ears[i], LONG_LEN));
        assert_int_equal(ears[i].data.len, LONG_LEN);
        assert_memory_equal(ears[i].data.bytes, bytes[i], LONG_LEN);
        free(bytes[i]);
    }
    ears[2].paused = false;
    link_pause(ears[2].link, false);
    assert_true(ear_wait_len(&ears[2], ears[2].data.len + 1000000));
}

static void
pauses_change_no_order(void **state)
{
    struct ssh_scene *scene = *state;
    struct ear *ear = &scene->ears[0];
    struct buf want = BUF_INIT(0);
    struct ssh_spec spec;

    for (int i = 0; i < 400000; i++)
        buf_printf(&want, "%d\n", i);
    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    ssh_scene_open(scene, ear, "stty raw; seq 0 399999");
    for (int i = 0; ear->data.len < want.len; i++) {
        ear->paused = true;
        link_pause(ear->link, true);
        for (int turn = 0; turn < i % 5; turn++)
            loop_turn(scene->loop);
        ear->paused = false;
        link_pause(ear->link, false);
        assert_true(ear_wait_len(ear, ear->data.len + 1));
    }
    assert_int_equal(ear->data.len, want.len);
    assert_memory_equal(ear->data.bytes, want.bytes, want.len);
    buf_fini(&want);
}

static void
all_links_of_a_node_use_one_connection(void **state)
{
    struct ssh_scene *scene = *state;
    struct proxy_plan plan = { 0 };
    struct ssh_spec spec;

    ssh_scene_start_proxy(scene, &plan, &spec);
    scene->node = ssh_node_new(scene->loop, &spec);
    run_turns(scene->loop);
    assert_int_equal(scene->server->served, 0); /* nobody needs it yet */
    for (int i = 0; i < 3; i++)
        ssh_scene_open(scene, &scene->ears[i], "exec cat");
    for (int i = 0; i < 3; i++)
        assert_true(ear_wait_state(&scene->ears[i], LINK_UP));
    assert_int_equal(scene->server->served, 1);
}

static void
what_the_node_refuses_harms_no_other_link(void **state)
{
    struct ssh_scene *scene = *state;
    struct ear many[12] = { { 0 } };
    unsigned up = 0, lost = 0;
    struct ssh_spec spec;

    spec = sshd_spec(scene->sshd); /* MaxSessions is 10 */
    scene->node = ssh_node_new(scene->loop, &spec);
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        ssh_scene_open(scene, &many[i], "stty raw -echo; exec cat");
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        assert_true(ear_wait_states(&many[i], 1));
        up += many[i].states[0] == LINK_UP;
        lost += many[i].states[0] == LINK_LOST;
        if (many[i].states[0] == LINK_LOST) {
            assert_int_equal(many[i].reason.kind, ERR_PEER);
            print_message("# %s\n", many[i].reason.text);
        }
    }
    assert_int_equal(up, 10);
    assert_int_equal(lost, 2);
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        if (many[i].states[0] == LINK_UP) {
            assert_true(ear_write(&many[i], "there?", 6));
            assert_true(ear_wait_text(&many[i], "there?"));
        }
        ear_close(&many[i]);
    }
}

static void
a_signal_is_an_exit_status_over_128(void **state)
{
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;

    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    ssh_scene_open(scene, &scene->ears[0], "kill -KILL $$");
    assert_true(ear_wait_state(&scene->ears[0], LINK_CLOSED));
    assert_int_equal(scene->ears[0].exit_status, 137);
}

/* Everything is freed after any number of turns, at whatever it is then. */
static void
a_node_may_be_freed_at_any_moment(void **state)
{
    struct ssh_scene *scene = *state;

    for (int i = 0; i < 24; i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);
        uint64_t until_us = clock_now_us() + (uint64_t)i * 4000;

        scene->node = ssh_node_new(scene->loop, &spec);
        ssh_scene_open(scene, &scene->ears[0], NULL);
        ssh_scene_open(scene, &scene->ears[1], "exec cat /dev/zero");
        while (clock_now_us() < until_us)
            loop_turn(scene->loop);
        ear_close(&scene->ears[1]);
        ssh_scene_close(scene);
    }
}

static void
free_all(void *ctx, const struct link_status *status)
{
    struct ssh_scene *scene = ctx;

    if (status->state != LINK_LOST)
        return;
    link_free(scene->ears[0].link);
    ssh_node_free(scene->node);
    scene->node = NULL;
    loop_stop(scene->loop);
}

static void
ignore_data(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    (void)len;
}

static bool
is_freed(void *ctx)
{
    return ((struct ssh_scene *)ctx)->node == NULL;
}

static void
link_and_node_may_be_freed_in_the_last_callback(void **state)
{
    const struct link_sink sink = { ignore_data, free_all, *state };
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    struct link_spec link = { .kind = "ssh" };
    struct err err;

    spec = sshd_spec(scene->sshd);
    spec.port = closed_port();
    link.node = scene->node = ssh_node_new(scene->loop, &spec);
    scene->ears[0].link = link_new(scene->loop, &link, &sink, &err);
    assert_non_null(scene->ears[0].link);
    assert_true(wait_until(scene->loop, is_freed, scene, WAIT_MS));
    scene->ears[0].link = NULL;
}

int
main(void)
{
#define SSH(test)                                                              \
    cmocka_unit_test_setup_teardown(test, ssh_scene_begin, ssh_scene_end)
    const struct CMUnitTest tests[] = {
        SSH(a_killed_server_is_a_lost_link_and_can_come_back),
        SSH(a_node_that_vanishes_is_noticed),
        SSH(a_stopped_peer_costs_its_queue),
        SSH(cuts_lose_and_double_nothing_before_them),
        SSH(channels_share_a_session_and_stay_whole),
        SSH(pauses_change_no_order),
        SSH(all_links_of_a_node_use_one_connection),
        SSH(what_the_node_refuses_harms_no_other_link),
        SSH(a_signal_is_an_exit_status_over_128),
        SSH(a_node_may_be_freed_at_any_moment),
        SSH(link_and_node_may_be_freed_in_the_last_callback),
    };

    return ssh_scene_run("channels", tests, ARRAY_LEN(tests));
}
