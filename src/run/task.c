/* task.c - one action being carried out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/task.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "io/command.h"
#include "io/loop.h"
#include "journal/record.h"
#include "judge/demand.h"
#include "judge/facts.h"
#include "judge/trial.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "run/stage.h"
#include "term/term.h"

#define TAIL_LINES 6

/* A wait that sees nothing for so long presses its nudge. */
#define NUDGE_AFTER_US 5000000

struct task {
    struct stage *stage;
    const struct action *action;
    char *where;
    void (*done)(void *ctx, const struct task_result *result);
    void *ctx;
    const struct trial *trial;
    uint64_t began_us;
    struct command *probe;
    struct loop_timer *again; /* the next round of a poll, a nudge */
    bool resting;             /* between two rounds of a poll */
    bool typed;               /* in this round */
    bool ended;
    bool given;        /* the verdict comes from outside the trial */
    uint64_t armed_us; /* since when its conditions count; 0: they do not */
};

static struct dialog *
dialog_of(const struct task *task)
{
    return hearing_dialog(stage_hearing(task->stage),
                          task->action->console->name);
}

static void
record_begin(struct task *task)
{
    const struct action *action = task->action;
    struct record *record = record_new("action.begin");

    record_text(record, "where", task->where);
    record_text(record, "kind", action_kinds[action->kind].name);
    if (action->console != NULL) {
        record_text(record, "pane", action->console->name);
        record_int(record, "offset",
                   (int64_t)stage_offset(task->stage, action->console));
    } else {
        record_text(record, "node", action->on->name.text);
    }
    record_text(record, "command", action->command);
    record_text(record, "addition", action->addition.text);
    stage_record(task->stage, record, task->began_us);
}

static void
record_check(struct record *record, const struct check *check)
{
    struct record *item = record_item(record, "checks");

    record_text(item, "demand", check->demand);
    record_text(item, "verdict", verdict_name(check->verdict));
    record_text(item, "seen", check->seen);
    if (check->row != FACT_NO_ROW)
        record_int(item, "row", (int64_t)check->row);
    if (check->end > check->start) {
        record_int(item, "start", (int64_t)check->start);
        record_int(item, "end", (int64_t)check->end);
    }
}

/* The last lines that the console shows, for whoever looks at a failure. */
static void
record_tail(struct task *task, struct record *record)
{
    struct dialog *dialog = dialog_of(task);
    struct buf text = BUF_INIT(0);
    const char *line, *lines[TAIL_LINES];
    size_t n = 0;

    term_screen_text(dialog_term(dialog), &text);
    for (line = strtok(text.bytes, "\n"); line != NULL;
         line = strtok(NULL, "\n"))
        if (!str_blank(line))
            lines[n++ % TAIL_LINES] = line;
    for (size_t i = n > TAIL_LINES ? n - TAIL_LINES : 0; i < n; i++)
        record_add_text(record, "tail", lines[i % TAIL_LINES]);
    buf_fini(&text);
}

static void
record_end(struct task *task, uint64_t now, bool slow)
{
    struct record *record = record_new("action.end");
    const struct check *checks;
    size_t len;

    record_text(record, "where", task->where);
    record_text(record, "verdict", verdict_name(trial_verdict(task->trial)));
    if (*trial_reason(task->trial) != '\0')
        record_text(record, "reason", trial_reason(task->trial));
    record_number(record, "seconds", (double)(now - task->began_us) / 1e6);
    if (slow)
        record_bool(record, "slow", true);
    if (task->given)
        record_bool(record, "given", true);
    if (task->action->console != NULL) {
        record_text(record, "pane", task->action->console->name);
        record_int(record, "offset",
                   (int64_t)stage_offset(task->stage, task->action->console));
    }
    if (task->action->console != NULL &&
        trial_verdict(task->trial) != VERDICT_PASS)
        record_tail(task, record);
    checks = trial_checks(task->trial, &len);
    for (size_t i = 0; i < len; i++)
        record_check(record, &checks[i]);
    stage_record(task->stage, record, now);
}

/* Tell the owner; it may free the task. */
static void
finish(void *ctx)
{
    struct task *task = ctx;
    const struct action *action = task->action;
    uint64_t now = stage_now(task->stage);
    bool slow = action->soft.value > 0 &&
                now - task->began_us > action->soft.value * 1000;
    char *reason = xstrdup(trial_reason(task->trial));
    struct task_result result = {
        .verdict = trial_verdict(task->trial),
        .reason = reason,
        .began_us = task->began_us,
        .ended_us = now,
        .slow = slow,
    };

    record_end(task, now, slow);
    hearing_end(stage_hearing(task->stage), action);
    task->trial = NULL;
    task->done(task->ctx, &result);
    free(reason);
}

/* Later, because whoever brought the verdict about is still at work. */
static void
end(struct task *task)
{
    if (task->ended)
        return;
    task->ended = true;
    loop_timer_set(task->again, 0);
}

