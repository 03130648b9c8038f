/* Recordings: what is written is read back, and what is broken is named. */
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
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "io/cast.h"
#include "io/json.h"

static const struct cast_header small = {
    .cols = 80, .rows = 24, .wall_us = 1795379641000000, .title = "a \"b\"\n"
};

struct scene {
    char dir[64];
    int dirfd;
    char *path; /* of "x.cast" in dir */
};

static int
setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    strcpy(scene->dir, "/tmp/miglab-cast-XXXXXX");
    assert_non_null(mkdtemp(scene->dir));
    scene->dirfd = open(scene->dir, O_DIRECTORY | O_CLOEXEC);
    scene->path = xasprintf("%s/x.cast", scene->dir);
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    unlinkat(scene->dirfd, "x.cast", 0);
    unlinkat(scene->dirfd, "target", 0);
    close(scene->dirfd);
    rmdir(scene->dir);
    free(scene->path);
    free(scene);
    return 0;
}

static void
write_file(const struct scene *scene, const char *text, size_t len)
{
    int fd = openat(scene->dirfd, "x.cast",
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), (ssize_t)len);
    close(fd);
}

static char *
read_text(const struct scene *scene)
{
    struct buf out = BUF_INIT(0);
    char block[4096];
    int fd = open(scene->path, O_RDONLY | O_CLOEXEC);
    ssize_t len;

    assert_true(fd >= 0);
    while ((len = read(fd, block, sizeof block)) > 0)
        buf_add(&out, block, (size_t)len);
    close(fd);
    return buf_take(&out);
}

