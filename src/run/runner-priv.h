/* runner-priv.h - what the files of the runner share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_RUNNER_PRIV_H
#define RUN_RUNNER_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "console/shell.h"
#include "run/ledger.h"
#include "run/outcome.h"
#include "run/runner.h"

struct action;
struct armed;
struct command;
struct lab_node;
struct loop_timer;
struct nodes;
struct record;
struct stage;
struct step;
struct task;
struct teardown;

struct runner {
    struct runner_spec spec;
    void (*done)(void *ctx, const struct run_result *result);
    void *ctx;
    char nonce[SHELL_NONCE_SIZE];
    struct stage *stage;
    struct loop_timer *turn; /* what comes next, from the loop */
    void (*next)(struct runner *runner);
    enum runner_phase phase;
    enum runner_pause pause;
    enum runner_mode mode;
    bool *breaks;        /* one a step */
    bool *acted;         /* one a step: this run did something in it */
    bool asked;          /* to pause before the next step */
    bool gone;           /* the next step may begin without waiting */
    bool held;           /* a human is waited for, unless it is done already */
    bool worked;         /* a step passed or failed: the lab is there */
    bool looked;         /* nobody else's processes are in the way */
    bool diagnosed;      /* since the step at hand began */
    bool judging;        /* a leg failed: what tells why is saved */
    bool finishing;      /* no further step, no further pause */
    size_t step, action; /* at hand, from 0 */
    uint64_t step_began_us;
    enum verdict step_verdict;
    char *step_reason;
    char *skip; /* why the step at hand is skipped by hand, or NULL */
    struct task *task;
    struct armed *armed;     /* actions that fire by themselves; a list */
    struct command *command; /* of a condition */
    struct nodes *nodes;     /* all are asked */
    char *obstacle; /* what the first of them has in the way, or NULL */
    const struct lab_node *obstacle_node;
    struct ledger ledger;
    struct teardown *teardown;
    struct outcome outcome;
    struct run_result result;
    char *trouble; /* why the run cannot go on: lost link, full disk */
};

/* What follows happens in a turn of its own: nothing is called from below. */
void runner_then(struct runner *runner, void (*next)(struct runner *runner))
    NONNULL(1, 2);
/* The lab is free for us: open what the steps need, then begin. */
void runner_connect(struct runner *runner) NONNULL(1);
/* It is not: the step at hand ends as an error, before it began. */
void runner_refuse(struct runner *runner) NONNULL(1);
void runner_begin_step(struct runner *runner) NONNULL(1);
void runner_judge_run(struct runner *runner) NONNULL(1);
void runner_end(struct runner *runner) NONNULL(1);
/* A record that happens now; takes it. */
void runner_record(struct runner *runner, struct record *record) NONNULL(1, 2);
/* Say which known failures fit what was heard. */
void runner_diagnose(struct runner *runner) NONNULL(1);
/* Wait for a human, who is told. */
void runner_wait(struct runner *runner, enum runner_pause why) NONNULL(1);
/* The run cannot go on: whatever is at hand ends as an error. */
void runner_trouble(struct runner *runner, const char *why) NONNULL(1, 2);

/* The action at hand has this verdict: go on, or end the step. */
void runner_action_over(struct runner *runner, enum verdict verdict,
                        const char *reason) NONNULL(1, 3);

/* runner-armed.c: arm what waits in this step and behind it, once each. */
void runner_arm(struct runner *runner) NONNULL(1);
/* The action at hand is an armed one: its verdict comes by
   runner_action_over(), now or later. */
void runner_await_armed(struct runner *runner, const struct action *action)
    NONNULL(1, 2);
/* Something happened: those may fire. */
void runner_look_armed(struct runner *runner, uint64_t at_us) NONNULL(1);
/* Forget those of this step, from 0, and behind it. */
void runner_disarm(struct runner *runner, size_t step) NONNULL(1);
/* What the step at hand waits for, or NULL; borrowed. */
struct task *runner_task(const struct runner *runner) NONNULL(1);

/* runner-nodes.c: look at the nodes once, then begin the step at hand. */
void runner_begin(struct runner *runner) NONNULL(1);

/* runner-salvage.c: ask the nodes, save what tells why, then judge or wait. */
void runner_begin_salvage(struct runner *runner) NONNULL(1);

#endif
