/*
 * trial.h - one action being judged, from its first byte to its verdict.
 *
 * A trial has no clock and no link: it is told what happened and when, by the
 * runner while it happens or by a recording later, and comes to the same
 * verdict. Its checks are what the user sees turning from pending to pass or
 * fail, each with the line that decided it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_TRIAL_H
#define JUDGE_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "judge/verdict.h"
#include "term/line.h"

struct action;
struct facts;
struct trial;

/* One demand of the action, and how it stands. */
struct check {
    char *demand; /* "expect 'listening on eth0'" */
    enum verdict verdict;
    uint64_t at_us;    /* of the verdict */
    char *seen;        /* the line or value that decided it, or NULL */
    uint64_t row;      /* where it stands; FACT_NO_ROW if nowhere */
    size_t start, end; /* what matched of it, bytes */
};

/*
 * Start to judge action. has_prompt: a program with a prompt will be at the
 * top when it is done, so its prompt is waited for. ends_link: the action
 * leaves the console's own program, so that the link's closing is no loss.
 * Both action and facts are borrowed.
 */
struct trial_spec {
    const struct action *action;
    const struct facts *facts;
    bool has_prompt, ends_link;
    bool of_lab; /* its console is no system under test: a fail is an error */
};
struct trial *trial_new(const struct trial_spec *spec,
                        uint64_t at_us) MUST_CHECK NONNULL(1);
void trial_free(struct trial *trial);

/* What was typed is on its way (again, for a poll). */
void trial_submitted(struct trial *trial, uint64_t at_us) NONNULL(1);
/* Its echo came: what follows is output. */
void trial_echoed(struct trial *trial, uint64_t at_us) NONNULL(1);
/* A line of the action's console; only output counts. */
void trial_line(struct trial *trial, const struct line_event *line)
    NONNULL(1, 2);
/* The prompt came back; status -1: not known. */
void trial_prompt(struct trial *trial, uint64_t at_us, int status) NONNULL(1);
/* A fact changed. */
void trial_facts(struct trial *trial, uint64_t at_us) NONNULL(1);
/* The link ended. lost: it broke (our trouble); else the far end ended it. */
void trial_ended(struct trial *trial, uint64_t at_us, bool lost,
                 const char *reason) NONNULL(1, 4);
/*
 * A probe's result; error NULL unless it could not be run. cut: there was more
 * output than was kept, which decides where the output is looked at.
 */
void trial_probed(struct trial *trial, uint64_t at_us, const char *error,
                  int status, const char *output, size_t len, bool cut)
    NONNULL(1, 5);
/* Nothing else came until at_us: deadlines. */
void trial_time(struct trial *trial, uint64_t at_us) NONNULL(1);
/*
 * A human is at its console. While they hold the prompt, its time stands still;
 * what they do in the middle of it makes a fail an error, for it may be theirs.
 */
void trial_hold(struct trial *trial, uint64_t at_us) NONNULL(1);
void trial_release(struct trial *trial, uint64_t at_us) NONNULL(1);
void trial_disturb(struct trial *trial) NONNULL(1);
/* More time, in microseconds; nothing for one without a deadline. */
void trial_extend(struct trial *trial, uint64_t more_us) NONNULL(1);
/* When it ends by itself, and the time stands still meanwhile; 0: never. */
uint64_t trial_deadline_us(const struct trial *trial) NONNULL(1);
/* It cannot be done or is given up; the first verdict stays. */
void trial_close(struct trial *trial, uint64_t at_us, enum verdict verdict,
                 const char *reason) NONNULL(1, 4);

/* When trial_time() would change something; 0: never. */
uint64_t trial_due_us(const struct trial *trial) NONNULL(1);

/*
 * What a shell's status says of the lab and not of the program that was to
 * run: it is not there (127), it cannot be run (126); NULL for any other.
 */
const char *trial_status_trouble(int status);

/* VERDICT_PENDING until it is decided; then it never changes. */
enum verdict trial_verdict(const struct trial *trial) NONNULL(1);
/* One sentence for a verdict that is no pass; "" else. */
const char *trial_reason(const struct trial *trial) NONNULL(1);
uint64_t trial_decided_us(const struct trial *trial) NONNULL(1);

/* All demands; borrowed. */
const struct check *trial_checks(const struct trial *trial, size_t *len)
    NONNULL(1, 2);

#endif
