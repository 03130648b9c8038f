/* The loop: timers in order, nothing after a free, work off the thread. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/macros.h"
#include "io/loop.h"

/* What happened, in order, and the loop to stop. */
struct scene {
    struct loop *loop;
    uint64_t now_us;
    struct clock_source source;
    char log[64];
    struct loop_timer *timer;
    struct loop_fd *fd;
    int socket; /* that fd watches */
    pthread_t thread;
};

static void
note(struct scene *scene, char what)
{
    size_t len = strlen(scene->log);

    assert_true(len + 1 < sizeof scene->log);
    scene->log[len] = what;
}

static uint64_t
scene_time(void *ctx)
{
    return ((struct scene *)ctx)->now_us;
}

static int
setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    scene->loop = loop_new();
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    clock_replace(NULL);
    loop_free(scene->loop);
    free(scene);
    return 0;
}

static void
note_a(void *ctx)
{
    note(ctx, 'a');
}

static void
note_b(void *ctx)
{
    note(ctx, 'b');
}

static void
free_own_timer(void *ctx)
{
    struct scene *scene = ctx;

    note(scene, 'f');
    loop_timer_free(scene->timer);
}

static void
timers_fire_in_order_of_the_replaced_clock(void **state)
{
    struct scene *scene = *state;
    struct loop_timer *a, *b;

    scene->now_us = 1000;
    scene->source = (struct clock_source){ scene_time, scene_time, scene };
    clock_replace(&scene->source);
    a = loop_timer_new(scene->loop, note_a, scene);
    b = loop_timer_new(scene->loop, note_b, scene);
    loop_timer_set(b, 20);
    loop_timer_set(a, 10);
    loop_turn(scene->loop);
    assert_string_equal(scene->log, "");
    scene->now_us += 10;
    loop_turn(scene->loop);
    assert_string_equal(scene->log, "a");
    assert_false(loop_timer_is_set(a));
    loop_timer_set(a, 10);
    loop_timer_set(a, 50); /* set again: only the last time counts */
    scene->now_us += 60;
    loop_turn(scene->loop);
    assert_string_equal(scene->log, "aba");
    loop_timer_free(a);
    loop_timer_free(b);
}

static uint64_t jumping_wall_us = 1795379641000000;

static uint64_t
wall_time(void *ctx)
{
    (void)ctx;
    return jumping_wall_us;
}

/* doc/reliability.md 19. */
static void
a_jump_of_the_wall_clock_moves_no_timer(void **state)
{
    static const int64_t jumps_us[] = { 3 * 86400 * INT64_C(1000000),
                                        -3600 * INT64_C(1000000) };
    struct scene *scene = *state;
    struct loop_timer *timer = loop_timer_new(scene->loop, note_a, scene);
    struct run_clock clock;
    uint64_t stamp_us = 0;

    scene->source = (struct clock_source){ scene_time, wall_time, scene };
    clock_replace(&scene->source);
    run_clock_start(&clock);
    loop_timer_set(timer, 1000);
    for (size_t i = 0; i < ARRAY_LEN(jumps_us); i++) {
        uint64_t next_us;

        jumping_wall_us += (uint64_t)jumps_us[i];
        loop_turn(scene->loop);
        assert_string_equal(scene->log, "");
        next_us = run_clock_stamp(&clock);
        assert_true(next_us > stamp_us && next_us < 1000);
        stamp_us = next_us;
    }
    scene->now_us += 1000;
    loop_turn(scene->loop);
    assert_string_equal(scene->log, "a");
    loop_timer_free(timer);
}

static void
a_timer_may_free_itself_and_others(void **state)
{
    struct scene *scene = *state;

    scene->timer = loop_timer_new(scene->loop, free_own_timer, scene);
    loop_timer_set(scene->timer, 0);
    loop_turn(scene->loop);
    assert_string_equal(scene->log, "f");
}

static void
stop(void *ctx)
{
    struct scene *scene = ctx;

    note(scene, 's');
    loop_stop(scene->loop);
}

