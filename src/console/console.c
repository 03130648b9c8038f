/* console.c - a live link and its recording. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "console/console.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "io/cast.h"
#include "io/loop.h"
#include "lab/pane.h"
#include "plan/script.h"

/* What may begin a secret value is waited for so long. */
#define SECRET_QUIET_US 200000

struct console {
    struct loop *loop;
    struct console_spec spec;
    struct console_sink sink;
    char *command;
    struct link *link; /* NULL until it is connected */
    struct link_status none;
    struct cast_writer *cast;
    struct utf8_gate gate;
    struct buf valid; /* what the gate lets through */
    struct secret_gate secrets;
    struct loop_timer *quiet; /* until it lets go of what it holds back */
    struct buf whole;         /* what both let through */
    bool broken;
};

static void
broke(struct console *console, const struct err *why)
{
    if (console->broken)
        return;
    console->broken = true;
    console->sink.broken(console->sink.ctx, why);
}

/* Record what came and give it on. */
static void
pass_on(struct console *console)
{
    uint64_t at_us;
    struct err err = ERR_INIT;

    if (console->whole.len == 0)
        return; /* all of it is held back: a cut character */
    at_us = run_clock_stamp(console->spec.clock);
    if (console->cast != NULL && !console->broken &&
        !cast_output(console->cast, at_us, console->whole.bytes,
                     console->whole.len, &err))
        broke(console, &err);
    console->sink.bytes(console->sink.ctx, at_us,
                        (const uint8_t *)console->whole.bytes,
                        console->whole.len);
}

static void
on_data(void *ctx, const uint8_t *bytes, size_t len)
{
    struct console *console = ctx;

    buf_clear(&console->valid);
    buf_clear(&console->whole);
    utf8_gate_pass(&console->gate, bytes, len, &console->valid);
    secret_gate_pass(&console->secrets, buf_text(&console->valid),
                     console->valid.len, &console->whole);
    if (secret_gate_waits(&console->secrets))
        loop_timer_set(console->quiet, SECRET_QUIET_US);
    else
        loop_timer_stop(console->quiet);
    pass_on(console);
}

static void
on_quiet(void *ctx)
{
    struct console *console = ctx;

    buf_clear(&console->whole);
    secret_gate_quiet(&console->secrets, &console->whole);
    pass_on(console);
}

static void
on_state(void *ctx, const struct link_status *status)
{
    struct console *console = ctx;

    if (status->state == LINK_LOST || status->state == LINK_CLOSED) {
        buf_clear(&console->valid);
        buf_clear(&console->whole);
        utf8_gate_end(&console->gate, &console->valid);
        secret_gate_pass(&console->secrets, buf_text(&console->valid),
                         console->valid.len, &console->whole);
        secret_gate_end(&console->secrets, &console->whole);
        loop_timer_stop(console->quiet);
        pass_on(console);
    }
    console->sink.state(console->sink.ctx, run_clock_stamp(console->spec.clock),
                        status);
}

static bool
open_recording(struct console *console, struct err *err)
{
    const struct script_console *what = console->spec.what;
    const struct cast_header header = {
        .cols = what->pane->size.cols,
        .rows = what->pane->size.rows,
        .wall_us = console->spec.started_wall_us,
        .title = what->title,
    };
    char *name;

    if (console->spec.dirfd < 0)
        return true;
    name = xasprintf("%s.cast", what->name);
    console->cast = cast_writer_new(console->spec.dirfd, name, &header, err);
    free(name);
    return console->cast != NULL;
}

struct console *
console_new(struct loop *loop, const struct console_spec *spec,
            const struct console_sink *sink, struct err *err)
{
    struct console *console = xcalloc(1, sizeof *console);

    console->loop = loop;
    console->spec = *spec;
    console->sink = *sink;
    console->command = spec->command != NULL ? xstrdup(spec->command) : NULL;
    console->quiet = loop_timer_new(loop, on_quiet, console);
    console->none =
        (struct link_status){ .state = LINK_CLOSED, .exit_status = -1 };
    if (open_recording(console, err))
        return console;
    console_free(console);
    return NULL;
}

void
console_free(struct console *console)
{
    if (console == NULL)
        return;
    link_free(console->link);
    cast_writer_free(console->cast);
    loop_timer_free(console->quiet);
    buf_fini(&console->secrets.held);
    buf_fini(&console->valid);
    buf_fini(&console->whole);
    free(console->command);
    free(console);
}

bool
console_connect(struct console *console, struct err *err)
{
    const struct script_console *what = console->spec.what;
    bool own_shell = strcmp(what->kind, "pty") == 0 && console->command != NULL;
    const struct pane_link *link = &what->pane->link;
    const struct link_spec spec = {
        .kind = own_shell ? "exec" : what->kind,
        .node = console->spec.via,
        .command = what->command != NULL ? what->command : console->command,
        .host = what->host,
        .port = what->port,
        .qemu = link->qemu.value,
        .file = what->file,
        .speed = 1,
        .cols = what->pane->size.cols,
        .rows = what->pane->size.rows,
        .connect_timeout_ms = (uint32_t)link->timeout.value,
        .retries = (unsigned)link->retry.value,
        .retry_delay_ms = link->retry_after.given
                              ? (uint32_t)link->retry_after.value
                              : PANE_LINK_RETRY_AFTER_MS,
    };
    const struct link_sink sink = { on_data, on_state, console };

    if (console->link != NULL) {
        enum link_state state = link_status(console->link)->state;

        if (state == LINK_LOST || state == LINK_CLOSED)
            link_reconnect(console->link);
        return true;
    }
    console->link = link_new(console->loop, &spec, &sink, err);
    return console->link != NULL;
}

bool
console_was_opened(const struct console *console)
{
    return console->link != NULL;
}

const struct link_status *
console_status(const struct console *console)
{
    return console->link != NULL ? link_status(console->link) : &console->none;
}

bool
console_write(struct console *console, const uint8_t *bytes, size_t len,
              struct err *err)
{
    if (console->link == NULL)
        return err_set(err, ERR_PEER, "%s is not connected",
                       console->spec.what->name);
    return link_write(console->link, bytes, len, err);
}

void
console_close(struct console *console)
{
    if (console->link != NULL)
        link_close(console->link);
}

int
console_keep(struct console *console)
{
    return console->link != NULL ? link_keep(console->link) : -1;
}

void
console_marker(struct console *console, uint64_t at_us, const char *label)
{
    struct err err = ERR_INIT;

    if (console->cast != NULL && !console->broken &&
        !cast_marker(console->cast, at_us, label, &err))
        broke(console, &err);
}

uint64_t
console_offset(const struct console *console)
{
    return console->cast != NULL ? cast_offset(console->cast) : 0;
}

void
console_resize(struct console *console, uint64_t at_us, uint16_t cols,
               uint16_t rows)
{
    struct err err = ERR_INIT;

    if (console->link != NULL)
        link_resize(console->link, cols, rows);
    if (console->cast != NULL && !console->broken &&
        !cast_resize(console->cast, at_us, cols, rows, &err))
        broke(console, &err);
}
