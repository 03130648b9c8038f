/* stage.c - the live side of a run: sessions, consoles, journal, hearing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "console/console.h"
#include "console/dialog.h"
#include "console/shell.h"
#include "io/command.h"
#include "io/loop.h"
#include "io/ssh.h"
#include "journal/journal.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "term/keys.h"
#include "term/term.h"

/* A shell that brings no mark in this time is none that we can set up. */
#define SET_UP_US 3000000

/* A console on the stage. */
struct actor {
    struct stage *stage;
    const struct script_console *what;
    struct console *console;
    bool ever_up;
    bool was_up;  /* its link, since it was last opened */
    bool closing; /* by us: its end is no loss */
    bool bare;    /* its shell waits to be set up, at this level */
    unsigned level;
    struct buf replies; /* of the terminal, that are to be sent */
    bool answered; /* its far end asked the terminal, since a line was typed */
};

struct stage {
    struct stage_spec spec;
    struct stage_sink sink;
    struct hearing *hearing;
    struct ssh **sessions; /* one a node of the lab */
    struct actor *actors;  /* one a console of the script */
    struct loop_timer *timer;
    bool broken;
};

static void
broke(struct stage *stage, const struct err *why)
{
    if (stage->broken)
        return;
    stage->broken = true;
    log_warn("stage", "%s", why->text);
    stage->sink.broken(stage->sink.ctx, why);
}

uint64_t
stage_now(struct stage *stage)
{
    return run_clock_stamp(stage->spec.clock);
}

void
stage_record(struct stage *stage, struct record *record, uint64_t at_us)
{
    struct err err = ERR_INIT;

    if (!journal_add_at(stage->spec.journal, record, at_us, &err))
        broke(stage, &err);
}

bool
stage_is_broken(const struct stage *stage)
{
    return stage->broken;
}

void
stage_sync(struct stage *stage)
{
    struct err err = ERR_INIT;

    if (!journal_sync(stage->spec.journal, &err))
        broke(stage, &err);
}

void
stage_wait(struct stage *stage)
{
    uint64_t due_us = hearing_due_us(stage->hearing);

    if (due_us == 0)
        loop_timer_stop(stage->timer);
    else
        loop_timer_set_at(stage->timer, stage->spec.clock->origin_us + due_us);
}

static void set_up(struct actor *actor);
static void send_replies(struct actor *actor);

/*
 * What was heard is through; only now something is done about it, so that a
 * recording gives the same order.
 */
static void
progress(struct stage *stage, uint64_t at_us)
{
    for (size_t i = 0; i < stage->spec.script->consoles_len; i++) {
        if (stage->actors[i].replies.len > 0)
            send_replies(&stage->actors[i]);
        if (stage->actors[i].bare)
            set_up(&stage->actors[i]);
    }
    stage->sink.progress(stage->sink.ctx, at_us);
    stage_wait(stage);
}

static void
on_timer(void *ctx)
{
    struct stage *stage = ctx;
    uint64_t now = stage_now(stage);

    hearing_time(stage->hearing, now);
    progress(stage, now);
}

static struct actor *
actor_of(const struct stage *stage, const struct script_console *console)
{
    return &stage->actors[console - stage->spec.script->consoles];
}

/* A record about a console: its name and where its recording stands. */
static struct record *
console_record(const struct stage *stage, const char *event,
               const struct script_console *console)
{
    struct record *record = record_new(event);

    record_text(record, "pane", console->name);
    record_int(record, "offset", (int64_t)stage_offset(stage, console));
    return record;
}

static void
on_bytes(void *ctx, uint64_t at_us, const uint8_t *bytes, size_t len)
{
    struct actor *actor = ctx;

    hearing_bytes(actor->stage->hearing, actor->what->name, at_us, bytes, len);
    progress(actor->stage, at_us);
}

/*
 * Whether an ended link is the lab's or our trouble. A telnet peer that left
 * or refuses is QEMU's own doing, as long as the node can be reached: the
 * tunnel's breaking is told as another kind of error, and where there is no
 * tunnel a killed QEMU resets what was up. A shell of ours does not end by
 * itself: when no action leaves it, its node lost it.
 */
