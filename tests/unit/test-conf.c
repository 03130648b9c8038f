/* Files become structs by their schema, and each mistake has its place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/str.h"
#include "conf/conf.h"
#include "conf/vars.h"

/* A schema that has each type once. */
struct leaf {
    struct conf_text name; /* gets the name where leaves are named */
    struct conf_text color;
    struct conf_uint count;
    const struct conf_schema *form;
};
struct tree {
    struct conf_text title, id;
    struct conf_texts words;
    struct conf_bool alive;
    struct conf_uint port, wait, mode;
    struct conf_size size;
    struct conf_pairs vars;
    struct leaf first;
    struct conf_list leaves, named, formed;
    struct place at;
};

static const struct conf_key leaf_keys[] = {
    { .name = "color",
      .type = CONF_TEXT,
      .offset = offsetof(struct leaf, color),
      .flags = CONF_REQUIRED,
      .help = "its colour" },
};
static const struct conf_key count_keys[] = {
    { .name = "count",
      .type = CONF_UINT,
      .offset = offsetof(struct leaf, count) },
};
static const struct conf_schema count_schema = {
    .name = "leaf",
    .size = sizeof(struct leaf),
    .keys = count_keys,
    .keys_len = 1,
};
static const struct conf_schema leaf_schema = {
    .name = "leaf",
    .size = sizeof(struct leaf),
    .keys = leaf_keys,
    .keys_len = 1,
    .base = &count_schema,
};
static const struct conf_key dry_keys[] = {
    { .name = "dry",
      .type = CONF_TEXT,
      .offset = offsetof(struct leaf, color) },
};
static const struct conf_schema dry_schema = {
    .name = "dry leaf",
    .size = sizeof(struct leaf),
    .keys = dry_keys,
    .keys_len = 1,
    .base = &count_schema,
};
static const struct conf_schema *const leaf_forms[] = { &leaf_schema,
                                                        &dry_schema, NULL };
static const struct conf_schema formed_schema = {
    .name = "leaf",
    .size = sizeof(struct leaf),
    .forms = leaf_forms,
    .form_offset = offsetof(struct leaf, form),
};
static const char *const modes[] = { "auto", "guided", NULL };

#define KEY(n, t, member, ...)                                                 \
    {                                                                          \
        .name = n, .type = t, .offset = offsetof(struct tree, member),         \
        __VA_ARGS__                                                            \
    }
static const struct conf_key tree_keys[] = {
    KEY("title", CONF_TEXT, title, .flags = CONF_REQUIRED, .help = "its name"),
    KEY("words", CONF_TEXTS, words),
    KEY("alive", CONF_BOOL, alive),
    KEY("port", CONF_UINT, port, .min = 1, .max = 65535),
    KEY("wait", CONF_DURATION, wait),
    KEY("mode", CONF_ENUM, mode, .words = modes),
    KEY("size", CONF_SIZE, size),
    KEY("vars", CONF_PAIRS, vars),
    KEY("first", CONF_STRUCT, first, .of = &leaf_schema),
    KEY("leaves", CONF_LIST, leaves, .of = &leaf_schema),
    KEY("named", CONF_NAMED, named, .of = &leaf_schema),
    KEY("formed", CONF_LIST, formed, .of = &formed_schema),
    KEY("id", CONF_NAME, id),
};
static const struct conf_schema tree_schema = {
    .name = "tree",
    .size = sizeof(struct tree),
    .keys = tree_keys,
    .keys_len = ARRAY_LEN(tree_keys),
    .place_offset = offsetof(struct tree, at),
};

static bool
read_tree(const char *text, struct tree *tree, struct diags *diags)
{
    memset(tree, 0, sizeof *tree);
    return conf_read_text(&tree_schema, "t.yaml", text, strlen(text), tree,
                          diags);
}

static const char whole[] = "title: An oak\n"
                            "id: 4-oak\n"
                            "words: [a, '', \"b c\"]\n"
                            "alive: yes\n"
                            "port: 0333\n"
                            "wait: 1.5 s\n"
                            "mode: guided\n"
                            "size: 132x50\n"
                            "vars: {x: 1, list: [p, q]}\n"
                            "first: {color: red, count: 3}\n"
                            "leaves:\n"
                            "  - color: green\n"
                            "  - {color: \"a\\n\\\"b\\\"\\\\\"}\n"
                            "named:\n"
                            "  top: {color: blue}\n"
                            "formed:\n"
                            "  - {dry: brown, count: 1}\n"
                            "  - {color: gold}\n";

