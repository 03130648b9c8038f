/* fds.h - descriptors that a forked process must not keep. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_FDS_H
#define BASE_FDS_H

/* Close all from first to last, those that are open; nothing when first is
   beyond last. Async-signal-safe. */
void fds_close(unsigned first, unsigned last);

#endif
