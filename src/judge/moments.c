/* moments.c - when the migration began, and when its VM ran again. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/moments.h"

#include <string.h>

#include "base/str.h"
#include "judge/consoles.h"
#include "judge/facts.h"

void
moments_take(const struct facts *facts, struct moments *moments)
{
    size_t len;
    const struct fact_value *values =
        facts_history(facts, HOST_MONITOR ".typed", &len);

    *moments = (struct moments){ .begun = false };
    /*
     * When it was typed, not when it was echoed: the monitor's echo can come
     * after vhost's log has told of it.
     */
    for (size_t i = 0; i < len; i++)
        if (str_starts(values[i].text, "migrate ")) {
            moments->begun = true;
            moments->begun_us = values[i].at_us;
        }
    values = facts_history(facts, BACKUP_MONITOR ".vm.status", &len);
    for (size_t i = 0; moments->begun && !moments->running && i < len; i++)
        if (values[i].at_us > moments->begun_us &&
            strcmp(values[i].text, "running") == 0) {
            moments->running = true;
            moments->running_us = values[i].at_us;
        }
}
