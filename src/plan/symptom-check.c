/* symptom-check.c - whether anybody has the consoles that symptoms name. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/symptom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/xalloc.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/fact.h"

/* Who can have lines and facts. */
struct sources {
    const struct panes *panes;
    struct conf_list salvage; /* struct action */
    struct diags *diags;
};

/* The pane whose console on one of its nodes has this name, or NULL. */
static const struct pane *
pane_of(const struct sources *sources, const char *name)
{
    const struct pane *panes = sources->panes->panes.items;

    for (size_t i = 0; i < sources->panes->panes.len; i++)
        for (size_t j = 0; j < panes[i].nodes.len; j++) {
            char *full = xasprintf("%s-%s", panes[i].nodes.items[j].text,
                                   panes[i].name.text);
            bool same = strcmp(full, name) == 0;

            free(full);
            if (same)
                return &panes[i];
        }
    return NULL;
}

/* The salvage's probe of this name, or NULL. */
static const struct action *
probe_of(const struct sources *sources, const char *name)
{
    const struct action *actions = sources->salvage.items;

    for (size_t i = 0; i < sources->salvage.len; i++) {
        const struct conf_text *as = &actions[i].as;

        if (actions[i].probe.len > 0 && as->text != NULL &&
            strcmp(as->text, name) == 0)
            return &actions[i];
    }
    return NULL;
}

static void
check_console(const struct sources *sources, const struct conf_text *name)
{
    if (pane_of(sources, name->text) == NULL &&
        probe_of(sources, name->text) == NULL)
        diags_error(sources->diags, &name->at,
                    "\"%s\" is neither NODE-PANE of a pane on one of its nodes "
                    "nor read in cases/salvage.yaml",
                    name->text);
}

static bool
is_published(const struct conf_texts *readers, const char *fact)
{
    for (size_t i = 0; readers != NULL && i < readers->len; i++)
        if (fact_name_find(readers->items[i].text, fact) != NULL)
            return true;
    return false;
}

static void
check_fact(const struct sources *sources, const struct conf_text *name)
{
    const char *dot = strchr(name->text, '.');
    char *console;
    const struct pane *pane;
    const struct action *probe;

    if (dot == NULL)
        return; /* told when it was read */
    console = xstrndup(name->text, (size_t)(dot - name->text));
    pane = pane_of(sources, console);
    probe = probe_of(sources, console);
    if (!(pane != NULL && (fact_name_find("console", dot + 1) != NULL ||
                           is_published(&pane->readers, dot + 1))) &&
        !(probe != NULL && is_published(&probe->readers, dot + 1)))
        diags_error(sources->diags, &name->at,
                    "no reader of a console or log \"%s\" publishes \"%s\"",
                    console, dot + 1);
    free(console);
}

static void
check_sign(const struct sources *sources, const struct sign *sign)
{
    for (size_t i = 0; i < sign->in.len; i++)
        check_console(sources, &sign->in.items[i]);
    for (size_t i = 0; i < sign->facts.len; i++)
        check_fact(sources, &sign->facts.items[i].name);
    for (size_t i = 0; i < sign->unknown.len; i++)
        check_fact(sources, &sign->unknown.items[i]);
}

void
symptom_set_check(const struct symptom_set *set, const struct panes *panes,
                  struct diags *diags)
{
    struct sources sources = { .panes = panes, .diags = diags };
    const struct symptom *symptoms = set->list.items;
    char *salvage = paths_find("cases", "salvage");
    struct action *actions;

    if (salvage != NULL)
        conf_read_list(&action_schema, salvage, &sources.salvage, diags);
    for (size_t i = 0; i < set->list.len; i++) {
        const struct sign *signs = symptoms[i].signs.items;

        for (size_t j = 0; j < symptoms[i].signs.len; j++)
            check_sign(&sources, &signs[j]);
        if (symptoms[i].next.pane.text != NULL)
            check_console(&sources, &symptoms[i].next.pane);
    }
    actions = sources.salvage.items;
    for (size_t i = 0; i < sources.salvage.len; i++)
        conf_free(&action_schema, &actions[i]);
    free(sources.salvage.items);
    free(salvage);
}
