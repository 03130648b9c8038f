/*
 * Any output in every console against the shipped symptoms: what is told as
 * evidence is short and fit to be shown, and the best comes first.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "judge/symptoms.h"
#include "plan/symptom.h"

#define TEXT_MAX 4096 /* bytes; a fact's text may be quoted whole */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const consoles[] = {
    "host-shell",     "backup-shell", "host-testpmd",
    "backup-testpmd", "host-monitor", "host-guest",
    "host-qemu",      "backup-qemu",  "backup-monitor",
};

static void
hear(void *ctx, const struct line_event *line)
{
    for (size_t i = 0; i < ARRAY_LEN(consoles); i++)
        symptoms_line(ctx, consoles[i], line);
}

static void
check(const struct likelies *likelies)
{
    for (size_t i = 0; i < likelies->len; i++) {
        const struct likely *likely = &likelies->items[i];

        if (likely->len == 0 ||
            (i > 0 && likelies->items[i - 1].symptom->weight.value >
                          likely->symptom->weight.value))
            abort();
        for (size_t j = 0; j < likely->len; j++) {
            const char *text = likely->evidence[j].text;

            if (strlen(text) > TEXT_MAX || !utf8_valid(text, strlen(text)))
                abort();
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct symptom_set *set;
    struct diags diags = { 0 };
    struct facts *facts = facts_new();
    struct likelies likelies;
    struct symptoms *symptoms;

    if (set == NULL)
        set = symptom_set_load(&diags);
    if (diags.errors > 0 || set->list.len == 0)
        abort();
    symptoms = symptoms_new(set);
    output_lines((const char *)data, size, 1, hear, symptoms);
    facts_set(facts, "host-monitor.typed", 0, 0, "migrate -d tcp:x:1");
    facts_set(facts, "host-monitor.migration.status", 1, 0, "completed");
    symptoms_rank(symptoms, facts, &likelies);
    check(&likelies);
    likelies_fini(&likelies);
    symptoms_free(symptoms);
    facts_free(facts);
    return 0;
}
