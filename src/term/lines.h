/*
 * lines.h - when a line is finished, and whether it is news.
 *
 * The cursor's logical line is the only one that can be unfinished: whoever
 * moves the cursor off it calls lines_finish() first. It has news when
 * something was printed on it since its last event; a line without news that
 * is left again is silent, so that no text is told twice.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_LINES_H
#define TERM_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "term/grid.h"
#include "term/term.h"

/* What was printed on the cursor's line since its last event. */
enum news { NEWS_NONE, NEWS_OLD /* only repainted */, NEWS_PRINTED };

/* Why what is printed now is old news, the stronger reason last. */
enum repaint {
    REPAINT_NO,        /* it is none */
    REPAINT_ALTERNATE, /* a program took the alternate screen */
    REPAINT_TOLD,      /* a resize, or somebody above knows */
};

struct lines {
    struct term_sink sink;
    uint64_t now_us;
    enum repaint repaint;
    uint64_t repaint_us; /* when it began */
    uint64_t byte_us;    /* the last byte of it */
    bool input;          /* behind a prompt's end: what is typed stands here */
    /*
     * The cursor's line was printed from its first column on, and not left
     * since: so its wraps are its own, and none is left over from another line
     * that stood in these rows before.
     */
    bool begun;
    enum news news;
    enum news main_news; /* kept while the alternate screen is shown */
    struct buf text;
};

void lines_init(struct lines *lines, const struct term_sink *sink)
    NONNULL(1, 2);
void lines_fini(struct lines *lines) NONNULL(1);

/* It is at_us, and nothing came since the last call. Time only goes forward. */
void lines_quiet(struct lines *lines, uint64_t at_us) NONNULL(1);

/* Bytes come now: they prolong a repaint. */
void lines_bytes(struct lines *lines) NONNULL(1);

/* When lines_quiet() would end a repaint; 0: none runs. */
uint64_t lines_due_us(const struct lines *lines) NONNULL(1);

/* What comes from now on repaints. */
void lines_repaint(struct lines *lines, enum repaint why) NONNULL(1);

/* What comes from now on is news, whatever the reason of a repaint was. */
void lines_repaint_over(struct lines *lines) NONNULL(1);

/*
 * The alternate screen was left. What it made a program repaint is over: the
 * main screen is restored by us, so whatever is printed on it is news.
 */
void lines_left_alternate(struct lines *lines) NONNULL(1);

/* Something was printed on the cursor's line. */
void lines_printed(struct lines *lines) NONNULL(1);

/* The cursor leaves the line of row y; by a linefeed an empty one tells too. */
enum leave { LEAVE_LINEFEED, LEAVE_MOVE };
void lines_finish(struct lines *lines, const struct grid *grid, int y,
                  enum leave how) NONNULL(1, 2);

#endif