static bool
is_our_trouble(const struct actor *actor, const struct link_status *status)
{
    bool telnet = strcmp(actor->what->kind, "telnet") == 0;
    enum err_kind why = status->reason.kind;

    if (actor->closing)
        return false;
    if (status->state == LINK_CLOSED)
        return actor->was_up && script_console_is_shell(actor->what);
    if (status->state != LINK_LOST)
        return false;
    if (telnet && actor->what->via == NULL && actor->was_up && why == ERR_PEER)
        return false;
    return !telnet || why != ERR_REFUSED;
}

static void
on_state(void *ctx, uint64_t at_us, const struct link_status *status)
{
    struct actor *actor = ctx;
    struct stage *stage = actor->stage;
    struct record *record = console_record(stage, "link", actor->what);
    bool ours = is_our_trouble(actor, status);

    record_text(record, "state", link_state_name(status->state));
    if (status->reason.kind != ERR_NONE) {
        record_text(record, "reason", status->reason.text);
        record_text(record, "kind", err_kind_name(status->reason.kind));
    }
    record_bool(record, "ours", ours);
    if (status->exit_status >= 0)
        record_int(record, "status", status->exit_status);
    stage_record(stage, record, at_us);
    actor->was_up = status->state == LINK_UP;
    actor->ever_up = actor->ever_up || actor->was_up;
    hearing_link(stage->hearing, actor->what->name, at_us, status->state, ours,
                 status->reason.text);
    if (ours)
        stage->sink.lost(stage->sink.ctx, actor->what, status->reason.text);
    progress(stage, at_us);
}

static void
on_broken(void *ctx, const struct err *why)
{
    struct actor *actor = ctx;

    broke(actor->stage, why);
}

/* A shell came up in a shell: give it marks, unseen. */
static void
set_up(struct actor *actor)
{
    struct stage *stage = actor->stage;
    const struct script_console *console = actor->what;
    struct record *record = console_record(stage, "set-up", console);
    char *line = shell_setup_line(stage->spec.nonce, actor->level);
    struct err err = ERR_INIT;
    uint64_t now = stage_now(stage);

    actor->bare = false;
    record_int(record, "level", actor->level);
    record_number(record, "until", (double)(now + SET_UP_US) / 1e6);
    stage_record(stage, record, now);
    hearing_set_up(stage->hearing, console->name, now, now + SET_UP_US);
    if (!console_write(actor->console, (const uint8_t *)line, strlen(line),
                       &err) ||
        !console_write(actor->console, (const uint8_t *)"\r", 1, &err))
        log_warn("stage", "%s: %s", console->name, err.text);
    free(line);
}

static void
on_bare_shell(void *ctx, const struct script_console *console, uint64_t at_us,
              unsigned level)
{
    struct actor *actor = actor_of(ctx, console);

    (void)at_us;
    actor->bare = true;
    actor->level = level;
}

static void
on_ended(void *ctx, const struct script_console *console,
         const struct program *program, uint64_t at_us)
{
    struct stage *stage = ctx;

    (void)at_us;
    if (console->pane->lab.value && stage->sink.ended != NULL)
        stage->sink.ended(stage->sink.ctx, console, program);
}

static void
on_reply(void *ctx, const struct script_console *console, const uint8_t *bytes,
         size_t len)
{
    struct actor *actor = actor_of(ctx, console);

    buf_add(&actor->replies, bytes, len); /* few in any second: term/reply.h */
}

/* Those to what a console printed at once. */
static void
send_replies(struct actor *actor)
{
    struct stage *stage = actor->stage;
    struct record *record = console_record(stage, "answered", actor->what);
    struct err err = ERR_INIT;

    record_int(record, "bytes", (int64_t)actor->replies.len);
    stage_record(stage, record, stage_now(stage)); /* before it is done */
    if (!stage->broken) {
        actor->answered = true;
        if (!console_write(actor->console,
                           (const uint8_t *)actor->replies.bytes,
                           actor->replies.len, &err))
            log_debug("stage", "%s: reply not sent: %s", actor->what->name,
                      err.text);
    }
    buf_clear(&actor->replies);
}

