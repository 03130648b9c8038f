/*
 * tty-guard.h - a process that waits for our end, whatever it is.
 *
 * KILL leaves no word to say. So a child of ours, forked when the terminal is
 * taken, holds that and one end of a pipe: when the other end is gone, so are
 * we.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_TTY_GUARD_H
#define UI_TTY_GUARD_H

#include <sys/types.h>

#include "base/macros.h"

struct tty_guard {
    pid_t pid; /* 0: there is none */
    int pipe;
};

/*
 * Start one, which keeps no descriptor but fd and calls ended() once we are
 * gone: in another process, with what memory was shared, and async-signal-safe.
 * Without one all works but that; why is in the log.
 */
void tty_guard_start(struct tty_guard *guard, int fd, void (*ended)(void))
    NONNULL(1, 3);

/* It ends and calls nobody. */
void tty_guard_stop(struct tty_guard *guard) NONNULL(1);

#endif
