/* overrides.c - what --set gives, and whether anything knows it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/overrides.h"

#include <string.h>

#include "base/str.h"
#include "conf/vars.h"
#include "lab/lab.h"
#include "plan/script.h"
#include "plan/tcase.h"

static void
add_names(struct strs *known, const struct conf_pairs *pairs)
{
    for (size_t i = 0; i < pairs->len; i++)
        if (!strs_has(known, pairs->items[i].name.text))
            strs_add(known, pairs->items[i].name.text);
}

/* Also those that this case has no use for: one --set serves several. */
static void
collect(const struct script *script, struct strs *known)
{
    const struct lab_node *nodes = script->lab->nodes.items;
    const struct step *steps = script->tcase->steps.items;
    const struct strs *asked = &script->lab->asked;

    for (size_t i = 0; i < asked->len; i++)
        strs_add(known, asked->items[i]);
    add_names(known, &script->lab->vars);
    for (size_t i = 0; i < script->lab->nodes.len; i++)
        add_names(known, &nodes[i].vars);
    add_names(known, &script->tcase->vars);
    for (size_t i = 0; i < script->tcase->steps.len; i++) {
        add_names(known, &steps[i].vars);
        add_names(known, &steps[i].with);
    }
}

/* As far from a word as "did you mean" goes. */
static const char *
nearest(const struct strs *known, const char *name)
{
    const char *found = NULL;
    unsigned best = 4;

    for (size_t i = 0; i < known->len; i++) {
        unsigned distance = str_distance(name, known->items[i]);

        if (distance < best && distance * 3 <= strlen(known->items[i]) + 2) {
            best = distance;
            found = known->items[i];
        }
    }
    return found;
}

/* role, dot: "host" and "."; both "" for what is set on all nodes. */
static void
check(const struct conf_pairs *overrides, const char *role, const char *dot,
      const struct strs *known, struct diags *diags)
{
    for (size_t i = 0; i < overrides->len; i++) {
        const struct conf_text *name = &overrides->items[i].name;
        const char *meant = nearest(known, name->text);

        if (strs_has(known, name->text))
            continue;
        if (meant != NULL)
            diags_warning(diags, &name->at,
                          "nothing uses %s%s%s; did you mean %s%s%s?", role,
                          dot, name->text, role, dot, meant);
        else
            diags_warning(diags, &name->at,
                          "nothing uses %s%s%s: no lab, case or step has it",
                          role, dot, name->text);
    }
}

void
overrides_check(const struct script *script, struct diags *diags)
{
    const struct lab_node *nodes = script->lab->nodes.items;
    struct strs known = { 0 };

    collect(script, &known);
    check(&script->lab->overrides, "", "", &known, diags);
    for (size_t i = 0; i < script->lab->nodes.len; i++)
        check(&nodes[i].overrides, nodes[i].name.text, ".", &known, diags);
    strs_fini(&known);
}
