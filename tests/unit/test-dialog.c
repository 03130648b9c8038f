/* A console's bytes become tagged lines and prompts of the right program. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "console/shell.h"
#include "lab/pane.h"
#include "term/term.h"

#define NONCE                  "00c0ffee00c0ffee"
#define AID                    "aid=" NONCE "-0"
#define MARK(letter)           "\033]133;" letter ";" AID "\a"
#define MARK_AT(letter, level) "\033]133;" letter ";aid=" NONCE "-" level "\a"

/* Everything a dialog tells, as one text: "output:x echo:y prompt:bash=0 ". */
struct scene {
    struct panes *panes;
    struct dialog *dialog;
    struct buf log;
    uint64_t now_us;
};

static void
on_line(void *ctx, const struct line_event *line)
{
    struct scene *scene = ctx;

    buf_printf(&scene->log, "%s:%s|", line_tag_name(line->tag), line->text);
}

static void
on_echoed(void *ctx, uint64_t at_us)
{
    struct scene *scene = ctx;

    (void)at_us;
    buf_puts(&scene->log, "echoed|");
}

static void
on_prompt(void *ctx, uint64_t at_us, const struct program *program, int status,
          const struct program *ended)
{
    struct scene *scene = ctx;

    (void)at_us;
    buf_printf(&scene->log, "prompt:%s=%d%s%s|", program->name.text, status,
               ended != NULL ? " ended:" : "",
               ended != NULL ? ended->name.text : "");
}

static void
on_bare_shell(void *ctx, uint64_t at_us, unsigned level)
{
    struct scene *scene = ctx;

    (void)at_us;
    buf_printf(&scene->log, "bare:%u|", level);
}

static int
setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct diags diags = { 0 };

    scene->panes = panes_load(&diags);
    assert_non_null(scene->panes);
    scene->now_us = 1000000;
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    dialog_free(scene->dialog);
    panes_free(scene->panes);
    buf_fini(&scene->log);
    free(scene);
    return 0;
}

static void
begin(struct scene *scene, const char *program, bool marked)
{
    const struct dialog_spec spec = {
        .cols = 80,
        .rows = 24,
        .history_rows = 100,
        .nonce = NONCE,
        .program = panes_program(scene->panes, program),
        .marked = marked,
    };
    const struct dialog_sink sink = {
        .line = on_line,
        .echoed = on_echoed,
        .prompt = on_prompt,
        .bare_shell = on_bare_shell,
        .ctx = scene,
    };

    scene->dialog = dialog_new(&spec, &sink);
}

static void
bytes(struct scene *scene, const char *text)
{
    scene->now_us += 1000;
    dialog_bytes(scene->dialog, scene->now_us, (const uint8_t *)text,
                 strlen(text));
}

static void
quiet(struct scene *scene, unsigned ms)
{
    scene->now_us += ms * 1000;
    dialog_quiet(scene->dialog, scene->now_us);
}

static void
submit(struct scene *scene, const char *text)
{
    dialog_submitted(scene->dialog, ++scene->now_us, text);
}

static void
enter(struct scene *scene, const char *name)
{
    const struct program *programs[] = { panes_program(scene->panes, name),
                                         NULL };

    dialog_entered(scene->dialog, programs);
}

static void
check(struct scene *scene, const char *want)
{
    assert_string_equal(buf_text(&scene->log), want);
    buf_clear(&scene->log);
}

static void
a_marked_shell_tells_echo_output_and_status(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "root@host:~# " MARK("B"));
    check(scene, "prompt:bash=-1|"); /* not of a command of ours */
    assert_true(dialog_ready(scene->dialog));
    submit(scene, "ls x");
    assert_false(dialog_ready(scene->dialog));
    bytes(scene, "ls x\r\n" MARK("C") "no x\r\n");
    check(scene, "echo:root@host:~# ls x|echoed|output:no x|");
    bytes(scene, MARK("D;2") MARK("A") "root@host:~# " MARK("B"));
    check(scene, "prompt:bash=2|");
}

/* bash: no C at all for a syntax error; D repeats at an empty Enter. */
static void
a_syntax_error_has_its_status_too(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "# " MARK("B"));
    submit(scene, "if )");
    bytes(scene, "if )\r\nbash: syntax error\r\n" MARK("D;2")
                     MARK("A") "# " MARK("B"));
    assert_non_null(strstr(buf_text(&scene->log), "prompt:bash=2|"));
}

