/* However miglab ends, its terminal is as it was before. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "io/loop.h"
#include "tests/unit/outer.h"
#include "ui/tty.h"

enum { PATIENCE_MS = 10000 };

/* ---- The child: opens the terminal, waits for a word, ends somehow ---- */

static struct tty *tty;
static struct loop *loop;
static int go; /* a byte comes here when it may go on */

static void
wait_for_go(void)
{
    char byte;

    if (read(go, &byte, 1) != 1)
        _exit(97);
}

static void
end_by_close(void)
{
    tty_close(tty);
    tty_close(NULL);
    _exit(0);
}

static void
end_by_exit(void)
{
    exit(0);
}

static void
end_by_bad_memory(void)
{
    volatile char *page =
        mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    _exit(page[0]);
}

static void
end_by_abort(void)
{
    abort();
}

static void
end_by_kill(void)
{
    kill(getpid(), SIGKILL);
}

static void
end_by_kill_when_stopped(void)
{
    tty_suspend(tty);
}

static void
end_by_bus(void)
{
    raise(SIGBUS);
}

static void
end_by_no_memory(void)
{
    xalloc_die();
}

static void
on_signal(void *ctx, int signum)
{
    loop_stop(loop);
}

static void
on_too_late(void *ctx)
{
    _exit(96);
}

/* As the console does: signals come through the loop. */
static void
listen_to(int signum)
{
    loop = loop_new();
    (void)!loop_signal_new(loop, signum, on_signal, NULL);
    /* Signals alone do not keep a loop running. */
    loop_timer_set(loop_timer_new(loop, on_too_late, NULL), PATIENCE_MS * 1000);
}

static void
end_by_signal(void)
{
    listen_to(SIGTERM);
    kill(getpid(), SIGTERM);
    loop_run(loop);
    end_by_close();
}

static void
end_by_hangup(void)
{
    listen_to(SIGHUP);
    (void)!write(tty_fd(tty), "listening", 9);
    loop_run(loop);
    end_by_close();
}

/* Nobody reads: the terminal takes no more. */
static void
end_with_a_full_terminal(void)
{
    static const char row[] = "\033[1;31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    while (write(tty_fd(tty), row, sizeof row - 1) > 0)
        continue;
    _exit(errno == EAGAIN ? (tty_close(tty), 0) : 1);
}

static void
end_with_a_stopped_terminal(void)
{
    tcflow(STDOUT_FILENO, TCOOFF);
    end_by_close();
}

static void
end_after_a_stop(void)
{
    tty_suspend(tty);
    if (!tty_is_ours(tty))
        _exit(1);
    wait_for_go(); /* until it was seen: what waits is thrown away */
    end_by_close();
}

/* Stopped by force, without a word before; the shell set its modes. */
static void
end_after_a_hard_stop(void)
{
    kill(getpid(), SIGSTOP);
    tty_resume(tty);
    wait_for_go();
    end_by_close();
}

static void
end_after_control_characters(void)
{
    static const char want[] = "\023\021\003\032\034\r\n\026\177";
    char got[sizeof want - 1];
    size_t len = 0;

    while (len < sizeof got) {
        struct pollfd ready = { .fd = tty_fd(tty), .events = POLLIN };
        ssize_t n;

        if (poll(&ready, 1, PATIENCE_MS) <= 0)
            _exit(1);
        n = read(tty_fd(tty), got + len, sizeof got - len);
        len += n > 0 ? (size_t)n : 0;
    }
    tty_close(tty);
    _exit(memcmp(got, want, sizeof got) == 0 ? 0 : 2);
}

static void
end_if_only_we_do_not_block(void)
{
    bool ours = fcntl(tty_fd(tty), F_GETFL) & O_NONBLOCK;
    bool theirs = fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK;

    tty_close(tty);
    _exit(ours && !theirs ? 0 : 1);
}

