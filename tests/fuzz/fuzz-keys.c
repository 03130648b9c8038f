/*
 * Any text as the names of keys: bytes to send, or a word that is no key. And
 * the other way: whatever a terminal's key is named, the name has bytes.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "term/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct term_modes both_modes[] = {
    { .application_cursor = false },
    { .application_cursor = true, .application_keypad = true },
};

static void
check_names(const char *names)
{
    for (size_t i = 0; i < ARRAY_LEN(both_modes); i++) {
        struct err err = ERR_INIT;
        struct buf out = BUF_INIT(0);
        bool ok = keys_encode(names, &both_modes[i], &out, &err);

        /* A name is no shorter than a quarter of its bytes: none floods. */
        if (ok != (err.kind == ERR_NONE) || (!ok && err.kind != ERR_SYNTAX) ||
            out.len > 4 + 4 * strlen(names))
            abort();
        buf_fini(&out);
    }
}

static void
check_name(bool is_key, const char *name)
{
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT(0);

    if (!is_key)
        return;
    if (strlen(name) >= KEYS_NAME_SIZE ||
        !keys_encode(name, &both_modes[0], &out, &err) || out.len == 0)
        abort();
    buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *names = xstrndup((const char *)data, size);
    char name[KEYS_NAME_SIZE];
    uint32_t numbers[3] = { 0 };

    check_names(names);
    memcpy(numbers, data, MIN(size, sizeof numbers));
    check_name(keys_name_rune(numbers[0], numbers[1], name), name);
    for (int final = 0; final < 0x80; final++) {
        const struct key_sequence sequence = {
            .intro = numbers[2] % 2 == 0 ? '[' : 'O',
            .final = (char) final,
            .number = numbers[0],
            .modifiers = numbers[1],
        };

        check_name(keys_name_sequence(&sequence, name), name);
    }
    free(names);
    return 0;
}
