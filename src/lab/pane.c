/* pane.c - panes and programs: the files of panes/. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "lab/pane.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/paths.h"
#include "base/xalloc.h"
#include "lab/compile.h"
#include "match/pattern.h"

/* A row of a schema table below. */
#define KEY(of_struct, key_name, key_type, member, ...)                        \
    {                                                                          \
        .name = key_name, .type = key_type,                                    \
        .offset = offsetof(struct of_struct, member), __VA_ARGS__              \
    }

static const struct conf_key program_keys[] = {
    KEY(program, "about", CONF_TEXT, about, .help = "One line about it."),
    KEY(program, "prompt", CONF_TEXT, prompt, .value = "PATTERN",
        .help = "Its prompt: matches the line from its start to the cursor. A "
                "program without one runs until it is left."),
    KEY(program, "shell", CONF_BOOL, shell,
        .help = "It is bash: miglab sets up OSC 133 marks in it, which tell "
                "where a command starts and ends, and its exit status."),
    KEY(program, "clear", CONF_TEXT, clear, .value = "KEYS",
        .help = "The keys that empty its input line."),
    KEY(program, "line_max", CONF_UINT, line_max, .value = "BYTES",
        .help = "The longest line it takes."),
    KEY(program, "quiet", CONF_DURATION, quiet, .value = "TIME", .max = 10000,
        .help = "How long nothing may come behind a prompt for it to count; "
                "20 ms unless given. Not used where there are marks."),
    KEY(program, "repaints", CONF_BOOL, repaints,
        .help = "It draws old lines again when it is entered."),
    KEY(program, "chatty", CONF_BOOL, chatty,
        .help = "It prints messages behind its prompt, unasked."),
};
static const struct conf_schema program_schema = {
    .name = "program",
    .size = sizeof(struct program),
    .keys = program_keys,
    .keys_len = ARRAY_LEN(program_keys),
    .place_offset = offsetof(struct program, at),
};

static const struct conf_key link_common_keys[] = {
    KEY(pane_link, "timeout", CONF_DURATION, timeout, .value = "TIME",
        .min = 100, .max = 600000,
        .help = "The limit of each phase of connecting; 10 s unless given."),
    KEY(pane_link, "retry", CONF_UINT, retry, .value = "TIMES", .max = 100,
        .help = "How often in a row it connects again by itself, once it is "
                "lost or could not connect; 0 unless given. What cannot become "
                "better, such as a wrong host key, is not tried again."),
    KEY(pane_link, "retry_after", CONF_DURATION, retry_after, .value = "TIME",
        .min = 10, .max = 600000,
        .help = "How long it waits before that; 1 s unless given."),
};
static const struct conf_schema link_common = {
    .name = "link",
    .size = sizeof(struct pane_link),
    .keys = link_common_keys,
    .keys_len = ARRAY_LEN(link_common_keys),
};
static const struct conf_key ssh_keys[] = {
    KEY(pane_link, "ssh", CONF_TEXT, ssh, .value = "NODE",
        .help = "A shell on a node, over its ssh session."),
};
static const struct conf_key telnet_keys[] = {
    KEY(pane_link, "telnet", CONF_TEXT, telnet, .value = "HOST:PORT",
        .help = "A telnet connection, from here or from the node in via."),
    KEY(pane_link, "via", CONF_TEXT, via, .value = "NODE",
        .help = "The node whose ssh session the connection goes through."),
    KEY(pane_link, "qemu", CONF_BOOL, qemu,
        .help = "The far end is QEMU, which speaks little telnet and takes "
                "one client at a time."),
};
static const struct conf_key exec_keys[] = {
    KEY(pane_link, "exec", CONF_TEXT, exec, .value = "COMMAND",
        .help = "A command of this machine in a terminal of its own, such as "
                "ssh with all that it can do."),
};
static const struct conf_key pty_keys[] = {
    KEY(pane_link, "pty", CONF_BOOL, pty, .help = "A shell of this machine."),
};
static const struct conf_key replay_keys[] = {
    KEY(pane_link, "replay", CONF_TEXT, replay, .value = "FILE",
        .help = "A recording (asciicast v2)."),
};
#define FORM(form_name, form_keys)                                             \
    {                                                                          \
        .name = form_name, .size = sizeof(struct pane_link),                   \
        .keys = form_keys, .keys_len = ARRAY_LEN(form_keys),                   \
        .base = &link_common                                                   \
    }
