/*
 * ear.h - for tests of src/io: run the loop until something, hear a link.
 *
 * Nothing sleeps: every wait ends with an event or fails at its deadline.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_EAR_H
#define TESTS_EAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "io/link.h"
#include "io/loop.h"

/* Longer than anything that works ever takes, also under valgrind. */
#define WAIT_MS 60000

/* Run the loop until it is met; false when ms passed before. Whoever changes
 * what met() looks at calls loop_stop(). */
bool wait_until(struct loop *loop, bool (*met)(void *ctx), void *ctx,
                unsigned ms);

bool wait_readable(struct loop *loop, int fd);

/* Run the loop for a few turns, to see that nothing comes any more. */
void run_turns(struct loop *loop);

size_t count_fds(void);

/* Who receives what a link reports, and makes sure that the rules are kept. */
struct ear {
    struct loop *loop;
    struct link *link;
    struct buf data;
    enum link_state states[64]; /* as told, in order */
    size_t states_len;
    size_t states_seen; /* by ear_wait_state() */
    struct err reason;  /* of the last state */
    int exit_status;
    bool calling; /* a link_ function runs: no callback may come */
    bool paused;  /* no data may come */
    /* Free the link in its nth callback, counted from 1; 0: never. */
    unsigned free_at, callbacks;
};

void ear_open(struct ear *ear, struct loop *loop, const struct link_spec *spec);
void ear_close(struct ear *ear); /* frees the link, if nobody has */

bool ear_wait_state(struct ear *ear, enum link_state state);
bool ear_wait_states(struct ear *ear, size_t len); /* as many were told */
bool ear_wait_text(struct ear *ear, const char *text);
bool ear_wait_len(struct ear *ear, size_t len);

/* Drop all data up to the end of the line that contains text. */
void ear_drop_line(struct ear *ear, const char *text);

/* Write all, waiting for the far end to read where it must. */
bool ear_write(struct ear *ear, const void *bytes, size_t len);

#endif
