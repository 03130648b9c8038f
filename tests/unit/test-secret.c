/* What is secret is masked, in whatever pieces it comes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/secret.h"
#include "base/xalloc.h"

#define VALUE "s3cret-pass"

static int
setup(void **state)
{
    struct err err = ERR_INIT;

    (void)state;
    setenv("TEST_SECRET", VALUE, 1);
    return secret_take("TEST_SECRET", &err) == NULL;
}

static int
teardown(void **state)
{
    (void)state;
    secret_wipe();
    return 0;
}

static void
the_environment_has_it_no_more(void **state)
{
    char *name = xasprintf("TEST_%s", "GONE"), *there;
    struct err err = ERR_INIT;

    (void)state;
    setenv(name, "another-one", 1);
    there = getenv(name);
    assert_string_equal(secret_take(name, &err), "another-one");
    assert_string_equal(there, ""); /* the same memory, wiped */
    assert_null(getenv(name));
    assert_string_equal(secret_take(name, &err), "another-one");
    assert_null(secret_take("TEST_NONE", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    free(name);
}

static void
what_could_not_be_found_again_is_refused(void **state)
{
    static const char *const values[] = { "",       "abc",    "a\"bcd",
                                          "a\\bcd", "a\nbcd", "abcd\xff" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct err err = ERR_INIT;

        setenv("TEST_BAD", values[i], 1);
        assert_null(secret_take("TEST_BAD", &err));
    }
    unsetenv("TEST_BAD");
}

static void
a_text_has_its_mask(void **state)
{
    char *masked = secret_mask("a " VALUE VALUE " s3cret", 31);

    (void)state;
    assert_string_equal(masked, "a <secret><secret> s3cret");
    free(masked);
}

/* doc/reliability.md 8: cut anywhere, at two places, it is masked all the same.
 */
static void
a_stream_has_its_mask_wherever_it_is_cut(void **state)
{
    static const char text[] = "ps3s3cret-\r\n" VALUE "\r\ns";
    const size_t len = sizeof text - 1;

    (void)state;
    for (size_t a = 0; a <= len; a++) {
        for (size_t b = a; b <= len; b++) {
            struct secret_gate gate = { .gone = 0 };
            struct buf out = BUF_INIT(0);

            secret_gate_pass(&gate, text, a, &out);
            secret_gate_pass(&gate, text + a, b - a, &out);
            secret_gate_pass(&gate, text + b, len - b, &out);
            assert_null(strstr(buf_text(&out), "\ns"));
            secret_gate_end(&gate, &out);
            assert_string_equal(buf_text(&out), "ps3s3cret-\r\n<secret>\r\ns");
            buf_fini(&out);
        }
    }
}

/* A key's echo is not held back for ever, and the rest is still masked. */
static void
a_beginning_is_let_go_when_it_is_quiet(void **state)
{
    struct secret_gate gate = { .gone = 0 };
    struct buf out = BUF_INIT(0);

    (void)state;
    secret_gate_pass(&gate, "s", 1, &out);
    assert_int_equal(out.len, 0);
    assert_true(secret_gate_waits(&gate));
    secret_gate_quiet(&gate, &out);
    assert_false(secret_gate_waits(&gate));
    assert_string_equal(buf_text(&out), "s");
    secret_gate_pass(&gate, "3c", 2, &out);
    assert_false(secret_gate_waits(&gate)); /* too much of it by now */
    secret_gate_quiet(&gate, &out);
    assert_string_equal(buf_text(&out), "s");
    secret_gate_pass(&gate, "ret-pass.", 9, &out);
    assert_string_equal(buf_text(&out), "s<secret>.");
    secret_gate_pass(&gate, "s3cret", 6, &out);
    secret_gate_end(&gate, &out);
    assert_string_equal(buf_text(&out), "s<secret>.<secret>");
    buf_fini(&out);
}

int
main(void)
{
#define SECRET(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SECRET(the_environment_has_it_no_more),
        SECRET(what_could_not_be_found_again_is_refused),
        SECRET(a_text_has_its_mask),
        SECRET(a_stream_has_its_mask_wherever_it_is_cut),
        SECRET(a_beginning_is_let_go_when_it_is_quiet),
    };

    return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
