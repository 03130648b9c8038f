/* A case on a lab: resolved, checked, written down and read back equal. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/paths.h"
#include "base/xalloc.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/fact.h"
#include "plan/flow.h"
#include "plan/script.h"
#include "plan/tcase.h"

/* As it is shipped, also while a lab of that name is up on this machine. */
static struct lab *
shipped_lab(const struct strs *set, struct diags *diags)
{
    char *path = paths_find("labs", "rehearsal");
    struct lab *lab;

    assert_non_null(path);
    lab = lab_load_file(path, set, diags);
    free(path);
    return lab;
}

static struct script *
load(const char *name, struct diags *diags)
{
    struct lab *lab = shipped_lab(NULL, diags);
    struct panes *panes = panes_load(diags);

    assert_non_null(lab);
    assert_non_null(panes);
    return script_load(name, lab, panes, diags);
}

static const struct action *
action_of(const struct script *script, const char *title, size_t n)
{
    const struct step *steps = script->tcase->steps.items;

    for (size_t i = 0; i < script->tcase->steps.len; i++)
        if (strcmp(steps[i].title.text, title) == 0) {
            assert_true(n < steps[i].actions.len);
            return &((const struct action *)steps[i].actions.items)[n];
        }
    fail_msg("no step %s", title);
    return NULL;
}

static void
case_three_is_resolved_on_the_rehearsal_lab(void **state)
{
    struct diags diags = { 0 };
    struct script *script = load("virtio-net-split", &diags);
    const struct action *action;

    (void)state;
    diags_print(&diags, stdout);
    assert_non_null(script);
    assert_int_equal(script->tcase->steps.len, 17);
    action = action_of(script, "Vhost testpmd on the backup", 0);
    assert_string_equal(
        action->command,
        "nice -n 15 dpdk-testpmd --lcores '18@0,19@1' -n 4 --no-pci --no-huge "
        "-m 256 "
        "--vdev 'net_af_packet0,iface=p5p1,qpairs=1' --vdev 'eth_vhost0,iface="
        "./vhost-net,queues=1' -- -i --total-num-mbufs=8192");
    assert_string_equal(action->console->name, "backup-testpmd");
    assert_string_equal(action->stack[0]->name.text, "testpmd");
    assert_string_equal(action->needs->name.text, "bash");
    action = action_of(script, "Vhost testpmd on the backup", 1);
    assert_string_equal(action->needs->name.text, "testpmd");
    action = action_of(script, "Start live migration", 3);
    assert_string_equal(action->command, "migrate -d tcp:10.77.0.3:4444");
    assert_non_null(
        strstr(action_of(script, "VM on the backup", 1)->command,
               "-serial telnet:localhost:5432,server,nowait -incoming "
               "tcp:0:4444 -vnc :10 -daemonize -D ./qemu.log"));
    assert_non_null(strstr(action_of(script, "VM on the host", 1)->command,
                           "server,nowait -vnc :10"));
    action = action_of(script, "Wait until completed", 0);
    assert_int_equal(action->kind, ACTION_POLL);
    assert_string_equal(action->wanted.items[0].fact,
                        "host-monitor.migration.status");
    assert_int_equal(action->within.value, 180000);
    action = action_of(script, "Traffic goes on in the backup VM", 4);
    assert_int_equal(action->lasts.value, 3000); /* ${watch_after} */
    assert_int_equal(script_console(script, "backup-monitor")->port, 3333);
    assert_string_equal(script_console(script, "backup-monitor")->via->host,
                        "10.77.0.3");
    script_free(script);
}

