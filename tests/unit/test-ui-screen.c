/* What is drawn is what a terminal shows, and a stopped one stops nobody. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "io/loop.h"
#include "tests/unit/outer.h"
#include "tests/unit/term-probe.h"
#include "ui/palette.h"
#include "ui/screen.h"
#include "ui/surface.h"
#include "ui/tty.h"

enum { COLS = 40, ROWS = 10, PATIENCE_MS = 20000 };

static const struct look plain = { 0 };

/* A screen on a pty whose other end is our own terminal engine. */
struct scene {
    int master, slave;
    struct loop *loop;
    struct tty *tty;
    struct screen *screen;
    struct probe probe;
    struct outer outer; /* says whether all of it is ours */
    struct utf8_gate gate;
    size_t read; /* bytes */
    int ready, gone;
};

static void
on_ready(void *ctx)
{
    ((struct scene *)ctx)->ready++;
}

static void
on_gone(void *ctx, const struct err *why)
{
    assert_int_equal(why->kind, ERR_SYS);
    ((struct scene *)ctx)->gone++;
}

/* tty_open() takes standard input and output: the pty, for that moment. */
static struct tty *
open_tty_on(int slave)
{
    struct err err = ERR_INIT;
    int in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
    struct tty *tty;

    fflush(stdout);
    dup2(slave, STDIN_FILENO);
    dup2(slave, STDOUT_FILENO);
    tty = tty_open(&err);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    close(in);
    close(out);
    assert_non_null(tty);
    return tty;
}

static void
scene_init(struct scene *scene, const char *terminal, bool mono, bool ascii)
{
    struct winsize size = { .ws_col = COLS, .ws_row = ROWS };
    struct screen_spec spec = {
        .mono = mono,
        .ascii = ascii,
        .ready = on_ready,
        .gone = on_gone,
        .ctx = scene,
    };
    struct err err = ERR_INIT;

    *scene = (struct scene){ 0 };
    if (terminal != NULL)
        setenv("TERM", terminal, 1);
    else
        unsetenv("TERM");
    assert_int_equal(openpty(&scene->master, &scene->slave, NULL, NULL, &size),
                     0);
    fcntl(scene->master, F_SETFL, O_NONBLOCK);
    probe_init(&scene->probe, COLS, ROWS);
    outer_init(&scene->outer, false);
    scene->loop = loop_new();
    scene->tty = open_tty_on(scene->slave);
    spec.loop = scene->loop;
    spec.tty = scene->tty;
    scene->screen = screen_new(&spec, &err);
    assert_non_null(scene->screen);
}

static void
scene_fini(struct scene *scene)
{
    assert_string_equal(scene->outer.wrong, "");
    screen_free(scene->screen);
    tty_close(scene->tty);
    loop_free(scene->loop);
    probe_fini(&scene->probe);
    close(scene->slave);
    if (scene->master >= 0)
        close(scene->master);
}

/* Let the terminal read what there is now. */
static size_t
read_some(struct scene *scene)
{
    char bytes[4096];
    struct buf text = BUF_INIT(0);
    ssize_t n = read(scene->master, bytes, sizeof bytes);

    if (n <= 0)
        return 0;
    outer_feed_asked(&scene->outer, bytes, (size_t)n);
    utf8_gate_pass(&scene->gate, (uint8_t *)bytes, (size_t)n, &text);
    scene->read += (size_t)n;
    term_feed(scene->probe.term, scene->read, (const uint8_t *)buf_text(&text),
              text.len);
    buf_fini(&text);
    return (size_t)n;
}

/* Turn and read until a thing holds; the test fails when it never does. */
static bool
wait_for(struct scene *scene, bool (*holds)(struct scene *scene))
{
    uint64_t deadline_us = clock_now_us() + PATIENCE_MS * 1000;
    struct pollfd master = { .fd = scene->master, .events = POLLIN };

    while (!holds(scene)) {
        if (clock_now_us() > deadline_us)
            return false;
        loop_turn(scene->loop);
        if (read_some(scene) == 0)
            poll(&master, 1, 5);
    }
    return true;
}

static bool
can_show(struct scene *scene)
{
    return screen_show(scene->screen);
}

