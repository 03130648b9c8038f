/*
 * dialog.h - what goes on in a console: programs, prompts, echo, output.
 *
 * A dialog turns the bytes of one console into an emulated screen, lines
 * tagged output, echo or repaint, and prompts; it knows the stack of programs
 * that run there (bash > ssh > bash > screen > tcpdump). It has no clock and
 * no link: the same bytes and events with the same times give the same
 * answers, live and from a recording.
 *
 * A prompt is known in two ways. In a shell that was set up (shell.h) marks
 * with the run's nonce say exactly where a command starts and ends, and its
 * status. Any other program is at its prompt when the line up to the cursor
 * matches and nothing came for a short while; the status is then unknown.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONSOLE_DIALOG_H
#define CONSOLE_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/line.h"

struct dialog;
struct program;
struct term;

/* Who is told; called only from dialog_ functions that take a time. */
struct dialog_sink {
    void (*line)(void *ctx, const struct line_event *line);
    /* The submitted command was echoed: what follows is its output. */
    void (*echoed)(void *ctx, uint64_t at_us);
    /*
     * A prompt is there: program's. status: of the last command, -1 unknown.
     * ended: the program that ended unasked and so brought it, or NULL.
     */
    void (*prompt)(void *ctx, uint64_t at_us, const struct program *program,
                   int status, const struct program *ended);
    /*
     * A shell without marks is at its prompt: whoever wants marks sets it up
     * and calls dialog_set_up(). Else dialog_plain() takes it as it is.
     */
    void (*bare_shell)(void *ctx, uint64_t at_us, unsigned level);
    /* The emulation's answers to the far end; NULL: it gives none. */
    void (*reply)(void *ctx, const uint8_t *bytes, size_t len);
    void *ctx;
};

struct dialog_spec {
    uint16_t cols, rows;
    uint32_t history_rows;
    const char *nonce;             /* of the run; NULL: no marks */
    const struct program *program; /* what runs in it from the start */
    bool marked;                   /* it is a shell that sets itself up */
};

struct dialog *dialog_new(const struct dialog_spec *spec,
                          const struct dialog_sink *sink) MUST_CHECK
    NONNULL(1, 2);
void dialog_free(struct dialog *dialog);

/* Bytes of the far end, valid UTF-8. */
void dialog_bytes(struct dialog *dialog, uint64_t at_us, const uint8_t *bytes,
                  size_t len) NONNULL(1, 3);
/* Nothing came until at_us. */
void dialog_quiet(struct dialog *dialog, uint64_t at_us) NONNULL(1);
/* When dialog_quiet() would change something; 0: never. */
uint64_t dialog_due_us(const struct dialog *dialog) NONNULL(1);

/* A line was typed, with Enter behind it. */
void dialog_submitted(struct dialog *dialog, uint64_t at_us, const char *text)
    NONNULL(1, 3);
/* Keys were pressed; what they do is not known. */
void dialog_pressed(struct dialog *dialog, uint64_t at_us) NONNULL(1);
/*
 * A human pressed keys; ends_line: an Enter or an interrupt is among them, so
 * that what they typed so far is on its way. Until then it is a draft, and the
 * prompt is theirs: dialog_ready() is false until the line is empty again.
 * How many bytes the line had, Enter left out, when nothing of it was echoed;
 * else 0.
 */
size_t dialog_human(struct dialog *dialog, uint64_t at_us, size_t bytes,
                    bool ends_line) NONNULL(1);
bool dialog_has_draft(const struct dialog *dialog) NONNULL(1);
/* What stands behind the prompt, as it was echoed; yours, never NULL. */
char *dialog_draft(const struct dialog *dialog) MUST_CHECK NONNULL(1);
/* Programs that now run on top of the stack, outermost first, NULL-ended. */
void dialog_entered(struct dialog *dialog,
                    const struct program *const *programs) NONNULL(1, 2);
/* Leaving this program leaves nothing: it is the console's own. */
bool dialog_is_last(const struct dialog *dialog, const char *program)
    NONNULL(1, 2);
/* This program, by name, and all above it ended; false: it is not there. */
bool dialog_left(struct dialog *dialog, const char *program) NONNULL(1, 2);

/* A shell is being set up: swallow what it shows, until at most until_us. */
void dialog_set_up(struct dialog *dialog, uint64_t at_us, uint64_t until_us)
    NONNULL(1);
/* The bare shell stays without marks. */
void dialog_plain(struct dialog *dialog, uint64_t at_us) NONNULL(1);

/* A new link to the same console: the stack as at the start. */
void dialog_restart(struct dialog *dialog, uint64_t at_us) NONNULL(1);

/* It runs there, on top or below. */
bool dialog_runs(const struct dialog *dialog, const char *program)
    NONNULL(1, 2);
/* When something last came; 0: nothing did. */
uint64_t dialog_last_us(const struct dialog *dialog) NONNULL(1);

/* The terminal has another size now. */
void dialog_resize(struct dialog *dialog, uint64_t at_us, uint16_t cols,
                   uint16_t rows) NONNULL(1);

/* What runs on top; NULL when everything ended. */
const struct program *dialog_program(const struct dialog *dialog) NONNULL(1);
/* The programs, outermost first, with " > " between; yours. */
char *dialog_describe(const struct dialog *dialog) MUST_CHECK NONNULL(1);
/* That program is proven to be at its prompt, idle, with an empty line. */
bool dialog_ready(const struct dialog *dialog) NONNULL(1);
/* The screen; borrowed. */
struct term *dialog_term(const struct dialog *dialog) NONNULL(1);

#endif
