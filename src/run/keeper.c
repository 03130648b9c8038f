/* keeper.c - what ran in a run's consoles goes on when miglab is gone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/fds.h"
#include "base/macros.h"
#include "base/xalloc.h"

#define FILE_NAME    "keeper"
#define PROCESS_NAME "miglab-keeper"

/* --- in the child: there were threads, so nothing here may allocate --- */

static void
be_alone(void)
{
    static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE };
    const struct sigaction normal = { .sa_handler = SIG_DFL };
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigset_t none;
    int null;

    /* The handlers are the loop's, and write into a pipe that miglab reads. */
    for (int signum = 1; signum < NSIG; signum++)
        sigaction(signum, &normal, NULL);
    for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
        sigaction(ignored[i], &ignore, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, PROCESS_NAME);
    setsid();
    if (chdir("/") != 0)
        _exit(1);
    null = open("/dev/null", O_RDWR);
    if (null < 0)
        _exit(1);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(null, fd);
}

/* The lab's lock, the journal, the terminal: none of it is the keeper's. */
static void
close_others(const struct pollfd *held, size_t len)
{
    unsigned next = STDERR_FILENO + 1;

    for (size_t i = 0; i < len; i++) {
        fds_close(next, (unsigned)held[i].fd - 1);
        next = (unsigned)held[i].fd + 1;
    }
    fds_close(next, ~0U);
}

/* False: the far end is gone. */
static bool
throw_away(int fd)
{
    static char bytes[65536];
    ssize_t len = read(fd, bytes, sizeof bytes);

    return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

static void
hold(struct pollfd *held, size_t len)
{
    size_t left = len;

    while (left > 0) {
        if (poll(held, (nfds_t)len, -1) < 0 && errno != EINTR)
            break;
        for (size_t i = 0; i < len; i++) {
            if (held[i].fd < 0 || held[i].revents == 0 ||
                throw_away(held[i].fd))
                continue;
            close(held[i].fd);
            held[i].fd = -1; /* which poll() passes over */
            left--;
        }
    }
    _exit(0);
}

/* --- in miglab --- */

static int
by_fd(const void *a, const void *b)
{
    return ((const struct pollfd *)a)->fd - ((const struct pollfd *)b)->fd;
}

/* When this process began, in ticks since the boot; 0: it is no keeper. */
static unsigned long long
start_of(long pid)
{
    char path[64], line[1024], *behind;
    unsigned long long start = 0;
    char state = 'Z';
    ssize_t len;
    int fd;

    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    len = fd >= 0 ? read(fd, line, sizeof line - 1) : -1;
    if (fd >= 0)
        close(fd);
    line[MAX(len, 0)] = '\0';
    behind = strstr(line, "(" PROCESS_NAME ") ");
    if (behind == NULL ||
        sscanf(behind,
               "(" PROCESS_NAME ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u "
               "%*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
               &state, &start) != 2 ||
        state == 'Z' || state == 'X')
        return 0;
    return start;
}

static bool
write_down(int dirfd, long pid, struct err *err)
{
    int fd =
        openat(dirfd, FILE_NAME,
               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && dprintf(fd, "%ld %llu\n", pid, start_of(pid)) > 0;

    if (!ok)
        err_sys(err, "cannot write the file " FILE_NAME);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Until it holds what it is to hold: then it has closed its end of the pipe. */
static bool
wait_for(int fd)
{
    char byte;
    ssize_t len;

    do
        len = read(fd, &byte, 1);
    while (len < 0 && errno == EINTR);
    return len == 0;
}

static pid_t
leave_behind(struct pollfd *held, size_t len, struct err *err)
{
    sigset_t all, before;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        err_sys(err, "cannot keep the consoles");
        return -1;
    }
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid = fork();
    if (pid == 0) {
        be_alone();
        close_others(held, len);
        hold(held, len);
    }
    if (pid < 0)
        err_sys(err, "cannot keep the consoles");
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (pid > 0)
        wait_for(ends[0]);
    close(ends[0]);
    return pid;
}

long
keeper_start(int dirfd, int *fds, size_t len, struct err *err)
{
    struct pollfd *held = xcalloc(len + 1, sizeof *held);
    pid_t pid;

    for (size_t i = 0; i < len; i++)
        held[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    qsort(held, len, sizeof *held, by_fd);
    pid = leave_behind(held, len, err);
    free(held);
    for (size_t i = 0; i < len; i++)
        close(fds[i]);
    if (pid > 0 && !write_down(dirfd, pid, err)) {
        kill(pid, SIGKILL); /* nobody would find it again */
        return -1;
    }
    return pid;
}

long
keeper_end(int dirfd)
{
    int fd = openat(dirfd, FILE_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    char line[64];
    ssize_t len = fd >= 0 ? read(fd, line, sizeof line - 1) : -1;
    unsigned long long start = 0;
    long pid = 0;

    if (fd >= 0)
        close(fd);
    line[MAX(len, 0)] = '\0';
    /* A pid alone is another's by and by. */
    if (sscanf(line, "%ld %llu", &pid, &start) != 2 || pid <= 1 || start == 0 ||
        start_of(pid) != start || kill((pid_t)pid, SIGKILL) != 0)
        pid = 0;
    unlinkat(dirfd, FILE_NAME, 0);
    return pid;
}
