/*
 * vars.h - ${variables} in the texts of files.
 *
 * "${name}" stands for a variable's text, which may hold variables itself;
 * "${node.name}" for the variable as that node sees it; "$${" for a plain
 * "${". An unknown name is an error where it is written, never an empty text.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONF_VARS_H
#define CONF_VARS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"
#include "conf/conf.h"

#define VARS_LAYERS_MAX 8

struct vars;

/* A name that can stand before the dot, and what it sees. */
struct vars_node {
    const char *name;
    const struct vars *vars;
};

/* Where names are looked up: the first layer that has one wins. Borrowed. */
struct vars {
    const struct conf_pairs *layers[VARS_LAYERS_MAX]; /* NULL: skipped */
    const struct vars_node *nodes;
    size_t nodes_len;
    struct strs *asked; /* each name that was looked up, once; NULL: unasked */
};

/*
 * The text with all variables resolved, yours; NULL and an error in diags,
 * placed at text's own place, when one is unknown or refers to itself.
 */
char *vars_expand(const struct vars *vars, const struct conf_text *text,
                  struct diags *diags) MUST_CHECK NONNULL(1, 2, 3);

/* Resolve every string of a struct in place, then conf_settle() it. */
bool vars_expand_all(const struct vars *vars, const struct conf_schema *schema,
                     void *object, struct diags *diags) NONNULL(1, 2, 3, 4);

/* The first layer's pair of this name, or NULL. No dots. */
const struct conf_pair *vars_find(const struct vars *vars, const char *name)
    NONNULL(1, 2);

/* Set name to one text, in place of what it was. */
void pairs_set(struct conf_pairs *pairs, const char *name, const char *text,
               const struct place *at) NONNULL(1, 2, 3, 4);

void pairs_fini(struct conf_pairs *pairs) NONNULL(1);

#endif