static bool
has_replied(struct scene *scene)
{
    return scene->probe.replies.len > 0;
}

/*
 * Show what was drawn, and wait until the terminal has it all: a second frame
 * can be made once the pty has the first one, and the answer to a question
 * behind both comes when they are read.
 */
static void
show(struct scene *scene)
{
    assert_true(wait_for(scene, can_show));
    assert_true(wait_for(scene, can_show));
    buf_clear(&scene->probe.replies);
    assert_int_equal(write(scene->slave, OUTER_QUESTION, 4), 4);
    assert_true(wait_for(scene, has_replied));
}

static void
assert_row(struct scene *scene, int row, const char *want)
{
    const char *text = probe_screen(&scene->probe);

    for (int i = 0; i < row && text != NULL; i++) {
        text = strchr(text, '\n');
        text = text != NULL ? text + 1 : NULL;
    }
    if (text == NULL || strncmp(text, want, strlen(want)) != 0 ||
        (text[strlen(want)] != '\n' && text[strlen(want)] != '\0'))
        fail_msg("row %d is not '%s' in\n%s", row, want,
                 probe_screen(&scene->probe));
}

static void
text_lands_where_it_is_drawn(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    assert_int_equal(screen_text(scene.screen, 0, 0, 99, &plain, "first"), 5);
    assert_int_equal(screen_text(scene.screen, 1, 36, 99, &plain, "clipped"),
                     7);
    assert_int_equal(screen_text(scene.screen, 2, -3, 99, &plain, "clipped"),
                     7);
    assert_int_equal(screen_text(scene.screen, 3, 2, 4, &plain, "at most"), 4);
    screen_text(scene.screen, -1, 0, 99, &plain, "above");
    screen_text(scene.screen, ROWS, 0, 99, &plain, "below");
    screen_text(scene.screen, 4, 1, 99, &plain, "a\tb\033[1m\377\302\205c");
    screen_text(scene.screen, 5, 0, 99, &plain,
                "\346\274\242\345\255\227 e\314\201!");
    screen_text(scene.screen, 6, 39, 99, &plain, "\346\274\242");
    screen_text(scene.screen, 7, 0, 3, &plain, "\346\274\242\345\255\227");
    show(&scene);
    assert_row(&scene, 0, "first");
    assert_row(&scene, 1, "                                    clip");
    assert_row(&scene, 2, "pped");
    assert_row(&scene, 3, "  at m");
    assert_row(&scene, 4, " a?b?[1m??c");
    assert_row(&scene, 5, "\346\274\242\345\255\227 e\314\201!");
    assert_row(&scene, 6, "");
    assert_row(&scene, 7, "\346\274\242");
    assert_int_equal(text_columns("\346\274\242 e\314\201\t!"), 6);
    assert_int_equal(text_columns(""), 0);

    /* Over half a wide character: the other half goes, too. */
    screen_text(scene.screen, 5, 1, 99, &plain, "x");
    screen_text(scene.screen, 7, 0, 99, &plain, "x");
    show(&scene);
    assert_row(&scene, 5, " x\345\255\227 e\314\201!");
    assert_row(&scene, 7, "x");
    scene_fini(&scene);
}

static void
assert_cell(struct scene *scene, int col, uint32_t fg, uint32_t bg,
            uint16_t attrs)
{
    struct term_cell cell = probe_cell(&scene->probe, 0, col);

    print_message("# column %d: %x %x %x\n", col, cell.fg, cell.bg, cell.attrs);
    assert_int_equal(cell.fg, fg);
    assert_int_equal(cell.bg, bg);
    assert_int_equal(cell.attrs, attrs);
}

/* A look a column. */
static void
draw_looks(struct scene *scene, const struct look *looks, int len)
{
    for (int i = 0; i < len; i++)
        screen_text(scene->screen, 0, i, 1, &looks[i], "x");
    show(scene);
}

#define INDEX(n) (TERM_COLOR_INDEX | (n))
#define RGB(n)   (TERM_COLOR_RGB | (n))

