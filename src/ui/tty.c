/*
 * tty.c - the terminal miglab runs on: taken over, and given back on every
 * exit.
 *
 * There is one struct tty, and it is static: a signal handler must find it.
 * What no handler can do, after KILL, tty-guard does. O_NONBLOCK belongs to an
 * open file description, and the one of standard input is shared with the shell
 * that started us, so we open our own.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "term/term.h"
#include "ui/tty-guard.h"

#define LOG_MODULE "tty"

/* Written in slices: a terminal that takes nothing costs 200 ms in all. */
enum { SLICE_MS = 10, SLICES = 20 };

/*
 * Alternate screen, whole as scroll region, plain characters with line drawing
 * as G1, cursor keys as ESC O, pastes in brackets. Not the keypad's application
 * mode: its digits shall be digits, also where people type numbers to us.
 */
static const char enter_words[] = "\033[?1049h\033[r\033(B\033)0\017\033[m"
                                  "\033[?7h\033[?1h\033[?2004h";
static const char mouse_on_words[] = "\033[?1002h\033[?1006h";
static const char mouse_off_words[] = "\033[?1006l\033[?1002l";

/* CAN and ST first end a sequence that was cut. */
static const char leave_words[] =
    "\030\033\\\033[?2026l\033[?1006l\033[?1003l\033[?1002l\033[?1000l"
    "\033[?2004l\033[?1l\033>\033[r\033[m\017\033[?25h\033[?7h\033[?1049l\r";

static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };

/* What the guard must know, in memory that is shared with it. */
struct loan {
    struct termios saved;
    pid_t group;                 /* ours */
    volatile sig_atomic_t taken; /* there is something to give back */
};

static struct loan unguarded; /* where memory cannot be shared */

static struct tty {
    int fd; /* -1 when closed */
    struct loan *loan;
    struct tty_guard guard;
    bool is_away; /* continued in the background */
    bool mouse, mouse_told;
    struct sigaction before[ARRAY_LEN(crashes)];
    stack_t stack_before;
} the_tty = { .fd = -1, .loan = &unguarded, .guard = { .pipe = -1 } };

/* A stack overflow must not keep the handler from running. */
static char crash_stack[1 << 16];

/* ---- Giving back: async-signal-safe calls only, no clock, no memory ---- */

static void
write_bounded(int fd, const char *bytes, size_t len)
{
    for (int slice = 0; len > 0 && slice < SLICES; slice++) {
        ssize_t n = write(fd, bytes, len);
        struct pollfd room = { .fd = fd, .events = POLLOUT };

        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
            return;
        } else {
            poll(&room, 1, SLICE_MS);
        }
    }
}

/* Touch the terminal even from the background: SIGTTOU would stop us. */
static void
set_modes(int fd, const struct termios *modes)
{
    sigset_t ttou, before;

    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &before);
    tcsetattr(fd, TCSANOW, modes);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
say_leave_words(int fd)
{
    /* What waits is a frame that nobody will see; it must not delay us. */
    tcflush(fd, TCOFLUSH);
    tcflow(fd, TCOON);
    write_bounded(fd, leave_words, sizeof leave_words - 1);
}

static void
give_back(void)
{
    struct tty *tty = &the_tty;
    int errno_before = errno;
    sigset_t ttou, before;

    if (!tty->loan->taken)
        return;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &before);
    say_leave_words(tty->fd);
    sigprocmask(SIG_SETMASK, &before, NULL);
    set_modes(tty->fd, &tty->loan->saved);
    /* Last: KILL may come in between, and given back twice does no harm. */
    tty->loan->taken = 0;
    errno = errno_before;
}

/* In the guard: the other process was killed, and could not. */
static void
give_back_for_another(void)
{
    struct tty *tty = &the_tty;
    pid_t group;

    if (!tty->loan->taken)
        return;
    say_leave_words(tty->fd);
    /* A shell that knows of jobs has set its own modes by now. */
    group = tcgetpgrp(tty->fd);
    if (group < 0 || group == tty->loan->group)
        set_modes(tty->fd, &tty->loan->saved);
}

static void
on_crash(int signum)
{
    give_back();
    signal(signum, SIG_DFL);
    raise(signum); /* comes when we return */
}

