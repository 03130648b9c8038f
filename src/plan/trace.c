/* trace.c - which line of the plan's text is covered by which action. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"

#define KEY(of_struct, key_name, key_type, member, ...)                        \
    {                                                                          \
        .name = key_name, .type = key_type,                                    \
        .offset = offsetof(struct of_struct, member), __VA_ARGS__              \
    }

static const struct conf_key correction_keys[] = {
    KEY(correction, "line", CONF_TEXT, line, .flags = CONF_REQUIRED,
        .help = "The plan's line, without its prompt."),
    KEY(correction, "instead", CONF_TEXTS, instead, .value = "COMMAND, ...",
        .help = "What must be typed for it; nothing unless given."),
    KEY(correction, "why", CONF_TEXT, why, .flags = CONF_REQUIRED,
        .help = "The reason."),
};
static const struct conf_schema correction_schema = {
    .name = "correction",
    .size = sizeof(struct correction),
    .keys = correction_keys,
    .keys_len = ARRAY_LEN(correction_keys),
};
static const struct conf_key addition_keys[] = {
    KEY(addition, "text", CONF_TEXT, text, .flags = CONF_REQUIRED,
        .help = "What is typed and does not stand in the plan's line."),
    KEY(addition, "plan", CONF_TEXT, plan,
        .help = "What the plan has in its place; nothing unless given."),
    KEY(addition, "why", CONF_TEXT, why, .flags = CONF_REQUIRED,
        .help = "The reason."),
};
static const struct conf_schema addition_schema = {
    .name = "addition",
    .size = sizeof(struct addition),
    .keys = addition_keys,
    .keys_len = ARRAY_LEN(addition_keys),
};
static const struct conf_key corrections_keys[] = {
    KEY(corrections, "corrections", CONF_LIST, corrections,
        .flags = CONF_REQUIRED, .of = &correction_schema,
        .help = "Lines of the plan that are typed otherwise, or not at all."),
    KEY(corrections, "additions", CONF_LIST, additions, .of = &addition_schema,
        .help = "What is typed beyond the plan's lines."),
};
const struct conf_schema corrections_schema = {
    .name = "list of corrections",
    .size = sizeof(struct corrections),
    .keys = corrections_keys,
    .keys_len = ARRAY_LEN(corrections_keys),
};

/* --- the plan's text --- */

/* Where the reader stands in the text. */
struct reading {
    struct plan_text *plan;
    unsigned number, tcase;
    char *section; /* the first word of the last line that is no step */
    char *step;
    bool armed;         /* the last line that was not blank ended with "::" */
    bool inside;        /* a block of commands */
    struct buf command; /* of a line that goes on in the next */
    unsigned began;
};

static const struct {
    const char *prompt, *node;
    bool in_vm;
} prompts[] = {
    { "host server", "host", false }, { "backup server", "backup", false },
    { "host vm", "host", true },      { "backup vm", "backup", true },
    { "host", "host", false },        { "backup", "backup", false },
    { "tester", "tester", false },
};

/* "host VM# cmd": where, and the rest; text itself when it has no prompt. */
static const char *
take_prompt(const char *text, struct plan_line *line)
{
    const char *hash = strchr(text, '#');
    size_t len = hash != NULL ? (size_t)(hash - text) : 0;

    while (len > 0 && text[len - 1] == ' ')
        len--;
    for (size_t i = 0; len > 0 && i < ARRAY_LEN(prompts); i++)
        if (strlen(prompts[i].prompt) == len &&
            strncasecmp(prompts[i].prompt, text, len) == 0) {
            line->node = prompts[i].node;
            line->in_vm = prompts[i].in_vm;
            return hash + 1 + strspn(hash + 1, " ");
        }
    return text;
}

/* A program's prompt behind the shell's. */
static const char *
skip_program(const char *text)
{
    static const char *const programs[] = { "(qemu)", "testpmd>" };

    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        if (str_starts(text, programs[i])) {
            text += strlen(programs[i]);
            return text + strspn(text, " ");
        }
    return text;
}

