/* symptom.c - known failures, read from files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/symptom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/xalloc.h"
#include "lab/compile.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/fact.h"

#define KEY(of_struct, key_name, key_type, member, ...)                        \
    {                                                                          \
        .name = key_name, .type = key_type,                                    \
        .offset = offsetof(struct of_struct, member), __VA_ARGS__              \
    }

static const char *const phases[] = {
    [SYMPTOM_ANY] = "any",
    [SYMPTOM_BEFORE] = "before",
    [SYMPTOM_DURING] = "during",
    [SYMPTOM_AFTER] = "after",
    NULL,
};
const char *const symptom_weights[] = {
    [SYMPTOM_PROOF] = "proof",
    [SYMPTOM_STRONG] = "strong",
    [SYMPTOM_WEAK] = "weak",
    NULL,
};
const char *const symptom_whoses[] = {
    [SYMPTOM_OF_SYSTEM] = "system",
    [SYMPTOM_OF_LAB] = "lab",
    [SYMPTOM_OF_CASE] = "case",
    NULL,
};

/* What every sign may have. */
static const struct conf_key where_keys[] = {
    KEY(sign, "in", CONF_TEXTS, in, .value = "NODE-PANE, ...",
        .help = "The consoles in which it is looked for, and the logs that "
                "cases/salvage.yaml reads, by their names."),
    KEY(sign, "phase", CONF_ENUM, phase, .words = phases,
        .help = "Only before the migration was typed, during it, or after its "
                "end was seen; any unless given."),
};
static const struct conf_schema where_schema = {
    .name = "sign",
    .size = sizeof(struct sign),
    .keys = where_keys,
    .keys_len = ARRAY_LEN(where_keys),
    .place_offset = offsetof(struct sign, at),
};

static const struct conf_key line_keys[] = {
    KEY(sign, "line", CONF_TEXTS, line, .value = "PATTERN, ...",
        .help = "A line that one of these fits was printed."),
};
static const struct conf_key without_keys[] = {
    KEY(sign, "without", CONF_TEXTS, without, .value = "PATTERN, ...",
        .help = "No line that one of these fits was printed."),
};
static const struct conf_key typed_keys[] = {
    KEY(sign, "typed", CONF_TEXTS, typed, .value = "PATTERN, ...",
        .help = "A command that one of these fits was typed."),
};
static const struct conf_key facts_keys[] = {
    KEY(sign, "facts", CONF_PAIRS, facts, .value = "FACT: CONDITION",
        .help = "These facts are so, all of them; see CONDITIONS. A fact "
                "begins with its console's name."),
};
static const struct conf_key unknown_keys[] = {
    KEY(sign, "unknown", CONF_TEXTS, unknown, .value = "FACT, ...",
        .help = "Nobody published these facts."),
};
#define FORM(of)                                                               \
    {                                                                          \
        .name = "sign", .size = sizeof(struct sign), .keys = of,               \
        .keys_len = ARRAY_LEN(of), .base = &where_schema,                      \
        .place_offset = offsetof(struct sign, at),                             \
    }
static const struct conf_schema forms[] = {
    [SIGN_LINE] = FORM(line_keys),       [SIGN_WITHOUT] = FORM(without_keys),
    [SIGN_TYPED] = FORM(typed_keys),     [SIGN_FACTS] = FORM(facts_keys),
    [SIGN_UNKNOWN] = FORM(unknown_keys),
};
static const struct conf_schema *const sign_forms[] = {
    &forms[SIGN_LINE],  &forms[SIGN_WITHOUT], &forms[SIGN_TYPED],
    &forms[SIGN_FACTS], &forms[SIGN_UNKNOWN], NULL,
};
static const struct conf_schema sign_schema = {
    .name = "sign",
    .size = sizeof(struct sign),
    .forms = sign_forms,
    .form_offset = offsetof(struct sign, form),
    .place_offset = offsetof(struct sign, at),
};