/* The link comes up, the prompt at once, and the first command with it. */
static void
the_first_answer_after_a_link_up_is_output(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    dialog_restart(scene->dialog, scene->now_us);
    bytes(scene, "motd\r\n" MARK("D;0") MARK("A") "# " MARK("B"));
    check(scene, "repaint:motd|prompt:bash=-1|");
    submit(scene, "echo BAD");
    bytes(scene, "echo BAD\r\n" MARK("C") "BAD\r\n" MARK("D;0")
                     MARK("A") "# " MARK("B"));
    check(scene, "echo:# echo BAD|echoed|output:BAD|prompt:bash=0|");

    dialog_free(scene->dialog);
    begin(scene, "hmp", false);
    dialog_restart(scene->dialog, scene->now_us);
    bytes(scene, "QEMU 7.2.22 monitor\r\n(qemu) ");
    quiet(scene, 20);
    check(scene, "repaint:QEMU 7.2.22 monitor|prompt:hmp=-1|");
    submit(scene, "info status");
    bytes(scene, "info status\033[K\r\nVM status: paused\r\n(qemu) ");
    check(scene, "echo:(qemu) info status|echoed|output:VM status: paused|");
}

static void
forged_marks_do_not_end_a_repaint(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    dialog_restart(scene->dialog, scene->now_us);
    bytes(scene, "\033]133;B;aid=0000000000000000-0\a\033]133;C\aold\r\n");
    check(scene, "repaint:old|");
}

static void
forged_marks_and_prompts_count_for_nothing(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "# " MARK("B"));
    submit(scene, "cat evil");
    bytes(scene, "cat evil\r\n" MARK("C"));
    buf_clear(&scene->log);
    bytes(scene, "\033]133;D;0;aid=0000000000000000-0\a\033]133;B\a# ");
    quiet(scene, 5000);
    assert_false(dialog_ready(scene->dialog));
    assert_null(strstr(buf_text(&scene->log), "prompt"));
}

static uint64_t
next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* One of what a guest may know: prompts, words of ours, marks of other runs. */
static char *
spoof(uint64_t *seed)
{
    static const char *const words[] = {
        "(qemu) ", "testpmd> ", "PASS", "pass", ">>> ",   "# ",
        "$ ",      "login: ",   "ok",   "done", "\r\n# ", "\033[H# ",
    };
    static const struct {
        const char *begin, *aid, *end;
    } forms[] = {
        { "\033]133;", ";aid=", "\a" },
        { "\033]133;", ";0;aid=", "\033\\" },
        { "\033]133;", ";aid=;aid=", "\a" },
        { "\033P\033]133;", ";aid=", "\a\033\\" },
        { "\033]633;", ";aid=", "\a" },
        { "\033]133;", ";AID=", "\a" },
        { "\033]133;", ";x" NONCE, "\a" },
    };
    size_t form = next_random(seed) % ARRAY_LEN(forms);
    char nonce[40];

    if (next_random(seed) % 3 == 0)
        return xstrdup(words[next_random(seed) % ARRAY_LEN(words)]);
    switch (next_random(seed) % 4) {
    case 0: /* of another run */
        snprintf(nonce, sizeof nonce, "%08x%08x", (unsigned)next_random(seed),
                 (unsigned)next_random(seed));
        break;
    case 1: /* a digit is wrong */
        strcpy(nonce, NONCE);
        nonce[next_random(seed) % 16] ^= 1;
        break;
    case 2: /* cut */
        strcpy(nonce, NONCE);
        nonce[next_random(seed) % 16] = '\0';
        break;
    default: /* with more behind it */
        snprintf(nonce, sizeof nonce, NONCE "%u",
                 (unsigned)next_random(seed) % 10);
        break;
    }
    return xasprintf("%s%c%s%s-%u%s", forms[form].begin,
                     "ABCD"[next_random(seed) % 4], forms[form].aid, nonce,
                     (unsigned)next_random(seed) % 3, forms[form].end);
}

/* Whatever a guest prints while a command runs, and however long it is silent
 * behind that: neither is the command's end. */
