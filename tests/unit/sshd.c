/* sshd.c - for tests of src/io: a real sshd with keys and files of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/sshd.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"
#include "tests/unit/server.h"

#include "base/xalloc.h"

bool
run_program(const char *const argv[])
{
    posix_spawn_file_actions_t files;
    char **args = (char **)(uintptr_t)argv; /* exec's prototype is older */
    pid_t pid;
    int status = -1;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &files, NULL, args, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&files);
    return status == 0;
}

char *
sshd_file(struct sshd *sshd, const char *name, const char *text)
{
    char *path = xasprintf("%s/%s", sshd->dir, name);
    FILE *out;

    if (text != NULL) {
        out = fopen(path, "we");
        assert_non_null(out);
        fputs(text, out);
        fclose(out);
    }
    return path;
}

/* A key pair; returns the public key's base64 field. */
static char *
make_key(struct sshd *sshd, const char *type, const char *name,
         const char *passphrase)
{
    char *path = sshd_file(sshd, name, NULL);
    char *public = xasprintf("%s.pub", path);
    const char *const argv[] = { "ssh-keygen", "-q",       "-t", type,
                                 "-N",         passphrase, "-C", "",
                                 "-f",         path,       NULL };
    char *blob = xcalloc(1, 1024);
    FILE *in;

    if (run_program(argv) && (in = fopen(public, "re")) != NULL) {
        if (fscanf(in, "%*s %1023s", blob) != 1)
            *blob = '\0';
        fclose(in);
    }
    free(path);
    free(public);
    return blob;
}

static void *
read_log(void *ctx)
{
    struct sshd *sshd = ctx;
    char bytes[4096];
    ssize_t len;

    while ((len = read(sshd->log_fd, bytes, sizeof bytes)) > 0) {
        pthread_mutex_lock(&sshd->lock);
        buf_add(&sshd->log, bytes, (size_t)len);
        pthread_cond_broadcast(&sshd->logged);
        pthread_mutex_unlock(&sshd->lock);
    }
    pthread_mutex_lock(&sshd->lock);
    close(sshd->log_fd);
    sshd->log_fd = -1;
    pthread_cond_broadcast(&sshd->logged);
    pthread_mutex_unlock(&sshd->lock);
    return NULL;
}

static bool
wait_log(struct sshd *sshd, const char *text, int ms)
{
    struct timespec until;
    bool found;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    pthread_mutex_lock(&sshd->lock);
    while (!(found = strstr(buf_text(&sshd->log), text) != NULL) && rc == 0 &&
           ms > 0 && sshd->log_fd >= 0)
        rc = pthread_cond_timedwait(&sshd->logged, &sshd->lock, &until);
    pthread_mutex_unlock(&sshd->lock);
    return found;
}

bool
sshd_logged(struct sshd *sshd, const char *text)
{
    return wait_log(sshd, text, 0);
}

bool
sshd_wait_log(struct sshd *sshd, const char *text)
{
    return wait_log(sshd, text, WAIT_MS);
}

void
sshd_clear_log(struct sshd *sshd)
{
    pthread_mutex_lock(&sshd->lock);
    buf_clear(&sshd->log);
    pthread_mutex_unlock(&sshd->lock);
}

static const char *
find_sshd(void)
{
    static const char *const paths[] = { "/usr/sbin/sshd", "/usr/bin/sshd",
                                         "/usr/local/sbin/sshd" };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (access(paths[i], X_OK) == 0)
            return paths[i];
    return NULL;
}