static const struct conf_schema ssh_link = FORM("ssh link", ssh_keys);
static const struct conf_schema telnet_link = FORM("telnet link", telnet_keys);
static const struct conf_schema exec_link = FORM("exec link", exec_keys);
static const struct conf_schema pty_link = FORM("pty link", pty_keys);
static const struct conf_schema replay_link = FORM("replay link", replay_keys);
static const struct conf_schema *const link_forms[] = {
    &ssh_link, &telnet_link, &exec_link, &pty_link, &replay_link, NULL,
};
static const struct conf_schema link_schema = {
    .name = "link",
    .size = sizeof(struct pane_link),
    .forms = link_forms,
    .form_offset = offsetof(struct pane_link, form),
    .place_offset = offsetof(struct pane_link, at),
};

static const char *const paints[] = {
    [PAINT_PASS] = "pass",
    [PAINT_FAIL] = "fail",
    [PAINT_WARN] = "warn",
    [PAINT_NOTE] = "note",
    NULL,
};
static const struct conf_key highlight_keys[] = {
    KEY(pane_highlight, "match", CONF_TEXT, match, .flags = CONF_REQUIRED,
        .value = "PATTERN", .help = "What is painted."),
    KEY(pane_highlight, "as", CONF_ENUM, as, .flags = CONF_REQUIRED,
        .words = paints, .help = "How: as a pass, a fail, a warning, a note."),
};
static const struct conf_schema highlight_schema = {
    .name = "highlight",
    .size = sizeof(struct pane_highlight),
    .keys = highlight_keys,
    .keys_len = ARRAY_LEN(highlight_keys),
};

static const struct conf_key pane_keys[] = {
    KEY(pane, "pane", CONF_NAME, name, .flags = CONF_REQUIRED, .value = "NAME",
        .help = "The pane's name. Its consoles are called NODE-NAME."),
    KEY(pane, "title", CONF_TEXT, title,
        .help = "What stands above it; ${node} is the node."),
    KEY(pane, "nodes", CONF_TEXTS, nodes, .flags = CONF_REQUIRED,
        .value = "ROLE, ...", .help = "The nodes that have such a console."),
    KEY(pane, "link", CONF_STRUCT, link, .flags = CONF_REQUIRED,
        .of = &link_schema, .help = "How it is reached."),
    KEY(pane, "program", CONF_TEXT, program, .flags = CONF_REQUIRED,
        .value = "PROGRAM", .help = "What runs in it once the link is up."),
    KEY(pane, "size", CONF_SIZE, size, .value = "COLSxROWS",
        .help = "The size of its terminal, whatever the layout; 132x50 unless "
                "given."),
    KEY(pane, "readers", CONF_TEXTS, readers, .value = "READER, ...",
        .help = "What is read out of its lines; see READERS."),
    KEY(pane, "highlight", CONF_LIST, highlight, .of = &highlight_schema,
        .help = "Texts that are painted where they stand."),
    KEY(pane, "lab", CONF_BOOL, lab,
        .help = "It belongs to the lab, not to what is tested: what fails in "
                "it, or ends unasked, is an error."),
};
const struct conf_schema pane_schema = {
    .name = "pane",
    .size = sizeof(struct pane),
    .keys = pane_keys,
    .keys_len = ARRAY_LEN(pane_keys),
    .place_offset = offsetof(struct pane, at),
};

static const struct conf_key panes_keys[] = {
    KEY(panes, "programs", CONF_NAMED, programs, .of = &program_schema,
        .value = "NAME: PROGRAM", .help = "The programs, by name."),
    KEY(panes, "panes", CONF_LIST, panes, .of = &pane_schema,
        .help = "Panes, where they are kept in one file."),
};
const struct conf_schema panes_schema = {
    .name = "programs file",
    .size = sizeof(struct panes),
    .keys = panes_keys,
    .keys_len = ARRAY_LEN(panes_keys),
};

const struct pane *
panes_find(const struct panes *panes, const char *name)
{
    const struct pane *items = panes->panes.items;

    for (size_t i = 0; i < panes->panes.len; i++)
        if (strcmp(items[i].name.text, name) == 0)
            return &items[i];
    return NULL;
}

const struct program *
panes_program(const struct panes *panes, const char *name)
{
    const struct program *items = panes->programs.items;

    for (size_t i = 0; i < panes->programs.len; i++)
        if (strcmp(items[i].name.text, name) == 0)
            return &items[i];
    return NULL;
}

char *
panes_program_names(const struct panes *panes)
{
    const struct program *items = panes->programs.items;
    struct buf buf = BUF_INIT(0);

    for (size_t i = 0; i < panes->programs.len; i++)
        buf_printf(&buf, "%s%s", i > 0 ? ", " : "", items[i].name.text);
    return buf_take(&buf);
}

/*
 * "^testpmd> $" as "^testpmd> ": finds the prompt of a line that goes on
 * behind it. Only where the prompt stands at the line's start for sure.
 */
