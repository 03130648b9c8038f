/* trial-priv.h - what the files of a trial share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_TRIAL_PRIV_H
#define JUDGE_TRIAL_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/trial.h"

struct trial {
    struct trial_spec spec;
    uint64_t began_us, deadline_us; /* deadline 0: none */
    uint64_t submitted_us;          /* 0: not yet */
    uint64_t held_us;               /* since when its time stands still; 0 */
    bool submitted, echoed, prompted;
    bool disturbed; /* a human typed in the middle of it */
    int status;
    struct check *checks; /* rejects, expects, unwanted, wanted, in order */
    size_t checks_len, rejects, expects, unwanted;
    double *baseline; /* of each wanted fact, when the trial began */
    bool *has_baseline;
    enum verdict verdict;
    uint64_t decided_us;
    char *reason;
};

/* The verdict, once: what comes later changes nothing. */
void trial_decide(struct trial *trial, uint64_t at_us, enum verdict verdict,
                  const char *fmt, ...) PRINTF(4, 5) NONNULL(1, 4);
/* What a check has come to; seen is copied, NULL: nothing. */
void trial_settle(struct check *check, enum verdict verdict, uint64_t at_us,
                  uint64_t row, const char *seen) NONNULL(1);
/* All patterns that are expected were seen. */
bool trial_all_expected(const struct trial *trial) NONNULL(1);
/* The facts it wants, as they are now: all hold. */
bool trial_look_at_wanted(struct trial *trial, uint64_t at_us) NONNULL(1);
/* By the rule of its kind, if it can be decided. */
void trial_judge(struct trial *trial, uint64_t at_us) NONNULL(1);

#endif
