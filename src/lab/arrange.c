/*
 * arrange.c - a tree of parts as rectangles.
 *
 * A part's *axis* is the one its parts follow each other on: that of columns
 * for columns. What a part gets of its parent along the parent's axis is its
 * share (share.h); across it, it fills the parent. *Least* is a cell for each
 * rectangle in a part, *wanted* what the layout's min keys want in it.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "lab/arrange.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "lab/layout.h"
#include "lab/share.h"

enum { AXES = 2 };

/* A part of the layout on this lab, and at this size. */
struct slot {
    const struct layout_part *part;
    struct slot *parent; /* NULL: the root */
    const char **tabs;   /* the consoles that exist */
    size_t tabs_len, tabs_cap;
    bool shown; /* something is in it */
    int least[AXES], wanted[AXES];
    int at[AXES], size[AXES]; /* size 0: left out */
    int moved;                /* cells that keys gave it along its parent */
};

struct arrange_state {
    struct slot *slots; /* by node */
    size_t len;
};

static enum arrange_axis
axis_of(const struct layout_part *part)
{
    return layout_parts(part) == &part->columns ? ARRANGE_COLS : ARRANGE_ROWS;
}

/* How closely a tab means a console: 0 not at all, its full name most. */
static size_t
closeness(const char *tab, const char *console)
{
    size_t len = strlen(tab);

    if (tab[len - 1] != '*')
        return strcmp(tab, console) == 0 ? len + 2 : 0;
    return strncmp(tab, console, len - 1) == 0 ? len : 0;
}

/* Give the console to the tab that means it most closely, if any does. */
static void
find_home(struct arrange_state *state, const char *console, size_t *home_node,
          size_t *home_tab)
{
    size_t best = 0;

    for (size_t i = 0; i < state->len; i++) {
        const struct conf_texts *tabs = &state->slots[i].part->tabs;

        for (size_t j = 0; j < tabs->len; j++) {
            size_t close = closeness(tabs->items[j].text, console);

            if (close > best) {
                best = close;
                *home_node = i;
                *home_tab = j;
            }
        }
    }
}

static void
take_tab(struct slot *slot, const char *console)
{
    slot->tabs =
        xgrow(slot->tabs, slot->tabs_len, &slot->tabs_cap, sizeof *slot->tabs);
    slot->tabs[slot->tabs_len++] = console;
}

/* Consoles in the order of the tabs that mean them, then in their own. */
static void
fill_tabs(struct arrange_state *state, const char *const *consoles, size_t len)
{
    const size_t nowhere = state->len;
    size_t *nodes = xcalloc(len + 1, sizeof *nodes);
    size_t *tabs = xcalloc(len + 1, sizeof *tabs);

    for (size_t i = 0; i < len; i++) {
        nodes[i] = nowhere;
        find_home(state, consoles[i], &nodes[i], &tabs[i]);
    }
    for (size_t n = 0; n < state->len; n++)
        for (size_t t = 0; t < state->slots[n].part->tabs.len; t++)
            for (size_t i = 0; i < len; i++)
                if (nodes[i] == n && tabs[i] == t)
                    take_tab(&state->slots[n], consoles[i]);
    free(nodes);
    free(tabs);
}

static void
add_slots(struct arrange_state *state, const struct layout_part *part,
          struct slot *parent)
{
    struct slot *slot = &state->slots[part->node];
    const struct conf_list *parts = layout_parts(part);
    const struct layout_part *items = parts != NULL ? parts->items : NULL;

    slot->part = part;
    slot->parent = parent;
    for (size_t i = 0; parts != NULL && i < parts->len; i++)
        add_slots(state, &items[i], slot);
}

/* A part needs the sum of its parts along its axis, across it the largest. */
static void
add_need(struct slot *slot, const struct slot *inner)
{
    enum arrange_axis along = axis_of(slot->part), across = !along;
    int min = (int)inner->part->min.value;

    slot->least[along] += inner->least[along];
    slot->wanted[along] += MAX(inner->wanted[along], min);
    slot->least[across] = MAX(slot->least[across], inner->least[across]);
    slot->wanted[across] = MAX(slot->wanted[across], inner->wanted[across]);
    slot->shown = true;
}

