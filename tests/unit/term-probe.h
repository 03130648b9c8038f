/* term-probe.h - a terminal whose events are kept, for tests to look at. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_TERM_PROBE_H
#define TESTS_TERM_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "term/term.h"

#define PROBE_NONCE "7f3a"

/* One character a tag in front of each line of .events: see probe_init(). */
struct probe {
    struct term *term;
    struct buf events; /* "output: text\n", "echo: ...", "mark: D 0\n" */
    struct buf places; /* "at_us row\n" of each event, in the same order */
    struct buf replies;
    size_t lines[3]; /* how many, by tag */
};

/* A terminal of this size that answers, with PROBE_NONCE and 1000 rows. */
void probe_init(struct probe *probe, uint16_t cols, uint16_t rows);
void probe_fini(struct probe *probe);

/* A C string, through the UTF-8 gate, at a time. */
void probe_feed(struct probe *probe, uint64_t at_us, const char *text);
void probe_feed_bytes(struct probe *probe, uint64_t at_us, const void *bytes,
                      size_t len);

/* The screen as text, blank lines at its end cut; borrowed until the next. */
const char *probe_screen(struct probe *probe);

/* The cell at a place of the screen. */
struct term_cell probe_cell(const struct probe *probe, int row, int col);

/* Everything there is to see, to compare two of them: cells, cursor, modes. */
uint64_t probe_hash(const struct probe *probe);

/* What must hold of any terminal at any time; aborts when it does not. */
void probe_check(const struct probe *probe);

/* A stream that is likely to find something; bytes of out are valid UTF-8. */
void probe_stream(uint64_t *seed, size_t tokens, struct buf *out);

/* xorshift64*: the next number of a seed that is not 0. */
uint64_t probe_random(uint64_t *seed);

#endif
