/* diagnosis.h - the known failures that fit a run, as a record. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_DIAGNOSIS_H
#define RUN_DIAGNOSIS_H

#include "base/macros.h"

struct hearing;
struct record;

/*
 * The record "symptoms": the likely causes of what was heard so far, best
 * first; none when nothing known fits. Yours.
 */
struct record *diagnosis_record(const struct hearing *hearing) MUST_CHECK
    NONNULL(1);

#endif
