/*
 * script.c - a case on a lab, ready to run.
 *
 * Variables resolve action > case > node > lab > step default (--set above
 * all): `with` of the use, the case's own, the node of the action's console
 * and the lab, the step's `vars`.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/xalloc.h"
#include "conf/vars.h"
#include "lab/compile.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/choice.h"
#include "plan/fact.h"
#include "plan/stacks.h"
#include "plan/symptom.h"
#include "plan/tcase.h"

/* Making one script: what everything below needs. */
struct maker {
    struct script *script;
    struct diags *diags;
    struct conf_pairs facts_of_case; /* ring, queues ... as variables */
    const struct step *step;         /* the one being made */
    struct choices choices;          /* what "if" compares */
    bool resolved;                   /* the texts hold no variables any more */
    bool ok;
};

static void complain(struct maker *maker, const struct place *at,
                     const char *fmt, ...) PRINTF(3, 4);

static void
complain(struct maker *maker, const struct place *at, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    diags_error(maker->diags, at, "%s", text);
    free(text);
    maker->ok = false;
}

const struct script_console *
script_console(const struct script *script, const char *name)
{
    for (size_t i = 0; i < script->consoles_len; i++)
        if (strcmp(script->consoles[i].name, name) == 0)
            return &script->consoles[i];
    return NULL;
}

/* What an action on this node sees; node NULL: the lab alone. */
static struct vars
scope(const struct maker *maker, const struct lab_node *node)
{
    const struct lab *lab = maker->script->lab;
    const struct step *step = maker->step;
    const struct tcase *tcase = maker->script->tcase;

    return (struct vars){
        .layers = {
            node != NULL ? &node->overrides : NULL,
            &lab->overrides,
            step != NULL ? &step->with : NULL,
            tcase != NULL ? &tcase->vars : NULL,
            &maker->facts_of_case,
            node != NULL ? &node->vars : NULL,
            &lab->vars,
            step != NULL ? &step->vars : NULL,
        },
        .nodes = lab->roles,
        .nodes_len = lab->nodes.len,
        .asked = &maker->script->lab->asked,
    };
}

/* A text resolved in a scope; yours, NULL when it is not there or wrong. */
static char *
resolve(struct maker *maker, const struct vars *sees,
        const struct conf_text *text)
{
    char *resolved;

    if (text->text == NULL)
        return NULL;
    if (maker->resolved)
        return xstrdup(text->text);
    resolved = vars_expand(sees, text, maker->diags);
    if (resolved == NULL)
        maker->ok = false;
    return resolved;
}

