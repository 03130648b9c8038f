/* Many runs in numbers, from recorded journals and from records alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/paths.h"
#include "base/xalloc.h"
#include "journal/journal.h"
#include "journal/record.h"
#include "report/soak.h"
#include "run/rundir.h"

static const char *const names[] = { "virtio-net-split", "packed" };

struct scene {
    FILE *out;
    char *text;
    size_t len;
    struct soak *soak;
};

/* A soak of the first cases. */
static void
begin(struct scene *scene, size_t cases, size_t rounds)
{
    struct soak_spec spec = { .ascii = true,
                              .lines = true,
                              .lab = "rehearsal",
                              .cases = names,
                              .len = cases,
                              .rounds = rounds };

    scene->out = open_memstream(&scene->text, &scene->len);
    assert_non_null(scene->out);
    spec.out = scene->out;
    scene->soak = soak_new(&spec);
}

static void
end(struct scene *scene)
{
    soak_free(scene->soak);
    fclose(scene->out);
    free(scene->text);
}

static void
assert_says(struct scene *scene, const char *words)
{
    fflush(scene->out);
    if (strstr(scene->text, words) == NULL)
        fail_msg("no \"%s\" in:\n%s", words, scene->text);
}

static void
hear(struct scene *scene, struct record *record)
{
    soak_hear(scene->soak, record);
    record_free(record);
}

/* The journal of a run that was recorded in the rehearsal lab. */
static void
hear_recorded(struct scene *scene)
{
    char *path = xasprintf("%s/tests/runs/virtio-net-split", paths_data());
    struct err err = ERR_INIT;
    struct rundir *rundir = rundir_open(path, &err);
    struct journal_reader *reader;
    struct record *record;

    assert_non_null(rundir);
    reader = journal_read(rundir->fd, &err);
    assert_non_null(reader);
    soak_begin(scene->soak, names[0], "/runs/recorded");
    while ((record = journal_next(reader, &err)) != NULL)
        hear(scene, record);
    soak_end(scene->soak);
    journal_reader_free(reader);
    rundir_free(rundir);
    free(path);
}

static void
hear_verdict(struct scene *scene, const char *verdict, double downtime_ms)
{
    struct record *record = record_new("verdict");

    record_text(record, "verdict", verdict);
    record_text(record, "reason", "leg 6, traffic continuous: too long");
    if (downtime_ms >= 0)
        record_number(record_item(record, "measures"), "downtime_ms",
                      downtime_ms);
    hear(scene, record);
}

static void
hear_end(struct scene *scene, const char *verdict, bool interrupted)
{
    struct record *record = record_new("run.end");

    record_text(record, "verdict", verdict);
    if (interrupted)
        record_bool(record, "interrupted", true);
    hear(scene, record);
}

/* A whole run; downtime < 0: not known. */
static void
hear_run(struct scene *scene, size_t name, const char *verdict,
         double downtime_ms)
{
    soak_begin(scene->soak, names[name], "/runs/made");
    hear_verdict(scene, verdict, downtime_ms);
    hear_end(scene, verdict, false);
    soak_end(scene->soak);
}

static void
a_recorded_run_is_a_line_and_a_row(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, 1, 2);
    hear_recorded(&scene);
    assert_says(&scene,
                "run  case              verdict          s  total ms  "
                "downtime ms  lost  gap ms\n"
                "1/2  virtio-net-split  + pass        27.2      1766          "
                " 54     1    2000\n");
    soak_print_summary(scene.soak);
    assert_says(&scene, "\n1 of 1 passed on rehearsal in 28.6 s\n");
    assert_says(&scene, "virtio-net-split     1       1       0       0        "
                        "0    100.0 %\n");
    assert_says(&scene, "1766/1766/1766     54/54/54  1/1/1  2000/2000/2000\n");
    assert_null(strstr(scene.text, "not passed"));
    end(&scene);
}

static void
what_does_not_pass_is_told_with_its_reason_and_its_place(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, 2, 2);
    hear_run(&scene, 0, "pass", 35);
    hear_run(&scene, 1, "fail", 900);
    hear_run(&scene, 0, "undecided", -1);
    hear_run(&scene, 1, "pass", 40);
    assert_says(&scene, "\n2/4  packed            x fail         0.0         -"
                        "          900     -       -\n"
                        "       leg 6, traffic continuous: too long\n"
                        "       /runs/made\n"
                        "3/4  virtio-net-split  ? undecided");
    soak_print_summary(scene.soak);
    assert_says(&scene, "\n2 of 4 passed on rehearsal");
    assert_says(&scene, "\nnot passed:\n2/4  x fail       /runs/made\n"
                        "3/4  ? undecided  /runs/made\n\n");
    assert_says(&scene,
                "virtio-net-split     2       1       0       1        0     "
                "50.0 %\n"
                "packed               2       1       1       0        0     "
                "50.0 %\n"
                "all                  4       2       1       1        0     "
                "50.0 %\n");
    /* Of one run it is not known: that is said, and it is no 0. */
    assert_says(&scene, "virtio-net-split         -  35/35/35 of 1     -");
    assert_says(&scene, "packed                   -     40/470/900     -");
    end(&scene);
}

