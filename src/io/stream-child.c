/*
 * stream-child.c - a local child process as a stream: in a pty, or on a pipe.
 *
 * That exec failed comes back through a pipe that a good exec closes, so the
 * stream is open only once the program really runs.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/loop.h"
#include "io/program.h"
#include "io/stream.h"

/* A program that gave its terminal away is waited for this long. */
#define EXIT_WAIT_US 1000000

struct child {
    struct stream base; /* first: a stream is cast to its kind */
    struct loop *loop;
    int fd; /* the pty's master or the pipe's end; -1 after its end */
    struct loop_fd *watch;
    int exec_fd; /* says errno when exec failed; -1 once the program runs */
    struct loop_fd *exec_watch;
    pid_t pid;
    struct loop_child *exit_watch;
    struct loop_timer *timer;
    bool pty, paused, exited;
    int exit_status;
    struct err why;
};

static pid_t
fork_in_pty(struct child *child, const struct stream_child_spec *spec,
            const struct program *program)
{
    const struct winsize size = { .ws_col = spec->cols, .ws_row = spec->rows };
    pid_t pid = forkpty(&child->fd, NULL, NULL, &size);

    if (pid == 0) {
        program_run_in_pty(program);
    }
    if (pid < 0)
        child->fd = -1;
    else
        fcntl(child->fd, F_SETFD, FD_CLOEXEC);
    return pid;
}

