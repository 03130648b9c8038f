/* output.c - the output of a probe, line by line, fit to be shown. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/output.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "judge/facts.h"

char *
output_plain(const char *bytes, size_t len)
{
    struct utf8_gate gate = { .len = 0 };
    struct buf valid = BUF_INIT(0), plain = BUF_INIT(0);
    const uint8_t *at;
    uint32_t rune;

    /* As records do (journal/record.c), so that a recording is the same. */
    utf8_gate_pass(&gate, (const uint8_t *)bytes, len, &valid);
    utf8_gate_end(&gate, &valid);
    at = (const uint8_t *)buf_text(&valid);
    for (size_t i = 0, n; i < valid.len; i += n) {
        n = (size_t)utf8_decode(at + i, valid.len - i, &rune);
        if (rune == '\t')
            buf_puts(&plain, " ");
        else if (rune < ' ' || (rune >= 0x7F && rune < 0xA0))
            buf_puts(&plain, "?");
        else
            buf_add(&plain, at + i, n);
    }
    buf_fini(&valid);
    return plain.len > 0 ? buf_take(&plain) : xstrdup("");
}

void
output_lines(const char *bytes, size_t len, uint64_t at_us,
             void (*line)(void *ctx, const struct line_event *event), void *ctx)
{
    const char *end = bytes + len;

    do {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t n = (size_t)((newline != NULL ? newline : end) - bytes);
        bool ends_cr = n > 0 && bytes[n - 1] == '\r';
        char *text = output_plain(bytes, ends_cr ? n - 1 : n);
        const struct line_event event = {
            .at_us = at_us,
            .row = FACT_NO_ROW,
            .tag = LINE_OUTPUT,
            .text = text,
            .len = strlen(text),
        };

        line(ctx, &event);
        free(text);
        bytes = newline != NULL ? newline + 1 : end;
    } while (bytes < end);
}
