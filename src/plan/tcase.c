/* tcase.c - a case: an ordered list of steps, one file in cases/. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/tcase.h"

#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/xalloc.h"
#include "plan/action.h"

#define KEY(of_struct, key_name, key_type, member, ...)                        \
    {                                                                          \
        .name = key_name, .type = key_type,                                    \
        .offset = offsetof(struct of_struct, member), __VA_ARGS__              \
    }

static const struct conf_key unless_keys[] = {
    KEY(unless, "probe", CONF_TEXTS, probe, .flags = CONF_REQUIRED,
        .value = "COMMAND", .help = "Exit status 0: the step is not needed."),
    KEY(unless, "because", CONF_TEXT, because, .flags = CONF_REQUIRED,
        .value = "REASON", .help = "What is said when it is skipped."),
    KEY(unless, "node", CONF_TEXT, node, .value = "NODE",
        .help = "Where to ask; the step's node unless given."),
};
static const struct conf_schema unless_schema = {
    .name = "condition of a step",
    .size = sizeof(struct unless),
    .keys = unless_keys,
    .keys_len = ARRAY_LEN(unless_keys),
};

static const struct conf_key step_keys[] = {
    KEY(step, "step", CONF_TEXT, title, .value = "TITLE",
        .help = "What it does, in a few words."),
    KEY(step, "plan", CONF_TEXT, plan, .value = "NUMBER",
        .help = "Its number in the plan's text; without one it is an "
                "addition."),
    KEY(step, "pane", CONF_TEXT, pane, .value = "NODE-PANE",
        .help = "The console of its actions."),
    KEY(step, "why", CONF_TEXT, why,
        .help = "What a newcomer should know about it."),
    KEY(step, "unless", CONF_STRUCT, unless, .of = &unless_schema,
        .help = "Skips the step when it is done already."),
    KEY(step, "at_once", CONF_BOOL, at_once,
        .help = "It belongs to what the step before began, and which goes on "
                "meanwhile: guided mode asks for no key before it."),
    KEY(step, "vars", CONF_PAIRS, vars, .value = "NAME: TEXT",
        .help = "Variables, where nobody else sets them."),
    KEY(step, "do", CONF_LIST, actions, .of = &action_schema,
        .help = "Its actions, in their order."),
    KEY(step, "undo", CONF_LIST, undo, .of = &action_schema,
        .help = "What takes it back, at teardown; safe to do twice."),
    KEY(step, "addition", CONF_TEXT, addition, .value = "REASON",
        .help = "The plan does not have this step; why miglab does."),
};
const struct conf_schema shared_step_schema = {
    .name = "step",
    .size = sizeof(struct step),
    .keys = step_keys,
    .keys_len = ARRAY_LEN(step_keys),
    .place_offset = offsetof(struct step, at),
};

static const struct conf_key use_keys[] = {
    KEY(step, "use", CONF_TEXT, use, .value = "FILE",
        .help = "The steps of cases/steps/FILE.yaml."),
    KEY(step, "plan", CONF_TEXT, plan, .value = "NUMBER",
        .help = "The number in the plan's text of the step it holds."),
    KEY(step, "with", CONF_PAIRS, with, .value = "NAME: TEXT",
        .help = "Variables for it, above the case's."),
};
const struct conf_schema use_schema = {
    .name = "use of a step",
    .size = sizeof(struct step),
    .keys = use_keys,
    .keys_len = ARRAY_LEN(use_keys),
    .place_offset = offsetof(struct step, at),
};

/* A step of a case has variables of its use, once it is resolved. */
static const struct conf_schema *const step_forms[] = { &shared_step_schema,
                                                        &use_schema, NULL };
const struct conf_schema step_schema = {
    .name = "step",
    .size = sizeof(struct step),
    .forms = step_forms,
    .form_offset = offsetof(struct step, form),
    .place_offset = offsetof(struct step, at),
};

