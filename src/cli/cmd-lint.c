/* cmd-lint.c - check labs, panes, programs, layouts, cases, steps, symptoms. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/paths.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/load.h"
#include "lab/compile.h"
#include "lab/lab.h"
#include "lab/layout.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/symptom.h"
#include "plan/tcase.h"
#include "plan/trace.h"

struct lint {
    const struct cli_args *args;
    struct diags diags;
};

/*
 * A lab or case is found by its file's name, and tells its own. In a run's
 * folder and in a rehearsal's all files of a kind have one name.
 */
static void
lint_name(struct lint *lint, const char *key, const struct conf_text *name,
          const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash != NULL ? slash + 1 : path;
    size_t key_len = strlen(key), len = strlen(file);

    if (str_ends(file, ".yaml"))
        len -= strlen(".yaml");
    if ((len == key_len && strncmp(file, key, len) == 0) ||
        (strlen(name->text) == len && strncmp(file, name->text, len) == 0))
        return;
    diags_error(&lint->diags, &name->at,
                "%s: must be the file's name, \"%.*s\", not \"%s\"", key,
                (int)len, file, name->text);
}

static void
lint_lab(struct lint *lint, const char *path)
{
    struct lab *lab =
        lab_load_file(path, cli_values(lint->args, "set"), &lint->diags);

    if (lab != NULL)
        lint_name(lint, "lab", &lab->name, path);
    lab_free(lab);
}

static void
lint_pane(struct lint *lint, const char *path)
{
    pane_lint(path, &lint->diags);
}

static void
lint_programs(struct lint *lint, const char *path)
{
    panes_free(panes_load_file(path, &lint->diags));
}

static void
lint_layout(struct lint *lint, const char *path)
{
    layout_free(layout_load_file(path, &lint->diags));
}

/* A case is checked with all it uses, on a lab. */
static void
lint_case(struct lint *lint, const char *path)
{
    const char *lab_name = cli_value(lint->args, "lab");
    struct lab *lab = lab_load(lab_name != NULL ? lab_name : LOAD_LAB_DEFAULT,
                               cli_values(lint->args, "set"), &lint->diags);
    struct panes *panes = panes_load(&lint->diags);

    if (lab != NULL && panes != NULL) {
        struct script *script = script_load(path, lab, panes, &lint->diags);

        if (script != NULL)
            lint_name(lint, "case", &script->tcase->name, path);
        script_free(script);
    } else {
        lab_free(lab);
        panes_free(panes);
    }
}

static void
lint_patterns(struct lint *lint, const struct conf_texts *texts)
{
    for (size_t i = 0; i < texts->len; i++)
        if (strstr(texts->items[i].text, "${") == NULL)
            pattern_check(&texts->items[i], &lint->diags);
}

static void
lint_actions(struct lint *lint, const struct conf_list *list)
{
    const struct action *actions = list->items;

    for (size_t i = 0; i < list->len; i++) {
        lint_patterns(lint, &actions[i].expect);
        lint_patterns(lint, &actions[i].reject);
    }
}

/* Shared steps alone: keys, types, patterns. Cases that use them tell more. */
static void
lint_steps(struct lint *lint, const char *path)
{
    struct conf_list list = { 0 };
    struct step *steps;

    conf_read_list(&shared_step_schema, path, &list, &lint->diags);
    steps = list.items;
    for (size_t i = 0; i < list.len; i++) {
        lint_actions(lint, &steps[i].actions);
        lint_actions(lint, &steps[i].undo);
        conf_free(&shared_step_schema, &steps[i]);
    }
    free(list.items);
}

static void
lint_salvage(struct lint *lint, const char *path)
{
    struct conf_list list = { 0 };
    struct action *actions;

    conf_read_list(&action_schema, path, &list, &lint->diags);
    lint_actions(lint, &list);
    actions = list.items;
    for (size_t i = 0; i < list.len; i++)
        conf_free(&action_schema, &actions[i]);
    free(list.items);
}

