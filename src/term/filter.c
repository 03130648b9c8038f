/*
 * filter.c - bytes from a link become text, controls and whole sequences.
 *
 * The state machine is that of DEC's terminals as vt100.net describes it
 * ("A parser for DEC's ANSI-compatible video terminals"). It differs where
 * UTF-8 and safety ask for it: C1 controls, which arrive as U+0080-U+009F, are
 * dropped; characters beyond ASCII inside a sequence are skipped; an OSC that
 * is neither ended by BEL nor by ST does nothing.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/osc.h"

enum { BEL = 0x07, CAN = 0x18, SUB = 0x1A, ESC = 0x1B, DEL = 0x7F };

int
csi_param(const struct csi *csi, int i, int left_out)
{
    return i < csi->len && csi->params[i] >= 0 ? csi->params[i] : left_out;
}

void
filter_init(struct filter *filter, const struct filter_sink *sink,
            const char *nonce)
{
    memset(filter, 0, sizeof *filter);
    filter->sink = *sink;
    filter->nonce = nonce != NULL ? xstrdup(nonce) : NULL;
}

void
filter_fini(struct filter *filter)
{
    free(filter->nonce);
    filter->nonce = NULL;
}

static bool
is_between(uint32_t c, uint32_t low, uint32_t high)
{
    return c >= low && c <= high;
}

static void
end_osc(struct filter *filter)
{
    struct mark_event mark = { 0 };

    if (filter->osc_len > OSC_BYTES_MAX)
        return;
    filter->osc[filter->osc_len] = '\0';
    if (osc_mark(filter->osc, filter->nonce, &mark))
        filter->sink.mark(filter->sink.ctx, &mark);
}

static void
begin_csi(struct filter *filter)
{
    filter->csi = (struct csi){ 0 };
    filter->digits = 0;
    filter->state = FILTER_CSI;
}

/* What follows ESC, by its first byte; others end the sequence. */
static void
on_escape(struct filter *filter, uint32_t c)
{
    filter->state = FILTER_GROUND;
    if (c == '[') {
        begin_csi(filter);
    } else if (c == ']') {
        filter->state = FILTER_OSC;
        filter->osc_len = 0;
    } else if (c == 'P' || c == 'X' || c == '^' || c == '_') {
        filter->state = FILTER_STRING;
    } else if (is_between(c, 0x20, 0x2F)) {
        filter->inter = (char)c;
        filter->state = FILTER_ESCAPE_INTER;
    } else if (is_between(c, 0x30, 0x7E)) {
        filter->sink.escape(filter->sink.ctx, 0, (char)c);
    } else {
        filter->state = FILTER_ESCAPE; /* DEL and what is no ASCII */
    }
}

static void
on_escape_inter(struct filter *filter, uint32_t c)
{
    if (is_between(c, 0x20, 0x2F)) {
        filter->inter = DEL; /* two of them: nothing that we know */
    } else if (is_between(c, 0x30, 0x7E)) {
        filter->state = FILTER_GROUND;
        if (filter->inter != DEL)
            filter->sink.escape(filter->sink.ctx, filter->inter, (char)c);
    }
}

/* A digit or a separator; false when it is one too many. */
static bool
add_to_params(struct csi *csi, int *digits, uint32_t c)
{
    if (csi->len == 0)
        csi->params[csi->len++] = -1;
    if (c == ';' || c == ':') {
        if (csi->len == CSI_PARAMS_MAX)
            return false;
        if (c == ':')
            csi->colons |= (uint16_t)(1u << (csi->len - 1));
        csi->params[csi->len++] = -1;
        *digits = 0;
        return true;
    }
    if (c == '0' && csi->params[csi->len - 1] <= 0) {
        csi->params[csi->len - 1] = 0; /* leading zeros, however many */
        return true;
    }
    if (++*digits > CSI_DIGITS_MAX)
        return false;
    csi->params[csi->len - 1] =
        MAX(csi->params[csi->len - 1], 0) * 10 + (int)(c - '0');
    return true;
}

static void
on_csi(struct filter *filter, uint32_t c)
{
    struct csi *csi = &filter->csi;
    bool ok = true;

    if (is_between(c, 0x40, 0x7E)) {
        csi->final = (char)c;
        filter->state = FILTER_GROUND;
        filter->sink.csi(filter->sink.ctx, csi);
        return;
    }
    if (is_between(c, '0', ';')) {
        ok = csi->inter == 0 && add_to_params(csi, &filter->digits, c);
    } else if (is_between(c, '<', '?')) {
        ok = csi->leader == 0 && csi->len == 0 && csi->inter == 0;
        csi->leader = (char)c;
    } else if (is_between(c, 0x20, 0x2F)) {
        ok = csi->inter == 0;
        csi->inter = (char)c;
    }
    if (!ok)
        filter->state = FILTER_CSI_BAD;
}

