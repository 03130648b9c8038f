/*
 * docgen.c - fill the man pages' templates from the tables of the program.
 *
 * usage: docgen TEMPLATE >PAGE
 *
 * A line "@WHAT NAME@" is replaced: @KEYS lab@ by the keys of a schema and of
 * those inside it, @ACTIONS@ by the kinds of action, @FACTS@ by readers and
 * their facts, @COMMANDS@ by the subcommands, @EXITS@ by the exit codes,
 * @EVENTS@ by the journal's records. Everything else is copied. The pages are
 * mdoc(7).
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cli/command.h"
#include "conf/conf.h"
#include "journal/events.h"
#include "lab/lab.h"
#include "lab/layout.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/fact.h"
#include "plan/tcase.h"
#include "ui/command.h"

/* Text for a roff line: what roff would take for its own is escaped. */
static void
put(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

/* Sentences, each on a line of its own, as mdoc wants them. */
static void
put_prose(const char *text)
{
    const char *end;

    for (; *text != '\0'; text = *end != '\0' ? end + 1 : end) {
        char line[1024];
        size_t len;

        for (end = text; *end != '\0' && *end != '\n'; end++)
            if ((*end == ' ') && end > text && end[-1] == '.' &&
                isupper((unsigned char)end[1]))
                break;
        len = MIN((size_t)(end - text), sizeof line - 1);
        memcpy(line, text, len);
        line[len] = '\0';
        if (len > 0) {
            put(line);
            putchar('\n');
        }
    }
}

static const char *
type_hint(enum conf_type type)
{
    static const char *const hints[CONF_TYPES] = {
        [CONF_TEXT] = "TEXT",        [CONF_NAME] = "NAME",
        [CONF_TEXTS] = "TEXT, ...",  [CONF_BOOL] = "yes|no",
        [CONF_UINT] = "NUMBER",      [CONF_DURATION] = "TIME",
        [CONF_SIZE] = "COLSxROWS",   [CONF_ENUM] = NULL,
        [CONF_PAIRS] = "NAME: TEXT", [CONF_STRUCT] = "KEYS",
        [CONF_LIST] = "LIST",        [CONF_NAMED] = "NAME: KEYS",
    };

    return hints[type];
}

static void
put_key(const struct conf_key *key)
{
    const char *hint = key->value != NULL ? key->value : type_hint(key->type);

    printf(".It Cm %s : ", key->name);
    if (hint != NULL) {
        printf("Ar ");
        put(hint);
    } else {
        for (size_t i = 0; key->words[i] != NULL; i++)
            printf("%s%s", i > 0 ? "|" : "Cm ", key->words[i]);
    }
    putchar('\n');
    if (key->help != NULL)
        put_prose(key->help);
    if (key->type == CONF_NAME)
        printf(
            "A name has a\\-z, 0\\-9 and \\-, no \\- in front, and at most %d "
            "bytes.\n",
            CONF_NAME_MAX);
    if (key->flags & CONF_REQUIRED)
        printf("Must be given.\n");
}

static void put_schema(const struct conf_schema *schema, bool heading);

static void
put_keys(const struct conf_schema *schema)
{
    printf(".Bl -tag -width Ds\n");
    for (const struct conf_schema *s = schema; s != NULL; s = s->base)
        for (size_t i = 0; i < s->keys_len; i++)
            put_key(&s->keys[i]);
    printf(".El\n");
}

/*
 * Whether a schema found in another one needs no telling: actions are told by
 * @ACTIONS@ wherever they stand, and what holds itself is told once.
 */
static bool
is_told(const struct conf_schema *schema)
{
    static const struct conf_schema *told[32]; /* of this page */
    static size_t told_len;

    if (schema == &action_schema || schema == &pane_schema)
        return true;
    for (size_t i = 0; i < told_len; i++)
        if (told[i] == schema)
            return true;
    BUG_ON(told_len == ARRAY_LEN(told));
    told[told_len++] = schema;
    return false;
}

static void
put_inner(const struct conf_schema *schema)
{
    for (const struct conf_schema *s = schema; s != NULL; s = s->base)
        for (size_t i = 0; i < s->keys_len; i++)
            if (s->keys[i].of != NULL && !is_told(s->keys[i].of))
                put_schema(s->keys[i].of, true);
}

/* Forms that differ in one key are no more than a choice of that key. */
static bool
is_choice(const struct conf_schema *schema)
{
    for (size_t i = 0; schema->forms[i] != NULL; i++)
        if (schema->forms[i]->keys_len != 1 ||
            schema->forms[i]->base != schema->forms[0]->base)
            return false;
    return true;
}

static void
put_choice(const struct conf_schema *schema)
{
    printf("Exactly one of:\n.Bl -tag -width Ds\n");
    for (size_t i = 0; schema->forms[i] != NULL; i++)
        put_key(&schema->forms[i]->keys[0]);
    printf(".El\n.Pp\nAnd:\n");
    put_keys(schema->forms[0]->base);
    for (size_t i = 0; schema->forms[i] != NULL; i++)
        put_inner(schema->forms[i]);
}

static void
put_schema(const struct conf_schema *schema, bool heading)
{
    if (schema->forms != NULL && !is_choice(schema)) {
        for (size_t i = 0; schema->forms[i] != NULL; i++)
            put_schema(schema->forms[i], true);
        return;
    }
    if (heading)
        printf(".Ss The keys of a %s\n", schema->name);
    if (schema->forms != NULL) {
        put_choice(schema);
        return;
    }
    put_keys(schema);
    put_inner(schema);
}

static void
keys(const char *name)
{
    static const struct {
        const char *name;
        const struct conf_schema *schema;
    } schemas[] = {
        { "lab", &lab_schema },        { "pane", &pane_schema },
        { "programs", &panes_schema }, { "layout", &layout_schema },
        { "case", &tcase_schema },
    };

    for (size_t i = 0; i < ARRAY_LEN(schemas); i++)
        if (strcmp(schemas[i].name, name) == 0) {
            put_schema(schemas[i].schema, false);
            return;
        }
    fprintf(stderr, "docgen: no schema \"%s\"\n", name);
    exit(1);
}

static void
actions(const char *name)
{
    (void)name;
    for (size_t i = 0; i < ACTION_KINDS; i++) {
        printf(".Ss %s\n", action_kinds[i].name);
        put_prose(action_kinds[i].summary);
        put_keys(action_kinds[i].schema);
    }
}

static void
facts(const char *name)
{
    (void)name;
    for (size_t i = 0; i < reader_names_len; i++) {
        printf(".Ss %s\n", reader_names[i].name);
        put_prose(reader_names[i].help);
        printf(".Bl -tag -width Ds\n");
        for (size_t j = 0; j < fact_names_len; j++)
            if (strcmp(fact_names[j].reader, reader_names[i].name) == 0) {
                printf(".It Va %s Pq %s\n", fact_names[j].name,
                       fact_names[j].unit);
                put_prose(fact_names[j].help);
            }
        printf(".El\n");
    }
}

static void
commands(const char *name)
{
    (void)name;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const struct cli_command *command = cli_commands[i];

        printf(".Ss miglab %s", command->name);
        if (*command->operands != '\0') {
            putchar(' ');
            put(command->operands);
        }
        putchar('\n');
        put_prose(command->summary);
        if (command->about != NULL)
            put_prose(command->about);
        if (command->options[0].name == NULL)
            continue;
        printf(".Bl -tag -width Ds\n");
        for (size_t j = 0; command->options[j].name != NULL; j++) {
            printf(".It Fl \\-%s", command->options[j].name);
            if (command->options[j].value != NULL)
                printf(" Ar %s", command->options[j].value);
            putchar('\n');
            put_prose(command->options[j].help);
        }
        printf(".El\n");
    }
}