static void
colours_and_attributes_arrive(void **state)
{
    static const struct look looks[] = {
        { 0, 0, TERM_BOLD },
        { 0, 0, TERM_REVERSE | TERM_UNDERLINE },
        { INDEX(1), 0, 0 },
        { 0, INDEX(4), TERM_BLINK },
        { INDEX(200), INDEX(17), TERM_ITALIC },
        { INDEX(9), 0, 0 },
        { RGB(0xff8700), RGB(0x080808), 0 },
    };
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    assert_true(screen_has_color(scene.screen));
    draw_looks(&scene, looks, ARRAY_LEN(looks));
    for (int i = 0; i < 6; i++)
        assert_cell(&scene, i, looks[i].fg, looks[i].bg, looks[i].attrs);
    assert_cell(&scene, 6, INDEX(208), INDEX(232), 0);
    assert_cell(&scene, 7, 0, 0, 0);
    scene_fini(&scene);
}

static void
eight_colours_are_the_nearest_ones(void **state)
{
    static const struct look looks[] = {
        { INDEX(1), INDEX(2), 0 }, { INDEX(9), 0, 0 },
        { RGB(0xff0000), 0, 0 },   { INDEX(21), 0, 0 },
        { INDEX(8), 0, 0 },        { INDEX(0), INDEX(7), 0 },
        { RGB(0x202020), 0, 0 },
    };
    struct scene scene;

    (void)state;
    scene_init(&scene, "screen", false, false);
    assert_true(screen_has_color(scene.screen));
    draw_looks(&scene, looks, ARRAY_LEN(looks));
    assert_cell(&scene, 0, INDEX(1), INDEX(2), 0);
    assert_cell(&scene, 1, INDEX(1), 0, TERM_BOLD);
    assert_cell(&scene, 2, INDEX(1), 0, 0);
    assert_cell(&scene, 3, INDEX(4), 0, 0);
    assert_cell(&scene, 4, 0, 0, 0);
    assert_cell(&scene, 5, INDEX(0), INDEX(7), 0);
    assert_cell(&scene, 6, 0, 0, 0);
    scene_fini(&scene);
}

static void
colours_stay_right_when_pairs_run_out(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "screen", false, false); /* 63 pairs */
    for (uint32_t frame = 0; frame < 72; frame++) {
        struct look look = { frame % 9 == 8 ? 0 : INDEX(frame % 9), 0, 0 };

        for (uint32_t row = 0; row < 4; row++) {
            look.bg = INDEX((frame + row) % 8);
            screen_text(scene.screen, (int)row, 7, 1, &look, "x");
        }
        show(&scene);
        for (uint32_t row = 0; row < 4; row++) {
            struct term_cell cell = probe_cell(&scene.probe, (int)row, 7);

            assert_int_equal(cell.fg, look.fg);
            assert_int_equal(cell.bg, INDEX((frame + row) % 8));
        }
    }
    /* More than there are in one frame: drawn all the same. */
    for (uint32_t i = 0; i < 81; i++) {
        struct look look = { i % 9 == 8 ? 0 : INDEX(i % 9),
                             i / 9 == 8 ? 0 : INDEX(i / 9), 0 };

        screen_text(scene.screen, (int)i / 30, (int)i % 30, 1, &look, "y");
    }
    show(&scene);
    for (int i = 0; i < 81; i++)
        assert_int_equal(probe_cell(&scene.probe, i / 30, i % 30).rune, 'y');
    scene_fini(&scene);
}

static void
without_colours_attributes_remain(void **state)
{
    static const struct look looks[] = {
        { INDEX(1), INDEX(2), 0 },
        { INDEX(1), 0, TERM_BOLD },
        { 0, 0, TERM_REVERSE },
        { 0, 0, TERM_UNDERLINE },
    };
    static const struct {
        const char *terminal;
        bool mono;
    } rows[] = { { "xterm-256color", true },
                 { "vt100", false },
                 { "dumb", false },
                 { "a-terminal-that-nobody-knows", false },
                 { NULL, false } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scene scene;

        print_message("# %s\n", rows[i].terminal);
        scene_init(&scene, rows[i].terminal, rows[i].mono, false);
        assert_false(screen_has_color(scene.screen));
        draw_looks(&scene, looks, ARRAY_LEN(looks));
        for (int c = 0; c < (int)ARRAY_LEN(looks); c++)
            assert_cell(&scene, c, 0, 0, looks[c].attrs);
        scene_fini(&scene);
    }
}

