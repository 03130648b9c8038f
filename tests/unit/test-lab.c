/* Labs extend labs, nodes see their own values, panes name real programs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/paths.h"
#include "base/xalloc.h"
#include "lab/lab.h"
#include "lab/pane.h"

/* A folder of its own for each test, as $MIGLAB_DATA. */
struct folder {
    char path[32];
};

static int
setup(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);

    strcpy(folder->path, "/tmp/miglab-lab-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    setenv("MIGLAB_DATA", folder->path, 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    *state = folder;
    return 0;
}

static void
put(const struct folder *folder, const char *name, const char *text)
{
    char *path = xasprintf("%s/%s", folder->path, name);
    char *slash = strrchr(path, '/');
    FILE *file;

    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static int
teardown(void **state)
{
    struct folder *folder = *state;
    char *command = xasprintf("rm -r '%s'", folder->path);
    int rc = system(command);

    unsetenv("MIGLAB_DATA");
    free(command);
    free(folder);
    return rc;
}

static void
a_lab_extends_another_and_is_overridden(void **state)
{
    struct diags diags = { 0 };
    struct strs sets = { 0 };
    struct lab *lab;
    struct conf_text text = { NULL, { "t", 1, 1 } };
    char *got;

    put(*state, "labs/base.yaml",
        "lab: base\nmax_gap: 3 s\nknown_hosts: ${state}/kh\n"
        "nodes:\n"
        "  host: {ssh: 'root@10.77.${net}.2', vars: {image: /a}}\n"
        "  backup: {ssh: 'root@10.77.${net}.3', port: 2222}\n"
        "vars: {net: 0, state: /s, port: 4444, image: none}\n");
    put(*state, "labs/own.yaml",
        "lab: own\nextends: base\nvars: {net: 7}\n"
        "nodes: {backup: {ssh: me@b}}\n");
    strs_add(&sets, "port=5555");
    strs_add(&sets, "host.image=/c");
    lab = lab_load("own", &sets, &diags);
    diags_print(&diags, stdout);
    assert_non_null(lab);
    assert_int_equal(lab->max_gap.value, 3000);
    assert_string_equal(lab->known_hosts.text, "/s/kh");
    assert_string_equal(lab_node(lab, "host")->ssh.text, "root@10.77.7.2");
    assert_string_equal(lab_node(lab, "host")->user, "root");
    assert_string_equal(lab_node(lab, "host")->host, "10.77.7.2");
    assert_string_equal(lab_node(lab, "backup")->user, "me");
    assert_int_equal(lab_node(lab, "backup")->port.value, 22);
    assert_null(lab_node(lab, "tester"));
    text.text = xstrdup("${node} ${image} ${backup.address}:${port} "
                        "${backup.image}");
    got = vars_expand(&lab_node(lab, "host")->sees, &text, &diags);
    assert_string_equal(got, "host /c b:5555 none");
    free(got);
    free(text.text);
    lab_free(lab);
    strs_fini(&sets);
}

/* Above its variables and those of its nodes, below the command line. */
static void
what_a_lab_sets_is_like_what_the_command_line_sets(void **state)
{
    struct diags diags = { 0 };
    struct strs sets = { 0 };
    struct conf_text text = { NULL, { "t", 1, 1 } };
    struct lab *lab;
    char *got;

    put(*state, "labs/base.yaml",
        "lab: base\nset: {c: base, d: base}\n"
        "nodes: {host: {ssh: a@b, vars: {a: node, b: node, c: node}}}\n"
        "vars: {a: lab, b: lab, c: lab, d: lab}\n");
    put(*state, "labs/own.yaml",
        "lab: own\nextends: base\nset: {host.a: set, b: set, d: '${a}'}\n");
    strs_add(&sets, "b=line");
    lab = lab_load("own", &sets, &diags);
    diags_print(&diags, stdout);
    assert_non_null(lab);
    text.text = xstrdup("${a} ${b} ${c} ${d}");
    got = vars_expand(&lab_node(lab, "host")->sees, &text, &diags);
    assert_string_equal(got, "set line base set");
    free(got);
    free(text.text);
    lab_free(lab);
    strs_fini(&sets);
}

static void
what_is_wrong_in_a_lab_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
        unsigned line;
    } cases[] = {
        { "lab: a\nextends: nolab\n", "there is no lab \"nolab\"", 2 },
        { "lab: a\n", "has no nodes", 1 },
        { "lab: a\nset:\n  b.c: d\nnodes: {host: {ssh: a@b}}\n",
          "there is no such node", 3 },
        { "lab: a\nnodes: {host: {ssh: root}}\n", "expected USER@HOST", 2 },
        { "lab: a\nnodes: {host: {shh: a@b}}\n", "did you mean \"ssh\"", 2 },
        { "lab: a\nnodes:\n  host: {ssh: 'a@${x}'}\n", "unknown variable", 3 },
        { "lab: a\nextends: a\nnodes: {host: {ssh: a@b}}\n", "more than 8", 2 },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };

        print_message("# %zu: %s\n", i, cases[i].says);
        put(*state, "labs/a.yaml", cases[i].text);
        assert_null(lab_load("a", NULL, &diags));
        assert_true(diags.len > 0);
        print_message("#   %s\n", diags.items[0].text);
        assert_non_null(strstr(diags.items[0].text, cases[i].says));
        assert_int_equal(diags.items[0].line, cases[i].line);
        diags_fini(&diags);
    }
}

