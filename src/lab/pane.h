/*
 * pane.h - what a pane shows and how it is reached, and the programs that run
 * in consoles: the files of panes/.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAB_PANE_H
#define LAB_PANE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/macros.h"
#include "base/str.h"
#include "conf/conf.h"

struct pattern;

/* A program that runs in a console, as panes/programs.yaml describes it. */
struct program {
    struct conf_text name, about;
    struct conf_text prompt;   /* a pattern for the line up to the cursor */
    struct conf_bool shell;    /* a POSIX shell whose marks we can set up */
    struct conf_text clear;    /* keys that empty its input line */
    struct conf_uint line_max; /* bytes it takes in one line; 0: any */
    struct conf_uint quiet;    /* ms of silence behind its prompt */
    struct conf_bool repaints; /* redraws its screen when it is entered */
    struct conf_bool chatty;   /* prints behind its prompt, unasked */
    struct place at;
    struct pattern *prompt_pattern; /* NULL: it has no prompt */
    struct pattern *prompt_start;   /* the same at a line's start, with more
                                       behind; NULL: not anchored there */
};

#define PROGRAM_QUIET_MS         20
#define PANE_LINK_RETRY_AFTER_MS 1000

/* How a pane's link is opened: one of several forms (link_forms in pane.c). */
struct pane_link {
    const struct conf_schema *form;
    struct conf_text ssh;     /* form ssh: the node */
    struct conf_text telnet;  /* form telnet: HOST:PORT, seen from via */
    struct conf_text exec;    /* form exec: a command of this machine */
    struct conf_bool pty;     /* form pty: a login shell of this machine */
    struct conf_text replay;  /* form replay: a recording */
    struct conf_text via;     /* telnet: the node whose ssh it goes through */
    struct conf_bool qemu;    /* telnet: a chardev of QEMU */
    struct conf_uint timeout; /* ms, of each phase of connecting */
    struct conf_uint retry;   /* times in a row */
    struct conf_uint retry_after; /* ms */
    struct place at;
};

/* Text that is painted where it stands. */
struct pane_highlight {
    struct conf_text match; /* a pattern */
    struct conf_uint as;    /* enum pane_paint */
};
enum pane_paint { PAINT_PASS, PAINT_FAIL, PAINT_WARN, PAINT_NOTE };

/* One file of panes/; a console of it exists on each of its nodes. */
struct pane {
    struct conf_text name, title;
    struct conf_texts nodes;
    struct pane_link link;
    struct conf_text program; /* what runs in it when it is up */
    struct conf_size size;    /* of the console; does not follow the screen */
    struct conf_texts readers;
    struct conf_list highlight; /* struct pane_highlight */
    struct conf_bool lab;       /* what goes wrong in it is the lab's fault */
    struct place at;
};

#define PANE_COLS 132
#define PANE_ROWS 50

/* All panes and programs. Owned by whoever loaded them. */
struct panes {
    struct conf_list panes;    /* struct pane */
    struct conf_list programs; /* struct program */
    struct strs files;
};

/* Both lists in one file: what a run keeps of them. */
extern const struct conf_schema panes_schema;
/* One pane file; programs.yaml is read by panes_schema. */
extern const struct conf_schema pane_schema;

/* Load every file of panes/. NULL when there are errors, in diags. */
struct panes *panes_load(struct diags *diags) MUST_CHECK NONNULL(1);

/* Load one file that holds them all, as a run keeps it. */
struct panes *panes_load_file(const char *path, struct diags *diags) MUST_CHECK
    NONNULL(1, 2);

/* Read one pane file for lint; false when there are errors, in diags. */
bool pane_lint(const char *path, struct diags *diags) NONNULL(1, 2);
void panes_free(struct panes *panes);

const struct pane *panes_find(const struct panes *panes, const char *name)
    NONNULL(1, 2);
const struct program *panes_program(const struct panes *panes, const char *name)
    NONNULL(1, 2);

/* The programs' names, for messages: "bash, login, hmp"; yours. */
char *panes_program_names(const struct panes *panes) MUST_CHECK NONNULL(1);

#endif
