/* The ledger knows what must be undone, in which order, and what was. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "journal/record.h"
#include "plan/action.h"
#include "plan/script.h"
#include "plan/tcase.h"
#include "run/ledger.h"

/* Three steps: two undo actions, none, one. */
static struct action first[2] = { { .command = "a1" }, { .command = "a2" } };
static struct action third[1] = { { .command = "c1" } };
static struct step steps[3] = {
    { .undo = { .items = first, .len = 2 } },
    { .undo = { .len = 0 } },
    { .undo = { .items = third, .len = 1 } },
};
static struct tcase tcase = { .steps = { .items = steps, .len = 3 } };
static const struct script script = { .tcase = &tcase };

/* "c1 a1 a2": what is due, in its order. */
static void
assert_due(const struct ledger *ledger, const char *want)
{
    const struct action *action;
    char got[64] = "";
    size_t step, index;

    for (size_t n = 0;
         (action = ledger_action(ledger, &script, n, &step, &index)) != NULL;
         n++) {
        if (n > 0)
            strcat(got, " ");
        strcat(got, action->command);
        assert_ptr_equal(
            action, &((const struct action *)steps[step].undo.items)[index]);
    }
    assert_string_equal(got, want);
}

static void
the_last_step_is_undone_first_and_each_in_its_own_order(void **state)
{
    struct ledger ledger = { 0 };

    (void)state;
    assert_due(&ledger, "");
    assert_true(ledger_add(&ledger, &script, 0));
    assert_due(&ledger, "a1 a2");
    assert_true(ledger_add(&ledger, &script, 2));
    assert_due(&ledger, "c1 a1 a2");
    ledger_fini(&ledger);
    assert_due(&ledger, "");
}

static void
a_step_counts_once_and_only_with_something_to_undo(void **state)
{
    struct ledger ledger = { 0 };

    (void)state;
    assert_false(ledger_add(&ledger, &script, 1));
    assert_false(ledger_add(&ledger, &script, 3)); /* there is none */
    assert_true(ledger_add(&ledger, &script, 2));
    assert_false(ledger_add(&ledger, &script, 2));
    assert_due(&ledger, "c1");
    ledger_fini(&ledger);
}

static void
what_the_journal_says_gives_the_same_ledger(void **state)
{
    struct record *records[] = {
        ledger_record(&script, 0),
        record_new("step.begin"),
        ledger_record(&script, 2),
        ledger_undone_record(0, 1),
    };
    struct ledger ledger = { 0 };

    (void)state;
    assert_string_equal(record_text_at(records[0], "commands", 1), "a2");
    record_int(records[1], "step", 2);
    for (size_t i = 0; i < ARRAY_LEN(records); i++) {
        ledger_hear(&ledger, &script, records[i]);
        record_free(records[i]);
    }
    assert_due(&ledger, "c1 a1 a2");
    assert_true(ledger_is_undone(&ledger, 0, 1));
    assert_false(ledger_is_undone(&ledger, 0, 0));
    assert_false(ledger_is_undone(&ledger, 2, 0));
    assert_false(ledger_is_undone(&ledger, 2, 1));
    ledger_fini(&ledger);
}

static void
a_record_without_sense_changes_nothing(void **state)
{
    static const struct {
        const char *event;
        int64_t step, undo;
    } rows[] = {
        { "undo.add", 0, 0 },  { "undo.add", -1, 0 }, { "undo.add", 99, 0 },
        { "undo.done", 0, 1 }, { "undo.done", 1, 0 }, { "undo.done", -1, -1 },
    };
    struct ledger ledger = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct record *record = record_new(rows[i].event);

        print_message("# %zu: %s\n", i, rows[i].event);
        record_int(record, "step", rows[i].step);
        record_int(record, "undo", rows[i].undo);
        ledger_hear(&ledger, &script, record);
        record_free(record);
    }
    assert_due(&ledger, "");
    assert_int_equal(ledger.undone_len, 0);
    ledger_fini(&ledger);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_last_step_is_undone_first_and_each_in_its_own_order),
        cmocka_unit_test(a_step_counts_once_and_only_with_something_to_undo),
        cmocka_unit_test(what_the_journal_says_gives_the_same_ledger),
        cmocka_unit_test(a_record_without_sense_changes_nothing),
    };

    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
