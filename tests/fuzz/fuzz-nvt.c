/*
 * Any bytes from a telnet server: no more text than bytes, few answers, never
 * inflated (nvt.c checks that), and the same text however they are cut.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/nvt.h"

#define ANSWER_LEN_MAX 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
receive(const uint8_t *data, size_t size, size_t step, struct buf *text,
        struct buf *answers)
{
    struct nvt *nvt = nvt_new("xterm-256color", 80, 24);

    for (size_t at = 0; at < size; at += step)
        nvt_receive(nvt, data + at, MIN(step, size - at), text, answers);
    nvt_free(nvt);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = BUF_INIT(0), parts = BUF_INIT(0);
    struct buf answers = BUF_INIT(0), others = BUF_INIT(0);

    receive(data, size, size + 1, &whole, &answers);
    receive(data, size, 1, &parts, &others);
    if (whole.len > size || answers.len > NVT_ANSWERS_MAX * ANSWER_LEN_MAX)
        abort();
    if (whole.len != parts.len || answers.len != others.len ||
        memcmp(buf_text(&whole), buf_text(&parts), whole.len) != 0)
        abort();
    buf_fini(&whole);
    buf_fini(&parts);
    buf_fini(&answers);
    buf_fini(&others);
    return 0;
}
