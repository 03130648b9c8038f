/*
 * script.h - a case on a lab, ready to run: nothing in it is variable.
 *
 * Made from a case, a lab and the panes: every text resolved, every console,
 * program, pattern and fact name checked. What can be wrong is found here,
 * before any machine is touched. A run keeps the script in its directory and
 * loads it from there to be judged again.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_SCRIPT_H
#define PLAN_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"

struct action;
struct lab;
struct lab_node;
struct pane;
struct panes;
struct program;
struct step;
struct symptom_set;
struct tcase;

/* A pane on a node: what can be connected. */
struct script_console {
    char *name; /* "host-monitor" */
    char *title;
    const struct pane *pane;
    struct lab_node *node;         /* whose pane it is */
    const struct program *program; /* what runs in it when it is up */
    /* The link, by its kind; resolved. */
    const char *kind;     /* ssh, telnet, exec, pty, replay */
    struct lab_node *via; /* ssh: the node. telnet: the tunnel, or NULL */
    char *host;           /* telnet */
    uint16_t port;
    char *command; /* exec */
    char *file;    /* replay */
};

struct script {
    struct lab *lab;
    struct panes *panes;
    struct tcase *tcase; /* its steps resolved */
    struct script_console *consoles;
    size_t consoles_len;
    struct symptom_set *symptoms; /* known failures; no run keeps them */
};

/*
 * Put a case on a lab. Takes lab and panes, also when it fails: then NULL,
 * and the errors are in diags.
 */
struct script *script_load(const char *case_name, struct lab *lab,
                           struct panes *panes, struct diags *diags) MUST_CHECK
    NONNULL(1, 2, 3, 4);

/* Only the consoles of a lab: a case "open" without steps; as script_load(). */
struct script *script_consoles(struct lab *lab, struct panes *panes,
                               struct diags *diags) MUST_CHECK NONNULL(1, 2, 3);

/* The script that a run kept: case.yaml, lab.yaml and panes.yaml in folder. */
struct script *script_load_run(const char *folder,
                               struct diags *diags) MUST_CHECK NONNULL(1, 2);
void script_free(struct script *script);

/* Replace what an action of the script types or runs. */
void script_edit(struct script *script, const struct action *action,
                 const char *command) NONNULL(1, 2, 3);

/* What script_load_run() reads back, as the text of one of its files. */
void script_write_case(const struct script *script, struct buf *out)
    NONNULL(1, 2);
void script_write_lab(const struct script *script, struct buf *out)
    NONNULL(1, 2);
void script_write_panes(const struct script *script, struct buf *out)
    NONNULL(1, 2);

/* The console of this name, or NULL; borrowed. */
const struct script_console *script_console(const struct script *script,
                                            const char *name) NONNULL(1, 2);

/* Its link opens a bash that we start, and so can mark, ourselves. */
bool script_console_is_shell(const struct script_console *console) NONNULL(1);

/* The cases that can be named, sorted. */
void script_cases(struct strs *names) NONNULL(1);

#endif
