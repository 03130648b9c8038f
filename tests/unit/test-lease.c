/* One run at a time has a lab, and the others are told which. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/clock.h"
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

#define RACERS 20
#define RACES  100

struct racer {
    pid_t pid;
    int go, said;
};

/* At each byte: take the lab and say whether, then give it back and say so. */
static void
race(int go, int said)
{
    struct lease *lease = NULL;
    struct err err = ERR_INIT;
    char byte;

    for (bool take = true; read(go, &byte, 1) == 1; take = !take) {
        if (take)
            lease = lease_take("a", &err);
        byte = take && lease != NULL          ? 'w'
               : take && err.kind != ERR_BUSY ? 'e'
                                              : '-';
        if (!take)
            lease_free(lease);
        if (write(said, &byte, 1) != 1)
            break;
    }
    _exit(0);
}

static void
start_racer(struct racer *racer)
{
    int go[2], said[2];

    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(said), 0);
    racer->pid = fork();
    if (racer->pid == 0) {
        close(go[1]);
        close(said[0]);
        race(go[0], said[1]);
    }
    close(go[0]);
    close(said[1]);
    racer->go = go[1];
    racer->said = said[0];
}

/* All at once; how many of them say the word. */
static int
let_race(const struct racer *racers, char word)
{
    int count = 0;
    char byte;

    for (int i = 0; i < RACERS; i++)
        assert_int_equal(write(racers[i].go, "", 1), 1);
    for (int i = 0; i < RACERS; i++) {
        assert_int_equal(read(racers[i].said, &byte, 1), 1);
        assert_true(byte != 'e');
        count += byte == word;
    }
    return count;
}

/* One lease of many that race for it. */
static void
of_many_that_want_a_lab_one_gets_it(void **state)
{
    struct racer racers[RACERS];

    (void)state;
    for (int i = 0; i < RACERS; i++)
        start_racer(&racers[i]);
    for (int i = 0; i < RACES; i++) {
        assert_int_equal(let_race(racers, 'w'), 1);
        assert_int_equal(let_race(racers, '-'), RACERS);
    }
    for (int i = 0; i < RACERS; i++) {
        kill(racers[i].pid, SIGKILL);
        waitpid(racers[i].pid, NULL, 0);
        close(racers[i].go);
        close(racers[i].said);
    }
}

/* Whoever was killed has no lab any more. */
static void
the_lab_of_a_killed_run_is_free_at_once(void **state)
{
    struct err err = ERR_INIT;
    struct racer racer;
    struct lease *lease;
    uint64_t killed_us;
    char byte;

    (void)state;
    start_racer(&racer);
    assert_int_equal(write(racer.go, "", 1), 1);
    assert_int_equal(read(racer.said, &byte, 1), 1);
    assert_int_equal(byte, 'w');
    assert_null(lease_take("a", &err));
    killed_us = clock_now_us();
    kill(racer.pid, SIGKILL);
    waitpid(racer.pid, NULL, 0);
    lease = lease_take("a", &err);
    assert_non_null(lease);
    assert_true(clock_now_us() - killed_us < 1000000);
    lease_free(lease);
    close(racer.go);
    close(racer.said);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lab_has_one_run_at_a_time),
        cmocka_unit_test(of_many_that_want_a_lab_one_gets_it),
        cmocka_unit_test(the_lab_of_a_killed_run_is_free_at_once),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_an_error),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