static void
close_trial(struct task *task, enum verdict verdict, const char *reason)
{
    if (trial_verdict(task->trial) == VERDICT_PENDING)
        task->given = true;
    hearing_close(stage_hearing(task->stage), task->action,
                  stage_now(task->stage), verdict, reason);
    end(task);
}

static void
on_again(void *ctx)
{
    struct task *task = ctx;
    struct err err = ERR_INIT;

    if (task->ended) {
        finish(task);
        return;
    }
    task->resting = false;
    if (task->action->kind == ACTION_WAIT) {
        uint64_t quiet_since = dialog_last_us(dialog_of(task));
        uint64_t now = stage_now(task->stage);

        if (now < quiet_since + NUDGE_AFTER_US) {
            loop_timer_set(task->again, quiet_since + NUDGE_AFTER_US - now);
            return;
        }
        if (!stage_press(task->stage, task->action->console,
                         task->action->nudge.text, &err))
            close_trial(task, VERDICT_ERROR, err.text);
        else
            loop_timer_set(task->again, NUDGE_AFTER_US);
        return;
    }
    task_look(task, stage_now(task->stage));
}

static void
on_probed(void *ctx, const struct command_result *result)
{
    struct task *task = ctx;
    struct record *record = record_new("probe");
    struct command *probe = task->probe;
    bool ran = result->err.kind == ERR_NONE;
    uint64_t now = stage_now(task->stage);

    record_text(record, "where", task->where);
    if (ran)
        record_int(record, "status", result->status);
    else
        record_text(record, "error", result->err.text);
    record_text(record, "output", result->out);
    if (result->cut)
        record_bool(record, "cut", true);
    stage_record(task->stage, record, now);
    hearing_probed(stage_hearing(task->stage), task->action, now,
                   ran ? NULL : result->err.text, result->status, result->out,
                   result->out_len, result->cut);
    task->probe = NULL;
    task_look(task, now);
    command_free(probe); /* last: the result is its */
}

static void
start_probe(struct task *task)
{
    const struct action *action = task->action;

    /* The command's own limit is a little longer, so that the trial decides. */
    task->probe =
        stage_command(task->stage, action->on, action->command,
                      (uint32_t)action->within.value + 1000, on_probed, task);
}

static struct task *
make(struct stage *stage, const struct action *action, const char *where,
     void (*done)(void *ctx, const struct task_result *result), void *ctx)
{
    struct task *task = xcalloc(1, sizeof *task);

    task->stage = stage;
    task->action = action;
    task->where = xstrdup(where);
    task->done = done;
    task->ctx = ctx;
    task->again = loop_timer_new(stage_loop(stage), on_again, task);
    return task;
}

static void
open_trial(struct task *task)
{
    task->armed_us = 0;
    task->began_us = stage_now(task->stage);
    record_begin(task);
    task->trial =
        hearing_begin(stage_hearing(task->stage), task->action, task->began_us);
}

static void
begin(struct task *task)
{
    const struct action *action = task->action;

    open_trial(task);
    if (action->kind == ACTION_PROBE)
        start_probe(task);
    else
        stage_connect(task->stage, action->console);
    if (action->kind == ACTION_WAIT && action->nudge.text != NULL)
        loop_timer_set(task->again, NUDGE_AFTER_US);
    task_look(task, task->began_us);
    stage_wait(task->stage);
}

struct task *
task_new(struct stage *stage, const struct action *action, const char *where,
         void (*done)(void *ctx, const struct task_result *result), void *ctx)
{
    struct task *task = make(stage, action, where, done, ctx);

    begin(task);
    return task;
}

struct task *
task_arm(struct stage *stage, const struct action *action, const char *where,
         void (*done)(void *ctx, const struct task_result *result), void *ctx)
{
    struct task *task = make(stage, action, where, done, ctx);

    task->armed_us = stage_now(stage);
    return task;
}

bool
task_is_armed(const struct task *task)
{
    return task->armed_us != 0;
}

void
task_free(struct task *task)
{
    if (task == NULL)
        return;
    if (task->trial != NULL)
        hearing_end(stage_hearing(task->stage), task->action);
    command_free(task->probe);
    loop_timer_free(task->again);
    free(task->where);
    free(task);
}

/* What is needed was killed, by nobody of ours: that is the system's doing. */
static bool
was_killed(struct task *task, const struct program *program)
{
    int status = hearing_killed(stage_hearing(task->stage),
                                task->action->console->name, program);
    char *reason;

    if (status == 0)
        return false;
    reason = xasprintf("nothing was typed: %s had ended with exit status %d",
                       program->name.text, status);
    close_trial(task, VERDICT_FAIL, reason);
    free(reason);
    return true;
}

/* What is typed would go to the wrong program. */
static void
refuse(struct task *task, const char *done, const char *program)
{
    char *programs = dialog_describe(dialog_of(task));
    char *reason = xasprintf("nothing was %s: %s runs %s, not %s", done,
                             task->action->console->name, programs, program);

    close_trial(task, VERDICT_ERROR, reason);
    free(reason);
    free(programs);
}

