/* Nothing acknowledged is lost; a torn tail is cut; nothing else is touched. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/xalloc.h"
#include "journal/journal.h"

struct scene {
    char path[32];
    int dirfd;
    struct run_clock clock;
};

static int
setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    strcpy(scene->path, "/tmp/miglab-jnl-XXXXXX");
    assert_non_null(mkdtemp(scene->path));
    scene->dirfd = open(scene->path, O_RDONLY | O_DIRECTORY);
    assert_true(scene->dirfd >= 0);
    run_clock_start(&scene->clock);
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;
    char *command = xasprintf("rm -r '%s'", scene->path);
    int rc = system(command);

    close(scene->dirfd);
    free(command);
    free(scene);
    return rc;
}

static void
add(struct journal *journal, int n)
{
    struct err err = ERR_INIT;
    struct record *record = record_new("test");

    record_int(record, "n", n);
    assert_true(journal_add(journal, record, &err));
}

/* How many whole records there are; they must be 1, 2, 3 ... */
static int
count(const struct scene *scene)
{
    struct err err = ERR_INIT;
    struct journal_reader *reader = journal_read(scene->dirfd, &err);
    struct record *record;
    uint64_t last_us = 0;
    int n = 0;

    assert_non_null(reader);
    while ((record = journal_next(reader, &err)) != NULL) {
        assert_int_equal(record_get_int(record, "n", 0), ++n);
        assert_int_equal(record_get_int(record, "seq", 0), n);
        assert_true(record_at_us(record) > last_us);
        last_us = record_at_us(record);
        record_free(record);
    }
    assert_int_equal(err.kind, ERR_NONE);
    journal_reader_free(reader);
    return n;
}

static void
hear(void *ctx, const struct record *record)
{
    assert_string_equal(record_event(record), "all");
    ++*(int *)ctx;
}

static void
a_record_reads_back_as_it_was_written(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct journal *journal = journal_create(scene->dirfd, &scene->clock, &err);
    struct record *record = record_new("all");
    struct journal_reader *reader;
    int heard = 0;

    assert_non_null(journal);
    journal_listen(journal, hear, &heard);
    record_text(record, "text", "a\n\"b\"\x01 \xC3\xA9");
    record_text(record, "bad", "x\xFFy");
    record_text(record, "none", NULL);
    record_printf(record, "said", "%d of %d", 1, 2);
    record_number(record, "number", 0.1);
    record_bool(record, "yes", true);
    record_int(record_item(record, "list"), "n", 7);
    record_int(record_item(record, "list"), "n", 8);
    record_add_text(record, "texts", "one");
    assert_true(journal_add_at(journal, record, 12345678901, &err));
    assert_true(journal_sync(journal, &err));
    assert_int_equal(heard, 1);
    journal_free(journal);
    reader = journal_read(scene->dirfd, &err);
    record = journal_next(reader, &err);
    assert_non_null(record);
    assert_int_equal(record_at_us(record), 12345678901);
    assert_string_equal(record_get(record, "text"), "a\n\"b\"\x01 \xC3\xA9");
    assert_string_equal(record_get(record, "bad"), "x\xEF\xBF\xBDy");
    assert_false(record_has(record, "none"));
    assert_string_equal(record_get(record, "said"), "1 of 2");
    assert_true(record_get_number(record, "number", 0) > 0.0999);
    assert_true(record_get_bool(record, "yes"));
    assert_int_equal(record_len(record, "list"), 2);
    assert_int_equal(record_get_int(record_at(record, "list", 1), "n", 0), 8);
    assert_string_equal(record_text_at(record, "texts", 0), "one");
    assert_int_equal(record_get_int(record, "seq", 0), 1);
    record_free(record);
    assert_null(journal_next(reader, &err));
    assert_int_equal(err.kind, ERR_NONE);
    journal_reader_free(reader);
}