/* Runs of blanks as one, none at the ends; yours. */
static char *
one_blank(const char *text)
{
    struct buf out = BUF_INIT(0);
    bool blank = false;

    for (text += strspn(text, " \t"); *text != '\0'; text++) {
        if (*text == ' ' || *text == '\t') {
            blank = true;
            continue;
        }
        buf_printf(&out, "%s%c", blank ? " " : "", *text);
        blank = false;
    }
    return buf_take(&out);
}

static void
add_command(struct reading *at, const char *text)
{
    struct plan_text *plan = at->plan;
    struct plan_line *line;

    plan->lines =
        xgrow(plan->lines, plan->len, &plan->cap, sizeof *plan->lines);
    line = &plan->lines[plan->len++];
    *line = (struct plan_line){ .number = at->began, .tcase = at->tcase };
    line->command = one_blank(skip_program(take_prompt(text, line)));
    line->step = at->tcase == 0 && at->section != NULL
                     ? xasprintf("%s %s", at->section, at->step)
                     : xstrdup(at->step);
}

/* A line of a block; one that ends with a backslash goes on in the next. */
static void
read_command(struct reading *at, const char *text)
{
    size_t len = strlen(text);
    bool goes_on = len > 0 && text[len - 1] == '\\';

    if (at->command.len == 0)
        at->began = at->number;
    buf_printf(&at->command, "%.*s", (int)(goes_on ? len - 1 : len), text);
    if (goes_on)
        return;
    add_command(at, buf_text(&at->command));
    buf_clear(&at->command);
}

static void
replace(char **text, char *with)
{
    free(*text);
    *text = with;
}

/* A line at the margin: a title's, a step's, or prose. */
static void
read_prose(struct reading *at, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    unsigned number;

    if (sscanf(text, "Test Case %u:", &number) == 1) {
        at->tcase = number;
        at->plan->cases = MAX(at->plan->cases, number);
    } else if (digits > 0 && str_starts(text + digits, ". ")) {
        replace(&at->step, xstrndup(text, digits));
    } else if (strspn(text, "-=") < strlen(text)) {
        replace(&at->section, xstrndup(text, strcspn(text, " ")));
    }
    at->armed = str_ends(text, "::");
}

static void
read_line(struct reading *at, const char *line)
{
    const char *text = line + strspn(line, " \t");

    at->number++;
    if (*text == '\0')
        return;
    if (at->armed && text > line)
        at->inside = true;
    at->armed = false;
    if (at->inside && text > line) {
        read_command(at, text);
        return;
    }
    at->inside = false;
    if (text == line)
        read_prose(at, text);
    else
        at->armed = str_ends(text, "::");
}

void
plan_text_read(const char *text, struct plan_text *plan)
{
    struct reading at = { .plan = plan, .command = BUF_INIT(0) };

    *plan = (struct plan_text){ .len = 0 };
    at.step = xstrdup("0");
    while (*text != '\0') {
        size_t len = strcspn(text, "\n"), kept = len;
        char *line;

        while (kept > 0 && (text[kept - 1] == ' ' || text[kept - 1] == '\r'))
            kept--;
        line = xstrndup(text, kept);
        read_line(&at, line);
        free(line);
        text += len + (text[len] == '\n');
    }
    buf_fini(&at.command);
    free(at.section);
    free(at.step);
}

void
plan_text_fini(struct plan_text *plan)
{
    for (size_t i = 0; i < plan->len; i++) {
        free(plan->lines[i].step);
        free(plan->lines[i].command);
    }
    free(plan->lines);
    *plan = (struct plan_text){ .len = 0 };
}

/* --- a case, held to it --- */

struct tracing {
    const struct script *script;
    const struct corrections *corrections;
    size_t step, action; /* the next that may cover something */
};

static const struct correction *
find_correction(const struct tracing *at, const char *line)
{
    const struct correction *rows = at->corrections->corrections.items;

    for (size_t i = 0; i < at->corrections->corrections.len; i++)
        if (strcmp(rows[i].line.text, line) == 0)
            return &rows[i];
    return NULL;
}

