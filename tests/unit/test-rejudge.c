/* A recorded run is judged again to the same verdict, and a forged one not. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/paths.h"
#include "base/xalloc.h"
#include "journal/record.h"
#include "run/rejudge.h"
#include "run/rundir.h"

/* A copy of a recorded run, to be changed. */
struct scene {
    char path[40];
};

static int
setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    char *command;

    strcpy(scene->path, "/tmp/miglab-rejudge-XXXXXX");
    assert_non_null(mkdtemp(scene->path));
    command = xasprintf("cp -r '%s/tests/runs/virtio-net-split' '%s/run' && "
                        "chmod -R u+w '%s'",
                        paths_data(), scene->path, scene->path);
    assert_int_equal(system(command), 0);
    free(command);
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;
    char *command = xasprintf("rm -r '%s'", scene->path);
    int rc = system(command);

    free(command);
    free(scene);
    return rc;
}

static void
read_file(const char *path, struct buf *text)
{
    FILE *file = fopen(path, "r");
    char piece[4096];
    size_t n;

    assert_non_null(file);
    buf_clear(text);
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(text, piece, n);
    fclose(file);
}

/* Replace the last place of one text by another. */
static void
forge(const struct scene *scene, const char *name, const char *from,
      const char *to)
{
    char *path = xasprintf("%s/run/%s", scene->path, name), *at = NULL, *next;
    struct buf text = BUF_INIT(0);
    FILE *file;

    read_file(path, &text);
    for (next = text.bytes; (next = strstr(next, from)) != NULL; next++)
        at = next;
    assert_non_null(at);
    file = fopen(path, "w");
    fprintf(file, "%.*s%s%s", (int)(at - text.bytes), text.bytes, to,
            at + strlen(from));
    fclose(file);
    buf_fini(&text);
    free(path);
}

static void
judge(const struct scene *scene, struct rejudged *out)
{
    struct diags diags = { 0 };
    struct err err = ERR_INIT;
    char *path = xasprintf("%s/run", scene->path);
    struct rundir *rundir = rundir_open(path, &err);
    bool ok;

    assert_non_null(rundir);
    ok = rejudge_run(rundir, out, &diags, &err);
    diags_print(&diags, stdout);
    if (!ok)
        print_message("# %s\n", err.text);
    assert_true(ok);
    for (size_t i = 0; i < out->len; i++)
        print_message("# %s: %s, now %s: %s\n", out->changes[i].where,
                      verdict_name(out->changes[i].then),
                      verdict_name(out->changes[i].now),
                      out->changes[i].reason);
    rundir_free(rundir);
    free(path);
}

static void
the_recording_gives_the_verdict_it_had(void **state)
{
    struct rejudged rejudged;

    judge(*state, &rejudged);
    assert_int_equal(rejudged.then, VERDICT_PASS);
    assert_int_equal(rejudged.now, VERDICT_PASS);
    assert_int_equal(rejudged.len, 0);
    assert_int_equal(record_get_int(rejudged.verdict, "passed", 0), 11);
    rejudged_fini(&rejudged);
}