/* Inner parts have larger numbers, so that they are done before. */
static void
find_needs(struct arrange_state *state)
{
    for (size_t i = state->len; i-- > 0;) {
        struct slot *slot = &state->slots[i];

        if (layout_parts(slot->part) == NULL) {
            slot->shown = slot->part->tabs.len == 0 || slot->tabs_len > 0;
            for (int axis = 0; axis < AXES; axis++)
                slot->least[axis] = slot->wanted[axis] = 1;
        }
        if (slot->shown && slot->parent != NULL)
            add_need(slot->parent, slot);
    }
}

/* The shown parts of a part, and what the layout asks for each. */
static size_t
ask(struct arrange_state *state, const struct slot *slot, struct slot **inner,
    struct share *shares)
{
    enum arrange_axis along = axis_of(slot->part);
    const struct conf_list *parts = layout_parts(slot->part);
    const struct layout_part *items = parts->items;
    size_t len = 0;

    for (size_t i = 0; i < parts->len; i++) {
        struct slot *one = &state->slots[items[i].node];
        const struct layout_size *size = &items[i].size;
        int wanted = MAX(one->wanted[along], (int)items[i].min.value);
        int asked =
            (int)size->cells + slot->size[along] * (int)size->percent / 100;

        if (!one->shown)
            continue;
        inner[len] = one;
        shares[len++] = (struct share){
            .cells = MAX(asked, wanted),
            .least = one->least[along],
            .wanted = wanted,
        };
    }
    return len;
}

/*
 * What is left over goes to the parts without a size, evenly. Where all have
 * one (or those without have vanished), to the percents, by percent; a strip
 * of so many cells grows only if there is nothing else.
 */
static void
weigh(struct slot *const *inner, struct share *shares, size_t len)
{
    bool any_free = false, any_percent = false;

    for (size_t i = 0; i < len; i++) {
        const struct layout_size *size = &inner[i]->part->size;

        any_free |= size->cells == 0 && size->percent == 0;
        any_percent |= size->percent != 0;
    }
    for (size_t i = 0; i < len; i++) {
        const struct layout_size *size = &inner[i]->part->size;

        if (any_free)
            shares[i].weight = size->cells == 0 && size->percent == 0;
        else
            shares[i].weight = (int)(any_percent ? size->percent : size->cells);
    }
}

/* Put the parts one behind the other into the slot's rectangle. */
static void
put_inner(const struct slot *slot, struct slot *const *inner,
          const struct share *shares, size_t len)
{
    enum arrange_axis along = axis_of(slot->part), across = !along;
    int at = slot->at[along];

    for (size_t i = 0; i < len; i++) {
        inner[i]->at[along] = at;
        inner[i]->at[across] = slot->at[across];
        inner[i]->size[along] = shares[i].cells;
        inner[i]->size[across] = slot->size[across];
        at += shares[i].cells;
    }
}

static void
split(struct arrange_state *state, const struct slot *slot)
{
    const struct conf_list *parts = layout_parts(slot->part);
    struct slot **inner;
    struct share *shares;
    size_t len;

    if (parts == NULL || !slot->shown)
        return;
    inner = xcalloc(parts->len, sizeof(struct slot *));
    shares = xcalloc(parts->len, sizeof *shares);
    len = ask(state, slot, inner, shares);
    weigh(inner, shares, len);
    shares_even_out(shares, len, slot->size[axis_of(slot->part)]);
    for (size_t i = 0; i < len; i++)
        shares_move(shares, len, i, inner[i]->moved);
    put_inner(slot, inner, shares, len);
    free(shares);
    free(inner);
}

