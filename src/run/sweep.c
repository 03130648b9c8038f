/* sweep.c - the processes of a run on one node. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "console/shell.h"
#include "io/command.h"
#include "io/loop.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "run/stage.h"

#define LOOK_EVERY_US 100000  /* between two looks at what is left */
#define KILL_AFTER_US 3000000 /* SIGTERM was not enough */
#define GIVE_UP_US    8000000 /* nor was SIGKILL */
#define COMMAND_MS    8000

/* What was ever listed. */
struct process {
    long pid, session;
    unsigned long long start; /* with the pid it names a process */
    char *name;
    bool hidden; /* its environment cannot be read */
    bool there;  /* in the last list */
};

struct sweep {
    struct stage *stage;
    const struct lab_node *node;
    const char *run_id;
    struct sweep_sink sink;
    struct command *command;
    struct loop_timer *timer;
    struct process *processes;
    size_t len, cap;
    char *trouble;     /* why what is left is not known */
    uint64_t began_us; /* of the ending; 0: not yet */
};

static unsigned
count(const struct sweep *sweep, bool (*is)(const struct process *process))
{
    unsigned n = 0;

    for (size_t i = 0; i < sweep->len; i++)
        n += is(&sweep->processes[i]);
    return n;
}

static bool
is_there(const struct process *process)
{
    return process->there;
}

static bool
is_seen_there(const struct process *process)
{
    return process->there && !process->hidden;
}

static bool
is_gone(const struct process *process)
{
    return !process->there;
}

unsigned
sweep_count_ended(const struct sweep *sweep)
{
    return count(sweep, is_gone);
}

unsigned
sweep_count_left(const struct sweep *sweep)
{
    unsigned left = count(sweep, is_there);

    return sweep->trouble != NULL && left == 0 ? 1 : left;
}

/*
 * $w is the variable, $sids the sessions that are the run's. grep -z sees each
 * variable of an environment as a line of its own, and names the files it
 * cannot read; what vanished meanwhile is no trouble, and a zombie has no
 * environment. Nor has one that is ending, which still has its files and locks:
 * those in $known, each PID:START, are there until they are gone, or zombies
 * without threads. Of stat(5) the name is between the first and the last
 * bracket; behind it are state, parent, group, session, the number of threads
 * as the eighteenth, the time of its start as the twentieth. Prints "+ PID
 * SESSION START NAME", the same with - for a process that may be the run's, and
 * "! WORDS" for what went wrong; "." ends a list that is whole.
 */
static const char list_script[] =
    "[ -r /proc/$$/environ ] || { echo '! there is no /proc'; exit 1; }\n"
    "out=$(LC_ALL=C grep -lzxF -e \"$w\" /proc/[0-9]*/environ 2>&1); s=$?\n"
    "case $s:$out in [01]:*|2:?*) ;; *) echo \"! grep ended with $s\"; "
    "exit 1;; esac\n"
    "look() { { read -r x </proc/$1/stat; } 2>/dev/null || return\n"
    "name=${x#*\\(}; name=${name%\\)*}; set -- ${x##*\\) }; "
    "state=$1 parent=$2 sid=$4 threads=${18} start=${20}; }\n"
    "row() { printf '%s %s %s %s %s\\n' $1 $p $sid $start \"$name\"; }\n"
    "pids=' '\n"
    "while read -r l; do case $l in /proc/*)\n"
    "p=${l#/proc/}; p=${p%/environ}; look $p || continue\n"
    "row + ; pids=\"$pids$p \" sids=\"$sids$sid \";; esac\n"
    "done <<E\n$out\nE\n"
    "while read -r l; do case $l in ''|/proc/*|*': No such '*) ;;\n"
    "*': Permission denied') p=${l#*/proc/}; p=${p%%/*}\n"
    "look $p || continue\n"
    "case $sids in *\" $sid \"*) row -; continue;; esac\n"
    "case $pids in *\" $parent \"*) row -;; esac;;\n"
    "*) printf '! %s\\n' \"$l\";; esac\n"
    "done <<E\n$out\nE\n"
    "for k in $known; do p=${k%:*}\n"
    "case $pids in *\" $p \"*) continue;; esac\n"
    "look $p && [ $start = ${k#*:} ] || continue\n"
    "[ $state = Z ] && [ $threads -le 1 ] || row +\n"
    "done\n"
    "echo .\n";