static const char *const judges[] = {
    [TCASE_MIGRATION] = "migration",
    [TCASE_STEPS] = "steps",
    NULL,
};
static const char *const rings[] = {
    [TCASE_SPLIT] = "split",
    [TCASE_PACKED] = "packed",
    NULL,
};
static const struct conf_key tcase_keys[] = {
    KEY(tcase, "case", CONF_NAME, name, .flags = CONF_REQUIRED, .value = "NAME",
        .help = "Its name, as on the command line: its file's name."),
    KEY(tcase, "title", CONF_TEXT, title, .flags = CONF_REQUIRED,
        .help = "Its title, as in the plan."),
    KEY(tcase, "plan", CONF_UINT, plan, .value = "NUMBER", .max = 1000,
        .help = "The number of the plan's test case."),
    KEY(tcase, "about", CONF_TEXT, about,
        .help = "What it is about, for somebody who reads it first."),
    KEY(tcase, "judge", CONF_ENUM, judge, .words = judges,
        .help = "What its verdict stands on: its steps and the legs of a "
                "migration, which is so unless given, or its steps alone."),
    KEY(tcase, "ring", CONF_ENUM, ring, .words = rings,
        .help = "The form of the virtqueues that a migration is about; "
                "judged. Every case of a migration has it."),
    KEY(tcase, "queues", CONF_UINT, queues, .min = 1, .max = 256,
        .help = "The queue pairs a migration ends with; judged. Every case "
                "of a migration has it."),
    KEY(tcase, "driver", CONF_TEXT, driver, .value = "NAME",
        .help = "The guest's driver of the port; judged. Every case of a "
                "migration has it."),
    KEY(tcase, "queues_change", CONF_BOOL, queues_change,
        .help = "The number of queues becomes this while the VM migrates; "
                "judged."),
    KEY(tcase, "vars", CONF_PAIRS, vars, .value = "NAME: TEXT",
        .help = "Variables of the case, above the lab's."),
    KEY(tcase, "steps", CONF_LIST, steps, .flags = CONF_REQUIRED,
        .of = &step_schema, .help = "Its steps, in their order."),
    KEY(tcase, "salvage", CONF_LIST, salvage, .of = &action_schema,
        .help = "What is saved at a failure, before anything is undone; "
                "that of cases/salvage.yaml unless given."),
};
const struct conf_schema tcase_schema = {
    .name = "case",
    .size = sizeof(struct tcase),
    .keys = tcase_keys,
    .keys_len = ARRAY_LEN(tcase_keys),
};

/* The path as a name that lives as long as the case. */
static const char *
keep_name(struct tcase *tcase, const char *path)
{
    strs_add(&tcase->files, path);
    return tcase->files.items[tcase->files.len - 1];
}

/* Put the steps of a shared file where they are used. */
static bool
read_used(struct tcase *tcase, const struct step *use, struct conf_list *steps,
          struct diags *diags)
{
    struct conf_list shared = { 0 };
    struct step *items;
    char *path = paths_find("cases/steps", use->use.text);
    bool ok;

    if (path == NULL) {
        struct strs names = { 0 };
        char *known;

        paths_list("cases/steps", &names);
        known = strs_join(&names, ", ");
        diags_error(diags, &use->use.at,
                    "use: there is no cases/steps/%s.yaml; there are %s",
                    use->use.text, known);
        free(known);
        strs_fini(&names);
        return false;
    }
    ok = conf_read_list(&shared_step_schema, keep_name(tcase, path), &shared,
                        diags);
    free(path);
    items = shared.items;
    for (size_t i = 0; i < shared.len; i++) {
        struct step *step = conf_list_add(steps, sizeof *step);
        const struct step with = { .with = use->with };
        struct step copy = { 0 };

        *step = items[i]; /* takes what it owns */
        step->form = &shared_step_schema;
        conf_copy(&use_schema, &with, &copy);
        step->with = copy.with;
        if (i == 0 && use->plan.text != NULL) {
            free(step->plan.text);
            step->plan = use->plan;
            step->plan.text = xstrdup(use->plan.text);
        }
    }
    free(shared.items);
    return ok;
}

