/* An action comes to its verdict by what happened, in the order it happened. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/trial.h"
#include "lab/compile.h"
#include "plan/action.h"

/* An action made from one line of YAML, as script.c makes it. */
struct scene {
    struct action action;
    struct facts *facts;
    struct trial *trial;
    struct trial_spec spec;
};

static void
add_conditions(const struct conf_pairs *pairs, struct conditions *out)
{
    struct diags diags = { 0 };

    for (size_t i = 0; i < pairs->len; i++)
        assert_true(conditions_add(out, pairs->items[i].name.text,
                                   &pairs->items[i], &diags));
}

static void
begin(struct scene *scene, enum action_kind kind, const char *yaml,
      bool has_prompt)
{
    struct diags diags = { 0 };
    struct action *action = &scene->action;

    memset(scene, 0, sizeof *scene);
    if (!conf_read_text(&action_schema, "a", yaml, strlen(yaml), action,
                        &diags)) {
        diags_print(&diags, stdout);
        fail();
    }
    action->kind = kind;
    action->expects = compile_patterns(&action->expect, &diags);
    action->rejects = compile_patterns(&action->reject, &diags);
    action->stack = xcalloc(1, sizeof *action->stack);
    action->want_status = ACTION_STATUS_DEFAULT;
    add_conditions(&action->wait, &action->wanted);
    add_conditions(&action->watch, &action->wanted);
    add_conditions(&action->until, &action->wanted);
    add_conditions(&action->fail, &action->unwanted);
    scene->facts = facts_new();
    facts_set_number(scene->facts, "n", 1, 0, 5);
    scene->spec = (struct trial_spec){ .action = action,
                                       .facts = scene->facts,
                                       .has_prompt = has_prompt };
    scene->trial = trial_new(&scene->spec, 1000);
}

static void
end(struct scene *scene)
{
    trial_free(scene->trial);
    facts_free(scene->facts);
    action_fini(&scene->action);
    conf_free(&action_schema, &scene->action);
}

static void
line(struct scene *scene, enum line_tag tag, const char *text)
{
    const struct line_event event = {
        .at_us = 2000, .row = 7, .tag = tag, .text = text, .len = strlen(text)
    };

    trial_line(scene->trial, &event);
}

static void
assert_verdict(struct scene *scene, enum verdict want, const char *says)
{
    print_message("# %s: %s\n", verdict_name(trial_verdict(scene->trial)),
                  trial_reason(scene->trial));
    assert_int_equal(trial_verdict(scene->trial), want);
    assert_non_null(strstr(trial_reason(scene->trial), says));
}

static void
a_prompt_is_a_pass_where_nothing_is_expected(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "send: ls\n", true);
    trial_prompt(scene.trial, 1100, 0); /* the old prompt: before our command */
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    line(&scene, LINE_OUTPUT, "file");
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_prompt(scene.trial, 2100, -1); /* status unknown, not zero: a pass */
    assert_verdict(&scene, VERDICT_PASS, "");
    assert_int_equal(trial_decided_us(scene.trial), 2100);
    end(&scene);
}

static void
an_exit_status_that_is_known_must_be_right(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "send: ls\n", true);
    trial_submitted(scene.trial, 1200);
    trial_prompt(scene.trial, 2100, 2);
    assert_verdict(&scene, VERDICT_FAIL, "exit status 2, not 0");
    end(&scene);

    begin(&scene, ACTION_SEND, "send: ls\n", true);
    scene.action.want_status = ACTION_STATUS_ANY;
    trial_submitted(scene.trial, 1200);
    trial_prompt(scene.trial, 2100, 2);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);
}