static void
end_if_the_size_is_right(void)
{
    static const struct winsize none = { 0 };
    uint16_t cols, rows;

    tty_size(tty, &cols, &rows);
    if (cols != 132 || rows != 50)
        _exit(1);
    ioctl(STDIN_FILENO, TIOCSWINSZ, &none);
    tty_size(tty, &cols, &rows);
    tty_close(tty);
    _exit(cols == 80 && rows == 24 ? 0 : 2);
}

/* ---- The test: the other end of the terminal ---- */

struct stage {
    int master, slave;
    int go; /* a byte here: the child ends */
    pid_t child;
    struct termios before;
    struct buf seen;
    struct outer outer; /* says whether all of it is ours */
};

static void NORETURN
run_child(int slave, int go_fd, void (*end)(void))
{
    struct rlimit none = { 0, 0 };
    struct err err = ERR_INIT;

    go = go_fd;
    setrlimit(RLIMIT_CORE, &none);
    login_tty(slave);
    tty = tty_open(&err);
    if (tty == NULL)
        _exit(99);
    wait_for_go();
    end();
    _exit(98);
}

static bool
same_modes(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
           a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
           memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

static struct termios
modes_now(const struct stage *stage)
{
    struct termios now;

    assert_int_equal(tcgetattr(stage->master, &now), 0);
    return now;
}

/* Read until a text was seen. */
static void
wait_for_text(struct stage *stage, const char *text)
{
    uint64_t deadline_us = clock_now_us() + PATIENCE_MS * 1000;
    struct pollfd ready = { .fd = stage->master, .events = POLLIN };
    char bytes[4096];

    while (strstr(buf_text(&stage->seen), text) == NULL) {
        ssize_t n;

        if (clock_now_us() > deadline_us)
            fail_msg("never seen: '%s' in '%s'", text, buf_text(&stage->seen));
        if (poll(&ready, 1, 100) <= 0)
            continue;
        n = read(stage->master, bytes, sizeof bytes);
        if (n > 0) {
            outer_feed(&stage->outer, bytes, (size_t)n);
            buf_add(&stage->seen, bytes, (size_t)n);
        }
    }
}

static void
stage_init(struct stage *stage, void (*end)(void))
{
    struct winsize size = { .ws_col = 132, .ws_row = 50 };
    struct termios now;
    int ends[2];

    *stage = (struct stage){ .seen = BUF_INIT(0) };
    outer_init(&stage->outer, false);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(openpty(&stage->master, &stage->slave, NULL, NULL, &size),
                     0);
    /* Some modes that nobody would guess. */
    tcgetattr(stage->slave, &stage->before);
    stage->before.c_iflag |= IXON | INLCR;
    stage->before.c_lflag |= ISIG | TOSTOP;
    stage->before.c_cc[VINTR] = 7;
    tcsetattr(stage->slave, TCSANOW, &stage->before);
    stage->before = modes_now(stage);
    fflush(stdout);
    stage->child = fork();
    assert_true(stage->child >= 0);
    if (stage->child == 0) {
        close(stage->master);
        close(ends[1]);
        run_child(stage->slave, ends[0], end);
    }
    close(ends[0]);
    stage->go = ends[1];
    wait_for_text(stage, "\033[?2004h");
    assert_non_null(strstr(buf_text(&stage->seen), "\033[?1049h"));
    now = modes_now(stage);
    assert_false(same_modes(&now, &stage->before));
    assert_false(now.c_lflag & (ISIG | ICANON | ECHO));
    assert_false(now.c_iflag & IXON);
    buf_clear(&stage->seen);
}

static void
stage_fini(struct stage *stage)
{
    assert_string_equal(stage->outer.wrong, "");
    close(stage->go);
    if (stage->master >= 0)
        close(stage->master);
    close(stage->slave);
    buf_fini(&stage->seen);
}

static void
say_go(struct stage *stage)
{
    assert_int_equal(write(stage->go, "", 1), 1);
}

/* The child's status; or the test fails, and the child is killed. */
static int
wait_for_child(struct stage *stage, int options)
{
    uint64_t deadline_us = clock_now_us() + PATIENCE_MS * 1000;
    int status;

    while (waitpid(stage->child, &status, options | WNOHANG) == 0) {
        if (clock_now_us() > deadline_us) {
            kill(stage->child, SIGKILL);
            fail_msg("the child does not end");
        }
        poll(NULL, 0, 2);
    }
    return status;
}

static void
assert_given_back(struct stage *stage)
{
    struct termios now = modes_now(stage);

    assert_true(same_modes(&now, &stage->before));
    wait_for_text(stage, "\033[?1049l\r");
    assert_non_null(strstr(buf_text(&stage->seen), "\033[?2004l"));
    assert_non_null(strstr(buf_text(&stage->seen), "\033[?25h"));
}

static void
every_end_gives_the_terminal_back(void **state)
{
    static const struct {
        const char *name;
        void (*end)(void);
        int signum; /* that kills; 0: exits */
        int status;
    } rows[] = {
        { "close", end_by_close, 0, 0 },
        { "exit", end_by_exit, 0, 0 },
        { "SEGV", end_by_bad_memory, SIGSEGV, 0 },
        { "ABRT", end_by_abort, SIGABRT, 0 },
        { "BUS", end_by_bus, SIGBUS, 0 },
        { "TERM", end_by_signal, 0, 0 },
        { "stopped", end_with_a_stopped_terminal, 0, 0 },
        { "full", end_with_a_full_terminal, 0, 0 },
        { "fds", end_if_only_we_do_not_block, 0, 0 },
        { "size", end_if_the_size_is_right, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct stage stage;
        int status;

        print_message("# %s\n", rows[i].name);
        stage_init(&stage, rows[i].end);
        say_go(&stage);
        status = wait_for_child(&stage, 0);
        if (rows[i].signum != 0) {
            assert_true(WIFSIGNALED(status));
            assert_int_equal(WTERMSIG(status), rows[i].signum);
        } else {
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), rows[i].status);
        }
        assert_given_back(&stage);
        stage_fini(&stage);
    }
}

