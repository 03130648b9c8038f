/*
 * action.h - one send, key, poll, wait, watch or probe within a step.
 *
 * One struct serves all kinds; action_kinds[] says which keys each may have.
 * The upper half is what the file says; the lower half is made from it once
 * its variables are resolved (script.c), and never written back.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_ACTION_H
#define PLAN_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"
#include "plan/condition.h"

struct lab_node;
struct pattern;
struct program;
struct script_console;

enum action_kind {
    ACTION_SEND,
    ACTION_KEY,
    ACTION_POLL,
    ACTION_WAIT,
    ACTION_WATCH,
    ACTION_PROBE,
    ACTION_KINDS
};

struct action {
    const struct conf_schema *form; /* of action_kinds[kind] */
    struct conf_texts send, poll, probe;
    struct conf_text key;
    struct conf_pairs wait, watch;

    struct conf_text pane;         /* the console; the step's unless given */
    struct conf_text node;         /* of a probe; the step's unless given */
    struct conf_text program;      /* that must be at its prompt */
    struct conf_texts enters;      /* programs that run then, outermost first */
    struct conf_text leaves;       /* the program that ends, and all above it */
    struct conf_bool moved;        /* the console's guest is elsewhere now */
    struct conf_texts expect;      /* patterns that must come */
    struct conf_texts reject;      /* patterns that must not */
    struct conf_text status;       /* exit status: a number, or any */
    struct conf_uint within;       /* ms: the hard limit */
    struct conf_uint soft;         /* ms: longer than this is remarked */
    struct conf_uint every;        /* ms: of a poll */
    struct conf_uint lasts;        /* ms: of a watch ("for") */
    struct conf_pairs until, fail; /* of a poll */
    struct conf_text nudge;        /* keys for a wait that sees nothing */
    struct conf_texts readers;     /* of a probe's output */
    struct conf_text behind;       /* of a salvage: the title of a step */
    struct conf_text as;           /* a probe's name for facts */
    struct conf_text addition;     /* why the plan's text does not have it */
    struct conf_texts only_if;     /* left out when one of these is empty */
    struct conf_pairs when;        /* it fires by itself when these hold */
    struct place at;

    enum action_kind kind;
    char *command; /* what is typed or run; keys of a key */
    const struct script_console *console; /* NULL: a probe */
    struct lab_node *on;                  /* of a probe */
    const struct program *needs;          /* NULL: any */
    const struct program **stack;         /* what enters pushes; NULL-ended */
    struct pattern **expects, **rejects;  /* NULL-ended */
    struct conditions wanted;             /* wait, watch, until */
    struct conditions unwanted;           /* fail */
    struct conditions armed;              /* when; none: in its turn */
    int want_status;                      /* or one of the two below */
};

enum { ACTION_STATUS_ANY = -1, ACTION_STATUS_DEFAULT = -2 };

struct action_kind_row {
    const char *name;    /* the key that selects it */
    const char *summary; /* one sentence, for the man page */
    const struct conf_schema *schema;
    uint32_t within_ms; /* unless the file says */
};

extern const struct action_kind_row action_kinds[ACTION_KINDS];

/* Any of them. */
extern const struct conf_schema action_schema;

/* Free what script.c made; conf_free() frees the rest. */
void action_fini(struct action *action) NONNULL(1);

#endif
