/* app-keys.c - a key, a paste, a mouse event: whose it is and what it means. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "run/stage.h"
#include "term/keys.h"
#include "term/mouse.h"
#include "term/term.h"
#include "ui/app-priv.h"
#include "ui/lineedit.h"
#include "ui/pane-view.h"
#include "ui/paste.h"

#define WHEEL_LINES 3

static const char *
prefix_of(const struct app *app)
{
    return app->spec.prefix != NULL ? app->spec.prefix : APP_PREFIX;
}

static struct term_modes
modes_of(const struct app *app, const struct pane_view *pane)
{
    struct hearing *hearing = stage_hearing(runner_stage(app->runner));

    return term_modes(
        dialog_term(hearing_dialog(hearing, pane_view_console(pane)->name)));
}

static void
send_bytes(struct app *app, const struct buf *bytes)
{
    struct err err = ERR_INIT;

    if (bytes->len > 0 &&
        !stage_human(runner_stage(app->runner), pane_view_console(app->focus),
                     (const uint8_t *)bytes->bytes, bytes->len, &err))
        app_complain(app, &err);
}

static void
send_key(struct app *app, const char *name)
{
    const struct term_modes modes = modes_of(app, app->focus);
    struct buf bytes = BUF_INIT(0);
    struct err err = ERR_INIT;

    if (keys_encode(name, &modes, &bytes, &err))
        send_bytes(app, &bytes);
    else
        app_complain(app, &err);
    buf_fini(&bytes);
}

static void
send_paste(struct app *app, const char *text)
{
    struct buf bytes = BUF_INIT(0);

    paste_encode(text, modes_of(app, app->focus).bracketed_paste, &bytes);
    send_bytes(app, &bytes);
    buf_fini(&bytes);
}

/* What is typed goes to a console, and its newest line is seen. */
static bool
types_into_pane(const struct app *app)
{
    return app->focus != NULL && !pane_view_is_back(app->focus);
}

static void
paste_after(struct app *app, const char *text)
{
    bool yes = *text == 'y' || *text == 'Y';

    /* A click may have given the keyboard to another meanwhile. */
    if (yes && app->paste != NULL && app->focus == app->paste_into &&
        types_into_pane(app))
        send_paste(app, app->paste);
    else if (yes)
        app_say(app, "not pasted: that pane has not the keyboard any more");
    free(app->paste);
    app->paste = NULL;
}

static void
on_paste(struct app *app, const struct input_event *event)
{
    char *question;

    if (app->line != NULL) {
        lineedit_insert(app->line, event->text);
        return;
    }
    if (!types_into_pane(app)) {
        app_say(app, app->focus == NULL
                         ? "the wizard takes no paste: take a pane first"
                         : "stop looking back first");
        return;
    }
    if (paste_is_plain(event)) {
        send_paste(app, event->text);
        return;
    }
    free(app->paste);
    app->paste = xstrdup(event->text);
    app->paste_into = app->focus;
    question = paste_question(event, pane_view_console(app->focus)->name);
    app_confirm(app, question, paste_after);
    free(question);
}

/*
 * The program in the pane that has the keyboard may want the mouse as well;
 * false: it does not, or this is beside it, and the event is ours.
 */
static bool
send_mouse(struct app *app, const struct input_event *event)
{
    static const enum mouse_button buttons[] = {
        [BUTTON_LEFT] = MOUSE_LEFT,
        [BUTTON_MIDDLE] = MOUSE_MIDDLE,
        [BUTTON_RIGHT] = MOUSE_RIGHT,
        [BUTTON_WHEEL_UP] = MOUSE_WHEEL_UP,
        [BUTTON_WHEEL_DOWN] = MOUSE_WHEEL_DOWN,
    };
    struct mouse_event sent = {
        .button = buttons[event->button],
        .released = event->released,
        .dragged = event->dragged,
    };
    struct term_modes modes;
    struct buf bytes = BUF_INIT(0);

    if (app->focus == NULL || app->line != NULL ||
        app->overlay != OVERLAY_NONE || pane_view_is_back(app->focus))
        return false;
    modes = modes_of(app, app->focus);
    if (modes.mouse == 0 ||
        !pane_view_at(app->focus, event->row, event->col, &sent.row, &sent.col))
        return false;
    mouse_encode(&sent, &modes, &bytes);
    send_bytes(app, &bytes);
    buf_fini(&bytes);
    return true;
}

/* Something covers the panes: what lies below it gets nothing. */
static bool
is_covered(const struct app *app)
{
    return app->overlay != OVERLAY_NONE ||
           (app->details && app->focus == NULL && app_has_strip(app));
}

static void
on_covered_mouse(struct app *app, const struct input_event *event)
{
    if (event->button == BUTTON_WHEEL_UP)
        app->scroll -= WHEEL_LINES;
    else if (event->button == BUTTON_WHEEL_DOWN)
        app->scroll += WHEEL_LINES;
    app_dirty(app);
}

/* One pane is all there is to point at. */
static void
on_zoomed_mouse(struct app *app, const struct input_event *event)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;

    if (event->button == BUTTON_LEFT && !event->released)
        app_focus(app, pane);
    else if (event->button == BUTTON_WHEEL_UP)
        pane_view_scroll(pane, -WHEEL_LINES);
    else if (event->button == BUTTON_WHEEL_DOWN)
        pane_view_scroll(pane, WHEEL_LINES);
    app_dirty(app);
}

