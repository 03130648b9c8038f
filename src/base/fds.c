/* fds.c - descriptors that a forked process must not keep. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/fds.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

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
    getrlimit(RLIMIT_NOFILE, &limit); /* before Linux 5.9 */
    for (unsigned fd = first; fd <= last && fd < limit.rlim_cur; fd++)
        close((int)fd);
}