/* 126 and 127 are the shell's: the lab lacks a program. */
static void
a_command_that_is_not_there_is_an_error(void **state)
{
    static const struct {
        const char *yaml;
        int want_status, status;
        enum verdict want;
        const char *says;
    } cases[] = {
        { "send: a\n", ACTION_STATUS_DEFAULT, 127, VERDICT_ERROR,
          "exit status 127: the command is not there" },
        { "send: a\n", 0, 126, VERDICT_ERROR,
          "exit status 126: the command cannot be run" },
        { "{send: a, expect: up}\n", ACTION_STATUS_DEFAULT, 127, VERDICT_ERROR,
          "the command is not there" },
        { "{send: a, expect: up}\n", 127, 127, VERDICT_FAIL, "without" },
        { "send: a\n", 127, 127, VERDICT_PASS, "" },
        { "send: a\n", ACTION_STATUS_ANY, 127, VERDICT_PASS, "" },
        { "send: a\n", ACTION_STATUS_DEFAULT, 125, VERDICT_FAIL,
          "exit status 125, not 0" },
    };
    struct scene scene;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("# %zu: %s", i, cases[i].yaml);
        begin(&scene, ACTION_SEND, cases[i].yaml, true);
        scene.action.want_status = cases[i].want_status;
        trial_submitted(scene.trial, 1200);
        trial_echoed(scene.trial, 1300);
        trial_prompt(scene.trial, 2100, cases[i].status);
        assert_verdict(&scene, cases[i].want, cases[i].says);
        end(&scene);
    }
    begin(&scene, ACTION_PROBE, "{probe: x}\n", true);
    trial_probed(scene.trial, 1500, NULL, 127, "sh: x: not found\n", 17, false);
    assert_verdict(&scene, VERDICT_ERROR, "the command is not there");
    end(&scene);
}

/* A shell without marks tells no status: what was asked for is not proven. */
static void
a_status_that_is_asked_for_but_not_known_is_undecided(void **state)
{
    struct scene scene;

    (void)state;
    for (int want = 0; want < 2; want++) {
        begin(&scene, ACTION_SEND, "send: ls\n", true);
        scene.action.want_status = want;
        trial_submitted(scene.trial, 1200);
        trial_prompt(scene.trial, 2100, -1);
        assert_verdict(&scene, VERDICT_UNDECIDED,
                       "the exit status is not known");
        end(&scene);
    }

    begin(&scene, ACTION_PROBE, "{probe: x}\n", true);
    trial_probed(scene.trial, 1500, NULL, -1, "", 0, false);
    assert_verdict(&scene, VERDICT_UNDECIDED, "the exit status is not known");
    end(&scene);
}

static void
only_the_prompt_is_a_fail_where_something_is_expected(void **state)
{
    struct scene scene;
    const struct check *checks;
    size_t len;

    (void)state;
    begin(&scene, ACTION_SEND, "{send: a, expect: [one, two]}\n", true);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    line(&scene, LINE_OUTPUT, "here is one");
    trial_prompt(scene.trial, 2100, 0);
    assert_verdict(&scene, VERDICT_FAIL, "without a line like 'two'");
    checks = trial_checks(scene.trial, &len);
    assert_int_equal(len, 2);
    assert_int_equal(checks[0].verdict, VERDICT_PASS);
    assert_string_equal(checks[0].seen, "here is one");
    assert_int_equal(checks[0].row, 7);
    assert_int_equal(checks[0].start, 8);
    assert_int_equal(checks[0].end, 11);
    assert_int_equal(checks[1].verdict, VERDICT_PENDING);
    end(&scene);
}

/* DTS passed on all three of these. */
static void
echo_repaint_and_old_output_prove_nothing(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "{send: echo UDP, expect: UDP}\n", true);
    line(&scene, LINE_OUTPUT, "old UDP"); /* before the command */
    trial_submitted(scene.trial, 1200);
    line(&scene, LINE_OUTPUT, "late UDP"); /* before its echo */
    line(&scene, LINE_ECHO, "# echo UDP");
    trial_echoed(scene.trial, 1300);
    line(&scene, LINE_REPAINT, "painted UDP");
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_prompt(scene.trial, 2100, 0);
    assert_verdict(&scene, VERDICT_FAIL, "only the prompt came back");
    end(&scene);
}

