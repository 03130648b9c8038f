/*
 * Any text as the journal of a recorded run: it is judged again to its end or
 * told to be wrong, and what is told cannot paint a terminal.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "journal/journal.h"
#include "run/rejudge.h"
#include "run/rundir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/miglab-fuzz-journal-XXXXXX";

static void
remove_folder(void)
{
    rmdir(folder);
}

/* A folder that has nothing but the journal; the rest is the recorded run's. */
static int
open_folder(void)
{
    static bool made;

    if (!made && mkdtemp(folder) == NULL)
        abort();
    if (!made)
        atexit(remove_folder);
    made = true;
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
write_journal(int dirfd, const uint8_t *data, size_t size)
{
    int fd = openat(dirfd, JOURNAL_NAME,
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    close(fd);
}

static void
check_plain(const char *text)
{
    if (!utf8_valid(text, strlen(text)))
        abort();
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *top = getenv("top_srcdir");
    char *path =
        xasprintf("%s/tests/runs/virtio-net-split", top != NULL ? top : ".");
    struct rundir rundir = { .path = path, .fd = open_folder() };
    struct rejudged rejudged;
    struct diags diags = { 0 };
    struct err err = ERR_INIT;
    bool ok;

    if (rundir.fd < 0)
        abort();
    write_journal(rundir.fd, data, size);
    ok = rejudge_run(&rundir, &rejudged, &diags, &err);
    unlinkat(rundir.fd, JOURNAL_NAME, 0);
    close(rundir.fd);
    if (ok != (rejudged.verdict != NULL && err.kind == ERR_NONE))
        abort();
    for (size_t i = 0; i < rejudged.len; i++) {
        check_plain(rejudged.changes[i].where);
        check_plain(rejudged.changes[i].reason);
    }
    rejudged_fini(&rejudged);
    diags_fini(&diags);
    free(path);
    return 0;
}