static void
a_recording_is_what_asciicast_says(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct cast_writer *cast =
        cast_writer_new(scene->dirfd, "x.cast", &small, &err);
    struct stat st;
    char *text;

    assert_non_null(cast);
    assert_true(
        cast_output(cast, 1500001, "a\x1b[1m\"\\\r\n\x7f\xc3\xa9", 12, &err));
    assert_true(cast_output(cast, 1500002, "", 0, &err)); /* no event */
    assert_true(cast_resize(cast, 2000000, 132, 43, &err));
    /* Time has no way back. */
    assert_true(cast_marker(cast, 1000000, "10 migrate", &err));
    text = read_text(scene);
    assert_string_equal(
        text, "{\"version\": 2, \"width\": 80, \"height\": 24, "
              "\"timestamp\": 1795379641, \"title\": \"a \\\"b\\\"\\n\"}\n"
              "[1.500001, \"o\", \"a\\u001b[1m\\\"\\\\\\r\\n\x7f\xc3\xa9\"]\n"
              "[2.000000, \"r\", \"132x43\"]\n"
              "[2.000000, \"m\", \"10 migrate\"]\n");
    assert_int_equal(cast_offset(cast), strlen(text));
    assert_int_equal(fstatat(scene->dirfd, "x.cast", &st, 0), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    free(text);
    cast_writer_free(cast);
}

/* doc/reliability.md 9. */
static void
nothing_is_written_through_what_stands_there(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    char *text;

    write_file(scene, "mine", 4);
    assert_null(cast_writer_new(scene->dirfd, "x.cast", &small, &err));
    assert_int_equal(err.kind, ERR_SYS);
    unlinkat(scene->dirfd, "x.cast", 0);

    assert_int_equal(symlinkat("target", scene->dirfd, "x.cast"), 0);
    assert_null(cast_writer_new(scene->dirfd, "x.cast", &small, &err));
    assert_int_equal(faccessat(scene->dirfd, "target", F_OK, 0), -1);

    unlinkat(scene->dirfd, "x.cast", 0);

    assert_int_equal(mkfifoat(scene->dirfd, "x.cast", 0600), 0);
    assert_null(cast_writer_new(scene->dirfd, "x.cast", &small, &err));
    unlinkat(scene->dirfd, "x.cast", 0);

    write_file(scene, "mine", 4);
    assert_int_equal(linkat(scene->dirfd, "x.cast", scene->dirfd, "target", 0),
                     0);
    assert_null(cast_writer_new(scene->dirfd, "target", &small, &err));
    text = read_text(scene);
    assert_string_equal(text, "mine");
    free(text);
    unlinkat(scene->dirfd, "target", 0);

    assert_null(cast_writer_new(scene->dirfd, "../x.cast", &small, &err));
    assert_int_equal(err.kind, ERR_USAGE);
}

/* doc/reliability.md 9: the folder is the one that was opened, whatever has its
 * name. */
static void
a_swapped_folder_gets_nothing(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    char *moved = xasprintf("%s.moved", scene->dir);
    struct cast_writer *cast;

    assert_int_equal(rename(scene->dir, moved), 0);
    assert_int_equal(mkdir(scene->dir, 0700), 0);
    cast = cast_writer_new(scene->dirfd, "x.cast", &small, &err);
    assert_non_null(cast);
    assert_int_equal(rmdir(scene->dir), 0); /* it is empty */
    assert_int_equal(rename(moved, scene->dir), 0);
    assert_int_equal(access(scene->path, R_OK), 0);
    cast_writer_free(cast);
    free(moved);
}

/* Any text: a rune of any length, control characters and quotes often. */
static void
add_random_text(struct buf *out)
{
    static const uint32_t tops[] = { 0x20, 0x80, 0x800, 0x10000, 0x110000 };
    size_t runes = (size_t)(random() % 200);

    while (runes-- > 0) {
        uint8_t bytes[UTF8_MAX];
        uint32_t rune = (uint32_t)random() % tops[random() % 5];

        if (rune >= 0xD800 && rune < 0xE000)
            rune = '"';
        buf_add(out, bytes, utf8_encode(rune, bytes));
    }
}

static void
any_text_comes_back_as_it_was(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct buf texts[300];
    struct cast_header header;
    struct cast_writer *cast =
        cast_writer_new(scene->dirfd, "x.cast", &small, &err);
    struct cast_reader *reader;
    struct cast_event event;
    uint64_t at_us = 0, times[ARRAY_LEN(texts)];

    srandom(7);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        buf_init(&texts[i], 0);
        buf_add(&texts[i], "x", 1);
        add_random_text(&texts[i]);
        times[i] = at_us += (uint64_t)random() % 100000000;
        assert_true(
            cast_output(cast, at_us, texts[i].bytes, texts[i].len, &err));
    }
    cast_writer_free(cast);
    reader = cast_reader_new(scene->path, &header, &err);
    assert_non_null(reader);
    assert_int_equal(header.cols, 80);
    assert_int_equal(header.wall_us, small.wall_us);
    assert_string_equal(header.title, small.title);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_int_equal(cast_next(reader, &event, &err), 1);
        assert_int_equal(event.code, 'o');
        assert_int_equal(event.at_us, times[i]);
        assert_int_equal(event.len, texts[i].len);
        assert_memory_equal(event.text, texts[i].bytes, event.len);
        buf_fini(&texts[i]);
    }
    assert_int_equal(cast_next(reader, &event, &err), 0);
    cast_reader_free(reader);
}

#define HEAD "{\"version\": 2, \"width\": 80, \"height\": 24}\n"