static bool
has_two_descriptors(pid_t pid)
{
    char *path = xasprintf("/proc/%d/fd", (int)pid);
    DIR *dir = opendir(path);
    struct dirent *entry;
    int len = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        len += entry->d_name[0] != '.';
    closedir(dir);
    free(path);
    return len == 2;
}

/* The process that the child has for this. */
static pid_t
guard_of(const struct stage *stage)
{
    char *path = xasprintf("/proc/%d/task/%d/children", (int)stage->child,
                           (int)stage->child);
    FILE *file = fopen(path, "r");
    int pid = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    free(path);
    return pid;
}

static void
even_kill_gives_the_terminal_back(void **state)
{
    uint64_t deadline_us = clock_now_us() + PATIENCE_MS * 1000;
    struct termios now;
    struct stage stage;
    pid_t guard;

    (void)state;
    stage_init(&stage, end_by_kill);
    /* What is ours to close is closed when we end: it holds nothing else. */
    guard = guard_of(&stage);
    if (getenv("MIGLAB_VALGRIND") == NULL) /* which has some of its own */
        assert_true(has_two_descriptors(guard));
    say_go(&stage);
    assert_int_equal(WTERMSIG(wait_for_child(&stage, 0)), SIGKILL);
    wait_for_text(&stage, "\033[?1049l\r");
    for (now = modes_now(&stage);
         !same_modes(&now, &stage.before) && clock_now_us() < deadline_us;
         now = modes_now(&stage))
        poll(NULL, 0, 2);
    assert_given_back(&stage);
    stage_fini(&stage);
}

/* Whoever stopped it has the terminal: it stays as it is. */
static void
kill_of_a_stopped_one_touches_nothing(void **state)
{
    struct stage stage;
    char bytes[64];

    (void)state;
    stage_init(&stage, end_by_kill_when_stopped);
    say_go(&stage);
    assert_true(WIFSTOPPED(wait_for_child(&stage, WUNTRACED)));
    assert_given_back(&stage);
    kill(stage.child, SIGKILL);
    assert_int_equal(WTERMSIG(wait_for_child(&stage, 0)), SIGKILL);
    /* Its end is seen when nobody has the terminal open any more. */
    close(stage.slave);
    stage.slave = open("/dev/null", O_RDWR);
    assert_int_equal(read(stage.master, bytes, sizeof bytes), -1);
    assert_int_equal(errno, EIO);
    stage_fini(&stage);
}

