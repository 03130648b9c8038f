/* The telnet protocol against peers that obey it and peers that do not. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "io/nvt.h"

struct talk {
    struct nvt *nvt;
    struct buf text, answers;
};

static int
setup(void **state)
{
    struct talk *talk = calloc(1, sizeof *talk);

    talk->nvt = nvt_new("xterm-256color", 80, 24);
    *state = talk;
    return 0;
}

static int
teardown(void **state)
{
    struct talk *talk = *state;

    nvt_free(talk->nvt);
    buf_fini(&talk->text);
    buf_fini(&talk->answers);
    free(talk);
    return 0;
}

static void
hear(struct talk *talk, const char *bytes, size_t len)
{
    nvt_receive(talk->nvt, (const uint8_t *)bytes, len, &talk->text,
                &talk->answers);
}

#define HEAR(talk, bytes) hear(talk, bytes, sizeof bytes - 1)
#define ASSERT_BYTES(buf, want)                                                \
    do {                                                                       \
        assert_int_equal((buf).len, sizeof want - 1);                          \
        assert_memory_equal(buf_text(&(buf)), want, sizeof want - 1);          \
    } while (0)

static void
options_are_taken_or_refused_as_the_table_says(void **state)
{
    struct talk *talk = *state;

    HEAR(talk, "\xff\xfb\x01\xff\xfb\x03\xff\xfb\x00\xff\xfd\x00hi");
    ASSERT_BYTES(talk->text, "hi");
    ASSERT_BYTES(talk->answers,
                 "\xff\xfd\x01\xff\xfd\x03\xff\xfd\x00\xff\xfb\x00");
    buf_clear(&talk->answers);
    HEAR(talk, "\xff\xfd\x01\xff\xfb\x56\xff\xfd\x22"); /* ECHO, COMPRESS2,
                                                           LINEMODE */
    ASSERT_BYTES(talk->answers, "\xff\xfc\x01\xff\xfe\x56\xff\xfc\x22");
}

static void
type_and_size_are_told_when_asked_for(void **state)
{
    struct talk *talk = *state;

    nvt_resize(talk->nvt, 81, 25, &talk->answers); /* nobody asked */
    ASSERT_BYTES(talk->answers, "");
    HEAR(talk, "\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0");
    ASSERT_BYTES(talk->answers,
                 "\xff\xfb\x18\xff\xfa\x18\x00xterm-256color\xff\xf0");
    buf_clear(&talk->answers);
    HEAR(talk, "\xff\xfd\x1f");
    assert_int_equal(talk->answers.len, 12);
    assert_non_null(memmem(talk->answers.bytes, talk->answers.len,
                           "\xff\xfa\x1f\x00\x51\x00\x19\xff\xf0", 9));
    buf_clear(&talk->answers);
    nvt_resize(talk->nvt, 255, 50, &talk->answers); /* 255 is doubled */
    ASSERT_BYTES(talk->answers, "\xff\xfa\x1f\x00\xff\xff\x00\x32\xff\xf0");
}

static void
what_is_sent_has_ff_doubled_and_nothing_else_changed(void **state)
{
    struct talk *talk = *state;

    nvt_escape((const uint8_t *)"a\r\xff\xff\n\0", 6, &talk->answers);
    ASSERT_BYTES(talk->answers, "a\r\xff\xff\xff\xff\n\0");
    buf_clear(&talk->answers);
    nvt_escape((const uint8_t *)"", 0, &talk->answers);
    ASSERT_BYTES(talk->answers, "");
    HEAR(talk, "\r\0\xff\xff\r\n");
    ASSERT_BYTES(talk->text, "\r\0\xff\r\n");
}