static bool
read_uses(struct tcase *tcase, struct diags *diags)
{
    struct conf_list steps = { .at = tcase->steps.at };
    struct step *items = tcase->steps.items;
    bool ok = true;

    for (size_t i = 0; i < tcase->steps.len; i++) {
        if (items[i].form == &use_schema) {
            ok = read_used(tcase, &items[i], &steps, diags) && ok;
            conf_free(&use_schema, &items[i]);
        } else {
            *(struct step *)conf_list_add(&steps, sizeof(struct step)) =
                items[i];
        }
    }
    free(items);
    tcase->steps = steps;
    return ok;
}

static bool
read_salvage(struct tcase *tcase, struct diags *diags)
{
    char *path;
    bool ok;

    if (tcase->salvage.len > 0 || tcase->salvage.at.line > 0)
        return true;
    path = paths_find("cases", "salvage");
    if (path == NULL)
        return true;
    ok = conf_read_list(&action_schema, keep_name(tcase, path), &tcase->salvage,
                        diags);
    free(path);
    return ok;
}

/* What the legs of a migration are judged by. */
static bool
check_identity(const struct tcase *tcase, struct diags *diags)
{
    const struct {
        const char *key;
        bool given;
    } keys[] = {
        { "ring", tcase->ring.given },
        { "queues", tcase->queues.given },
        { "driver", tcase->driver.text != NULL },
    };
    bool ok = true;

    if (tcase->judge.value != TCASE_MIGRATION || tcase->name.text == NULL)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (!keys[i].given) {
            diags_error(diags, &tcase->name.at,
                        "a case that judges a migration has \"%s\"; one that "
                        "does not has \"judge: steps\"",
                        keys[i].key);
            ok = false;
        }
    return ok;
}

static bool
check_titles(const struct tcase *tcase, struct diags *diags)
{
    const struct step *steps = tcase->steps.items;
    bool ok = true;

    for (size_t i = 0; i < tcase->steps.len; i++) {
        if (steps[i].title.text == NULL) {
            diags_error(diags, &steps[i].at,
                        "this step has no \"step\" (its "
                        "title)");
            ok = false;
        }
        if (steps[i].plan.text == NULL && steps[i].addition.text == NULL) {
            diags_error(diags, &steps[i].at,
                        "a step has either \"plan\" (its number in the plan) "
                        "or \"addition\" (why the plan does not have it)");
            ok = false;
        }
    }
    if (tcase->steps.len == 0) {
        diags_error(diags, &tcase->steps.at, "a case has at least one step");
        ok = false;
    }
    return ok;
}

struct tcase *
tcase_load(const char *path, struct diags *diags)
{
    struct tcase *tcase = xcalloc(1, sizeof *tcase);
    const char *name = keep_name(tcase, path);
    bool ok = conf_read_file(&tcase_schema, name, tcase, diags);

    ok = read_uses(tcase, diags) && ok;
    ok = read_salvage(tcase, diags) && ok;
    ok = check_identity(tcase, diags) && ok;
    if (ok)
        check_titles(tcase, diags);
    return tcase;
}

static void
fini_actions(struct conf_list *list)
{
    struct action *actions = list->items;

    for (size_t i = 0; i < list->len; i++)
        action_fini(&actions[i]);
}

void
tcase_free(struct tcase *tcase)
{
    struct step *steps;

    if (tcase == NULL)
        return;
    steps = tcase->steps.items;
    for (size_t i = 0; i < tcase->steps.len; i++) {
        struct step with = { .with = steps[i].with };

        fini_actions(&steps[i].actions);
        fini_actions(&steps[i].undo);
        conf_free(&use_schema, &with);
    }
    fini_actions(&tcase->salvage);
    strs_fini(&tcase->files);
    conf_free(&tcase_schema, tcase);
    free(tcase);
}
