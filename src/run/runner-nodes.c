/*
 * runner-nodes.c - what the nodes are asked before the first step: whose
 * processes they have, and the versions of what the run is about.
 *
 * What an earlier run left would make this one fail, and say so of the thing
 * that is tested: a port is taken, a console is busy. It is the lab's trouble,
 * and is told as that, before anything is touched.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "conf/conf.h"
#include "console/shell.h"
#include "io/command.h"
#include "io/link.h"
#include "journal/record.h"
#include "lab/lab.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/nodes.h"
#include "run/rundir.h"
#include "run/runner-priv.h"

/* For the answer itself; a connection that fails tells more of its own. */
#define LOOK_MS (LINK_CONNECT_TIMEOUT_MS + 8000)

/* One that hangs is no reason to do nothing. */
#define VERSION_S 5

/*
 * "RUN NAME" of each process with a run's mark, as in sweep.c; "." ends a list
 * that is whole.
 */
static const char list_script[] =
    "[ -r /proc/$$/environ ] || { echo 'there is no /proc'; exit 1; }\n"
    "list=$(LC_ALL=C grep -lsaz '^MIGLAB_RUN=' /proc/[0-9]*/environ)\n"
    "for f in $list; do\n"
    "{ read -r x <${f%environ}stat; } 2>/dev/null || continue\n"
    "x=${x#*\\(}; r=$({ tr '\\000' '\\n' <$f; } 2>/dev/null | "
    "sed -n 's/^MIGLAB_RUN=//p' | head -n 1)\n"
    "[ -z \"$r\" ] || printf '%s %s\\n' \"$r\" \"${x%\\)*}\"\n"
    "done\n"
    "echo .\n";

/* Another's words, for a terminal. */
static char *
plain(const char *text, size_t len)
{
    char *copy = xstrndup(text, len);

    for (char *c = copy; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    return copy;
}

/*
 * On a machine of its own every other run is in the way. This one is shared
 * with other users, and with their labs: here it is those that we can end.
 */
static bool
is_in_the_way(const struct runner *runner, const struct lab_node *node,
              const char *run)
{
    struct strs known = { 0 };
    bool ours = node->ssh.text != NULL;

    if (strcmp(run, runner->spec.rundir->id) == 0)
        return false;
    if (!ours) {
        rundir_list(&known);
        ours = strs_has(&known, run);
        strs_fini(&known);
    }
    return ours;
}

/* "RUN NAME": the next line of the list, as plain text; false: its end. */
static bool
next_process(const char **list, char **run, char **name)
{
    size_t len = strcspn(*list, "\n"), run_len = strcspn(*list, " \n");

    if (run_len == len) /* "." or nothing */
        return false;
    *run = plain(*list, run_len);
    *name = plain(*list + run_len + 1, len - run_len - 1);
    *list += len + ((*list)[len] != '\0');
    return true;
}

/* The runs of the list; or, of one run, the names of its processes. */
static void
collect(const char *list, const char *of_run, struct strs *out)
{
    char *run, *name;

    while (next_process(&list, &run, &name)) {
        const char *what = of_run == NULL ? run : name;

        if ((of_run == NULL || strcmp(run, of_run) == 0) &&
            !strs_has(out, what))
            strs_add(out, what);
        free(run);
        free(name);
    }
}

/* The first node's is told, whoever answers first; takes the words. */
static void
set_obstacle(struct runner *runner, const struct lab_node *node, char *why)
{
    if (runner->obstacle != NULL && runner->obstacle_node <= node) {
        free(why);
        return;
    }
    free(runner->obstacle);
    runner->obstacle = why;
    runner->obstacle_node = node;
}

/* "= NAME LINE" of each, behind the list of processes. */
static char *
ask(void *ctx, const struct lab_node *node)
{
    struct buf text = BUF_INIT(0);

    (void)ctx;
    buf_puts(&text, list_script);
    for (size_t i = 0; i < node->versions.len; i++) {
        const struct conf_pair *pair = &node->versions.items[i];
        char *name = shell_quote(pair->name.text);
        char *command = shell_quote(pair->values.items[0].text);

        buf_printf(&text,
                   "printf '= %%s %%s\\n' %s \"$(timeout %d sh -c %s 2>&1 "
                   "</dev/null | head -n 1)\"\n",
                   name, VERSION_S, command);
        free(name);
        free(command);
    }
    return buf_take(&text);
}

static void
record_versions(struct runner *runner, const struct lab_node *node,
                const char *out)
{
    struct record *record = record_new("versions");
    size_t len;

    record_text(record, "node", node->name.text);
    for (; *out != '\0'; out += len + (out[len] != '\0')) {
        len = strcspn(out, "\n");
        if (strncmp(out, "= ", 2) == 0) {
            char *row = plain(out + 2, len - 2);

            record_add_text(record, "versions", row);
            free(row);
        }
    }
    runner_record(runner, record);
}

static void
tell_leftovers(struct runner *runner, const struct lab_node *node,
               const char *run, const char *list)
{
    struct record *record = record_new("leftovers");
    struct strs names = { 0 };
    char *joined;

    collect(list, run, &names);
    joined = strs_join(&names, ", ");
    record_text(record, "node", node->name.text);
    record_text(record, "run", run);
    for (size_t i = 0; i < names.len; i++)
        record_add_text(record, "processes", names.items[i]);
    runner_record(runner, record);
    set_obstacle(runner, node,
                 xasprintf("%s: run %s still has processes here (%s): miglab "
                           "teardown %s",
                           node->name.text, run, joined, run));
    free(joined);
    strs_fini(&names);
}

static void
on_answer(void *ctx, const struct lab_node *node,
          const struct command_result *result)
{
    struct runner *runner = ctx;
    struct strs runs = { 0 };

    if (result->err.kind != ERR_NONE) {
        runner->result.unreachable = !runner->worked;
        set_obstacle(runner, node,
                     xasprintf("%s does not answer: %s", node->name.text,
                               result->err.text));
        return;
    }
    if (result->status != 0) {
        struct record *record = record_new("leftovers");

        /* Not known is no reason to do nothing: it always was so. */
        record_text(record, "node", node->name.text);
        record_text(record, "error", result->out);
        runner_record(runner, record);
        return;
    }
    if (node->versions.len > 0)
        record_versions(runner, node, result->out);
    collect(result->out, NULL, &runs);
    for (size_t i = 0; i < runs.len; i++)
        if (is_in_the_way(runner, node, runs.items[i]))
            tell_leftovers(runner, node, runs.items[i], result->out);
    strs_fini(&runs);
}

static void
on_done(void *ctx)
{
    struct runner *runner = ctx;

    nodes_free(runner->nodes);
    runner->nodes = NULL;
    if (runner->obstacle != NULL)
        runner_trouble(runner, runner->obstacle);
    free(runner->obstacle);
    runner->obstacle = NULL;
    runner->looked = runner->trouble == NULL;
    if (runner->looked)
        runner->result.unreachable = false;
    runner_then(runner, runner->looked ? runner_connect : runner_refuse);
}

void
runner_begin(struct runner *runner)
{
    const struct nodes_sink sink = { ask, on_answer, on_done, runner };

    runner->phase = PHASE_STEPS;
    free(runner->obstacle);
    runner->obstacle = NULL;
    if (runner->looked || runner->finishing ||
        runner->step == runner->spec.script->tcase->steps.len)
        runner_then(runner, runner_begin_step);
    else
        runner->nodes =
            nodes_ask(runner->stage, runner->spec.script->lab, LOOK_MS, &sink);
}