static void
later_again(void *ctx)
{
    struct scene *scene = ctx;

    note(scene, 'l');
    loop_later(scene->loop, stop, scene);
}

static void
what_is_done_later_comes_once_and_in_order(void **state)
{
    struct scene *scene = *state;

    loop_later(scene->loop, later_again, scene);
    loop_later(scene->loop, note_a, scene);
    loop_run(scene->loop);
    assert_string_equal(scene->log, "las");
}

static void
on_readable(void *ctx, int ready)
{
    struct scene *scene = ctx;

    assert_int_equal(ready, LOOP_READ);
    note(scene, 'r');
    loop_fd_free(scene->fd); /* from its own callback */
    loop_stop(scene->loop);
}

static void
a_descriptor_wakes_the_loop(void **state)
{
    struct scene *scene = *state;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    scene->fd = loop_fd_new(scene->loop, ends[0], on_readable, scene);
    loop_fd_want(scene->fd, LOOP_READ);
    assert_int_equal(write(ends[1], "x", 1), 1);
    loop_run(scene->loop);
    assert_string_equal(scene->log, "r");
    loop_turn(scene->loop);
    close(ends[0]);
    close(ends[1]);
}

/* A byte is read in each turn; the error comes behind them. */
static void
on_reset(void *ctx, int ready)
{
    struct scene *scene = ctx;
    char byte;

    assert_int_equal(ready, LOOP_READ);
    if (recv(scene->socket, &byte, 1, 0) == 1) {
        note(scene, byte);
        return;
    }
    assert_int_equal(errno, ECONNRESET);
    note(scene, '!');
    loop_fd_free(scene->fd);
    loop_stop(scene->loop);
}

static void
an_error_does_not_hide_the_bytes_before_it(void **state)
{
    const struct linger reset = { .l_onoff = 1 };
    struct scene *scene = *state;
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
    scene->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(scene->socket, (struct sockaddr *)&at, sizeof at),
                     0);
    peer = accept(listener, NULL, NULL);
    assert_int_equal(send(peer, "abc", 3, 0), 3);
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(peer);
    scene->fd = loop_fd_new(scene->loop, scene->socket, on_reset, scene);
    loop_fd_want(scene->fd, LOOP_READ);
    loop_run(scene->loop);
    assert_string_equal(scene->log, "abc!");
    loop_turn(scene->loop);
    close(scene->socket);
    close(listener);
}

static void
on_exit_status(void *ctx, int status)
{
    struct scene *scene = ctx;

    assert_true(WIFEXITED(status));
    note(scene, (char)('0' + WEXITSTATUS(status)));
    if (strlen(scene->log) == 2)
        loop_stop(scene->loop);
}

static void
children_are_reaped_with_their_status(void **state)
{
    struct scene *scene = *state;

    for (int i = 0; i < 3; i++) {
        struct loop_child *child;
        pid_t pid = fork();

        if (pid == 0)
            _exit(i);
        child = loop_child_new(scene->loop, pid, on_exit_status, scene);
        if (i == 0)
            loop_child_free(child); /* not told, but reaped */
    }
    loop_run(scene->loop);
    assert_true(strcmp(scene->log, "12") == 0 || strcmp(scene->log, "21") == 0);
    while (waitpid(-1, NULL, WNOHANG) == 0)
        loop_turn(scene->loop);
}

static void
work_run(void *ctx)
{
    struct scene *scene = ctx;

    scene->thread = pthread_self();
}

static void
work_done(void *ctx)
{
    struct scene *scene = ctx;

    assert_false(pthread_equal(scene->thread, pthread_self()));
    note(scene, 'd');
    loop_stop(scene->loop);
}

static void
work_release(void *ctx)
{
    struct scene *scene = ctx;

    note(scene, 'x');
    loop_stop(scene->loop);
}

