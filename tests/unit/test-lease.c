/* One run at a time has a lab, and the others are told which. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/err.h"
#include "run/lease.h"

static char folder[] = "/tmp/test-lease.XXXXXX";

static int
setup(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    return setenv("XDG_RUNTIME_DIR", folder, 1);
}

static int
teardown(void **state)
{
    char path[128];
    static const char *const names[] = { "miglab/lab-a.lock",
                                         "miglab/lab-b.lock", "miglab", "" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    return 0;
}

static void
a_lab_has_one_run_at_a_time(void **state)
{
    struct err err = ERR_INIT;
    struct lease *first = lease_take("a", &err), *other;
    char want[128];

    (void)state;
    assert_non_null(first);
    assert_null(lease_take("a", &err));
    assert_int_equal(err.kind, ERR_BUSY);
    assert_string_equal(err.text,
                        "lab a is in use by a run that is just beginning");
    lease_tell(first, "20261123T071625Z-x");
    assert_null(lease_take("a", &err));
    snprintf(want, sizeof want,
             "lab a is in use by run 20261123T071625Z-x (pid %ld)",
             (long)getpid());
    assert_string_equal(err.text, want);
    lease_tell(first, "next"); /* of a series: the same words, anew */
    assert_null(lease_take("a", &err));
    snprintf(want, sizeof want, "lab a is in use by run next (pid %ld)",
             (long)getpid());
    assert_string_equal(err.text, want);
    other = lease_take("b", &err);
    assert_non_null(other);
    lease_free(other);
    lease_free(first);
    first = lease_take("a", &err);
    assert_non_null(first);
    lease_free(first);
    lease_free(NULL);
}

static void
a_folder_that_cannot_be_made_is_an_error(void **state)
{
    struct err err = ERR_INIT;

    (void)state;
    assert_int_equal(setenv("XDG_RUNTIME_DIR", "/dev/null", 1), 0);
    assert_int_equal(setenv("XDG_STATE_HOME", "/dev/null", 1), 0);
    assert_null(lease_take("a", &err));
    assert_int_equal(err.kind, ERR_SYS);
    assert_int_equal(setenv("XDG_RUNTIME_DIR", folder, 1), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lab_has_one_run_at_a_time),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_an_error),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