static void
put(const char *folder, const char *name, const struct buf *text)
{
    char *path = xasprintf("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(buf_text(text), file);
    fclose(file);
    free(path);
}

static void
what_a_run_keeps_reads_back_equal(void **state)
{
    struct diags diags = { 0 };
    struct script *script = load("virtio-net-split", &diags), *again;
    struct buf files[3] = { BUF_INIT(0), BUF_INIT(0), BUF_INIT(0) };
    struct buf text = BUF_INIT(0);
    char folder[] = "/tmp/miglab-plan-XXXXXX", *command;

    (void)state;
    assert_non_null(script);
    assert_non_null(mkdtemp(folder));
    script_write_case(script, &files[0]);
    script_write_lab(script, &files[1]);
    script_write_panes(script, &files[2]);
    put(folder, "case.yaml", &files[0]);
    put(folder, "lab.yaml", &files[1]);
    put(folder, "panes.yaml", &files[2]);
    again = script_load_run(folder, &diags);
    diags_print(&diags, stdout);
    assert_non_null(again);
    assert_string_equal(action_of(again, "Start live migration", 3)->command,
                        "migrate -d tcp:10.77.0.3:4444");
    script_write_case(again, &text);
    assert_string_equal(buf_text(&text), buf_text(&files[0]));
    buf_clear(&text);
    script_write_panes(again, &text);
    assert_string_equal(buf_text(&text), buf_text(&files[2]));
    command = xasprintf("rm -r %s", folder);
    assert_int_equal(system(command), 0);
    free(command);
    buf_fini(&text);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        buf_fini(&files[i]);
    script_free(again);
    script_free(script);
}

static const char head[] = "case: x\ntitle: X\nring: split\nqueues: 1\n"
                           "driver: virtio_net\nsteps:\n";

static void
what_is_wrong_in_a_case_is_told_with_its_place(void **state)
{
    static const struct {
        const char *steps, *says;
        unsigned line, column;
    } cases[] = {
        { "  - {step: A, plan: 1, pane: host-shell, do: [{sned: ls}]}\n",
          "none of: send, key, poll, wait, watch, probe", 7, 48 },
        { "  - {step: A, plan: 1, pane: host-shll, do: [{send: ls}]}\n",
          "no console \"host-shll\"", 7, 30 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: 'echo ${nothing}'}]}\n",
          "unknown variable ${nothing}", 8, 19 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: ls, expect: 'a('}]}\n",
          "bad pattern", 8, 33 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: ls, within: 5}]}\n",
          "a time such as", 8, 30 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: ls, enters: vim}]}\n",
          "no program \"vim\"", 8, 30 },
        { "  - {step: A, plan: 1, pane: host-monitor,\n"
          "     do: [{wait: {migration.stats: active}}]}\n",
          "no reader of host-monitor publishes", 8, 19 },
        { "  - {step: A, plan: 1, pane: host-monitor,\n"
          "     do: [{wait: {host-testpmd.port.0.rx_packets: '> x'}}]}\n",
          "expected a number", 8, 52 },
        { "  - {step: A, plan: 1, do: [{send: ls}]}\n", "needs a \"pane\"", 7,
          30 },
        { "  - {step: A, plan: 1, do: [{probe: ls, node: moon}]}\n",
          "no node \"moon\"", 7, 47 },
        { "  - {step: A, plan: 1, pane: host-shell, do: [{send: ls, status: "
          "x}]}\n",
          "0 to 255 or any", 7, 66 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: tcpdump, enters: tcpdump},\n"
          "          {send: ls}]}\n",
          "no prompt to type at: host-shell runs bash > tcpdump here", 9, 12 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{key: C-c, leaves: tcpdump}]}\n",
          "nothing to leave: host-shell runs bash here", 8, 30 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: ls, program: hmp}]}\n",
          "not on top: host-shell runs bash here", 8, 31 },
        { "  - {use: nowhere, plan: 1}\n", "no cases/steps/nowhere.yaml", 7,
          11 },
        { "  - {step: A, plan: 1, pane: host-shell,\n"
          "     do: [{send: ls, if: '${traffic} == fast'}]}\n",
          "${traffic} is \"plan\" here; the case knows fast", 8, 27 },
        { "  - {step: A, pane: host-shell, do: [{send: ls}]}\n",
          "either \"plan\"", 7, 6 },
    };
    char path[] = "/tmp/miglab-case-XXXXXX";
    int fd = mkstemp(path), wrong = 0;

    (void)state;
    assert_true(fd >= 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };
        FILE *file = fopen(path, "w");

        print_message("# %zu: %s\n", i, cases[i].says);
        fprintf(file, "%s%s", head, cases[i].steps);
        fclose(file);
        assert_null(load(path, &diags));
        assert_true(diags.len > 0);
        print_message("#   %u:%u %s\n", diags.items[0].line,
                      diags.items[0].column, diags.items[0].text);
        assert_non_null(strstr(diags.items[0].text, cases[i].says));
        wrong += diags.items[0].line != cases[i].line ||
                 diags.items[0].column != cases[i].column;
        diags_fini(&diags);
    }
    close(fd);
    unlink(path);
    assert_int_equal(wrong, 0);
}

static void
facts_are_looked_up_with_their_numbers(void **state)
{
    (void)state;
    assert_non_null(fact_name_find("testpmd-stats", "port.0.rx_packets"));
    assert_non_null(fact_name_find("vhost-log", "vhost.vring.12.stop"));
    assert_null(fact_name_find("testpmd-stats", "port..rx_packets"));
    assert_null(fact_name_find("testpmd-stats", "port.0.rx_packet"));
    assert_null(fact_name_find("testpmd-stats", "port.0.rx_packetss"));
    for (size_t i = 0; i < fact_names_len; i++)
        assert_non_null(reader_name_find(fact_names[i].reader));
}