/* End those that were listed, unless a pid is another's by now; then list. */
static char *
make_script(const struct sweep *sweep, const char *signal)
{
    struct buf text = BUF_INIT(0);
    char *var = xasprintf("MIGLAB_RUN=%s", sweep->run_id);
    char *quoted = shell_quote(var);

    buf_printf(&text, "w=%s\nsids=' ", quoted);
    for (size_t i = 0; i < sweep->len; i++)
        buf_printf(&text, "%ld ", sweep->processes[i].session);
    buf_puts(&text, "'\nknown='");
    for (size_t i = 0; i < sweep->len; i++)
        if (is_seen_there(&sweep->processes[i]))
            buf_printf(&text, "%ld:%llu ", sweep->processes[i].pid,
                       sweep->processes[i].start);
    buf_puts(&text, "'\n");
    if (signal != NULL && count(sweep, is_seen_there) > 0) {
        buf_puts(&text, "for p in");
        for (size_t i = 0; i < sweep->len; i++)
            if (is_seen_there(&sweep->processes[i]))
                buf_printf(&text, " %ld", sweep->processes[i].pid);
        buf_printf(&text,
                   "; do grep -qzxF -e \"$w\" /proc/$p/environ && "
                   "kill -%s $p; done 2>/dev/null\n",
                   signal);
    }
    buf_puts(&text, list_script);
    free(quoted);
    free(var);
    return buf_take(&text);
}

static void
finish(struct sweep *sweep)
{
    struct record *record = record_new("swept");

    record_text(record, "node", sweep->node->name.text);
    record_int(record, "ended", sweep_count_ended(sweep));
    record_int(record, "left", sweep_count_left(sweep));
    record_text(record, "trouble", sweep->trouble);
    stage_record(sweep->stage, record, stage_now(sweep->stage));
    sweep->sink.ended(sweep->sink.ctx);
}

static void
set_trouble(struct sweep *sweep, const char *words)
{
    if (sweep->trouble == NULL)
        sweep->trouble = xstrdup(words);
}

static struct process *
find(struct sweep *sweep, long pid, unsigned long long start)
{
    for (size_t i = 0; i < sweep->len; i++)
        if (sweep->processes[i].pid == pid &&
            sweep->processes[i].start == start)
            return &sweep->processes[i];
    return NULL;
}

/* A process of the list that is new: into the record, before it is ended. */
static struct process *
add(struct sweep *sweep, const struct process *found, const char *name,
    struct record **record)
{
    struct process *process;
    char *row = xasprintf("%ld %s%s", found->pid, name,
                          found->hidden ? " (its environment is hidden)" : "");

    if (*record == NULL)
        *record = record_new("sweep");
    record_add_text(*record, "processes", row);
    free(row);
    sweep->processes = xgrow(sweep->processes, sweep->len, &sweep->cap,
                             sizeof *sweep->processes);
    process = &sweep->processes[sweep->len++];
    *process = *found;
    process->name = xstrdup(name);
    return process;
}

/* "+ 12 7 8812 bash" of the list. */
static void
take_process(struct sweep *sweep, const char *line, struct record **record)
{
    struct process found = { .hidden = line[0] == '-' };
    struct process *process;
    int name = (int)strlen(line);

    if (sscanf(line, "%*c %ld %ld %llu %n", &found.pid, &found.session,
               &found.start, &name) < 1) {
        set_trouble(sweep, line);
        return;
    }
    process = find(sweep, found.pid, found.start);
    if (process == NULL)
        process = add(sweep, &found, line + name, record);
    process->there = true;
    process->hidden = found.hidden;
}

