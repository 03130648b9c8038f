/* What the log of all that was sent has, as the journal tells it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/diag.h"
#include "base/paths.h"
#include "base/xalloc.h"
#include "journal/record.h"
#include "plan/script.h"
#include "ui/story.h"

struct scene {
    struct script *script;
    struct story *story;
};

static int
setup(void **state)
{
    struct scene *scene = xcalloc(1, sizeof *scene);
    struct diags diags = { 0 };
    char *path = xasprintf("%s/tests/runs/virtio-net-split", paths_data());

    scene->script = script_load_run(path, &diags);
    diags_print(&diags, stdout);
    free(path);
    if (scene->script == NULL)
        return -1;
    scene->story = story_new(scene->script);
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    story_free(scene->story);
    script_free(scene->script);
    free(scene);
    return 0;
}

/* A record: bytes and a text where there are some. */
static void
hear(struct scene *scene, const char *event, const char *pane, int bytes,
     const char *text, const char *clears)
{
    struct record *record = record_new(event);

    record_text(record, "pane", pane);
    if (bytes > 0) {
        record_int(record, "bytes", bytes);
        record_bool(record, "ends_line", text != NULL);
    }
    record_text(record, "text", text);
    record_text(record, "clears", clears);
    story_hear(scene->story, record);
    record_free(record);
}

/* All entries: who, where, what, one a line. */
static void
assert_log(struct scene *scene, const char *want)
{
    struct buf got = BUF_INIT(0);
    size_t len;
    const struct story_typed *typed = story_typed(scene->story, &len);

    for (size_t i = 0; i < len; i++)
        buf_printf(&got, "%s %s: %s\n", typed[i].who, typed[i].pane,
                   typed[i].text);
    assert_string_equal(buf_text(&got), want);
    buf_fini(&got);
}

static void
keys_and_answers_grow_in_one_entry_each(void **state)
{
    struct scene *scene = *state;

    hear(scene, "human", "a", 3, NULL, NULL);
    hear(scene, "answered", "a", 7, NULL, NULL);
    hear(scene, "answered", "b", 4, NULL, NULL);
    hear(scene, "human", "a", 2, NULL, NULL);
    hear(scene, "answered", "a", 7, NULL, NULL);
    assert_log(scene, "miglab b: (4 bytes, the terminal's answer)\n"
                      "human a: (5 bytes)\n"
                      "miglab a: (14 bytes, the terminal's answer)\n");
    hear(scene, "human", "a", 1, "ls", NULL);
    hear(scene, "answered", "a", 1, NULL, NULL);
    assert_log(scene, "miglab b: (4 bytes, the terminal's answer)\n"
                      "miglab a: (14 bytes, the terminal's answer)\n"
                      "human a: ls [Enter]\n"
                      "miglab a: (1 byte, the terminal's answer)\n");
}

static void
keys_that_clear_stand_before_their_line(void **state)
{
    struct scene *scene = *state;

    hear(scene, "typed", "a", 0, "echo one", NULL);
    hear(scene, "typed", "a", 0, "echo two", "C-e C-u");
    assert_log(scene, "wizard a: echo one [Enter]\n"
                      "wizard a: [C-e C-u] echo two [Enter]\n");
}

static void
a_full_log_says_so_and_stays(void **state)
{
    struct scene *scene = *state;
    const struct story_typed *typed;
    size_t len;

    for (int i = 0; i < STORY_TYPED_MAX - 2; i++)
        hear(scene, "typed", "a", 0, "x", NULL);
    hear(scene, "human", "a", 3, NULL, NULL);
    hear(scene, "human", "a", 4, NULL, NULL);
    typed = story_typed(scene->story, &len);
    assert_int_equal(len, STORY_TYPED_MAX - 1);
    assert_string_equal(typed[len - 1].text, "(7 bytes)");
    for (int i = 0; i < 3; i++) {
        hear(scene, "human", "b", 5, NULL, NULL);
        hear(scene, "typed", "a", 0, "y", NULL);
        typed = story_typed(scene->story, &len);
        assert_int_equal(len, STORY_TYPED_MAX);
        assert_string_equal(typed[len - 1].who, "miglab");
        assert_string_equal(typed[len - 1].text,
                            "(no more is kept here: the journal has it all)");
        assert_int_equal(typed[len - 1].bytes, 0);
        assert_int_equal(typed[len - 2].bytes, 7);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_and_answers_grow_in_one_entry_each,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(keys_that_clear_stand_before_their_line,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_log_says_so_and_stays, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