static void
a_rate_below_all_is_never_all(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, 1, 3000);
    for (size_t i = 0; i < 2999; i++)
        hear_run(&scene, 0, "pass", 35);
    hear_run(&scene, 0, "fail", 35);
    soak_print_summary(scene.soak);
    assert_says(&scene, "     99.9 %\n");
    end(&scene);
}

static void
one_that_was_cut_short_does_not_count_unless_it_was_proven(void **state)
{
    static const struct {
        const char *verdict, *want;
    } rows[] = {
        { "error", "\n1 of 1 passed on rehearsal in 0.0 s\n"
                   "one was interrupted, and does not count\n"
                   "stopped behind run 2 of 10: interrupted\n" },
        { "fail", "\n1 of 2 passed on rehearsal in 0.0 s\n"
                  "stopped behind run 2 of 10: interrupted\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;

        begin(&scene, 1, 10);
        hear_run(&scene, 0, "pass", 35);
        soak_begin(scene.soak, names[0], "/runs/cut");
        hear_verdict(&scene, rows[i].verdict, -1);
        hear_end(&scene, rows[i].verdict, true);
        soak_end(scene.soak);
        soak_stop(scene.soak, "interrupted");
        soak_print_summary(scene.soak);
        assert_says(&scene, rows[i].want);
        end(&scene);
    }
}

static void
a_journal_without_an_end_is_an_error(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, 1, 1);
    soak_begin(scene.soak, names[0], "/runs/torn");
    hear_verdict(&scene, "pass", 35);
    soak_end(scene.soak);
    assert_says(&scene, "! error");
    assert_says(&scene, "its journal has no end\n");
    soak_print_summary(scene.soak);
    assert_says(&scene, "\n0 of 1 passed");
    end(&scene);
}

static void
another_runs_processes_are_told_until_the_next_run(void **state)
{
    struct scene scene;
    struct record *known = record_new("leftovers");
    struct record *unknown = record_new("leftovers");

    (void)state;
    begin(&scene, 1, 3);
    assert_null(soak_stranger(scene.soak));
    soak_begin(scene.soak, names[0], "/runs/a");
    record_text(unknown, "error", "grep is not there");
    hear(&scene, unknown);
    assert_null(soak_stranger(scene.soak));
    record_text(known, "run", "20261122T203401Z-x");
    hear(&scene, known);
    assert_string_equal(soak_stranger(scene.soak), "20261122T203401Z-x");
    soak_begin(scene.soak, names[0], "/runs/b");
    assert_null(soak_stranger(scene.soak));
    end(&scene);
}

static void
the_file_has_the_sums_and_each_run(void **state)
{
    char path[] = "/tmp/miglab-soak-XXXXXX";
    struct err err = ERR_INIT;
    struct scene scene;
    json_t *json, *row, *run;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    begin(&scene, 1, 5);
    hear_run(&scene, 0, "pass", 30);
    hear_run(&scene, 0, "fail", 41.5);
    soak_stop(scene.soak, "the lab cannot be reached");
    assert_true(soak_save(scene.soak, path, &err));
    json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_int_equal(json_integer_value(json_object_get(json, "planned")), 5);
    assert_string_equal(json_string_value(json_object_get(json, "stopped")),
                        "the lab cannot be reached");
    row = json_array_get(json_object_get(json, "cases"), 0);
    assert_int_equal(json_integer_value(json_object_get(row, "failed")), 1);
    assert_true(json_real_value(json_object_get(row, "pass_rate")) == 0.5);
    assert_null(json_object_get(row, "lost"));
    row = json_object_get(row, "downtime_ms");
    assert_true(json_real_value(json_object_get(row, "median")) == 35.75);
    run = json_array_get(json_object_get(json, "runs"), 1);
    assert_string_equal(json_string_value(json_object_get(run, "verdict")),
                        "fail");
    assert_string_equal(json_string_value(json_object_get(run, "run")), "made");
    assert_null(json_object_get(run, "total_ms"));
    json_decref(json);
    unlink(path);
    assert_false(soak_save(scene.soak, "/nosuch/soak.json", &err));
    assert_int_equal(err.kind, ERR_SYS);
    end(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_run_is_a_line_and_a_row),
        cmocka_unit_test(
            what_does_not_pass_is_told_with_its_reason_and_its_place),
        cmocka_unit_test(a_rate_below_all_is_never_all),
        cmocka_unit_test(
            one_that_was_cut_short_does_not_count_unless_it_was_proven),
        cmocka_unit_test(a_journal_without_an_end_is_an_error),
        cmocka_unit_test(another_runs_processes_are_told_until_the_next_run),
        cmocka_unit_test(the_file_has_the_sums_and_each_run),
    };

    return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
