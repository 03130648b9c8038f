/*
 * term.h - one console's emulated terminal: bytes in, cells and lines out.
 *
 * Bytes pass the filter (only well-formed, bounded sequences), then libvterm's
 * state layer, which paints our own grid; what scrolls off the top goes to the
 * history. It has no clock of its own: every call carries the run's time, so
 * that a recording played through it gives the same events, to the last one.
 *
 * Rows have absolute numbers, from 0 for the first row of the first screen,
 * that stay with their text as it scrolls into the history. An alternate screen
 * has a history of its own, and numbers far above that no other ever gets.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_TERM_H
#define TERM_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "term/line.h"

struct term;

/* OSC 133 marks of a shell with our nonce (doc: man 5 miglab-pane). */
enum mark_kind {
    MARK_PROMPT,  /* A: the prompt begins */
    MARK_INPUT,   /* B: the prompt ends; what follows is typed */
    MARK_COMMAND, /* C: the command starts; what follows is its output */
    MARK_DONE,    /* D: it ended, with a status */
};

struct mark_event {
    uint64_t at_us;
    enum mark_kind kind;
    unsigned level; /* which shell says so: aid=NONCE-LEVEL; 0 for aid=NONCE */
    int status;     /* of MARK_DONE; -1 when none was said */
    uint64_t row;   /* absolute row of the cursor */
};

/* Who receives; called only from inside term_ functions that take a time. */
struct term_sink {
    void (*line)(void *ctx, const struct line_event *line);
    void (*mark)(void *ctx, const struct mark_event *mark);
    /* Bytes the emulation answers to the far end; NULL: it never answers. */
    void (*reply)(void *ctx, const uint8_t *bytes, size_t len);
    void *ctx;
};

#define TERM_COLS_MIN 2
#define TERM_ROWS_MIN 2
#define TERM_COLS_MAX 1000
#define TERM_ROWS_MAX 500

struct term_spec {
    uint16_t cols, rows;   /* clamped to the bounds above */
    uint32_t history_rows; /* kept of what scrolled off */
    const char *nonce;     /* marks count only with this aid; NULL: none do */
};

struct term *term_new(const struct term_spec *spec,
                      const struct term_sink *sink) MUST_CHECK NONNULL(1, 2);
void term_free(struct term *term);

/* bytes are valid UTF-8 and whole characters (base/utf8.h's gate). */
void term_feed(struct term *term, uint64_t at_us, const uint8_t *bytes,
               size_t len) NONNULL(1, 3);

/*
 * Nothing came until at_us. Ends a repaint after TERM_REPAINT_SILENCE_US.
 * term_feed() does the same first for the time up to its own.
 */
#define TERM_REPAINT_SILENCE_US 40000
#define TERM_REPAINT_MAX_US     2000000 /* a stream without any silence */
void term_quiet(struct term *term, uint64_t at_us) NONNULL(1);

/* When term_quiet() would change something; 0: never. */
uint64_t term_due_us(const struct term *term) NONNULL(1);

/*
 * What comes from now on repaints, until the first silence, or until a shell's
 * mark says where its prompt ended or its command starts: only what is printed
 * anew carries marks, no program that redraws its screen repeats them.
 */
void term_repaint(struct term *term, uint64_t at_us) NONNULL(1);
bool term_is_repainting(const struct term *term) NONNULL(1);

/* Somebody above knows that it is over: a prompt is there. */
void term_repaint_over(struct term *term) NONNULL(1);

/*
 * Show nothing of what comes until the next mark with the nonce, at most until
 * the time given: miglab sets up a shell. Swallowed text is lost, by intent;
 * so is the line the cursor stands in, when the mark comes: its prompt is
 * printed again.
 */
void term_swallow(struct term *term, uint64_t until_us) NONNULL(1);
bool term_is_swallowing(const struct term *term) NONNULL(1);

void term_resize(struct term *term, uint64_t at_us, uint16_t cols,
                 uint16_t rows) NONNULL(1);

/*
 * The logical line the cursor stands in, from its start to the cursor, into
 * text (cleared first): what a prompt is looked for in. row: its first row.
 */
void term_cursor_line(const struct term *term, struct buf *text, uint64_t *row)
    NONNULL(1, 2, 3);

/* The size, and where the cursor is, from 0; visible as the program wants. */
struct term_cursor {
    uint16_t col, row;
    bool visible;
};
void term_size(const struct term *term, uint16_t *cols, uint16_t *rows)
    NONNULL(1, 2, 3);
struct term_cursor term_cursor(const struct term *term) NONNULL(1);

/* A colour: 0 default, 1<<24 | index (0-255), 2<<24 | 0xRRGGBB. */
enum { TERM_COLOR_INDEX = 1 << 24, TERM_COLOR_RGB = 2 << 24 };
enum {
    TERM_BOLD = 1,
    TERM_ITALIC = 2,
    TERM_UNDERLINE = 4,
    TERM_BLINK = 8,
    TERM_REVERSE = 16,
    TERM_STRIKE = 32,
};
#define TERM_MARKS_MAX 4 /* combining characters kept behind one */
struct term_cell {
    uint32_t rune; /* ' ' where nothing was; 0: right half of a wide one */
    uint32_t combining[TERM_MARKS_MAX]; /* 0-ended unless full */
    uint32_t fg, bg;
    uint16_t attrs;
    uint8_t width; /* 1 or 2; 0: right half */
};

/*
 * One row, by absolute number, as cols cells. False when it is not there any
 * more or not yet. wrapped: the next row continues it.
 */
bool term_row(const struct term *term, uint64_t row, struct term_cell *cells,
              uint16_t cols, bool *wrapped) NONNULL(1, 3);

/* The first row of the screen, and the oldest still in the history. */
uint64_t term_screen_top(const struct term *term) NONNULL(1);
uint64_t term_history_top(const struct term *term) NONNULL(1);

/* The screen as text, a line a row, blanks at the ends cut. For messages. */
void term_screen_text(const struct term *term, struct buf *text) NONNULL(1, 2);

/* Modes that change what keys and pastes send (term/keys.h). */
struct term_modes {
    bool application_cursor; /* DECCKM */
    bool application_keypad; /* DECKPAM */
    bool bracketed_paste;
    bool alternate_screen;
    uint8_t mouse;  /* 0 none, 1 click, 2 drag, 3 move */
    bool mouse_sgr; /* how it is coded: term/mouse.h */
};
struct term_modes term_modes(const struct term *term) NONNULL(1);

#endif
