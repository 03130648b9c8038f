/* tape.h - one console of tests/captures, played with its own times. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_TAPE_H
#define TESTS_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/macros.h"
#include "term/line.h"

struct tape {
    char *bytes;
    size_t len, at;
    FILE *timing;
};

/* There is a recording of this name: "case1/host-vm-ssh". */
bool tape_exists(const char *name) NONNULL(1);

/* The test fails when there is none. */
struct tape tape_open(const char *name) MUST_CHECK NONNULL(1);
void tape_close(struct tape *tape) NONNULL(1);

/* The next chunk and its time; false at the end. */
bool tape_next(struct tape *tape, uint64_t *at_us, const char **bytes,
               size_t *len) NONNULL(1, 2, 3, 4);

/* Every line that it shows on a terminal of this size. */
void tape_lines(const char *name, uint16_t cols, uint16_t rows,
                void (*line)(void *ctx, const struct line_event *line),
                void *ctx) NONNULL(1, 4);

#endif
