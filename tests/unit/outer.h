/*
 * outer.h - whether bytes for the terminal that miglab runs on are miglab's.
 *
 * A strict parser of all that tty.c and ncurses may write for the terminals
 * that the tests use: whatever else comes, came from a guest. Text holds no
 * control, and none of those characters that turn the direction of others.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_OUTER_H
#define TESTS_OUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum outer_state {
    OUTER_GROUND,
    OUTER_ESCAPE,
    OUTER_INTER, /* behind ESC ( or ESC ) */
    OUTER_CSI,
    OUTER_RUNE, /* inside a character of several bytes */
};

#define OUTER_SEQUENCE_MAX 64

struct outer {
    enum outer_state state;
    bool shared; /* somebody else writes, too, while it is not taken */
    bool taken;  /* between our entering the alternate screen and leaving it */
    bool cancelled;                /* CAN came last */
    char inter;                    /* of OUTER_INTER */
    uint32_t rune;                 /* what there is of it, */
    int rest;                      /* and how many bytes are to come */
    char seen[OUTER_SEQUENCE_MAX]; /* the sequence at hand */
    size_t seen_len;
    size_t asked; /* bytes of a question that may be coming */
    uint64_t bytes, sequences, runes, takes;
    char wrong[160]; /* what the first one is that is not ours; "": none */
};

void outer_init(struct outer *outer, bool shared);
void outer_feed(struct outer *outer, const void *bytes, size_t len);

/*
 * What a test itself asks the terminal, to know that it has read all that came
 * before. outer_feed_asked() leaves it out, wherever it stands and is cut.
 */
#define OUTER_QUESTION "\033[5n"
void outer_feed_asked(struct outer *outer, const void *bytes, size_t len);

#endif
