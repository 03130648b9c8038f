/*
 * loop.c - the event loop, on libuv.
 *
 * libuv closes its handles in a later turn, so each object here is freed in
 * uv_close()'s callback. Timers are our own list over one uv_timer_t: they
 * must wait on base/clock.h, which a test replaces, and uv_now() cannot be.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <utlist.h>
#include <uv.h>

#include "base/clock.h"
#include "base/macros.h"
#include "base/xalloc.h"

struct later {
    void (*call)(void *ctx);
    void *ctx;
    struct later *next, *prev;
};

struct loop {
    uv_loop_t uv;
    uv_timer_t clock;    /* set to the first timer's time */
    uv_idle_t idle;      /* runs while something is to be done later */
    uv_idle_t due;       /* runs when the first timer is due already */
    uv_signal_t sigchld; /* runs while there are children */
    uv_check_t turn;     /* ends each turn */
    unsigned readers, readers_before; /* of this turn, of the one before */
    struct loop_timer *timers;        /* those that are set, soonest first */
    unsigned round;                   /* of calling those that are due */
    struct later *later;              /* oldest first */
    struct loop_child *children;      /* until they are reaped */
};

struct loop_timer {
    struct loop *loop;
    void (*call)(void *ctx);
    void *ctx;
    uint64_t at_us;
    unsigned round; /* in which it was set */
    bool set;
    struct loop_timer *next, *prev;
};

struct loop_fd {
    uv_poll_t uv; /* first: uv_close gives it back to us */
    void (*call)(void *ctx, int ready);
    void *ctx;
    int events;
    bool dead;
};

struct loop_signal {
    uv_signal_t uv; /* first, as above */
    void (*call)(void *ctx, int signum);
    void *ctx;
};

struct loop_child {
    struct loop *loop;
    pid_t pid;
    void (*exited)(void *ctx, int status); /* NULL once the watch is freed */
    void *ctx;
    struct loop_child *next, *prev;
};

struct loop_work {
    uv_work_t uv; /* first, as above */
    struct loop_work_calls calls;
    void *ctx;
    bool freed;
};

static struct loop_timer *
first_due(const struct loop *loop, uint64_t now)
{
    struct loop_timer *timer;

    DL_FOREACH (loop->timers, timer) {
        if (timer->at_us > now)
            return NULL;
        if (timer->round != loop->round)
            return timer;
    }
    return NULL;
}

/* One set by a callback waits for the next turn, also when that was quick. */
static void
run_due_timers(struct loop *loop)
{
    uint64_t now = clock_now_us();
    struct loop_timer *timer;

    loop->round++;
    while ((timer = first_due(loop, now)) != NULL) {
        loop_timer_stop(timer);
        timer->call(timer->ctx);
    }
}

static void on_clock(uv_timer_t *handle);
static void on_due(uv_idle_t *handle);

/*
 * What is due already waits for the next turn, so that a timer of no time which
 * sets itself again lets descriptors have theirs: libuv before 1.45 would call
 * it again and again before it looks at one.
 */
static void
arm_clock(struct loop *loop)
{
    uint64_t now = clock_now_us();

    uv_timer_stop(&loop->clock);
    uv_idle_stop(&loop->due);
    if (loop->timers == NULL)
        return;
    if (loop->timers->at_us <= now) {
        uv_idle_start(&loop->due, on_due);
        return;
    }
    uv_update_time(&loop->uv);
    uv_timer_start(&loop->clock, on_clock,
                   (loop->timers->at_us - now + 999) / 1000, 0);
}

static void
on_due(uv_idle_t *handle)
{
    struct loop *loop = handle->data;

    run_due_timers(loop);
    arm_clock(loop);
}

static void
on_clock(uv_timer_t *handle)
{
    struct loop *loop = handle->data;

    run_due_timers(loop);
    arm_clock(loop);
}

static void
run_later(struct loop *loop)
{
    struct later *todo = loop->later;

    loop->later = NULL; /* what these add is for the next turn */
    while (todo != NULL) {
        struct later *one = todo;

        DL_DELETE(todo, one);
        one->call(one->ctx);
        free(one);
    }
    if (loop->later == NULL)
        uv_idle_stop(&loop->idle);
}

static void
on_idle(uv_idle_t *handle)
{
    run_later(handle->data);
}

static void
on_turn(uv_check_t *handle)
{
    struct loop *loop = handle->data;

    loop->readers_before = loop->readers;
    loop->readers = 0;
}

size_t
loop_share(struct loop *loop)
{
    loop->readers++;
    return MAX(LOOP_TURN_BYTES / MAX(loop->readers_before, 1), 1);
}