static void
check_whole(const struct tree *tree)
{
    const struct leaf *leaves = tree->leaves.items, *named = tree->named.items,
                      *formed = tree->formed.items;

    assert_string_equal(tree->title.text, "An oak");
    assert_string_equal(tree->id.text, "4-oak");
    assert_int_equal(tree->words.len, 3);
    assert_true(tree->alive.value);
    assert_int_equal(tree->port.value, 333);
    assert_int_equal(tree->wait.value, 1500);
    assert_int_equal(tree->mode.value, 1);
    assert_int_equal(tree->size.cols, 132);
    assert_int_equal(tree->size.rows, 50);
    assert_string_equal(tree->vars.items[1].values.items[1].text, "q");
    assert_string_equal(tree->first.color.text, "red");
    assert_int_equal(tree->first.count.value, 3);
    assert_int_equal(tree->leaves.len, 2);
    assert_string_equal(leaves[1].color.text, "a\n\"b\"\\");
    assert_string_equal(named[0].name.text, "top");
    assert_ptr_equal(formed[0].form, &dry_schema);
    assert_string_equal(formed[0].color.text, "brown");
    assert_ptr_equal(formed[1].form, &leaf_schema);
}

static void
every_type_is_read_with_its_place(void **state)
{
    struct diags diags = { 0 };
    struct tree tree;
    char *joined;

    (void)state;
    assert_true(read_tree(whole, &tree, &diags));
    assert_int_equal(diags.errors, 0);
    check_whole(&tree);
    assert_int_equal(tree.title.at.line, 1);
    assert_int_equal(tree.title.at.column, 8);
    assert_int_equal(tree.first.color.at.line, 10);
    assert_int_equal(tree.first.color.at.column, 16);
    joined = conf_join(&tree.words);
    assert_string_equal(joined, "a b c"); /* the empty word left no trace */
    free(joined);
    conf_free(&tree_schema, &tree);
    assert_null(tree.title.text);
}

static void
what_is_written_reads_back_equal(void **state)
{
    struct diags diags = { 0 };
    struct buf text = BUF_INIT(0), again = BUF_INIT(0);
    struct tree tree, copy;

    (void)state;
    assert_true(read_tree(whole, &tree, &diags));
    conf_copy(&tree_schema, &tree, &copy);
    conf_write(&tree_schema, &tree, &text);
    conf_free(&tree_schema, &tree); /* the copy shares nothing */
    check_whole(&copy);
    conf_free(&tree_schema, &copy);
    assert_true(read_tree(buf_text(&text), &tree, &diags));
    check_whole(&tree);
    conf_write(&tree_schema, &tree, &again);
    assert_string_equal(buf_text(&again), buf_text(&text));
    conf_free(&tree_schema, &tree);
    buf_fini(&text);
    buf_fini(&again);
}

#define FORTY "a-name-of-forty-bytes-is-the-longest-one"

