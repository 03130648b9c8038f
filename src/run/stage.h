/*
 * stage.h - the live side of a run: sessions, consoles, journal, hearing.
 *
 * It connects consoles, types into them, runs probes, records each of these
 * in the journal before or as it happens, and feeds the hearing. It decides
 * nothing: tasks and the runner do.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_STAGE_H
#define RUN_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "io/link.h"

struct action;
struct command;
struct command_result;
struct console;
struct hearing;
struct journal;
struct lab_node;
struct loop;
struct program;
struct record;
struct run_clock;
struct script;
struct script_console;
struct stage;

struct stage_spec {
    struct loop *loop;
    const struct script *script;
    struct journal *journal;
    struct run_clock *clock;
    const char *nonce;  /* of the shells' marks */
    const char *run_id; /* in the environment of what the shells start */
    int panes_dirfd;    /* for recordings; -1: none */
    uint64_t started_wall_us;
};

struct stage_sink {
    /* Something happened; look at the trials. Never from inside a call. */
    void (*progress)(void *ctx, uint64_t at_us);
    /* A console's link was lost by the lab or by us. */
    void (*lost)(void *ctx, const struct script_console *console,
                 const char *reason);
    /* A program of a console that is the lab's own ended unasked; NULL:
     * nobody asks. */
    void (*ended)(void *ctx, const struct script_console *console,
                  const struct program *program);
    /* The journal or a recording cannot be written: the run must end. */
    void (*broken)(void *ctx, const struct err *why);
    void *ctx;
};

struct stage *stage_new(const struct stage_spec *spec,
                        const struct stage_sink *sink) MUST_CHECK NONNULL(1, 2);
void stage_free(struct stage *stage);

struct hearing *stage_hearing(const struct stage *stage) NONNULL(1);
struct loop *stage_loop(const struct stage *stage) NONNULL(1);

/* A stamp of the run's clock. */
uint64_t stage_now(struct stage *stage) NONNULL(1);

/* Write a record that happened at at_us (a stamp); takes it. */
void stage_record(struct stage *stage, struct record *record, uint64_t at_us)
    NONNULL(1, 2);

/* The journal or a recording could not be written: nothing is proven now. */
bool stage_is_broken(const struct stage *stage) NONNULL(1);

/* On the disk; at the end of a step. */
void stage_sync(struct stage *stage) NONNULL(1);

/* After the hearing was told something: see that its next time is waited for.
 */
void stage_wait(struct stage *stage) NONNULL(1);

/* Open a console's link unless it is up or on its way. */
void stage_connect(struct stage *stage, const struct script_console *console)
    NONNULL(1, 2);
/* Its link was up at least once. */
bool stage_was_up(const struct stage *stage,
                  const struct script_console *console) NONNULL(1, 2);
const struct link_status *stage_status(const struct stage *stage,
                                       const struct script_console *console)
    NONNULL(1, 2);

/*
 * Type an action's command (and Enter), or press its keys; `where` tells the
 * journal which action. False and err when the link does not take it.
 */
bool stage_type(struct stage *stage, const struct action *action,
                const char *where, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 4);

/* Press keys that no action names: a nudge. */
bool stage_press(struct stage *stage, const struct script_console *console,
                 const char *keys, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 4);

/*
 * A human's bytes for a console, as they pressed them. The journal gets how
 * many, and what of a line was echoed when they send it off: what a program
 * does not show, such as a password, is nowhere.
 */
bool stage_human(struct stage *stage, const struct script_console *console,
                 const uint8_t *bytes, size_t len, struct err *err) MUST_CHECK
    NONNULL(1, 2, 3, 5);

/* Give a console another size; journalled. */
void stage_resize(struct stage *stage, const struct script_console *console,
                  uint16_t cols, uint16_t rows) NONNULL(1, 2);

/* Run text on a node, in its folder; as command_new(). */
struct command *stage_command(struct stage *stage, const struct lab_node *node,
                              const char *text, uint32_t timeout_ms,
                              void (*done)(void *ctx,
                                           const struct command_result *result),
                              void *ctx) MUST_CHECK NONNULL(1, 2, 3, 5);

/* Put a step's name into every recording. */
void stage_marker(struct stage *stage, uint64_t at_us, const char *label)
    NONNULL(1, 3);

/* Where a console's recording stands, in bytes of its file. */
uint64_t stage_offset(const struct stage *stage,
                      const struct script_console *console) NONNULL(1, 2);

/*
 * What runs in the consoles shall go on without us: the descriptors that
 * somebody must hold open, yours, as is the array. Then only stage_free() and
 * what is recorded.
 */
size_t stage_keep(struct stage *stage, int **fds) MUST_CHECK NONNULL(1, 2);

/* Close all links; what the runs of teardown do last. */
void stage_close_consoles(struct stage *stage) NONNULL(1);

#endif
