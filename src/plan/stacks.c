/* stacks.c - which program runs in each console at each action. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/stacks.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"

#define DEPTH_MAX 16

struct stack {
    const struct program *programs[DEPTH_MAX];
    size_t depth;
};

struct walk {
    const struct script *script;
    struct stack *stacks; /* one a console of the script */
    struct diags *diags;
};

static struct stack *
stack_of(struct walk *walk, const struct script_console *console)
{
    return &walk->stacks[console - walk->script->consoles];
}

static char *
describe(const struct stack *stack)
{
    struct buf buf = BUF_INIT(0);

    for (size_t i = 0; i < stack->depth; i++)
        buf_printf(&buf, "%s%s", i > 0 ? " > " : "",
                   stack->programs[i]->name.text);
    return buf_take(&buf);
}

static void
complain(struct walk *walk, const struct action *action,
         const struct stack *stack, const struct conf_text *at,
         const char *what)
{
    char *programs = describe(stack);

    diags_error(walk->diags, at->text != NULL ? &at->at : &action->at,
                "%s: %s runs %s here", what, action->console->name,
                *programs != '\0' ? programs : "nothing");
    free(programs);
}

static bool
leave(struct walk *walk, const struct action *action, struct stack *stack)
{
    for (size_t i = stack->depth; i > 0; i--)
        if (strcmp(stack->programs[i - 1]->name.text, action->leaves.text) ==
            0) {
            stack->depth = i - 1;
            return true;
        }
    complain(walk, action, stack, &action->leaves, "there is nothing to leave");
    return false;
}

/* One action of a step, in its order. */
static bool
walk_action(struct walk *walk, struct action *action)
{
    struct stack *stack;
    const struct program *top;
    bool types = action->kind == ACTION_SEND || action->kind == ACTION_POLL;

    if (action->console == NULL)
        return true;
    stack = stack_of(walk, action->console);
    top = stack->depth > 0 ? stack->programs[stack->depth - 1] : NULL;
    if (types && (top == NULL || top->prompt_pattern == NULL)) {
        complain(walk, action, stack, &action->pane,
                 "there is no prompt to type at");
        return false;
    }
    if (types && action->needs != NULL && action->needs != top) {
        complain(walk, action, stack, &action->program,
                 "that program is not on top");
        return false;
    }
    if (types)
        action->needs = top;
    if (action->leaves.text != NULL && !leave(walk, action, stack))
        return false;
    for (size_t i = 0; action->stack[i] != NULL; i++)
        if (stack->depth < DEPTH_MAX)
            stack->programs[stack->depth++] = action->stack[i];
    return true;
}

/*
 * What is undone or salvaged comes at any time: it types into the program it
 * leaves, or into the console's own.
 */
static void
set_needs(const struct script *script, struct conf_list *list)
{
    struct action *actions = list->items;

    for (size_t i = 0; i < list->len; i++) {
        struct action *action = &actions[i];

        if (action->console == NULL || action->needs != NULL)
            continue;
        action->needs = action->leaves.text != NULL
                            ? panes_program(script->panes, action->leaves.text)
                            : action->console->program;
    }
}

bool
stacks_walk(struct script *script, struct diags *diags)
{
    struct walk walk = { script, NULL, diags };
    struct step *steps = script->tcase->steps.items;
    bool ok = true;

    walk.stacks = xcalloc(script->consoles_len, sizeof *walk.stacks);
    for (size_t i = 0; i < script->consoles_len; i++)
        walk.stacks[i] = (struct stack){ { script->consoles[i].program }, 1 };
    for (size_t i = 0; i < script->tcase->steps.len; i++) {
        struct action *actions = steps[i].actions.items;

        for (size_t j = 0; j < steps[i].actions.len; j++)
            ok = walk_action(&walk, &actions[j]) && ok;
        set_needs(script, &steps[i].undo);
    }
    set_needs(script, &script->tcase->salvage);
    free(walk.stacks);
    return ok;
}