/* What came before an echo is no output; without an echo there is none. */
static void
output_without_an_echo_is_not_known(void **state)
{
    static const struct {
        enum action_kind kind;
        const char *yaml;
    } cases[] = {
        { ACTION_SEND, "{send: a, expect: up}\n" },
        { ACTION_SEND, "{send: a, reject: Error}\n" },
        { ACTION_POLL, "{poll: a, until: {n: 5}, reject: Error}\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene scene;

        print_message("# %zu: %s", i, cases[i].yaml);
        begin(&scene, cases[i].kind, cases[i].yaml, true);
        trial_submitted(scene.trial, 1200);
        facts_set_number(scene.facts, "n", 1300, 0, 5);
        line(&scene, LINE_OUTPUT, "Error: up");
        trial_prompt(scene.trial, 2100, 0);
        assert_verdict(&scene, VERDICT_ERROR, "echo was never seen");
        end(&scene);
    }
}

static void
what_is_rejected_is_looked_at_first(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "{send: a, expect: up, reject: '^Error'}\n",
          true);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    line(&scene, LINE_OUTPUT, "Error: up is down");
    assert_verdict(&scene, VERDICT_FAIL, "it printed: Error: up is down");
    trial_prompt(scene.trial, 2100, 0); /* a verdict never changes */
    assert_verdict(&scene, VERDICT_FAIL, "it printed");
    end(&scene);
}

/* Whether it matches is not known: a line of blanks alone makes one slow that
   is no mistake of its file. */
static void
a_pattern_that_takes_too_long_is_an_error(void **state)
{
    static const char *const cases[] = {
        "{send: a, reject: '\\s+$', expect: a}\n",
        "{send: a, expect: '\\s+$'}\n",
    };
    char text[4001];

    (void)state;
    memset(text, ' ', sizeof text);
    text[0] = 'a';
    text[sizeof text - 2] = '!';
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene scene;

        print_message("# %zu: %s", i, cases[i]);
        begin(&scene, ACTION_SEND, cases[i], true);
        trial_submitted(scene.trial, 1200);
        trial_echoed(scene.trial, 1300);
        line(&scene, LINE_OUTPUT, text);
        assert_verdict(&scene, VERDICT_ERROR,
                       "the pattern '\\s+$' took too many steps");
        end(&scene);
    }
}

static void
a_program_without_prompt_is_entered_by_what_is_expected(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "{send: tcpdump, expect: listening}\n", false);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    assert_verdict(&scene, VERDICT_PENDING, "");
    line(&scene, LINE_OUTPUT, "listening on eth0");
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);

    begin(&scene, ACTION_SEND, "{send: sendp()}\n", false);
    trial_submitted(scene.trial, 1200);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_echoed(scene.trial, 1300);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);
}

static void
a_deadline_says_what_was_missing(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "{send: a, expect: up, within: 2 s}\n", true);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    assert_int_equal(trial_due_us(scene.trial), 1000 + 2000000);
    trial_time(scene.trial, 2000999);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_time(scene.trial, 2001000);
    assert_verdict(&scene, VERDICT_FAIL,
                   "expected a line like 'up' within 2 s; seen nothing");
    assert_int_equal(trial_due_us(scene.trial), 0);
    end(&scene);

    begin(&scene, ACTION_PROBE, "{probe: a, within: 2 s}\n", true);
    trial_time(scene.trial, 3000000);
    assert_verdict(&scene, VERDICT_FAIL, "it did not end within 2 s");
    end(&scene);
}

/* The command never reached what is tested: it cannot have failed. */
static void
what_was_never_typed_is_an_error(void **state)
{
    static const struct {
        enum action_kind kind;
        const char *yaml;
    } cases[] = {
        { ACTION_SEND, "{send: a, within: 2 s}\n" },
        { ACTION_SEND, "{send: a, expect: up, within: 2 s}\n" },
        { ACTION_POLL, "{poll: a, until: {n: 6}, within: 2 s}\n" },
        { ACTION_KEY, "{key: Enter, expect: up, within: 2 s}\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene scene;

        print_message("# %zu: %s", i, cases[i].yaml);
        begin(&scene, cases[i].kind, cases[i].yaml, true);
        trial_time(scene.trial, 3000000);
        assert_verdict(&scene, VERDICT_ERROR, "no prompt to type at");
        end(&scene);
    }
}

static void
a_lost_link_is_an_error_and_a_closed_one_a_fail(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "send: a\n", true);
    trial_submitted(scene.trial, 1200);
    trial_ended(scene.trial, 1300, true, "connection reset");
    assert_verdict(&scene, VERDICT_ERROR, "connection reset");
    end(&scene);

    begin(&scene, ACTION_SEND, "send: a\n", true);
    trial_submitted(scene.trial, 1200);
    trial_ended(scene.trial, 1300, false, "");
    assert_verdict(&scene, VERDICT_FAIL, "the far end ended the connection");
    end(&scene);

    begin(&scene, ACTION_SEND, "send: quit\n", true);
    scene.spec.ends_link = true;
    trial_free(scene.trial);
    scene.trial = trial_new(&scene.spec, 1000);
    trial_submitted(scene.trial, 1200);
    trial_ended(scene.trial, 1300, false, "");
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);
}