static void
on_csi_bad(struct filter *filter, uint32_t c)
{
    if (is_between(c, 0x40, 0x7E))
        filter->state = FILTER_GROUND;
}

static void
on_osc(struct filter *filter, uint32_t c)
{
    /* No mark holds anything but ASCII: such a string is not one of ours. */
    if (filter->osc_len < OSC_BYTES_MAX && is_between(c, 0x20, 0x7E))
        filter->osc[filter->osc_len++] = (char)c;
    else if (c >= 0x20)
        filter->osc_len = OSC_BYTES_MAX + 1;
}

static void
on_string(struct filter *filter, uint32_t c)
{
}

static void (*const steps[FILTER_STATES])(struct filter *, uint32_t) = {
    [FILTER_ESCAPE] = on_escape, [FILTER_ESCAPE_INTER] = on_escape_inter,
    [FILTER_CSI] = on_csi,       [FILTER_CSI_BAD] = on_csi_bad,
    [FILTER_OSC] = on_osc,       [FILTER_STRING] = on_string,
};

static void step(struct filter *filter, uint32_t c);

/* One character inside a string (OSC, DCS, ...), and how strings end. */
static void
step_string(struct filter *filter, uint32_t c)
{
    bool osc = filter->state == FILTER_OSC;

    if (filter->string_escape) {
        filter->string_escape = false;
        filter->state = c == '\\' ? FILTER_GROUND : FILTER_ESCAPE;
        if (c != '\\')
            step(filter, c); /* the ESC ended the string and begins anew */
        else if (osc)
            end_osc(filter);
    } else if (c == ESC) {
        filter->string_escape = true;
    } else if (c == CAN || c == SUB) {
        filter->state = FILTER_GROUND;
    } else if (osc && c == BEL) {
        filter->state = FILTER_GROUND;
        end_osc(filter);
    } else {
        steps[filter->state](filter, c);
    }
}

/* One character that is not printed in the ground state, or is elsewhere. */
static void
step(struct filter *filter, uint32_t c)
{
    if (filter->state == FILTER_OSC || filter->state == FILTER_STRING) {
        step_string(filter, c);
    } else if (c == CAN || c == SUB) {
        filter->state = FILTER_GROUND;
    } else if (c == ESC) {
        filter->state = FILTER_ESCAPE;
    } else if (c < 0x20) {
        /* Also inside a sequence: that is how DEC's terminals do it. */
        if (c != 0)
            filter->sink.control(filter->sink.ctx, (char)c);
    } else if (filter->state != FILTER_GROUND) {
        if (c != DEL)
            steps[filter->state](filter, c);
    } else if (c >= 0xA0) {
        filter->sink.rune(filter->sink.ctx, c);
    }
}

/* Eight bytes that are printable ASCII, every one. */
static bool
are_ascii(const uint8_t *bytes)
{
    const uint64_t ones = 0x0101010101010101ULL, highs = 0x80 * ones;
    uint64_t word;

    /* A high bit appears where a byte is above 0x7E, or below 0x20. */
    memcpy(&word, bytes, sizeof word);
    return ((word | (word + ones) | (word - 0x20 * ones)) & highs) == 0;
}

static size_t
ascii_run(const uint8_t *bytes, size_t len)
{
    size_t i = 0;

    while (i + 8 <= len && are_ascii(bytes + i))
        i += 8;
    while (i < len && bytes[i] >= 0x20 && bytes[i] < DEL)
        i++;
    return i;
}

/* How much of a string that is dropped anyway can be passed over at once. */
static size_t
string_run(const struct filter *filter, const uint8_t *bytes, size_t len)
{
    size_t i = 0;

    if (filter->state == FILTER_STRING && !filter->string_escape)
        while (i < len && bytes[i] != ESC && bytes[i] != CAN && bytes[i] != SUB)
            i++;
    return i;
}

void
filter_feed(struct filter *filter, const uint8_t *bytes, size_t len)
{
    uint32_t c;

    for (size_t i = 0; i < len;) {
        if (filter->state == FILTER_GROUND) {
            size_t run = ascii_run(bytes + i, len - i);

            if (run > 0)
                filter->sink.ascii(filter->sink.ctx, bytes + i, run);
            i += run;
        } else {
            i += string_run(filter, bytes + i, len - i);
        }
        if (i == len)
            break;
        if (bytes[i] < 0x80) {
            c = bytes[i++];
        } else {
            int n = utf8_decode(bytes + i, len - i, &c);

            i += n > 0 ? (size_t)n : 1;
            if (c == 0xFFFE || c == 0xFFFF)
                c = UTF8_REPLACEMENT; /* as libvterm does */
        }
        step(filter, c);
    }
}