static void
ascii_is_near(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "vt100", true, true);
    assert_int_equal(
        screen_text(scene.screen, 0, 0, 99, &plain,
                    "\u2714\u2718\u25b2\u25cb?\u25b6\u00b7 \u2026 \u25c2 "
                    "\u25ae \u25cf"),
        15);
    screen_text(scene.screen, 1, 0, 99, &plain,
                "\u256d\u2500\u256e\u2502\u2570\u256f");
    screen_text(scene.screen, 2, 0, 99, &plain,
                "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588");
    screen_text(scene.screen, 3, 0, 99, &plain, "\u6f22x\u00e9 e\u0301");
    show(&scene);
    assert_row(&scene, 0, "+x!-?>. . < # *");
    assert_row(&scene, 1, "+-+|++");
    assert_row(&scene, 2, "__.-=+*#");
    assert_row(&scene, 3, "? x? e");
    scene_fini(&scene);
}

static void
cursor_is_where_it_was_put(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    screen_cursor(scene.screen, 4, 7, true);
    show(&scene);
    assert_true(term_cursor(scene.probe.term).visible);
    assert_int_equal(term_cursor(scene.probe.term).row, 4);
    assert_int_equal(term_cursor(scene.probe.term).col, 7);
    screen_cursor(scene.screen, 4, 7, false);
    show(&scene);
    assert_false(term_cursor(scene.probe.term).visible);
    screen_cursor(scene.screen, 99, 7, true);
    show(&scene);
    assert_false(term_cursor(scene.probe.term).visible);
    scene_fini(&scene);
}

static void
another_size_is_drawn_anew(void **state)
{
    struct scene scene;
    uint16_t cols, rows;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    screen_text(scene.screen, 0, 0, 99, &plain, "before");
    show(&scene);
    term_resize(scene.probe.term, scene.read + 1, 50, 20);
    screen_resize(scene.screen, 50, 20);
    screen_size(scene.screen, &cols, &rows);
    assert_int_equal(cols, 50);
    assert_int_equal(rows, 20);
    screen_text(scene.screen, 19, 40, 99, &plain, "the corner!");
    show(&scene);
    assert_row(&scene, 0, "");
    assert_row(&scene, 19,
               "                                        the corner");

    /* And the smallest there is. */
    screen_resize(scene.screen, 1, 1);
    screen_text(scene.screen, 0, 0, 99, &plain, "\346\274\242");
    assert_true(wait_for(&scene, can_show));
    screen_resize(scene.screen, 0, 0);
    screen_text(scene.screen, 0, 0, 99, &plain, "x");
    assert_true(wait_for(&scene, can_show));
    screen_resize(scene.screen, UINT16_MAX, UINT16_MAX);
    screen_size(scene.screen, &cols, &rows);
    assert_int_equal(cols, TERM_COLS_MAX);
    assert_true(wait_for(&scene, can_show));
    scene_fini(&scene);
}

static void
draw_frame(struct scene *scene, unsigned number)
{
    char text[COLS + 1];

    for (int row = 0; row < ROWS; row++) {
        for (int col = 0; col < COLS; col++)
            text[col] = (char)('!' + (number + (unsigned)(row * 7 + col)) % 90);
        text[COLS] = '\0';
        screen_text(scene->screen, row, 0, COLS, &plain, text);
    }
}

static bool
is_ready(struct scene *scene)
{
    return scene->ready > 0;
}

