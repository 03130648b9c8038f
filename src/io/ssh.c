/*
 * ssh.c - one session to one node: its life, phase by phase.
 *
 * libssh is driven without blocking: each of its calls is repeated while it
 * says SSH_AGAIN, whenever the socket is ready. It never sees a file of the
 * user's, and never connects by itself.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/ssh.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "io/dial.h"
#include "io/link.h"
#include "io/loop.h"
#include "io/ssh-core.h"
#include "io/tcp.h"

/* Reads of 4 KB each that one turn of the loop may take. */
#define READS_A_TURN 16

static void dial_enter(struct ssh *ssh);
static void up_enter(struct ssh *ssh);
static void up_step(struct ssh *ssh);

static const struct {
    const char *doing; /* "no answer while ..." */
    void (*enter)(struct ssh *ssh);
    void (*step)(struct ssh *ssh); /* when the socket is ready */
} phases[PHASES] = {
    [PHASE_IDLE] = { .doing = "waiting" },
    [PHASE_FILES] = { .doing = "reading its key files",
                      .enter = ssh_node_files_enter },
    [PHASE_DIAL] = { .doing = "connecting", .enter = dial_enter },
    [PHASE_HELLO] = { .doing = "exchanging keys", .step = ssh_node_hello_step },
    [PHASE_KEY] = { .doing = "authenticating",
                    .enter = ssh_node_key_enter,
                    .step = ssh_node_key_step },
    [PHASE_AGENT] = { .doing = "authenticating with the agent",
                      .enter = ssh_node_agent_enter },
    [PHASE_UP] = { .doing = "working", .enter = up_enter, .step = up_step },
};

/* What the socket is to be waited for, after each call of libssh. */
static void
update_watch(struct ssh *ssh)
{
    int flags;

    if (ssh->watch == NULL || ssh->phase == PHASE_AGENT)
        return;
    flags = ssh_get_poll_flags(ssh->conn->handle);
    loop_fd_want(ssh->watch,
                 LOOP_READ | (flags & SSH_WRITE_PENDING ? LOOP_WRITE : 0));
    tcp_watch_poke(ssh->peer);
}

static void
step(struct ssh *ssh)
{
    if (ssh->phase == PHASE_IDLE) {
        if (ssh->channels != NULL)
            ssh_node_enter(ssh, PHASE_FILES);
        return;
    }
    if (phases[ssh->phase].step != NULL)
        phases[ssh->phase].step(ssh);
    update_watch(ssh);
}

static void
on_kick(void *ctx)
{
    step(ctx);
}

static void
on_ready(void *ctx, int ready)
{
    (void)ready;
    step(ctx);
}

static void
on_deadline(void *ctx)
{
    struct ssh *ssh = ctx;
    struct err why;

    err_set(&why, ERR_TIMEOUT, "%s: no answer within %.1f s while %s",
            ssh->name, ssh->timeout_ms / 1e3, phases[ssh->phase].doing);
    if (ssh->phase == PHASE_AGENT)
        ssh_node_agent_interrupt(ssh, &why);
    else
        ssh_node_fail(ssh, &why);
}

void
ssh_node_wake(struct ssh *ssh)
{
    loop_timer_set(ssh->kick, 0);
}

void
ssh_node_enter(struct ssh *ssh, enum phase phase)
{
    log_debug("ssh", "%s: %s", ssh->name, phases[phase].doing);
    ssh->phase = phase;
    if (phase == PHASE_IDLE || phase == PHASE_UP)
        loop_timer_stop(ssh->deadline);
    else
        loop_timer_set(ssh->deadline, (uint64_t)ssh->timeout_ms * 1000);
    if (phases[phase].enter != NULL)
        phases[phase].enter(ssh);
    ssh_node_wake(ssh);
}