/* The streams after which an unguarded libtelnet inflates. */
static void
no_trick_switches_inflation_on(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } tricks[] = {
#define TRICK(bytes) { bytes, sizeof bytes - 1 }
        TRICK("\xff\xfa\x56\xff\xf0"),
        TRICK("\xff\xfb\xff\xff\xfa\x56\xff\xf0"), /* WILL 255 first */
        TRICK("\xff\xfa\xff\xff\xfa\x56\xff\xf0"), /* SB 255 first */
        TRICK("\xff\xfa\x18\xff\xfa\x56\xff\xf0"), /* SB in SB */
        TRICK("\xff\xfa\x18\xff\xff\xff\xfa\x56\xff\xf0"),
        TRICK("\xff\xfd\xff\xff\xff\xff\xfa\x56\xff\xf0"),
        TRICK("\xff\xfb\x56\xff\xfa\x56\xff\xf0"), /* offered first */
        TRICK("\xff\xfa\x55\xfb\xf0"), /* the first COMPRESS, option 85 */
        TRICK("\xff\xf1\xff\xfa\x56\xff\xf0"),
    };
    /* Deflated: "bomb" in a stored block, as zlib writes it. */
    static const char packed[] = "\x78\x01\x01\x04\x00\xfb\xff"
                                 "bomb\x04\x16\x01\xab";
    struct talk *talk = *state;

    for (size_t i = 0; i < ARRAY_LEN(tricks); i++) {
        for (size_t cut = 0; cut <= tricks[i].len; cut++) {
            print_message("# %zu cut at %zu\n", i, cut);
            nvt_free(talk->nvt);
            talk->nvt = nvt_new("vt100", 80, 24);
            buf_clear(&talk->text);
            hear(talk, tricks[i].bytes, cut);
            hear(talk, tricks[i].bytes + cut, tricks[i].len - cut);
            hear(talk, packed, sizeof packed - 1);
            /* Deflated bytes came through as they are, or were eaten by a
             * subnegotiation that has no end; never their meaning alone. */
            assert_true(talk->text.len <= tricks[i].len + sizeof packed);
            if (talk->text.len >= 4 && memcmp(talk->text.bytes, "bomb", 4) == 0)
                fail_msg("inflated");
        }
    }
}

static void
a_flood_of_negotiations_gets_few_answers(void **state)
{
    struct talk *talk = *state;

    for (int i = 0; i < 2000; i++) {
        HEAR(talk, "\xff\xfb\x01\xff\xfc\x01\xff\xfd\x1f\xff\xfe\x1f");
        HEAR(talk, "\xff\xfa\x18\x01\xff\xf0");
    }
    assert_true(talk->answers.len <= NVT_ANSWERS_MAX * 24);
    assert_true(talk->answers.len > 0);
    HEAR(talk, "still here");
    ASSERT_BYTES(talk->text, "still here");
}

static void
any_cut_gives_the_same_text_and_answers(void **state)
{
    static const char bytes[] = "a\xff\xfb\x01"
                                "b\xff\xff"
                                "c\xff\xfa\x18\x01\xff\xf0"
                                "d\xff\xf1"
                                "e\xff\xfa\x56z\xff\xf0"
                                "f\xff\xfd\x18g";
    struct talk *talk = *state;
    struct buf text = BUF_INIT(0), answers = BUF_INIT(0);

    HEAR(talk, bytes);
    assert_string_equal(buf_text(&talk->text), "ab\xff"
                                               "cdezfg");
    for (size_t cut = 0; cut < sizeof bytes; cut++) {
        struct nvt *nvt = nvt_new("xterm-256color", 80, 24);

        buf_clear(&text);
        buf_clear(&answers);
        nvt_receive(nvt, (const uint8_t *)bytes, cut, &text, &answers);
        nvt_receive(nvt, (const uint8_t *)bytes + cut, sizeof bytes - 1 - cut,
                    &text, &answers);
        assert_string_equal(buf_text(&text), buf_text(&talk->text));
        assert_int_equal(answers.len, talk->answers.len);
        nvt_free(nvt);
    }
    buf_fini(&text);
    buf_fini(&answers);
}

int
main(void)
{
#define TALK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TALK(options_are_taken_or_refused_as_the_table_says),
        TALK(type_and_size_are_told_when_asked_for),
        TALK(what_is_sent_has_ff_doubled_and_nothing_else_changed),
        TALK(no_trick_switches_inflation_on),
        TALK(a_flood_of_negotiations_gets_few_answers),
        TALK(any_cut_gives_the_same_text_and_answers),
    };

    return cmocka_run_group_tests_name("nvt", tests, NULL, NULL);
}
