/* teardown.c - take back what a run did. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/teardown.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "console/dialog.h"
#include "io/command.h"
#include "io/link.h"
#include "io/loop.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "run/ledger.h"
#include "run/stage.h"
#include "run/task.h"

#define ASK_EVERY_US  100000  /* between two looks at what is left */
#define KILL_AFTER_US 3000000 /* SIGTERM was not enough */
#define GIVE_UP_US    8000000 /* nor was SIGKILL */
#define COMMAND_MS    8000

/* One node being swept. */
struct sweep {
    struct teardown *teardown;
    const struct lab_node *node;
    struct command *command;
    struct loop_timer *timer;
    uint64_t began_us;
    unsigned looks, seen;
    bool done;
};

struct teardown {
    struct teardown_spec spec;
    void (*done)(void *ctx, const struct teardown_result *result);
    void *ctx;
    struct teardown_result result;
    size_t next; /* undo action */
    struct task *task;
    struct sweep *sweeps; /* one a node */
    struct loop_timer *later;
    bool sweeping;
};

static void next_action(struct teardown *teardown);
static void ask(void *ctx);

static void
record_skip(struct teardown *teardown, const struct action *action,
            const char *where, const char *why)
{
    struct record *record = record_new("undo.skip");

    record_text(record, "where", where);
    record_text(record, "command", action->command);
    record_text(record, "reason", why);
    stage_record(teardown->spec.stage, record, stage_now(teardown->spec.stage));
    teardown->result.skipped++;
}

static void
finish(void *ctx)
{
    struct teardown *teardown = ctx;

    teardown->done(teardown->ctx, &teardown->result);
}

static void
sweep_ended(struct sweep *sweep, unsigned left, const char *trouble)
{
    struct teardown *teardown = sweep->teardown;
    struct stage *stage = teardown->spec.stage;
    struct record *record = record_new("swept");
    size_t n = teardown->spec.script->lab->nodes.len;

    sweep->done = true;
    record_text(record, "node", sweep->node->name.text);
    record_int(record, "ended", (int64_t)sweep->seen - left);
    record_int(record, "left", left);
    record_text(record, "trouble", trouble);
    stage_record(stage, record, stage_now(stage));
    teardown->result.ended += sweep->seen - left;
    teardown->result.left += trouble != NULL && left == 0 ? 1 : left;
    for (size_t i = 0; i < n; i++)
        if (!teardown->sweeps[i].done)
            return;
    loop_timer_free(teardown->later);
    teardown->later = loop_timer_new(stage_loop(stage), finish, teardown);
    loop_timer_set(teardown->later, 0);
}

