/* tty-guard.c - a process that waits for our end, whatever it is. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/tty-guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fds.h"
#include "base/log.h"

#define LOG_MODULE   "tty"
#define PROCESS_NAME "miglab-tty"

/* There may be threads: nothing here may allocate. */
static void NORETURN
wait_for_the_end(int fd, int end, void (*ended)(void))
{
    int low = MIN(fd, end), high = MAX(fd, end);
    sigset_t all;
    char byte;

    /* No signal ends it, also none that is meant for our group. */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    setpgid(0, 0);
    prctl(PR_SET_NAME, PROCESS_NAME);
    /* The lab's lock, the journal, whatever somebody waits to be closed. */
    fds_close(0, (unsigned)low - 1);
    fds_close((unsigned)low + 1, (unsigned)high - 1);
    fds_close((unsigned)high + 1, ~0U);
    while (read(end, &byte, 1) < 0 && errno == EINTR)
        continue;
    ended();
    _exit(0);
}

void
tty_guard_start(struct tty_guard *guard, int fd, void (*ended)(void))
{
    int ends[2], alone[2];
    char byte;

    *guard = (struct tty_guard){ .pipe = -1 };
    if (pipe2(ends, O_CLOEXEC) != 0) {
        log_warn(LOG_MODULE, "no guard: %s", strerror(errno));
        return;
    }
    if (pipe2(alone, O_CLOEXEC) != 0) {
        log_warn(LOG_MODULE, "no guard: %s", strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return;
    }
    guard->pid = fork();
    if (guard->pid == 0)
        wait_for_the_end(fd, ends[0], ended);
    if (guard->pid < 0) {
        log_warn(LOG_MODULE, "no guard: %s", strerror(errno));
        guard->pid = 0;
    }
    close(ends[0]);
    guard->pipe = ends[1];
    /* Until it has closed what is ours, this end too. */
    close(alone[1]);
    while (read(alone[0], &byte, 1) < 0 && errno == EINTR)
        continue;
    close(alone[0]);
}

void
tty_guard_stop(struct tty_guard *guard)
{
    /* By force: should somebody else hold the pipe, too, it would not end. */
    if (guard->pid > 0)
        kill(guard->pid, SIGKILL);
    if (guard->pipe >= 0)
        close(guard->pipe);
    guard->pipe = -1;
    while (guard->pid > 0 && waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    guard->pid = 0;
}