static void
catch_crashes(struct tty *tty)
{
    struct sigaction action = { .sa_handler = on_crash,
                                .sa_flags = SA_ONSTACK };
    stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof crash_stack };

    sigaltstack(&stack, &tty->stack_before);
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
        sigaction(crashes[i], &action, &tty->before[i]);
}

static void
release_crashes(struct tty *tty)
{
    for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
        sigaction(crashes[i], &tty->before[i], NULL);
    sigaltstack(&tty->stack_before, NULL);
}

/* ---- Taking ---- */

static void
take(struct tty *tty)
{
    struct termios raw = tty->loan->saved;

    cfmakeraw(&raw);
    tty->loan->taken = 1; /* before, not after: half taken is taken */
    set_modes(tty->fd, &raw);
    write_bounded(tty->fd, enter_words, sizeof enter_words - 1);
    tty->mouse_told = false;
}

static bool
in_foreground(const struct tty *tty)
{
    pid_t group = tcgetpgrp(tty->fd);

    return group == getpgrp() || group < 0; /* no job control: always */
}

static int
open_own(int fd)
{
    const char *path = ttyname(fd);
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int own = path != NULL ? open(path, flags) : -1;

    /* A terminal of another mount namespace has no name, but opens. */
    return own >= 0 ? own : open("/proc/self/fd/0", flags);
}

static struct loan *
share_loan(void)
{
    struct loan *loan = mmap(NULL, sizeof *loan, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return loan != MAP_FAILED ? loan : &unguarded;
}

struct tty *
tty_open(struct err *err)
{
    static bool exits_watched;
    struct tty *tty = &the_tty;

    BUG_ON(tty->fd >= 0);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_SYS, "standard input and output are no terminal");
        return NULL;
    }
    if (tty->loan == &unguarded)
        tty->loan = share_loan(); /* once: exits may look at it */
    tty->loan->group = getpgrp();
    tty->fd = open_own(STDIN_FILENO);
    if (tty->fd < 0 || tcgetattr(tty->fd, &tty->loan->saved) != 0) {
        err_sys(err, "cannot open the terminal");
        if (tty->fd >= 0)
            close(tty->fd);
        tty->fd = -1;
        return NULL;
    }
    tty->mouse = tty->is_away = false;
    if (!exits_watched && atexit(give_back) == 0)
        exits_watched = true;
    xalloc_set_hook(give_back);
    /* Before it is taken: from the first moment on. */
    tty_guard_start(&tty->guard, tty->fd, give_back_for_another);
    catch_crashes(tty);
    take(tty);
    return tty;
}

void
tty_close(struct tty *tty)
{
    if (tty == NULL || tty->fd < 0)
        return;
    give_back();
    tty_guard_stop(&tty->guard);
    release_crashes(tty);
    xalloc_set_hook(NULL);
    close(tty->fd);
    tty->fd = -1;
}

void
tty_suspend(struct tty *tty)
{
    give_back();
    kill(getpid(), SIGSTOP);
    tty_resume(tty);
}

void
tty_resume(struct tty *tty)
{
    tty->is_away = !in_foreground(tty);
    if (tty->is_away)
        return;
    /*
     * Ours, and continued: somebody stopped us without a chance to give it
     * back, and the shell has set its own modes. The saved ones stay.
     */
    if (!tty->loan->taken)
        tcgetattr(tty->fd, &tty->loan->saved);
    take(tty);
}

/* ---- Questions and wishes ---- */

bool
tty_is_ours(const struct tty *tty)
{
    return tty->loan->taken != 0 && !tty->is_away;
}

int
tty_fd(const struct tty *tty)
{
    return tty->fd;
}

void
tty_size(const struct tty *tty, uint16_t *cols, uint16_t *rows)
{
    struct winsize size = { 0 };

    if (ioctl(tty->fd, TIOCGWINSZ, &size) != 0)
        log_warn(LOG_MODULE, "no size: %s", strerror(errno));
    *cols = size.ws_col > 0 ? MIN(size.ws_col, TERM_COLS_MAX) : 80;
    *rows = size.ws_row > 0 ? MIN(size.ws_row, TERM_ROWS_MAX) : 24;
}

void
tty_mouse(struct tty *tty, bool on)
{
    tty->mouse = on;
}

const char *
tty_take_words(struct tty *tty)
{
    if (tty->mouse == tty->mouse_told)
        return "";
    tty->mouse_told = tty->mouse;
    return tty->mouse ? mouse_on_words : mouse_off_words;
}
