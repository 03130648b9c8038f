/*
 * tty.h - the terminal miglab runs on: taken over, and given back on every
 * exit.
 *
 * Modes are set by us, not by ncurses. Whatever ends the program - a return,
 * a signal, a crash, KILL - the terminal is as it was before: one function of
 * async-signal-safe calls, bounded in time, does it for all of them; for KILL,
 * a process of its own.
 * Source of the sequences: xterm's ctlseqs, tried on ncurses 6.4.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_TTY_H
#define UI_TTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

struct tty;

/*
 * Take over the terminal of standard input; there can be one at a time.
 * ERR_SYS when standard input or output is none. From here on it is raw, and
 * SEGV, BUS, ABRT, ILL and FPE give it back before they kill. TERM, INT, HUP,
 * TSTP, CONT and WINCH are the caller's, through the loop.
 */
struct tty *tty_open(struct err *err) MUST_CHECK NONNULL(1);
void tty_close(struct tty *tty); /* gives it back; NULL is fine */

/* Non-blocking, ours alone; for reading keys and writing frames. */
int tty_fd(const struct tty *tty) NONNULL(1);

/* Its size now; 80x24 when it does not say. */
void tty_size(const struct tty *tty, uint16_t *cols, uint16_t *rows)
    NONNULL(1, 2, 3);

/* SIGTSTP came: give it back and stop; returns once we go on, taken again. */
void tty_suspend(struct tty *tty) NONNULL(1);
/*
 * SIGCONT came: take it again when we are in the foreground. What it shows is
 * not known after that, nor after tty_suspend(): screen_repaint().
 */
void tty_resume(struct tty *tty) NONNULL(1);

/* False while we are stopped or in the background: nothing may be written. */
bool tty_is_ours(const struct tty *tty) NONNULL(1);

/* Report the mouse or not, from the next frame on; off at first. */
void tty_mouse(struct tty *tty, bool on) NONNULL(1);

/*
 * What is to be sent for that, once; "" when nothing. For who writes frames:
 * only between two of them it cuts no sequence.
 */
const char *tty_take_words(struct tty *tty) MUST_CHECK NONNULL(1);

#endif