/*
 * The interlock: type only into the program the case means, at its prompt. A
 * wrong program is nobody's guess: it is told, and nothing is typed.
 */
static bool
may_type(struct task *task)
{
    const struct action *action = task->action;
    const struct script_console *console = action->console;
    struct dialog *dialog = dialog_of(task);
    const struct program *top = dialog_program(dialog);
    char *reason;

    if (stage_status(task->stage, console)->state != LINK_UP)
        return false;
    if (action->kind == ACTION_KEY && action->leaves.text != NULL &&
        !dialog_runs(dialog, action->leaves.text)) {
        refuse(task, "pressed", action->leaves.text);
        return false;
    }
    if (action->kind == ACTION_KEY)
        return !dialog_has_draft(dialog);
    if (action->needs != NULL && top != action->needs && top != NULL &&
        dialog_ready(dialog)) {
        if (!was_killed(task, action->needs))
            refuse(task, "typed", action->needs->name.text);
        return false;
    }
    if (top != NULL && top->line_max.value > 0 &&
        strlen(action->command) > top->line_max.value) {
        reason =
            xasprintf("nothing was typed: %s takes lines of %llu bytes",
                      top->name.text, (unsigned long long)top->line_max.value);
        close_trial(task, VERDICT_ERROR, reason);
        free(reason);
        return false;
    }
    /* What comes while it repaints is no news: the answer would be lost. */
    return dialog_ready(dialog) && !term_is_repainting(dialog_term(dialog));
}

static void
type(struct task *task)
{
    struct err err = ERR_INIT;

    task->typed = true;
    if (!stage_type(task->stage, task->action, task->where, &err))
        close_trial(task, VERDICT_ERROR, err.text);
}

/* A poll's answer did not decide: rest, then ask again. */
static void
rest(struct task *task)
{
    task->typed = false;
    task->resting = true;
    loop_timer_set(task->again, task->action->every.value * 1000);
}

void
task_look(struct task *task, uint64_t at_us)
{
    enum action_kind kind = task->action->kind;
    bool types =
        kind == ACTION_SEND || kind == ACTION_POLL || kind == ACTION_KEY;

    (void)at_us;
    if (task->ended)
        return;
    if (task->armed_us != 0) {
        if (demand_all_hold(&task->action->armed,
                            hearing_facts(stage_hearing(task->stage)),
                            task->armed_us))
            begin(task);
        return;
    }
    if (trial_verdict(task->trial) != VERDICT_PENDING) {
        end(task);
        return;
    }
    if (!types || task->resting)
        return;
    if (kind == ACTION_POLL && task->typed && may_type(task)) {
        rest(task);
        return;
    }
    if (!task->typed && may_type(task)) {
        type(task);
        if (trial_verdict(task->trial) != VERDICT_PENDING)
            end(task);
    }
}

void
task_stop(struct task *task, enum verdict verdict, const char *reason)
{
    if (task->ended)
        return;
    if (task->armed_us != 0)
        open_trial(task); /* so that the journal tells why it never began */
    close_trial(task, verdict, reason);
}

/* It has something to type, and did not yet. */
static bool
is_to_type(const struct task *task)
{
    enum action_kind kind = task->action->kind;

    return !task->ended && task->armed_us == 0 && !task->typed &&
           !task->resting &&
           (kind == ACTION_SEND || kind == ACTION_POLL || kind == ACTION_KEY);
}

bool
task_waits_for_human(const struct task *task)
{
    return is_to_type(task) &&
           stage_status(task->stage, task->action->console)->state == LINK_UP &&
           dialog_has_draft(dialog_of(task));
}

char *
task_waits_for(const struct task *task)
{
    const struct action *action = task->action;
    const struct program *top;

    if (!is_to_type(task))
        return NULL;
    if (stage_status(task->stage, action->console)->state != LINK_UP)
        return xasprintf(
            "%s is %s", action->console->name,
            link_state_name(stage_status(task->stage, action->console)->state));
    if (task_waits_for_human(task))
        return xasprintf("a half-typed line stands in %s",
                         action->console->name);
    top = dialog_program(dialog_of(task));
    return xasprintf("%s is not at its prompt",
                     top != NULL ? top->name.text : action->console->name);
}

bool
task_extend(struct task *task, uint64_t more_us)
{
    struct record *record;
    uint64_t now = stage_now(task->stage);

    if (task->ended || task->armed_us != 0 ||
        trial_verdict(task->trial) != VERDICT_PENDING)
        return false;
    record = record_new("extend");
    record_text(record, "where", task->where);
    record_number(record, "seconds", (double)more_us / 1e6);
    stage_record(task->stage, record, now);
    hearing_extend(stage_hearing(task->stage), task->action, now, more_us);
    stage_wait(task->stage);
    return true;
}

const struct trial *
task_trial(const struct task *task)
{
    return task->trial;
}

const char *
task_where(const struct task *task)
{
    return task->where;
}

const struct action *
task_action(const struct task *task)
{
    return task->action;
}
