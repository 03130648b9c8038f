/*
 * Any text as a known_hosts file: a key that no line has is never known, and a
 * revoked key stays revoked whatever lines follow.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "io/known-hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum known_verdict
judge(const char *before, const char *text, const char *blob)
{
    char *all = xasprintf("%s%s", before, text);
    struct known_hosts hosts = { 0 };
    enum known_verdict verdict;

    known_hosts_parse(&hosts, all, "host.lab", 2222);
    verdict = known_hosts_judge(&hosts, blob);
    known_hosts_fini(&hosts);
    free(all);
    return verdict;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);

    if (judge("", text, " nobody has this ") == KNOWN_OK)
        abort();
    if (judge("@revoked * ssh-ed25519 QQ==\n", text, "QQ==") != KNOWN_REVOKED)
        abort();
    free(text);
    return 0;
}