static void
on_mouse(struct app *app, const struct input_event *event)
{
    if (send_mouse(app, event))
        return;
    if (is_covered(app)) {
        on_covered_mouse(app, event);
        return;
    }
    if (app->zoomed && app->shown != NULL) {
        on_zoomed_mouse(app, event);
        return;
    }
    for (size_t i = 0; i < app->arrangement->len; i++) {
        const struct arranged *place = &app->arrangement->items[i];

        if (event->row < place->row || event->row >= place->row + place->rows ||
            event->col < place->col || event->col >= place->col + place->cols)
            continue;
        if (place->kind != PLACE_TABS) {
            if (event->button == BUTTON_LEFT && !event->released)
                app_focus(app, NULL);
        } else if (event->button == BUTTON_LEFT && !event->released) {
            app_focus(app, app_tab_of(app, place));
        } else if (event->button == BUTTON_WHEEL_UP) {
            pane_view_scroll(app_tab_of(app, place), -WHEEL_LINES);
        } else if (event->button == BUTTON_WHEEL_DOWN) {
            pane_view_scroll(app_tab_of(app, place), WHEEL_LINES);
        }
        app_dirty(app);
        return;
    }
}

/* What a word could become: the one that all of them begin with. */
static void
complete(struct app *app)
{
    const char *text = lineedit_text(app->line);
    size_t len = strlen(text), common = 0;
    const char *first = NULL;
    char *word;

    if (strchr(text, ' ') != NULL ||
        strcmp(lineedit_label(app->line), ":") != 0)
        return;
    for (size_t i = 0; i < ui_commands_len; i++) {
        const char *name = ui_commands[i].name;
        size_t n = 0;

        if (!str_starts(name, text) ||
            (ui_commands[i].when & app_when(app)) == 0)
            continue;
        if (first == NULL) {
            first = name;
            common = strlen(name);
            continue;
        }
        while (n < common && first[n] == name[n])
            n++;
        common = n;
    }
    if (first != NULL && common >= len) {
        word = xasprintf("%.*s%s", (int)common, first,
                         common == strlen(first) && common > len ? " " : "");
        if (common > len)
            lineedit_set(app->line, word);
        free(word);
    }
}

static void
on_line_key(struct app *app, const char *name)
{
    struct lineedit *line = app->line;
    enum lineedit_result result;

    app_dirty(app);
    if (app->one_key) {
        app->line = NULL;
        app->line_done(app, name);
        lineedit_free(line);
        return;
    }
    if (strcmp(name, "Tab") == 0) {
        complete(app);
        return;
    }
    result = lineedit_key(line, name);
    if (result == LINEEDIT_MORE)
        return;
    app->line = NULL; /* what it does may ask for the next */
    if (result == LINEEDIT_DONE)
        app->line_done(app, lineedit_text(line));
    lineedit_free(line);
}

void
app_run_line(struct app *app, const char *text)
{
    char *name = xstrndup(text, strcspn(text, " "));
    const char *arg = text + strlen(name);
    const struct ui_command *command;

    arg += strspn(arg, " ");
    command = *name != '\0' ? ui_command_of_name(name) : NULL;
    if (*name == '\0')
        app_dirty(app);
    else if (command == NULL)
        app_say(app, "there is no command \"%s\": ? lists them", name);
    else if ((command->when & app_when(app)) == 0)
        app_say(app, ":%s makes no sense now", command->name);
    else
        command->run(app, arg);
    free(name);
}

/* A command's key; the key itself is what a command with numbers wants. */
static void
run_key(struct app *app, enum ui_context context, const char *key)
{
    const struct ui_command *command =
        ui_command_of_key(context, key, app_when(app));

    if (command == NULL) {
        app_say(app, "%s%s%s means nothing here: ? lists the keys",
                context == CONTEXT_PREFIX ? prefix_of(app) : "",
                context == CONTEXT_PREFIX ? " " : "", key);
        return;
    }
    command->run(app,
                 strlen(key) == 1 && *key >= '0' && *key <= '9' ? key : "");
}

/* Behind the prefix a key means the same, whoever has the keyboard. */
static void
on_prefixed_key(struct app *app, const char *name)
{
    app->prefixed = false;
    if (strcmp(name, prefix_of(app)) != 0)
        run_key(app, CONTEXT_PREFIX, name);
    else if (types_into_pane(app))
        send_key(app, name);
    app_dirty(app);
}

static void
on_pane_key(struct app *app, const char *name)
{
    if (pane_view_is_back(app->focus)) {
        run_key(app, CONTEXT_BACK, name);
        app_end_loan(app);
    } else {
        send_key(app, name);
    }
    app_dirty(app);
}

void
app_on_input(void *ctx, const struct input_event *event)
{
    struct app *app = ctx;

    if (app->runner == NULL || app->gone)
        return;
    if (event->kind == INPUT_PASTE)
        on_paste(app, event);
    else if (event->kind == INPUT_MOUSE)
        on_mouse(app, event);
    else if (app->line != NULL)
        on_line_key(app, event->name);
    else if (app->prefixed)
        on_prefixed_key(app, event->name);
    else if (strcmp(event->name, prefix_of(app)) == 0) {
        app->prefixed = true;
        app_dirty(app);
    } else if (app->focus != NULL)
        on_pane_key(app, event->name);
    else
        run_key(app,
                app->overlay != OVERLAY_NONE ? CONTEXT_OVERLAY : CONTEXT_WIZARD,
                event->name);
}
