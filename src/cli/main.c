/* main.c - miglab. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/secret.h"
#include "cli/command.h"

/* MIGLAB_LOG=FILE: what miglab does, for the one who debugs it. */
static void
open_log(void)
{
    const char *path = getenv("MIGLAB_LOG");
    struct err err = ERR_INIT;

    if (path != NULL && *path != '\0' && !log_open(path, LOG_DEBUG, &err))
        fprintf(stderr, "miglab: %s\n", err.text);
}

/*
 * What it holds is not for a core file, nor for another process of the user.
 * With a sanitizer this stays out: it looks at its own process from another.
 */
static void
hide_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

int
main(int argc, char **argv)
{
    int code;

    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a peer that left is told by write() */
    umask(077);
    hide_memory();
    open_log();
    code = cli_main(argc, argv);
    secret_wipe();
    log_close();
    if (fflush(stdout) != 0 && code == EXIT_PASS)
        code = EXIT_OUTPUT;
    return code;
}