static void
stopped_reader_blocks_nobody_and_gets_the_newest(void **state)
{
    struct scene scene;
    uint64_t start_us;
    unsigned shown = 0, refused = 0, frame;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    screen_resize(scene.screen, COLS, ROWS);
    start_us = clock_now_us();
    /* Nobody reads: the pty takes some frames, then no more. */
    for (frame = 0; refused < 200 && frame < 5000; frame++) {
        draw_frame(&scene, frame);
        if (screen_show(scene.screen))
            shown++;
        else
            refused++;
        loop_turn(scene.loop);
    }
    assert_int_equal(refused, 200);
    assert_true(shown > 0 && shown < 1000);
    assert_true(clock_now_us() - start_us < PATIENCE_MS * 1000);
    assert_int_equal(scene.ready, 0);
    assert_true(wait_for(&scene, is_ready));
    screen_fill(scene.screen, 0, 0, ROWS, COLS, &plain);
    screen_text(scene.screen, 3, 3, 99, &plain, "the newest");
    show(&scene);
    assert_row(&scene, 3, "   the newest");
    assert_row(&scene, 4, "");

    /* The same, cut off by a resize: what waits is never sent. */
    for (refused = 0; refused < 2;) {
        draw_frame(&scene, ++frame);
        refused += !screen_show(scene.screen);
        loop_turn(scene.loop);
    }
    screen_resize(scene.screen, COLS, ROWS);
    screen_text(scene.screen, 3, 3, 99, &plain, "after the resize");
    show(&scene);
    assert_row(&scene, 3, "   after the resize");
    assert_row(&scene, 0, "");
    scene_fini(&scene);
}

static void
what_did_not_change_is_not_sent(void **state)
{
    struct scene scene;
    size_t before;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    draw_frame(&scene, 1);
    show(&scene);
    before = scene.read;
    draw_frame(&scene, 1);
    show(&scene);
    assert_int_equal(scene.read - before, 4); /* the question */
    screen_text(scene.screen, 5, 5, 99, &plain, "  ");
    show(&scene);
    assert_true(scene.read - before < 24);
    scene_fini(&scene);
}

static void
repaint_heals(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    screen_text(scene.screen, 2, 2, 99, &plain, "what was drawn");
    show(&scene);
    probe_feed(&scene.probe, scene.read + 1,
               "\033[1;31m\033[2;5r\033[2Jsomebody else wrote here\033[?25l");
    screen_cursor(scene.screen, 0, 0, true);
    screen_repaint(scene.screen);
    show(&scene);
    assert_row(&scene, 0, "");
    assert_row(&scene, 2, "  what was drawn");
    assert_int_equal(probe_cell(&scene.probe, 2, 2).attrs, 0);
    assert_true(term_cursor(scene.probe.term).visible);
    scene_fini(&scene);
}

/* A blank's ink does not show: ncurses may erase instead of writing it. */
static bool
looks_like(const struct cell *want, const struct term_cell *got)
{
    enum { INK = TERM_BOLD | TERM_ITALIC | TERM_BLINK };
    bool inked = want->rune != ' ' ||
                 (want->attrs & (TERM_REVERSE | TERM_UNDERLINE)) != 0;

    if (want->rune != got->rune || want->width != got->width ||
        want->marks[0] != got->combining[0])
        return false;
    if (want->width == 0)
        return true;
    return want->bg == got->bg && (!inked || want->fg == got->fg) &&
           ((want->attrs ^ got->attrs) & (inked ? ~0 : ~INK)) == 0;
}

/* Random drawing: the terminal has what a surface of its own has. */
static void
terminal_shows_the_surface(void **state)
{
    static const char *const texts[] = {
        "x",
        "\346\274\242",
        "a\346\274\242b",
        "e\314\201",
        "  ",
        "hello",
        "\346\274\242\345\255\227\346\274\242",
    };
    static const struct look looks[] = {
        { 0, 0, 0 },
        { INDEX(2), 0, TERM_BOLD },
        { INDEX(130), INDEX(7), TERM_UNDERLINE },
        { 0, 0, TERM_REVERSE },
    };
    uint64_t seed = 42;
    struct surface mirror;
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    surface_init(&mirror, COLS, ROWS, false);
    for (int frame = 0; frame < 60; frame++) {
        for (int i = 0; i < 30; i++) {
            const struct look *look = &looks[probe_random(&seed) % 4];
            const char *text = texts[probe_random(&seed) % 7];
            int row = (int)(probe_random(&seed) % (ROWS + 2)) - 1;
            int col = (int)(probe_random(&seed) % (COLS + 4)) - 4;
            int max = (int)(probe_random(&seed) % 9);

            if (probe_random(&seed) % 4 == 0) {
                screen_fill(scene.screen, row, col, 1, max, look);
                surface_fill(&mirror, row, col, 1, max, look);
            } else {
                screen_text(scene.screen, row, col, max, look, text);
                surface_text(&mirror, row, col, max, look, text);
            }
        }
        show(&scene);
        for (int row = 0; row < ROWS; row++)
            for (int col = 0; col < COLS; col++) {
                struct cell *want = surface_row(&mirror, row) + col;
                struct term_cell got = probe_cell(&scene.probe, row, col);

                if (!looks_like(want, &got))
                    fail_msg("frame %d, %d,%d: %x %x/%x %x wanted, "
                             "%x %x/%x %x shown",
                             frame, row, col, want->rune, want->fg, want->bg,
                             want->attrs, got.rune, got.fg, got.bg, got.attrs);
            }
    }
    surface_fini(&mirror);
    scene_fini(&scene);
}