static void
make_sessions(struct stage *stage)
{
    const struct lab *lab = stage->spec.script->lab;
    const struct lab_node *nodes = lab->nodes.items;

    stage->sessions = xcalloc(lab->nodes.len, sizeof *stage->sessions);
    for (size_t i = 0; i < lab->nodes.len; i++) {
        const struct lab_node *node = &nodes[i];
        const struct ssh_spec spec = {
            .name = node->name.text,
            .host = node->host,
            .port = (uint16_t)node->port.value,
            .user = node->user,
            .identity = node->identity.text != NULL ? node->identity.text
                                                    : lab->identity.text,
            .known_hosts = lab->known_hosts.text,
            .timeout_ms = LINK_CONNECT_TIMEOUT_MS,
        };

        if (node->ssh.text != NULL) /* else it is this machine */
            stage->sessions[i] = ssh_node_new(stage->spec.loop, &spec);
    }
}

static struct ssh *
session_of(const struct stage *stage, const struct lab_node *node)
{
    const struct lab_node *nodes = stage->spec.script->lab->nodes.items;

    return node != NULL ? stage->sessions[node - nodes] : NULL;
}

struct stage *
stage_new(const struct stage_spec *spec, const struct stage_sink *sink)
{
    struct stage *stage = xcalloc(1, sizeof *stage);
    const struct hearing_sink hearing_sink = {
        .bare_shell = on_bare_shell,
        .reply = on_reply,
        .ended = on_ended,
        .ctx = stage,
    };

    stage->spec = *spec;
    stage->sink = *sink;
    stage->hearing = hearing_new(spec->script, spec->nonce, &hearing_sink);
    stage->timer = loop_timer_new(spec->loop, on_timer, stage);
    stage->actors = xcalloc(spec->script->consoles_len, sizeof *stage->actors);
    for (size_t i = 0; i < spec->script->consoles_len; i++)
        stage->actors[i] = (struct actor){
            .stage = stage,
            .what = &spec->script->consoles[i],
        };
    make_sessions(stage);
    return stage;
}

void
stage_free(struct stage *stage)
{
    if (stage == NULL)
        return;
    for (size_t i = 0; i < stage->spec.script->consoles_len; i++) {
        console_free(stage->actors[i].console);
        buf_fini(&stage->actors[i].replies);
    }
    for (size_t i = 0; i < stage->spec.script->lab->nodes.len; i++)
        ssh_node_free(stage->sessions[i]);
    hearing_free(stage->hearing);
    loop_timer_free(stage->timer);
    free(stage->sessions);
    free(stage->actors);
    free(stage);
}

struct hearing *
stage_hearing(const struct stage *stage)
{
    return stage->hearing;
}

struct loop *
stage_loop(const struct stage *stage)
{
    return stage->spec.loop;
}

static bool
make_console(struct stage *stage, struct actor *actor, struct err *err)
{
    const struct console_sink sink = { on_bytes, on_state, on_broken, actor };
    const struct lab_node *node = actor->what->node;
    bool shell = script_console_is_shell(actor->what);
    char *command = shell ? shell_command(stage->spec.nonce, stage->spec.run_id,
                                          node->dir.text)
                          : NULL;
    const struct console_spec spec = {
        .what = actor->what,
        .via = session_of(stage, actor->what->via),
        .command = command,
        .clock = stage->spec.clock,
        .dirfd = stage->spec.panes_dirfd,
        .started_wall_us = stage->spec.started_wall_us,
    };

    actor->console = console_new(stage->spec.loop, &spec, &sink, err);
    free(command);
    return actor->console != NULL;
}