static const struct conf_key next_keys[] = {
    KEY(symptom_next, "pane", CONF_TEXT, pane, .flags = CONF_REQUIRED,
        .value = "NODE-PANE", .help = "Where to look."),
    KEY(symptom_next, "send", CONF_TEXT, send, .flags = CONF_REQUIRED,
        .value = "COMMAND", .help = "What to type there."),
};
static const struct conf_schema next_schema = {
    .name = "next look",
    .size = sizeof(struct symptom_next),
    .keys = next_keys,
    .keys_len = ARRAY_LEN(next_keys),
};

static const struct conf_key symptom_keys[] = {
    KEY(symptom, "symptom", CONF_NAME, name, .flags = CONF_REQUIRED,
        .value = "NAME", .help = "Its name."),
    KEY(symptom, "cause", CONF_TEXT, cause, .flags = CONF_REQUIRED,
        .help = "What is wrong, in one sentence."),
    KEY(symptom, "weight", CONF_ENUM, weight, .flags = CONF_REQUIRED,
        .words = symptom_weights,
        .help =
            "Proof where a program names the cause itself, strong where "
            "what is seen leaves hardly another one, weak where it would "
            "look like this. Heavier ones are told first, and of equal ones "
            "those with more signs."),
    KEY(symptom, "whose", CONF_ENUM, whose, .flags = CONF_REQUIRED,
        .words = symptom_whoses,
        .help = "Where the fault is: in the system under test, in the lab, or "
                "in the case. It changes no verdict."),
    KEY(symptom, "when", CONF_LIST, signs, .flags = CONF_REQUIRED,
        .of = &sign_schema, .help = "Its signs; all of them must be there."),
    KEY(symptom, "next", CONF_STRUCT, next, .of = &next_schema,
        .help = "What shows whether it is so."),
    KEY(symptom, "remedy", CONF_TEXT, remedy, .flags = CONF_REQUIRED,
        .help = "What to do about it."),
};
const struct conf_schema symptom_schema = {
    .name = "symptom",
    .size = sizeof(struct symptom),
    .keys = symptom_keys,
    .keys_len = ARRAY_LEN(symptom_keys),
    .place_offset = offsetof(struct symptom, at),
};

/* Somebody can publish it: CONSOLE.FACT of any reader. */
static bool
is_fact(const char *name)
{
    const char *dot = strchr(name, '.');

    if (dot == NULL || dot == name)
        return false;
    if (fact_name_find("console", dot + 1) != NULL)
        return true;
    for (size_t i = 0; i < reader_names_len; i++)
        if (fact_name_find(reader_names[i].name, dot + 1) != NULL)
            return true;
    return false;
}

static void
check_fact(const struct conf_text *name, struct diags *diags)
{
    if (!is_fact(name->text))
        diags_error(diags, &name->at,
                    "no reader publishes \"%s\"; a fact is CONSOLE.FACT, as in "
                    "host-monitor.migration.status",
                    name->text);
}

static void
make_facts(struct sign *sign, struct diags *diags)
{
    for (size_t i = 0; i < sign->facts.len; i++) {
        const struct conf_pair *pair = &sign->facts.items[i];

        check_fact(&pair->name, diags);
        conditions_add(&sign->conditions, pair->name.text, pair, diags);
    }
    for (size_t i = 0; i < sign->unknown.len; i++)
        check_fact(&sign->unknown.items[i], diags);
}

/* The patterns of a sign, of whatever kind; NULL where it has none. */
static const struct conf_texts *
patterns_of(const struct sign *sign)
{
    const struct conf_texts *const texts[] = {
        [SIGN_LINE] = &sign->line,   [SIGN_WITHOUT] = &sign->without,
        [SIGN_TYPED] = &sign->typed, [SIGN_FACTS] = NULL,
        [SIGN_UNKNOWN] = NULL,
    };

    return texts[sign->kind];
}