static void
rows_of_a_console_are_drawn(void **state)
{
    struct term_cell cells[COLS];
    struct scene scene;
    struct probe console;
    bool wrapped;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    probe_init(&console, COLS, ROWS);
    probe_feed(&console, 1, "a\033[1;32m\346\274\242\033[m e\314\201 end");
    assert_true(term_row(console.term, term_screen_top(console.term), cells,
                         COLS, &wrapped));
    screen_cells(scene.screen, 1, 3, cells, 10);
    screen_cells(scene.screen, 2, 0, cells, 2);      /* half of it */
    screen_cells(scene.screen, 3, 0, cells + 2, 10); /* the other half */
    screen_cells(scene.screen, 4, -2, cells, 10);
    screen_cells(scene.screen, 5, 38, cells, 10);
    screen_cells(scene.screen, 6, 99, cells, 10);
    screen_cells(scene.screen, -1, 0, cells, 10);
    show(&scene);
    assert_row(&scene, 1, "   a\346\274\242 e\314\201 end");
    assert_row(&scene, 2, "a");
    assert_row(&scene, 3, "  e\314\201 end");
    assert_row(&scene, 4, "  e\314\201 end");
    assert_row(&scene, 5, "                                      a");
    assert_int_equal(probe_cell(&scene.probe, 1, 4).fg, INDEX(2));
    assert_int_equal(probe_cell(&scene.probe, 1, 4).attrs, TERM_BOLD);
    probe_fini(&console);
    scene_fini(&scene);
}

/* What would speak to a terminal, and text that is near it. */
static const char *const pieces[] = {
    "\033]0;t\a",
    "\033]2;t\033\\",
    "\033]52;c;eA==\a",
    "\033]8;;http://x\a",
    "\033Pq~\033\\",
    "\033_x\033\\",
    "\a\a\a",
    "\xc2\x9b"
    "31m",
    "\xc2\x9d"
    "0;t\xc2\x9c",
    "\xe2\x80\xae",
    "a\xe2\x80\x8f",
    "\xe2\x81\xa6",
    "\xe2\x80\xa8",
    "\xd8\x9c",
    "\xf3\xa0\x80\x81",
    "\xef\xbb\xbf",
    "e\xcc\x81",
    "\xe6\xbc\xa2",
    "\x7f",
    "\033[c\033[6n",
    "\033[31;42m",
    "\033[38;2;9;8;7m",
    "\033(0lqk\033(B",
    "\005",
};

/* Bytes of any kind: through the emulation into cells, and into a text. */
static void
draw_pieces(struct scene *scene, struct probe *console, uint64_t *seed)
{
    struct look look = { INDEX(3), INDEX(4), TERM_BOLD };
    struct term_cell cells[COLS];
    struct buf text = BUF_INIT(0);

    for (int n = 0; n < 20; n++) {
        uint8_t byte = (uint8_t)probe_random(seed);

        buf_puts(&text, pieces[probe_random(seed) % ARRAY_LEN(pieces)]);
        buf_add(&text, &byte, 1);
    }
    probe_feed_bytes(console, 1, text.bytes, text.len);
    for (uint16_t row = 0; row < ROWS - 1; row++)
        if (term_row(console->term, term_screen_top(console->term) + row, cells,
                     COLS, NULL))
            screen_cells(scene->screen, row, 0, cells, COLS);
    screen_text(scene->screen, ROWS - 1, 0, COLS, &look, buf_text(&text));
    buf_fini(&text);
}

