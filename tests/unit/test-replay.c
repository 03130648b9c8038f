/* A recording is played at its own time, or another; the clock is a test's. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"

#include "base/clock.h"
#include "base/xalloc.h"

struct scene {
    struct loop *loop;
    struct ear ear;
    uint64_t now_us;
    struct clock_source source;
    char path[64];
};

static uint64_t
tell_time(void *ctx)
{
    return ((struct scene *)ctx)->now_us;
}

static int
setup(void **state)
{
    struct scene *scene = xcalloc(1, sizeof *scene);

    scene->loop = loop_new();
    scene->now_us = 1000000;
    scene->source = (struct clock_source){ tell_time, tell_time, scene };
    clock_replace(&scene->source);
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    ear_close(&scene->ear);
    loop_free(scene->loop);
    clock_replace(NULL);
    unlink(scene->path);
    free(scene);
    return 0;
}

#define HEAD "{\"version\": 2, \"width\": 80, \"height\": 24}\n"

static void
play(struct scene *scene, const char *text, double speed)
{
    struct link_spec spec = { .kind = "replay", .speed = speed };
    int fd;

    strcpy(scene->path, "/tmp/miglab-replay-XXXXXX");
    fd = mkstemp(scene->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    spec.file = scene->path;
    ear_open(&scene->ear, scene->loop, &spec);
    run_turns(scene->loop);
}

static void
pass_ms(struct scene *scene, unsigned ms)
{
    scene->now_us += (uint64_t)ms * 1000;
    run_turns(scene->loop);
}

static const char three[] = HEAD "[0.0, \"o\", \"a\"]\n[1.0, \"o\", \"b\"]\n"
                                 "[1.0, \"m\", \"mark\"]\n"
                                 "[1.5, \"r\", \"90x30\"]\n"
                                 "[2.0, \"o\", \"c\"]\n[2.0, \"o\", \"d\"]\n";

static void
output_comes_at_its_time_and_speed(void **state)
{
    static const double speeds[] = { 1, 2, 0.5 };
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(speeds); i++) {
        unsigned second_ms = (unsigned)(1000 / speeds[i]);
        struct ear *ear = &scene->ear;

        play(scene, three, speeds[i]);
        assert_string_equal(buf_text(&ear->data), "a");
        pass_ms(scene, second_ms - 1);
        assert_string_equal(buf_text(&ear->data), "a");
        pass_ms(scene, 1);
        assert_string_equal(buf_text(&ear->data), "ab");
        pass_ms(scene, second_ms);
        assert_string_equal(buf_text(&ear->data), "abcd");
        assert_int_equal(link_status(ear->link)->state, LINK_CLOSED);
        ear_close(ear);
        unlink(scene->path);
    }
}

static void
speed_0_is_at_once(void **state)
{
    struct scene *scene = *state;

    play(scene, three, 0);
    assert_string_equal(buf_text(&scene->ear.data), "abcd");
    assert_int_equal(scene->ear.states_len, 2);
}

static void
what_was_due_in_a_pause_comes_after_it(void **state)
{
    struct scene *scene = *state;
    struct ear *ear = &scene->ear;

    play(scene, three, 1);
    link_pause(ear->link, true);
    ear->paused = true;
    pass_ms(scene, 1500);
    assert_string_equal(buf_text(&ear->data), "a");
    ear->paused = false;
    link_pause(ear->link, false);
    run_turns(scene->loop);
    assert_string_equal(buf_text(&ear->data), "ab");
}

static void
a_mistake_in_the_file_is_a_loss_with_its_line(void **state)
{
    struct scene *scene = *state;
    struct ear *ear = &scene->ear;

    play(scene, HEAD "[0.5, \"o\", \"a\"]\n[0.4, \"o\", \"b\"]\n", 0);
    assert_string_equal(buf_text(&ear->data), "a");
    assert_int_equal(link_status(ear->link)->state, LINK_LOST);
    assert_int_equal(ear->reason.kind, ERR_FILE);
    assert_non_null(strstr(ear->reason.text, ":3: the time runs backwards"));
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(output_comes_at_its_time_and_speed),
        SCENE(speed_0_is_at_once),
        SCENE(what_was_due_in_a_pause_comes_after_it),
        SCENE(a_mistake_in_the_file_is_a_loss_with_its_line),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
