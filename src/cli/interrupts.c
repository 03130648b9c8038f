/* interrupts.c - the signals that stop what runs without a screen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/interrupts.h"

#include <signal.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "io/loop.h"

static const int signums[] = { SIGINT, SIGTERM, SIGHUP };

struct interrupts {
    struct loop *loop;
    struct loop_signal *signals[ARRAY_LEN(signums)];
    void (*call)(void *ctx);
    void *ctx;
    bool came;
};

static void
on_signal(void *ctx, int signum)
{
    struct interrupts *interrupts = ctx;

    (void)signum;
    interrupts->came = true;
    if (interrupts->call != NULL)
        interrupts->call(interrupts->ctx);
}

struct interrupts *
interrupts_new(struct loop *loop)
{
    struct interrupts *interrupts = xcalloc(1, sizeof *interrupts);

    interrupts->loop = loop;
    for (size_t i = 0; i < ARRAY_LEN(signums); i++)
        interrupts->signals[i] =
            loop_signal_new(loop, signums[i], on_signal, interrupts);
    return interrupts;
}

void
interrupts_free(struct interrupts *interrupts)
{
    if (interrupts == NULL)
        return;
    for (size_t i = 0; i < ARRAY_LEN(signums); i++)
        loop_signal_free(interrupts->signals[i]);
    free(interrupts);
}

void
interrupts_tell(struct interrupts *interrupts, void (*call)(void *ctx),
                void *ctx)
{
    interrupts->call = call;
    interrupts->ctx = ctx;
}

bool
interrupts_came(struct interrupts *interrupts)
{
    loop_turn(interrupts->loop);
    return interrupts->came;
}
