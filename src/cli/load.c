/* load.c - labs and cases as several subcommands need them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/load.h"

#include <stdio.h>

#include "base/diag.h"
#include "cli/command.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/script.h"

/* case_name NULL: none. */
static struct script *
load(const struct cli_args *args, const char *case_name)
{
    const char *lab_name = cli_value(args, "lab");
    struct diags diags = { 0 };
    struct script *script = NULL;
    struct lab *lab = lab_load(lab_name != NULL ? lab_name : LOAD_LAB_DEFAULT,
                               cli_values(args, "set"), &diags);
    struct panes *panes = panes_load(&diags);

    if (lab == NULL || panes == NULL) {
        lab_free(lab);
        panes_free(panes);
    } else if (case_name != NULL) {
        script = script_load(case_name, lab, panes, &diags);
    } else {
        script = script_consoles(lab, panes, &diags);
    }
    diags_print(&diags, stderr);
    diags_fini(&diags);
    return script;
}

struct script *
load_script(const struct cli_args *args, const char *case_name)
{
    return load(args, case_name);
}

struct script *
load_consoles(const struct cli_args *args)
{
    return load(args, NULL);
}
