/* load.c - labs and cases as several subcommands need them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/paths.h"
#include "cli/command.h"
#include "conf/vars.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/overrides.h"
#include "plan/script.h"

/*
 * case_name NULL: none. attended: what a human wants to see lasts longer then
 * (labs say how long).
 */
static struct script *
load(const struct cli_args *args, const char *case_name, bool attended)
{
    const char *lab_name = cli_value(args, "lab");
    struct diags diags = { 0 };
    struct script *script = NULL;
    struct lab *lab = lab_load(lab_name != NULL ? lab_name : LOAD_LAB_DEFAULT,
                               cli_values(args, "set"), &diags);
    struct panes *panes = panes_load(&diags);

    if (lab != NULL)
        pairs_set(&lab->vars, "attended", attended ? "yes" : "", &lab->name.at);
    if (lab == NULL || panes == NULL) {
        lab_free(lab);
        panes_free(panes);
    } else if (case_name != NULL) {
        script = script_load(case_name, lab, panes, &diags);
    } else {
        script = script_consoles(lab, panes, &diags);
    }
    if (script != NULL)
        overrides_check(script, &diags);
    diags_print(&diags, stderr);
    diags_fini(&diags);
    return script;
}

struct script *
load_script(const struct cli_args *args, const char *case_name)
{
    return load(args, case_name, false);
}

struct script *
load_attended(const struct cli_args *args, const char *case_name)
{
    return load(args, case_name, true);
}

struct script *
load_consoles(const struct cli_args *args)
{
    return load(args, NULL, false);
}

/* What cases share lies beside them: a case is the file that says so. */
static bool
is_case(const char *name)
{
    char *path = paths_find("cases", name);
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    char line[256];
    bool found = false;

    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = str_starts(line, "case:");
    if (file != NULL)
        fclose(file);
    free(path);
    return found;
}

void
load_case_names(struct strs *names)
{
    struct strs files = { 0 };

    paths_list("cases", &files);
    for (size_t i = 0; i < files.len; i++)
        if (is_case(files.items[i]))
            strs_add(names, files.items[i]);
    strs_fini(&files);
}

/* It is the rehearsal lab, or one that extends it. */
static bool
is_rehearsal(const struct lab *lab)
{
    for (size_t i = 0; i < lab->files.len; i++)
        if (str_ends(lab->files.items[i], "/" LOAD_LAB_DEFAULT ".yaml"))
            return true;
    return false;
}

static bool
is_there(const struct lab *lab, const char *key, const struct conf_text *file)
{
    int error;

    if (file->text == NULL || access(file->text, R_OK) == 0)
        return true;
    error = errno;
    if (error == ENOENT && is_rehearsal(lab))
        fprintf(stderr,
                "miglab: the rehearsal lab is not up: sudo miglab rehearsal "
                "up%s%s\n",
                strcmp(lab->name.text, LOAD_LAB_DEFAULT) != 0 ? " --name " : "",
                strcmp(lab->name.text, LOAD_LAB_DEFAULT) != 0 ? lab->name.text
                                                              : "");
    else if (error == EACCES)
        fprintf(stderr,
                "miglab: lab %s: %s is not readable: only the user who started "
                "the lab%s may use it\n",
                lab->name.text, file->text,
                is_rehearsal(lab) ? " (root, or who called sudo)" : "");
    else
        fprintf(stderr, "miglab: lab %s: %s: %s: %s\n", lab->name.text, key,
                file->text, strerror(error));
    return false;
}

bool
load_lab_is_there(const struct lab *lab)
{
    const struct lab_node *nodes = lab->nodes.items;
    bool far = false;

    for (size_t i = 0; i < lab->nodes.len; i++) {
        far = far || nodes[i].ssh.text != NULL;
        if (!is_there(lab, "identity", &nodes[i].identity))
            return false;
    }
    return !far || (is_there(lab, "known_hosts", &lab->known_hosts) &&
                    is_there(lab, "identity", &lab->identity));
}
