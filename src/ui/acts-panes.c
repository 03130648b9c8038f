/* acts-panes.c - what somebody does to the screen: panes, layout, keyboard. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "base/str.h"
#include "plan/script.h"
#include "run/stage.h"
#include "ui/acts.h"
#include "ui/app-priv.h"
#include "ui/pane-view.h"
#include "ui/screen.h"
#include "ui/tty.h"

void
act_pane(struct app *app, const char *arg)
{
    uint64_t number;
    struct pane_view *pane = NULL;

    if (str_to_u64(arg, 0, 999, &number))
        pane = app_nth_pane(app, number != 0 ? (size_t)number : 10);
    else
        pane = app_pane(app, arg);
    if (pane == NULL)
        app_say(app, "there is no pane \"%s\"", arg);
    else
        app_focus(app, pane);
}

static void
step_pane(struct app *app, int by)
{
    struct pane_view *from = app->focus != NULL ? app->focus : app->shown;
    size_t n = from != NULL ? app_number_of(app, from) : 0, last = 0;

    while (app_nth_pane(app, last + 1) != NULL)
        last++;
    if (last == 0)
        return;
    if (app->focus == NULL && n != 0)
        by = 0; /* first the one that is shown */
    n = n == 0 ? 1 : (n - 1 + last + (size_t)(by + (int)last)) % last + 1;
    app_focus(app, app_nth_pane(app, n));
}

void
act_next_pane(struct app *app, const char *arg)
{
    (void)arg;
    step_pane(app, 1);
}

void
act_previous_pane(struct app *app, const char *arg)
{
    (void)arg;
    step_pane(app, -1);
}

/* Show another console of the place; the wizard keeps the keyboard. */
static void
turn(struct app *app, int by)
{
    struct pane_view *from = app->focus != NULL ? app->focus : app->shown, *to;
    const struct arranged *place =
        from != NULL ? app_place_of(app, from) : NULL;
    size_t at = 0, len;

    if (place == NULL)
        return;
    len = place->tabs_len;
    while (at < len && app_pane(app, place->tabs[at]) != from)
        at++;
    to = app_pane(app, place->tabs[(at + len + (size_t)(by + (int)len)) % len]);
    /* A pane that has the keyboard is not covered: it goes along. */
    if (app->focus != NULL)
        app_focus(app, to);
    else
        app_show(app, to);
    app_dirty(app);
}

void
act_turn_next(struct app *app, const char *arg)
{
    (void)arg;
    turn(app, 1);
}

void
act_turn_previous(struct app *app, const char *arg)
{
    (void)arg;
    turn(app, -1);
}

void
act_wizard(struct app *app, const char *arg)
{
    (void)arg;
    app->owner = NULL;
    if (app->overlay != OVERLAY_NONE)
        app_cover(app, OVERLAY_NONE);
    app_focus(app, NULL);
}

void
act_zoom(struct app *app, const char *arg)
{
    (void)arg;
    app->zoomed = !app->zoomed;
    app_dirty(app);
}

void
act_layout(struct app *app, const char *arg)
{
    const struct layouts *all = app->spec.layouts;
    const struct layout *layout = NULL;
    size_t at = 0;

    if (*arg != '\0') {
        layout = layouts_find(all, arg);
    } else {
        while (at < all->len && all->items[at] != app->layout)
            at++;
        layout = all->items[(at + 1) % all->len];
    }
    if (layout == NULL) {
        app_say(app, "there is no layout \"%s\"", arg);
        return;
    }
    app->layout = layout;
    app->layout_fixed = true;
    arrangement_free(app->arrangement);
    app->arrangement = NULL;
    app_arrange(app);
    app_say(app, "layout %s: %s", layout->name.text,
            layout->title.text != NULL ? layout->title.text : "");
}

static void
grow(struct app *app, enum arrange_axis axis, int by)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;
    const struct arranged *place =
        pane != NULL ? app_place_of(app, pane) : NULL;

    if (place == NULL ||
        !arrangement_grow(app->arrangement,
                          (size_t)(place - app->arrangement->items), axis, by))
        app_say(app, "there is no room for that");
    app_dirty(app);
}

void
act_wider(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_COLS, 4);
}

void
act_narrower(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_COLS, -4);
}

void
act_higher(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_ROWS, 2);
}

void
act_lower(struct app *app, const char *arg)
{
    (void)arg;
    grow(app, ARRANGE_ROWS, -2);
}

static void
toggle(struct app *app, enum overlay overlay)
{
    app_cover(app, app->overlay == overlay ? OVERLAY_NONE : overlay);
}

void
act_log(struct app *app, const char *arg)
{
    (void)arg;
    toggle(app, OVERLAY_LOG);
}

void
act_help(struct app *app, const char *arg)
{
    (void)arg;
    toggle(app, OVERLAY_HELP);
}

void
act_line(struct app *app, const char *arg)
{
    (void)arg;
    app_ask(app, ":", "", app_run_line);
}

void
act_connect(struct app *app, const char *arg)
{
    struct pane_view *pane = *arg != '\0'         ? app_pane(app, arg)
                             : app->focus != NULL ? app->focus
                                                  : app->shown;

    if (pane == NULL)
        app_say(app, "there is no pane \"%s\"", arg);
    else
        stage_connect(runner_stage(app->runner), pane_view_console(pane));
    app_dirty(app);
}

void
act_fit(struct app *app, const char *arg)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;
    int cols, rows;

    (void)arg;
    if (pane == NULL)
        return;
    pane_view_size(pane, &cols, &rows);
    if (cols < 2 || rows < 2) {
        app_say(app, "it is not on the screen");
        return;
    }
    stage_resize(runner_stage(app->runner), pane_view_console(pane),
                 (uint16_t)cols, (uint16_t)rows);
    app_say(app, "%s is %d by %d now", pane_view_console(pane)->name, cols,
            rows);
}

void
act_redraw(struct app *app, const char *arg)
{
    (void)arg;
    screen_repaint(app->screen);
    app_dirty(app);
}

void
act_suspend(struct app *app, const char *arg)
{
    (void)app;
    (void)arg;
    raise(SIGTSTP);
}

void
act_mouse(struct app *app, const char *arg)
{
    bool on = strcmp(arg, "off") != 0;

    tty_mouse(app->tty, on);
    app_say(app, on ? "mouse on: the terminal selects with Shift held"
                    : "mouse off");
}

void
act_prefix(struct app *app, const char *arg)
{
    (void)app;
    (void)arg; /* app-keys.c sends it: the key is the prefix itself */
}
