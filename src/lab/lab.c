/* lab.c - the machines of one test bed: one file in labs/. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "lab/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/secret.h"
#include "base/xalloc.h"

#define EXTENDS_MAX 8 /* labs on top of each other */

static const struct conf_key node_keys[] = {
    {
        .name = "ssh",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab_node, ssh),
        .value = "USER@HOST",
        .help = "How the machine is reached. Without it, the node is this "
                "machine: panes reach it by pty, and probes run here.",
    },
    {
        .name = "port",
        .type = CONF_UINT,
        .offset = offsetof(struct lab_node, port),
        .min = 1,
        .max = 65535,
        .help = "The port of its ssh server; 22 unless given.",
    },
    {
        .name = "address",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab_node, address),
        .value = "ADDRESS",
        .help = "Where the other machines reach it, for ${NODE.address}; the "
                "host of ssh unless given.",
    },
    {
        .name = "dir",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab_node, dir),
        .value = "FOLDER",
        .help = "The folder its shells and probes start in; the login folder "
                "unless given.",
    },
    {
        .name = "identity",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab_node, identity),
        .value = "FILE",
        .help = "A private key for this machine, in place of the lab's.",
    },
    {
        .name = "vars",
        .type = CONF_PAIRS,
        .offset = offsetof(struct lab_node, vars),
        .value = "NAME: TEXT",
        .help = "Variables as this machine has them, above the lab's.",
    },
};

static const struct conf_schema node_schema = {
    .name = "node",
    .size = sizeof(struct lab_node),
    .keys = node_keys,
    .keys_len = ARRAY_LEN(node_keys),
    .place_offset = offsetof(struct lab_node, at),
};

static const struct conf_key lab_keys[] = {
    {
        .name = "lab",
        .type = CONF_NAME,
        .offset = offsetof(struct lab, name),
        .flags = CONF_REQUIRED,
        .value = "NAME",
        .help = "The lab's name, as on the command line: its file's name.",
    },
    {
        .name = "title",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab, title),
        .help = "One line about it.",
    },
    {
        .name = "extends",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab, extends),
        .value = "LAB",
        .help = "Another lab, whose keys hold where this one gives none.",
    },
    {
        .name = "identity",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab, identity),
        .value = "FILE",
        .help = "The private key for its machines; without one, the agent.",
    },
    {
        .name = "known_hosts",
        .type = CONF_TEXT,
        .offset = offsetof(struct lab, known_hosts),
        .value = "FILE",
        .help = "The host keys of its machines, in OpenSSH's form. A machine "
                "whose key is not in it is not spoken to.",
    },
    {
        .name = "max_gap",
        .type = CONF_DURATION,
        .offset = offsetof(struct lab, max_gap),
        .value = "TIME",
        .help = "The longest gap in the traffic that a migration may cause.",
    },
    {
        .name = "max_loss",
        .type = CONF_UINT,
        .offset = offsetof(struct lab, max_loss),
        .value = "PACKETS",
        .help = "How many packets a migration may lose.",
    },
    {
        .name = "max_loss_measured",
        .type = CONF_UINT,
        .offset = offsetof(struct lab, max_loss_measured),
        .value = "PACKETS",
        .help = "The same for the measured flow, which has far more of them.",
    },
    {
        .name = "nodes",
        .type = CONF_NAMED,
        .offset = offsetof(struct lab, nodes),
        .of = &node_schema,
        .value = "ROLE: NODE",
        .help = "The machines, by role: host, backup, tester.",
    },
    {
        .name = "vars",
        .type = CONF_PAIRS,
        .offset = offsetof(struct lab, vars),
        .value = "NAME: TEXT",
        .help = "Variables for the texts of cases and panes.",
    },
    {
        .name = "set",
        .type = CONF_PAIRS,
        .offset = offsetof(struct lab, set),
        .value = "[NODE.]NAME: TEXT",
        .help = "Variables above those of cases, as --set gives them: what is "
                "otherwise for a while, such as a drill's fault.",
    },
    {
        .name = "secrets",
        .type = CONF_TEXTS,
        .offset = offsetof(struct lab, secrets),
        .value = "NAME, ...",
        .help = "Variables that come from the environment and are recorded "
                "nowhere: <secret> stands in their place.",
    },
    {
        .name = "versions",
        .type = CONF_PAIRS,
        .offset = offsetof(struct lab, versions),
        .value = "NAME: COMMAND",
        .help = "What is journalled of each machine when a run begins: the "
                "first line that the command prints there within 5 s.",
    },
};

