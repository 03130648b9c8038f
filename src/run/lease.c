/* lease.c - one run at a time on a lab. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/str.h"
#include "base/xalloc.h"

#define SYSTEM_FOLDER "/run/miglab"

struct lease {
    int fd;
};

/*
 * Root's is one, with sudo or a login of its own; whose XDG_RUNTIME_DIR is
 * another than a login's own asked for it.
 */
static char *
lock_folder(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    bool given = runtime != NULL && runtime[0] == '/';

    if (geteuid() == 0 && (!given || str_starts(runtime, "/run/user/")))
        return xstrdup(SYSTEM_FOLDER);
    return given ? xasprintf("%s/miglab", runtime) : paths_state();
}

/* Open, but not yet locked; -1 when no file can be made. */
static int
open_lock(const char *lab, struct err *err)
{
    const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
    char *folder = lock_folder(), *path;
    struct err unusable = ERR_INIT;
    int fd = -1;

    if (!paths_make(folder, &unusable) || access(folder, W_OK) != 0) {
        free(folder); /* another user's, after su or sudo */
        folder = paths_state();
    }
    path = xasprintf("%s/lab-%s.lock", folder, lab);
    if (paths_make(folder, err)) {
        fd = open(path, flags, 0600);
        if (fd < 0)
            err_sys(err, "cannot make the lock %s", path);
    }
    free(path);
    free(folder);
    return fd;
}

/* "RUN (pid N)", as the one who has it wrote it; refuses in its words. */
static void
refuse(int fd, const char *lab, struct err *err)
{
    char holder[256];
    ssize_t len = read(fd, holder, sizeof holder - 1);

    holder[MAX(len, 0)] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    err_set(err, ERR_BUSY, "lab %s is in use by %s", lab,
            *holder != '\0' ? holder : "a run that is just beginning");
}

struct lease *
lease_take(const char *lab, struct err *err)
{
    struct lease *lease;
    int fd = open_lock(lab, err);

    if (fd < 0)
        return NULL;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            refuse(fd, lab, err);
        else
            err_sys(err, "cannot lock lab %s", lab);
        close(fd);
        return NULL;
    }
    lease = xcalloc(1, sizeof *lease);
    lease->fd = fd;
    lease_tell(lease, ""); /* not the words of one that died */
    return lease;
}

void
lease_tell(struct lease *lease, const char *run)
{
    /* Only words for others: the lock holds without them. */
    if (ftruncate(lease->fd, 0) == 0 && *run != '\0')
        dprintf(lease->fd, "run %s (pid %ld)\n", run, (long)getpid());
}

void
lease_free(struct lease *lease)
{
    if (lease == NULL)
        return;
    lease_tell(lease, "");
    close(lease->fd);
    free(lease);
}