static void
each_mistake_is_told_with_line_and_column(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *says;
    } cases[] = {
        { "title: a\nwrods: b\n", 2, 1, "did you mean \"words\"" },
        { "title: a\nzzz: b\n", 2, 1, "which can have: title, words" },
        { "words: b\n", 1, 1, "has no \"title\" (its name)" },
        { "title: [a]\n", 1, 9, "title: expected a text, found a list" },
        { "title: a\nport: 70000\n", 2, 7, "from 1 to 65535" },
        { "title: a\nport: x\n", 2, 7, "found \"x\"" },
        { "title: a\nwait: 5\n", 2, 7, "a time such as 500 ms" },
        { "title: a\nalive: maybe\n", 2, 8, "yes or no" },
        { "title: a\nmode: giuded\n", 2, 7, "did you mean \"guided\"" },
        { "title: a\nmode: zzz\n", 2, 7, "it can be auto, guided" },
        { "title: a\nsize: 80\n", 2, 7, "132x50" },
        { "title: a\nsize: -1x20\n", 2, 7, "132x50" },
        { "title: a\nvars: [x]\n", 2, 8, "names and values" },
        { "title: a\nleaves: {color: x}\n", 2, 10, "expected a list" },
        { "title: a\nleaves:\n  - colr: x\n", 3, 5, "\"color\"" },
        { "title: a\nformed:\n  - count: 1\n", 3, 5, "none of: color, dry" },
        { "title: a\nformed:\n  - {color: x, dry: y}\n", 3, 16,
          "this leaf has \"color\" and \"dry\"; it can have one of: color, "
          "dry" },
        { "title: a\ntitle: b\n", 2, 1, "not YAML" }, /* a duplicate key */
        { "title: \"a\n", 0, 0, "not YAML" },
        { "title: &x a\nwords: *x\n", 2, 9, "an alias (a text that" },
        { "title: \u00e4\n\u00e4\xff", 2, 2, "not UTF-8: byte 0xff" },
        { "title: a\xc3", 1, 9, "not UTF-8: byte 0xc3" },
        { "%x \xff", 1, 4, "not UTF-8" }, /* libfyaml never comes back */
        { "title: \"a\\e]0;x\\a\"\n", 1, 9, "U+001B" },
        { "title: \"a\\u009bm\"\n", 1, 9, "U+009B" },
        { "title: \"a\\u202e\"\n", 1, 9, "U+202E" },
        { "title: a\xe2\x80\xae\n", 1, 8, "U+202E" },
        { "title: \"a\\rb\"\n", 1, 9, "U+000D" },
        { "title: a\nid: \"a\\e\"\n", 2, 6, "U+001B" },
        { "title: a\n\"\\e]0;x\\a\": b\n", 2, 2, "key: the character U+001B" },
        { "", 0, 0, "empty" },
        { "- a\n", 1, 1, "expected keys and values" },
        { "title:\n", 1, 1, "found nothing" },
        { "title: a\nid: [a]\n", 2, 6, "expected a name, found a list" },
        { "title: a\nid: ''\n", 2, 6, "\"a-name\" would be one" },
        { "title: a\nid: -a\n", 2, 5, "\"a\" would be one" },
        { "title: a\nid: a; reboot\n", 2, 5, "\"a-reboot\" would be one" },
        { "title: a\nid: ../My Oak_\n", 2, 5, "\"my-oak\" would be one" },
        { "title: a\nid: \"a\\nb\"\n", 2, 6, "\"a-b\" would be one" },
        { "title: a\nid: " FORTY "1\n", 2, 5, "at most 40 bytes" },
        { "title: a\nnamed: {\"T'p\": {color: x}}\n", 2, 10,
          "\"t-p\" would be one" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };
        struct tree tree;
        bool told = false;

        print_message("# %zu: %s\n", i, cases[i].says);
        assert_false(read_tree(cases[i].text, &tree, &diags));
        for (size_t j = 0; j < diags.len; j++) {
            print_message("#   %u:%u: %s\n", diags.items[j].line,
                          diags.items[j].column, diags.items[j].text);
            if (strstr(diags.items[j].text, cases[i].says) != NULL &&
                (cases[i].line == 0 ||
                 (diags.items[j].line == cases[i].line &&
                  diags.items[j].column == cases[i].column)))
                told = true;
        }
        assert_true(told);
        conf_free(&tree_schema, &tree);
        diags_fini(&diags);
    }
}

/* A schema that holds itself, as layouts do. */
struct box {
    struct conf_list boxes;
    struct conf_text name;
};
static const struct conf_schema box_schema;
static const struct conf_key box_keys[] = {
    { .name = "in",
      .type = CONF_LIST,
      .offset = offsetof(struct box, boxes),
      .of = &box_schema },
    { .name = "name", .type = CONF_TEXT, .offset = offsetof(struct box, name) },
};
static const struct conf_schema box_schema = {
    .name = "box",
    .size = sizeof(struct box),
    .keys = box_keys,
    .keys_len = ARRAY_LEN(box_keys),
};

