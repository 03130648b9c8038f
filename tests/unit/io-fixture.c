/* io-fixture.c - far ends for the tests of src/io, and someone who listens. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/io-fixture.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/str.h"
#include "base/xalloc.h"

struct deadline {
    struct loop *loop;
    bool late;
};

static void
on_late(void *ctx)
{
    struct deadline *deadline = ctx;

    deadline->late = true;
    loop_stop(deadline->loop);
}

bool
wait_until(struct loop *loop, bool (*met)(void *ctx), void *ctx, unsigned ms)
{
    struct deadline deadline = { loop, false };
    struct loop_timer *timer = loop_timer_new(loop, on_late, &deadline);

    loop_timer_set(timer, (uint64_t)ms * 1000);
    while (!met(ctx) && !deadline.late)
        loop_run(loop);
    loop_timer_free(timer);
    return met(ctx);
}

void
run_turns(struct loop *loop)
{
    for (int i = 0; i < 20; i++)
        loop_turn(loop);
}

size_t
count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static bool
free_if_due(struct ear *ear)
{
    if (++ear->callbacks != ear->free_at)
        return false;
    link_free(ear->link);
    ear->link = NULL;
    return true;
}

static void
hear_data(void *ctx, const uint8_t *bytes, size_t len)
{
    struct ear *ear = ctx;

    assert_non_null(ear->link); /* none after link_free() */
    assert_false(ear->calling); /* none from inside a link_ function */
    assert_false(ear->paused);
    assert_true(len >= 1);
    assert_int_equal(link_status(ear->link)->state, LINK_UP);
    buf_add(&ear->data, bytes, len);
    free_if_due(ear);
    loop_stop(ear->loop);
}

static void
hear_state(void *ctx, const struct link_status *status)
{
    struct ear *ear = ctx;
    enum link_state last = ear->states_len > 0
                               ? ear->states[ear->states_len - 1]
                               : LINK_CONNECTING;

    assert_non_null(ear->link);
    assert_false(ear->calling);
    assert_ptr_equal(status, link_status(ear->link));
    assert_int_not_equal(status->state, last); /* only changes are told */
    assert_true(ear->states_len < 64);
    assert_int_equal(status->reason.kind == ERR_NONE,
                     status->state != LINK_LOST);
    ear->states[ear->states_len++] = status->state;
    ear->reason = status->reason;
    ear->exit_status = status->exit_status;
    free_if_due(ear);
    loop_stop(ear->loop);
}

void
ear_open(struct ear *ear, struct loop *loop, const struct link_spec *spec)
{
    const struct link_sink sink = { hear_data, hear_state, ear };
    struct err err = ERR_INIT;

    ear->loop = loop;
    ear->exit_status = -1;
    ear->calling = true;
    ear->link = link_new(loop, spec, &sink, &err);
    ear->calling = false;
    if (ear->link == NULL)
        fail_msg("%s", err.text);
}

void
ear_close(struct ear *ear)
{
    if (ear->loop == NULL)
        return; /* never opened */
    ear->calling = true;
    link_free(ear->link);
    ear->link = NULL;
    run_turns(ear->loop); /* a callback now finds no link and fails */
    buf_fini(&ear->data);
    *ear = (struct ear){ 0 };
}

struct wish {
    struct ear *ear;
    enum link_state state;
    const char *text;
    size_t len;
};

/* Told since the last wait for a state; those before it are over. */
static bool
has_state(void *ctx)
{
    const struct wish *wish = ctx;
    struct ear *ear = wish->ear;

    for (size_t i = ear->states_seen; i < ear->states_len; i++)
        if (ear->states[i] == wish->state)
            return true;
    return false;
}

static bool
has_states(void *ctx)
{
    const struct wish *wish = ctx;

    return wish->ear->states_len >= wish->len;
}

static bool
has_text(void *ctx)
{
    const struct wish *wish = ctx;
    const struct buf *data = &wish->ear->data;

    return data->len > 0 && memmem(data->bytes, data->len, wish->text,
                                   strlen(wish->text)) != NULL;
}

static bool
has_len(void *ctx)
{
    const struct wish *wish = ctx;

    return wish->ear->data.len >= wish->len;
}

bool
ear_wait_state(struct ear *ear, enum link_state state)
{
    struct wish wish = { .ear = ear, .state = state };

    if (wait_until(ear->loop, has_state, &wish, WAIT_MS)) {
        while (ear->states[ear->states_seen++] != state)
            continue;
        return true;
    }
    print_message("# not %s; last heard: %s\n", link_state_name(state),
                  ear->reason.text);
    return false;
}

bool
ear_wait_states(struct ear *ear, size_t len)
{
    struct wish wish = { .ear = ear, .len = len };

    return wait_until(ear->loop, has_states, &wish, WAIT_MS);
}

bool
ear_wait_text(struct ear *ear, const char *text)
{
    struct wish wish = { .ear = ear, .text = text };

    if (wait_until(ear->loop, has_text, &wish, WAIT_MS))
        return true;
    print_message("# no \"%s\" in \"%s\" (%s)\n", text, buf_text(&ear->data),
                  ear->reason.text);
    return false;
}

bool
ear_wait_len(struct ear *ear, size_t len)
{
    struct wish wish = { .ear = ear, .len = len };

    if (wait_until(ear->loop, has_len, &wish, WAIT_MS))
        return true;
    print_message("# %zu bytes of %zu (%s)\n", ear->data.len, len,
                  ear->reason.text);
    return false;
}