static void
thousand_spoofed_prompts_are_none(void **state)
{
    struct scene *scene = *state;
    uint64_t seed = 26;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "# " MARK("B"));
    submit(scene, "run");
    for (int i = 0; i < 1000; i++) {
        char *text = spoof(&seed);

        if (i == 500)
            bytes(scene, "run\r\n" MARK("C")); /* the first ones came before */
        buf_clear(&scene->log);
        bytes(scene, text);
        quiet(scene, next_random(&seed) % 4 == 0 ? 1000 : 0);
        assert_false(dialog_ready(scene->dialog));
        if (strstr(buf_text(&scene->log), "prompt:") != NULL ||
            strstr(buf_text(&scene->log), "echoed") != NULL ||
            strstr(buf_text(&scene->log), "bare:") != NULL)
            fail_msg("%d: '%s' gives %s", i, text + 1, buf_text(&scene->log));
        free(text);
    }
    bytes(scene, "\r\n" MARK("D;3") MARK("A") "# " MARK("B"));
    assert_true(dialog_ready(scene->dialog));
    assert_non_null(strstr(buf_text(&scene->log), "prompt:bash=3"));
}

/* Without marks it is the silence: prompts that more follows are none. */
static void
prompts_inside_an_answer_are_none(void **state)
{
    struct scene *scene = *state;
    uint64_t seed = 27;

    begin(scene, "hmp", false);
    bytes(scene, "(qemu) ");
    quiet(scene, 20);
    submit(scene, "info x");
    bytes(scene, "info x\r\n");
    buf_clear(&scene->log);
    for (int i = 0; i < 1000; i++) {
        static const char *const texts[] = {
            "name: (qemu) \r\n", "(qemu) evil\r\n",  "(qemu) ",
            "\r\n(qemu) ",       "\033[2K\r(qemu) ", "x\r\n",
        };

        bytes(scene, texts[next_random(&seed) % ARRAY_LEN(texts)]);
        quiet(scene, (unsigned)(next_random(&seed) % 19));
        assert_false(dialog_ready(scene->dialog));
    }
    assert_null(strstr(buf_text(&scene->log), "prompt:"));
    bytes(scene, "\r\n(qemu) ");
    quiet(scene, 20);
    assert_true(dialog_ready(scene->dialog));
}

static void
the_monitor_is_at_its_prompt_after_a_silence(void **state)
{
    struct scene *scene = *state;

    begin(scene, "hmp", false);
    bytes(scene, "QEMU 7.2.22 monitor - type 'help' for more information\r\n"
                 "(qemu) ");
    quiet(scene, 10);
    assert_null(strstr(buf_text(&scene->log), "prompt"));
    quiet(scene, 15);
    assert_non_null(strstr(buf_text(&scene->log), "prompt:hmp=-1|"));
    buf_clear(&scene->log);
    submit(scene, "info status");
    quiet(scene, 5000); /* the old prompt is still there: no answer yet */
    check(scene, "");
    /* QEMU draws its line anew at each key. */
    bytes(scene, "i\033[K\033[Din\033[K\033[D\033[Dinf\033[K\033[D\033[D\033[D"
                 "info status\033[K\r\nVM status: running\r\n(qemu) ");
    quiet(scene, 25);
    check(scene, "echo:(qemu) info status|echoed|output:VM status: running|"
                 "prompt:hmp=-1|");
    assert_true(dialog_ready(scene->dialog));
}

static void
what_a_human_types_at_the_prompt_is_seen(void **state)
{
    struct scene *scene = *state;

    begin(scene, "hmp", false);
    bytes(scene, "(qemu) ");
    quiet(scene, 25);
    assert_true(dialog_ready(scene->dialog));
    bytes(scene, "i\033[K\033[Din\033[K");
    assert_false(dialog_ready(scene->dialog)); /* a half-typed line */
    bytes(scene, "\r\n(qemu) ");
    quiet(scene, 25);
    assert_true(dialog_ready(scene->dialog));
}

/* doc/reliability.md 8: a line of which nothing is echoed is counted, not kept.
 */
static void
what_a_human_types_unseen_is_counted(void **state)
{
    struct scene *scene = *state;

    begin(scene, "hmp", false);
    bytes(scene, "$ ");
    assert_int_equal(dialog_human(scene->dialog, ++scene->now_us, 4, false), 0);
    bytes(scene, "su -");
    assert_int_equal(dialog_human(scene->dialog, ++scene->now_us, 1, true), 0);
    bytes(scene, "\r\nPassword: ");
    assert_int_equal(dialog_human(scene->dialog, ++scene->now_us, 3, false), 0);
    assert_int_equal(dialog_human(scene->dialog, ++scene->now_us, 5, true), 7);
    bytes(scene, "\r\n# ");
    assert_int_equal(dialog_human(scene->dialog, ++scene->now_us, 1, true), 0);
}

