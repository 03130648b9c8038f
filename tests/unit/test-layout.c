/* Layouts are read with places, and arranged on any screen without a gap. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "lab/arrange.h"
#include "lab/layout.h"

#define COLS_MAX 260
#define ROWS_MAX 80

/* Every console of the rehearsal lab, as panes/ name them. */
static const char *const all[] = {
    "host-guest",   "backup-guest", "host-monitor",   "backup-monitor",
    "tester-scapy", "host-serial",  "backup-serial",  "host-shell",
    "backup-shell", "host-testpmd", "backup-testpmd",
};

static struct layout *
read_layout(const char *text)
{
    struct diags diags = { 0 };
    struct layout *layout =
        layout_load_text("t.yaml", text, strlen(text), &diags);

    diags_print(&diags, stdout);
    assert_non_null(layout);
    diags_fini(&diags);
    return layout;
}

/* "tabs a,b 0,0 10x20; wizard 10,0 2x20": row, column, rows x columns. */
static char *
told(const struct arrangement *arrangement)
{
    static const char *const kinds[] = {
        [PLACE_TABS] = "tabs",
        [PLACE_WIZARD] = "wizard",
        [PLACE_TELEMETRY] = "telemetry",
        [PLACE_LOG] = "log",
    };
    struct buf text = BUF_INIT(0);

    for (size_t i = 0; i < arrangement->len; i++) {
        const struct arranged *item = &arrangement->items[i];

        buf_printf(&text, "%s%s", i > 0 ? "; " : "", kinds[item->kind]);
        for (size_t j = 0; j < item->tabs_len; j++)
            buf_printf(&text, "%s%s", j > 0 ? "," : " ", item->tabs[j]);
        buf_printf(&text, " %d,%d %dx%d", item->row, item->col, item->rows,
                   item->cols);
    }
    return buf_take(&text);
}

static void
assert_told(const struct arrangement *arrangement, const char *want)
{
    char *got = told(arrangement);

    assert_string_equal(got, want);
    free(got);
}

/* No cell has two parts, none is without, and no part is empty. */
static void
assert_covers(const struct arrangement *arrangement, int cols, int rows)
{
    static char owner[ROWS_MAX][COLS_MAX];
    int covered = 0;

    memset(owner, 0, sizeof owner);
    for (size_t i = 0; i < arrangement->len; i++) {
        const struct arranged *item = &arrangement->items[i];

        assert_true(item->row >= 0 && item->col >= 0);
        assert_true(item->rows > 0 && item->row + item->rows <= rows);
        assert_true(item->cols > 0 && item->col + item->cols <= cols);
        assert_true((item->kind == PLACE_TABS) == (item->tabs_len > 0));
        for (int r = item->row; r < item->row + item->rows; r++) {
            assert_null(memchr(owner[r] + item->col, 1, (size_t)item->cols));
            memset(owner[r] + item->col, 1, (size_t)item->cols);
        }
        covered += item->rows * item->cols;
    }
    assert_int_equal(covered, cols * rows);
}

#define HEAD "layout: t\nmin: 20x5\n"

