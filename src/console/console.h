/*
 * console.h - a live link and its recording.
 *
 * Bytes that come pass the UTF-8 gate, get a stamp of the run's clock, are
 * recorded and then given on: whoever listens sees exactly what the recording
 * holds, at exactly its times. What is typed goes out here too, and nowhere
 * else; the caller tells the dialog and the journal what it typed.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "io/link.h"

struct console;
struct loop;
struct run_clock;
struct script_console;

struct console_sink {
    /* Valid UTF-8, with the stamp it has in the recording. */
    void (*bytes)(void *ctx, uint64_t at_us, const uint8_t *bytes, size_t len);
    void (*state)(void *ctx, uint64_t at_us, const struct link_status *status);
    /* The recording cannot be written any more. */
    void (*broken)(void *ctx, const struct err *why);
    void *ctx;
};

struct console_spec {
    const struct script_console *what;
    struct ssh *via;     /* its node's session, or NULL */
    const char *command; /* for its shell (shell.h), or NULL */
    struct run_clock *clock;
    int dirfd;                /* the folder for its recording; -1: none */
    uint64_t started_wall_us; /* of time 0 */
};

/* Opens the recording; the link is not connected yet. */
struct console *console_new(struct loop *loop, const struct console_spec *spec,
                            const struct console_sink *sink,
                            struct err *err) MUST_CHECK NONNULL(1, 2, 3, 4);
void console_free(struct console *console);

/* Connect; also again, once it is lost or closed. */
bool console_connect(struct console *console, struct err *err) MUST_CHECK
    NONNULL(1, 2);

/* The link was opened at least once. */
bool console_was_opened(const struct console *console) NONNULL(1);
const struct link_status *console_status(const struct console *console)
    NONNULL(1);

bool console_write(struct console *console, const uint8_t *bytes, size_t len,
                   struct err *err) MUST_CHECK NONNULL(1, 2, 4);
void console_close(struct console *console) NONNULL(1);

/* What runs there shall go on without us: see link_keep(). */
int console_keep(struct console *console) MUST_CHECK NONNULL(1);

/* Another size: the far end is told, the recording too. */
void console_resize(struct console *console, uint64_t at_us, uint16_t cols,
                    uint16_t rows) NONNULL(1);

/* A marker in the recording: a step begins. */
void console_marker(struct console *console, uint64_t at_us, const char *label)
    NONNULL(1, 3);

/* Where the recording stands now, in bytes of its file. */
uint64_t console_offset(const struct console *console) NONNULL(1);

#endif
