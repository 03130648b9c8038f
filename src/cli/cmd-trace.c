/* cmd-trace.c - hold the cases to the plan's text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/paths.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "plan/trace.h"

/* A plan is some 1000 lines. */
#define PLAN_MAX (4u << 20)

/* Whose values make the cases' commands the plan's own. */
#define PLAN_LAB "plan"

static bool
read_plan(const char *path, struct plan_text *plan)
{
    FILE *file = fopen(path, "re");
    struct buf text = BUF_INIT(PLAN_MAX);
    char line[4096];

    if (file == NULL) {
        fprintf(stderr, "miglab trace: %s: %s\n", path, strerror(errno));
        return false;
    }
    while (fgets(line, sizeof line, file) != NULL)
        buf_printf(&text, "%s", line);
    fclose(file);
    plan_text_read(buf_text(&text), plan);
    buf_fini(&text);
    if (plan->cases > 0)
        return true;
    fprintf(stderr, "miglab trace: %s: no line begins with \"Test Case N:\"\n",
            path);
    plan_text_fini(plan);
    return false;
}

static bool
read_corrections(struct corrections *corrections, char **path,
                 struct diags *diags)
{
    *path = paths_find("cases", "corrections");
    if (*path == NULL) {
        fprintf(stderr, "miglab trace: there is no cases/corrections.yaml\n");
        return false;
    }
    return conf_read_file(&corrections_schema, *path, corrections, diags);
}

/* The case of this number in the plan; NULL when there is none, or errors. */
static struct script *
load_case(unsigned number, struct diags *diags)
{
    struct strs names = { 0 };
    struct script *found = NULL;

    script_cases(&names);
    for (size_t i = 0; i < names.len && found == NULL; i++) {
        struct lab *lab = lab_load(PLAN_LAB, NULL, diags);
        struct panes *panes = panes_load(diags);

        if (lab == NULL || panes == NULL) {
            lab_free(lab);
            panes_free(panes);
            break;
        }
        found = script_load(names.items[i], lab, panes, diags);
        if (found != NULL && found->tcase->plan.value != number) {
            script_free(found);
            found = NULL;
        }
    }
    strs_fini(&names);
    return found;
}

static void
print_row(const struct coverage *row, const struct script *script)
{
    const struct step *steps = script->tcase->steps.items;
    const struct plan_line *line = row->line;

    printf("%c %5u  %-6s %-7s%-3s %s\n", row->covered ? '+' : 'x', line->number,
           line->step, line->node != NULL ? line->node : "",
           line->in_vm ? "VM" : "", line->command);
    if (!row->covered)
        printf("               NOT COVERED\n");
    if (row->link != NULL)
        printf("               the link of %s\n", row->link->name);
    if (row->action != NULL)
        printf("               step %zu %s: %s\n", row->step,
               steps[row->step - 1].title.text, row->action->console->name);
    if (row->correction != NULL)
        printf("               corrected: %s%s%s\n", row->correction->why.text,
               row->action != NULL ? " Typed: " : "",
               row->action != NULL ? row->action->command : "");
}

/* How many lines no action covers. */
static size_t
trace_one(const struct plan_text *plan, unsigned number,
          const struct corrections *corrections, struct diags *diags)
{
    struct script *script = load_case(number, diags);
    struct coverage *rows;
    size_t len, missing = 0, corrected = 0;

    if (script == NULL) {
        printf("x Test Case %u: there is no such case\n\n", number);
        return 1;
    }
    rows = trace_case(plan, script, corrections, &len);
    printf("Test Case %u: %s\n", number, script->tcase->name.text);
    for (size_t i = 0; i < len; i++) {
        print_row(&rows[i], script);
        missing += !rows[i].covered;
        corrected += rows[i].covered && rows[i].correction != NULL;
    }
    printf("%zu lines: %zu covered, %zu of them corrected, %zu not covered\n\n",
           len, len - missing, corrected, missing);
    free(rows);
    script_free(script);
    return missing;
}

static int
trace(const struct cli_args *args)
{
    struct corrections corrections = { .additions = { 0 } };
    struct diags diags = { 0 };
    struct plan_text plan;
    char *path = NULL;
    size_t missing = 0;
    int code = EXIT_BAD_FILE;

    if (!read_plan(args->operands[0], &plan))
        return EXIT_BAD_FILE;
    if (read_corrections(&corrections, &path, &diags)) {
        for (unsigned i = 1; i <= plan.cases; i++)
            missing += trace_one(&plan, i, &corrections, &diags);
        code = diags.errors > 0 ? EXIT_BAD_FILE
               : missing > 0    ? EXIT_FAIL
                                : EXIT_PASS;
    }
    diags_print(&diags, stderr);
    diags_fini(&diags);
    conf_free(&corrections_schema, &corrections);
    plan_text_fini(&plan);
    free(path);
    return code;
}

static const struct cli_option options[] = {
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_trace = {
    .name = "trace",
    .operands = "PLAN.rst",
    .summary = "Tell which action of which case covers each line of the plan.",
    .about = "Each command line of the plan's text must be typed by its case, "
             "in its step and\nin order, be a console's link, or stand in "
             "cases/corrections.yaml with a reason.\nExit code 1: one is not.",
    .options = options,
    .min = 1,
    .max = 1,
    .run = trace,
};
