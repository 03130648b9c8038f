/* tape.c - one console of tests/captures, played with its own times. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/tape.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/term.h"

#define TAPE_MAX (1u << 20) /* bytes; more than the longest recording has */

static char *
capture_path(const char *name, const char *ext)
{
    const char *top = getenv("top_srcdir");

    return xasprintf("%s/tests/captures/%s%s", top != NULL ? top : ".", name,
                     ext);
}

static FILE *
open_capture(const char *name, const char *ext)
{
    char *path = capture_path(name, ext);
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        print_message("# cannot open %s\n", path);
    assert_non_null(file);
    free(path);
    return file;
}

bool
tape_exists(const char *name)
{
    char *path = capture_path(name, ".timing");
    bool exists = access(path, R_OK) == 0;

    free(path);
    return exists;
}

struct tape
tape_open(const char *name)
{
    FILE *raw = open_capture(name, ".raw");
    struct tape tape = { .bytes = xmalloc(TAPE_MAX) };

    tape.len = fread(tape.bytes, 1, TAPE_MAX, raw);
    assert_true(tape.len < TAPE_MAX);
    fclose(raw);
    tape.timing = open_capture(name, ".timing");
    return tape;
}

void
tape_close(struct tape *tape)
{
    fclose(tape->timing);
    free(tape->bytes);
}

bool
tape_next(struct tape *tape, uint64_t *at_us, const char **bytes, size_t *len)
{
    double seconds;

    if (fscanf(tape->timing, "%lf %zu", &seconds, len) != 2)
        return false;
    assert_true(tape->at + *len <= tape->len);
    *at_us = (uint64_t)(seconds * 1e6 + 0.5);
    *bytes = tape->bytes + tape->at;
    tape->at += *len;
    return true;
}

/* Feed a chunk that came at at_us, through a gate as a console's are. */
static void
feed(struct term *term, struct utf8_gate *gate, uint64_t at_us,
     const char *bytes, size_t len)
{
    struct buf whole = { 0 };

    utf8_gate_pass(gate, (const uint8_t *)bytes, len, &whole);
    term_feed(term, at_us, (const uint8_t *)buf_text(&whole), whole.len);
    buf_fini(&whole);
}

void
tape_lines(const char *name, uint16_t cols, uint16_t rows,
           void (*line)(void *ctx, const struct line_event *line), void *ctx)
{
    const struct term_spec spec = { .cols = cols,
                                    .rows = rows,
                                    .history_rows = 1000 };
    const struct term_sink sink = { .line = line, .ctx = ctx };
    struct term *term = term_new(&spec, &sink);
    struct tape tape = tape_open(name);
    struct utf8_gate gate = { 0 };
    uint64_t at_us;
    const char *bytes;
    size_t len;

    while (tape_next(&tape, &at_us, &bytes, &len))
        feed(term, &gate, at_us, bytes, len);
    tape_close(&tape);
    term_free(term);
}
