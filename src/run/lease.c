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
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/str.h"
#include "base/xalloc.h"

#define SYSTEM_FOLDER "/run/miglab"

struct lease {
    int fd;
    char *path;
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

static char *
lock_path(const char *lab, struct err *err)
{
    char *folder = lock_folder(), *path = NULL;
    struct err unusable = ERR_INIT;

    if (!paths_make(folder, &unusable) || access(folder, W_OK) != 0) {
        free(folder); /* another user's, after su or sudo */
        folder = paths_state();
    }
    if (paths_make(folder, err))
        path = xasprintf("%s/lab-%s.lock", folder, lab);
    free(folder);
    return path;
}

/* Whoever had it may have removed the file between our open and lock. */
static bool
is_same_file(int fd, const char *path)
{
    struct stat locked, named;

    return fstat(fd, &locked) == 0 && stat(path, &named) == 0 &&
           locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

/* "run RUN (pid N)", as the one who has it wrote it. */
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

/* The file's descriptor, locked; -1 with err. */
static int
open_locked(const char *path, const char *lab, struct err *err)
{
    const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;

    for (;;) {
        int fd = open(path, flags, 0600);

        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
            if (is_same_file(fd, path))
                return fd;
            close(fd);
            continue;
        }
        if (fd >= 0 && errno == EWOULDBLOCK)
            refuse(fd, lab, err);
        else
            err_sys(err, "cannot lock %s", path);
        if (fd >= 0)
            close(fd);
        return -1;
    }
}

struct lease *
lease_take(const char *lab, struct err *err)
{
    char *path = lock_path(lab, err);
    int fd = path != NULL ? open_locked(path, lab, err) : -1;
    struct lease *lease;

    if (fd < 0) {
        free(path);
        return NULL;
    }
    lease = xcalloc(1, sizeof *lease);
    lease->fd = fd;
    lease->path = path;
    lease_tell(lease, ""); /* not the words of one that died */
    return lease;
}

void
lease_tell(struct lease *lease, const char *run)
{
    /* Only words for others: the lock holds without them. */
    if (ftruncate(lease->fd, 0) == 0 && lseek(lease->fd, 0, SEEK_SET) == 0 &&
        *run != '\0')
        dprintf(lease->fd, "run %s (pid %ld)\n", run, (long)getpid());
}

void
lease_free(struct lease *lease)
{
    if (lease == NULL)
        return;
    unlink(lease->path);
    close(lease->fd);
    free(lease->path);
    free(lease);
}
