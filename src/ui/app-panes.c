/* app-panes.c - which panes show where, and which has the keyboard. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <string.h>

#include "base/xalloc.h"
#include "lab/layout.h"
#include "plan/script.h"
#include "ui/app-priv.h"
#include "ui/pane-view.h"
#include "ui/screen.h"

void
app_arrange(struct app *app)
{
    const struct layout *layout = app->layout;
    uint16_t cols, rows;

    screen_size(app->screen, &cols, &rows);
    if (!app->layout_fixed || layout == NULL)
        layout = layouts_pick(app->spec.layouts, cols, rows);
    if (layout != app->layout || app->arrangement == NULL) {
        arrangement_free(app->arrangement);
        app->layout = layout;
        app->arrangement =
            arrange(layout, app->names, app->spec.script->consoles_len, cols,
                    MAX(rows - 1, 0));
    } else {
        arrangement_resize(app->arrangement, cols, MAX(rows - 1, 0));
    }
    /* Who types must see where; else what was shown last is in front. */
    if (app->focus != NULL)
        app_show(app, app->focus);
    else if (app->shown != NULL)
        app_show(app, app->shown);
}

struct pane_view *
app_pane(const struct app *app, const char *console)
{
    for (size_t i = 0; i < app->spec.script->consoles_len; i++)
        if (strcmp(app->names[i], console) == 0)
            return app->panes[i];
    return NULL;
}

static bool
place_has(const struct arranged *place, const char *console)
{
    for (size_t i = 0; i < place->tabs_len; i++)
        if (strcmp(place->tabs[i], console) == 0)
            return true;
    return false;
}

struct pane_view *
app_tab_of(const struct app *app, const struct arranged *place)
{
    for (size_t i = 0; i < app->choices_len; i++)
        if (app->choices[i].node == place->node &&
            place_has(place, app->choices[i].console))
            return app_pane(app, app->choices[i].console);
    return app_pane(app, place->tabs[0]);
}

const struct arranged *
app_place_of(const struct app *app, const struct pane_view *pane)
{
    const char *name = pane_view_console(pane)->name;

    for (size_t i = 0; i < app->arrangement->len; i++)
        if (app->arrangement->items[i].kind == PLACE_TABS &&
            place_has(&app->arrangement->items[i], name))
            return &app->arrangement->items[i];
    return NULL;
}

void
app_show(struct app *app, struct pane_view *pane)
{
    const struct arranged *place = app_place_of(app, pane);
    const char *name = pane_view_console(pane)->name;

    app->shown = pane;
    if (place == NULL)
        return;
    for (size_t i = 0; i < app->choices_len; i++)
        if (app->choices[i].node == place->node) {
            app->choices[i].console = name;
            return;
        }
    app->choices = xgrow(app->choices, app->choices_len, &app->choices_cap,
                         sizeof *app->choices);
    app->choices[app->choices_len++] = (struct tab_choice){
        .node = place->node,
        .console = name,
    };
}

void
app_focus(struct app *app, struct pane_view *pane)
{
    app->focus = pane;
    app->prefixed = app->lent = false;
    if (pane != NULL) {
        app->overlay = OVERLAY_NONE; /* who types must see where */
        app_show(app, pane);
    }
    app_dirty(app);
}

void
app_lend(struct app *app, struct pane_view *pane)
{
    bool lent = app->lent || app->focus == NULL;

    app_focus(app, pane);
    app->lent = lent;
}

void
app_end_loan(struct app *app)
{
    if (app->lent && app->focus != NULL && !pane_view_is_back(app->focus))
        app_focus(app, NULL); /* back to where it came from */
}

void
app_cover(struct app *app, enum overlay overlay)
{
    struct pane_view *owner = app->owner;

    if (app->overlay == OVERLAY_NONE)
        app->owner = app->focus;
    app->overlay = overlay;
    app->scroll = 0;
    app_focus(app, overlay == OVERLAY_NONE ? owner : NULL);
}

bool
app_has_strip(const struct app *app)
{
    for (size_t i = 0; i < app->arrangement->len; i++)
        if (app->arrangement->items[i].kind == PLACE_WIZARD &&
            app->arrangement->items[i].rows <= APP_STRIP_ROWS)
            return true;
    return false;
}

struct pane_view *
app_nth_pane(const struct app *app, size_t n)
{
    for (size_t i = 0; i < app->arrangement->len; i++) {
        const struct arranged *place = &app->arrangement->items[i];

        if (place->kind != PLACE_TABS)
            continue;
        if (n <= place->tabs_len)
            return n > 0 ? app_pane(app, place->tabs[n - 1]) : NULL;
        n -= place->tabs_len;
    }
    return NULL;
}

size_t
app_number_of(const struct app *app, const struct pane_view *pane)
{
    struct pane_view *one;

    for (size_t n = 1; (one = app_nth_pane(app, n)) != NULL; n++)
        if (one == pane)
            return n;
    return 0;
}

/* Nobody's typing is covered: a human's pane stays where it is. */
void
app_follow(struct app *app, const char *console)
{
    struct pane_view *pane = app_pane(app, console);

    if (pane == NULL ||
        (app->focus != NULL && app->focus != pane &&
         app_place_of(app, app->focus) == app_place_of(app, pane)))
        return;
    app_show(app, pane);
}