/* The new list; true when it is whole. What is new is journalled. */
static bool
take_list(struct sweep *sweep, const char *text)
{
    struct record *record = NULL;
    bool whole = false;

    for (size_t i = 0; i < sweep->len; i++)
        sweep->processes[i].there = false;
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        char *line = xstrndup(text, len);

        whole = strcmp(line, ".") == 0;
        if (line[0] == '+' || line[0] == '-')
            take_process(sweep, line, &record);
        else if (!whole)
            set_trouble(sweep, line + (strncmp(line, "! ", 2) == 0 ? 2 : 0));
        free(line);
        text += len + (text[len] == '\n');
    }
    if (record != NULL) {
        record_text(record, "node", sweep->node->name.text);
        stage_record(sweep->stage, record, stage_now(sweep->stage));
    }
    return whole;
}

/* False when what lives is not known. */
static bool
read_result(struct sweep *sweep, const struct command_result *result)
{
    char *words;

    if (result->err.kind != ERR_NONE) {
        set_trouble(sweep, result->err.text);
        return false;
    }
    if (take_list(sweep, result->out) && result->status == 0 && !result->cut)
        return true;
    words = xasprintf("the list of its processes is not whole (status %d)",
                      result->status);
    set_trouble(sweep, words);
    free(words);
    return false;
}

/* It has been tried for long enough: what is left, and why. */
static void
give_up(struct sweep *sweep)
{
    struct buf words = BUF_INIT(0);
    bool seen = count(sweep, is_seen_there) > 0;

    buf_puts(&words, seen ? "would not end, not even by SIGKILL:"
                          : "may be the run's, its environment is hidden:");
    for (size_t i = 0; i < sweep->len; i++)
        if (sweep->processes[i].there && sweep->processes[i].hidden != seen)
            buf_printf(&words, " %ld %s", sweep->processes[i].pid,
                       sweep->processes[i].name);
    set_trouble(sweep, buf_text(&words));
    buf_fini(&words);
    finish(sweep);
}

static void
on_looked(void *ctx, const struct command_result *result)
{
    struct sweep *sweep = ctx;
    struct stage *stage = sweep->stage;
    struct command *command = sweep->command;
    bool known = read_result(sweep, result);

    sweep->command = NULL;
    if (sweep->began_us == 0)
        sweep->sink.listed(sweep->sink.ctx);
    else if (!known || count(sweep, is_there) == 0)
        finish(sweep);
    else if (stage_now(stage) - sweep->began_us > GIVE_UP_US)
        give_up(sweep);
    else
        loop_timer_set(sweep->timer, LOOK_EVERY_US);
    command_free(command); /* last: the result is its */
}

static void
look(void *ctx)
{
    struct sweep *sweep = ctx;
    uint64_t now = stage_now(sweep->stage);
    const char *signal = sweep->began_us == 0                    ? NULL
                         : now - sweep->began_us > KILL_AFTER_US ? "KILL"
                                                                 : "TERM";
    char *text;

    if (sweep->began_us != 0 && count(sweep, is_there) == 0) {
        finish(sweep);
        return;
    }
    text = make_script(sweep, signal);
    sweep->command = stage_command(sweep->stage, sweep->node, text, COMMAND_MS,
                                   on_looked, sweep);
    free(text);
}

struct sweep *
sweep_new(struct stage *stage, const struct lab_node *node, const char *run_id,
          const struct sweep_sink *sink)
{
    struct sweep *sweep = xcalloc(1, sizeof *sweep);

    sweep->stage = stage;
    sweep->node = node;
    sweep->run_id = run_id;
    sweep->sink = *sink;
    sweep->timer = loop_timer_new(stage_loop(stage), look, sweep);
    loop_timer_set(sweep->timer, 0);
    return sweep;
}

void
sweep_end(struct sweep *sweep)
{
    sweep->began_us = stage_now(sweep->stage);
    loop_timer_set(sweep->timer, 0);
}

void
sweep_free(struct sweep *sweep)
{
    if (sweep == NULL)
        return;
    command_free(sweep->command);
    loop_timer_free(sweep->timer);
    for (size_t i = 0; i < sweep->len; i++)
        free(sweep->processes[i].name);
    free(sweep->processes);
    free(sweep->trouble);
    free(sweep);
}
