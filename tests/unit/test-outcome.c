/* What a run came to: the last try counts, and nothing passes unrun. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/unit.h"

#include "run/outcome.h"

static void
nothing_passes_that_did_not_run(void **state)
{
    struct outcome outcome;

    (void)state;
    outcome_init(&outcome, 3);
    assert_int_equal(outcome_verdict(&outcome), VERDICT_PENDING);
    outcome_step(&outcome, 1, VERDICT_PASS, "");
    outcome_step(&outcome, 2, VERDICT_PASS, "");
    assert_int_equal(outcome_verdict(&outcome), VERDICT_UNDECIDED);
    outcome_step(&outcome, 3, VERDICT_SKIP, "already done");
    assert_int_equal(outcome_verdict(&outcome), VERDICT_PASS);
    outcome_fini(&outcome);
}

static void
the_last_try_of_a_step_counts(void **state)
{
    struct outcome outcome;

    (void)state;
    outcome_init(&outcome, 1);
    outcome_step(&outcome, 1, VERDICT_FAIL, "no packets");
    assert_int_equal(outcome_verdict(&outcome), VERDICT_FAIL);
    outcome_step(&outcome, 1, VERDICT_PASS, "");
    assert_int_equal(outcome_verdict(&outcome), VERDICT_PASS);
    assert_int_equal(outcome.steps[0].tries, 2);
    outcome_fini(&outcome);
}

static void
a_verdict_by_hand_stands_beside_and_changes_nothing(void **state)
{
    struct outcome outcome;

    (void)state;
    outcome_init(&outcome, 1);
    outcome_step(&outcome, 1, VERDICT_FAIL, "no packets");
    outcome_by_hand(&outcome, 1, VERDICT_PASS, "the switch was slow");
    assert_int_equal(outcome_verdict(&outcome), VERDICT_FAIL);
    assert_int_equal(outcome.steps[0].by_hand, VERDICT_PASS);
    outcome_by_hand(&outcome, 7, VERDICT_PASS, "there is no such step");
    outcome_fini(&outcome);
}

static void
trouble_is_an_error_until_it_is_mended(void **state)
{
    struct outcome outcome;

    (void)state;
    outcome_init(&outcome, 1);
    outcome_step(&outcome, 1, VERDICT_FAIL, "no packets");
    outcome_trouble(&outcome, "host: the link was lost");
    assert_int_equal(outcome_verdict(&outcome), VERDICT_ERROR);
    outcome_trouble(&outcome, NULL);
    assert_int_equal(outcome_verdict(&outcome), VERDICT_FAIL);
    outcome_fini(&outcome);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_passes_that_did_not_run),
        cmocka_unit_test(the_last_try_of_a_step_counts),
        cmocka_unit_test(a_verdict_by_hand_stands_beside_and_changes_nothing),
        cmocka_unit_test(trouble_is_an_error_until_it_is_mended),
    };

    return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