static void
a_poll_is_decided_by_the_newest_answer_only(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_POLL,
          "{poll: info, until: {s: done}, fail: {s: [failed]}}\n", true);
    facts_set(scene.facts, "s", 1100, 0, "done"); /* an earlier answer */
    trial_submitted(scene.trial, 1200);
    trial_prompt(scene.trial, 1300, -1);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_submitted(scene.trial, 1400);
    facts_set(scene.facts, "s", 1500, 0, "active");
    trial_prompt(scene.trial, 1600, -1);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_submitted(scene.trial, 1700);
    facts_set(scene.facts, "s", 1800, 0, "done");
    assert_verdict(&scene, VERDICT_PENDING, ""); /* the answer is not whole */
    trial_prompt(scene.trial, 1900, -1);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);

    begin(&scene, ACTION_POLL,
          "{poll: info, until: {s: done}, fail: {s: [failed]}}\n", true);
    trial_submitted(scene.trial, 1200);
    facts_set(scene.facts, "s", 1300, 0, "failed");
    trial_prompt(scene.trial, 1400, -1);
    assert_verdict(&scene, VERDICT_FAIL, "s is failed");
    end(&scene);
}

static void
conditions_compare_texts_numbers_and_growth(void **state)
{
    static const struct {
        const char *yaml;
        double number;
        enum verdict want;
    } cases[] = {
        { "wait: {n: grows}\n", 5, VERDICT_PENDING },
        { "wait: {n: grows}\n", 6, VERDICT_PASS },
        { "wait: {n: steady}\n", 5, VERDICT_PASS },
        { "wait: {n: steady}\n", 6, VERDICT_PENDING },
        { "wait: {n: '> 5'}\n", 5, VERDICT_PENDING },
        { "wait: {n: '> 5'}\n", 5.5, VERDICT_PASS },
        { "wait: {n: '>= 5'}\n", 5, VERDICT_PASS },
        { "wait: {n: '< 5'}\n", 4, VERDICT_PASS },
        { "wait: {n: '<= 5'}\n", 6, VERDICT_PENDING },
        { "wait: {n: '!= 5'}\n", 5, VERDICT_PENDING },
        { "wait: {n: '!= 5'}\n", 4, VERDICT_PASS },
        { "wait: {n: [7, 6]}\n", 6, VERDICT_PASS },
        { "wait: {n: any}\n", 0, VERDICT_PASS },
        { "wait: {m: any}\n", 0, VERDICT_PENDING },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene scene;

        print_message("# %zu: %s", i, cases[i].yaml);
        begin(&scene, ACTION_WAIT, cases[i].yaml, true);
        facts_set_number(scene.facts, "n", 1500, 0, cases[i].number);
        trial_facts(scene.trial, 1500);
        assert_int_equal(trial_verdict(scene.trial), cases[i].want);
        end(&scene);
    }
}

static void
a_watch_is_decided_at_its_end(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_WATCH, "{watch: {n: grows}, for: 3 s}\n", true);
    facts_set_number(scene.facts, "n", 1500, 0, 6);
    trial_facts(scene.trial, 1500);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_time(scene.trial, 3001000);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);

    begin(&scene, ACTION_WATCH, "{watch: {n: grows}, for: 3 s}\n", true);
    trial_time(scene.trial, 3001000);
    assert_verdict(&scene, VERDICT_FAIL, "expected n grows within 3 s; seen 5");
    end(&scene);
}

