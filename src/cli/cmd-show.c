/* cmd-show.c - a case on a lab, as it would be run, touching nothing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/load.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/condition.h"
#include "plan/script.h"
#include "plan/tcase.h"

#define TEXT_WIDTH 72

/* Words of text, wrapped, each line behind indent blanks. */
static void
print_wrapped(const char *text, int indent)
{
    int column = 0;

    while (*text != '\0') {
        const char *end = text;
        int len;

        while (*end != '\0' && *end != ' ' && *end != '\n')
            end++;
        len = (int)(end - text);
        if (column > 0 && column + 1 + len > TEXT_WIDTH) {
            putchar('\n');
            column = 0;
        }
        if (len > 0)
            column +=
                printf("%*s%.*s", column == 0 ? indent : 1, "", len, text);
        text = *end != '\0' ? end + 1 : end;
    }
    if (column > 0)
        putchar('\n');
}

static void
print_patterns(const char *what, const struct conf_texts *patterns)
{
    for (size_t i = 0; i < patterns->len; i++)
        printf("          %-8s %s\n", what, patterns->items[i].text);
}

static void
print_conditions(const char *what, const struct conditions *conditions)
{
    for (size_t i = 0; i < conditions->len; i++) {
        char *text = condition_describe(&conditions->items[i]);

        printf("          %-8s %s\n", what, text);
        free(text);
    }
}

static void
print_action(const struct action *action)
{
    const char *where =
        action->console != NULL ? action->console->name : action->on->name.text;
    const char *program = action->needs != NULL ? action->needs->name.text : "";

    printf("      %-5s %s%s%s%s\n", action_kinds[action->kind].name, where,
           *program != '\0' ? " (" : "", program, *program != '\0' ? ")" : "");
    if (action->command != NULL)
        printf("          %s\n", action->command);
    print_conditions(action->kind == ACTION_POLL ? "until" : "wants",
                     &action->wanted);
    print_conditions("not", &action->unwanted);
    print_patterns("expect", &action->expect);
    print_patterns("reject", &action->reject);
    if (action->kind == ACTION_WATCH)
        printf("          for      %g s\n", (double)action->lasts.value / 1000);
    else
        printf("          within   %g s\n",
               (double)action->within.value / 1000);
    if (action->addition.text != NULL)
        printf("          added    %s\n", action->addition.text);
}

static void
print_actions(const char *title, const struct conf_list *list)
{
    const struct action *actions = list->items;

    if (list->len > 0 && *title != '\0')
        printf("    %s\n", title);
    for (size_t i = 0; i < list->len; i++)
        print_action(&actions[i]);
}

static void
print_step(size_t n, const struct step *step)
{
    printf("\n%2zu  %s", n, step->title.text);
    if (step->plan.text != NULL)
        printf("   (step %s of the plan)\n", step->plan.text);
    else
        printf("   (not in the plan)\n");
    if (step->why.text != NULL)
        print_wrapped(step->why.text, 4);
    if (step->addition.text != NULL)
        print_wrapped(step->addition.text, 4);
    if (step->unless.probe.len > 0) {
        char *probe = conf_join(&step->unless.probe);

        printf("    unless  %s\n", probe);
        printf("            (%s)\n", step->unless.because.text);
        free(probe);
    }
    print_actions("", &step->actions);
    print_actions("undone by", &step->undo);
}

static void
print_script(const struct script *script)
{
    const struct tcase *tcase = script->tcase;
    const struct step *steps = tcase->steps.items;

    printf("%s: %s\n", tcase->name.text, tcase->title.text);
    if (tcase->plan.given)
        printf("test case %llu of the plan, ",
               (unsigned long long)tcase->plan.value);
    printf("on lab %s\n", script->lab->name.text);
    if (tcase->about.text != NULL) {
        putchar('\n');
        print_wrapped(tcase->about.text, 0);
    }
    for (size_t i = 0; i < tcase->steps.len; i++)
        print_step(i + 1, &steps[i]);
}

static json_t *
action_json(const struct action *action)
{
    json_t *json = json_object();

    json_object_set_new(json, "kind",
                        json_string(action_kinds[action->kind].name));
    if (action->console != NULL)
        json_object_set_new(json, "console",
                            json_string(action->console->name));
    else
        json_object_set_new(json, "node", json_string(action->on->name.text));
    if (action->command != NULL)
        json_object_set_new(json, "command", json_string(action->command));
    if (action->addition.text != NULL)
        json_object_set_new(json, "addition",
                            json_string(action->addition.text));
    return json;
}

static void
print_json(const struct script *script)
{
    const struct step *steps = script->tcase->steps.items;
    json_t *list = json_array(), *all = json_object();

    for (size_t i = 0; i < script->tcase->steps.len; i++) {
        const struct action *actions = steps[i].actions.items;
        json_t *step = json_object(), *commands = json_array();

        json_object_set_new(step, "step", json_integer((json_int_t)i + 1));
        json_object_set_new(step, "title", json_string(steps[i].title.text));
        if (steps[i].plan.text != NULL)
            json_object_set_new(step, "plan", json_string(steps[i].plan.text));
        for (size_t j = 0; j < steps[i].actions.len; j++)
            json_array_append_new(commands, action_json(&actions[j]));
        json_object_set_new(step, "actions", commands);
        json_array_append_new(list, step);
    }
    json_object_set_new(all, "case", json_string(script->tcase->name.text));
    json_object_set_new(all, "lab", json_string(script->lab->name.text));
    json_object_set_new(all, "steps", list);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static int
show(const struct cli_args *args)
{
    struct script *script = load_script(args, args->operands[0]);

    if (script == NULL)
        return EXIT_BAD_FILE;
    if (cli_has(args, "json"))
        print_json(script);
    else
        print_script(script);
    script_free(script);
    return EXIT_PASS;
}

static const struct cli_option options[] = {
    { "lab", "LAB", "The lab whose values are shown; rehearsal by default.",
      false },
    { "set", "NAME=VALUE",
      "Set a variable above lab and case; NODE.NAME for one node.", true },
    { "json", NULL, "Print JSON.", false },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_show = {
    .name = "show",
    .operands = "CASE",
    .summary = "Show every command of a case, its console and its checks.",
    .about = "Each command is printed exactly as it would be typed; nothing is "
             "touched.",
    .options = options,
    .min = 1,
    .max = 1,
    .run = show,
};