void
stage_connect(struct stage *stage, const struct script_console *console)
{
    struct actor *actor = actor_of(stage, console);
    struct err err = ERR_INIT;
    enum link_state state;

    if (actor->console == NULL && !make_console(stage, actor, &err)) {
        broke(stage, &err);
        return;
    }
    state = console_status(actor->console)->state;
    if (console_was_opened(actor->console) &&
        (state == LINK_UP || state == LINK_CONNECTING))
        return;
    actor->closing = actor->was_up = false;
    if (!console_connect(actor->console, &err))
        broke(stage, &err); /* a link that makes no sense: lint missed it */
}

bool
stage_was_up(const struct stage *stage, const struct script_console *console)
{
    return actor_of(stage, console)->ever_up;
}

const struct link_status *
stage_status(const struct stage *stage, const struct script_console *console)
{
    static const struct link_status none = { .state = LINK_CLOSED,
                                             .exit_status = -1 };
    const struct actor *actor = actor_of(stage, console);

    return actor->console != NULL ? console_status(actor->console) : &none;
}

static bool
write_keys(struct stage *stage, const struct script_console *console,
           const char *keys, struct err *err)
{
    struct dialog *dialog = hearing_dialog(stage->hearing, console->name);
    const struct term_modes modes = term_modes(dialog_term(dialog));
    struct buf bytes = BUF_INIT(4096);
    bool ok = keys_encode(keys, &modes, &bytes, err) &&
              console_write(actor_of(stage, console)->console,
                            (const uint8_t *)bytes.bytes, bytes.len, err);

    buf_fini(&bytes);
    return ok;
}

/* The line in one write, Enter behind it: nothing can come in between. */
static bool
write_line(struct stage *stage, const struct script_console *console,
           const char *text, struct err *err)
{
    char *line = xasprintf("%s\r", text);
    bool ok = console_write(actor_of(stage, console)->console,
                            (const uint8_t *)line, strlen(line), err);

    free(line);
    return ok;
}

/*
 * What asked may not have read the answer: "cat" of a file that asks leaves it
 * to the shell, as if somebody had typed it. Nothing is typed behind that:
 * these keys clear it; NULL when there is nothing to clear.
 */
static const char *
clearing_keys(const struct stage *stage, const struct action *action)
{
    const struct program *program =
        dialog_program(hearing_dialog(stage->hearing, action->console->name));

    if (action->kind == ACTION_KEY || program == NULL ||
        !actor_of(stage, action->console)->answered)
        return NULL;
    return program->clear.text;
}

bool
stage_type(struct stage *stage, const struct action *action, const char *where,
           struct err *err)
{
    const struct script_console *console = action->console;
    struct record *record = console_record(stage, "typed", console);
    const char *clears = clearing_keys(stage, action);
    uint64_t now = stage_now(stage);
    bool cleared;

    record_text(record, "where", where);
    record_text(record, "clears", clears);
    record_text(record, action->kind == ACTION_KEY ? "keys" : "text",
                action->command);
    stage_record(stage, record, now); /* before it is done */
    if (stage->broken)
        return err_set(err, ERR_SYS, "recording failed");
    if (action->leaves.text != NULL)
        actor_of(stage, console)->closing = dialog_is_last(
            hearing_dialog(stage->hearing, console->name), action->leaves.text);
    if (action->kind != ACTION_KEY)
        actor_of(stage, console)->answered = false;
    cleared = clears == NULL || write_keys(stage, console, clears, err);
    hearing_typed(stage->hearing, action, now);
    stage_wait(stage);
    if (!cleared)
        return false;
    return action->kind == ACTION_KEY
               ? write_keys(stage, console, action->command, err)
               : write_line(stage, console, action->command, err);
}

bool
stage_press(struct stage *stage, const struct script_console *console,
            const char *keys, struct err *err)
{
    struct record *record = console_record(stage, "pressed", console);
    uint64_t now = stage_now(stage);

    record_text(record, "keys", keys);
    stage_record(stage, record, now);
    hearing_pressed(stage->hearing, console->name, now);
    stage_wait(stage);
    return write_keys(stage, console, keys, err);
}

