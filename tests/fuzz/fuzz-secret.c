/*
 * Any bytes through the gate of secrets: a value is never let through, and how
 * the bytes are cut changes nothing. A value is put where the input says.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"

/* Bytes that are never UTF-8: a value, half of one, a silence. */
enum { OP_LONG = 0xF5, OP_SHORT, OP_HALF, OP_QUIET };

/* One begins the other, and ends as it begins. */
#define LONG_VALUE  "s3cret-pass-s3"
#define SHORT_VALUE "s3cret"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take_values(void)
{
    struct err err = ERR_INIT;

    setenv("FUZZ_LONG", LONG_VALUE, 1);
    setenv("FUZZ_SHORT", SHORT_VALUE, 1);
    if (secret_take("FUZZ_LONG", &err) == NULL ||
        secret_take("FUZZ_SHORT", &err) == NULL)
        abort();
}

static void
pass(const char *text, size_t len, size_t step, bool quiet, struct buf *out)
{
    struct secret_gate gate = { .gone = 0 };

    for (size_t at = 0; at < len; at += step) {
        secret_gate_pass(&gate, text + at, MIN(step, len - at), out);
        if (quiet && secret_gate_waits(&gate))
            secret_gate_quiet(&gate, out);
    }
    secret_gate_end(&gate, out);
    if (memmem(buf_text(out), out->len, SHORT_VALUE, strlen(SHORT_VALUE)) !=
        NULL)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const texts[] = { LONG_VALUE, SHORT_VALUE, "s3cre" };
    static bool taken;
    struct buf text = BUF_INIT(0), whole = BUF_INIT(0), crumbs = BUF_INIT(0);
    struct buf quiet = BUF_INIT(0);
    char *masked;

    if (!taken)
        take_values();
    taken = true;
    for (size_t i = 0; i < size; i++) {
        if (data[i] >= OP_LONG && data[i] <= OP_HALF)
            buf_puts(&text, texts[data[i] - OP_LONG]);
        else
            buf_add(&text, (const char *)&data[i], 1);
    }
    pass(buf_text(&text), text.len, text.len + 1, false, &whole);
    pass(buf_text(&text), text.len, 1, false, &crumbs);
    pass(buf_text(&text), text.len, size % 7 + 1, true, &quiet);
    if (whole.len != crumbs.len ||
        memcmp(buf_text(&whole), buf_text(&crumbs), whole.len) != 0)
        abort();
    masked = secret_mask(buf_text(&text), text.len);
    if (strstr(masked, SHORT_VALUE) != NULL)
        abort();
    free(masked);
    buf_fini(&text);
    buf_fini(&whole);
    buf_fini(&crumbs);
    buf_fini(&quiet);
    return 0;
}