static struct pattern *
compile_prompt_start(const struct conf_text *prompt, struct diags *diags)
{
    size_t len = strlen(prompt->text);
    struct conf_text start = *prompt;
    struct pattern *pattern;

    if (prompt->text[0] != '^' || len < 2 || prompt->text[len - 1] != '$' ||
        prompt->text[len - 2] == '\\')
        return NULL;
    start.text = xstrndup(prompt->text, len - 1);
    pattern = compile_pattern(&start, diags);
    free(start.text);
    return pattern;
}

static bool
check_programs(struct panes *panes, struct diags *diags)
{
    struct program *programs = panes->programs.items;
    bool ok = true;

    for (size_t i = 0; i < panes->programs.len; i++) {
        struct program *program = &programs[i];

        if (!program->quiet.given)
            program->quiet.value = PROGRAM_QUIET_MS;
        if (program->prompt.text != NULL && program->prompt_pattern == NULL)
            program->prompt_pattern = compile_pattern(&program->prompt, diags);
        if (program->prompt_pattern != NULL && program->prompt_start == NULL)
            program->prompt_start =
                compile_prompt_start(&program->prompt, diags);
        if (program->prompt.text != NULL && program->prompt_pattern == NULL)
            ok = false;
        if (program->shell.value && program->prompt.text == NULL) {
            diags_error(diags, &program->at,
                        "program \"%s\" is a shell and has no prompt",
                        program->name.text);
            ok = false;
        }
    }
    return ok;
}

static bool
check_highlights(const struct pane *pane, struct diags *diags)
{
    const struct pane_highlight *items = pane->highlight.items;
    bool ok = true;

    for (size_t i = 0; i < pane->highlight.len; i++)
        ok = pattern_check(&items[i].match, diags) && ok;
    return ok;
}

static bool
check_panes(struct panes *panes, struct diags *diags)
{
    struct pane *items = panes->panes.items;
    bool ok = true;

    for (size_t i = 0; i < panes->panes.len; i++) {
        struct pane *pane = &items[i];

        ok = check_highlights(pane, diags) && ok;
        if (pane->size.cols == 0)
            pane->size = (struct conf_size){ PANE_COLS, PANE_ROWS, pane->at };
        if (panes_program(panes, pane->program.text) == NULL) {
            char *known = panes_program_names(panes);

            diags_error(diags, &pane->program.at,
                        "program: there is no program \"%s\" in "
                        "panes/programs.yaml, which has %s",
                        pane->program.text, known);
            free(known);
            ok = false;
        }
    }
    return ok;
}

/* Add one file of panes/, or of the same name in the user's folder. */
static bool
load_one(struct panes *panes, const char *name, struct diags *diags)
{
    char *path = paths_find("panes", name);
    bool ok;

    BUG_ON(path == NULL); /* it was just listed */
    strs_take(&panes->files, path);
    if (strcmp(name, "programs") == 0) {
        struct panes only = { 0 };

        ok = conf_read_file(&panes_schema, path, &only, diags);
        panes->programs = only.programs;
        only.programs = (struct conf_list){ 0 };
        conf_free(&panes_schema, &only);
        return ok;
    }
    return conf_read_file(&pane_schema, path,
                          conf_list_add(&panes->panes, sizeof(struct pane)),
                          diags);
}

struct panes *
panes_load(struct diags *diags)
{
    struct panes *panes = xcalloc(1, sizeof *panes);
    struct strs names = { 0 };
    bool ok = true;

    paths_list("panes", &names);
    for (size_t i = 0; i < names.len; i++)
        ok = load_one(panes, names.items[i], diags) && ok;
    strs_fini(&names);
    ok = ok && check_programs(panes, diags) && check_panes(panes, diags);
    if (ok)
        return panes;
    panes_free(panes);
    return NULL;
}

struct panes *
panes_load_file(const char *path, struct diags *diags)
{
    struct panes *panes = xcalloc(1, sizeof *panes);
    bool ok;

    strs_add(&panes->files, path);
    ok = conf_read_file(&panes_schema, panes->files.items[0], panes, diags);
    ok = ok && check_programs(panes, diags) && check_panes(panes, diags);
    if (ok)
        return panes;
    panes_free(panes);
    return NULL;
}

bool
pane_lint(const char *path, struct diags *diags)
{
    struct pane pane = { 0 };
    bool ok = conf_read_file(&pane_schema, path, &pane, diags);

    ok = ok && check_highlights(&pane, diags);
    conf_free(&pane_schema, &pane);
    return ok;
}

void
panes_free(struct panes *panes)
{
    struct program *programs;

    if (panes == NULL)
        return;
    programs = panes->programs.items;
    for (size_t i = 0; i < panes->programs.len; i++) {
        pattern_free(programs[i].prompt_pattern);
        pattern_free(programs[i].prompt_start);
    }
    strs_fini(&panes->files);
    conf_free(&panes_schema, panes); /* zeroes it all */
    free(panes);
}
