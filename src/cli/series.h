/*
 * series.h - the runs of one command, one after another on one lab.
 *
 * A run that does not pass does not end the series. A lab that is not as it
 * was, or not there, does: what is run on it proves nothing.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_SERIES_H
#define CLI_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"
#include "cli/exit-style.h"

struct loop;
struct session;

struct series_spec {
    struct loop *loop;
    struct session *sessions; /* one a case, all on one lab and screen */
    size_t len;
    size_t rounds; /* how many times all of them */
    bool soak;     /* a line a run instead of what each has to say */
    enum exit_style style;
};

/*
 * Run them. Returns what all of them come to, of enum exit_code. With more
 * than one, or a soak, a summary stands behind them.
 */
int series_run(const struct series_spec *spec) NONNULL(1);

#endif