static void
on_dialled(void *ctx, int fd, const struct err *err)
{
    struct ssh *ssh = ctx;

    if (fd < 0) {
        /* ERR_REFUSED is for what is asked of a node that answers. */
        ssh_node_failf(ssh, err->kind == ERR_REFUSED ? ERR_PEER : err->kind,
                       "%s", err->text);
        return;
    }
    dial_free(ssh->dial);
    ssh->dial = NULL;
    ssh_node_hello_start(ssh, fd);
    ssh->watch = loop_fd_new(ssh->loop, ssh->conn->fd, on_ready, ssh);
    ssh->peer = tcp_watch_new(ssh->loop, ssh->conn->fd);
    ssh_node_enter(ssh, PHASE_HELLO);
}

static void
dial_enter(struct ssh *ssh)
{
    loop_timer_stop(ssh->deadline); /* it has one for each of its phases */
    ssh->dial = dial_new(ssh->loop, ssh->host, ssh->port, ssh->timeout_ms,
                         on_dialled, ssh);
}

static void
up_enter(struct ssh *ssh)
{
    struct ssh_conn *conn = ssh->conn;

    conn->event = ssh_event_new();
    if (conn->event == NULL ||
        ssh_event_add_session(conn->event, conn->handle) != SSH_OK)
        xalloc_die();
    ssh_node_files_free(ssh->files);
    ssh->files = NULL;
    stream_ssh_wake_all(ssh);
}

/*
 * Any call of libssh may have handled packets for any channel, and then the
 * socket is not ready for them again. So after each call this comes, and the
 * bytes that came in tell whether there is anything to look for.
 */
static void
up_step(struct ssh *ssh)
{
    struct ssh_conn *conn = ssh->conn;

    for (int i = 0; i < READS_A_TURN; i++)
        if (ssh_event_dopoll(conn->event, 0) != SSH_OK)
            break;
    if (!ssh_is_connected(conn->handle) ||
        ssh_get_status(conn->handle) & (SSH_CLOSED | SSH_CLOSED_ERROR))
        ssh_node_fail_session(ssh, "the connection broke");
    else if (conn->traffic.in_bytes != conn->seen) {
        conn->seen = conn->traffic.in_bytes;
        stream_ssh_wake_all(ssh);
    }
}

void
ssh_node_make_plain(struct err *err)
{
    size_t len = strlen(err->text);
    uint32_t rune;
    int n;

    for (size_t i = 0; i < len; i += (size_t)abs(n)) {
        n = utf8_decode((const uint8_t *)err->text + i, len - i, &rune);
        if (n == 0) /* cut at the end of the text */
            n = -(int)(len - i);
        if (n < 0 || rune < ' ' || (rune >= 0x7F && rune < 0xA0))
            memset(err->text + i, '?', (size_t)abs(n));
    }
}

/* Since 0.10 libssh leaves a socket that it was given open, in most cases. */
static void
close_left_socket(const struct ssh_conn *conn)
{
    struct stat ours, given;

    if (fstat(conn->fd, &ours) == 0 && fstat(conn->given_fd, &given) == 0 &&
        ours.st_dev == given.st_dev && ours.st_ino == given.st_ino)
        close(conn->given_fd);
    close(conn->fd);
}

void
ssh_conn_release(struct ssh_conn *conn)
{
    if (conn == NULL || --conn->users > 0)
        return;
    if (conn->event != NULL)
        ssh_event_free(conn->event);
    if (conn->broken)
        ssh_silent_disconnect(conn->handle);
    else
        ssh_disconnect(conn->handle);
    ssh_free(conn->handle);
    close_left_socket(conn);
    free(conn);
}

/* Back to idle; the worker, if there is one, is left behind. */
static void
forget(struct ssh *ssh)
{
    loop_timer_stop(ssh->deadline);
    loop_timer_stop(ssh->kick);
    dial_free(ssh->dial);
    ssh->dial = NULL;
    loop_fd_free(ssh->watch);
    ssh->watch = NULL;
    tcp_watch_free(ssh->peer);
    ssh->peer = NULL;
    ssh_node_agent_abandon(ssh);
    if (ssh->work == NULL || ssh->phase != PHASE_FILES)
        ssh_node_files_free(ssh->files); /* else the worker's, until released */
    if (ssh->work != NULL)
        loop_work_free(ssh->work);
    ssh->work = NULL;
    ssh->files = NULL;
    ssh_conn_release(ssh->conn);
    ssh->conn = NULL;
    ssh->phase = PHASE_IDLE;
}

