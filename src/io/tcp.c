/* tcp.c - what each of our TCP sockets gets: options, and a watch. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/tcp.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "io/loop.h"

#define WATCH_EVERY_US 1000000

/* With a closed window the kernel asks again at growing distances. */
#define UNANSWERED_PROBES 4

struct tcp_watch {
    struct loop_timer *timer;
    int fd;
    bool dead;
};

static void
set(int fd, int level, int option, int value)
{
    /* An option that is refused costs speed or a late notice, no more. */
    (void)setsockopt(fd, level, option, &value, sizeof value);
}

void
tcp_set_options(int fd)
{
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

int
tcp_keep(int fd)
{
    int kept = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    if (kept < 0)
        return -1;
    set(kept, IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(kept, IPPROTO_TCP, TCP_KEEPINTVL, 60);
    set(kept, IPPROTO_TCP, TCP_KEEPCNT, 5);
    return kept;
}

void
tcp_ack_now(int fd)
{
    set(fd, IPPROTO_TCP, TCP_QUICKACK, 1);
}

static bool
has_bytes_under_way(int fd)
{
    int len = 0;

    return ioctl(fd, SIOCOUTQ, &len) == 0 && len > 0;
}

static bool
peer_is_dead(int fd)
{
    struct tcp_info info;
    socklen_t len = sizeof info;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return false;
    return (info.tcpi_unacked > 0 && info.tcpi_retransmits > 0 &&
            info.tcpi_last_ack_recv >= TCP_DEAD_MS) ||
           info.tcpi_probes >= UNANSWERED_PROBES;
}

static void
look(void *ctx)
{
    struct tcp_watch *watch = ctx;

    if (!has_bytes_under_way(watch->fd))
        return; /* keepalive goes on from here */
    if (!peer_is_dead(watch->fd)) {
        loop_timer_set(watch->timer, WATCH_EVERY_US);
        return;
    }
    watch->dead = true;
    shutdown(watch->fd, SHUT_RDWR);
}

struct tcp_watch *
tcp_watch_new(struct loop *loop, int fd)
{
    struct tcp_watch *watch = xcalloc(1, sizeof *watch);

    watch->timer = loop_timer_new(loop, look, watch);
    watch->fd = fd;
    return watch;
}

void
tcp_watch_free(struct tcp_watch *watch)
{
    if (watch == NULL)
        return;
    loop_timer_free(watch->timer);
    free(watch);
}

void
tcp_watch_poke(struct tcp_watch *watch)
{
    if (!watch->dead && !loop_timer_is_set(watch->timer))
        loop_timer_set(watch->timer, WATCH_EVERY_US);
}

bool
tcp_watch_found_dead(const struct tcp_watch *watch)
{
    return watch->dead;
}