void
ear_drop_line(struct ear *ear, const char *text)
{
    char *at, *end;

    assert_true(ear_wait_text(ear, text));
    at = memmem(ear->data.bytes, ear->data.len, text, strlen(text));
    while ((end = memchr(at, '\n',
                         ear->data.len - (size_t)(at - ear->data.bytes))) ==
           NULL) {
        size_t offset = (size_t)(at - ear->data.bytes);

        assert_true(ear_wait_len(ear, ear->data.len + 1));
        at = ear->data.bytes + offset;
    }
    buf_drop(&ear->data, (size_t)(end - ear->data.bytes) + 1);
}

bool
ear_write(struct ear *ear, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0) {
        size_t part = MIN(len, (size_t)16384);
        struct err err = ERR_INIT;

        ear->calling = true;
        if (link_write(ear->link, at, part, &err)) {
            at += part;
            len -= part;
        }
        ear->calling = false;
        if (err.kind == ERR_LIMIT && ear_wait_len(ear, ear->data.len + 1))
            continue;
        if (err.kind != ERR_NONE) {
            print_message("# %s\n", err.text);
            return false;
        }
    }
    return true;
}

/* --- a TCP server --- */

static int
listen_here(uint16_t *port, int backlog)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, backlog), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void *
run_server(void *ctx)
{
    struct server *server = ctx;

    for (;;) {
        int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0)
            return NULL; /* shut down */
        pthread_mutex_lock(&server->lock);
        server->fd = fd;
        server->served++;
        pthread_mutex_unlock(&server->lock);
        server->serve(server);
        pthread_mutex_lock(&server->lock);
        close(fd);
        server->fd = -1;
        pthread_mutex_unlock(&server->lock);
    }
}

struct server *
server_new(void (*serve)(struct server *server), void *ctx)
{
    struct server *server = xcalloc(1, sizeof *server);

    server->listen_fd = listen_here(&server->port, 16);
    server->fd = -1;
    server->serve = serve;
    server->ctx = ctx;
    pthread_mutex_init(&server->lock, NULL);
    assert_int_equal(pthread_create(&server->thread, NULL, run_server, server),
                     0);
    return server;
}

void
server_free(struct server *server)
{
    if (server == NULL)
        return;
    shutdown(server->listen_fd, SHUT_RDWR);
    if (server->serve != NULL) {
        pthread_mutex_lock(&server->lock);
        if (server->fd >= 0)
            shutdown(server->fd, SHUT_RDWR);
        pthread_mutex_unlock(&server->lock);
        pthread_join(server->thread, NULL);
        pthread_mutex_destroy(&server->lock);
    } else {
        close(server->fd); /* what fills the queue of a full one */
    }
    close(server->listen_fd);
    free(server);
}

bool
server_read(struct server *server, void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        ssize_t part = recv(server->fd, at, len, 0);

        if (part <= 0)
            return false;
        at += part;
        len -= (size_t)part;
    }
    return true;
}

bool
server_write(struct server *server, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t part = send(server->fd, at, len, MSG_NOSIGNAL);

        if (part <= 0)
            return false;
        at += part;
        len -= (size_t)part;
    }
    return true;
}

void
server_wait_end(struct server *server)
{
    char bytes[4096];

    while (recv(server->fd, bytes, sizeof bytes, 0) > 0)
        continue;
}

void
server_hold(struct server *server)
{
    struct pollfd fd = { .fd = server->fd, .events = POLLRDHUP };

    while (poll(&fd, 1, -1) >= 0 &&
           !(fd.revents & (POLLRDHUP | POLLHUP | POLLERR)))
        continue;
}

uint16_t
closed_port(void)
{
    uint16_t port;
    int fd = listen_here(&port, 1);

    close(fd);
    return port;
}

struct server *
full_server_new(void)
{
    struct server *server = xcalloc(1, sizeof *server);
    struct sockaddr_in at = { .sin_family = AF_INET };

    server->listen_fd = listen_here(&server->port, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(server->port);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(server->fd, (struct sockaddr *)&at, sizeof at), 0);
    return server;
}

/* --- sshd --- */

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
make_key(struct sshd *sshd, const char *name, const char *passphrase)
{
    char *path = sshd_file(sshd, name, NULL);
    char *public = xasprintf("%s.pub", path);
    const char *const argv[] = { "ssh-keygen", "-q",       "-t", "ed25519",
                                 "-N",         passphrase, "-C", "",
                                 "-f",         path,       NULL };
    char type[64], *blob = xcalloc(1, 1024);
    FILE *in;

    if (run_program(argv) && (in = fopen(public, "re")) != NULL) {
        if (fscanf(in, "%63s %1023s", type, blob) != 2)
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
    char *user_key = make_key(sshd, "id", "");
    char *other_key = make_key(sshd, "other", "");
    char *secret_key = make_key(sshd, "secret", "secret");
    char *text;

    sshd->host_key = make_key(sshd, "host", "");
    text = xasprintf("[127.0.0.1]:%u ssh-ed25519 %s\n", sshd->port,
                     sshd->host_key);
    sshd->known_hosts = sshd_file(sshd, "known_hosts", text);
    free(text);
    text = xasprintf("ssh-ed25519 %s\nssh-ed25519 %s\n", user_key, secret_key);
    free(sshd_file(sshd, "authorized", text));
    free(text);
    text = xasprintf("Port %u\nListenAddress 127.0.0.1\nHostKey %s/host\n"
                     "AuthorizedKeysFile %s/authorized\nStrictModes no\n"
                     "UsePAM no\nPasswordAuthentication no\nPidFile none\n"
                     "PrintMotd no\nPrintLastLog no\nUseDNS no\n"
                     "PermitRootLogin prohibit-password\nMaxSessions 10\n"
                     "MaxStartups 100\nLogLevel VERBOSE\n"
                     "SetEnv HOME=%s\n",
                     sshd->port, sshd->dir, sshd->dir, sshd->dir);
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
