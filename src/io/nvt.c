/*
 * nvt.c - the telnet protocol, on libtelnet.
 *
 * libtelnet 0.21 starts to inflate when the peer sends a subnegotiation of
 * COMPRESS2 (86), agreed or not: 65 KB became 67 MB. So a guard before it lets
 * only the head of a subnegotiation pass that we have a use for. The guard
 * walks through the stream in the same states as libtelnet's parser; what it
 * takes out are three bytes, so the rest of such a message becomes text.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/nvt.h"

#include <stddef.h> /* libtelnet.h of 0.21 forgets it */

#include <libtelnet.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"

enum guard_state {
    GUARD_DATA,
    GUARD_IAC,         /* after IAC: a command, or a doubled 0xFF */
    GUARD_NEGOTIATION, /* after WILL, WONT, DO, DONT: any byte is its option */
    GUARD_SB           /* after SB: any byte is its option; held back */
};

struct nvt {
    telnet_t *telnet;
    enum guard_state guard;
    struct buf passed; /* by the guard, in one nvt_receive() */
    struct buf *text, *answers;
    unsigned answered;
    bool wants_size;
    char *term;
    uint16_t cols, rows;
};

/* us: what we do when asked; him: what he may do. */
static const telnet_telopt_t options[] = {
    { TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO },
    { TELNET_TELOPT_ECHO, TELNET_WONT, TELNET_DO },
    { TELNET_TELOPT_SGA, TELNET_WILL, TELNET_DO },
    { TELNET_TELOPT_TTYPE, TELNET_WILL, TELNET_DONT },
    { TELNET_TELOPT_NAWS, TELNET_WILL, TELNET_DONT },
    { -1, 0, 0 },
};

/* Whole answers only: half a subnegotiation would swallow what follows. */
static void
answer(struct nvt *nvt, const void *bytes, size_t len)
{
    if (nvt->answered == NVT_ANSWERS_MAX) {
        log_debug("telnet", "negotiates without end: not answered any more");
        return;
    }
    nvt->answered++;
    buf_add(nvt->answers, bytes, len);
}

static void
add_size(const struct nvt *nvt, struct buf *out)
{
    const uint8_t size[] = { (uint8_t)(nvt->cols >> 8), (uint8_t)nvt->cols,
                             (uint8_t)(nvt->rows >> 8), (uint8_t)nvt->rows };
    const uint8_t head[] = { NVT_IAC, NVT_SB, TELNET_TELOPT_NAWS };
    const uint8_t tail[] = { NVT_IAC, NVT_SE };

    buf_add(out, head, sizeof head);
    nvt_escape(size, sizeof size, out);
    buf_add(out, tail, sizeof tail);
}

static void
answer_size(struct nvt *nvt)
{
    struct buf all = BUF_INIT(0);

    nvt->wants_size = true;
    add_size(nvt, &all);
    answer(nvt, all.bytes, all.len);
    buf_fini(&all);
}

static void
answer_type(struct nvt *nvt)
{
    const uint8_t head[] = { NVT_IAC, NVT_SB, TELNET_TELOPT_TTYPE,
                             TELNET_TTYPE_IS };
    const uint8_t tail[] = { NVT_IAC, NVT_SE };
    struct buf all = BUF_INIT(0);

    buf_add(&all, head, sizeof head);
    nvt_escape((const uint8_t *)nvt->term, strlen(nvt->term), &all);
    buf_add(&all, tail, sizeof tail);
    answer(nvt, all.bytes, all.len);
    buf_fini(&all);
}

static void
on_event(telnet_t *telnet, telnet_event_t *event, void *ctx)
{
    struct nvt *nvt = ctx;

    (void)telnet;
    if (event->type == TELNET_EV_DATA)
        buf_add(nvt->text, event->data.buffer, event->data.size);
    else if (event->type == TELNET_EV_SEND)
        answer(nvt, event->data.buffer, event->data.size);
    else if (event->type == TELNET_EV_TTYPE &&
             event->ttype.cmd == TELNET_TTYPE_SEND)
        answer_type(nvt);
    else if (event->type == TELNET_EV_DO &&
             event->neg.telopt == TELNET_TELOPT_NAWS)
        answer_size(nvt);
    /* The guard does not let it come to this. */
    BUG_ON(event->type == TELNET_EV_COMPRESS);
}

struct nvt *
nvt_new(const char *term, uint16_t cols, uint16_t rows)
{
    struct nvt *nvt = xcalloc(1, sizeof *nvt);

    nvt->telnet = telnet_init(options, on_event, 0, nvt);
    if (nvt->telnet == NULL)
        xalloc_die();
    nvt->term = xstrdup(term);
    nvt->cols = cols;
    nvt->rows = rows;
    return nvt;
}

void
nvt_free(struct nvt *nvt)
{
    if (nvt == NULL)
        return;
    telnet_free(nvt->telnet);
    buf_fini(&nvt->passed);
    free(nvt->term);
    free(nvt);
}

static void
guard_byte(struct nvt *nvt, uint8_t byte)
{
    const uint8_t head[] = { NVT_IAC, NVT_SB, byte };
    enum guard_state state = nvt->guard;

    nvt->guard = GUARD_DATA;
    if (state == GUARD_DATA && byte == NVT_IAC) {
        nvt->guard = GUARD_IAC; /* held back until the next byte */
    } else if (state == GUARD_IAC && byte == NVT_SB) {
        nvt->guard = GUARD_SB;
    } else if (state == GUARD_IAC) {
        if (byte >= NVT_WILL && byte <= NVT_DONT)
            nvt->guard = GUARD_NEGOTIATION;
        buf_add(&nvt->passed, head, 1);
        buf_add(&nvt->passed, &byte, 1);
    } else if (state == GUARD_SB) {
        if (byte == TELNET_TELOPT_TTYPE)
            buf_add(&nvt->passed, head, sizeof head);
        else
            log_debug("telnet", "subnegotiation of option %u refused", byte);
    } else {
        buf_add(&nvt->passed, &byte, 1);
    }
}

void
nvt_receive(struct nvt *nvt, const uint8_t *bytes, size_t len, struct buf *text,
            struct buf *answers)
{
    for (size_t i = 0; i < len; i++)
        guard_byte(nvt, bytes[i]);
    nvt->text = text;
    nvt->answers = answers;
    if (nvt->passed.len > 0)
        telnet_recv(nvt->telnet, nvt->passed.bytes, nvt->passed.len);
    nvt->text = nvt->answers = NULL;
    buf_clear(&nvt->passed);
}

void
nvt_resize(struct nvt *nvt, uint16_t cols, uint16_t rows, struct buf *answers)
{
    nvt->cols = cols;
    nvt->rows = rows;
    if (nvt->wants_size)
        add_size(nvt, answers);
}

void
nvt_escape(const uint8_t *bytes, size_t len, struct buf *out)
{
    size_t start = 0;

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != NVT_IAC)
            continue;
        buf_add(out, bytes + start, i + 1 - start);
        start = i; /* once more with the next run */
    }
    buf_add(out, bytes + start, len - start);
}