static struct lab_node *
find_node(struct maker *maker, const char *name, const struct place *at)
{
    struct lab_node *node = lab_node(maker->script->lab, name);
    const struct lab_node *nodes = maker->script->lab->nodes.items;
    struct buf known = BUF_INIT(0);

    if (node != NULL)
        return node;
    for (size_t i = 0; i < maker->script->lab->nodes.len; i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", nodes[i].name.text);
    complain(maker, at, "there is no node \"%s\" in lab \"%s\", which has %s",
             name, maker->script->lab->name.text, buf_text(&known));
    buf_fini(&known);
    return NULL;
}

/* "HOST:PORT", the port behind the last colon. */
static void
split_address(struct maker *maker, struct script_console *console,
              const char *text, const struct place *at)
{
    const char *colon = strrchr(text, ':');
    uint64_t port;

    if (colon == NULL || colon == text ||
        !str_to_u64(colon + 1, 1, 65535, &port)) {
        complain(maker, at, "telnet: expected HOST:PORT, found \"%s\"", text);
        return;
    }
    console->host = xstrndup(text, (size_t)(colon - text));
    console->port = (uint16_t)port;
}

static void
make_link(struct maker *maker, struct script_console *console,
          const struct vars *sees)
{
    const struct pane_link *link = &console->pane->link;
    const struct conf_text *node = NULL;
    char *text;

    console->kind = link->form->keys[0].name;
    if (link->ssh.text != NULL)
        node = &link->ssh;
    else if (link->via.text != NULL)
        node = &link->via;
    if (node != NULL && (text = resolve(maker, sees, node)) != NULL) {
        console->via = find_node(maker, text, &node->at);
        free(text);
    }
    if (console->via != NULL && console->via->ssh.text == NULL)
        complain(maker, &node->at,
                 "node \"%s\" is this machine and has no ssh; its panes have "
                 "link: {pty: yes}",
                 console->via->name.text);
    if ((text = resolve(maker, sees, &link->telnet)) != NULL) {
        split_address(maker, console, text, &link->telnet.at);
        free(text);
    }
    console->command = resolve(maker, sees, &link->exec);
    console->file = resolve(maker, sees, &link->replay);
}

static void
make_console(struct maker *maker, const struct pane *pane,
             struct lab_node *node)
{
    struct script *script = maker->script;
    struct vars sees = scope(maker, node);
    struct script_console *console;

    script->consoles = xrealloc(script->consoles, script->consoles_len + 1,
                                sizeof *script->consoles);
    console = &script->consoles[script->consoles_len++];
    *console = (struct script_console){ .pane = pane, .node = node };
    console->name = xasprintf("%s-%s", node->name.text, pane->name.text);
    console->title = resolve(maker, &sees, &pane->title);
    if (console->title == NULL)
        console->title = xstrdup(console->name);
    console->program = panes_program(script->panes, pane->program.text);
    make_link(maker, console, &sees);
    for (size_t i = 0; i < pane->readers.len; i++)
        if (reader_name_find(pane->readers.items[i].text) == NULL)
            complain(maker, &pane->readers.items[i].at,
                     "there is no reader \"%s\"", pane->readers.items[i].text);
}

/* A console for each pane on each of its nodes that the lab has. */
static void
make_consoles(struct maker *maker)
{
    const struct pane *panes = maker->script->panes->panes.items;

    for (size_t i = 0; i < maker->script->panes->panes.len; i++)
        for (size_t j = 0; j < panes[i].nodes.len; j++) {
            struct lab_node *node =
                lab_node(maker->script->lab, panes[i].nodes.items[j].text);

            if (node != NULL)
                make_console(maker, &panes[i], node);
        }
}

static const struct script_console *
find_console(struct maker *maker, const char *name, const struct place *at)
{
    const struct script *script = maker->script;
    const struct script_console *found = script_console(script, name);
    struct buf known = BUF_INIT(0);

    if (found != NULL)
        return found;
    for (size_t i = 0; i < script->consoles_len; i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", script->consoles[i].name);
    complain(maker, at, "there is no console \"%s\"; there are %s", name,
             buf_text(&known));
    buf_fini(&known);
    return NULL;
}

static const struct program *
find_program(struct maker *maker, const struct conf_text *text)
{
    const struct program *program =
        panes_program(maker->script->panes, text->text);
    char *known;

    if (program != NULL)
        return program;
    known = panes_program_names(maker->script->panes);
    complain(maker, &text->at,
             "there is no program \"%s\" in panes/programs.yaml, which has %s",
             text->text, known);
    free(known);
    return NULL;
}

/* One of the readers publishes the fact, or every console does. */
static bool
is_published(const struct conf_texts *readers, const char *fact)
{
    if (fact_name_find("console", fact) != NULL)
        return true;
    for (size_t i = 0; i < readers->len; i++)
        if (fact_name_find(readers->items[i].text, fact) != NULL)
            return true;
    return false;
}

/*
 * The full name of a fact: "topic.field" is the action's own console's, and
 * "console.topic.field" any other's. NULL and an error when nobody publishes
 * it. The result is yours.
 */
static char *
full_fact_name(struct maker *maker, const struct action *action,
               const struct conf_text *name)
{
    const struct script_console *console = action->console;
    const char *dot = strchr(name->text, '.'), *fact = name->text;
    char *first = dot != NULL ? xstrndup(name->text, (size_t)(dot - name->text))
                              : xstrdup("");

    if (script_console(maker->script, first) != NULL) {
        console = script_console(maker->script, first);
        fact = dot + 1;
    }
    free(first);
    if (console == NULL) {
        complain(maker, &name->at, "fact \"%s\": which console's?", name->text);
        return NULL;
    }
    if (!is_published(&console->pane->readers, fact)) {
        complain(maker, &name->at,
                 "no reader of %s publishes a fact \"%s\" (readers of pane "
                 "%s); miglab-pane(5) lists them",
                 console->name, fact, console->pane->name.text);
        return NULL;
    }
    return xasprintf("%s.%s", console->name, fact);
}

static void
make_conditions(struct maker *maker, const struct action *action,
                const struct conf_pairs *pairs, struct conditions *out)
{
    for (size_t i = 0; i < pairs->len; i++) {
        char *fact = full_fact_name(maker, action, &pairs->items[i].name);

        if (fact == NULL)
            continue;
        if (!conditions_add(out, fact, &pairs->items[i], maker->diags))
            maker->ok = false;
        free(fact);
    }
}

static void
make_status(struct maker *maker, struct action *action)
{
    uint64_t status;

    action->want_status = ACTION_STATUS_DEFAULT;
    if (action->status.text == NULL)
        return;
    if (strcmp(action->status.text, "any") == 0)
        action->want_status = ACTION_STATUS_ANY;
    else if (str_to_u64(action->status.text, 0, 255, &status))
        action->want_status = (int)status;
    else
        complain(maker, &action->status.at,
                 "status: expected a number from 0 to 255 or any, found \"%s\"",
                 action->status.text);
}

static void
make_programs(struct maker *maker, struct action *action)
{
    if (action->program.text != NULL)
        action->needs = find_program(maker, &action->program);
    if (action->leaves.text != NULL)
        find_program(maker, &action->leaves);
    action->stack = xcalloc(action->enters.len + 1, sizeof *action->stack);
    for (size_t i = 0, n = 0; i < action->enters.len; i++) {
        if (action->enters.items[i].text[0] == '\0')
            continue; /* as in a command: a variable may leave no trace */
        action->stack[n] = find_program(maker, &action->enters.items[i]);
        if (action->stack[n] != NULL)
            n++;
    }
}

static void
make_patterns(struct maker *maker, struct action *action)
{
    action->expects = compile_patterns(&action->expect, maker->diags);
    action->rejects = compile_patterns(&action->reject, maker->diags);
    if (action->expects == NULL || action->rejects == NULL)
        maker->ok = false;
}

/* What the kind types, runs or waits for. */
static void
make_kind(struct maker *maker, struct action *action)
{
    const struct conf_pairs *facts[ACTION_KINDS] = {
        [ACTION_POLL] = &action->until,
        [ACTION_WAIT] = &action->wait,
        [ACTION_WATCH] = &action->watch,
    };
    const struct conf_texts *commands[ACTION_KINDS] = {
        [ACTION_SEND] = &action->send,
        [ACTION_POLL] = &action->poll,
        [ACTION_PROBE] = &action->probe,
    };

    if (commands[action->kind] != NULL)
        action->command = conf_join(commands[action->kind]);
    else if (action->kind == ACTION_KEY)
        action->command = xstrdup(action->key.text);
    if (facts[action->kind] != NULL)
        make_conditions(maker, action, facts[action->kind], &action->wanted);
    make_conditions(maker, action, &action->fail, &action->unwanted);
    make_conditions(maker, action, &action->when, &action->armed);
    if (!action->within.given)
        action->within.value = action_kinds[action->kind].within_ms;
    if (action->kind == ACTION_POLL && !action->every.given)
        action->every.value = 500;
}

static enum action_kind
kind_of(const struct action *action)
{
    for (int kind = 0; kind < ACTION_KINDS; kind++)
        if (action_kinds[kind].schema == action->form)
            return (enum action_kind)kind;
    BUG_ON(true);
    return ACTION_SEND;
}

/* Where an action happens: its console, or a probe's node. */
static bool
make_target(struct maker *maker, struct action *action,
            const struct script_console *console, struct lab_node *node)
{
    struct vars sees = scope(maker, node);
    char *text;

    action->console = action->kind == ACTION_PROBE ? NULL : console;
    action->on = node;
    if ((text = resolve(maker, &sees, &action->pane)) != NULL) {
        action->console = find_console(maker, text, &action->pane.at);
        action->on = action->console != NULL ? action->console->node : NULL;
        free(text);
        return action->console != NULL;
    }
    if ((text = resolve(maker, &sees, &action->node)) != NULL) {
        action->on = find_node(maker, text, &action->node.at);
        free(text);
        return action->on != NULL;
    }
    if (action->pane.text != NULL || action->node.text != NULL)
        return false; /* said already */
    if (action->kind != ACTION_PROBE && console == NULL) {
        complain(maker, &action->at,
                 "this action needs a \"pane\": its step "
                 "has none");
        return false;
    }
    if (action->kind == ACTION_PROBE && node == NULL) {
        complain(maker, &action->at,
                 "this probe needs a \"node\": its step "
                 "has no pane");
        return false;
    }
    return true;
}

/* Its texts without variables; what its "if" compares is kept with them. */
static bool
expand_action(struct maker *maker, struct action *action)
{
    struct vars sees = scope(maker, action->on);
    size_t len = action->only_if.len;
    struct conf_text *written;
    bool ok;

    if (maker->resolved)
        return true;
    written = xcalloc(len + 1, sizeof *written);
    for (size_t i = 0; i < len; i++)
        written[i] = (struct conf_text){ xstrdup(action->only_if.items[i].text),
                                         action->only_if.items[i].at };
    ok = vars_expand_all(&sees, &action_schema, action, maker->diags);
    for (size_t i = 0; i < len; i++) {
        if (ok)
            choices_note(&maker->choices, &written[i],
                         action->only_if.items[i].text);
        free(written[i].text);
    }
    free(written);
    maker->ok = maker->ok && ok;
    return ok;
}

static void
make_action(struct maker *maker, struct action *action,
            const struct script_console *console, struct lab_node *node)
{
    if (action->form == NULL)
        return; /* no kind that we know; told already */
    action->kind = kind_of(action);
    if (!make_target(maker, action, console, node))
        return;
    if (!expand_action(maker, action))
        return;
    for (size_t i = 0; i < action->readers.len; i++)
        if (reader_name_find(action->readers.items[i].text) == NULL)
            complain(maker, &action->readers.items[i].at,
                     "there is no reader \"%s\"",
                     action->readers.items[i].text);
    if (action->behind.text != NULL && maker->step != NULL)
        complain(maker, &action->behind.at,
                 "\"behind\" is for a salvage: a step's actions have their "
                 "order");
    make_status(maker, action);
    make_programs(maker, action);
    make_patterns(maker, action);
    make_kind(maker, action);
}

static void
make_actions(struct maker *maker, struct conf_list *list,
             const struct script_console *console, struct lab_node *node)
{
    struct action *actions = list->items;
    size_t kept = 0;

    for (size_t i = 0; i < list->len; i++) {
        make_action(maker, &actions[i], console, node);
        if (choice_leaves_out(&actions[i].only_if)) {
            action_fini(&actions[i]);
            conf_free(&action_schema, &actions[i]);
        } else {
            actions[kept++] = actions[i];
        }
    }
    list->len = kept;
}

/* The step's own texts; its actions resolve themselves, on their own node. */
static void
expand_step(struct maker *maker, struct step *step, const struct vars *sees)
{
    struct conf_text *texts[] = { &step->title,      &step->plan,
                                  &step->pane,       &step->why,
                                  &step->addition,   &step->unless.because,
                                  &step->unless.node };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char *text = resolve(maker, sees, texts[i]);

        if (text == NULL)
            continue;
        free(texts[i]->text);
        texts[i]->text = text;
    }
    for (size_t i = 0; i < step->unless.probe.len; i++) {
        struct conf_text *probe = &step->unless.probe.items[i];
        char *text = resolve(maker, sees, probe);

        if (text == NULL)
            continue;
        free(probe->text);
        probe->text = text;
    }
}

static void
make_step(struct maker *maker, struct step *step)
{
    const struct script_console *console = NULL;
    struct lab_node *node = NULL;
    struct vars sees;
    char *pane;

    maker->step = step;
    sees = scope(maker, NULL);
    if ((pane = resolve(maker, &sees, &step->pane)) != NULL) {
        console = find_console(maker, pane, &step->pane.at);
        free(pane);
    }
    if (console != NULL)
        node = console->node;
    if (console != NULL || step->pane.text == NULL) {
        sees = scope(maker, node);
        expand_step(maker, step, &sees);
        make_actions(maker, &step->actions, console, node);
        make_actions(maker, &step->undo, console, node);
    }
    maker->step = NULL;
}

/* What the case says of itself can be used as variables. */
static void
add_case_facts(struct maker *maker)
{
    const struct tcase *tcase = maker->script->tcase;
    const struct place *at = &tcase->name.at;
    char queues[24];

    snprintf(queues, sizeof queues, "%llu",
             (unsigned long long)tcase->queues.value);
    pairs_set(&maker->facts_of_case, "ring",
              tcase->ring.value == TCASE_PACKED ? "packed" : "split", at);
    pairs_set(&maker->facts_of_case, "queues", queues, at);
    pairs_set(&maker->facts_of_case, "driver",
              tcase->driver.text != NULL ? tcase->driver.text : "none", at);
    pairs_set(&maker->facts_of_case, "queues_change",
              tcase->queues_change.value ? "yes" : "", at);
}

static void
make_case(struct maker *maker)
{
    struct tcase *tcase = maker->script->tcase;
    struct step *steps = tcase->steps.items;

    add_case_facts(maker);
    for (size_t i = 0; i < tcase->steps.len; i++)
        make_step(maker, &steps[i]);
    make_actions(maker, &tcase->salvage, NULL, NULL);
    pairs_fini(&maker->facts_of_case);
    if (!choices_check(&maker->choices, maker->diags))
        maker->ok = false;
    choices_fini(&maker->choices);
}

/*
 * errors: how many there were before the case was read. A case with mistakes
 * is made as far as it goes, so that all of them are told at once.
 */
static struct script *
make(struct lab *lab, struct panes *panes, struct tcase *tcase, bool resolved,
     size_t errors, struct diags *diags)
{
    struct script *script = xcalloc(1, sizeof *script);
    struct maker maker = {
        .script = script, .diags = diags, .resolved = resolved, .ok = true
    };

    script->lab = lab;
    script->panes = panes;
    script->tcase = tcase;
    /* Panes keep their variables, also in a run: the lab's file has them. */
    maker.resolved = false;
    make_consoles(&maker);
    maker.resolved = resolved;
    if (tcase != NULL)
        make_case(&maker);
    if (tcase != NULL && maker.ok)
        maker.ok = stacks_walk(script, diags);
    script->symptoms = symptom_set_load(diags);
    if (maker.ok && diags->errors == errors)
        return script;
    script_free(script);
    return NULL;
}

struct script *
script_load(const char *case_name, struct lab *lab, struct panes *panes,
            struct diags *diags)
{
    char *path = paths_find("cases", case_name);
    struct tcase *tcase = NULL;
    struct strs names = { 0 };
    size_t errors = diags->errors;

    if (path != NULL) {
        tcase = tcase_load(path, diags);
    } else {
        char *known;

        script_cases(&names);
        known = strs_join(&names, ", ");
        diags_error(diags, &(struct place){ case_name, 0, 0 },
                    "there is no such case; there are %s", known);
        free(known);
        strs_fini(&names);
    }
    free(path);
    if (tcase != NULL)
        return make(lab, panes, tcase, false, errors, diags);
    lab_free(lab);
    panes_free(panes);
    return NULL;
}

/* The case of those who only open the consoles. */
static struct tcase *
make_no_case(const struct lab *lab)
{
    struct tcase *none = xcalloc(1, sizeof *none);

    none->name.text = xstrdup("open");
    none->title.text = xasprintf("Consoles of %s", lab->name.text);
    none->judge.value = TCASE_STEPS;
    return none;
}

struct script *
script_consoles(struct lab *lab, struct panes *panes, struct diags *diags)
{
    return make(lab, panes, make_no_case(lab), false, diags->errors, diags);
}

struct script *
script_load_run(const char *folder, struct diags *diags)
{
    char *lab_path = xasprintf("%s/lab.yaml", folder);
    char *panes_path = xasprintf("%s/panes.yaml", folder);
    char *case_path = xasprintf("%s/case.yaml", folder);
    size_t errors = diags->errors;
    struct lab *lab = lab_load_file(lab_path, NULL, diags);
    struct panes *panes = panes_load_file(panes_path, diags);
    struct script *script = NULL;

    if (lab != NULL && panes != NULL) {
        /* Who only opened the consoles wrote no case. */
        script =
            make(lab, panes,
                 access(case_path, F_OK) == 0 ? tcase_load(case_path, diags)
                                              : make_no_case(lab),
                 true, errors, diags);
    } else {
        lab_free(lab);
        panes_free(panes);
    }
    free(lab_path);
    free(panes_path);
    free(case_path);
    return script;
}

void
script_edit(struct script *script, const struct action *action,
            const char *command)
{
    struct action *own = (struct action *)action; /* it is the script's */

    (void)script;
    free(own->command);
    own->command = xstrdup(command);
}

void
script_free(struct script *script)
{
    if (script == NULL)
        return;
    for (size_t i = 0; i < script->consoles_len; i++) {
        struct script_console *console = &script->consoles[i];

        free(console->name);
        free(console->title);
        free(console->host);
        free(console->command);
        free(console->file);
    }
    free(script->consoles);
    symptom_set_free(script->symptoms);
    tcase_free(script->tcase);
    panes_free(script->panes);
    lab_free(script->lab);
    free(script);
}

void
script_write_case(const struct script *script, struct buf *out)
{
    conf_write(&tcase_schema, script->tcase, out);
}

/* The overrides become the variables of whose they are: the run had them. */
static void
keep_overrides(struct conf_pairs *vars, const struct conf_pairs *overrides)
{
    for (size_t i = 0; i < overrides->len; i++)
        pairs_set(vars, overrides->items[i].name.text,
                  overrides->items[i].values.items[0].text,
                  &overrides->items[i].name.at);
}

void
script_write_lab(const struct script *script, struct buf *out)
{
    const struct lab_node *nodes = script->lab->nodes.items;
    struct lab_node *copies;
    struct lab copy;

    conf_copy(&lab_schema, script->lab, &copy);
    free(copy.extends.text);
    copy.extends.text = NULL;
    pairs_fini(&copy.set); /* they are among the overrides */
    keep_overrides(&copy.vars, &script->lab->overrides);
    copies = copy.nodes.items;
    for (size_t i = 0; i < copy.nodes.len; i++)
        keep_overrides(&copies[i].vars, &nodes[i].overrides);
    conf_write(&lab_schema, &copy, out);
    conf_free(&lab_schema, &copy);
}

void
script_write_panes(const struct script *script, struct buf *out)
{
    conf_write(&panes_schema, script->panes, out);
}

bool
script_console_is_shell(const struct script_console *console)
{
    return console->program->shell.value &&
           (strcmp(console->kind, "ssh") == 0 ||
            strcmp(console->kind, "pty") == 0);
}

/* Files of cases/ that are no cases themselves. */
static const char *const not_cases[] = { "corrections", "salvage", "symptoms" };

void
script_cases(struct strs *names)
{
    struct strs all = { 0 };

    paths_list("cases", &all);
    for (size_t i = 0; i < all.len; i++) {
        bool is_case = true;

        for (size_t j = 0; j < ARRAY_LEN(not_cases); j++)
            if (strcmp(all.items[i], not_cases[j]) == 0)
                is_case = false;
        if (is_case)
            strs_add(names, all.items[i]);
    }
    strs_fini(&all);
}