static void
exits(const char *name)
{
    (void)name;
    printf(".Bl -column plain automake bisect -compact\n"
           ".It plain Ta automake Ta bisect Ta\n");
    for (size_t i = 0; i < cli_exits_len; i++) {
        const struct cli_exit *row = &cli_exits[i];

        printf(".It %d Ta %d Ta %d Ta %s\n", row->codes[EXIT_STYLE_PLAIN],
               row->codes[EXIT_STYLE_AUTOMAKE], row->codes[EXIT_STYLE_BISECT],
               row->help);
    }
    printf(".El\n");
}

static void
events(const char *name)
{
    (void)name;
    printf(".Bl -tag -width Ds\n");
    for (size_t i = 0; i < journal_events_len; i++) {
        printf(".It Cm %s", journal_events[i].name);
        if (*journal_events[i].keys != '\0')
            printf(" Pq %s", journal_events[i].keys);
        putchar('\n');
        put_prose(journal_events[i].help);
    }
    printf(".El\n");
}

/* One context's keys as "Enter", "C-t Tab"; nothing where it has none. */
static void
put_screen_keys(const char *label, const char *before, const char *keys)
{
    if (keys == NULL)
        return;
    printf("%s:\n", label);
    while (*keys != '\0') {
        size_t n = strcspn(keys, " ");

        printf(".Ic \\&%s", before);
        for (size_t i = 0; i < n; i++)
            printf(keys[i] == '-' ? "\\-" : "%c", keys[i]);
        keys += n + strspn(keys + n, " ");
        printf("%s\n", *keys != '\0' ? " ," : " .");
    }
}

static void
screen(const char *name)
{
    (void)name;
    printf(".Bl -tag -width Ds\n");
    for (size_t i = 0; i < ui_commands_len; i++) {
        const struct ui_command *command = &ui_commands[i];

        printf(".It Ic :%s%s%s\n", command->name,
               command->args != NULL ? " " : "",
               command->args != NULL ? command->args : "");
        put_prose(command->help);
        put_screen_keys("Wizard", "", command->keys);
        put_screen_keys("In a pane", "C\\-t ", command->prefix);
        put_screen_keys("Looking back", "", command->back);
    }
    printf(".El\n");
}

static const struct {
    const char *what;
    void (*put)(const char *name);
} rows[] = {
    { "SCREEN", screen }, { "KEYS", keys },         { "ACTIONS", actions },
    { "FACTS", facts },   { "COMMANDS", commands }, { "EXITS", exits },
    { "EVENTS", events },
};

static void
replace(const char *line)
{
    char what[32], name[32] = "";

    if (sscanf(line, "@%31[A-Z] %31[a-z]@", what, name) < 1) {
        fprintf(stderr, "docgen: what is %s", line);
        exit(1);
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].what, what) == 0) {
            rows[i].put(name);
            return;
        }
    fprintf(stderr, "docgen: no rule for %s", line);
    exit(1);
}

int
main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    char line[4096];

    if (in == NULL) {
        fprintf(stderr, "usage: docgen TEMPLATE\n");
        return 64;
    }
    while (fgets(line, sizeof line, in) != NULL) {
        char *version = strstr(line, "@VERSION@");

        if (line[0] == '@')
            replace(line);
        else if (version != NULL)
            printf("%.*s%s%s", (int)(version - line), line, PACKAGE_VERSION,
                   version + strlen("@VERSION@"));
        else
            fputs(line, stdout);
    }
    fclose(in);
    return 0;
}