static void
make_sign(struct sign *sign, struct diags *diags)
{
    const struct conf_texts *patterns;

    if (sign->form == NULL)
        return; /* it has none of the keys, which was told */
    sign->kind = (enum sign_kind)(sign->form - forms);
    patterns = patterns_of(sign);
    if (patterns != NULL && sign->in.len == 0)
        diags_error(diags, &sign->at, "%s: \"in\" which consoles?",
                    sign->form->keys[0].name);
    if (patterns == NULL && sign->in.len > 0)
        diags_error(diags, &sign->in.at,
                    "in: facts begin with their console's name");
    if (patterns != NULL)
        sign->patterns = compile_patterns(patterns, diags);
    make_facts(sign, diags);
}

static void
make_symptom(struct symptom *symptom, struct diags *diags)
{
    struct sign *signs = symptom->signs.items;

    for (size_t i = 0; i < symptom->signs.len; i++)
        make_sign(&signs[i], diags);
    if (symptom->name.text != NULL && symptom->signs.len == 0)
        diags_error(diags, &symptom->at,
                    "symptom \"%s\" has no signs: it would fit everything",
                    symptom->name.text);
}

static struct symptom *
find(const struct symptom_set *set, const struct symptom *like)
{
    struct symptom *symptoms = set->list.items;

    for (size_t i = 0; like->name.text != NULL && i < set->list.len; i++)
        if (symptoms[i].name.text != NULL &&
            strcmp(symptoms[i].name.text, like->name.text) == 0)
            return &symptoms[i];
    return NULL;
}

/* What an earlier file has already stands; within one file it is a mistake. */
static void
add_file(struct symptom_set *set, const char *path, struct diags *diags)
{
    struct conf_list list = { 0 };
    size_t earlier = set->list.len;
    struct symptom *items;

    strs_add(&set->files, path);
    conf_read_list(&symptom_schema, set->files.items[set->files.len - 1], &list,
                   diags);
    items = list.items;
    for (size_t i = 0; i < list.len; i++) {
        const struct symptom *twin = find(set, &items[i]);
        const struct symptom *first = set->list.items;

        if (twin != NULL) {
            if ((size_t)(twin - first) >= earlier)
                diags_error(diags, &items[i].name.at,
                            "symptom \"%s\" stands in line %u already",
                            twin->name.text, twin->at.line);
            conf_free(&symptom_schema, &items[i]);
            continue;
        }
        make_symptom(&items[i], diags);
        *(struct symptom *)conf_list_add(&set->list, sizeof *items) = items[i];
    }
    free(list.items);
}

struct symptom_set *
symptom_set_load_file(const char *path, struct diags *diags)
{
    struct symptom_set *set = xcalloc(1, sizeof *set);

    add_file(set, path, diags);
    return set;
}

struct symptom_set *
symptom_set_load(struct diags *diags)
{
    struct symptom_set *set = xcalloc(1, sizeof *set);
    char *config = paths_config();
    char *files[] = {
        xasprintf("%s/cases/symptoms.yaml", config),
        xasprintf("%s/cases/symptoms.yaml", paths_data()),
    };

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        if (access(files[i], R_OK) == 0)
            add_file(set, files[i], diags);
        free(files[i]);
    }
    free(config);
    return set;
}

void
symptom_set_free(struct symptom_set *set)
{
    struct symptom *symptoms;

    if (set == NULL)
        return;
    symptoms = set->list.items;
    for (size_t i = 0; i < set->list.len; i++) {
        struct sign *signs = symptoms[i].signs.items;

        for (size_t j = 0; j < symptoms[i].signs.len; j++) {
            patterns_free(signs[j].patterns);
            conditions_fini(&signs[j].conditions);
        }
        conf_free(&symptom_schema, &symptoms[i]);
    }
    free(set->list.items);
    strs_fini(&set->files);
    free(set);
}