static void
a_humans_line_holds_the_prompt_until_it_is_gone(void **state)
{
    struct scene *scene = *state;
    char *draft;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "# " MARK("B"));
    assert_true(dialog_ready(scene->dialog));
    (void)dialog_human(scene->dialog, ++scene->now_us, 1, false);
    assert_false(dialog_ready(scene->dialog)); /* the echo is still to come */
    bytes(scene, "l");
    (void)dialog_human(scene->dialog, ++scene->now_us, 1, false);
    bytes(scene, "s");
    assert_true(dialog_has_draft(scene->dialog));
    draft = dialog_draft(scene->dialog);
    assert_string_equal(draft, "ls");
    free(draft);
    quiet(scene, 60000); /* however long they think */
    assert_false(dialog_ready(scene->dialog));
    (void)dialog_human(scene->dialog, ++scene->now_us, 1, false);
    bytes(scene, "\b\033[K\b\033[K"); /* erased again */
    assert_false(dialog_has_draft(scene->dialog));
    assert_true(dialog_ready(scene->dialog));
}

static void
a_humans_keys_without_echo_hold_it_a_moment(void **state)
{
    struct scene *scene = *state;

    begin(scene, "hmp", false);
    bytes(scene, "(qemu) ");
    quiet(scene, 25);
    (void)dialog_human(scene->dialog, ++scene->now_us, 1, false);
    quiet(scene, 299);
    assert_false(dialog_ready(scene->dialog));
    quiet(scene, 2);
    assert_true(dialog_ready(scene->dialog));
}

static void
a_line_that_a_human_sent_is_waited_for(void **state)
{
    struct scene *scene = *state;

    begin(scene, "hmp", false);
    bytes(scene, "(qemu) ");
    quiet(scene, 25);
    (void)dialog_human(scene->dialog, ++scene->now_us, 1, false);
    bytes(scene, "info status");
    (void)dialog_human(scene->dialog, ++scene->now_us, 1, true);
    assert_false(dialog_has_draft(scene->dialog));
    assert_false(dialog_ready(scene->dialog));
    bytes(scene, "\r\nVM status: running\r\n(qemu) ");
    quiet(scene, 25);
    assert_true(dialog_ready(scene->dialog));
}

/* sendp has no prompt of its own: scapy's tells that it is over. */
static void
the_prompt_below_tells_that_a_program_ended(void **state)
{
    struct scene *scene = *state;

    begin(scene, "scapy", false);
    bytes(scene, ">>> ");
    quiet(scene, 25);
    buf_clear(&scene->log);
    submit(scene, "sendp(p)");
    enter(scene, "sendp");
    bytes(scene, "sendp(p)\r\n");
    quiet(scene, 1000);
    bytes(scene, "...");
    quiet(scene, 1000);
    assert_null(strstr(buf_text(&scene->log), "prompt"));
    bytes(scene, "\r\nOSError: no such device\r\n>>> ");
    quiet(scene, 25);
    assert_non_null(
        strstr(buf_text(&scene->log), "prompt:scapy=-1 ended:sendp|"));
    assert_string_equal(dialog_program(scene->dialog)->name.text, "scapy");
}

/* testpmd's log comes behind its prompt, and between prompt and input. */
static void
a_chatty_program_keeps_its_prompt(void **state)
{
    struct scene *scene = *state;

    begin(scene, "testpmd", false);
    bytes(scene, "Done\r\ntestpmd> ");
    quiet(scene, 25);
    check(scene, "output:Done|prompt:testpmd=-1|");
    bytes(scene, "VHOST_CONFIG: (./vhost-net) new device, handle is 0\r\n"
                 "VHOST_CONFIG: next\r\n");
    quiet(scene, 100);
    check(scene, "output:VHOST_CONFIG: (./vhost-net) new device, handle is 0|"
                 "output:VHOST_CONFIG: next|");
    assert_true(dialog_ready(scene->dialog));
    submit(scene, "start");
    bytes(scene, "VHOST_CONFIG: late\r\nstart\r\r\nio packet forwarding\r\n"
                 "testpmd> VHOST_CONFIG: glued\r\n");
    check(scene, "output:VHOST_CONFIG: late|echo:start|echoed|"
                 "output:io packet forwarding|prompt:testpmd=-1|"
                 "output:VHOST_CONFIG: glued|");
}

