/* paths.c - where miglab's files are. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/paths.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

/* configure writes this file beside the program; it names the source tree. */
#define BUILD_FILE "miglab-build"

/* The source tree, if the program runs from its build tree; yours. */
static char *
source_tree(void)
{
    char exe[PATH_MAX], line[PATH_MAX], *slash, *path;
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    FILE *file;

    if (len <= 0)
        return NULL;
    exe[len] = '\0';
    /* Tests run from tests/unit/ and tests/fuzz/, one or two levels below. */
    for (int up = 0; up < 3 && (slash = strrchr(exe, '/')) != NULL; up++) {
        *slash = '\0';
        path = xasprintf("%s/%s", exe, BUILD_FILE);
        file = fopen(path, "re");
        free(path);
        if (file == NULL)
            continue;
        if (fgets(line, sizeof line, file) == NULL)
            line[0] = '\0';
        fclose(file);
        line[strcspn(line, "\n")] = '\0';
        return line[0] != '\0' ? xstrdup(line) : NULL;
    }
    return NULL;
}

const char *
paths_data(void)
{
    static char *found; /* one program, one place */
    const char *asked = getenv("MIGLAB_DATA");

    if (asked != NULL && asked[0] != '\0')
        return asked;
    if (found == NULL)
        found = source_tree();
    return found != NULL ? found : PKGDATADIR;
}

static char *
xdg(const char *variable, const char *fallback)
{
    const char *base = getenv(variable), *home = getenv("HOME");

    if (base != NULL && base[0] == '/')
        return xasprintf("%s/miglab", base);
    return xasprintf("%s/%s/miglab", home != NULL ? home : "", fallback);
}

char *
paths_config(void)
{
    return xdg("XDG_CONFIG_HOME", ".config");
}

char *
paths_state(void)
{
    return xdg("XDG_STATE_HOME", ".local/state");
}

char *
paths_rehearsal(const char *name)
{
    return xasprintf("/run/miglab/rehearsal/%s", name);
}

char *
paths_find(const char *kind, const char *name)
{
    char *config, *path;

    if (strchr(name, '/') != NULL || str_ends(name, ".yaml"))
        return xstrdup(name);
    config = paths_config();
    path = xasprintf("%s/%s/%s.yaml", config, kind, name);
    free(config);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    path = xasprintf("%s/%s/%s.yaml", paths_data(), kind, name);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static void
list_folder(const char *folder, struct strs *names)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char *name;

        if (entry->d_name[0] == '.' || !str_ends(entry->d_name, ".yaml"))
            continue;
        name = xstrndup(entry->d_name, strlen(entry->d_name) - 5);
        if (strs_has(names, name))
            free(name);
        else
            strs_take(names, name);
    }
    if (dir != NULL)
        closedir(dir);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void
paths_list(const char *kind, struct strs *names)
{
    char *config = paths_config();
    char *own = xasprintf("%s/%s", config, kind);
    char *shipped = xasprintf("%s/%s", paths_data(), kind);

    list_folder(own, names);
    list_folder(shipped, names);
    if (names->len > 1)
        qsort(names->items, names->len, sizeof *names->items, by_name);
    free(shipped);
    free(own);
    free(config);
}

bool
paths_make(const char *path, struct err *err)
{
    char *copy = xstrdup(path);
    bool ok = true;

    for (char *p = copy + 1; ok && *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        ok = mkdir(copy, 0700) == 0 || errno == EEXIST;
        *p = '/';
    }
    ok = ok && (mkdir(copy, 0700) == 0 || errno == EEXIST);
    free(copy);
    return ok ? true : err_sys(err, "cannot make the folder %s", path);
}
