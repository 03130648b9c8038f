/* fds.c - descriptors that a forked process must not keep. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/fds.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/macros.h"

/* Containers may have a limit of 2^30: to try them all takes minutes. */
#define TRIED_MAX 65536u

void
fds_close(unsigned first, unsigned last)
{
    struct rlimit limit = { .rlim_cur = 1024 };

    if (first > last)
        return;
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, last, 0) == 0)
        return;
#endif
    /* Before Linux 5.9. No walk of /proc/self/fd: that takes memory. */
    getrlimit(RLIMIT_NOFILE, &limit);
    last = MIN(last, TRIED_MAX - 1);
    for (unsigned fd = first; fd <= last && fd < limit.rlim_cur; fd++)
        close((int)fd);
}