/* So many boxes in each other, or what looks like them. */
static void
read_boxes(size_t depth, const char *open, const char *close,
           struct diags *diags)
{
    struct buf text = BUF_INIT(0);
    struct box box = { 0 };

    buf_puts(&text, "in: ");
    for (size_t i = 1; i < depth; i++)
        buf_puts(&text, open);
    for (size_t i = 1; i < depth; i++)
        buf_puts(&text, close);
    conf_read_text(&box_schema, "t.yaml", buf_text(&text), text.len, &box,
                   diags);
    conf_free(&box_schema, &box);
    buf_fini(&text);
}

static void
what_is_nested_too_deep_is_an_error_and_no_overflow(void **state)
{
    static const struct {
        size_t depth;
        const char *open, *close;
        const char *says;
    } cases[] = {
        { 23, "[{in: ", "}]", "in: expected a list, found nothing" },
        { 26, "[{in: ", "}]", "box: nested more than 24 deep" },
        { 10000, "[{in: ", "}]", "not YAML" },
        { 10000, "[{in: ", "", "not YAML" },
        { 10000, "[", "]", "not YAML" },
        { 10000, "? ", "", "not YAML" },
        { 10000, "- ", "", "not YAML" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };

        print_message("# %zu: %zu deep\n", i, cases[i].depth);
        read_boxes(cases[i].depth, cases[i].open, cases[i].close, &diags);
        assert_true(diags.len > 0);
        print_message("#   %s\n", diags.items[0].text);
        assert_non_null(strstr(diags.items[0].text, cases[i].says));
        diags_fini(&diags);
    }
}

static void
a_name_may_have_forty_bytes(void **state)
{
    struct diags diags = { 0 };
    struct tree tree;

    (void)state;
    assert_int_equal(strlen(FORTY), CONF_NAME_MAX);
    assert_true(read_tree("title: a\nid: " FORTY "\n", &tree, &diags));
    assert_string_equal(tree.id.text, FORTY);
    conf_free(&tree_schema, &tree);
}

static void
one_reading_tells_all_mistakes(void **state)
{
    struct diags diags = { 0 };
    struct tree tree;

    (void)state;
    assert_false(
        read_tree("title: [x]\nport: no\nwait: 3\nfoo: 1\n", &tree, &diags));
    assert_int_equal(diags.errors, 4);
    conf_free(&tree_schema, &tree);
    diags_fini(&diags);
}

/* Node "backup" sees its own address over the lab's. */
static void
variables_resolve_by_layer_and_node(void **state)
{
    static const struct {
        const char *text, *want; /* want NULL: an error that says... */
        const char *says;
    } cases[] = {
        { "plain", "plain", NULL },
        { "tcp:${backup.address}:${port}", "tcp:10.77.0.3:4444", NULL },
        { "${address}", "10.77.0.2", NULL },
        { "${deep}", "<10.77.0.2>", NULL },
        { "${backup.deep}", "<10.77.0.3>", NULL },
        { "$${x} $HOME ${words}", "${x} $HOME a b", NULL },
        { "${prot}", NULL, "did you mean ${port}" },
        { "${nowhere}", NULL, "unknown variable ${nowhere}" },
        { "${guest.address}", NULL, "unknown variable ${guest.address}" },
        { "${loop}", NULL, "refers to itself" },
        { "${", NULL, "begins no variable" },
        { "${a b}", NULL, "begins no variable" },
    };
    struct tree lab, host, backup;
    struct diags diags = { 0 };
    struct vars backup_sees, host_sees;
    struct vars_node nodes[2] = { { "host", &host_sees },
                                  { "backup", &backup_sees } };

    (void)state;
    assert_true(read_tree("title: a\nvars: {port: 4444, deep: '<${address}>', "
                          "loop: 'x${pool}', pool: '${loop}', "
                          "words: [a, '', b], address: none}\n",
                          &lab, &diags));
    assert_true(
        read_tree("title: a\nvars: {address: 10.77.0.2}\n", &host, &diags));
    assert_true(
        read_tree("title: a\nvars: {address: 10.77.0.3}\n", &backup, &diags));
    host_sees = (struct vars){ { NULL, &host.vars, &lab.vars }, nodes, 2 };
    backup_sees = (struct vars){ { &backup.vars, &lab.vars }, nodes, 2 };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char source[64];
        struct conf_text text = { source, { "c.yaml", 7, 3 } };
        char *got;

        strcpy(source, cases[i].text);
        print_message("# %zu: %s\n", i, cases[i].text);
        got = vars_expand(&host_sees, &text, &diags);
        if (cases[i].want != NULL) {
            assert_non_null(got);
            assert_string_equal(got, cases[i].want);
            free(got);
            continue;
        }
        assert_null(got);
        assert_non_null(strstr(diags.items[diags.len - 1].text, cases[i].says));
        assert_int_equal(diags.items[diags.len - 1].line, 7);
    }
    conf_free(&tree_schema, &lab);
    conf_free(&tree_schema, &host);
    conf_free(&tree_schema, &backup);
    diags_fini(&diags);
}