void
ssh_node_fail(struct ssh *ssh, const struct err *why)
{
    struct err copy = *why;

    log_info("ssh", "%s", copy.text);
    if (ssh->conn != NULL)
        ssh->conn->broken = true;
    forget(ssh);
    stream_ssh_fail_all(ssh, &copy);
}

void
ssh_node_failf(struct ssh *ssh, enum err_kind kind, const char *fmt, ...)
{
    struct err why;
    char text[sizeof why.text];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(&why, kind, "%s: %s", ssh->name, text);
    ssh_node_make_plain(&why);
    ssh_node_fail(ssh, &why);
}

void
ssh_node_fail_session(struct ssh *ssh, const char *doing)
{
    /* Asking for the message replaces the error, so that comes first. */
    char *error = xstrdup(ssh_get_error(ssh->conn->handle));
    const char *said = ssh_get_disconnect_message(ssh->conn->handle);

    if (said == NULL || *said == '\0')
        said = *error == '\0' || strstr(error, "not closed yet") != NULL
                   ? "the server left without a word"
                   : error;
    if (tcp_watch_found_dead(ssh->peer))
        ssh_node_failf(ssh, ERR_TIMEOUT,
                       "%s: the node does not answer any more", doing);
    else
        ssh_node_failf(ssh, ERR_PEER, "%s: %s", doing, said);
    free(error);
}

static char *
copy(const char *text)
{
    return text != NULL ? xstrdup(text) : NULL;
}

struct ssh *
ssh_node_new(struct loop *loop, const struct ssh_spec *spec)
{
    struct ssh *ssh = xcalloc(1, sizeof *ssh);

    /* libssh writes to the agent without MSG_NOSIGNAL. */
    signal(SIGPIPE, SIG_IGN);
    ssh->loop = loop;
    ssh->name = xstrdup(spec->name);
    ssh->host = xstrdup(spec->host);
    ssh->user = copy(spec->user);
    ssh->identity = copy(spec->identity);
    ssh->known_hosts = copy(spec->known_hosts);
    ssh->port = spec->port != 0 ? spec->port : 22;
    ssh->timeout_ms =
        spec->timeout_ms != 0 ? spec->timeout_ms : LINK_CONNECT_TIMEOUT_MS;
    ssh->deadline = loop_timer_new(loop, on_deadline, ssh);
    ssh->kick = loop_timer_new(loop, on_kick, ssh);
    return ssh;
}

void
ssh_node_free(struct ssh *ssh)
{
    if (ssh == NULL)
        return;
    BUG_ON(ssh->channels != NULL);
    forget(ssh);
    loop_timer_free(ssh->deadline);
    loop_timer_free(ssh->kick);
    free(ssh->name);
    free(ssh->host);
    free(ssh->user);
    free(ssh->identity);
    free(ssh->known_hosts);
    free(ssh);
}

/*
 * libssh says good-bye wherever it can: when a channel is closed, when the
 * session is, when either is freed. So it gets a socket that nobody reads.
 */
int
ssh_node_keep(struct ssh *ssh)
{
    struct ssh_conn *conn = ssh->conn;
    int ends[2], kept;

    if (ssh->phase != PHASE_UP ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    close(ends[1]);
    kept = tcp_keep(conn->fd);
    if (kept >= 0) {
        loop_fd_free(ssh->watch);
        ssh->watch = NULL;
        dup3(ends[0], conn->fd, O_CLOEXEC);
        dup3(ends[0], conn->given_fd, O_CLOEXEC);
        conn->broken = true;
    }
    close(ends[0]);
    return kept;
}

const char *
ssh_node_name(const struct ssh *ssh)
{
    return ssh->name;
}
