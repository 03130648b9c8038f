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

/* What stands there already is never written to, nor waited for. */
static void
nothing_is_written_through_what_stands_there(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct stat st;
    int fd = openat(scene->dirfd, "mine", O_WRONLY | O_CREAT | O_EXCL, 0600);

    close(fd);
    assert_int_equal(
        linkat(scene->dirfd, "mine", scene->dirfd, JOURNAL_NAME, 0), 0);
    assert_null(journal_create(scene->dirfd, &scene->clock, &err));
    assert_int_equal(unlinkat(scene->dirfd, JOURNAL_NAME, 0), 0);
    assert_int_equal(fstatat(scene->dirfd, "mine", &st, 0), 0);
    assert_int_equal(st.st_size, 0);

    assert_int_equal(mkfifoat(scene->dirfd, JOURNAL_NAME, 0600), 0);
    assert_null(journal_create(scene->dirfd, &scene->clock, &err));
    assert_null(journal_append(scene->dirfd, &scene->clock, &err));
    assert_null(journal_read(scene->dirfd, &err));
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

#define KILLS 200

/* Adds records and says so after each, until it is killed. */
static void
add_for_ever(struct scene *scene, int said)
{
    struct err err = ERR_INIT;
    struct journal *journal;

    run_clock_start(&scene->clock);
    journal = journal_create(scene->dirfd, &scene->clock, &err);
    for (int n = 1; journal != NULL; n++) {
        struct record *record = record_new("test");

        record_int(record, "n", n);
        if (!journal_add(journal, record, &err) ||
            write(said, &n, sizeof n) != sizeof n)
            break;
    }
    _exit(1);
}

/* Killed after about as many records; how many it had said are written. */
static int
kill_after(struct scene *scene, long records)
{
    int ends[2], acked = 0, n;
    pid_t pid;

    unlinkat(scene->dirfd, JOURNAL_NAME, 0);
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0)
        add_for_ever(scene, ends[1]);
    close(ends[1]);
    while (records-- > 0 && read(ends[0], &n, sizeof n) == sizeof n)
        acked = n;
    kill(pid, SIGKILL);
    while (read(ends[0], &n, sizeof n) == sizeof n)
        acked = n;
    waitpid(pid, NULL, 0);
    close(ends[0]);
    return acked;
}

/* Whatever is acknowledged is there, and the journal goes on. */
static void
kill_nine_loses_nothing_acknowledged(void **state)
{
    struct scene *scene = *state;
    int total = 0;

    srandom(13);
    for (int round = 0; round < KILLS; round++) {
        int acked = kill_after(scene, 1 + random() % 300);
        struct err err = ERR_INIT;
        struct journal *journal =
            journal_append(scene->dirfd, &scene->clock, &err);
        int whole = count(scene);

        assert_non_null(journal);
        assert_true(whole >= acked);
        add(journal, whole + 1);
        journal_free(journal);
        assert_int_equal(count(scene), whole + 1);
        total += acked;
    }
    print_message("# %d kills, %d records acknowledged, 0 lost\n", KILLS,
                  total);
}

#define TAIL_LEN   65536
#define TAIL_DENSE 2048 /* here each byte is tried, also in a short test */
#define TAIL_STEP  29

/* Cut at any byte of its last 64 KB it opens with all whole
 * records. MIGLAB_LONG tries each byte, else some. */
static void
cut_anywhere_it_opens_with_all_whole_records(void **state)
{
    struct scene *scene = *state;
    const char *lengthy = getenv("MIGLAB_LONG");
    size_t step = lengthy != NULL && *lengthy != '\0' ? 1 : TAIL_STEP;
    struct err err = ERR_INIT;
    struct journal *journal = journal_create(scene->dirfd, &scene->clock, &err);
    char *path = xasprintf("%s/" JOURNAL_NAME, scene->path);
    static char text[3000], all[2 * TAIL_LEN];
    size_t ends[128], len = 0, cuts = 0;
    int records = 0, fd;

    memset(text, 'x', sizeof text - 1);
    while (len < TAIL_LEN + 4096) {
        struct record *record = record_new("test");
        struct stat st;

        text[sizeof text - 1 - (size_t)records] = '\0'; /* of many lengths */
        record_int(record, "n", records + 1);
        record_text(record, "text", text);
        assert_true(journal_add(journal, record, &err));
        assert_int_equal(stat(path, &st), 0);
        ends[records++] = len = (size_t)st.st_size;
    }
    journal_free(journal);
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(read(fd, all, sizeof all), (ssize_t)len);
    for (size_t cut = len; cut >= len - TAIL_LEN;
         cut -= cut + TAIL_DENSE > len ? 1 : step, cuts++) {
        int whole = 0;

        while (whole < records && ends[whole] <= cut)
            whole++;
        assert_int_equal(pwrite(fd, all, cut, 0), (ssize_t)cut);
        assert_int_equal(ftruncate(fd, (off_t)cut), 0);
        journal = journal_append(scene->dirfd, &scene->clock, &err);
        assert_non_null(journal);
        journal_free(journal);
        assert_int_equal(count(scene), whole);
    }
    print_message("# %zu cuts\n", cuts);
    close(fd);
    free(path);
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
        SCENE(nothing_is_written_through_what_stands_there),
        SCENE(a_torn_tail_is_cut_and_the_journal_goes_on),
        SCENE(kill_nine_loses_nothing_acknowledged),
        SCENE(cut_anywhere_it_opens_with_all_whole_records),
        SCENE(a_full_disk_is_told_and_stays_told),
        SCENE(what_is_no_record_is_told_with_its_line),
    };

    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