static void
what_is_wrong_in_a_layout_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
        unsigned line, column;
    } cases[] = {
        { "layout: t\ntabs: [\"*\"]\n", "has no \"min\"", 1, 1 },
        { "min: 20x5\ntabs: [\"*\"]\n", "has no \"layout\"", 1, 1 },
        { HEAD, "this layout has none of: columns, rows, tabs", 1, 1 },
        { HEAD "view: wizard\n", "has none of", 1, 1 },
        { HEAD "cols: []\ntabs: [\"*\"]\n", "unknown key \"cols\"", 3, 1 },
        { HEAD "rows: []\n", "rows: expected parts, found none", 3, 1 },
        { HEAD "tabs: []\n", "tabs: expected consoles", 3, 1 },
        { HEAD "rows:\n  - tabs: [a-b]\ncolumns:\n  - tabs: [c-d]\n",
          "this layout has \"columns\" and \"rows\"; it can have one of: "
          "columns, rows, tabs",
          3, 1 },
        { HEAD "rows:\n  - {view: log, tabs: [a-b]}\n",
          "this part has \"tabs\" and \"view\"; it can have one of: columns, "
          "rows, tabs, view",
          4, 6 },
        { HEAD "rows:\n  - {height: 3}\n",
          "this part has none of: columns, rows, tabs, view", 4, 6 },
        { HEAD "rows:\n  - {view: wizrad}\n", "did you mean \"wizard\"", 4,
          12 },
        { HEAD "rows:\n  - {view: clock}\n", "it can be wizard, telemetry, log",
          4, 12 },
        { HEAD "rows:\n  - {view: log, high: 3}\n", "unknown key \"high\"", 4,
          17 },
        { HEAD "rows:\n  - {view: log, height: 40 %%}\n",
          "height: expected cells such as 45 (1 to 1000) or a part of the "
          "parent such as 40% (1% to 100%), found \"40 %%\"",
          4, 25 },
        { HEAD "rows:\n  - {view: log, height: 0}\n", "found \"0\"", 4, 25 },
        { HEAD "rows:\n  - {view: log, height: '%'}\n", "found \"%\"", 4, 26 },
        { HEAD "rows:\n  - {view: log, height: 101%}\n", "\"101%\"", 4, 25 },
        { HEAD "rows:\n  - {view: log, height: -3}\n", "\"-3\"", 4, 25 },
        { HEAD "rows:\n  - {view: log, width: 3}\n", "it can have a height", 4,
          24 },
        { HEAD "columns:\n  - {view: log, height: 3}\n", "it can have a width",
          4, 25 },
        { HEAD "rows:\n  - {view: log, min: 0}\n", "from 1 to 1000", 4, 22 },
        { HEAD "rows:\n  - {view: log, min: '${x}'}\n", "from 1 to 1000", 4,
          23 },
        { HEAD "rows:\n  - {view: log, height: 60%}\n"
               "  - {tabs: [a-b], height: 41%}\n",
          "the rows ask for 101%, with this one; they can have 100% together",
          5, 6 },
        { HEAD "tabs: [testpmd]\n", "such as host-testpmd, host-* or \"*\"", 3,
          8 },
        { HEAD "tabs: ['']\n", "found \"\"", 3, 9 },
        { HEAD "tabs: [a-b, 'a*']\n", "found \"a*\"", 3, 14 },
        { HEAD "tabs: [a-b, '*-b']\n", "found \"*-b\"", 3, 14 },
        { HEAD "tabs: [a-b, *]\n", "begins with * stands in quotes", 3, 0 },
        { HEAD "rows:\n  - tabs: [a-b]\n  - tabs: [c-d, a-b]\n",
          "\"a-b\" stands in line 4 already; a console has one place", 5, 17 },
        { HEAD "tabs: ['*', '*']\n", "\"*\" stands in line 3 already", 3, 14 },
        { HEAD "rows:\n  - view: log\n  - view: log\n",
          "the log stands in line 4 already", 5, 11 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct diags diags = { 0 };

        print_message("# %zu: %s\n", i, cases[i].says);
        assert_null(layout_load_text("t.yaml", cases[i].text,
                                     strlen(cases[i].text), &diags));
        assert_true(diags.len > 0);
        print_message("#   %u:%u %s\n", diags.items[0].line,
                      diags.items[0].column, diags.items[0].text);
        assert_non_null(strstr(diags.items[0].text, cases[i].says));
        assert_int_equal(diags.items[0].line, cases[i].line);
        if (cases[i].column != 0)
            assert_int_equal(diags.items[0].column, cases[i].column);
        diags_fini(&diags);
    }
}

static void
one_reading_tells_all_mistakes(void **state)
{
    static const char text[] = HEAD "columns:\n"
                                    "  - {tabs: [x], width: a}\n"
                                    "  - rows:\n"
                                    "      - {view: log, width: 1}\n"
                                    "      - {view: log, height: b}\n";
    struct diags diags = { 0 };

    (void)state;
    assert_null(layout_load_text("t.yaml", text, strlen(text), &diags));
    assert_int_equal(diags.errors, 5);
    diags_fini(&diags);
}