static void
variables_are_resolved_in_every_string(void **state)
{
    struct diags diags = { 0 };
    struct tree tree;
    struct vars vars = { { &tree.vars }, NULL, 0 };

    (void)state;
    assert_true(read_tree("title: '${x}'\nwords: ['${x}', b]\n"
                          "leaves: [{color: 'dark ${x}'}]\n"
                          "wait: ${t}\nport: ${p}\n"
                          "vars: {x: red, t: 3 s, p: 80}\n",
                          &tree, &diags));
    assert_false(tree.wait.given);
    assert_true(vars_expand_all(&vars, &tree_schema, &tree, &diags));
    assert_string_equal(tree.title.text, "red");
    assert_string_equal(tree.words.items[0].text, "red");
    assert_string_equal(((struct leaf *)tree.leaves.items)[0].color.text,
                        "dark red");
    assert_int_equal(tree.wait.value, 3000);
    assert_int_equal(tree.port.value, 80);
    pairs_set(&tree.vars, "x", "blue", &tree.at);
    pairs_set(&tree.vars, "y", "2", &tree.at);
    assert_string_equal(vars_find(&vars, "x")->values.items[0].text, "blue");
    assert_string_equal(vars_find(&vars, "y")->values.items[0].text, "2");
    conf_free(&tree_schema, &tree);
}

static void
a_number_from_a_variable_is_checked_where_it_stands(void **state)
{
    struct diags diags = { 0 };
    struct tree tree;
    struct vars vars = { { &tree.vars }, NULL, 0 };

    (void)state;
    assert_true(
        read_tree("title: a\nport: ${p}\nvars: {p: many}\n", &tree, &diags));
    assert_false(vars_expand_all(&vars, &tree_schema, &tree, &diags));
    assert_int_equal(diags.items[0].line, 2);
    assert_int_equal(diags.items[0].column, 7);
    conf_free(&tree_schema, &tree);
    diags_fini(&diags);
}

static void
durations_need_their_unit(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t ms;
    } cases[] = {
        { "500 ms", true, 500 }, { "3s", true, 3000 },
        { "1.5 s", true, 1500 }, { "2 min", true, 120000 },
        { "0.25 s", true, 250 }, { "5", false, 0 },
        { "-1 s", false, 0 },    { "1 h", false, 0 },
        { "", false, 0 },        { "9999999999 s", false, 0 },
    };
    uint64_t ms;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("# %s\n", cases[i].text);
        assert_int_equal(conf_parse_duration(cases[i].text, &ms), cases[i].ok);
        if (cases[i].ok)
            assert_int_equal(ms, cases[i].ms);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read_with_its_place),
        cmocka_unit_test(what_is_written_reads_back_equal),
        cmocka_unit_test(a_name_may_have_forty_bytes),
        cmocka_unit_test(each_mistake_is_told_with_line_and_column),
        cmocka_unit_test(what_is_nested_too_deep_is_an_error_and_no_overflow),
        cmocka_unit_test(one_reading_tells_all_mistakes),
        cmocka_unit_test(variables_resolve_by_layer_and_node),
        cmocka_unit_test(variables_are_resolved_in_every_string),
        cmocka_unit_test(a_number_from_a_variable_is_checked_where_it_stands),
        cmocka_unit_test(durations_need_their_unit),
    };

    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
