/* diagnosis.c - the known failures that fit a run, as a record. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/diagnosis.h"

#include <string.h>

#include "base/xalloc.h"
#include "journal/record.h"
#include "judge/facts.h"
#include "judge/symptoms.h"
#include "plan/symptom.h"
#include "run/hearing.h"

enum { LIKELY_MAX = 5 }; /* a list of everything helps nobody */

static void
record_evidence(struct record *item, const struct symptom_evidence *evidence)
{
    struct record *one = record_item(item, "evidence");

    record_text(one, "pane", evidence->console);
    record_text(one, "text", evidence->text);
    if (evidence->at_us != SYMPTOM_NO_TIME)
        record_number(one, "at", (double)evidence->at_us / 1e6);
    if (evidence->row != FACT_NO_ROW)
        record_int(one, "row", (int64_t)evidence->row);
}

static void
record_likely(struct record *record, const struct likely *likely)
{
    const struct symptom *symptom = likely->symptom;
    struct record *item = record_item(record, "likely");

    record_text(item, "symptom", symptom->name.text);
    record_text(item, "cause", symptom->cause.text);
    record_text(item, "weight", symptom_weights[symptom->weight.value]);
    record_text(item, "whose", symptom_whoses[symptom->whose.value]);
    for (size_t i = 0; i < likely->len; i++)
        record_evidence(item, &likely->evidence[i]);
    record_text(item, "pane", symptom->next.pane.text);
    record_text(item, "next", symptom->next.send.text);
    record_text(item, "remedy", symptom->remedy.text);
}

struct record *
diagnosis_record(const struct hearing *hearing)
{
    struct record *record = record_new("symptoms");
    struct likelies likelies;

    hearing_rank(hearing, &likelies);
    for (size_t i = 0; i < likelies.len && i < LIKELY_MAX; i++)
        record_likely(record, &likelies.items[i]);
    likelies_fini(&likelies);
    return record;
}