static void
a_layout_nested_too_deep_is_an_error(void **state)
{
    struct buf text = BUF_INIT(0);
    struct diags diags = { 0 };

    (void)state;
    for (int depth = 20; depth <= 10000; depth += 9980) {
        buf_puts(&text, HEAD "rows: ");
        for (int i = 1; i < depth; i++)
            buf_puts(&text, "[{rows: ");
        buf_puts(&text, "[{view: log}]");
        for (int i = 1; i < depth; i++)
            buf_puts(&text, "}]");
        if (depth == 20)
            layout_free(read_layout(buf_text(&text)));
        else
            assert_null(
                layout_load_text("t.yaml", buf_text(&text), text.len, &diags));
        buf_fini(&text);
    }
    assert_true(diags.errors > 0);
    diags_fini(&diags);
}

/* What a layout makes of some consoles on a screen. */
struct picture {
    const char *about, *text;
    int cols, rows;
    const char *consoles[5]; /* up to the first NULL */
    const char *want;
};

static void
assert_picture(const struct picture *picture)
{
    struct layout *layout = read_layout(picture->text);
    struct arrangement *arrangement;
    size_t len = 0;

    print_message("# %s\n", picture->about);
    while (len < ARRAY_LEN(picture->consoles) && picture->consoles[len])
        len++;
    arrangement =
        arrange(layout, picture->consoles, len, picture->cols, picture->rows);
    assert_told(arrangement, picture->want);
    arrangement_free(arrangement);
    layout_free(layout);
}

