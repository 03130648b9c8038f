/*
 * keeper.h - what ran in a run's consoles goes on when miglab is gone.
 *
 * A terminal hangs up with its last descriptor, and a node's sshd ends what it
 * started with its connection. So a run that is kept leaves a process behind
 * that holds these descriptors, and throws away what comes: bytes that nobody
 * reads would hold up what prints them. It cannot open a console's ssh window
 * again, for that takes the session's keys: a console that prints more than
 * the window, some 2 MB, stands still from then on.
 *
 * It ends when the last far end has closed, or when the run is torn down.
 * RUNDIR/keeper tells its pid and start time.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_KEEPER_H
#define RUN_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/macros.h"

/*
 * Leave one behind that holds these descriptors, which are closed here. Its
 * pid; -1 and err: it could not be, and what they led to ends.
 */
long keeper_start(int dirfd, int *fds, size_t len, struct err *err) MUST_CHECK
    NONNULL(2, 4);

/* End the run's; its pid, 0: none lives. */
long keeper_end(int dirfd);

#endif
