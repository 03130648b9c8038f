/* pen.c - ncurses, writing into memory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/pen.h"

/* clang-format off */
#include <curses.h>
#include <term.h> /* macros of many common names: in no other file */
/* clang-format on */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"

#define LOG_MODULE "pen"

struct pen {
    SCREEN *curses;
    FILE *sink;
    int memory; /* sink's fd */
    FILE *no_input;
};

static bool
open_files(struct pen *pen, struct err *err)
{
    pen->memory = memfd_create("miglab-screen", MFD_CLOEXEC);
    if (pen->memory >= 0)
        pen->sink = fdopen(pen->memory, "w");
    pen->no_input = fopen("/dev/null", "re");
    if (pen->sink == NULL || pen->no_input == NULL)
        return err_sys(err, "cannot make memory to draw in");
    return true;
}

/* Asked beforehand: a newterm() that fails leaks, and takes "dumb". */
static bool
can_draw_on(const char *terminal, int fd)
{
    int status;
    bool can;

    if (terminal == NULL || *terminal == '\0' ||
        setupterm(terminal, fd, &status) != OK)
        return false;
    can = cursor_address != NULL;
    del_curterm(cur_term);
    return can;
}

static SCREEN *
open_terminal(struct pen *pen)
{
    static const char fallback[] = "vt100";
    const char *name = getenv("TERM");

    if (!can_draw_on(name, pen->memory)) {
        log_warn(LOG_MODULE,
                 "TERM '%s' is no screen that is known, taking it "
                 "for a %s",
                 name != NULL ? name : "", fallback);
        name = fallback;
    }
    return newterm(name, pen->sink, pen->no_input);
}

/* newterm() learns a size by no other way; given back at once. */
struct variable {
    const char *name;
    char *before;
};

static struct variable
set_variable(const char *name, unsigned value)
{
    const char *before = getenv(name);
    struct variable variable = { name,
                                 before != NULL ? xstrdup(before) : NULL };
    char *text = xasprintf("%u", value);

    setenv(name, text, 1);
    free(text);
    return variable;
}

static void
reset_variable(struct variable *variable)
{
    if (variable->before != NULL)
        setenv(variable->name, variable->before, 1);
    else
        unsetenv(variable->name);
    free(variable->before);
}

/*
 * ncurses shall not say this of itself. Its own copy of the terminal's strings
 * is not the one that <term.h>'s names mean: tigetstr() gives the one it sends.
 */
static void
silence(const char *capability)
{
    char *text = tigetstr(capability);

    if (text != NULL && text != (char *)-1)
        *text = '\0';
}

static bool
start_curses(struct pen *pen, uint16_t cols, uint16_t rows)
{
    /* newterm() takes these when nobody has; they are the loop's. */
    static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
    struct sigaction before[ARRAY_LEN(signals)];
    struct variable columns_before = set_variable("COLUMNS", cols);
    struct variable lines_before = set_variable("LINES", rows);

    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        sigaction(signals[i], NULL, &before[i]);
    pen->curses = open_terminal(pen);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        sigaction(signals[i], &before[i], NULL);
    reset_variable(&columns_before);
    reset_variable(&lines_before);
    if (pen->curses == NULL)
        return false;
    /* The alternate screen is the tty's to enter and to leave; the user's own
     * palette is nobody's to reset. */
    silence("smcup");
    silence("rmcup");
    silence("oc");
    return true;
}

struct pen *
pen_new(uint16_t cols, uint16_t rows, struct err *err)
{
    struct pen *pen = xcalloc(1, sizeof *pen);

    pen->memory = -1;
    if (!open_files(pen, err))
        goto fail;
    if (!start_curses(pen, cols, rows)) {
        err_set(err, ERR_SYS,
                "no terminal is known here, not even a vt100; on Debian: apt "
                "install ncurses-base");
        goto fail;
    }
    return pen;

fail:
    pen_free(pen);
    return NULL;
}

void
pen_free(struct pen *pen)
{
    if (pen == NULL)
        return;
    if (pen->curses != NULL) {
        endwin();
        delscreen(pen->curses);
    }
    if (pen->sink != NULL)
        fclose(pen->sink);
    else if (pen->memory >= 0)
        close(pen->memory);
    if (pen->no_input != NULL)
        fclose(pen->no_input);
    free(pen);
}

void
pen_collect(struct pen *pen, struct buf *out)
{
    off_t len = lseek(pen->memory, 0, SEEK_CUR), done = 0;
    char piece[4096];

    while (done < len) {
        size_t want = MIN(sizeof piece, (size_t)(len - done));
        ssize_t n = pread(pen->memory, piece, want, done);

        BUG_ON(n <= 0);
        buf_add(out, piece, (size_t)n);
        done += n;
    }
    lseek(pen->memory, 0, SEEK_SET);
}

void
pen_lift(struct pen *pen)
{
    endwin();
    lseek(pen->memory, 0, SEEK_SET);
}
