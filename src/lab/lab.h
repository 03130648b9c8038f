/*
 * lab.h - the machines of one test bed: one file in labs/.
 *
 * A lab may extend another: what it gives replaces, variables are merged, and
 * a node of the same name replaces the other's whole.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/vars.h"

/* A machine of the lab, by role: host, backup, tester. */
struct lab_node {
    struct conf_text name;     /* the role */
    struct conf_text ssh;      /* "user@host"; text NULL: this machine */
    struct conf_uint port;     /* of its sshd; 22 unless given */
    struct conf_text address;  /* for the other nodes; ssh's host by default */
    struct conf_text dir;      /* where its shells start */
    struct conf_text identity; /* a key of its own, else the lab's */
    struct conf_pairs overrides; /* of set and --set; above everything */
    struct conf_pairs vars;      /* also: node, user, port, address */
    struct place at;
    struct vars sees;           /* node > lab, for ${node.name} */
    struct conf_pairs versions; /* the lab's, as this node sees them */
    char *user, *host;          /* the parts of ssh, or NULL */
};

struct lab {
    struct conf_text name, title, extends;
    struct conf_text identity;          /* a private key file; else the agent */
    struct conf_text known_hosts;       /* the only one that counts */
    struct conf_uint max_gap;           /* ms; of traffic, at a migration */
    struct conf_uint max_loss;          /* packets, at a migration */
    struct conf_uint max_loss_measured; /* packets of the measured flow */
    struct conf_list nodes;             /* struct lab_node */
    struct conf_pairs vars;
    struct conf_texts secrets;   /* names of the environment */
    struct conf_pairs versions;  /* name: a command that prints it */
    struct conf_pairs set;       /* as --set gives them, below it */
    struct conf_pairs overrides; /* set and --set; above everything */
    struct strs files;           /* their names, for the places */
    struct vars_node *roles;     /* what may stand before a dot */
    struct strs asked;           /* the names that texts have asked for */
};

extern const struct conf_schema lab_schema;

/*
 * Load a lab by name or path, its variables overridden by name=value texts.
 * A running rehearsal of that name comes before a file of labs/. NULL when
 * there are errors, which are in diags. Yours, with lab_free().
 */
struct lab *lab_load(const char *name, const struct strs *overrides,
                     struct diags *diags) MUST_CHECK NONNULL(1, 3);

/* Load exactly this file, as lab_load() does. */
struct lab *lab_load_file(const char *path, const struct strs *overrides,
                          struct diags *diags) MUST_CHECK NONNULL(1, 3);
void lab_free(struct lab *lab);

/* The node of this role, or NULL; borrowed. */
struct lab_node *lab_node(const struct lab *lab, const char *name)
    NONNULL(1, 2);

#endif
