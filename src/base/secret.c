/* secret.c - values that are recorded nowhere. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/utf8.h"
#include "base/xalloc.h"

#define LET_GO_MAX 2

/* One set a process: what is secret is so for everybody who records. */
static struct {
    char *name, *value;
    size_t len;
} secrets[SECRETS_MAX];
static size_t secrets_len;

/*
 * What a file or a journal would write in another form than it is could not
 * be found there again.
 */
static bool
can_be_found(const char *value, size_t len)
{
    if (len < SECRET_LEN_MIN || len > SECRET_LEN_MAX || !utf8_valid(value, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)value[i] < ' ' || value[i] == 0x7F ||
            strchr("\"'\\", value[i]) != NULL)
            return false;
    return true;
}

const char *
secret_take(const char *name, struct err *err)
{
    char *value;
    size_t len;

    for (size_t i = 0; i < secrets_len; i++)
        if (strcmp(secrets[i].name, name) == 0)
            return secrets[i].value;
    value = getenv(name);
    if (value == NULL) {
        err_set(err, ERR_USAGE, "%s is not in the environment", name);
        return NULL;
    }
    len = strlen(value);
    if (secrets_len == SECRETS_MAX || !can_be_found(value, len)) {
        err_set(err, ERR_USAGE,
                "%s cannot be kept secret: it needs %d to %d printable "
                "characters, no quote and no backslash",
                name, SECRET_LEN_MIN, SECRET_LEN_MAX);
        return NULL;
    }
    secrets[secrets_len].name = xstrdup(name);
    secrets[secrets_len].value = xstrdup(value);
    secrets[secrets_len].len = len;
    (void)mlock(secrets[secrets_len].value, len); /* else it may be swapped */
    /* /proc/PID/environ shows this memory, also behind unsetenv(). */
    explicit_bzero(value, len);
    unsetenv(name);
    return secrets[secrets_len++].value;
}

void
secret_wipe(void)
{
    while (secrets_len > 0) {
        secrets_len--;
        explicit_bzero(secrets[secrets_len].value, secrets[secrets_len].len);
        munlock(secrets[secrets_len].value, secrets[secrets_len].len);
        free(secrets[secrets_len].value);
        free(secrets[secrets_len].name);
    }
}

/* How long the longest value is that begins here; 0: none does. */
static size_t
whole_value(const char *bytes, size_t len)
{
    size_t longest = 0;

    for (size_t i = 0; i < secrets_len; i++)
        if (secrets[i].len > longest && secrets[i].len <= len &&
            memcmp(bytes, secrets[i].value, secrets[i].len) == 0)
            longest = secrets[i].len;
    return longest;
}

/* All of it is the beginning of a longer value. */
static bool
begins_value(const char *bytes, size_t len)
{
    for (size_t i = 0; i < secrets_len; i++)
        if (secrets[i].len > len && memcmp(bytes, secrets[i].value, len) == 0)
            return true;
    return false;
}

static void
reset(struct secret_gate *gate)
{
    if (gate->held.len > 0)
        explicit_bzero(gate->held.bytes, gate->held.len);
    buf_fini(&gate->held);
    gate->gone = 0;
}

char *
secret_mask(const char *text, size_t len)
{
    struct buf out = BUF_INIT(0);

    for (size_t i = 0, value; i < len; i += MAX(value, (size_t)1)) {
        value = whole_value(text + i, len - i);
        if (value > 0)
            buf_puts(&out, SECRET_MASK);
        else
            buf_add(&out, text + i, 1);
    }
    return buf_take(&out);
}

void
secret_gate_pass(struct secret_gate *gate, const char *bytes, size_t len,
                 struct buf *out)
{
    size_t at = 0, value;

    if (secrets_len == 0) {
        buf_add(out, bytes, len);
        return;
    }
    buf_add(&gate->held, bytes, len);
    while (at < gate->held.len) {
        const char *here = gate->held.bytes + at;
        size_t left = gate->held.len - at;

        if (begins_value(here, left))
            break;
        value = whole_value(here, left);
        if (value > 0)
            buf_puts(out, SECRET_MASK);
        else if (at >= gate->gone)
            buf_add(out, here, 1);
        at += MAX(value, (size_t)1);
    }
    buf_drop(&gate->held, at);
    gate->gone -= MIN(gate->gone, at);
}

bool
secret_gate_waits(const struct secret_gate *gate)
{
    bool plain = true; /* half a character must not go */

    for (size_t i = 0; i < gate->held.len; i++)
        plain = plain && (unsigned char)gate->held.bytes[i] < 0x80;
    return plain && gate->held.len <= LET_GO_MAX && gate->gone < gate->held.len;
}

void
secret_gate_quiet(struct secret_gate *gate, struct buf *out)
{
    if (!secret_gate_waits(gate))
        return;
    buf_add(out, gate->held.bytes + gate->gone, gate->held.len - gate->gone);
    gate->gone = gate->held.len;
}

void
secret_gate_end(struct secret_gate *gate, struct buf *out)
{
    secret_gate_quiet(gate, out);
    if (gate->gone < gate->held.len)
        buf_puts(out, SECRET_MASK);
    reset(gate);
}
