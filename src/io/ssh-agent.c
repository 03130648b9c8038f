/*
 * ssh-agent.c - the login with a key that the user's agent holds.
 *
 * libssh talks to an agent with blocking calls that have no time limit. So a
 * worker makes them, on a socket that we connected and can shut down, and owns
 * the session until it is done; the loop does not touch it meanwhile.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/loop.h"
#include "io/ssh-core.h"

struct ssh_agent {
    struct ssh_conn *conn; /* holds it */
    int fd;                /* a duplicate: libssh closes its own */
    int rc;
    struct err interrupted; /* why we woke it */
    struct ssh *ssh;        /* only for done() */
};

static int
connect_agent(const char *path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int fd;

    if (strlen(path) >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(to.sun_path, path, strlen(path) + 1);
    /* Non-blocking: connecting too waits for ever where the queue is full. */
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        int saved = errno;

        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static void
run_agent(void *ctx)
{
    struct ssh_agent *agent = ctx;
    ssh_session handle = agent->conn->handle;

    ssh_set_blocking(handle, 1);
    agent->rc = ssh_userauth_agent(handle, NULL);
    ssh_set_blocking(handle, 0);
}

static void
free_agent(void *ctx)
{
    struct ssh_agent *agent = ctx;

    close(agent->fd);
    ssh_conn_release(agent->conn);
    free(agent);
}

static void
on_agent(void *ctx)
{
    struct ssh_agent *agent = ctx;
    struct ssh *ssh = agent->ssh;
    struct err interrupted = agent->interrupted;
    int rc = agent->rc;

    free_agent(agent);
    ssh->agent = NULL;
    ssh->work = NULL;
    if (interrupted.kind != ERR_NONE)
        ssh_node_fail(ssh, &interrupted);
    else if (rc == SSH_AUTH_SUCCESS)
        ssh_node_enter(ssh, PHASE_UP);
    else if (rc == SSH_AUTH_ERROR)
        ssh_node_fail_session(ssh, "the login broke off");
    else
        ssh_node_failf(
            ssh, ERR_AUTH,
            "not let in as %s: %s, and the agent has no key that the "
            "server takes",
            ssh->user != NULL ? ssh->user : "nobody", ssh->files->key_err.text);
}

static void
start(struct ssh *ssh, int fd)
{
    static const struct loop_work_calls calls = { run_agent, on_agent,
                                                  free_agent };
    struct ssh_agent *agent = xcalloc(1, sizeof *agent);

    agent->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (agent->fd < 0 || ssh_set_agent_socket(ssh->conn->handle, fd) != SSH_OK)
        xalloc_die();
    agent->conn = ssh->conn;
    agent->conn->users++;
    agent->ssh = ssh;
    ssh->agent = agent;
    loop_fd_want(ssh->watch, 0);
    ssh->work = loop_work_new(ssh->loop, &calls, agent);
}

void
ssh_node_agent_enter(struct ssh *ssh)
{
    const char *path = getenv("SSH_AUTH_SOCK");
    const char *key_trouble = ssh->files->key_err.text;
    int fd;

    if (path == NULL || *path == '\0') {
        ssh_node_failf(ssh, ERR_AUTH, "%s, and no ssh agent is running",
                       key_trouble);
        return;
    }
    fd = connect_agent(path);
    if (fd < 0)
        ssh_node_failf(ssh, ERR_AUTH, "%s, and the ssh agent at %s: %s",
                       key_trouble, path, strerror(errno));
    else
        start(ssh, fd);
}

void
ssh_node_agent_interrupt(struct ssh *ssh, const struct err *why)
{
    struct ssh_agent *agent = ssh->agent;

    agent->interrupted = *why;
    shutdown(agent->fd, SHUT_RDWR);
    shutdown(agent->conn->fd, SHUT_RDWR);
}

void
ssh_node_agent_abandon(struct ssh *ssh)
{
    if (ssh->agent == NULL)
        return;
    shutdown(ssh->agent->fd, SHUT_RDWR);
    shutdown(ssh->agent->conn->fd, SHUT_RDWR);
    ssh->agent->conn->broken = true;
    ssh->agent = NULL;
}
