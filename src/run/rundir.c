/* rundir.c - the directory of a run. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/paths.h"
#include "base/secret.h"
#include "base/xalloc.h"
#include "plan/script.h"
#include "plan/tcase.h"

#define NAME_TRIES 100

static char *
runs_folder(void)
{
    char *state = paths_state();
    char *runs = xasprintf("%s/runs", state);

    free(state);
    return runs;
}

static struct rundir *
rundir_on(char *path)
{
    struct rundir *rundir = xcalloc(1, sizeof *rundir);
    const char *slash = strrchr(path, '/');

    rundir->path = path;
    rundir->id = xstrdup(slash != NULL ? slash + 1 : path);
    rundir->fd = rundir->panes_fd = -1;
    return rundir;
}

void
rundir_free(struct rundir *rundir)
{
    if (rundir == NULL)
        return;
    if (rundir->fd >= 0)
        close(rundir->fd);
    if (rundir->panes_fd >= 0)
        close(rundir->panes_fd);
    free(rundir->path);
    free(rundir->id);
    free(rundir);
}

static bool
open_folders(struct rundir *rundir, struct err *err)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

    rundir->fd = open(rundir->path, flags);
    if (rundir->fd < 0)
        return err_sys(err, "cannot open the run %s", rundir->path);
    rundir->panes_fd = openat(rundir->fd, "panes", flags);
    if (rundir->panes_fd < 0)
        return err_sys(err, "cannot open %s/panes", rundir->path);
    return true;
}

static bool
write_file(const struct rundir *rundir, const char *name,
           const struct script *script,
           void (*write_text)(const struct script *script, struct buf *out),
           struct err *err)
{
    struct buf text = BUF_INIT(0);
    size_t done = 0, len;
    char *masked;
    int fd = openat(rundir->fd, name,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0;

    write_text(script, &text);
    masked = secret_mask(buf_text(&text), text.len);
    len = strlen(masked);
    while (ok && done < len) {
        ssize_t n = write(fd, masked + done, len - done);

        ok = n > 0;
        done += ok ? (size_t)n : 0;
    }
    if (!ok)
        err_sys(err, "cannot write %s/%s", rundir->path, name);
    if (fd >= 0)
        close(fd);
    free(masked);
    buf_fini(&text);
    return ok;
}

/* Whoever else may write there could put another folder in a run's place. */
static bool
demand_own(const char *runs, struct err *err)
{
    struct stat st;

    if (lstat(runs, &st) != 0)
        return err_sys(err, "cannot look at %s", runs);
    if (S_ISDIR(st.st_mode) && (st.st_uid == geteuid() || st.st_uid == 0) &&
        (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    return err_set(err, ERR_USAGE,
                   "%s is not a folder that only you can write to", runs);
}

/*
 * LABEL-CASE-XXXYYY: XXX the millisecond, so that runs of one second sort as
 * they began; YYY by chance, for a run's processes are known by its name, and
 * another engineer's run on the same node may begin with ours.
 */
static char *
make_name(uint64_t wall_us, const char *case_name, struct err *err)
{
    char label[CLOCK_LABEL_SIZE];
    unsigned chance = 0;

    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) {
        err_sys(err, "no random number for the run's name");
        return NULL;
    }
    clock_label(wall_us, label);
    return xasprintf("%s-%s-%03x%03x", label, case_name,
                     (unsigned)(wall_us / 1000 % 1000), chance & 0xfff);
}

static struct rundir *
make_folder(const char *runs, uint64_t wall_us, const char *case_name,
            struct err *err)
{
    for (int i = 0; i < NAME_TRIES; i++) {
        char *name = make_name(wall_us, case_name, err);
        char *path = name != NULL ? xasprintf("%s/%s", runs, name) : NULL;

        free(name);
        if (path == NULL)
            return NULL;
        if (mkdir(path, 0700) == 0)
            return rundir_on(path);
        if (errno != EEXIST) {
            err_sys(err, "cannot make the run's folder %s", path);
            free(path);
            return NULL;
        }
        free(path);
    }
    err_set(err, ERR_LIMIT, "no name of %d for the run is free", NAME_TRIES);
    return NULL;
}

struct rundir *
rundir_create(const struct script *script, uint64_t wall_us, struct err *err)
{
    char *runs = runs_folder(), *panes;
    struct rundir *rundir = NULL;
    bool ok;

    if (paths_make(runs, err) && demand_own(runs, err))
        rundir = make_folder(runs, wall_us, script->tcase->name.text, err);
    free(runs);
    if (rundir == NULL)
        return NULL;
    panes = xasprintf("%s/panes", rundir->path);
    ok = mkdir(panes, 0700) == 0 || err_sys(err, "cannot make %s", panes);
    free(panes);
    ok = ok && open_folders(rundir, err) &&
         (script->tcase->steps.len == 0 || /* only opened */
          write_file(rundir, "case.yaml", script, script_write_case, err)) &&
         write_file(rundir, "lab.yaml", script, script_write_lab, err) &&
         write_file(rundir, "panes.yaml", script, script_write_panes, err);
    if (ok)
        return rundir;
    rundir_free(rundir);
    return NULL;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void
rundir_list(struct strs *names)
{
    char *runs = runs_folder();
    DIR *dir = opendir(runs);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            strs_add(names, entry->d_name);
    if (dir != NULL)
        closedir(dir);
    free(runs);
    if (names->len > 1)
        qsort(names->items, names->len, sizeof *names->items, by_name);
}

static char *
find_path(const char *name, struct err *err)
{
    struct strs names = { 0 };
    char *runs, *path = NULL;

    if (strchr(name, '/') != NULL) {
        size_t len = strlen(name);

        while (len > 1 && name[len - 1] == '/')
            len--;
        return xstrndup(name, len);
    }
    runs = runs_folder();
    rundir_list(&names);
    if (strcmp(name, "last") != 0)
        path = xasprintf("%s/%s", runs, name);
    else if (names.len > 0)
        path = xasprintf("%s/%s", runs, names.items[names.len - 1]);
    else
        err_set(err, ERR_USAGE, "there is no run yet");
    strs_fini(&names);
    free(runs);
    return path;
}

struct rundir *
rundir_open(const char *name, struct err *err)
{
    char *path = find_path(name, err);
    struct rundir *rundir;

    if (path == NULL)
        return NULL;
    rundir = rundir_on(path);
    if (open_folders(rundir, err))
        return rundir;
    rundir_free(rundir);
    return NULL;
}
