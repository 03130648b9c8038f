/* Least, middle and most of numbers, however many and in whatever order. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <float.h>

#include "tests/unit/unit.h"

#include "base/macros.h"
#include "report/spread.h"

static void
the_middle_is_the_middle_one_or_between_two(void **state)
{
    static const struct {
        double numbers[5];
        size_t len;
        struct spread want;
    } rows[] = {
        { { 0 }, 0, { 0, 0, 0, 0 } },
        { { 35 }, 1, { 1, 35, 35, 35 } },
        { { 40, 31 }, 2, { 2, 31, 35.5, 40 } },
        { { 9, 10, 2 }, 3, { 3, 2, 9, 10 } },
        { { 1000, 1, 1, 3 }, 4, { 4, 1, 2, 1000 } },
        { { 5, 5, 5, 5, 5 }, 5, { 5, 5, 5, 5 } },
        { { DBL_MAX, DBL_MAX }, 2, { 2, DBL_MAX, DBL_MAX, DBL_MAX } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double numbers[5];
        struct spread got;

        print_message("# %zu\n", i);
        for (size_t j = 0; j < 5; j++)
            numbers[j] = rows[i].numbers[j];
        spread_take(numbers, rows[i].len, &got);
        assert_int_equal(got.n, rows[i].want.n);
        assert_true(got.min == rows[i].want.min);
        assert_true(got.median == rows[i].want.median);
        assert_true(got.max == rows[i].want.max);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_middle_is_the_middle_one_or_between_two),
    };

    return cmocka_run_group_tests_name("spread", tests, NULL, NULL);
}
