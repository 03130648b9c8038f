/* acts-back.c - looking back in a pane, and searching in it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "ui/acts.h"
#include "ui/app-priv.h"
#include "ui/pane-view.h"
#include "ui/screen.h"

static void
scroll_page(struct app *app, int by)
{
    uint16_t cols, rows;

    screen_size(app->screen, &cols, &rows);
    if (app->focus != NULL)
        pane_view_scroll(app->focus,
                         by * MAX(pane_view_rows(app->focus) - 1, 1));
    else
        app->scroll += by * rows / 2;
    app_dirty(app);
}

void
act_page_down(struct app *app, const char *arg)
{
    (void)arg;
    scroll_page(app, 1);
}

void
act_page_up(struct app *app, const char *arg)
{
    (void)arg;
    scroll_page(app, -1);
}

static void
find(struct app *app, bool backwards)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (pane == NULL || app->sought == NULL)
        return;
    if (!pane_view_find(pane, app->sought, backwards))
        app_say(app, "\"%s\" is not %s", app->sought,
                backwards ? "further up" : "further down");
    app_dirty(app);
}

static void
search_for(struct app *app, const char *text)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (*text == '\0' || pane == NULL)
        return;
    free(app->sought);
    app->sought = xstrdup(text);
    app_lend(app, pane);
    find(app, true);
    app_end_loan(app);
}

void
act_search(struct app *app, const char *arg)
{
    if (*arg != '\0')
        search_for(app, arg);
    else
        app_ask(app, "/", "", search_for);
}

void
act_find_again(struct app *app, const char *arg)
{
    (void)arg;
    find(app, true);
}

void
act_find_below(struct app *app, const char *arg)
{
    (void)arg;
    find(app, false);
}

static void
look_back(struct app *app, void (*move)(struct pane_view *pane))
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (pane == NULL)
        return;
    app_lend(app, pane);
    move(pane);
    app_end_loan(app);
    app_dirty(app);
}

static void
one_up(struct pane_view *pane)
{
    pane_view_scroll(pane, -1);
}

static void
one_down(struct pane_view *pane)
{
    pane_view_scroll(pane, 1);
}

void
act_look_back(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, one_up);
}

void
act_look_ahead(struct app *app, const char *arg)
{
    (void)arg;
    if (app->focus != NULL)
        pane_view_to_end(app->focus);
    app_dirty(app);
}

void
act_look_down(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, one_down);
}

void
act_top(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, pane_view_to_top);
}

void
act_end(struct app *app, const char *arg)
{
    (void)arg;
    look_back(app, pane_view_to_end);
}
