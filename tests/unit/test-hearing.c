/* Who is answered when a far end asks the terminal. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/diag.h"
#include "base/paths.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "lab/pane.h"
#include "plan/script.h"
#include "run/hearing.h"

static const char questions[] = "\033[c\033[>c\033[5n\033[6n\033[?6n";

/* Where the answers went. */
struct answers {
    const struct script_console *to;
    size_t bytes;
};

static void
on_reply(void *ctx, const struct script_console *console, const uint8_t *bytes,
         size_t len)
{
    struct answers *answers = ctx;

    (void)bytes;
    answers->to = console;
    answers->bytes += len;
}

/* The consoles of a run that was recorded: all kinds of them. */
static struct script *
load(void)
{
    struct diags diags = { 0 };
    char *path = xasprintf("%s/tests/runs/virtio-net-split", paths_data());
    struct script *script = script_load_run(path, &diags);

    diags_print(&diags, stdout);
    assert_non_null(script);
    free(path);
    return script;
}

static size_t
ask(struct hearing *hearing, struct answers *answers, const char *console,
    uint64_t at_us)
{
    *answers = (struct answers){ 0 };
    hearing_bytes(hearing, console, at_us, (const uint8_t *)questions,
                  sizeof questions - 1);
    if (answers->bytes > 0)
        assert_string_equal(answers->to->name, console);
    return answers->bytes;
}

static void
serial_lines_and_monitors_are_never_answered(void **state)
{
    struct script *script = load();
    struct answers answers;
    struct hearing_sink sink = { .reply = on_reply, .ctx = &answers };
    struct hearing *hearing = hearing_new(script, "00c0ffee00c0ffee", &sink);
    /* Logged in: a serial line still, where the next one who asks is getty. */
    const struct program *logged_in[] = { panes_program(script->panes, "bash"),
                                          NULL };
    size_t shells = 0, others = 0;

    (void)state;
    for (size_t i = 0; i < script->consoles_len; i++) {
        const struct script_console *console = &script->consoles[i];
        size_t bytes;

        hearing_link(hearing, console->name, 1, LINK_UP, false, "");
        bytes = ask(hearing, &answers, console->name, 2000000);
        print_message("# %s, %s by %s: %zu bytes\n", console->name,
                      console->program->name.text, console->kind, bytes);
        if (strcmp(console->kind, "telnet") == 0) {
            others++;
            assert_int_equal(bytes, 0);
            dialog_entered(hearing_dialog(hearing, console->name), logged_in);
            assert_int_equal(ask(hearing, &answers, console->name, 3000000), 0);
        } else {
            shells++;
            assert_int_equal(bytes, strlen("\033[?1;2c\033[>0;100;0c\033[0n"
                                           "\033[1;1R\033[?1;1R"));
        }
    }
    assert_true(shells > 0 && others >= 4);
    hearing_free(hearing);
    script_free(script);
}

/* A monitor in a shell is one, too; what has no prompt may be anything. */
static void
programs_with_a_prompt_of_their_own_are_not_answered(void **state)
{
    static const struct {
        const char *program;
        bool answered;
    } rows[] = {
        { "bash", true },     { "ssh", true },    { "screen", true },
        { "tcpdump", true },  { "hmp", false },   { "login", false },
        { "testpmd", false }, { "scapy", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct script *script = load();
        struct answers answers;
        struct hearing_sink sink = { .reply = on_reply, .ctx = &answers };
        struct hearing *hearing = hearing_new(script, NULL, &sink);
        const struct program *entered[] = {
            panes_program(script->panes, rows[i].program), NULL
        };
        const char *shell = "host-shell";

        print_message("# %s\n", rows[i].program);
        assert_non_null(entered[0]);
        dialog_entered(hearing_dialog(hearing, shell), entered);
        assert_int_equal(ask(hearing, &answers, shell, 1) > 0,
                         rows[i].answered);
        hearing_free(hearing);
        script_free(script);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serial_lines_and_monitors_are_never_answered),
        cmocka_unit_test(programs_with_a_prompt_of_their_own_are_not_answered),
    };

    return cmocka_run_group_tests_name("hearing", tests, NULL, NULL);
}