/* A finished line comes without the blank that the prompt ends in. */
static void
a_prompt_with_nothing_behind_it_is_one_too(void **state)
{
    struct scene *scene = *state;

    begin(scene, "testpmd", false);
    bytes(scene, "testpmd> ");
    quiet(scene, 25);
    submit(scene, "stop");
    buf_clear(&scene->log);
    bytes(scene, "stop\r\nStopping...\r\ntestpmd> \r\n"
                 "Port 1: link state change event\r\n");
    check(scene, "echo:testpmd> stop|echoed|output:Stopping...|"
                 "prompt:testpmd=-1|"
                 "output:Port 1: link state change event|");
    submit(scene, "start");
    buf_clear(&scene->log);
    /* The log cut its echo in two: only the new prompt and silence tell. */
    bytes(scene, "sta");
    bytes(scene, "VHOST_CONFIG: 1\r\nrt\r\n\r\nio packet forwarding\r\n");
    bytes(scene, "testpmd> \r\nPort 1: link state change event\r\n");
    quiet(scene, 400);
    assert_null(strstr(buf_text(&scene->log), "prompt"));
    quiet(scene, 100);
    assert_non_null(strstr(buf_text(&scene->log), "prompt:testpmd=-1|"));
    bytes(scene, "testpmd> ");
    submit(scene, "quit");
    buf_clear(&scene->log);
    /* The old prompt, and nothing typed came back yet. */
    bytes(scene, "VHOST_CONFIG: 2\r\nVHOST_CONFIG: 3\r\n");
    quiet(scene, 5000);
    check(scene, "output:VHOST_CONFIG: 2|output:VHOST_CONFIG: 3|");
    submit(scene, "show");
    bytes(scene, "show\r\ntestpmd>foo\r\n testpmd>\r\n");
    check(scene, "echo:show|echoed|output:testpmd>foo|output: testpmd>|");
}

static void
a_program_that_does_not_start_is_seen_to_have_ended(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "# " MARK("B"));
    buf_clear(&scene->log);
    submit(scene, "testpmd");
    enter(scene, "testpmd");
    bytes(scene, "testpmd\r\n" MARK("C") "bash: testpmd: not found\r\n" MARK(
                     "D;127") MARK("A") "# " MARK("B"));
    check(scene, "echo:# testpmd|echoed|output:bash: testpmd: not found|"
                 "prompt:bash=127 ended:testpmd|");
    assert_string_equal(dialog_program(scene->dialog)->name.text, "bash");
}

static void
a_nested_shell_is_bare_until_it_is_set_up(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", true);
    bytes(scene, MARK("D;0") MARK("A") "# " MARK("B"));
    submit(scene, "ssh -p 5555 127.0.0.1");
    enter(scene, "ssh");
    enter(scene, "bash");
    bytes(scene, "ssh -p 5555 127.0.0.1\r\n" MARK("C") "root@vm:~# ");
    buf_clear(&scene->log);
    quiet(scene, 30);
    check(scene, "");
    quiet(scene, 40);
    check(scene, "bare:1|");
    dialog_set_up(scene->dialog, scene->now_us, scene->now_us + 3000000);
    bytes(scene, " __ml=aid... a long line of set-up\r\n");
    quiet(scene, 100);
    check(scene, ""); /* swallowed */
    bytes(scene, MARK_AT("D;0", "1")
                     MARK_AT("A", "1") "root@vm:~# " MARK_AT("B", "1"));
    check(scene, "prompt:bash=-1|");
    submit(scene, "false");
    bytes(scene, "false\r\n" MARK_AT("C", "1") MARK_AT("D;1", "1")
                     MARK_AT("A", "1") "root@vm:~# " MARK_AT("B", "1"));
    check(scene, "echo:root@vm:~# false|echoed|prompt:bash=1|");
    /* The guest dies: the outer shell's marks take us back to it. */
    bytes(scene, "Connection to 127.0.0.1 closed.\r\n" MARK("D;255")
                     MARK("A") "# " MARK("B"));
    check(scene, "echo:root@vm:~# Connection to 127.0.0.1 closed.|"
                 "prompt:bash=255 ended:bash|");
}

static void
a_shell_that_takes_no_marks_stays_plain(void **state)
{
    struct scene *scene = *state;

    begin(scene, "bash", false);
    bytes(scene, "login motd\r\n$ ");
    quiet(scene, 100);
    check(scene, "output:login motd|bare:0|");
    dialog_set_up(scene->dialog, scene->now_us, scene->now_us + 3000000);
    bytes(scene, " __ml=...\r\nsh: 1: syntax error\r\n");
    quiet(scene, 3100);
    bytes(scene, "\r\n$ ");
    quiet(scene, 100);
    assert_non_null(strstr(buf_text(&scene->log), "prompt:bash=-1|"));
    assert_true(dialog_ready(scene->dialog));
}