bool
sshd_restart(struct sshd *sshd)
{
    char *config = sshd_file(sshd, "config", NULL);
    const char *path = find_sshd();
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    sshd->pid = fork();
    if (sshd->pid == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* not to outlive a test killed */
        dup2(ends[1], STDERR_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        execl(path, path, "-D", "-e", "-f", config, (char *)NULL);
        _exit(127);
    }
    setpgid(sshd->pid, sshd->pid);
    close(ends[1]);
    free(config);
    sshd->log_fd = ends[0];
    sshd_clear_log(sshd);
    assert_int_equal(pthread_create(&sshd->thread, NULL, read_log, sshd), 0);
    if (sshd_wait_log(sshd, "Server listening on"))
        return true;
    print_message("# sshd does not start: %s\n", buf_text(&sshd->log));
    return false;
}

/* sshd's sessions have process groups of their own: go by parents. */
static void
kill_tree(int pid)
{
    char path[64];
    FILE *in;
    int child;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    in = fopen(path, "re");
    while (in != NULL && fscanf(in, "%d", &child) == 1)
        kill_tree(child);
    if (in != NULL)
        fclose(in);
    kill(pid, SIGKILL);
}

void
sshd_kill(struct sshd *sshd)
{
    if (sshd->pid <= 0)
        return;
    kill_tree(sshd->pid);
    waitpid(sshd->pid, NULL, 0);
    sshd->pid = 0;
    pthread_join(sshd->thread, NULL);
}

/*
 * HOME is set because bash reads .bashrc for sshd, even for a command: what
 * the user has there is slow, and must not be killed in the middle.
 */
static void
write_files(struct sshd *sshd)
{
    char *user_key = make_key(sshd, "ed25519", "id", "");
    char *other_key = make_key(sshd, "ed25519", "other", "");
    char *secret_key = make_key(sshd, "ed25519", "secret", "secret");
    char *text;

    sshd->host_key = make_key(sshd, "ed25519", "host", "");
    sshd->second_key = make_key(sshd, "ecdsa", "second", "");
    text = xasprintf("[127.0.0.1]:%u ssh-ed25519 %s\n", sshd->port,
                     sshd->host_key);
    sshd->known_hosts = sshd_file(sshd, "known_hosts", text);
    free(text);
    text = xasprintf("ssh-ed25519 %s\nssh-ed25519 %s\n", user_key, secret_key);
    free(sshd_file(sshd, "authorized", text));
    free(text);
    text = xasprintf("Port %u\nListenAddress 127.0.0.1\nHostKey %s/host\n"
                     "HostKey %s/second\n"
                     "AuthorizedKeysFile %s/authorized\nStrictModes no\n"
                     "UsePAM no\nPasswordAuthentication no\nPidFile none\n"
                     "PrintMotd no\nPrintLastLog no\nUseDNS no\n"
                     "PermitRootLogin prohibit-password\nMaxSessions 10\n"
                     "MaxStartups 100\nLogLevel VERBOSE\nRekeyLimit 1M\n"
                     "SetEnv HOME=%s\n",
                     sshd->port, sshd->dir, sshd->dir, sshd->dir, sshd->dir);
    free(sshd_file(sshd, "config", text));
    free(text);
    sshd->identity = sshd_file(sshd, "id", NULL);
    sshd->other_key = sshd_file(sshd, "other", NULL);
    sshd->encrypted_key = sshd_file(sshd, "secret", NULL);
    free(user_key);
    free(other_key);
    free(secret_key);
}

struct sshd *
sshd_new(void)
{
    const struct passwd *user = getpwuid(getuid());
    struct sshd *sshd;

    if (find_sshd() == NULL || user == NULL) {
        print_message("# skipped: there is no sshd here\n");
        return NULL;
    }
    /* Run by root it wants this directory, which its service makes. */
    if (getuid() == 0 && mkdir("/run/sshd", 0755) != 0 && errno != EEXIST)
        print_message("# /run/sshd: %s\n", strerror(errno));
    sshd = xcalloc(1, sizeof *sshd);
    sshd->log_fd = -1;
    pthread_mutex_init(&sshd->lock, NULL);
    pthread_cond_init(&sshd->logged, NULL);
    strcpy(sshd->dir, "/tmp/miglab-sshd-XXXXXX");
    assert_non_null(mkdtemp(sshd->dir));
    sshd->user = xstrdup(user->pw_name);
    sshd->port = closed_port();
    write_files(sshd);
    if (*sshd->host_key != '\0' && sshd_restart(sshd))
        return sshd;
    print_message("# skipped: sshd cannot be started here\n");
    sshd_free(sshd);
    return NULL;
}

void
sshd_free(struct sshd *sshd)
{
    const char *argv[] = { "rm", "-rf", NULL, NULL };

    if (sshd == NULL)
        return;
    sshd_kill(sshd);
    argv[2] = sshd->dir;
    run_program(argv);
    pthread_mutex_destroy(&sshd->lock);
    pthread_cond_destroy(&sshd->logged);
    buf_fini(&sshd->log);
    free(sshd->identity);
    free(sshd->other_key);
    free(sshd->encrypted_key);
    free(sshd->known_hosts);
    free(sshd->host_key);
    free(sshd->second_key);
    free(sshd->user);
    free(sshd);
}

struct ssh_spec
sshd_spec(const struct sshd *sshd)
{
    return (struct ssh_spec){
        .name = "host",
        .host = "127.0.0.1",
        .port = sshd->port,
        .user = sshd->user,
        .identity = sshd->identity,
        .known_hosts = sshd->known_hosts,
        .timeout_ms = 5000,
    };
}
