/* ssh-auth.c - the files of a login, and the login with a key from one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "io/loop.h"
#include "io/ssh-core.h"

/* Asked for only when the key is encrypted; there is nobody to ask. */
static int
refuse_passphrase(const char *prompt, char *buf, size_t len, int echo,
                  int verify, void *encrypted)
{
    (void)prompt;
    (void)buf;
    (void)len;
    (void)echo;
    (void)verify;
    *(bool *)encrypted = true;
    return -1;
}

static void
load_key(struct ssh_files *files)
{
    bool encrypted = false;

    if (files->identity == NULL) {
        err_set(&files->key_err, ERR_AUTH, "no key file is given");
        return;
    }
    if (ssh_pki_import_privkey_file(files->identity, NULL, refuse_passphrase,
                                    &encrypted, &files->key) == SSH_OK)
        return;
    files->key = NULL;
    if (encrypted)
        err_set(&files->key_err, ERR_AUTH,
                "the key file %s is encrypted: add the key to an ssh agent",
                files->identity);
    else
        err_set(&files->key_err, ERR_AUTH,
                "the key file %s cannot be read as a private key",
                files->identity);
}

static void
run_files(void *ctx)
{
    struct ssh_files *files = ctx;

    known_hosts_load(&files->known, files->known_hosts, files->host,
                     files->port, &files->known_err);
    load_key(files);
}

static void
on_files(void *ctx)
{
    struct ssh *ssh = ((struct ssh_files *)ctx)->ssh;

    ssh->work = NULL;
    ssh_node_enter(ssh, PHASE_DIAL);
}

static void
release_files(void *ctx)
{
    ssh_node_files_free(ctx);
}

void
ssh_node_files_enter(struct ssh *ssh)
{
    static const struct loop_work_calls calls = { run_files, on_files,
                                                  release_files };
    struct ssh_files *files = xcalloc(1, sizeof *files);

    files->known_hosts =
        ssh->known_hosts != NULL ? xstrdup(ssh->known_hosts) : NULL;
    files->identity = ssh->identity != NULL ? xstrdup(ssh->identity) : NULL;
    files->host = xstrdup(ssh->host);
    files->port = ssh->port;
    files->ssh = ssh;
    ssh->files = files;
    ssh->work = loop_work_new(ssh->loop, &calls, files);
}

void
ssh_node_files_free(struct ssh_files *files)
{
    if (files == NULL)
        return;
    known_hosts_fini(&files->known);
    ssh_key_free(files->key);
    free(files->known_hosts);
    free(files->identity);
    free(files->host);
    free(files);
}

void
ssh_node_key_enter(struct ssh *ssh)
{
    if (ssh->files->key == NULL)
        ssh_node_enter(ssh, PHASE_AGENT);
}

void
ssh_node_key_step(struct ssh *ssh)
{
    int rc = ssh_userauth_publickey(ssh->conn->handle, NULL, ssh->files->key);

    if (rc == SSH_AUTH_AGAIN)
        return;
    if (rc == SSH_AUTH_SUCCESS) {
        ssh_node_enter(ssh, PHASE_UP);
    } else if (rc == SSH_AUTH_DENIED) {
        err_set(&ssh->files->key_err, ERR_AUTH,
                "the server does not take the key of %s", ssh->identity);
        ssh_node_enter(ssh, PHASE_AGENT);
    } else if (rc == SSH_AUTH_PARTIAL) {
        ssh_node_failf(ssh, ERR_AUTH,
                       "the server wants more than the key of %s",
                       ssh->identity);
    } else {
        ssh_node_fail_session(ssh, "the login broke off");
    }
}
