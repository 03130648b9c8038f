/*
 * ssh-hello.c - banner, key exchange, and whether the server is the right one.
 *
 * Until the host key is judged nothing but the key exchange has been sent.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "io/ssh-core.h"

/* Above this many lines reading takes long enough to be worth a word. */
#define KNOWN_HOSTS_LINES_WARN 2000

/* What a key's type in known_hosts means for the exchange, best first. */
static const struct {
    const char *type, *algorithms;
} host_keys[] = {
    { "ssh-ed25519", "ssh-ed25519" },
    { "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
    { "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
    { "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
    { "ssh-rsa", "rsa-sha2-512,rsa-sha2-256" },
};

static bool
knows_type(const struct known_hosts *known, const char *type)
{
    for (size_t i = 0; i < known->len; i++)
        if (known->keys[i].marker == KNOWN_PLAIN &&
            str_same(known->keys[i].type, type))
            return true;
    return false;
}

/* Ask first for the types we know, or the server shows a key we do not. */
static char *
order_host_keys(const struct known_hosts *known)
{
    struct buf list = BUF_INIT(0);

    for (int wanted = 1; wanted >= 0; wanted--) {
        for (size_t i = 0; i < ARRAY_LEN(host_keys); i++)
            if (knows_type(known, host_keys[i].type) == (wanted == 1))
                buf_printf(&list, "%s%s", list.len > 0 ? "," : "",
                           host_keys[i].algorithms);
    }
    return buf_take(&list);
}

static void
set_options(struct ssh *ssh, ssh_session handle, int fd)
{
    char *types = order_host_keys(&ssh->files->known);
    unsigned port = ssh->port;
    const int no = 0;
    /* Only for the calls that a worker makes blocking. */
    long timeout_s = (long)(ssh->timeout_ms / 1000) + 1;
    const struct {
        enum ssh_options_e option;
        const void *value;
    } options[] = {
        { SSH_OPTIONS_PROCESS_CONFIG, &no },
        { SSH_OPTIONS_HOST, ssh->host },
        { SSH_OPTIONS_PORT, &port },
        { SSH_OPTIONS_USER, ssh->user },
        { SSH_OPTIONS_FD, &fd },
        { SSH_OPTIONS_TIMEOUT, &timeout_s },
        { SSH_OPTIONS_HOSTKEYS, types },
        /* known_hosts is read by us; without these it would read the user's. */
        { SSH_OPTIONS_SSH_DIR, "/nonexistent" },
        { SSH_OPTIONS_KNOWNHOSTS, "/dev/null" },
        { SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null" },
    };

    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        if (options[i].value != NULL &&
            ssh_options_set(handle, options[i].option, options[i].value) != 0)
            log_warn("ssh", "%s: %s", ssh->name, ssh_get_error(handle));
    free(types);
}

void
ssh_node_hello_start(struct ssh *ssh, int fd)
{
    struct ssh_conn *conn = xcalloc(1, sizeof *conn);

    conn->users = 1;
    conn->handle = ssh_new();
    conn->given_fd = fd;
    conn->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (conn->handle == NULL || conn->fd < 0)
        xalloc_die();
    ssh_set_blocking(conn->handle, 0);
    ssh_set_counters(conn->handle, &conn->traffic, NULL);
    set_options(ssh, conn->handle, fd);
    ssh->conn = conn;
}

/* "ssh-ed25519 SHA256:..." of the server's key, and its base64 form. */
static bool
describe_key(struct ssh *ssh, char **text, char **blob)
{
    unsigned char *hash = NULL;
    size_t len = 0;
    ssh_key key = NULL;
    char *print = NULL;

    *text = *blob = NULL;
    if (ssh_get_server_publickey(ssh->conn->handle, &key) != SSH_OK)
        return false;
    if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) ==
        0)
        print = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
    if (print != NULL && ssh_pki_export_pubkey_base64(key, blob) == SSH_OK)
        *text =
            xasprintf("%s %s", ssh_key_type_to_char(ssh_key_type(key)), print);
    ssh_string_free_char(print);
    ssh_clean_pubkey_hash(&hash);
    ssh_key_free(key);
    return *text != NULL;
}

static void
judge_host_key(struct ssh *ssh)
{
    const struct ssh_files *files = ssh->files;
    enum known_verdict verdict;
    char *text, *blob;

    if (files->known.lines > KNOWN_HOSTS_LINES_WARN)
        log_warn("ssh", "%s: %s has %zu lines, which are read each time",
                 ssh->name, ssh->known_hosts, files->known.lines);
    if (!describe_key(ssh, &text, &blob)) {
        ssh_node_failf(ssh, ERR_HOSTKEY, "the server shows no key we can read");
        goto out;
    }
    verdict = known_hosts_judge(&files->known, blob);
    if (verdict == KNOWN_OK)
        ssh_node_enter(ssh, PHASE_KEY);
    else if (files->known_err.kind != ERR_NONE)
        ssh_node_failf(ssh, ERR_HOSTKEY, "the server's key %s is unknown: %s",
                       text, files->known_err.text);
    else
        ssh_node_failf(ssh, ERR_HOSTKEY,
                       "the server's key %s %s (%s, port %u, %s)", text,
                       known_verdict_text(verdict), ssh->host, ssh->port,
                       ssh->known_hosts);
out:
    free(text);
    ssh_string_free_char(blob);
}

void
ssh_node_hello_step(struct ssh *ssh)
{
    int rc = ssh_connect(ssh->conn->handle);

    if (rc == SSH_OK)
        judge_host_key(ssh);
    else if (rc != SSH_AGAIN)
        ssh_node_fail_session(ssh, "the server cannot be talked to");
}
