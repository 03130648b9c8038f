/*
 * flow.c - how far apart the tester's packets are, by its own command.
 *
 * Read from the resolved command and not from a variable: the command is what
 * the tester does, whatever variables it was made of; and a run keeps it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/flow.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/action.h"
#include "plan/tcase.h"

/* "sendp(p, inter=0.01, loop=1)": 10; 0 when it is not there or no number. */
static double
interval_of(const char *command)
{
    static const char key[] = "inter=";
    const char *at = strstr(command, "sendp(");
    char *end;
    double seconds;

    while (at != NULL && (at = strstr(at, key)) != NULL) {
        bool whole = !isalnum((unsigned char)at[-1]) && at[-1] != '_';

        at += strlen(key);
        if (whole)
            break;
    }
    if (at == NULL)
        return 0;
    seconds = strtod(at, &end);
    end += strspn(end, " ");
    if (end == at || (*end != ',' && *end != ')') || !isfinite(seconds))
        return 0;
    return seconds > 0 ? seconds * 1000 : 0;
}

double
flow_interval_ms(const struct tcase *tcase)
{
    const struct step *steps = tcase->steps.items;
    double found = 0;

    for (size_t i = 0; i < tcase->steps.len; i++) {
        const struct action *actions = steps[i].actions.items;

        for (size_t j = 0; j < steps[i].actions.len; j++) {
            const char *command = actions[j].command;
            double interval;

            if (actions[j].kind != ACTION_SEND || command == NULL ||
                strstr(command, "sendp(") == NULL)
                continue;
            interval = interval_of(command);
            if (interval <= 0 || (found > 0 && fabs(interval - found) > 1e-9))
                return 0;
            found = interval;
        }
    }
    return found;
}