/* The command of the tester, whoever gave it its variables. */
static void
the_interval_is_what_the_tester_s_command_says(void **state)
{
    static const struct {
        const char *set, *inter;
        double want_ms;
    } cases[] = {
        { NULL, NULL, 1000 },
        { "inter=0.01", "inter=0.01,", 10 },
        { "tester.inter=0.02", "inter=0.02,", 20 },
        { "tester.inter=${pause}", "inter=0.5,", 500 },
        { "host.inter=0.02", "inter=1,", 1000 },
        { "inter=1/50", "inter=1/50,", 0 },
        { "inter=0", "inter=0,", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };
        struct strs set = { 0 };
        struct script *script;
        struct lab *lab;
        double interval_ms;

        print_message("# %zu: %s\n", i, cases[i].inter);
        strs_add(&set, "pause=0.5");
        if (cases[i].set != NULL)
            strs_add(&set, cases[i].set);
        lab = shipped_lab(&set, &diags);
        diags_print(&diags, stdout);
        assert_non_null(lab);
        script =
            script_load("virtio-net-split", lab, panes_load(&diags), &diags);
        diags_print(&diags, stdout);
        assert_non_null(script);
        if (cases[i].inter != NULL)
            assert_non_null(
                strstr(action_of(script, "Packets from the tester", 4)->command,
                       cases[i].inter));
        interval_ms = flow_interval_ms(script->tcase);
        assert_true(interval_ms > cases[i].want_ms - 1e-6 &&
                    interval_ms < cases[i].want_ms + 1e-6);
        script_free(script);
        strs_fini(&set);
        diags_fini(&diags);
    }
}

/* Each case has both flows, and types the one that was asked for. */
static void
the_measured_flow_is_typed_where_it_is_asked_for(void **state)
{
    static const struct {
        const char *set, *types, *types_not, *says;
    } cases[] = {
        { "traffic=plan", "sendp(p, ", "miglab-sent", NULL },
        { "traffic=measured", "itertools.cycle(F)", "sendp(p, ", NULL },
        { "traffic=measure", NULL, NULL,
          "${traffic} is \"measure\" here; the case knows plan, measured" },
    };
    struct strs names = { 0 };

    (void)state;
    script_cases(&names);
    for (size_t i = 0; i < names.len * ARRAY_LEN(cases); i++) {
        size_t n = i % ARRAY_LEN(cases);
        struct diags diags = { 0 };
        struct strs set = { 0 };
        struct script *script;
        struct buf text = BUF_INIT(0);

        print_message("# %s %s\n", names.items[i / ARRAY_LEN(cases)],
                      cases[n].set);
        strs_add(&set, cases[n].set);
        script =
            script_load(names.items[i / ARRAY_LEN(cases)],
                        shipped_lab(&set, &diags), panes_load(&diags), &diags);
        assert_true((script == NULL) == (cases[n].says != NULL));
        if (script != NULL) {
            script_write_case(script, &text);
            assert_non_null(strstr(buf_text(&text), cases[n].types));
            assert_null(strstr(buf_text(&text), cases[n].types_not));
        } else {
            assert_string_equal(diags.items[0].text, cases[n].says);
        }
        script_free(script);
        buf_fini(&text);
        strs_fini(&set);
        diags_fini(&diags);
    }
    strs_fini(&names);
}

static void
every_shipped_case_loads_on_the_rehearsal_lab(void **state)
{
    struct strs names = { 0 };

    (void)state;
    script_cases(&names);
    assert_true(names.len > 0);
    for (size_t i = 0; i < names.len; i++) {
        struct diags diags = { 0 };
        struct script *script = load(names.items[i], &diags);

        print_message("# %s\n", names.items[i]);
        diags_print(&diags, stdout);
        assert_non_null(script);
        script_free(script);
    }
    strs_fini(&names);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_three_is_resolved_on_the_rehearsal_lab),
        cmocka_unit_test(what_a_run_keeps_reads_back_equal),
        cmocka_unit_test(what_is_wrong_in_a_case_is_told_with_its_place),
        cmocka_unit_test(facts_are_looked_up_with_their_numbers),
        cmocka_unit_test(the_interval_is_what_the_tester_s_command_says),
        cmocka_unit_test(the_measured_flow_is_typed_where_it_is_asked_for),
        cmocka_unit_test(every_shipped_case_loads_on_the_rehearsal_lab),
    };

    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