static unsigned
count_lines(const char *text)
{
    unsigned lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void
on_asked(void *ctx, const struct command_result *result)
{
    struct sweep *sweep = ctx;
    struct stage *stage = sweep->teardown->spec.stage;
    struct command *command = sweep->command;
    unsigned left = count_lines(result->out);

    sweep->command = NULL;
    if (sweep->looks++ == 0)
        sweep->seen = left;
    if (result->err.kind != ERR_NONE)
        sweep_ended(sweep, 0, result->err.text);
    else if (left == 0)
        sweep_ended(sweep, 0, NULL);
    else if (stage_now(stage) - sweep->began_us > GIVE_UP_US)
        sweep_ended(sweep, left, "would not end, not even by SIGKILL");
    else
        loop_timer_set(sweep->timer, ASK_EVERY_US);
    command_free(command); /* last: the result is its */
}

/*
 * The processes of this run that still live, one a line, each told to end.
 * grep -z sees each variable of an environment as a line of its own. Zombies
 * have no environment and are not seen.
 */
static void
ask(void *ctx)
{
    struct sweep *sweep = ctx;
    struct stage *stage = sweep->teardown->spec.stage;
    bool kill = stage_now(stage) - sweep->began_us > KILL_AFTER_US;
    char *text = xasprintf(
        "for f in $(grep -lzx 'MIGLAB_RUN=%s' /proc/[0-9]*/environ "
        "2>/dev/null); do p=${f#/proc/}; p=${p%%/environ}; "
        "kill -%s \"$p\" 2>/dev/null && echo \"$p $(cat /proc/$p/comm "
        "2>/dev/null)\"; done; true",
        sweep->teardown->spec.run_id, kill ? "KILL" : "TERM");

    sweep->command =
        stage_command(stage, sweep->node, text, COMMAND_MS, on_asked, sweep);
    free(text);
}

static void
start_sweeps(struct teardown *teardown)
{
    struct stage *stage = teardown->spec.stage;
    const struct lab *lab = teardown->spec.script->lab;
    const struct lab_node *nodes = lab->nodes.items;

    teardown->sweeping = true;
    stage_close_consoles(stage);
    teardown->sweeps = xcalloc(lab->nodes.len, sizeof *teardown->sweeps);
    for (size_t i = 0; i < lab->nodes.len; i++) {
        struct sweep *sweep = &teardown->sweeps[i];

        *sweep = (struct sweep){
            .teardown = teardown,
            .node = &nodes[i],
            .began_us = stage_now(stage),
        };
        sweep->timer = loop_timer_new(stage_loop(stage), ask, sweep);
        loop_timer_set(sweep->timer, 0);
    }
}

/* Why an action on a console has nothing to do any more; NULL: it has. */
static const char *
nothing_to_do(const struct teardown *teardown, const struct action *action)
{
    const struct dialog *dialog;
    const struct program *top;

    if (action->console == NULL)
        return NULL;
    if (stage_status(teardown->spec.stage, action->console)->state != LINK_UP)
        return "the console is not connected";
    dialog = hearing_dialog(stage_hearing(teardown->spec.stage),
                            action->console->name);
    top = dialog_program(dialog);
    if (action->needs != NULL && top != action->needs)
        return "the program does not run any more";
    if (action->kind == ACTION_SEND && !dialog_ready(dialog))
        return "the program is busy";
    return NULL;
}

static void
on_undone(void *ctx, const struct task_result *result)
{
    struct teardown *teardown = ctx;
    struct task *task = teardown->task;

    teardown->task = NULL;
    task_free(task);
    if (result->verdict == VERDICT_PASS)
        teardown->result.undone++;
    else
        teardown->result.failed++;
    next_action(teardown);
}

static void
next_action(struct teardown *teardown)
{
    const struct teardown_spec *spec = &teardown->spec;
    const struct action *action;
    size_t step, index;

    while ((action = ledger_action(spec->ledger, spec->script, teardown->next,
                                   &step, &index)) != NULL) {
        char *where = xasprintf("s%zu.u%zu", step + 1, index + 1);
        const char *why = nothing_to_do(teardown, action);

        teardown->next++;
        if (why == NULL)
            teardown->task =
                task_new(spec->stage, action, where, on_undone, teardown);
        else
            record_skip(teardown, action, where, why);
        free(where);
        if (why == NULL)
            return;
    }
    start_sweeps(teardown);
}

static void
begin(void *ctx)
{
    struct teardown *teardown = ctx;

    stage_record(teardown->spec.stage, record_new("teardown.begin"),
                 stage_now(teardown->spec.stage));
    next_action(teardown);
}

struct teardown *
teardown_new(const struct teardown_spec *spec,
             void (*done)(void *ctx, const struct teardown_result *result),
             void *ctx)
{
    struct teardown *teardown = xcalloc(1, sizeof *teardown);

    teardown->spec = *spec;
    teardown->done = done;
    teardown->ctx = ctx;
    teardown->later = loop_timer_new(stage_loop(spec->stage), begin, teardown);
    loop_timer_set(teardown->later, 0);
    return teardown;
}

void
teardown_free(struct teardown *teardown)
{
    size_t n;

    if (teardown == NULL)
        return;
    n = teardown->spec.script->lab->nodes.len;
    for (size_t i = 0; teardown->sweeps != NULL && i < n; i++) {
        command_free(teardown->sweeps[i].command);
        loop_timer_free(teardown->sweeps[i].timer);
    }
    free(teardown->sweeps);
    task_free(teardown->task);
    loop_timer_free(teardown->later);
    free(teardown);
}

void
teardown_look(struct teardown *teardown, uint64_t at_us)
{
    if (teardown->task != NULL)
        task_look(teardown->task, at_us);
}