const struct conf_schema lab_schema = {
    .name = "lab",
    .size = sizeof(struct lab),
    .keys = lab_keys,
    .keys_len = ARRAY_LEN(lab_keys),
};

struct lab_node *
lab_node(const struct lab *lab, const char *name)
{
    struct lab_node *nodes = lab->nodes.items;

    for (size_t i = 0; i < lab->nodes.len; i++)
        if (strcmp(nodes[i].name.text, name) == 0)
            return &nodes[i];
    return NULL;
}

/* A text the lab does not give is the base lab's. */
static void
inherit_text(struct conf_text *text, struct conf_text *from)
{
    if (text->text == NULL) {
        *text = *from;
        from->text = NULL;
    }
}

static void
inherit_pairs(struct conf_pairs *pairs, const struct conf_pairs *from)
{
    struct vars own = { .layers = { pairs } };

    for (size_t i = 0; i < from->len; i++) {
        const struct conf_pair *pair = &from->items[i];
        char *text;

        if (vars_find(&own, pair->name.text) != NULL)
            continue;
        text = conf_join(&pair->values);
        pairs_set(pairs, pair->name.text, text, &pair->values.at);
        free(text);
    }
}

static void
inherit(struct lab *lab, struct lab *base)
{
    struct lab_node *nodes = base->nodes.items;

    inherit_text(&lab->title, &base->title);
    inherit_text(&lab->identity, &base->identity);
    inherit_text(&lab->known_hosts, &base->known_hosts);
    if (!lab->max_gap.given)
        lab->max_gap = base->max_gap;
    if (!lab->max_loss.given)
        lab->max_loss = base->max_loss;
    if (!lab->max_loss_measured.given)
        lab->max_loss_measured = base->max_loss_measured;
    inherit_pairs(&lab->vars, &base->vars);
    inherit_pairs(&lab->set, &base->set);
    if (lab->secrets.len == 0) {
        lab->secrets = base->secrets;
        base->secrets = (struct conf_texts){ 0 };
    }
    inherit_pairs(&lab->versions, &base->versions);
    for (size_t i = 0; i < base->nodes.len; i++) {
        struct lab_node *node;

        if (lab_node(lab, nodes[i].name.text) != NULL)
            continue;
        node = conf_list_add(&lab->nodes, sizeof *node);
        conf_copy(&node_schema, &nodes[i], node);
        node->name = nodes[i].name;
        node->name.text = xstrdup(nodes[i].name.text);
    }
}

/* Read the file and those it extends; its path is kept in files. */
static bool
read_chain(struct lab *lab, const char *path, struct strs *files, int depth,
           struct diags *diags)
{
    struct lab base = { 0 };
    struct strs shipped = { 0 };
    char *next;
    bool ok;

    strs_add(files, path);
    ok = conf_read_file(&lab_schema, files->items[files->len - 1], lab, diags);
    if (!ok || lab->extends.text == NULL)
        return ok;
    if (depth == EXTENDS_MAX) {
        diags_error(diags, &lab->extends.at,
                    "extends: more than %d labs on top of each other",
                    EXTENDS_MAX);
        return false;
    }
    next = paths_find("labs", lab->extends.text);
    if (next == NULL) {
        char *known;

        paths_list("labs", &shipped);
        known = strs_join(&shipped, ", ");
        diags_error(diags, &lab->extends.at,
                    "extends: there is no lab \"%s\"; there are %s",
                    lab->extends.text, known);
        free(known);
        strs_fini(&shipped);
        return false;
    }
    ok = read_chain(&base, next, files, depth + 1, diags);
    if (ok)
        inherit(lab, &base);
    free(next);
    conf_free(&lab_schema, &base);
    return ok;
}

