/*
 * Any bytes at any times, with resizes between: what must hold holds, and how
 * the bytes are cut and who calls term_quiet() changes nothing.
 *
 * Bytes that are never UTF-8 say what happens between two feeds, so that every
 * recording is an input as it is.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "term/term-priv.h"
#include "tests/unit/term-probe.h"

enum {
    OP_CUT = 0xF5, /* the next bytes are another feed, at the same time */
    OP_TIME,       /* a byte: times 5 ms */
    OP_RESIZE,     /* two bytes: columns and rows */
    OP_REPAINT,
    OP_SWALLOW, /* a byte: for so many times 10 ms */
    OP_LIMIT
};

/* A terminal that gets all at once, and one that gets it in crumbs. */
struct pair {
    struct probe whole, crumbs;
    uint64_t at_us;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
feed(struct pair *pair, const uint8_t *bytes, size_t len)
{
    struct utf8_gate gate = { 0 };
    struct buf text = BUF_INIT(0);
    const uint8_t *p;
    uint64_t due;

    utf8_gate_pass(&gate, bytes, len, &text);
    utf8_gate_end(&gate, &text);
    p = (const uint8_t *)buf_text(&text);
    term_feed(pair->whole.term, pair->at_us, p, text.len);
    while ((due = term_due_us(pair->crumbs.term)) != 0 && due <= pair->at_us)
        term_quiet(pair->crumbs.term, due);
    for (size_t i = 0, n; i < text.len; i += n) {
        n = 1;
        while (i + n < text.len && (p[i + n] & 0xC0) == 0x80)
            n++;
        term_feed(pair->crumbs.term, pair->at_us, p + i, n);
    }
    buf_fini(&text);
}

static void
resize(struct pair *pair, uint8_t cols, uint8_t rows)
{
    term_resize(pair->whole.term, pair->at_us, cols, rows % 64);
    term_resize(pair->crumbs.term, pair->at_us, cols, rows % 64);
}

static void
swallow(struct pair *pair, uint8_t for_so_long)
{
    uint64_t until_us = pair->at_us + for_so_long * 10000u;

    term_swallow(pair->whole.term, until_us);
    term_swallow(pair->crumbs.term, until_us);
}

/* Do what the byte at *i says, and pass it and what belongs to it. */
static void
operate(struct pair *pair, const uint8_t *data, size_t size, size_t *i)
{
    uint8_t op = data[(*i)++];
    uint8_t first = *i < size ? data[*i] : 0;
    uint8_t second = *i + 1 < size ? data[*i + 1] : 0;

    if (op == OP_TIME) {
        pair->at_us += first * 5000u;
        *i += 1;
    } else if (op == OP_RESIZE) {
        resize(pair, first, second);
        *i += 2;
    } else if (op == OP_REPAINT) {
        term_repaint(pair->whole.term, pair->at_us);
        term_repaint(pair->crumbs.term, pair->at_us);
    } else if (op == OP_SWALLOW) {
        swallow(pair, first);
        *i += 1;
    }
    probe_check(&pair->whole);
}

static void
assert_same(const struct pair *pair)
{
    if (strcmp(buf_text(&pair->whole.events), buf_text(&pair->crumbs.events)) !=
            0 ||
        strcmp(buf_text(&pair->whole.places), buf_text(&pair->crumbs.places)) !=
            0 ||
        strcmp(buf_text(&pair->whole.replies),
               buf_text(&pair->crumbs.replies)) != 0 ||
        probe_hash(&pair->whole) != probe_hash(&pair->crumbs))
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pair pair = { .at_us = 1 };
    size_t start = 0;

    probe_init(&pair.whole, 20, 6);
    probe_init(&pair.crumbs, 20, 6);
    term_take_slow_way(pair.crumbs.term);
    for (size_t i = 0; i < size;) {
        if (data[i] < OP_CUT || data[i] >= OP_LIMIT) {
            i++;
            if (i < size)
                continue;
        }
        if (i > start)
            feed(&pair, data + start, i - start);
        if (i < size)
            operate(&pair, data, size, &i);
        start = i;
    }
    probe_check(&pair.whole);
    probe_check(&pair.crumbs);
    assert_same(&pair);
    probe_fini(&pair.whole);
    probe_fini(&pair.crumbs);
    return 0;
}