static void
add_item(struct arrangement *arrangement, const struct slot *slot)
{
    static const enum place_kind kinds[] = {
        [LAYOUT_WIZARD] = PLACE_WIZARD,
        [LAYOUT_TELEMETRY] = PLACE_TELEMETRY,
        [LAYOUT_LOG] = PLACE_LOG,
    };
    bool is_tabs = slot->tabs_len > 0;

    arrangement->items[arrangement->len++] = (struct arranged){
        .kind = is_tabs ? PLACE_TABS : kinds[slot->part->view.value],
        .row = slot->at[ARRANGE_ROWS],
        .col = slot->at[ARRANGE_COLS],
        .rows = slot->size[ARRANGE_ROWS],
        .cols = slot->size[ARRANGE_COLS],
        .tabs = slot->tabs,
        .tabs_len = slot->tabs_len,
        .node = slot->part->node,
    };
}

/* Outer parts have smaller numbers, so that they are done before. */
void
arrangement_resize(struct arrangement *arrangement, int cols, int rows)
{
    struct arrange_state *state = arrangement->state;

    state->slots[0].size[ARRANGE_COLS] = MAX(cols, 0);
    state->slots[0].size[ARRANGE_ROWS] = MAX(rows, 0);
    arrangement->len = 0;
    for (size_t i = 0; i < state->len; i++) {
        struct slot *slot = &state->slots[i];

        split(state, slot);
        if (layout_parts(slot->part) == NULL && slot->shown &&
            slot->size[ARRANGE_COLS] > 0 && slot->size[ARRANGE_ROWS] > 0)
            add_item(arrangement, slot);
    }
}

struct arrangement *
arrange(const struct layout *layout, const char *const *consoles,
        size_t consoles_len, int cols, int rows)
{
    struct arrangement *arrangement = xcalloc(1, sizeof *arrangement);
    struct arrange_state *state = xcalloc(1, sizeof *state);

    state->len = layout->nodes;
    state->slots = xcalloc(state->len, sizeof *state->slots);
    add_slots(state, &layout->root, NULL);
    fill_tabs(state, consoles, consoles_len);
    find_needs(state);
    arrangement->state = state;
    arrangement->items = xcalloc(state->len, sizeof *arrangement->items);
    arrangement_resize(arrangement, cols, rows);
    return arrangement;
}

void
arrangement_free(struct arrangement *arrangement)
{
    if (arrangement == NULL)
        return;
    for (size_t i = 0; i < arrangement->state->len; i++)
        free(arrangement->state->slots[i].tabs);
    free(arrangement->state->slots);
    free(arrangement->state);
    free(arrangement->items);
    free(arrangement);
}

/* The slot itself or one around it that has neighbours on the axis. */
static struct slot *
movable(struct arrange_state *state, struct slot *slot, enum arrange_axis axis)
{
    for (; slot->parent != NULL; slot = slot->parent) {
        if (axis_of(slot->parent->part) != axis)
            continue;
        for (size_t i = 0; i < state->len; i++)
            if (state->slots[i].parent == slot->parent &&
                &state->slots[i] != slot && state->slots[i].shown)
                return slot;
    }
    return NULL;
}

/*
 * A border may have been moved further than this screen has room for: keys
 * must act at once all the same, so go on until something is seen to move.
 */
bool
arrangement_grow(struct arrangement *arrangement, size_t index,
                 enum arrange_axis axis, int cells)
{
    struct arrange_state *state = arrangement->state;
    struct slot *root = &state->slots[0];
    const int cols = root->size[ARRANGE_COLS], rows = root->size[ARRANGE_ROWS];
    struct slot *slot;
    int had, moved;

    BUG_ON(index >= arrangement->len);
    cells = MAX(-root->size[axis], MIN(cells, root->size[axis]));
    slot = movable(state, &state->slots[arrangement->items[index].node], axis);
    if (slot == NULL)
        return false;
    had = slot->size[axis];
    moved = slot->moved;
    for (int i = 0; i <= abs(moved) + root->size[axis]; i++) {
        slot->moved += cells;
        arrangement_resize(arrangement, cols, rows);
        if (slot->size[axis] != had)
            return true;
    }
    slot->moved = moved;
    arrangement_resize(arrangement, cols, rows);
    return false;
}