/* "name" for all, "node.name" for what happens on one node. */
static bool
override(struct lab *lab, const char *name, const char *value,
         const struct place *at, struct diags *diags)
{
    const char *dot = strchr(name, '.');
    struct lab_node *node;
    char *role;

    if (dot == NULL) {
        pairs_set(&lab->overrides, name, value, at);
        return true;
    }
    role = xstrndup(name, (size_t)(dot - name));
    node = lab_node(lab, role);
    free(role);
    if (node == NULL) {
        diags_error(diags, at, "%s: there is no such node", name);
        return false;
    }
    pairs_set(&node->overrides, dot + 1, value, at);
    return true;
}

/* What the file sets; --set, which comes behind it, is above. */
static bool
take_set(struct lab *lab, struct diags *diags)
{
    bool ok = true;

    for (size_t i = 0; i < lab->set.len; i++) {
        const struct conf_pair *pair = &lab->set.items[i];
        char *text = conf_join(&pair->values);

        ok = override(lab, pair->name.text, text, &pair->name.at, diags) && ok;
        free(text);
    }
    return ok;
}

static bool
take_overrides(struct lab *lab, const struct strs *overrides,
               struct diags *diags)
{
    const struct place at = { "--set", 0, 0 };
    bool ok = true;

    for (size_t i = 0; overrides != NULL && i < overrides->len; i++) {
        const char *text = overrides->items[i], *equal = strchr(text, '=');
        char *name;

        if (equal == NULL || equal == text) {
            diags_error(diags, &at, "expected NAME=VALUE, found \"%s\"", text);
            ok = false;
            continue;
        }
        name = xstrndup(text, (size_t)(equal - text));
        ok = override(lab, name, equal + 1, &at, diags) && ok;
        free(name);
    }
    return ok;
}

/* What a node knows of itself, unless its variables say otherwise. */
static void
set_builtin(struct lab_node *node, const char *name, const char *text,
            const struct place *at)
{
    struct vars own = { .layers = { &node->vars } };

    if (vars_find(&own, name) == NULL)
        pairs_set(&node->vars, name, text, at);
}

static bool
resolve_node(struct lab *lab, struct lab_node *node, struct diags *diags)
{
    const char *at_sign, *address = "127.0.0.1";
    char port[8];

    at_sign = node->ssh.text != NULL ? strchr(node->ssh.text, '@') : NULL;
    if (node->ssh.text != NULL &&
        (at_sign == NULL || at_sign == node->ssh.text || at_sign[1] == '\0')) {
        diags_error(diags, &node->ssh.at,
                    "ssh: expected USER@HOST, found \"%s\"", node->ssh.text);
        return false;
    }
    if (!node->port.given)
        node->port.value = 22;
    snprintf(port, sizeof port, "%u", (unsigned)node->port.value);
    set_builtin(node, "node", node->name.text, &node->name.at);
    if (at_sign != NULL) {
        address = at_sign + 1;
        node->user =
            xstrndup(node->ssh.text, (size_t)(at_sign - node->ssh.text));
        set_builtin(node, "user", node->user, &node->ssh.at);
        set_builtin(node, "ssh_server_port", port, &node->ssh.at);
    }
    if (node->address.text != NULL)
        address = node->address.text;
    set_builtin(node, "address", address, &node->name.at);
    node->sees = (struct vars){
        .layers = { &node->overrides, &lab->overrides, &node->vars,
                    &lab->vars },
        .nodes = lab->roles,
        .nodes_len = lab->nodes.len,
        .asked = &lab->asked,
    };
    return true;
}

/* Variables in the lab's own texts; its vars stay as written until used. */
static bool
expand_text(struct conf_text *text, const struct vars *sees,
            struct diags *diags)
{
    char *resolved;

    if (text->text == NULL)
        return true;
    resolved = vars_expand(sees, text, diags);
    if (resolved == NULL)
        return false;
    free(text->text);
    text->text = resolved;
    return true;
}

static bool
expand_versions(const struct lab *lab, struct lab_node *node,
                struct diags *diags)
{
    bool ok = true;

    for (size_t i = 0; i < lab->versions.len; i++) {
        const struct conf_pair *pair = &lab->versions.items[i];
        struct conf_text command = { .at = pair->values.at };
        char *text;

        command.text = conf_join(&pair->values);
        text = vars_expand(&node->sees, &command, diags);
        free(command.text);
        ok = ok && text != NULL;
        if (text != NULL)
            pairs_set(&node->versions, pair->name.text, text, &command.at);
        free(text);
    }
    return ok;
}