static void
work_runs_elsewhere_and_is_told_once(void **state)
{
    static const struct loop_work_calls calls = { work_run, work_done,
                                                  work_release };
    struct scene *scene = *state;
    struct loop_work *work = loop_work_new(scene->loop, &calls, scene);

    loop_run(scene->loop);
    assert_string_equal(scene->log, "d");
    work = loop_work_new(scene->loop, &calls, scene);
    loop_work_free(work);
    loop_run(scene->loop);
    assert_string_equal(scene->log, "dx");
}

static unsigned again; /* how often set_again() was called */

static void
set_again(void *ctx)
{
    struct scene *scene = ctx;

    if (++again < 1000)
        loop_timer_set(scene->timer, 0);
}

/* As a channel of ssh that has more to give: it must not be the only one. */
static void
a_timer_of_no_time_leaves_others_their_turn(void **state)
{
    struct scene *scene = *state;

    again = 0;
    scene->timer = loop_timer_new(scene->loop, set_again, scene);
    loop_timer_set(scene->timer, 0);
    for (unsigned turn = 1; turn <= 10; turn++) {
        loop_turn(scene->loop);
        assert_in_range(again, turn, 3 * turn);
    }
    loop_timer_free(scene->timer);
}

/* Who always has something to read, and how much it got. */
struct eater {
    struct scene *scene;
    struct loop_fd *fd;
    int ends[2];
    size_t turns, bytes, least;
};

static void
eat(void *ctx, int ready)
{
    struct eater *eater = ctx;
    size_t share = loop_share(eater->scene->loop);

    (void)ready;
    eater->turns++;
    eater->bytes += share;
    eater->least = eater->turns > 1 ? MIN(eater->least, share) : share;
}

static void
readers_share_a_turn(void **state)
{
    struct scene *scene = *state;
    struct eater eaters[8] = { 0 };
    size_t all = 0;

    for (size_t i = 0; i < ARRAY_LEN(eaters); i++) {
        struct eater *eater = &eaters[i];

        eater->scene = scene;
        assert_int_equal(pipe(eater->ends), 0);
        assert_int_equal(write(eater->ends[1], "x", 1), 1);
        eater->fd = loop_fd_new(scene->loop, eater->ends[0], eat, eater);
        loop_fd_want(eater->fd, i == 0 ? LOOP_READ : 0);
    }
    /* Alone it gets all; the first turn of many does not know of them yet. */
    loop_turn(scene->loop);
    loop_turn(scene->loop);
    assert_int_equal(eaters[0].bytes, 2 * LOOP_TURN_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(eaters); i++)
        loop_fd_want(eaters[i].fd, LOOP_READ);
    loop_turn(scene->loop);
    for (size_t i = 0; i < ARRAY_LEN(eaters); i++)
        eaters[i].turns = eaters[i].bytes = 0;
    for (int turn = 0; turn < 10; turn++)
        loop_turn(scene->loop);
    for (size_t i = 0; i < ARRAY_LEN(eaters); i++) {
        assert_int_equal(eaters[i].turns, 10);
        assert_int_equal(eaters[i].least, LOOP_TURN_BYTES / 8);
        all += eaters[i].bytes;
    }
    assert_int_equal(all, 10 * LOOP_TURN_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(eaters); i++) {
        loop_fd_free(eaters[i].fd);
        close(eaters[i].ends[0]);
        close(eaters[i].ends[1]);
    }
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(timers_fire_in_order_of_the_replaced_clock),
        SCENE(a_jump_of_the_wall_clock_moves_no_timer),
        SCENE(a_timer_may_free_itself_and_others),
        SCENE(what_is_done_later_comes_once_and_in_order),
        SCENE(a_descriptor_wakes_the_loop),
        SCENE(an_error_does_not_hide_the_bytes_before_it),
        SCENE(children_are_reaped_with_their_status),
        SCENE(work_runs_elsewhere_and_is_told_once),
        SCENE(a_timer_of_no_time_leaves_others_their_turn),
        SCENE(readers_share_a_turn),
    };

    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
