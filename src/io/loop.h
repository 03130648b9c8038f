/*
 * loop.h - waits for everything, and calls whoever waits.
 *
 * One thread runs the loop and all callbacks; nothing called from it may
 * block. What can block (agents, key files, names) runs as loop_work() on a
 * worker thread. Objects may be freed from inside any callback, their own too:
 * no callback of an object comes after its free.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/macros.h"

struct loop;

struct loop *loop_new(void) MUST_CHECK;
void loop_free(struct loop *loop); /* everything made from it must be freed */

void loop_run(struct loop *loop) NONNULL(1); /* until loop_stop() */
void loop_stop(struct loop *loop) NONNULL(1);

/* One turn: what is due and ready now, without waiting. */
void loop_turn(struct loop *loop) NONNULL(1);

/*
 * How many bytes may be read now; asked before each read. Those who read in one
 * turn share LOOP_TURN_BYTES, so that a turn stays short, and a key is not
 * waited for, however many far ends print at once.
 */
#define LOOP_TURN_BYTES 32768
size_t loop_share(struct loop *loop) MUST_CHECK NONNULL(1);

/* Call once, after the running callback has returned. */
void loop_later(struct loop *loop, void (*call)(void *ctx), void *ctx)
    NONNULL(1, 2);

/* A timer, one shot; waits on base/clock.h's monotonic clock. */
struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *loop, void (*call)(void *ctx),
                                  void *ctx) MUST_CHECK NONNULL(1, 2);
void loop_timer_set(struct loop_timer *timer, uint64_t after_us) NONNULL(1);
void loop_timer_set_at(struct loop_timer *timer, uint64_t now_us) NONNULL(1);
void loop_timer_stop(struct loop_timer *timer) NONNULL(1);
bool loop_timer_is_set(const struct loop_timer *timer) NONNULL(1);
void loop_timer_free(struct loop_timer *timer);

/* A file descriptor, which stays the caller's. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_fd;
struct loop_fd *loop_fd_new(struct loop *loop, int fd,
                            void (*call)(void *ctx, int ready),
                            void *ctx) MUST_CHECK NONNULL(1, 3);
void loop_fd_want(struct loop_fd *watch, int events) NONNULL(1);
void loop_fd_free(struct loop_fd *watch); /* before the fd is closed */

/* A signal, delivered in the loop. */
struct loop_signal;
struct loop_signal *loop_signal_new(struct loop *loop, int signum,
                                    void (*call)(void *ctx, int signum),
                                    void *ctx) MUST_CHECK NONNULL(1, 3);
void loop_signal_free(struct loop_signal *watch);

/*
 * A child process that the caller forked. exited() comes once, with waitpid's
 * status; the child is reaped even if the watch is freed before.
 */
struct loop_child;
struct loop_child *loop_child_new(struct loop *loop, pid_t pid,
                                  void (*exited)(void *ctx, int status),
                                  void *ctx) MUST_CHECK NONNULL(1, 3);
void loop_child_free(struct loop_child *child);

/*
 * Work on another thread: run() there, then done() in the loop. Freed before
 * it is done, run() still ends in its own time, and then release() is called
 * in the loop instead of done(); ctx must live until one of the two.
 */
struct loop_work;
struct loop_work_calls {
    void (*run)(void *ctx);
    void (*done)(void *ctx);
    void (*release)(void *ctx);
};
struct loop_work *loop_work_new(struct loop *loop,
                                const struct loop_work_calls *calls,
                                void *ctx) MUST_CHECK NONNULL(1, 2);
void loop_work_free(struct loop_work *work);

#endif