struct loop *
loop_new(void)
{
    struct loop *loop = xcalloc(1, sizeof *loop);

    if (uv_loop_init(&loop->uv) != 0 ||
        uv_timer_init(&loop->uv, &loop->clock) != 0 ||
        uv_idle_init(&loop->uv, &loop->idle) != 0 ||
        uv_idle_init(&loop->uv, &loop->due) != 0 ||
        uv_signal_init(&loop->uv, &loop->sigchld) != 0 ||
        uv_check_init(&loop->uv, &loop->turn) != 0)
        xalloc_die(); /* no epoll, no memory: nothing can run */
    loop->clock.data = loop;
    loop->idle.data = loop;
    loop->due.data = loop;
    loop->sigchld.data = loop;
    loop->turn.data = loop;
    uv_check_start(&loop->turn, on_turn);
    uv_unref((uv_handle_t *)&loop->turn); /* nobody waits for it */
    return loop;
}

void
loop_free(struct loop *loop)
{
    struct later *one, *next;
    struct loop_child *child, *next_child;

    if (loop == NULL)
        return;
    DL_FOREACH_SAFE (loop->later, one, next)
        free(one);
    DL_FOREACH_SAFE (loop->children, child, next_child)
        free(child);
    uv_close((uv_handle_t *)&loop->clock, NULL);
    uv_close((uv_handle_t *)&loop->idle, NULL);
    uv_close((uv_handle_t *)&loop->due, NULL);
    uv_close((uv_handle_t *)&loop->sigchld, NULL);
    uv_close((uv_handle_t *)&loop->turn, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT); /* the closing callbacks free */
    BUG_ON(uv_loop_close(&loop->uv) != 0);
    free(loop);
}

void
loop_run(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct loop *loop)
{
    uv_stop(&loop->uv);
}

void
loop_turn(struct loop *loop)
{
    run_due_timers(loop);
    arm_clock(loop);
    uv_run(&loop->uv, UV_RUN_NOWAIT);
}

void
loop_later(struct loop *loop, void (*call)(void *ctx), void *ctx)
{
    struct later *one = xcalloc(1, sizeof *one);

    one->call = call;
    one->ctx = ctx;
    DL_APPEND(loop->later, one);
    uv_idle_start(&loop->idle, on_idle);
}

struct loop_timer *
loop_timer_new(struct loop *loop, void (*call)(void *ctx), void *ctx)
{
    struct loop_timer *timer = xcalloc(1, sizeof *timer);

    timer->loop = loop;
    timer->call = call;
    timer->ctx = ctx;
    return timer;
}

void
loop_timer_set_at(struct loop_timer *timer, uint64_t now_us)
{
    struct loop *loop = timer->loop;
    struct loop_timer *after;

    if (timer->set)
        DL_DELETE(loop->timers, timer);
    timer->at_us = now_us;
    timer->round = loop->round;
    timer->set = true;
    DL_FOREACH (loop->timers, after)
        if (after->at_us > now_us)
            break;
    if (after != NULL)
        DL_PREPEND_ELEM(loop->timers, after, timer);
    else
        DL_APPEND(loop->timers, timer);
    if (loop->timers == timer)
        arm_clock(loop);
}

void
loop_timer_set(struct loop_timer *timer, uint64_t after_us)
{
    loop_timer_set_at(timer, clock_now_us() + after_us);
}

void
loop_timer_stop(struct loop_timer *timer)
{
    if (!timer->set)
        return;
    DL_DELETE(timer->loop->timers, timer);
    timer->set = false;
    if (timer->loop->timers == NULL)
        arm_clock(timer->loop); /* nothing to wake up for */
}

bool
loop_timer_is_set(const struct loop_timer *timer)
{
    return timer->set;
}

void
loop_timer_free(struct loop_timer *timer)
{
    if (timer == NULL)
        return;
    loop_timer_stop(timer);
    free(timer);
}

static void
on_poll(uv_poll_t *handle, int status, int events)
{
    struct loop_fd *watch = (struct loop_fd *)handle;
    int ready = 0;

    if (watch->dead)
        return;
    if (events & (UV_READABLE | UV_DISCONNECT))
        ready |= LOOP_READ;
    if (events & UV_WRITABLE)
        ready |= LOOP_WRITE;
    if (status < 0) {
        /*
         * libuv stops at an error, but bytes may still be there before it.
         * The owner learns what is wrong by its own calls.
         */
        ready = watch->events;
        watch->events = 0;
        loop_fd_want(watch, ready);
    }
    watch->call(watch->ctx, ready);
}

