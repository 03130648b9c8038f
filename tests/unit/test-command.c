/* Commands, here and on a node: whole output, true status, no survivors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"
#include "tests/unit/server.h"
#include "tests/unit/sshd.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "io/command.h"

struct scene {
    struct loop *loop;
    struct sshd *sshd;
    struct ssh *node;
    size_t fds;
};

/* One command and what came of it. */
struct run {
    struct loop *loop;
    struct command *command;
    unsigned done; /* how often it was told */
    struct err err;
    int status;
    struct buf out;
    bool cut;
    bool free_in_done;
};

static const char *const places[] = { "here", "on a node" };

static int
start_sshd(void **state)
{
    struct scene *scene = xcalloc(1, sizeof *scene);

    setenv("HOME", "/nonexistent", 1);
    unsetenv("ENV");
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

static bool
begin(struct scene *scene, size_t place)
{
    struct ssh_spec spec;

    scene->node = NULL;
    if (place == 1 && scene->sshd == NULL) {
        print_message("# skipped: %s\n", places[place]);
        return false;
    }
    print_message("# %s\n", places[place]);
    scene->fds = count_fds();
    scene->loop = loop_new();
    if (place == 1) {
        spec = sshd_spec(scene->sshd);
        scene->node = ssh_node_new(scene->loop, &spec);
    }
    return true;
}

static void
end(struct scene *scene)
{
    ssh_node_free(scene->node);
    loop_free(scene->loop);
    assert_int_equal(count_fds(), scene->fds);
}

static void
on_done(void *ctx, const struct command_result *result)
{
    struct run *run = ctx;

    run->done++;
    run->err = result->err;
    run->status = result->status;
    run->cut = result->cut;
    assert_int_equal(result->out[result->out_len], '\0');
    buf_add(&run->out, result->out, result->out_len);
    if (run->free_in_done) {
        command_free(run->command);
        run->command = NULL;
    }
    loop_stop(run->loop);
}

static void
start(struct scene *scene, struct run *run, const char *text,
      uint32_t timeout_ms)
{
    *run = (struct run){ .loop = scene->loop };
    run->command =
        command_new(scene->loop, scene->node, text, timeout_ms, on_done, run);
    assert_int_equal(run->done, 0);
}

static bool
is_done(void *ctx)
{
    return ((struct run *)ctx)->done > 0;
}

static void
finish(struct run *run)
{
    command_free(run->command);
    run_turns(run->loop);
    assert_true(run->done <= 1);
    buf_fini(&run->out);
}

static void
output_and_status_are_what_the_command_gave(void **state)
{
    static const struct {
        const char *text, *out;
        int status;
    } cases[] = {
        { "echo a; echo b >&2; echo c; exit 5", "a\nb\nc\n", 5 },
        { "kill -TERM $$", "", 143 },
        { "cat; echo end", "end\n", 0 }, /* its input is at its end */
        { "echo 'it'\"'\"'s' \"$((1 + 1))\" \\\\", "it's 2 \\\n", 0 },
        { "echo one\necho two # no more", "one\ntwo\n", 0 },
        { "printf '%s' \"!x\\n\"", "!x\\n", 0 },
        { "nosuchcommand-x 2>/dev/null", "", 127 },
        { "", "", 0 },
        { "printf 'a\\0b\\0'", "a?b?", 0 },
        { "ls /proc/self/fd", "0\n1\n2\n3\n", 0 }, /* 3 is ls's own */
    };
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        if (!begin(scene, place))
            continue;
        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
            struct run run;

            start(scene, &run, cases[i].text, WAIT_MS);
            assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
            print_message("# %zu: %d %s\n", i, run.status, run.err.text);
            assert_int_equal(run.err.kind, ERR_NONE);
            assert_int_equal(run.status, cases[i].status);
            assert_string_equal(buf_text(&run.out), cases[i].out);
            finish(&run);
        }
        end(scene);
    }
}

/* Written in turns to both outputs, which come in one order. */
static void
both_outputs_come_in_the_order_of_writing(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct buf want = BUF_INIT(0);
        struct run run;

        if (!begin(scene, place))
            continue;
        for (int i = 0; i < 300; i++)
            buf_printf(&want, "%d\n", i);
        start(scene, &run,
              "i=0; while [ $i -lt 300 ]; do echo $i; "
              "echo $((i + 1)) >&2; i=$((i + 2)); done",
              WAIT_MS);
        assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
        assert_string_equal(buf_text(&run.out), buf_text(&want));
        finish(&run);
        buf_fini(&want);
        end(scene);
    }
}

static void
much_output_is_cut_and_the_command_still_ends(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct run run;

        if (!begin(scene, place))
            continue;
        start(scene, &run, "head -c 3000000 /dev/zero; exit 4", WAIT_MS);
        assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
        assert_int_equal(run.err.kind, ERR_NONE);
        assert_int_equal(run.status, 4);
        assert_int_equal(run.out.len, COMMAND_OUT_MAX);
        assert_true(run.cut);
        finish(&run);
        end(scene);
    }
}

/* The process that wrote its number into the output has gone. */
static bool
process_ends(int pid)
{
    struct pollfd fd = { .events = POLLIN };
    int rc;

    fd.fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd.fd < 0)
        return true; /* already */
    rc = poll(&fd, 1, WAIT_MS);
    close(fd.fd);
    return rc == 1;
}

/* A fifo into which a command writes its process's number. */
struct pid_fifo {
    char path[64];
    int fd;
};