/*
 * Whatever a console shows and a text says, the terminal gets our own words
 * only: scene_fini() looks at each byte of it.
 */
static void
nothing_that_is_drawn_speaks_to_the_terminal(void **state)
{
    static const char *const terminals[] = { "xterm-256color", "linux", "vt100",
                                             "screen-256color" };
    uint64_t seed = 4;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(terminals); i++) {
        struct scene scene;
        struct probe console;

        scene_init(&scene, terminals[i], false, false);
        probe_init(&console, COLS, ROWS);
        for (int frame = 0; frame < 30; frame++) {
            draw_pieces(&scene, &console, &seed);
            if (frame % 10 == 9)
                screen_repaint(scene.screen);
            show(&scene);
        }
        assert_true(scene.outer.bytes > 5000);
        assert_string_equal(scene.outer.wrong, "");
        probe_fini(&console);
        scene_fini(&scene);
    }
}

static bool
is_gone(struct scene *scene)
{
    return scene->gone > 0;
}

static void
lost_terminal_is_told_once(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    close(scene.slave);
    close(scene.master);
    scene.master = scene.slave = -1;
    draw_frame(&scene, 1);
    screen_show(scene.screen);
    assert_true(wait_for(&scene, is_gone));
    screen_show(scene.screen);
    loop_turn(scene.loop);
    screen_repaint(scene.screen);
    loop_turn(scene.loop);
    assert_int_equal(scene.gone, 1);
    scene_fini(&scene);
}

static void
nothing_of_the_process_is_touched(void **state)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
    struct scene scene;

    (void)state;
    setenv("LINES", "77", 1);
    unsetenv("COLUMNS");
    /* A background job's INT is ignored. */
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        signal(signals[i], SIG_DFL);
    scene_init(&scene, "xterm-256color", false, false);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        struct sigaction now;

        sigaction(signals[i], NULL, &now);
        assert_true(now.sa_handler == SIG_DFL);
    }
    assert_string_equal(getenv("LINES"), "77");
    assert_null(getenv("COLUMNS"));
    unsetenv("LINES");
    scene_fini(&scene);
}

static void
mouse_is_asked_for_between_frames(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, "xterm-256color", false, false);
    show(&scene);
    assert_int_equal(term_modes(scene.probe.term).mouse, 0);
    tty_mouse(scene.tty, true);
    show(&scene);
    assert_int_equal(term_modes(scene.probe.term).mouse, 2);
    tty_mouse(scene.tty, false);
    show(&scene);
    assert_int_equal(term_modes(scene.probe.term).mouse, 0);
    scene_fini(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_lands_where_it_is_drawn),
        cmocka_unit_test(colours_and_attributes_arrive),
        cmocka_unit_test(eight_colours_are_the_nearest_ones),
        cmocka_unit_test(colours_stay_right_when_pairs_run_out),
        cmocka_unit_test(without_colours_attributes_remain),
        cmocka_unit_test(ascii_is_near),
        cmocka_unit_test(cursor_is_where_it_was_put),
        cmocka_unit_test(another_size_is_drawn_anew),
        cmocka_unit_test(stopped_reader_blocks_nobody_and_gets_the_newest),
        cmocka_unit_test(what_did_not_change_is_not_sent),
        cmocka_unit_test(repaint_heals),
        cmocka_unit_test(terminal_shows_the_surface),
        cmocka_unit_test(rows_of_a_console_are_drawn),
        cmocka_unit_test(nothing_that_is_drawn_speaks_to_the_terminal),
        cmocka_unit_test(lost_terminal_is_told_once),
        cmocka_unit_test(nothing_of_the_process_is_touched),
        cmocka_unit_test(mouse_is_asked_for_between_frames),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("ui-screen", tests, NULL, NULL);
}