static void
mistakes_are_named_with_their_line(void **state)
{
    static const struct {
        const char *file, *want;
    } cases[] = {
        { "", ":1: a '{' is missing" },
        { "{\"version\": 1, \"width\": 8, \"height\": 2}\n",
          ":1: no asciicast of version 2" },
        { "{\"version\": 2, \"width\": 8}\n", ":1: the height is missing" },
        { "{\"version\": 2, \"width\": 99999}\n",
          ":1: a number is out of range" },
        { HEAD "[1, \"o\", \"a\"]\n\n[0.9, \"o\", \"b\"]\n",
          ":4: the time runs backwards" },
        { HEAD "[1, \"o\"]\n", ":2: a ',' is missing" },
        { HEAD "[1, \"o\", \"a\"] x\n", ":2: more than one value" },
        { HEAD "[-1, \"o\", \"a\"]\n", ":2: a time is out of range" },
        { HEAD "[01, \"o\", \"a\"]\n", ":2: a number is missing" },
        { HEAD "[1e400, \"o\", \"a\"]\n", ":2: a time is out of range" },
        { HEAD "[1, \"out\", \"a\"]\n", ":2: an event's code is one letter" },
        { HEAD "[1, \"r\", \"80\"]\n", ":2: a size is not like 80x24" },
        { HEAD "[1, \"r\", \"0x24\"]\n", ":2: a size is not like 80x24" },
        { HEAD "[1, \"o\", \"\\q\"]\n", ":2: an unknown escape" },
        { HEAD "[1, \"o\", \"\\ud83d\"]\n", ":2: half a surrogate pair" },
        { HEAD "[1, \"o\", \"\\ude00\"]\n", ":2: half a surrogate pair" },
        { HEAD "[1, \"o\", \"\\u12g4\"]\n",
          ":2: a \\u escape has a wrong digit" },
        { HEAD "[1, \"o\", \"a\tb\"]\n",
          ":2: a bare control character in a string" },
        { HEAD "[1, \"o\", \"\xff\"]\n", ":2: a string is no UTF-8" },
        { HEAD "[1, \"o\", \"a\n", ":2: a string does not end" },
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = ERR_INIT;
        struct cast_header header;
        struct cast_event event;
        struct cast_reader *reader;
        int rc = 1;

        print_message("# %zu: %s\n", i, cases[i].want);
        write_file(scene, cases[i].file, strlen(cases[i].file));
        reader = cast_reader_new(scene->path, &header, &err);
        while (reader != NULL && rc == 1)
            rc = cast_next(reader, &event, &err);
        assert_int_equal(rc, reader != NULL ? -1 : 1);
        assert_int_equal(err.kind, ERR_FILE);
        assert_memory_equal(err.text, scene->path, strlen(scene->path));
        assert_string_equal(err.text + strlen(scene->path), cases[i].want);
        cast_reader_free(reader);
    }
}

static void
other_writers_habits_are_read(void **state)
{
    static const char text[] =
        "{\"env\": {\"a\": [1, -2.5e3, true, null, {}], \"b\": []}, "
        "\"height\": 24, \"width\": 80, \"version\": 2, \"title\": null}\r\n"
        "[1e-05, \"i\", \"\\u0000\\ud83d\\ude00\\/\"]\n"
        "  [ 2.5 , \"x\" , \"\" ]  \n"
        "[3, \"r\", \"100x50\"]"; /* whole, though its line has no end */
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct cast_header header;
    struct cast_event event;
    struct cast_reader *reader;

    write_file(scene, text, sizeof text - 1);
    reader = cast_reader_new(scene->path, &header, &err);
    assert_non_null(reader);
    assert_null(header.title);
    assert_int_equal(cast_next(reader, &event, &err), 1);
    assert_int_equal(event.at_us, 10);
    assert_int_equal(event.len, 6);
    assert_memory_equal(event.text, "\0\xF0\x9F\x98\x80/", 6);
    assert_int_equal(cast_next(reader, &event, &err), 1);
    assert_int_equal(event.code, 'x');
    assert_int_equal(cast_next(reader, &event, &err), 1);
    assert_int_equal(event.cols, 100);
    assert_int_equal(event.rows, 50);
    assert_int_equal(cast_next(reader, &event, &err), 0);
    cast_reader_free(reader);
}

/* Cut anywhere, a recording gives its whole events and no mistake. */
static void
a_torn_end_is_no_mistake(void **state)
{
    static const char text[] = HEAD "[1.000000, \"o\", \"a\"]\n"
                                    "[2.000000, \"o\", \"\\u00e9\"]\n";
    struct scene *scene = *state;
    struct err err = ERR_INIT;

    for (size_t cut = strlen(HEAD); cut < sizeof text; cut++) {
        size_t whole = 0, want = cut >= sizeof text - 2     ? 2
                                 : cut >= strlen(HEAD) + 20 ? 1
                                                            : 0;
        struct cast_header header;
        struct cast_event event;
        struct cast_reader *reader;
        int rc;

        write_file(scene, text, cut);
        reader = cast_reader_new(scene->path, &header, &err);
        assert_non_null(reader);
        while ((rc = cast_next(reader, &event, &err)) == 1)
            whole++;
        assert_int_equal(rc, 0);
        assert_int_equal(whole, want);
        cast_reader_free(reader);
    }
}

#define TAIL_LEN  65536
#define TAIL_STEP 29

/* doc/reliability.md 14: MIGLAB_LONG cuts at each byte of the last 64 KB, else
 * at some. */
