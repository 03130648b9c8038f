/* ledger.c - what a run has done that must be taken back. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/record.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"

void
ledger_fini(struct ledger *ledger)
{
    free(ledger->steps);
    free(ledger->undone);
    *ledger = (struct ledger){ 0 };
}

static const struct step *
step_at(const struct script *script, size_t step)
{
    return &((const struct step *)script->tcase->steps.items)[step];
}

bool
ledger_add(struct ledger *ledger, const struct script *script, size_t step)
{
    if (step >= script->tcase->steps.len ||
        step_at(script, step)->undo.len == 0)
        return false;
    for (size_t i = 0; i < ledger->len; i++)
        if (ledger->steps[i] == step)
            return false;
    ledger->steps =
        xgrow(ledger->steps, ledger->len, &ledger->cap, sizeof *ledger->steps);
    ledger->steps[ledger->len++] = step;
    return true;
}

struct record *
ledger_record(const struct script *script, size_t step)
{
    const struct step *of = step_at(script, step);
    const struct action *actions = of->undo.items;
    struct record *record = record_new("undo.add");

    record_int(record, "step", (int64_t)step + 1);
    for (size_t i = 0; i < of->undo.len; i++)
        record_add_text(record, "commands", actions[i].command);
    return record;
}

struct record *
ledger_undone_record(size_t step, size_t index)
{
    struct record *record = record_new("undo.done");

    record_int(record, "step", (int64_t)step + 1);
    record_int(record, "undo", (int64_t)index + 1);
    return record;
}

static void
hear_undone(struct ledger *ledger, const struct record *record)
{
    int64_t step = record_get_int(record, "step", 0);
    int64_t index = record_get_int(record, "undo", 0);

    if (step <= 0 || index <= 0)
        return;
    ledger->undone = xgrow(ledger->undone, ledger->undone_len,
                           &ledger->undone_cap, sizeof *ledger->undone);
    ledger->undone[ledger->undone_len++] =
        (struct ledger_mark){ (size_t)step - 1, (size_t)index - 1 };
}

void
ledger_hear(struct ledger *ledger, const struct script *script,
            const struct record *record)
{
    int64_t step = record_get_int(record, "step", 0);

    if (strcmp(record_event(record), "undo.add") == 0 && step > 0)
        (void)ledger_add(ledger, script, (size_t)step - 1);
    else if (strcmp(record_event(record), "undo.done") == 0)
        hear_undone(ledger, record);
}

const struct action *
ledger_action(const struct ledger *ledger, const struct script *script,
              size_t n, size_t *step, size_t *index)
{
    for (size_t i = ledger->len; i > 0; i--) {
        const struct step *of = step_at(script, ledger->steps[i - 1]);

        if (n < of->undo.len) {
            *step = ledger->steps[i - 1];
            *index = n;
            return &((const struct action *)of->undo.items)[n];
        }
        n -= of->undo.len;
    }
    return NULL;
}

bool
ledger_is_undone(const struct ledger *ledger, size_t step, size_t index)
{
    for (size_t i = 0; i < ledger->undone_len; i++)
        if (ledger->undone[i].step == step && ledger->undone[i].index == index)
            return true;
    return false;
}
