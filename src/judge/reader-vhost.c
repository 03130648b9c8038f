/*
 * reader-vhost.c - the vhost library's log in testpmd's output.
 *
 * "VHOST_CONFIG: (path) message" since DPDK 22.03, without the path before.
 * testpmd may print them behind its prompt; the console strips that.
 *
 * Ring positions: at the source's stop GET_VRING_BASE is answered with
 * "vring base idx:N file:A", A being the available index (of a packed ring
 * also the wrap counter, bit 15, and more). At the backup's start
 * SET_VRING_BASE says "last_avail_idx:A". The two must be equal.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum {
    FEATURE_ANNOUNCE = 21, /* VIRTIO_NET_F_GUEST_ANNOUNCE */
    FEATURE_LOG_ALL = 26,  /* VHOST_F_LOG_ALL */
    FEATURE_PACKED = 34,   /* VIRTIO_F_RING_PACKED */
};

static void
count(const struct reader_out *out, const char *fact)
{
    reader_number(out, fact, reader_last(out, fact, 0) + 1);
}

static void
yes_no(const struct reader_out *out, const char *fact, bool yes)
{
    reader_text(out, fact, yes ? "yes" : "no");
}

static void
take_features(const struct reader_out *out, const char *text)
{
    char *end;
    uint64_t features = strtoull(text, &end, 16);

    if (end == text)
        return;
    reader_text(out, "vhost.features", text);
    reader_text(out, "vhost.ring",
                features >> FEATURE_PACKED & 1 ? "packed" : "split");
    yes_no(out, "vhost.logging", features >> FEATURE_LOG_ALL & 1);
    yes_no(out, "vhost.announce", features >> FEATURE_ANNOUNCE & 1);
}

static void
take_vring(const struct reader_out *out, unsigned vring, const char *what,
           unsigned index)
{
    char *fact = xasprintf("vhost.vring.%u.%s", vring, what);

    reader_number(out, fact, index);
    free(fact);
}

static void
take_vring_base(const struct reader_out *out, const char *text)
{
    unsigned vring, index, used;

    if (sscanf(text, "idx:%u last_used_idx:%u last_avail_idx:%u", &vring, &used,
               &index) == 3)
        take_vring(out, vring, "start", index);
    else if (sscanf(text, "idx:%u file:%u", &vring, &index) == 2)
        take_vring(out, vring, "stop", index);
}

static void
take_enable(const struct reader_out *out, const char *text)
{
    unsigned on, vring;
    char *fact;

    if (sscanf(text, "%u to qp idx: %u", &on, &vring) != 2)
        return;
    fact = xasprintf("vhost.vring.%u.enabled", vring);
    yes_no(out, fact, on != 0);
    free(fact);
}

static void
take_count_connected(const struct reader_out *out, const char *rest)
{
    (void)rest;
    count(out, "vhost.connected");
}

static void
take_count_ready(const struct reader_out *out, const char *rest)
{
    (void)rest;
    count(out, "vhost.ready");
}

static void
take_count_closed(const struct reader_out *out, const char *rest)
{
    (void)rest;
    count(out, "vhost.closed");
}

/* Its socket's path is taken; testpmd gives a prompt all the same. */
static void
take_blocked(const struct reader_out *out, const char *rest)
{
    reader_text(out, "vhost.blocked", rest);
}

/* The same before DPDK 22.03: "PATH: why". */
static void
take_blocked_path(const struct reader_out *out, const char *rest)
{
    const char *why = strstr(rest, ": ");

    take_blocked(out, why != NULL ? why + strlen(": ") : rest);
}

static void
take_bound(const struct reader_out *out, const char *rest)
{
    (void)rest;
    reader_text(out, "vhost.blocked", "");
}

static void
take_message(const struct reader_out *out, const char *rest)
{
    if (strcmp(rest, "VHOST_USER_SET_LOG_BASE") == 0)
        count(out, "vhost.log_base");
    else if (strcmp(rest, "VHOST_USER_SEND_RARP") == 0)
        count(out, "vhost.rarp");
}

/* How a message begins, and what is read of the rest. */
static const struct {
    const char *head;
    void (*take)(const struct reader_out *out, const char *rest);
} messages[] = {
    { "negotiated Virtio features: ", take_features },
    { "vring base ", take_vring_base },
    { "set queue enable: ", take_enable },
    { "read message ", take_message },
    { "new vhost user connection is ", take_count_connected },
    { "virtio is now ready for processing", take_count_ready },
    { "vhost peer closed", take_count_closed },
    { "failed to bind: ", take_blocked },
    { "failed to bind to ", take_blocked_path },
    { "binding succeeded", take_bound },
    { "bind to ", take_bound },
};

static void
vhost_line(void *state, const struct reader_out *out,
           const struct line_event *line)
{
    static const char prefix[] = "VHOST_CONFIG: ";
    const char *text = strstr(line->text, prefix);

    (void)state;
    if (line->tag != LINE_OUTPUT || text == NULL)
        return;
    text += strlen(prefix);
    if (*text == '(' && strstr(text, ") ") != NULL)
        text = strstr(text, ") ") + 2;
    for (size_t i = 0; i < ARRAY_LEN(messages); i++)
        if (str_starts(text, messages[i].head)) {
            messages[i].take(out, text + strlen(messages[i].head));
            return;
        }
}

const struct reader_kind reader_vhost_log = {
    .name = "vhost-log",
    .line = vhost_line,
};