static void
no_memory_gives_the_terminal_back(void **state)
{
    struct stage stage;
    int status;

    (void)state;
    stage_init(&stage, end_by_no_memory);
    say_go(&stage);
    status = wait_for_child(&stage, 0);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_given_back(&stage);
    stage_fini(&stage);
}

static void
hangup_ends_it(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, end_by_hangup);
    say_go(&stage);
    wait_for_text(&stage, "listening");
    close(stage.slave);
    close(stage.master);
    stage.master = -1;
    stage.slave = open("/dev/null", O_RDONLY);
    assert_int_equal(wait_for_child(&stage, 0), 0);
    stage_fini(&stage);
}

static void
stopped_gives_back_and_continued_takes_again(void **state)
{
    struct stage stage;
    struct termios now;

    (void)state;
    stage_init(&stage, end_after_a_stop);
    say_go(&stage);
    assert_true(WIFSTOPPED(wait_for_child(&stage, WUNTRACED)));
    assert_given_back(&stage);
    buf_clear(&stage.seen);
    /* What the user's shell changes meanwhile is what is given back. */
    stage.before.c_cc[VINTR] = 8;
    tcsetattr(stage.slave, TCSANOW, &stage.before);
    kill(stage.child, SIGCONT);
    wait_for_text(&stage, "\033[?1049h");
    say_go(&stage);
    assert_int_equal(wait_for_child(&stage, 0), 0);
    now = modes_now(&stage);
    assert_int_equal(now.c_cc[VINTR], 8);
    assert_given_back(&stage);
    stage_fini(&stage);
}

static void
stopped_by_force_is_taken_again_as_before(void **state)
{
    struct stage stage;
    struct termios shells;

    (void)state;
    stage_init(&stage, end_after_a_hard_stop);
    say_go(&stage);
    assert_true(WIFSTOPPED(wait_for_child(&stage, WUNTRACED)));
    shells = stage.before;
    shells.c_cc[VINTR] = 9; /* its line editor's, not the user's */
    tcsetattr(stage.slave, TCSANOW, &shells);
    buf_clear(&stage.seen);
    kill(stage.child, SIGCONT);
    wait_for_text(&stage, "\033[?1049h");
    say_go(&stage);
    assert_int_equal(wait_for_child(&stage, 0), 0);
    assert_given_back(&stage);
    stage_fini(&stage);
}

static void
control_characters_come_raw(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, end_after_control_characters);
    say_go(&stage);
    assert_int_equal(write(stage.master, "\023\021\003\032\034\r\n\026\177", 9),
                     9);
    assert_int_equal(wait_for_child(&stage, 0), 0);
    assert_given_back(&stage);
    stage_fini(&stage);
}

static void
what_is_no_terminal_is_refused(void **state)
{
    struct err err = ERR_INIT;
    int in = dup(STDIN_FILENO), null = open("/dev/null", O_RDWR);

    (void)state;
    dup2(null, STDIN_FILENO);
    assert_null(tty_open(&err));
    dup2(in, STDIN_FILENO);
    assert_int_equal(err.kind, ERR_SYS);
    close(in);
    close(null);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_gives_the_terminal_back),
        cmocka_unit_test(even_kill_gives_the_terminal_back),
        cmocka_unit_test(kill_of_a_stopped_one_touches_nothing),
        cmocka_unit_test(no_memory_gives_the_terminal_back),
        cmocka_unit_test(hangup_ends_it),
        cmocka_unit_test(stopped_gives_back_and_continued_takes_again),
        cmocka_unit_test(stopped_by_force_is_taken_again_as_before),
        cmocka_unit_test(control_characters_come_raw),
        cmocka_unit_test(what_is_no_terminal_is_refused),
    };

    return cmocka_run_group_tests_name("tty", tests, NULL, NULL);
}