static void
a_lab_that_is_nowhere_is_told_with_those_that_are(void **state)
{
    struct diags diags = { 0 };

    put(*state, "labs/one.yaml", "lab: one\n");
    assert_null(lab_load("two", NULL, &diags));
    assert_string_equal(diags.items[0].text,
                        "there is no such lab; there are one");
    diags_fini(&diags);
}

static const char programs[] = "programs:\n"
                               "  bash: {prompt: '[#$] $', shell: yes}\n"
                               "  tcpdump: {about: none}\n";

static void
panes_and_programs_are_read_together(void **state)
{
    struct diags diags = { 0 };
    struct panes *panes;

    put(*state, "panes/programs.yaml", programs);
    put(*state, "panes/shell.yaml",
        "pane: shell\nnodes: [host, backup]\nlink: {ssh: '${node}'}\n"
        "program: bash\nhighlight: [{match: x, as: fail}]\n");
    panes = panes_load(&diags);
    diags_print(&diags, stdout);
    assert_non_null(panes);
    assert_int_equal(panes_find(panes, "shell")->size.cols, PANE_COLS);
    assert_non_null(panes_program(panes, "bash")->prompt_pattern);
    assert_null(panes_program(panes, "tcpdump")->prompt_pattern);
    assert_int_equal(panes_program(panes, "bash")->quiet.value,
                     PROGRAM_QUIET_MS);
    assert_null(panes_find(panes, "bash"));
    panes_free(panes);
}

static void
a_link_may_be_told_to_connect_again(void **state)
{
    struct diags diags = { 0 };
    const struct pane_link *link;
    struct panes *panes;

    put(*state, "panes/programs.yaml", programs);
    put(*state, "panes/p.yaml",
        "pane: p\nnodes: host\nprogram: bash\n"
        "link: {telnet: 'a:1', retry: 100, retry_after: 2.5 s}\n");
    panes = panes_load(&diags);
    assert_non_null(panes);
    link = &panes_find(panes, "p")->link;
    assert_int_equal(link->retry.value, 100);
    assert_int_equal(link->retry_after.value, 2500);
    panes_free(panes);
}

static void
what_is_wrong_in_a_pane_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
        unsigned line, column;
    } cases[] = {
        { "pane: p\nnodes: host\nlink: {ssh: host}\nprogram: bsh\n",
          "no program \"bsh\"", 4, 10 },
        { "pane: p\nnodes: host\nlink: {host: a}\nprogram: bash\n",
          "none of: ssh, telnet, exec, pty, replay", 3, 8 },
        { "pane: p\nnodes: host\nlink: {ssh: a, via: b}\nprogram: bash\n",
          "unknown key \"via\" in a ssh link", 3, 16 },
        { "pane: p\nnodes: host\nlink: {ssh: a}\nprogram: bash\n"
          "highlight: [{match: 'a[', as: fail}]\n",
          "bad pattern", 5, 24 },
        { "pane: p\nnodes: host\nlink: {ssh: a}\nprogram: bash\n"
          "highlight: [{match: '(a+)+$', as: fail}]\n",
          "too many steps", 5, 22 },
        { "pane: p\nnodes: host\nlink: {ssh: a}\nprogram: bash\n"
          "size: 80\n",
          "132x50", 5, 7 },
        { "pane: p\nnodes: host\nlink: {ssh: a, retry: 101}\nprogram: bash\n",
          "from 0 to 100", 3, 23 },
        { "pane: p\nnodes: host\nlink: {ssh: a, retry_after: 1}\n"
          "program: bash\n",
          "a time such as 500 ms", 3, 29 },
    };

    put(*state, "panes/programs.yaml", programs);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };

        print_message("# %zu: %s\n", i, cases[i].says);
        put(*state, "panes/p.yaml", cases[i].text);
        assert_null(panes_load(&diags));
        assert_true(diags.len > 0);
        print_message("#   %u:%u %s\n", diags.items[0].line,
                      diags.items[0].column, diags.items[0].text);
        assert_non_null(strstr(diags.items[0].text, cases[i].says));
        assert_int_equal(diags.items[0].line, cases[i].line);
        assert_int_equal(diags.items[0].column, cases[i].column);
        diags_fini(&diags);
    }
}

static void
paths_are_found_from_the_build_tree(void **state)
{
    struct strs names = { 0 };
    char *path;

    unsetenv("MIGLAB_DATA");
    (void)state;
    paths_list("panes", &names);
    assert_true(strs_has(&names, "programs"));
    path = paths_find("labs", "rehearsal");
    assert_non_null(path);
    free(path);
    path = paths_find("labs", "./x.yaml");
    assert_string_equal(path, "./x.yaml");
    free(path);
    assert_null(paths_find("labs", "no-such-lab"));
    strs_fini(&names);
}

int
main(void)
{
#define FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        FOLDER(a_lab_extends_another_and_is_overridden),
        FOLDER(what_a_lab_sets_is_like_what_the_command_line_sets),
        FOLDER(what_is_wrong_in_a_lab_is_told_with_its_place),
        FOLDER(a_lab_that_is_nowhere_is_told_with_those_that_are),
        FOLDER(panes_and_programs_are_read_together),
        FOLDER(a_link_may_be_told_to_connect_again),
        FOLDER(what_is_wrong_in_a_pane_is_told_with_its_place),
        FOLDER(paths_are_found_from_the_build_tree),
    };

    return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