/* Bytes up to and with the first that sends a line off or interrupts. */
static size_t
line_end(const uint8_t *bytes, size_t len, bool *ends_line)
{
    static const char enders[] = "\r\n\003\004\032";

    *ends_line = false;
    for (size_t i = 0; i < len && !*ends_line; i++)
        if (bytes[i] != '\0' && strchr(enders, bytes[i]) != NULL) {
            *ends_line = true;
            len = i + 1;
        }
    return len;
}

bool
stage_human(struct stage *stage, const struct script_console *console,
            const uint8_t *bytes, size_t len, struct err *err)
{
    struct actor *actor = actor_of(stage, console);

    if (stage_status(stage, console)->state != LINK_UP)
        return err_set(err, ERR_PEER, "%s is not connected", console->name);
    for (size_t done = 0, n; done < len; done += n) {
        struct record *record = console_record(stage, "human", console);
        uint64_t now = stage_now(stage);
        bool ends_line;
        char *text;

        n = line_end(bytes + done, len - done, &ends_line);
        text = hearing_human(stage->hearing, console->name, now, n, ends_line);
        record_int(record, "bytes", (int64_t)n);
        record_bool(record, "ends_line", ends_line);
        if (ends_line)
            record_text(record, "text", text);
        free(text);
        stage_record(stage, record, now);
        if (!console_write(actor->console, bytes + done, n, err))
            return false;
    }
    progress(stage, stage_now(stage));
    return true;
}

void
stage_resize(struct stage *stage, const struct script_console *console,
             uint16_t cols, uint16_t rows)
{
    struct actor *actor = actor_of(stage, console);
    struct record *record = console_record(stage, "resize", console);
    uint64_t now = stage_now(stage);

    record_int(record, "cols", cols);
    record_int(record, "rows", rows);
    stage_record(stage, record, now);
    hearing_resize(stage->hearing, console->name, now, cols, rows);
    if (actor->console != NULL)
        console_resize(actor->console, now, cols, rows);
    progress(stage, stage_now(stage));
}

struct command *
stage_command(struct stage *stage, const struct lab_node *node,
              const char *text, uint32_t timeout_ms,
              void (*done)(void *ctx, const struct command_result *result),
              void *ctx)
{
    char *in_dir = shell_in_dir(node->dir.text, text);
    struct command *command =
        command_new(stage->spec.loop, session_of(stage, node), in_dir,
                    timeout_ms, done, ctx);

    free(in_dir);
    return command;
}

void
stage_marker(struct stage *stage, uint64_t at_us, const char *label)
{
    for (size_t i = 0; i < stage->spec.script->consoles_len; i++)
        if (stage->actors[i].console != NULL)
            console_marker(stage->actors[i].console, at_us, label);
}

uint64_t
stage_offset(const struct stage *stage, const struct script_console *console)
{
    const struct actor *actor = actor_of(stage, console);

    return actor->console != NULL ? console_offset(actor->console) : 0;
}

size_t
stage_keep(struct stage *stage, int **fds)
{
    size_t consoles = stage->spec.script->consoles_len, len = 0;
    size_t nodes = stage->spec.script->lab->nodes.len;
    int *list = xcalloc(consoles + nodes, sizeof *list), fd;

    for (size_t i = 0; i < consoles; i++)
        if (stage->actors[i].console != NULL &&
            (fd = console_keep(stage->actors[i].console)) >= 0)
            list[len++] = fd;
    for (size_t i = 0; i < nodes; i++)
        if (stage->sessions[i] != NULL &&
            (fd = ssh_node_keep(stage->sessions[i])) >= 0)
            list[len++] = fd;
    *fds = list;
    return len;
}

void
stage_close_consoles(struct stage *stage)
{
    for (size_t i = 0; i < stage->spec.script->consoles_len; i++) {
        struct actor *actor = &stage->actors[i];

        if (actor->console == NULL || !console_was_opened(actor->console))
            continue;
        actor->closing = true;
        console_close(actor->console);
    }
}