/* DTS's false passes are among them: each must fail here. */
static void
a_forged_recording_is_not_passed(void **state)
{
    static const struct {
        const char *file, *from, *to;
        const char *where; /* what changes first */
    } cases[] = {
        { "panes/host-monitor.cast", "status: completed", "status: completeX",
          "s10.a1" },
        { "panes/host-monitor.cast", "paused (postmigrate)",
          "paused (postmigratX)", "s10.a2" },
        { "panes/backup-monitor.cast", "status: running", "status: runninX",
          "s12.a4" },
        { "panes/backup-testpmd.cast", "virtio is now ready",
          "virtio is not ready", "run" },
        { "panes/backup-testpmd.cast", "last_avail_idx:0", "last_avail_idx:1",
          "run" },
        { "panes/host-testpmd.cast", "0x17420e783", "0x17020e783", "run" },
        { "panes/host-testpmd.cast",
          "vring base idx:0 file:", "vring base idx:0 fail:", "run" },
        { "panes/tester-scapy.cast", "Sent 10 packets", "Sent 99 packets",
          "run" },
        { "panes/host-guest.cast", "driver: virtio_net", "driver: e1000_net_",
          "run" },
        { "journal.jsonl", "\"where\":\"s12.a6\",\"status\":0,\"output\":\"",
          "\"where\":\"s12.a6\",\"status\":0,\"output\":\"x: Failed to load y",
          "run" },
        { "journal.jsonl", "\"where\":\"s12.a6\",\"status\":0,",
          "\"where\":\"s12.a6\",\"cut\":true,\"status\":0,", "s12.a6" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rejudged rejudged;
        void *scene;

        print_message("# --- %zu: %s: %s\n", i, cases[i].file, cases[i].to);
        assert_int_equal(setup(&scene), 0);
        forge(scene, cases[i].file, cases[i].from, cases[i].to);
        judge(scene, &rejudged);
        assert_int_not_equal(rejudged.now, VERDICT_PASS);
        assert_true(rejudged.len > 0);
        assert_string_equal(rejudged.changes[0].where, cases[i].where);
        rejudged_fini(&rejudged);
        teardown(&scene);
    }
}

/* A journal is a file: whatever is in it is told, and breaks nothing. */
static void
a_journal_that_no_run_writes_is_told(void **state)
{
    static const struct {
        const char *from, *to;
        const char *says;
    } cases[] = {
        { "\"ev\":\"run.start\"", "\"ev\":\"run.stop\"",
          "journal.jsonl: record 1: a run begins with run.start" },
        { "\"pane\":\"host-shell\",\"offset\":134",
          "\"pane\":\"host-shelf\",\"offset\":134",
          "link: there is no console \"host-shelf\"" },
        { "\"pane\":\"host-guest\",\"offset\":667,\"level\"",
          "\"pane\":\"\",\"offset\":667,\"level\"",
          "there is no console \"\"" },
        { "\"until\":18.209367", "\"until\":-1", "until is no time" },
        { "\"t\":15.32637,", "\"t\":1e300,", "t is no time" },
        { "\"ev\":\"action.begin\",\"where\":\"s6.a3\"",
          "\"ev\":\"action.begin\",\"where\":\"s6.a3?\"",
          "there is no action \"s6.a3?\"" },
        { "\"ev\":\"action.begin\",\"where\":\"s6.a3\"",
          "\"ev\":\"action.begin\",\"where\":\"s6.a99\"",
          "there is no action \"s6.a99\"" },
        { "\"ev\":\"action.begin\",\"where\":\"s6.a3\"",
          "\"ev\":\"xction.begin\",\"where\":\"s6.a3\"",
          "typed: action s6.a3 has not begun" },
        { "\"ev\":\"typed\",\"pane\":\"host-guest\",\"offset\":1308",
          "\"ev\":\"action.begin\",\"pane\":\"host-guest\",\"offset\":1308",
          "action s6.a3 has begun before" },
        { "\"ev\":\"probe\",\"where\":\"s12.a6\"",
          "\"ev\":\"typed\",\"where\":\"s12.a6\"", "a probe types nothing" },
        { "\"ev\":\"typed\",\"pane\":\"host-guest\",\"offset\":1308",
          "\"ev\":\"probe\",\"pane\":\"host-guest\",\"offset\":1308",
          "a send is no probe" },
        { "\"where\":\"s6.a3\",\"verdict\":\"pass\"",
          "\"where\":\"s6.a2\",\"verdict\":\"pass\"",
          "action.end: action s6.a2 has not begun" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };
        struct err err = ERR_INIT;
        struct rejudged rejudged;
        struct rundir *rundir;
        void *scene;
        char *path;

        print_message("# --- %zu: %s\n", i, cases[i].to);
        assert_int_equal(setup(&scene), 0);
        forge(scene, "journal.jsonl", cases[i].from, cases[i].to);
        path = xasprintf("%s/run", ((struct scene *)scene)->path);
        rundir = rundir_open(path, &err);
        assert_non_null(rundir);
        assert_false(rejudge_run(rundir, &rejudged, &diags, &err));
        print_message("# %s\n", err.text);
        assert_int_equal(err.kind, ERR_FILE);
        assert_non_null(strstr(err.text, cases[i].says));
        rejudged_fini(&rejudged);
        rundir_free(rundir);
        free(path);
        teardown(&scene);
    }
}

/* What was given from outside was an error; a pass has to be proven. */
static void
nobody_is_given_a_pass(void **state)
{
    struct scene *scene = *state;
    struct diags diags = { 0 };
    struct err err = ERR_INIT;
    struct rejudged rejudged;
    char *path = xasprintf("%s/run", scene->path);
    struct rundir *rundir = rundir_open(path, &err);

    forge(scene, "panes/host-monitor.cast", "status: completed",
          "status: completeX");
    forge(scene, "journal.jsonl", "\"where\":\"s10.a1\",\"verdict\":\"pass\"",
          "\"where\":\"s10.a1\",\"given\":true,\"verdict\":\"pass\"");
    assert_false(rejudge_run(rundir, &rejudged, &diags, &err));
    assert_non_null(strstr(err.text, "nobody is given a pass"));
    rejudged_fini(&rejudged);
    rundir_free(rundir);
    free(path);
}

static void
a_run_without_an_end_is_told(void **state)
{
    struct scene *scene = *state;
    struct diags diags = { 0 };
    struct err err = ERR_INIT;
    struct rejudged rejudged;
    char *path = xasprintf("%s/run", scene->path);
    char *journal = xasprintf("%s/journal.jsonl", path);
    struct rundir *rundir = rundir_open(path, &err);

    assert_int_equal(truncate(journal, 5000), 0);
    assert_false(rejudge_run(rundir, &rejudged, &diags, &err));
    assert_non_null(strstr(err.text, "has no verdict"));
    rejudged_fini(&rejudged);
    rundir_free(rundir);
    free(journal);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_recording_gives_the_verdict_it_had,
                                        setup, teardown),
        cmocka_unit_test(a_forged_recording_is_not_passed),
        cmocka_unit_test(a_journal_that_no_run_writes_is_told),
        cmocka_unit_test_setup_teardown(nobody_is_given_a_pass, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_run_without_an_end_is_told, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("rejudge", tests, NULL, NULL);
}