static void
make_fifo(struct pid_fifo *fifo)
{
    snprintf(fifo->path, sizeof fifo->path, "/tmp/miglab-command-%d",
             (int)getpid());
    unlink(fifo->path);
    assert_int_equal(mkfifo(fifo->path, 0600), 0);
    fifo->fd = open(fifo->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(fifo->fd >= 0);
}

static int
read_pid(struct pid_fifo *fifo)
{
    char text[16] = "";

    assert_true(read(fifo->fd, text, sizeof text - 1) > 0);
    close(fifo->fd);
    unlink(fifo->path);
    return atoi(text);
}

static void
a_command_past_its_time_is_ended(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct pid_fifo fifo;
        uint64_t started_us, took_ms;
        struct run run;
        char *text;

        if (!begin(scene, place))
            continue;
        /* Its time is not spent on the connection. */
        start(scene, &run, "true", WAIT_MS);
        assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
        finish(&run);
        make_fifo(&fifo);
        text = xasprintf("echo part; echo $$ >%s; sleep 1000; echo", fifo.path);
        started_us = clock_now_us();
        start(scene, &run, text, 2000);
        assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
        took_ms = (clock_now_us() - started_us) / 1000;
        assert_int_equal(run.err.kind, ERR_TIMEOUT);
        assert_string_equal(run.err.text,
                            "the command did not end within 2.0 s");
        assert_string_equal(buf_text(&run.out), "part\n");
        assert_true(took_ms >= 2000 && took_ms < 20000);
        run_turns(scene->loop);
        assert_true(process_ends(read_pid(&fifo)));
        finish(&run);
        end(scene);
        free(text);
    }
}

static void
a_freed_command_says_nothing_and_leaves_nothing(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct pid_fifo fifo;
        struct run run;
        char *text;

        if (!begin(scene, place))
            continue;
        make_fifo(&fifo);
        text = xasprintf("echo $$ >%s; sleep 1000 | cat", fifo.path);
        start(scene, &run, text, WAIT_MS);
        assert_true(wait_readable(scene->loop, fifo.fd));
        command_free(run.command);
        run.command = NULL;
        run_turns(scene->loop);
        assert_true(process_ends(read_pid(&fifo)));
        assert_int_equal(run.done, 0);
        finish(&run);
        end(scene);
        free(text);
    }
}

static void
what_a_command_starts_for_good_lives_on(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct run run;
        int pid;

        if (!begin(scene, place))
            continue;
        start(scene, &run, "sleep 1000 >/dev/null 2>&1 & echo $!", WAIT_MS);
        assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
        assert_int_equal(run.status, 0);
        pid = atoi(buf_text(&run.out));
        finish(&run);
        end(scene);
        assert_true(pid > 1);
        assert_int_equal(kill(pid, SIGKILL), 0);
    }
}

static void
it_may_be_freed_when_it_is_done(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct run run;

        if (!begin(scene, place))
            continue;
        start(scene, &run, "echo a", WAIT_MS);
        run.free_in_done = true;
        assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
        assert_string_equal(buf_text(&run.out), "a\n");
        finish(&run);
        end(scene);
    }
}

static void
many_run_side_by_side(void **state)
{
    struct scene *scene = *state;

    for (size_t place = 0; place < 2; place++) {
        struct run runs[8];

        if (!begin(scene, place))
            continue;
        for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
            char *text = xasprintf("head -c 200000 /dev/zero | tr '\\0' %zu; "
                                   "exit %zu",
                                   i, i);

            start(scene, &runs[i], text, WAIT_MS);
            free(text);
        }
        for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
            assert_true(wait_until(scene->loop, is_done, &runs[i], WAIT_MS));
            assert_int_equal(runs[i].status, i);
            assert_int_equal(runs[i].out.len, 200000);
            for (size_t j = 0; j < runs[i].out.len; j++)
                assert_int_equal(runs[i].out.bytes[j], '0' + i);
        }
        for (size_t i = 0; i < ARRAY_LEN(runs); i++)
            finish(&runs[i]);
        end(scene);
    }
}

static void
a_node_that_cannot_be_reached_is_the_error(void **state)
{
    struct scene *scene = *state;
    const struct ssh_spec spec = { .name = "backup",
                                   .host = "127.0.0.1",
                                   .port = closed_port() };
    struct run run;

    assert_true(begin(scene, 0));
    scene->node = ssh_node_new(scene->loop, &spec);
    start(scene, &run, "true", WAIT_MS);
    assert_true(wait_until(scene->loop, is_done, &run, WAIT_MS));
    assert_int_equal(run.err.kind, ERR_PEER);
    assert_memory_equal(run.err.text, "backup: cannot connect to 127.0.0.1",
                        35);
    finish(&run);
    end(scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_status_are_what_the_command_gave),
        cmocka_unit_test(both_outputs_come_in_the_order_of_writing),
        cmocka_unit_test(much_output_is_cut_and_the_command_still_ends),
        cmocka_unit_test(a_command_past_its_time_is_ended),
        cmocka_unit_test(a_freed_command_says_nothing_and_leaves_nothing),
        cmocka_unit_test(what_a_command_starts_for_good_lives_on),
        cmocka_unit_test(it_may_be_freed_when_it_is_done),
        cmocka_unit_test(many_run_side_by_side),
        cmocka_unit_test(a_node_that_cannot_be_reached_is_the_error),
    };

    return cmocka_run_group_tests_name("command", tests, start_sshd, stop_sshd);
}