static void
a_probe_is_judged_by_status_and_output(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_PROBE, "{probe: x}\n", true);
    trial_probed(scene.trial, 1500, NULL, 1, "no\n", 3, false);
    assert_verdict(&scene, VERDICT_FAIL, "exit status 1");
    end(&scene);

    begin(&scene, ACTION_PROBE, "{probe: x, expect: '^b$', reject: z}\n", true);
    trial_probed(scene.trial, 1500, NULL, 1, "a\nb\n", 4, false);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);

    begin(&scene, ACTION_PROBE, "{probe: x}\n", true);
    trial_probed(scene.trial, 1500, "host unreachable", -1, "", 0, false);
    assert_verdict(&scene, VERDICT_ERROR, "host unreachable");
    end(&scene);
}

/* The rest could hold what is rejected, or what a reader looks for. */
static void
an_output_that_was_cut_proves_only_its_status(void **state)
{
    static const struct {
        const char *yaml;
        enum verdict want;
        const char *says;
    } cases[] = {
        { "{probe: x}\n", VERDICT_PASS, "" },
        { "{probe: x, reject: z}\n", VERDICT_ERROR, "more than 1 MiB" },
        { "{probe: x, expect: b}\n", VERDICT_ERROR, "more than 1 MiB" },
        { "{probe: x, readers: [qemu-log]}\n", VERDICT_ERROR,
          "more than 1 MiB of output: not all of it was read" },
        { "{probe: x, reject: b}\n", VERDICT_FAIL, "it printed: b" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scene scene;

        print_message("# %zu: %s", i, cases[i].yaml);
        begin(&scene, ACTION_PROBE, cases[i].yaml, true);
        trial_probed(scene.trial, 1500, NULL, 0, "a\nb\n", 4, true);
        assert_verdict(&scene, cases[i].want, cases[i].says);
        end(&scene);
    }
}

/* What a log holds is quoted, and must not paint the terminal it is shown on.
 */
static void
a_probe_cannot_paint_a_terminal(void **state)
{
    static const char output[] = "one\0\n"
                                 "two\t\x1b[2J\xc2\x9b"
                                 "1m\x9b \xe2\r\n";
    struct scene scene;
    const struct check *checks;
    size_t len;

    (void)state;
    begin(&scene, ACTION_PROBE, "{probe: x, expect: two, reject: five}\n",
          true);
    trial_probed(scene.trial, 1500, NULL, 0, output, sizeof output - 1, false);
    assert_verdict(&scene, VERDICT_PASS, "");
    checks = trial_checks(scene.trial, &len);
    assert_string_equal(checks[1].seen, "two ?[2J?1m\xef\xbf\xbd \xef\xbf\xbd");
    end(&scene);

    begin(&scene, ACTION_PROBE, "{probe: x, reject: two}\n", true);
    trial_probed(scene.trial, 1500, NULL, 0, output, sizeof output - 1, false);
    assert_verdict(&scene, VERDICT_FAIL, "it printed: two ?[2J");
    end(&scene);

    begin(&scene, ACTION_SEND, "{send: a}\n", true);
    trial_ended(scene.trial, 1500, true, "so\x1b]0;x\x07");
    assert_verdict(&scene, VERDICT_ERROR, "so?]0;x?");
    end(&scene);
}

static void
keys_are_done_at_what_they_lead_to(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_KEY,
          "{key: C-a d, leaves: screen, expect: detached}\n", true);
    trial_submitted(scene.trial, 1200);
    line(&scene, LINE_OUTPUT, "[detached from 1.vm]");
    assert_verdict(&scene, VERDICT_PENDING, ""); /* the prompt is to come */
    trial_prompt(scene.trial, 2100, 0);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);

    begin(&scene, ACTION_KEY, "{key: Enter}\n", true);
    trial_submitted(scene.trial, 1200);
    assert_verdict(&scene, VERDICT_PASS, "");
    end(&scene);
}

static void
verdicts_join_by_weight(void **state)
{
    (void)state;
    assert_int_equal(verdict_join(VERDICT_PASS, VERDICT_SKIP), VERDICT_PASS);
    assert_int_equal(verdict_join(VERDICT_SKIP, VERDICT_PASS), VERDICT_PASS);
    assert_int_equal(verdict_join(VERDICT_PASS, VERDICT_UNDECIDED),
                     VERDICT_UNDECIDED);
    assert_int_equal(verdict_join(VERDICT_FAIL, VERDICT_UNDECIDED),
                     VERDICT_FAIL);
    assert_int_equal(verdict_join(VERDICT_FAIL, VERDICT_ERROR), VERDICT_ERROR);
    for (int i = 0; i < VERDICTS; i++)
        assert_int_equal(verdict_of_name(verdict_name((enum verdict)i)), i);
}