struct loop_fd *
loop_fd_new(struct loop *loop, int fd, void (*call)(void *ctx, int ready),
            void *ctx)
{
    struct loop_fd *watch = xcalloc(1, sizeof *watch);

    if (uv_poll_init(&loop->uv, &watch->uv, fd) != 0)
        xalloc_die(); /* a fd that cannot be polled: a file, a bug of ours */
    watch->call = call;
    watch->ctx = ctx;
    return watch;
}

void
loop_fd_want(struct loop_fd *watch, int events)
{
    int uv_events = 0;

    if (watch->events == events)
        return;
    watch->events = events;
    if (events & LOOP_READ)
        uv_events |= UV_READABLE;
    if (events & LOOP_WRITE)
        uv_events |= UV_WRITABLE;
    if (uv_events == 0)
        uv_poll_stop(&watch->uv);
    else
        uv_poll_start(&watch->uv, uv_events, on_poll);
}

static void
free_handle(uv_handle_t *handle)
{
    free(handle);
}

void
loop_fd_free(struct loop_fd *watch)
{
    if (watch == NULL)
        return;
    watch->dead = true;
    uv_poll_stop(&watch->uv); /* now, not in a later turn: fd may be closed */
    uv_close((uv_handle_t *)&watch->uv, free_handle);
}

static void
on_signal(uv_signal_t *handle, int signum)
{
    struct loop_signal *watch = (struct loop_signal *)handle;

    watch->call(watch->ctx, signum);
}

struct loop_signal *
loop_signal_new(struct loop *loop, int signum,
                void (*call)(void *ctx, int signum), void *ctx)
{
    struct loop_signal *watch = xcalloc(1, sizeof *watch);

    if (uv_signal_init(&loop->uv, &watch->uv) != 0 ||
        uv_signal_start(&watch->uv, on_signal, signum) != 0)
        xalloc_die();
    uv_unref((uv_handle_t *)&watch->uv);
    watch->call = call;
    watch->ctx = ctx;
    return watch;
}

void
loop_signal_free(struct loop_signal *watch)
{
    if (watch == NULL)
        return;
    uv_signal_stop(&watch->uv);
    uv_close((uv_handle_t *)&watch->uv, free_handle);
}

/* Only our own children are waited for: a library may have some too. */
static void
on_sigchld(uv_signal_t *handle, int signum)
{
    struct loop *loop = handle->data;
    struct loop_child *child, *next;
    int status;

    (void)signum;
    DL_FOREACH_SAFE (loop->children, child, next) {
        pid_t pid = waitpid(child->pid, &status, WNOHANG);

        if (pid == 0 || (pid < 0 && errno == EINTR))
            continue;
        DL_DELETE(loop->children, child);
        if (loop->children == NULL)
            uv_signal_stop(&loop->sigchld);
        if (child->exited != NULL)
            child->exited(child->ctx, pid < 0 ? 0 : status);
        free(child);
        /* exited() may have freed the next: look at the list anew. */
        next = loop->children;
    }
}

static void
look_for_exits(void *ctx)
{
    struct loop *loop = ctx;

    on_sigchld(&loop->sigchld, SIGCHLD);
}

struct loop_child *
loop_child_new(struct loop *loop, pid_t pid,
               void (*exited)(void *ctx, int status), void *ctx)
{
    struct loop_child *child = xcalloc(1, sizeof *child);

    child->loop = loop;
    child->pid = pid;
    child->exited = exited;
    child->ctx = ctx;
    if (loop->children == NULL)
        uv_signal_start(&loop->sigchld, on_sigchld, SIGCHLD);
    DL_APPEND(loop->children, child);
    loop_later(loop, look_for_exits, loop); /* it may be dead already */
    return child;
}

void
loop_child_free(struct loop_child *child)
{
    if (child != NULL)
        child->exited = NULL; /* on_sigchld() frees it once it is reaped */
}

static void
on_work(uv_work_t *request)
{
    struct loop_work *work = (struct loop_work *)request;

    work->calls.run(work->ctx);
}

static void
on_work_done(uv_work_t *request, int status)
{
    struct loop_work *work = (struct loop_work *)request;

    (void)status;
    if (work->freed)
        work->calls.release(work->ctx);
    else
        work->calls.done(work->ctx);
    free(work);
}

struct loop_work *
loop_work_new(struct loop *loop, const struct loop_work_calls *calls, void *ctx)
{
    struct loop_work *work = xcalloc(1, sizeof *work);

    work->calls = *calls;
    work->ctx = ctx;
    if (uv_queue_work(&loop->uv, &work->uv, on_work, on_work_done) != 0)
        xalloc_die();
    return work;
}

void
loop_work_free(struct loop_work *work)
{
    if (work != NULL)
        work->freed = true; /* on_work_done() frees it */
}