/* What is typed, as the plan would write it: without our additions. Yours. */
static char *
as_planned(const struct tracing *at, const char *command)
{
    const struct addition *rows = at->corrections->additions.items;
    char *text = one_blank(command);

    for (size_t i = 0; i < at->corrections->additions.len; i++) {
        const char *found = strstr(text, rows[i].text.text);

        if (found != NULL)
            replace(
                &text,
                xasprintf("%.*s%s%s", (int)(found - text), text,
                          rows[i].plan.text != NULL ? rows[i].plan.text : "",
                          found + strlen(rows[i].text.text)));
    }
    replace(&text, one_blank(text));
    return text;
}

/* A VM's line is typed in a pane that leads into one. */
static bool
is_there(const struct plan_line *line, const struct action *action)
{
    if (line->node == NULL || action->on == NULL)
        return true;
    if (strcmp(action->on->name.text, line->node) != 0)
        return false;
    return !line->in_vm ||
           (action->console != NULL &&
            strcmp(action->console->pane->name.text, "guest") == 0);
}

/* The next action that types this; where: the line's place counts too. */
static const struct action *
find_action(struct tracing *at, const struct plan_line *line,
            const char *command, bool where, size_t *step)
{
    const struct conf_list *list = &at->script->tcase->steps;
    const struct step *steps = list->items;

    for (size_t i = at->step; i < list->len; i++) {
        const struct action *actions = steps[i].actions.items;

        for (size_t j = i == at->step ? at->action : 0;
             j < steps[i].actions.len; j++) {
            char *typed;
            bool same;

            if (actions[j].command == NULL || actions[j].kind == ACTION_PROBE ||
                steps[i].plan.text == NULL ||
                strcmp(steps[i].plan.text, line->step) != 0 ||
                (where && !is_there(line, &actions[j])))
                continue;
            typed = as_planned(at, actions[j].command);
            same = strcmp(typed, command) == 0;
            free(typed);
            if (!same)
                continue;
            at->step = i;
            at->action = j + 1;
            *step = i + 1;
            return &actions[j];
        }
    }
    return NULL;
}

/* "telnet localhost 3333": a console whose link that is. */
static const struct script_console *
find_link(const struct tracing *at, const struct plan_line *line)
{
    unsigned port;
    int len = 0;

    if (sscanf(line->command, "telnet localhost %u%n", &port, &len) != 1 ||
        line->command[len] != '\0')
        return NULL;
    for (size_t i = 0; i < at->script->consoles_len; i++) {
        const struct script_console *console = &at->script->consoles[i];

        if (console->port == port && console->via != NULL &&
            (line->node == NULL ||
             strcmp(console->via->name.text, line->node) == 0))
            return console;
    }
    return NULL;
}

static void
cover(struct tracing *at, struct coverage *row)
{
    const struct plan_line *line = row->line;

    row->correction = find_correction(at, line->command);
    row->link = row->correction == NULL ? find_link(at, line) : NULL;
    row->covered = row->correction != NULL || row->link != NULL;
    if (row->link != NULL)
        return;
    if (row->correction == NULL) {
        row->action = find_action(at, line, line->command, true, &row->step);
        row->covered = row->action != NULL;
        return;
    }
    for (size_t i = 0; i < row->correction->instead.len; i++) {
        row->action =
            find_action(at, line, row->correction->instead.items[i].text, false,
                        &row->step);
        row->covered = row->covered && row->action != NULL;
    }
}

struct coverage *
trace_case(const struct plan_text *plan, const struct script *script,
           const struct corrections *corrections, size_t *len)
{
    struct coverage *rows = xcalloc(plan->len, sizeof *rows);
    struct tracing at = { .script = script, .corrections = corrections };

    *len = 0;
    for (size_t i = 0; i < plan->len; i++) {
        const struct plan_line *line = &plan->lines[i];

        if (line->tcase != 0 && line->tcase != script->tcase->plan.value)
            continue;
        rows[*len].line = line;
        cover(&at, &rows[(*len)++]);
    }
    return rows;
}
