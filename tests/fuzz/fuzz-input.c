/*
 * Any bytes from the outer terminal: every key has bytes to send, every paste
 * is text, the same is heard however they are cut, and after a silence a key is
 * a key.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "term/keys.h"
#include "ui/input.h"

#define AT_US 1000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
hear(void *ctx, const struct input_event *event)
{
    static const struct term_modes modes = { 0 };
    struct err err = ERR_INIT;
    struct buf keys = BUF_INIT(0);

    if (event->kind == INPUT_KEY) {
        if (!keys_encode(event->name, &modes, &keys, &err))
            abort();
        buf_printf(ctx, "%s ", event->name);
    } else if (event->kind == INPUT_PASTE) {
        if (strlen(event->text) != event->len || strchr(event->text, '\033') ||
            !utf8_valid(event->text, event->len))
            abort();
        buf_printf(ctx, "{%s %d}", event->text, event->cut);
    } else {
        buf_printf(ctx, "[%d %d %d %u,%u]", event->button, event->released,
                   event->dragged, event->col, event->row);
    }
    buf_fini(&keys);
}

static void
receive(const uint8_t *data, size_t size, size_t step, struct buf *heard)
{
    struct input *input = input_new(hear, heard);
    size_t before;

    for (size_t at = 0; at < size; at += step)
        input_bytes(input, AT_US, data + at, MIN(step, size - at));
    if (input_due_us(input) != 0)
        input_quiet(input, input_due_us(input));
    before = heard->len;
    input_bytes(input, AT_US, (const uint8_t *)"z", 1);
    if (strcmp(buf_text(heard) + before, "z ") != 0)
        abort();
    input_free(input);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = BUF_INIT(0), parts = BUF_INIT(0);

    receive(data, size, size + 1, &whole);
    receive(data, size, 1, &parts);
    if (strcmp(buf_text(&whole), buf_text(&parts)) != 0)
        abort();
    buf_fini(&whole);
    buf_fini(&parts);
    return 0;
}