static pid_t
fork_on_pipe(struct child *child, const struct program *program)
{
    int ends[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pid_t pid = -1;

    if (null < 0 || pipe2(ends, O_CLOEXEC) != 0)
        goto out;
    pid = fork();
    if (pid == 0) {
        setpgid(0, 0); /* a group of its own, to end it with its children */
        dup2(null, STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        program_run(program);
    }
    close(ends[1]);
    if (pid > 0) {
        setpgid(pid, pid); /* whoever comes first */
        child->fd = ends[0];
    } else {
        close(ends[0]);
    }
out:
    if (null >= 0)
        close(null);
    return pid;
}

static void
close_fd(int *fd, struct loop_fd **watch)
{
    loop_fd_free(*watch);
    *watch = NULL;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void
want(struct child *child)
{
    bool writes = child->pty && child->base.queue.len > 0;

    if (child->watch != NULL && child->exec_fd < 0)
        loop_fd_want(child->watch, (child->paused ? 0 : LOOP_READ) |
                                       (writes ? LOOP_WRITE : 0));
}

static void
tell_closed(struct child *child)
{
    close_fd(&child->fd, &child->watch);
    loop_timer_stop(child->timer);
    stream_tell_closed(&child->base, &child->why, child->exit_status);
}

static void
flush_child(struct stream *stream)
{
    struct child *child = (struct child *)stream;
    struct buf *queue = &stream->queue;

    while (child->pty && child->fd >= 0 && queue->len > 0) {
        ssize_t len = write(child->fd, queue->bytes, queue->len);

        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0)
            break; /* full; or the end, which the next read learns */
        buf_drop(queue, (size_t)len);
    }
    want(child);
}

static void
on_ready(void *ctx, int ready)
{
    struct child *child = ctx;
    uint8_t bytes[STREAM_READ_MAX];
    ssize_t len;

    if (ready & LOOP_WRITE)
        flush_child(&child->base);
    if (!(ready & LOOP_READ) || child->paused)
        return;
    len = read(child->fd, bytes, loop_share(child->loop));
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len > 0) {
        child->base.sink.data(child->base.sink.ctx, bytes, (size_t)len);
        return;
    }
    /* A pty says EIO once nobody has it open any more. */
    close_fd(&child->fd, &child->watch);
    if (child->exited)
        tell_closed(child);
    else if (child->pty)
        loop_timer_set(child->timer, EXIT_WAIT_US);
}

static void
on_exit_status(void *ctx, int status)
{
    struct child *child = ctx;

    child->exit_watch = NULL; /* the loop frees it after this */
    child->exited = true;
    if (child->exit_status < 0 && WIFEXITED(status))
        child->exit_status = WEXITSTATUS(status);
    else if (child->exit_status < 0 && WIFSIGNALED(status))
        child->exit_status = 128 + WTERMSIG(status);
    if (child->fd < 0 && child->exec_fd < 0)
        tell_closed(child);
}

static void
on_timer(void *ctx)
{
    tell_closed(ctx);
}

/* Nothing, and the end: it runs. A number: errno of its exec. */
static void
on_exec(void *ctx, int ready)
{
    struct child *child = ctx;
    int error = 0;
    ssize_t len = read(child->exec_fd, &error, sizeof error);

    (void)ready;
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    close_fd(&child->exec_fd, &child->exec_watch);
    if (len == (ssize_t)sizeof error) {
        errno = error;
        err_sys(&child->why, "cannot run the program");
        tell_closed(child);
        return;
    }
    child->watch = loop_fd_new(child->loop, child->fd, on_ready, child);
    flush_child(&child->base);
    child->base.sink.opened(child->base.sink.ctx);
}

static void
pause_child(struct stream *stream, bool paused)
{
    struct child *child = (struct child *)stream;

    child->paused = paused;
    want(child);
}

static void
resize_child(struct stream *stream, uint16_t cols, uint16_t rows)
{
    const struct winsize size = { .ws_col = cols, .ws_row = rows };
    struct child *child = (struct child *)stream;

    if (child->pty && child->fd >= 0)
        ioctl(child->fd, TIOCSWINSZ, &size);
}

/* As a terminal that is closed does; without one there is only force. */
static void
end_child(struct child *child)
{
    int signum = child->pty ? SIGHUP : SIGKILL;

    if (child->pid <= 0)
        return;
    if (!child->exited && kill(-child->pid, signum) != 0)
        kill(child->pid, signum); /* it has no group yet */
    else if (child->exited && !child->pty && child->fd >= 0)
        kill(-child->pid, signum); /* what it left behind has our pipe */
}

/* A terminal hangs up when the last descriptor of its master is closed. */
static int
keep_child(struct stream *stream)
{
    struct child *child = (struct child *)stream;
    int kept = child->pty && child->fd >= 0
                   ? fcntl(child->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                   : -1;

    if (kept < 0)
        return -1;
    child->pid = 0; /* not ours to end any more */
    close_fd(&child->fd, &child->watch);
    close_fd(&child->exec_fd, &child->exec_watch);
    return kept;
}

static void
free_child(struct stream *stream)
{
    struct child *child = (struct child *)stream;

    end_child(child);
    loop_child_free(child->exit_watch);
    close_fd(&child->fd, &child->watch);
    close_fd(&child->exec_fd, &child->exec_watch);
    loop_timer_free(child->timer);
    stream_fini(stream);
    free(child);
}

static const struct stream_ops child_ops = {
    .flush = flush_child,
    .pause = pause_child,
    .resize = resize_child,
    .keep = keep_child,
    .free = free_child,
};

static bool
start(struct child *child, const struct stream_child_spec *spec)
{
    struct program program;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_sys(&child->why, "cannot start a program");
    program_init(&program, spec->command, spec->pty ? spec->term : NULL);
    program.exec_fd = ends[1];
    child->pid = spec->pty ? fork_in_pty(child, spec, &program)
                           : fork_on_pipe(child, &program);
    if (child->pid < 0)
        err_sys(&child->why, "cannot start %s", program.path);
    program_fini(&program);
    close(ends[1]);
    if (child->pid < 0) {
        close(ends[0]);
        return false;
    }
    child->exec_fd = ends[0];
    fcntl(child->exec_fd, F_SETFL, O_NONBLOCK);
    fcntl(child->fd, F_SETFL, O_NONBLOCK);
    child->exit_watch =
        loop_child_new(child->loop, child->pid, on_exit_status, child);
    child->exec_watch =
        loop_fd_new(child->loop, child->exec_fd, on_exec, child);
    loop_fd_want(child->exec_watch, LOOP_READ);
    return true;
}

struct stream *
stream_child_new(struct loop *loop, const struct stream_child_spec *spec,
                 const struct stream_sink *sink)
{
    struct child *child = xcalloc(1, sizeof *child);

    stream_init(&child->base, &child_ops, sink);
    child->loop = loop;
    child->fd = child->exec_fd = -1;
    child->exit_status = -1;
    child->pty = spec->pty;
    child->timer = loop_timer_new(loop, on_timer, child);
    if (!start(child, spec))
        loop_timer_set(child->timer, 0); /* told from the loop */
    return &child->base;
}