/* With the consoles and logs that their signs name. */
static void
lint_symptoms(struct lint *lint, const char *path)
{
    struct symptom_set *set = symptom_set_load_file(path, &lint->diags);
    struct panes *panes = panes_load(&lint->diags);

    if (panes != NULL)
        symptom_set_check(set, panes, &lint->diags);
    panes_free(panes);
    symptom_set_free(set);
}

static void
lint_corrections(struct lint *lint, const char *path)
{
    struct corrections corrections = { .additions = { 0 } };

    conf_read_file(&corrections_schema, path, &corrections, &lint->diags);
    conf_free(&corrections_schema, &corrections);
}

/* What a file is, by the first key in it. */
static const struct {
    const char *key;
    void (*lint)(struct lint *lint, const char *path);
} kinds[] = {
    { "lab:", lint_lab },
    { "pane:", lint_pane },
    { "programs:", lint_programs },
    { "layout:", lint_layout },
    { "case:", lint_case },
    { "- step:", lint_steps },
    { "corrections:", lint_corrections },
    { "- probe:", lint_salvage },
    { "- send:", lint_salvage },
    { "- symptom:", lint_symptoms },
};

static void
lint_file(struct lint *lint, const char *path)
{
    const struct place at = { path, 0, 0 };
    FILE *file = fopen(path, "re");
    char line[256];

    if (file == NULL) {
        diags_error(&lint->diags, &at, "cannot open it: %m");
        return;
    }
    while (fgets(line, sizeof line, file) != NULL)
        for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
            if (str_starts(line, kinds[i].key)) {
                fclose(file);
                kinds[i].lint(lint, path);
                return;
            }
    fclose(file);
    diags_error(&lint->diags, &at,
                "no line begins with lab:, pane:, programs:, layout:, case:, "
                "- step: or - symptom:, so what is it?");
}

/* Without operands: all that is shipped. */
static void
add_shipped(struct strs *paths)
{
    static const char *const folders[] = { "labs", "panes", "layouts", "cases",
                                           "cases/steps" };

    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        struct strs names = { 0 };

        paths_list(folders[i], &names);
        for (size_t j = 0; j < names.len; j++)
            strs_take(paths, paths_find(folders[i], names.items[j]));
        strs_fini(&names);
    }
}

static int
lint(const struct cli_args *args)
{
    struct lint state = { .args = args };
    struct strs paths = { 0 };
    bool ok;

    for (int i = 0; i < args->operands_len; i++)
        strs_add(&paths, args->operands[i]);
    if (paths.len == 0)
        add_shipped(&paths);
    if (paths.len == 0) {
        char *own = paths_config();

        fprintf(stderr,
                "miglab lint: there are no labs, panes, layouts and cases in "
                "%s and %s\n",
                own, paths_data());
        free(own);
        return EXIT_BAD_FILE;
    }
    for (size_t i = 0; i < paths.len; i++)
        lint_file(&state, paths.items[i]);
    diags_print(&state.diags, stderr);
    ok = state.diags.errors == 0;
    printf("%zu file%s, %zu error%s\n", paths.len, paths.len == 1 ? "" : "s",
           state.diags.errors, state.diags.errors == 1 ? "" : "s");
    strs_fini(&paths);
    diags_fini(&state.diags);
    return ok ? EXIT_PASS : EXIT_BAD_FILE;
}

static const struct cli_option options[] = {
    { "lab", "LAB", "The lab that cases are checked on; rehearsal by default.",
      false },
    { "set", "NAME=VALUE",
      "Set a variable above lab and case; NODE.NAME for one node.", true },
    { NULL, NULL, NULL, false },
};

const struct cli_command cli_lint = {
    .name = "lint",
    .operands = "[FILE...]",
    .summary = "Check labs, panes, programs, layouts, cases, steps, symptoms.",
    .about = "Each mistake is told with file, line and column, and what would "
             "be right.\nWithout a FILE, all files that miglab finds by itself "
             "are checked.",
    .options = options,
    .max = -1,
    .run = lint,
};
