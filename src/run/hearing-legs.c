/* hearing-legs.c - what the case and the lab demand of a migration. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/hearing.h"

#include "judge/legs.h"
#include "lab/lab.h"
#include "plan/flow.h"
#include "plan/script.h"
#include "plan/tcase.h"

void
hearing_legs_spec(const struct script *script, struct legs_spec *spec)
{
    const struct lab *lab = script->lab;
    const struct tcase *tcase = script->tcase;

    *spec = (struct legs_spec){
        .packed = tcase->ring.value == TCASE_PACKED,
        .queues = (unsigned)tcase->queues.value,
        .driver = tcase->driver.text,
        .changes_queues = tcase->queues_change.value,
        .max_gap_ms = lab->max_gap.given ? lab->max_gap.value : 0,
        .has_max_loss = lab->max_loss.given,
        .max_loss = lab->max_loss.value,
        .has_max_loss_measured = lab->max_loss_measured.given,
        .max_loss_measured = lab->max_loss_measured.value,
        .interval_ms = flow_interval_ms(tcase),
    };
}