static void
sizes_are_cells_percents_and_shares_of_the_rest(void **state)
{
    static const struct picture pictures[] = {
        { "the rest is shared evenly, the first get the odd cells",
          HEAD "columns: [{tabs: [a-1]}, {tabs: [a-2]}, {view: log}]\n",
          11,
          5,
          { "a-1", "a-2" },
          "tabs a-1 0,0 5x4; tabs a-2 0,4 5x4; log 0,8 5x3" },
        { "cells, percent, and the rest",
          HEAD "rows: [{tabs: [a-1], height: 4}, {view: log, height: 25%},"
               " {view: wizard}]\n",
          10,
          20,
          { "a-1" },
          "tabs a-1 0,0 4x10; log 4,0 5x10; wizard 9,0 11x10" },
        { "min is more than a percent of little",
          HEAD "columns: [{tabs: [a-1]}, {view: log, width: 30%, min: 44}]\n",
          100,
          2,
          { "a-1" },
          "tabs a-1 0,0 2x56; log 0,56 2x44" },
        { "a min above the even share leaves less for the others",
          HEAD "columns: [{tabs: [a-1]}, {tabs: [a-2], min: 10},"
               " {tabs: [a-3]}]\n",
          20,
          1,
          { "a-1", "a-2", "a-3" },
          "tabs a-1 0,0 1x5; tabs a-2 0,5 1x10; tabs a-3 0,15 1x5" },
        { "where it is short, what is wanted goes last",
          HEAD "rows: [{tabs: [a-1], min: 3}, {view: wizard, height: 6}]\n",
          9,
          5,
          { "a-1" },
          "tabs a-1 0,0 3x9; wizard 3,0 2x9" },
        { "shorter still, everything keeps a row",
          HEAD "rows: [{tabs: [a-1], min: 3}, {view: wizard, height: 6}]\n",
          9,
          3,
          { "a-1" },
          "tabs a-1 0,0 2x9; wizard 2,0 1x9" },
        { "and at the end the last are left out",
          HEAD "rows: [{tabs: [a-1], min: 3}, {view: wizard, height: 6}]\n",
          9,
          1,
          { "a-1" },
          "tabs a-1 0,0 1x9" },
        { "a part keeps a cell for each part in it",
          HEAD "rows: [{rows: [{tabs: [a-1]}, {tabs: [a-2]}, {tabs: [a-3]}]},"
               " {view: log, height: 9}]\n",
          2,
          4,
          { "a-1", "a-2", "a-3" },
          "tabs a-1 0,0 1x2; tabs a-2 1,0 1x2; tabs a-3 2,0 1x2; log 3,0 1x2" },
        { "min counts in the part around it",
          HEAD "rows: [{rows: [{tabs: [a-1], min: 5}, {tabs: [a-2]}]},"
               " {view: log, height: 9}]\n",
          2,
          10,
          { "a-1", "a-2" },
          "tabs a-1 0,0 5x2; tabs a-2 5,0 1x2; log 6,0 4x2" },
        { "a min across counts as well",
          HEAD "columns:\n"
               "  - rows: [{columns: [{tabs: [a-1], min: 5}, {tabs: [a-2]}]},"
               " {tabs: [a-3]}]\n"
               "  - {view: log, width: 9}\n",
          10,
          2,
          { "a-1", "a-2", "a-3" },
          "tabs a-1 0,0 1x5; tabs a-2 0,5 1x1; tabs a-3 1,0 1x6; log 0,6 2x4" },
        { "of two that could give, the later one does",
          HEAD "rows: [{tabs: [a-1], height: 4}, {view: log, height: 4}]\n",
          1,
          7,
          { "a-1" },
          "tabs a-1 0,0 4x1; log 4,0 3x1" },
        { "percents that leave a gap fill it by percent",
          HEAD
          "columns: [{tabs: [a-1], width: 40%}, {view: log, width: 20%}]\n",
          30,
          1,
          { "a-1" },
          "tabs a-1 0,0 1x20; log 0,20 1x10" },
        { "cells grow only if nothing else can",
          HEAD "rows: [{tabs: [a-1], height: 2}, {view: log, height: 4}]\n",
          1,
          12,
          { "a-1" },
          "tabs a-1 0,0 4x1; log 4,0 8x1" },
        { "a screen without cells has nothing",
          HEAD "rows: [{tabs: [a-1], height: 2}, {view: log, height: 4}]\n",
          0,
          12,
          { "a-1" },
          "" },
        { "nor has one of less than none",
          HEAD "tabs: [a-1]\n",
          -1,
          -1,
          { "a-1" },
          "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pictures); i++)
        assert_picture(&pictures[i]);
}

static void
what_the_lab_does_not_have_vanishes(void **state)
{
    static const struct picture pictures[] = {
        { "a console that is not there is no tab",
          HEAD "tabs: [a-1, b-1, a-2]\n",
          3,
          1,
          { "a-2", "a-1" },
          "tabs a-1,a-2 0,0 1x3" },
        { "tabs without any leave their room to the others",
          HEAD "columns: [{tabs: [a-1]}, {tabs: [b-1], width: 5},"
               " {tabs: [a-2]}]\n",
          10,
          1,
          { "a-1", "a-2" },
          "tabs a-1 0,0 1x5; tabs a-2 0,5 1x5" },
        { "a stack of them vanishes with them",
          HEAD "columns: [{rows: [{tabs: [b-1]}, {tabs: [b-2]}], width: 90%},"
               " {tabs: [a-1], width: 10%}]\n",
          10,
          1,
          { "a-1" },
          "tabs a-1 0,0 1x10" },
        { "nothing at all is nothing",
          HEAD "rows: [{tabs: [b-1]}]\n",
          10,
          1,
          { "a-1" },
          "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pictures); i++)
        assert_picture(&pictures[i]);
}

static void
stars_stand_for_what_no_tab_names_closer(void **state)
{
    static const struct picture pictures[] = {
        { "all of them, in the lab's order",
          HEAD "tabs: ['*']\n",
          1,
          1,
          { "b-1", "a-2", "a-1" },
          "tabs b-1,a-2,a-1 0,0 1x1" },
        { "not those that stand elsewhere, before or behind",
          HEAD "rows: [{tabs: [a-1]}, {tabs: ['*']}, {tabs: [b-1]}]\n",
          1,
          3,
          { "a-1", "b-1", "c-1" },
          "tabs a-1 0,0 1x1; tabs c-1 1,0 1x1; tabs b-1 2,0 1x1" },
        { "a node's before all others'",
          HEAD "rows: [{tabs: ['*', a-2]}, {tabs: [a-*]}]\n",
          1,
          2,
          { "a-1", "b-1", "a-2", "a-3" },
          "tabs b-1,a-2 0,0 1x1; tabs a-1,a-3 1,0 1x1" },
        { "a name before its node's star, wherever they stand",
          HEAD "rows: [{tabs: [a-*]}, {tabs: [a-1]}]\n",
          1,
          2,
          { "a-1", "a-2" },
          "tabs a-2 0,0 1x1; tabs a-1 1,0 1x1" },
        { "a star stands where it is written",
          HEAD "tabs: [a-2, '*', a-1]\n",
          1,
          1,
          { "a-1", "b-1", "a-2" },
          "tabs a-2,b-1,a-1 0,0 1x1" },
        { "one without any leaves the others",
          HEAD "rows: [{tabs: [a-1]}, {tabs: ['*']}]\n",
          1,
          2,
          { "a-1" },
          "tabs a-1 0,0 2x1" },
        { "without a star the others are not shown",
          HEAD "tabs: [a-1]\n",
          1,
          1,
          { "a-1", "b-1" },
          "tabs a-1 0,0 1x1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pictures); i++)
        assert_picture(&pictures[i]);
}

static const char grid[] =
    HEAD "columns:\n"
         "  - rows: [{tabs: [a-1]}, {tabs: [a-2]}, {view: log, height: 3}]\n"
         "  - {view: wizard, width: 10}\n";

static void
keys_move_borders_and_a_resize_keeps_them(void **state)
{
    static const char *const consoles[] = { "a-1", "a-2" };
    struct layout *layout = read_layout(grid);
    struct arrangement *a = arrange(layout, consoles, 2, 30, 13);

    (void)state;
    assert_told(a, "tabs a-1 0,0 5x20; tabs a-2 5,0 5x20; log 10,0 3x20; "
                   "wizard 0,20 13x10");
    assert_true(arrangement_grow(a, 0, ARRANGE_ROWS, 2));
    assert_told(a, "tabs a-1 0,0 7x20; tabs a-2 7,0 3x20; log 10,0 3x20; "
                   "wizard 0,20 13x10");
    /* The stack around a-2 has the neighbour. */
    assert_true(arrangement_grow(a, 1, ARRANGE_COLS, -1));
    assert_told(a, "tabs a-1 0,0 7x19; tabs a-2 7,0 3x19; log 10,0 3x19; "
                   "wizard 0,19 13x11");
    /* The last one grows at the cost of the one before. */
    assert_true(arrangement_grow(a, 2, ARRANGE_ROWS, 1));
    assert_told(a, "tabs a-1 0,0 7x19; tabs a-2 7,0 2x19; log 9,0 4x19; "
                   "wizard 0,19 13x11");
    /* The wizard is as high as the screen. */
    assert_false(arrangement_grow(a, 3, ARRANGE_ROWS, 1));
    arrangement_resize(a, 20, 9);
    assert_told(a, "tabs a-1 0,0 4x9; tabs a-2 4,0 1x9; log 5,0 4x9; "
                   "wizard 0,9 9x11");
    arrangement_resize(a, 30, 13);
    assert_told(a, "tabs a-1 0,0 7x19; tabs a-2 7,0 2x19; log 9,0 4x19; "
                   "wizard 0,19 13x11");
    arrangement_free(a);
    layout_free(layout);
}

static void
a_border_at_its_end_stays_and_comes_back_at_once(void **state)
{
    static const char *const consoles[] = { "a-1", "a-2" };
    struct layout *layout = read_layout(grid);
    struct arrangement *a = arrange(layout, consoles, 2, 30, 13);

    (void)state;
    while (arrangement_grow(a, 0, ARRANGE_ROWS, 1))
        ;
    assert_told(a, "tabs a-1 0,0 11x20; tabs a-2 11,0 1x20; log 12,0 1x20; "
                   "wizard 0,20 13x10");
    /* Far less room: one key is still seen at once. */
    arrangement_resize(a, 30, 5);
    assert_told(a, "tabs a-1 0,0 3x20; tabs a-2 3,0 1x20; log 4,0 1x20; "
                   "wizard 0,20 5x10");
    assert_false(arrangement_grow(a, 0, ARRANGE_ROWS, 1));
    assert_true(arrangement_grow(a, 0, ARRANGE_ROWS, -1));
    assert_told(a, "tabs a-1 0,0 2x20; tabs a-2 2,0 1x20; log 3,0 2x20; "
                   "wizard 0,20 5x10");
    while (arrangement_grow(a, 0, ARRANGE_ROWS, -1))
        assert_covers(a, 30, 5);
    assert_int_equal(a->items[0].rows, 1);
    assert_false(arrangement_grow(a, 0, ARRANGE_ROWS, 0));
    arrangement_free(a);
    layout_free(layout);
}

static void
every_layout_covers_every_screen(void **state)
{
    struct diags diags = { 0 };
    struct layouts *layouts = layouts_load(&diags);

    (void)state;
    diags_print(&diags, stdout);
    assert_non_null(layouts);
    assert_int_equal(layouts->len, 3);
    for (size_t i = 0; i < layouts->len; i++) {
        struct arrangement *a =
            arrange(layouts->items[i], all, ARRAY_LEN(all), 1, 1);
        size_t most = 0;

        for (int cols = 1; cols <= COLS_MAX; cols++)
            for (int rows = 1; rows <= ROWS_MAX; rows++) {
                arrangement_resize(a, cols, rows);
                assert_covers(a, cols, rows);
                most = MAX(most, a->len);
                if (cols >= 10 && rows >= 10)
                    assert_int_equal(a->len, most);
            }
        arrangement_free(a);
    }
    layouts_free(layouts);
}

/* Borders moved and screens resized, by a generator that always starts so. */
static void
moved_borders_leave_no_gap_either(void **state)
{
    struct diags diags = { 0 };
    struct layouts *layouts = layouts_load(&diags);
    int cols = 200, rows = 49;
    struct arrangement *a;
    uint32_t random = 1;

    (void)state;
    assert_non_null(layouts);
    a = arrange(layouts_find(layouts, "wide"), all, ARRAY_LEN(all), cols, rows);
    for (int i = 0; i < 3000; i++) {
        int before = 0, cells, got;
        enum arrange_axis axis = i % 3 == 0 ? ARRANGE_COLS : ARRANGE_ROWS;
        size_t index;
        bool moved;

        random = random * 1664525u + 1013904223u;
        if (i % 10 == 0) {
            cols = (int)(random >> 8) % COLS_MAX + 1;
            rows = (int)(random >> 20) % ROWS_MAX + 1;
            arrangement_resize(a, cols, rows);
            assert_covers(a, cols, rows);
        }
        cells = (int)(random >> 24) % 21 - 10;
        index = (random >> 12) % a->len;
        before =
            axis == ARRANGE_COLS ? a->items[index].cols : a->items[index].rows;
        moved = arrangement_grow(a, index, axis, cells);
        assert_covers(a, cols, rows);
        got =
            axis == ARRANGE_COLS ? a->items[index].cols : a->items[index].rows;
        if (!moved)
            assert_int_equal(got, before);
        else
            assert_true(cells > 0 ? got >= before : got <= before);
    }
    arrangement_free(a);
    layouts_free(layouts);
}

static void
the_shipped_layouts_look_as_drawn(void **state)
{
    static const struct {
        int cols, rows; /* of the screen; its last row is the status line */
        const char *name, *want;
    } screens[] = {
        { 200, 50, "wide",
          "tabs host-testpmd,host-shell 0,0 15x70; "
          "tabs host-monitor,host-serial 15,0 15x70; "
          "tabs host-guest,tester-scapy 30,0 15x70; "
          "tabs backup-testpmd,backup-shell 0,70 15x70; "
          "tabs backup-monitor,backup-serial 15,70 15x70; "
          "tabs backup-guest 30,70 15x70; "
          "telemetry 45,0 4x140; "
          "wizard 0,140 49x60" },
        { 160, 40, "wide",
          "tabs host-testpmd,host-shell 0,0 12x56; "
          "tabs host-monitor,host-serial 12,0 12x56; "
          "tabs host-guest,tester-scapy 24,0 11x56; "
          "tabs backup-testpmd,backup-shell 0,56 12x56; "
          "tabs backup-monitor,backup-serial 12,56 12x56; "
          "tabs backup-guest 24,56 11x56; "
          "telemetry 35,0 4x112; "
          "wizard 0,112 39x48" },
        { 120, 40, "medium",
          "tabs "
          "host-testpmd,host-monitor,host-guest,host-serial,host-shell,tester-"
          "scapy 0,0 18x75; "
          "tabs "
          "backup-testpmd,backup-monitor,backup-guest,backup-serial,backup-"
          "shell 18,0 17x75; "
          "telemetry 35,0 4x75; "
          "wizard 0,75 39x45" },
        { 100, 30, "medium",
          "tabs "
          "host-testpmd,host-monitor,host-guest,host-serial,host-shell,tester-"
          "scapy 0,0 13x60; "
          "tabs "
          "backup-testpmd,backup-monitor,backup-guest,backup-serial,backup-"
          "shell 13,0 12x60; "
          "telemetry 25,0 4x60; "
          "wizard 0,60 29x40" },
        { 80, 24, "narrow",
          "tabs "
          "host-testpmd,backup-testpmd,host-monitor,backup-monitor,host-guest,"
          "backup-guest,tester-scapy,host-serial,backup-serial,host-shell,"
          "backup-shell 0,0 17x80; "
          "wizard 17,0 6x80" },
        { 20, 5, "narrow",
          "tabs "
          "host-testpmd,backup-testpmd,host-monitor,backup-monitor,host-guest,"
          "backup-guest,tester-scapy,host-serial,backup-serial,host-shell,"
          "backup-shell 0,0 3x20; "
          "wizard 3,0 1x20" },
    };
    struct diags diags = { 0 };
    struct layouts *layouts = layouts_load(&diags);

    (void)state;
    assert_non_null(layouts);
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        const struct layout *layout =
            layouts_pick(layouts, screens[i].cols, screens[i].rows);
        struct arrangement *a = arrange(layout, all, ARRAY_LEN(all),
                                        screens[i].cols, screens[i].rows - 1);

        print_message("# %s at %dx%d\n", layout->name.text, screens[i].cols,
                      screens[i].rows);
        assert_string_equal(layout->name.text, screens[i].name);
        assert_told(a, screens[i].want);
        arrangement_free(a);
    }
    layouts_free(layouts);
}

static void
the_largest_layout_that_fits_is_picked(void **state)
{
    static const struct {
        int cols, rows;
        const char *name;
    } cases[] = {
        { 500, 200, "wide" },  { 160, 40, "wide" },  { 159, 40, "medium" },
        { 160, 39, "medium" }, { 99, 90, "narrow" }, { 20, 5, "narrow" },
        { 19, 4, "narrow" },   { 0, 0, "narrow" },
    };
    struct diags diags = { 0 };
    struct layouts *layouts = layouts_load(&diags), none = { 0 };

    (void)state;
    assert_non_null(layouts);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("# %dx%d\n", cases[i].cols, cases[i].rows);
        assert_string_equal(
            layouts_pick(layouts, cases[i].cols, cases[i].rows)->name.text,
            cases[i].name);
    }
    assert_null(layouts_find(layouts, "no-such-layout"));
    assert_null(layouts_pick(&none, 80, 24));
    layouts_free(layouts);
}

static int
setup(void **state)
{
    (void)state;
    return setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_in_a_layout_is_told_with_its_place),
        cmocka_unit_test(one_reading_tells_all_mistakes),
        cmocka_unit_test(a_layout_nested_too_deep_is_an_error),
        cmocka_unit_test(sizes_are_cells_percents_and_shares_of_the_rest),
        cmocka_unit_test(what_the_lab_does_not_have_vanishes),
        cmocka_unit_test(stars_stand_for_what_no_tab_names_closer),
        cmocka_unit_test(keys_move_borders_and_a_resize_keeps_them),
        cmocka_unit_test(a_border_at_its_end_stays_and_comes_back_at_once),
        cmocka_unit_test(every_layout_covers_every_screen),
        cmocka_unit_test(moved_borders_leave_no_gap_either),
        cmocka_unit_test(the_shipped_layouts_look_as_drawn),
        cmocka_unit_test(the_largest_layout_that_fits_is_picked),
    };

    return cmocka_run_group_tests_name("layout", tests, setup, NULL);
}