static void
it_is_created_once_and_never_through_a_link(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct journal *journal = journal_create(scene->dirfd, &scene->clock, &err);
    struct stat st;

    assert_non_null(journal);
    assert_int_equal(fstatat(scene->dirfd, JOURNAL_NAME, &st, 0), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_null(journal_create(scene->dirfd, &scene->clock, &err));
    assert_int_equal(err.kind, ERR_SYS);
    journal_free(journal);
    assert_int_equal(unlinkat(scene->dirfd, JOURNAL_NAME, 0), 0);
    assert_int_equal(symlinkat("elsewhere", scene->dirfd, JOURNAL_NAME), 0);
    assert_null(journal_create(scene->dirfd, &scene->clock, &err));
    assert_null(journal_append(scene->dirfd, &scene->clock, &err));
}

static void
a_torn_tail_is_cut_and_the_journal_goes_on(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct journal *journal = journal_create(scene->dirfd, &scene->clock, &err);
    char *path = xasprintf("%s/" JOURNAL_NAME, scene->path);
    struct stat st;

    for (int n = 1; n <= 3; n++)
        add(journal, n);
    journal_free(journal);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - 5), 0);
    assert_int_equal(count(scene), 2);
    journal = journal_append(scene->dirfd, &scene->clock, &err);
    assert_non_null(journal);
    add(journal, 3);
    add(journal, 4);
    journal_free(journal);
    assert_int_equal(count(scene), 4);
    free(path);
}

/* Whatever is acknowledged is there after kill -9. */
static void
kill_nine_loses_nothing_acknowledged(void **state)
{
    struct scene *scene = *state;

    for (int round = 0; round < 20; round++) {
        struct err err = ERR_INIT;
        struct journal *journal;
        int pipe_ends[2], acked = 0, n;
        pid_t pid;

        unlinkat(scene->dirfd, JOURNAL_NAME, 0);
        assert_int_equal(pipe(pipe_ends), 0);
        pid = fork();
        if (pid == 0) {
            run_clock_start(&scene->clock);
            journal = journal_create(scene->dirfd, &scene->clock, &err);
            for (n = 1;; n++) {
                struct record *record = record_new("test");

                record_int(record, "n", n);
                if (!journal_add(journal, record, &err) ||
                    write(pipe_ends[1], &n, sizeof n) != sizeof n)
                    _exit(1);
            }
        }
        close(pipe_ends[1]);
        for (int i = 0; i < 10 + 13 * round; i++)
            if (read(pipe_ends[0], &n, sizeof n) == sizeof n)
                acked = n;
        kill(pid, SIGKILL);
        while (read(pipe_ends[0], &n, sizeof n) == sizeof n)
            acked = n;
        waitpid(pid, NULL, 0);
        close(pipe_ends[0]);
        assert_true(count(scene) >= acked);
    }
}

static void
a_full_disk_is_told_and_stays_told(void **state)
{
    struct scene *scene = *state;
    pid_t pid = fork();
    int status;

    if (pid == 0) { /* the limit would hold for this whole process */
        const struct rlimit limit = { 1000, 1000 };
        struct err err = ERR_INIT;
        struct journal *journal =
            journal_create(scene->dirfd, &scene->clock, &err);

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int n = 1; n < 100; n++) {
            struct record *record = record_new("test");

            record_int(record, "n", n);
            if (!journal_add(journal, record, &err)) {
                bool told = strstr(err.text, "recording failed") != NULL;
                bool again = journal_add(journal, record_new("x"), &err);

                _exit(told && !again ? n : 0);
            }
        }
        _exit(0);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) > 1);
    assert_int_equal(count(scene), WEXITSTATUS(status) - 1);
}

static void
what_is_no_record_is_told_with_its_line(void **state)
{
    struct scene *scene = *state;
    char *path = xasprintf("%s/" JOURNAL_NAME, scene->path);
    FILE *file = fopen(path, "w");
    struct err err = ERR_INIT;
    struct journal_reader *reader;

    fputs("{\"v\":1,\"t\":1}\nnonsense\n", file);
    fclose(file);
    reader = journal_read(scene->dirfd, &err);
    record_free(journal_next(reader, &err));
    assert_null(journal_next(reader, &err));
    assert_int_equal(err.kind, ERR_FILE);
    assert_non_null(strstr(err.text, "journal.jsonl:2: not a record"));
    journal_reader_free(reader);
    free(path);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(a_record_reads_back_as_it_was_written),
        SCENE(it_is_created_once_and_never_through_a_link),
        SCENE(a_torn_tail_is_cut_and_the_journal_goes_on),
        SCENE(kill_nine_loses_nothing_acknowledged),
        SCENE(a_full_disk_is_told_and_stays_told),
        SCENE(what_is_no_record_is_told_with_its_line),
    };

    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
