/*
 * rundir.h - the directory of a run: all its evidence.
 *
 *     runs/20261122T203401Z-virtio-net-split-1a27f3/  mode 0700
 *         journal.jsonl                               the one truth
 *         panes/host-monitor.cast ...                 what each console showed
 *         keeper                                      see keeper.h; or none
 *         case.yaml lab.yaml panes.yaml               the script, resolved
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_RUNDIR_H
#define RUN_RUNDIR_H

#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "base/str.h"

struct script;

struct rundir {
    char *path; /* absolute */
    char *id;   /* its last part, also the run's name */
    int fd;     /* of the directory */
    int panes_fd;
};

/* Make a new one under the user's state folder and write the script into it. */
struct rundir *rundir_create(const struct script *script, uint64_t wall_us,
                             struct err *err) MUST_CHECK NONNULL(1, 3);

/* One that is there: a path, a name under runs/, or "last". */
struct rundir *rundir_open(const char *name, struct err *err) MUST_CHECK
    NONNULL(1, 2);
void rundir_free(struct rundir *rundir);

/* The names of all runs, oldest first. */
void rundir_list(struct strs *names) NONNULL(1);

#endif
