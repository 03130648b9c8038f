/*
 * filter.h - bytes from a link become text, controls and whole sequences.
 *
 * The first thing that hostile output meets, and the only parser that sees it:
 * behind it nothing is unbounded, unfinished or unknown. What is longer, or
 * of a kind that no program here needs (DCS, APC, PM, SOS, OSC but for our
 * marks, C1 controls), is dropped whole, in constant memory.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_FILTER_H
#define TERM_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "term/term.h"

#define CSI_PARAMS_MAX 15   /* libvterm writes past its array of 16 */
#define CSI_DIGITS_MAX 4    /* a parameter's, without leading zeros */
#define OSC_BYTES_MAX  1024 /* longer ones are dropped */

/* A control sequence: ESC [ leader params inter final. */
struct csi {
    char leader; /* '?' and the like; 0: none */
    char inter;  /* 0: none */
    char final;
    int len;                    /* params said; "CSI m" has none */
    int params[CSI_PARAMS_MAX]; /* -1: left out */
    uint16_t colons;            /* bit i: a ':' stands behind params[i] */
};

/* The parameter i, or what is meant when it was left out. */
int csi_param(const struct csi *csi, int i, int left_out) NONNULL(1);

/* Who receives, in order. All runs as callbacks of filter_feed(). */
struct filter_sink {
    /* Printable ASCII, len >= 1. A run may come in pieces, cut anywhere. */
    void (*ascii)(void *ctx, const uint8_t *bytes, size_t len);
    /* One printable character beyond ASCII. */
    void (*rune)(void *ctx, uint32_t rune);
    /* A C0 control; never NUL, ESC, CAN or SUB. */
    void (*control)(void *ctx, char control);
    /* ESC inter final; inter 0: none. */
    void (*escape)(void *ctx, char inter, char final);
    void (*csi)(void *ctx, const struct csi *csi);
    /* A prompt mark with our nonce: kind and status. */
    void (*mark)(void *ctx, const struct mark_event *mark);
    void *ctx;
};

enum filter_state {
    FILTER_GROUND,
    FILTER_ESCAPE,
    FILTER_ESCAPE_INTER,
    FILTER_CSI,
    FILTER_CSI_BAD, /* too long or malformed: dropped at its end */
    FILTER_OSC,
    FILTER_STRING, /* DCS, APC, PM, SOS: dropped */
    FILTER_STATES
};

struct filter {
    struct filter_sink sink;
    char *nonce; /* NULL: no marks */
    enum filter_state state;
    bool string_escape; /* ESC seen inside a string */
    char inter;
    struct csi csi;
    int digits; /* of the parameter being read */
    char osc[OSC_BYTES_MAX + 1];
    size_t osc_len; /* OSC_BYTES_MAX + 1: too long */
};

void filter_init(struct filter *filter, const struct filter_sink *sink,
                 const char *nonce) NONNULL(1, 2);
void filter_fini(struct filter *filter) NONNULL(1);

/* bytes are valid UTF-8; a character that is not whole counts as U+FFFD. */
void filter_feed(struct filter *filter, const uint8_t *bytes, size_t len)
    NONNULL(1, 2);

#endif