static bool
resolve(struct lab *lab, struct diags *diags)
{
    struct lab_node *nodes = lab->nodes.items;
    struct vars sees = { .layers = { &lab->overrides, &lab->vars },
                         .asked = &lab->asked };
    bool ok = true;

    lab->roles = xcalloc(lab->nodes.len, sizeof *lab->roles);
    for (size_t i = 0; i < lab->nodes.len; i++)
        lab->roles[i] =
            (struct vars_node){ nodes[i].name.text, &nodes[i].sees };
    for (size_t i = 0; i < lab->nodes.len; i++)
        ok = resolve_node(lab, &nodes[i], diags) && ok;
    ok = ok && expand_text(&lab->identity, &sees, diags) &&
         expand_text(&lab->known_hosts, &sees, diags);
    for (size_t i = 0; ok && i < lab->nodes.len; i++) {
        struct lab_node *node = &nodes[i];

        ok = expand_text(&node->ssh, &node->sees, diags) &&
             expand_text(&node->address, &node->sees, diags) &&
             expand_text(&node->dir, &node->sees, diags) &&
             expand_text(&node->identity, &node->sees, diags) &&
             expand_versions(lab, node, diags);
        if (ok && node->ssh.text != NULL)
            node->host = xstrdup(strchr(node->ssh.text, '@') + 1);
    }
    return ok;
}

/* A recorded run has its masks as variables, and no need of the values. */
static bool
take_secrets(struct lab *lab, struct diags *diags)
{
    struct vars own = { .layers = { &lab->vars } };
    bool ok = true;

    for (size_t i = 0; i < lab->secrets.len; i++) {
        const struct conf_text *name = &lab->secrets.items[i];
        struct err err = ERR_INIT;
        const char *value;

        if (vars_find(&own, name->text) != NULL)
            continue;
        value = secret_take(name->text, &err);
        if (value == NULL)
            diags_error(diags, &name->at, "secrets: %s", err.text);
        else
            pairs_set(&lab->vars, name->text, value, &name->at);
        ok = ok && value != NULL;
    }
    return ok;
}

struct lab *
lab_load_file(const char *path, const struct strs *overrides,
              struct diags *diags)
{
    struct lab *lab = xcalloc(1, sizeof *lab);
    struct strs files = { 0 };
    bool ok = read_chain(lab, path, &files, 0, diags);

    lab->files = files;
    ok = ok && take_secrets(lab, diags) && take_set(lab, diags) &&
         take_overrides(lab, overrides, diags) && resolve(lab, diags);
    if (ok && lab->nodes.len == 0) {
        diags_error(diags, &lab->name.at, "lab \"%s\" has no nodes",
                    lab->name.text);
        ok = false;
    }
    if (ok)
        return lab;
    lab_free(lab);
    return NULL;
}

struct lab *
lab_load(const char *name, const struct strs *overrides, struct diags *diags)
{
    char *folder = paths_rehearsal(name);
    char *path = xasprintf("%s/lab.yaml", folder);
    struct lab *lab = NULL;

    free(folder);
    if (strchr(name, '/') != NULL || access(path, R_OK) != 0) {
        free(path);
        path = paths_find("labs", name);
    }
    if (path != NULL) {
        lab = lab_load_file(path, overrides, diags);
    } else {
        struct strs shipped = { 0 };
        char *known;

        paths_list("labs", &shipped);
        known = strs_join(&shipped, ", ");
        diags_error(diags, &(struct place){ name, 0, 0 },
                    "there is no such lab; there are %s", known);
        free(known);
        strs_fini(&shipped);
    }
    free(path);
    return lab;
}

void
lab_free(struct lab *lab)
{
    struct lab_node *nodes;

    if (lab == NULL)
        return;
    nodes = lab->nodes.items;
    for (size_t i = 0; i < lab->nodes.len; i++) {
        free(nodes[i].user);
        free(nodes[i].host);
        pairs_fini(&nodes[i].overrides);
        pairs_fini(&nodes[i].versions);
    }
    pairs_fini(&lab->overrides);
    free(lab->roles);
    strs_fini(&lab->files);
    strs_fini(&lab->asked);
    conf_free(&lab_schema, lab);
    free(lab);
}