static void
leaving_takes_all_that_runs_above(void **state)
{
    struct scene *scene = *state;
    char *programs;

    begin(scene, "bash", true);
    enter(scene, "ssh");
    enter(scene, "bash");
    enter(scene, "screen");
    enter(scene, "tcpdump");
    programs = dialog_describe(scene->dialog);
    assert_string_equal(programs, "bash > ssh > bash > screen > tcpdump");
    free(programs);
    assert_true(dialog_left(scene->dialog, "screen"));
    assert_string_equal(dialog_program(scene->dialog)->name.text, "bash");
    assert_false(dialog_left(scene->dialog, "screen"));
    dialog_restart(scene->dialog, scene->now_us);
    programs = dialog_describe(scene->dialog);
    assert_string_equal(programs, "bash");
    free(programs);
}

/* The same bytes at the same times, with and without calls in between. */
static void
late_calls_change_nothing(void **state)
{
    static const char *const pieces[] = {
        "(qemu) ", "info\033[K\r\n", "a\r\n(qemu) ", "b\r\n", "(qemu) ", "x",
    };
    struct scene *scene = *state;
    char *logs[2];

    for (int round = 0; round < 2; round++) {
        dialog_free(scene->dialog);
        begin(scene, "hmp", false);
        scene->now_us = 1000000;
        for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
            bytes(scene, pieces[i]);
            if (i == 0)
                submit(scene, "info");
            if (round == 0)
                scene->now_us += 30000;
            else
                for (int ms = 0; ms < 30; ms++)
                    quiet(scene, 1);
        }
        quiet(scene, 1000);
        logs[round] = buf_take(&scene->log);
    }
    assert_string_equal(logs[0], logs[1]);
    assert_non_null(strstr(logs[0], "prompt"));
    free(logs[0]);
    free(logs[1]);
}

static void
a_shell_word_is_quoted_whatever_it_holds(void **state)
{
    char *text = shell_quote("it's $HOME\n");
    char *in_dir = shell_in_dir("/a b", "ls");
    char *command = shell_command("0", "it's a run", NULL);
    char one[SHELL_NONCE_SIZE], two[SHELL_NONCE_SIZE];
    struct err err = ERR_INIT;

    (void)state;
    assert_string_equal(text, "'it'\\''s $HOME\n'");
    assert_string_equal(in_dir, "cd '/a b' && { ls\n}");
    assert_non_null(
        strstr(command, "exec env MIGLAB_RUN='it'\\''s a run' bash "));
    assert_true(shell_nonce(one, &err) && shell_nonce(two, &err));
    assert_int_equal(strlen(one), 16);
    assert_string_not_equal(one, two);
    free(text);
    free(command);
    free(in_dir);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(a_marked_shell_tells_echo_output_and_status),
        SCENE(a_syntax_error_has_its_status_too),
        SCENE(the_first_answer_after_a_link_up_is_output),
        SCENE(forged_marks_do_not_end_a_repaint),
        SCENE(forged_marks_and_prompts_count_for_nothing),
        SCENE(thousand_spoofed_prompts_are_none),
        SCENE(prompts_inside_an_answer_are_none),
        SCENE(the_monitor_is_at_its_prompt_after_a_silence),
        SCENE(what_a_human_types_at_the_prompt_is_seen),
        SCENE(a_chatty_program_keeps_its_prompt),
        SCENE(a_prompt_with_nothing_behind_it_is_one_too),
        SCENE(a_program_that_does_not_start_is_seen_to_have_ended),
        SCENE(a_nested_shell_is_bare_until_it_is_set_up),
        SCENE(a_shell_that_takes_no_marks_stays_plain),
        SCENE(leaving_takes_all_that_runs_above),
        SCENE(late_calls_change_nothing),
        cmocka_unit_test(a_shell_word_is_quoted_whatever_it_holds),
        SCENE(what_a_human_types_unseen_is_counted),
        SCENE(a_humans_line_holds_the_prompt_until_it_is_gone),
        SCENE(a_humans_keys_without_echo_hold_it_a_moment),
        SCENE(a_line_that_a_human_sent_is_waited_for),
        SCENE(the_prompt_below_tells_that_a_program_ended),
    };

    return cmocka_run_group_tests_name("dialog", tests, NULL, NULL);
}
