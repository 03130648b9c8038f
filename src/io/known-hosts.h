/*
 * known-hosts.h - what a known_hosts file says about one host.
 *
 * Our own reading (format: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), because
 * libssh 0.10 takes a key marked @revoked for known and reads "!host" as a
 * name. Here a revoked key is refused whatever other lines say, and a line
 * that excludes the host does not count.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef IO_KNOWN_HOSTS_H
#define IO_KNOWN_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"

enum known_verdict {
    KNOWN_OK,
    KNOWN_UNKNOWN,   /* no line for this host */
    KNOWN_CHANGED,   /* lines for this host, none with this key */
    KNOWN_REVOKED,   /* a line says that this key is no longer to be used */
    KNOWN_AUTHORITY, /* only a @cert-authority line, which we cannot check */
    KNOWN_VERDICTS
};

enum known_marker { KNOWN_PLAIN, KNOWN_MARK_REVOKED, KNOWN_MARK_AUTHORITY };

struct known_key {
    enum known_marker marker;
    char *type; /* "ssh-ed25519" */
    char *blob; /* base64, as in the file */
};

/* The lines for one host. Zeroed is empty. */
struct known_hosts {
    struct known_key *keys;
    size_t len, cap;
    size_t lines; /* all that the file has */
};

/*
 * Read the lines for host and port; may block, so call it on a worker. ERR_FILE
 * when the file cannot be read; hosts is then empty.
 */
#define KNOWN_HOSTS_SIZE_MAX (8u << 20) /* bytes of a file */
bool known_hosts_load(struct known_hosts *hosts, const char *path,
                      const char *host, uint16_t port, struct err *err)
    NONNULL(1, 3, 5);

/* The same for a text; the lines are changed in place. */
void known_hosts_parse(struct known_hosts *hosts, char *text, const char *host,
                       uint16_t port) NONNULL(1, 2, 3);

enum known_verdict known_hosts_judge(const struct known_hosts *hosts,
                                     const char *blob) NONNULL(1, 2);

/* "is unknown", for a sentence that begins with the server's key. */
const char *known_verdict_text(enum known_verdict verdict);

void known_hosts_fini(struct known_hosts *hosts) NONNULL(1);

#endif