static void
time_stands_still_while_a_human_has_the_prompt(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "send: ls\nwithin: 1 s\n", true);
    trial_hold(scene.trial, 501000);
    assert_int_equal(trial_due_us(scene.trial), 0);
    trial_time(scene.trial, 60000000);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_release(scene.trial, 60001000); /* half a second is left */
    trial_time(scene.trial, 60500000);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_time(scene.trial, 60501000);
    assert_verdict(&scene, VERDICT_ERROR, "no prompt to type at");
    end(&scene);
}

static void
more_time_is_more_time(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_WAIT, "wait: {n: more than 7}\nwithin: 1 s\n", true);
    trial_extend(scene.trial, 30000000);
    trial_time(scene.trial, 31000999);
    assert_verdict(&scene, VERDICT_PENDING, "");
    trial_time(scene.trial, 31001000);
    assert_verdict(&scene, VERDICT_FAIL, "within 31 s");
    end(&scene);
}

static void
a_fail_that_a_human_may_have_made_is_an_error(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "send: ls\nexpect: file\n", true);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    trial_disturb(scene.trial);
    trial_prompt(scene.trial, 2100, 0);
    assert_verdict(&scene, VERDICT_ERROR, "somebody typed in between");
    end(&scene);

    begin(&scene, ACTION_SEND, "send: ls\nexpect: file\n", true);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    trial_disturb(scene.trial);
    line(&scene, LINE_OUTPUT, "file");
    trial_prompt(scene.trial, 2100, 0);
    assert_verdict(&scene, VERDICT_PASS, ""); /* what is proven is proven */
    end(&scene);
}

static void
what_fails_on_the_labs_own_console_is_an_error(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ACTION_SEND, "send: ls\nexpect: file\n", true);
    trial_free(scene.trial);
    scene.spec.of_lab = true;
    scene.trial = trial_new(&scene.spec, 1000);
    trial_submitted(scene.trial, 1200);
    trial_echoed(scene.trial, 1300);
    trial_prompt(scene.trial, 2100, 0);
    assert_verdict(&scene, VERDICT_ERROR, "only the prompt came back");
    end(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_stands_still_while_a_human_has_the_prompt),
        cmocka_unit_test(more_time_is_more_time),
        cmocka_unit_test(a_fail_that_a_human_may_have_made_is_an_error),
        cmocka_unit_test(what_fails_on_the_labs_own_console_is_an_error),
        cmocka_unit_test(a_prompt_is_a_pass_where_nothing_is_expected),
        cmocka_unit_test(an_exit_status_that_is_known_must_be_right),
        cmocka_unit_test(a_command_that_is_not_there_is_an_error),
        cmocka_unit_test(a_status_that_is_asked_for_but_not_known_is_undecided),
        cmocka_unit_test(only_the_prompt_is_a_fail_where_something_is_expected),
        cmocka_unit_test(echo_repaint_and_old_output_prove_nothing),
        cmocka_unit_test(output_without_an_echo_is_not_known),
        cmocka_unit_test(what_is_rejected_is_looked_at_first),
        cmocka_unit_test(a_pattern_that_takes_too_long_is_an_error),
        cmocka_unit_test(
            a_program_without_prompt_is_entered_by_what_is_expected),
        cmocka_unit_test(a_deadline_says_what_was_missing),
        cmocka_unit_test(what_was_never_typed_is_an_error),
        cmocka_unit_test(a_lost_link_is_an_error_and_a_closed_one_a_fail),
        cmocka_unit_test(a_poll_is_decided_by_the_newest_answer_only),
        cmocka_unit_test(conditions_compare_texts_numbers_and_growth),
        cmocka_unit_test(a_watch_is_decided_at_its_end),
        cmocka_unit_test(a_probe_is_judged_by_status_and_output),
        cmocka_unit_test(an_output_that_was_cut_proves_only_its_status),
        cmocka_unit_test(a_probe_cannot_paint_a_terminal),
        cmocka_unit_test(keys_are_done_at_what_they_lead_to),
        cmocka_unit_test(verdicts_join_by_weight),
    };

    return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