static void
cut_anywhere_it_gives_all_whole_events(void **state)
{
    static char text[1000], all[2 * TAIL_LEN];
    const char *lengthy = getenv("MIGLAB_LONG");
    size_t step = lengthy != NULL && *lengthy != '\0' ? 1 : TAIL_STEP;
    struct scene *scene = *state;
    struct err err = ERR_INIT;
    struct cast_writer *cast =
        cast_writer_new(scene->dirfd, "x.cast", &small, &err);
    size_t ends[256], len = 0, events = 0;
    int fd;

    memset(text, 'x', sizeof text);
    while (len < TAIL_LEN + 4096) {
        assert_true(
            cast_output(cast, events + 1, text, sizeof text - events, &err));
        ends[events++] = len = cast_offset(cast);
    }
    cast_writer_free(cast);
    fd = open(scene->path, O_RDWR | O_CLOEXEC);
    assert_int_equal(read(fd, all, sizeof all), (ssize_t)len);
    for (size_t cut = len; cut >= len - TAIL_LEN; cut -= step) {
        struct cast_header header;
        struct cast_event event;
        struct cast_reader *reader;
        size_t whole = 0, got = 0;

        /* An event is whole with its bracket, also without its line's end. */
        while (whole < events && ends[whole] - 1 <= cut)
            whole++;
        assert_int_equal(ftruncate(fd, (off_t)cut), 0);
        reader = cast_reader_new(scene->path, &header, &err);
        while (cast_next(reader, &event, &err) == 1)
            got++;
        cast_reader_free(reader);
        assert_int_equal(err.kind, ERR_NONE);
        assert_int_equal(got, whole);
    }
    close(fd);
}

static void
a_full_disk_ends_the_recording_on_a_whole_line(void **state)
{
    struct scene *scene = *state;
    struct err err = ERR_INIT, again = ERR_INIT;
    struct cast_writer *cast =
        cast_writer_new(scene->dirfd, "x.cast", &small, &err);
    struct rlimit old, tight;
    char *text;

    getrlimit(RLIMIT_FSIZE, &old);
    tight = old;
    tight.rlim_cur = cast_offset(cast) + 70; /* two events and a half */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    assert_true(cast_output(cast, 1, "first", 5, &err));
    assert_true(cast_output(cast, 2, "second", 6, &err));
    assert_false(cast_output(cast, 3, "third", 5, &err));
    assert_false(cast_output(cast, 4, "4", 1, &again));
    setrlimit(RLIMIT_FSIZE, &old);
    /* Room again does not help: a gap would look like silence. */
    assert_false(cast_output(cast, 5, "5", 1, &again));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_memory_equal(err.text, "recording failed: ", 18);
    assert_string_equal(err.text, again.text);
    text = read_text(scene);
    assert_int_equal(strlen(text), cast_offset(cast));
    assert_non_null(strstr(text, "second\"]\n"));
    assert_null(strstr(text, "third"));
    free(text);
    cast_writer_free(cast);
}

static void
deep_or_endless_values_are_refused(void **state)
{
    static const char fine[] = "{\"a\": [1, {\"b\": \"c\"}], \"d\": -0.5}";
    char deep[64];
    struct json json;

    (void)state;
    memset(deep, '[', sizeof deep);
    json_init(&json, deep, sizeof deep);
    assert_false(json_skip(&json));
    assert_string_equal(json.wrong, "too deep");
    json_init(&json, fine, sizeof fine - 1);
    assert_true(json_skip(&json));
    assert_true(json_end(&json));
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(a_recording_is_what_asciicast_says),
        SCENE(nothing_is_written_through_what_stands_there),
        SCENE(a_swapped_folder_gets_nothing),
        SCENE(any_text_comes_back_as_it_was),
        SCENE(mistakes_are_named_with_their_line),
        SCENE(other_writers_habits_are_read),
        SCENE(a_torn_end_is_no_mistake),
        SCENE(cut_anywhere_it_gives_all_whole_events),
        SCENE(a_full_disk_ends_the_recording_on_a_whole_line),
        SCENE(deep_or_endless_values_are_refused),
    };

    return cmocka_run_group_tests_name("cast", tests, NULL, NULL);
}
