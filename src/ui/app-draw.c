/* app-draw.c - one frame: panes, wizard, telemetry, the last row. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/script.h"
#include "run/hearing.h"
#include "run/stage.h"
#include "ui/app-priv.h"
#include "ui/lineedit.h"
#include "ui/look.h"
#include "ui/page.h"
#include "ui/pane-view.h"
#include "ui/screen.h"
#include "ui/story.h"
#include "ui/telemetry.h"
#include "ui/wizard.h"

#define SMALL_COLS 20
#define SMALL_ROWS 5

/* How much of a pane's name its tab shows. */
enum tab_name { TAB_NAME, TAB_LETTERS, TAB_NUMBER };

/* The first letters of a pane that no other of its node begins with. */
static int
letters_of(const struct app *app, const struct script_console *console)
{
    const char *name = console->pane->name.text;
    int len = 1;

    for (size_t i = 0; i < app->spec.script->consoles_len; i++) {
        const struct script_console *other = &app->spec.script->consoles[i];

        if (other == console || other->node != console->node)
            continue;
        while (name[len] != '\0' &&
               strncmp(other->pane->name.text, name, (size_t)len) == 0)
            len++;
    }
    return len;
}

/* The other consoles of a place, those with news marked; "" for none. Yours. */
static char *
tab_words(const struct app *app, const struct arranged *place,
          const struct pane_view *shown, enum tab_name names)
{
    struct buf buf = BUF_INIT(0);

    if (place->tabs_len < 2)
        return xstrdup("");
    for (size_t i = 0; i < place->tabs_len; i++) {
        const struct pane_view *pane = app_pane(app, place->tabs[i]);
        const struct script_console *console = pane_view_console(pane);
        size_t number = app_number_of(app, pane);
        bool here = pane == shown;

        buf_printf(&buf, " %s%zu", here ? "[" : "", number);
        if (here || names != TAB_NUMBER)
            buf_printf(&buf, " %c:%.*s", console->node->name.text[0],
                       here || names == TAB_NAME ? INT_MAX
                                                 : letters_of(app, console),
                       console->pane->name.text);
        buf_printf(&buf, "%s%s", pane_view_has_news(pane) && !here ? "!" : "",
                   here ? "]" : "");
    }
    buf_printf(&buf, " ");
    return buf_take(&buf);
}

/* As much of them as there is room for. Yours. */
static char *
tabs_in(const struct app *app, const struct arranged *place,
        const struct pane_view *shown, int cols)
{
    char *tabs = tab_words(app, place, shown, TAB_NAME);

    for (int names = TAB_LETTERS;
         names <= TAB_NUMBER && text_columns(tabs) > cols; names++) {
        free(tabs);
        tabs = tab_words(app, place, shown, (enum tab_name)names);
    }
    return tabs;
}

static void
draw_pane(struct app *app, const struct arranged *place, struct pane_view *pane,
          const struct rect *rect)
{
    const struct script_console *console = pane_view_console(pane);
    struct stage *stage = runner_stage(app->runner);
    const struct program *program =
        dialog_program(hearing_dialog(stage_hearing(stage), console->name));
    char *tabs = tabs_in(app, place, pane, rect->cols - 4);
    const struct pane_frame frame = {
        .rect = *rect,
        .focused = pane == app->focus,
        .number = (int)app_number_of(app, pane),
        .link = stage_status(stage, console),
        .connected_once = stage_was_up(stage, console),
        .program =
            stage_status(stage, console)->state == LINK_UP && program != NULL
                ? program->name.text
                : "",
        .recorded = true,
        .ascii = app->spec.ascii,
        .tabs = tabs,
    };

    pane_view_draw(pane, app->screen, &frame);
    free(tabs);
}

static bool
has_break(void *ctx, size_t step)
{
    return runner_has_break(((struct app *)ctx)->runner, step);
}

static void
draw_wizard(struct app *app, const struct rect *rect, bool strip)
{
    char *waits = runner_waits_for(app->runner);
    const struct rect inner = { rect->row, rect->col + 1, rect->rows,
                                rect->cols - 2 };
    const struct wizard_spec spec = {
        .script = app->spec.script,
        .story = app->story,
        .facts = app_facts(app),
        .run = &app->view,
        .has_break = has_break,
        .ctx = app,
        .waits = waits,
        .path = app->spec.path,
        .selected = app->selected,
        .action = app->action,
        .proof = app->details,
        .rows = rect->rows,
        .now_us = app_now_us(app),
        .ascii = app->spec.ascii,
    };
    struct page *page = page_new(inner.cols);

    screen_fill(app->screen, rect->row, rect->col, rect->rows, rect->cols,
                look(LOOK_TEXT));
    if (inner.cols > 0) {
        if (strip)
            wizard_build_strip(page, &spec);
        else
            wizard_build(page, &spec);
        page_draw(page, app->screen, &inner, &app->scroll);
    }
    page_free(page);
    free(waits);
}

static void
draw_telemetry(struct app *app, const struct rect *rect)
{
    const struct rect inner = { rect->row + 1, rect->col + 2, rect->rows - 2,
                                rect->cols - 4 };
    char *title = telemetry_title(app->spec.script, app_facts(app));
    struct page *page = page_new(inner.cols);
    int used;

    screen_fill(app->screen, rect->row, rect->col, rect->rows, rect->cols,
                look(LOOK_TEXT));
    for (int i = 0; i < rect->cols; i++)
        screen_text(app->screen, rect->row, rect->col + i, 1, look(LOOK_FRAME),
                    "─");
    used = screen_text(app->screen, rect->row, rect->col + 2, inner.cols,
                       look(LOOK_TITLE), " migration ");
    if (*title != '\0') {
        used += screen_text(app->screen, rect->row, rect->col + 2 + used,
                            inner.cols - used, look(LOOK_RUNNING), title);
        screen_text(app->screen, rect->row, rect->col + 2 + used,
                    inner.cols - used, look(LOOK_RUNNING), " ");
    }
    if (inner.rows > 0 && inner.cols > 0) {
        telemetry_build(page, app->spec.script, app_facts(app),
                        app->spec.ascii);
        page_draw(page, app->screen, &inner, NULL);
    }
    page_free(page);
    free(title);
}

/* The keys that help most now. */
static void
draw_hints(struct app *app, int row, int col, int cols)
{
    unsigned when = app_when(app);
    bool back = app->focus != NULL && pane_view_is_back(app->focus);
    enum ui_context context = back                 ? CONTEXT_BACK
                              : app->focus != NULL ? CONTEXT_PREFIX
                                                   : CONTEXT_WIZARD;
    const char *prefix =
        app->spec.prefix != NULL ? app->spec.prefix : APP_PREFIX;
    bool first = true;
    const char *more = context == CONTEXT_BACK     ? ""
                       : context == CONTEXT_WIZARD ? "? help  q quit"
                                                   : "? help";

    cols -= text_columns(more) + 1; /* however little room there is */
    screen_text(app->screen, row, col + MAX(cols, 0), text_columns(more),
                look(LOOK_KEY), more);
    for (size_t i = 0; i < ui_commands_len && cols > 8; i++) {
        const struct ui_command *command = &ui_commands[i];
        const char *keys = ui_command_keys(command, context);
        char key[32];
        int used;

        if (command->hint == NULL || keys == NULL ||
            (command->when & when) == 0)
            continue;
        snprintf(key, sizeof key, "%s%s%.*s",
                 context == CONTEXT_PREFIX && first ? prefix : "",
                 context == CONTEXT_PREFIX && first ? " then " : "",
                 (int)strcspn(keys, " "), keys);
        if (text_columns(key) + text_columns(command->hint) + 3 > cols)
            break;
        used = screen_text(app->screen, row, col, cols, look(LOOK_KEY), key);
        used += screen_text(app->screen, row, col + used, cols - used,
                            look(LOOK_TEXT), " ");
        used += screen_text(app->screen, row, col + used, cols - used,
                            look(LOOK_DIM), command->hint);
        used += 2;
        col += used;
        cols -= used;
        first = false;
    }
}

static void
draw_last_row(struct app *app, int row, int cols)
{
    static const char *const owners[] = {
        [OVERLAY_NONE] = "WIZARD",
        [OVERLAY_HELP] = "HELP",
        [OVERLAY_LOG] = "LOG",
    };
    char owner[96], *waits = runner_waits_for_human(app->runner)
                                 ? runner_waits_for(app->runner)
                                 : NULL;
    int used;

    screen_fill(app->screen, row, 0, 1, cols, look(LOOK_TEXT));
    if (app->line != NULL) {
        lineedit_draw(app->line, app->screen, row, 1, cols - 1);
        free(waits);
        return;
    }
    snprintf(owner, sizeof owner, " %s ",
             app->focus != NULL ? pane_view_console(app->focus)->name
                                : owners[app->overlay]);
    used = screen_text(app->screen, row, 0, cols, look(LOOK_OWNER), owner);
    if (cols >= 100)
        used += screen_text(app->screen, row, used, cols - used, look(LOOK_DIM),
                            " has the keyboard");
    used += 2;
    if (app->prefixed)
        used += 2 + screen_text(app->screen, row, used, cols - used,
                                look(LOOK_NEWS), "prefix ...");
    if (app->message != NULL)
        screen_text(app->screen, row, used, cols - used,
                    look(app->bad_news ? LOOK_FAIL : LOOK_MESSAGE),
                    app->message);
    else if (waits != NULL) {
        used += screen_text(app->screen, row, used, cols - used,
                            look(LOOK_NEWS), "waits: ");
        screen_text(app->screen, row, used, cols - used, look(LOOK_NEWS),
                    waits);
    } else if (app->overlay != OVERLAY_NONE)
        screen_text(app->screen, row, used, cols - used, look(LOOK_DIM),
                    "Esc closes it; Up, Down, PageUp, PageDown scroll");
    else
        draw_hints(app, row, used, cols - used);
    free(waits);
}

static void
draw_place(struct app *app, const struct arranged *place)
{
    const struct rect rect = { place->row, place->col, place->rows,
                               place->cols };

    switch (place->kind) {
    case PLACE_TABS:
        draw_pane(app, place, app_tab_of(app, place), &rect);
        break;
    case PLACE_WIZARD:
        draw_wizard(app, &rect, rect.rows <= APP_STRIP_ROWS);
        break;
    case PLACE_TELEMETRY:
        draw_telemetry(app, &rect);
        break;
    case PLACE_LOG:
        app_draw_text(app, OVERLAY_LOG, &rect);
        break;
    }
}

static void
draw_zoomed(struct app *app, int cols, int rows)
{
    struct pane_view *pane = app->focus != NULL ? app->focus : app->shown;
    const struct rect rect = { 0, 0, rows, cols };

    draw_pane(app, app_place_of(app, pane), pane, &rect);
}

static void
note_news(struct app *app)
{
    struct hearing *hearing = stage_hearing(runner_stage(app->runner));

    for (size_t i = 0; i < app->spec.script->consoles_len; i++)
        pane_view_note(app->panes[i],
                       dialog_last_us(hearing_dialog(hearing, app->names[i])));
}

void
app_draw(struct app *app)
{
    uint16_t cols, rows;
    struct rect all;

    screen_size(app->screen, &cols, &rows);
    runner_look(app->runner, &app->view);
    note_news(app);
    screen_cursor(app->screen, 0, 0, false);
    all = (struct rect){ 0, 0, rows - 1, cols };
    if (cols < SMALL_COLS || rows < SMALL_ROWS) {
        screen_fill(app->screen, 0, 0, rows, cols, look(LOOK_TEXT));
        screen_text(app->screen, 0, 0, cols, look(LOOK_NEWS),
                    "the window is too small");
    } else if (app->overlay != OVERLAY_NONE) {
        app_draw_text(app, app->overlay, &all);
    } else if (app->details && app->focus == NULL && app_has_strip(app)) {
        draw_wizard(app, &all, false);
    } else if (app->zoomed && app->shown != NULL &&
               app_place_of(app, app->shown) != NULL) {
        draw_zoomed(app, cols, rows - 1);
    } else {
        screen_fill(app->screen, 0, 0, rows - 1, cols, look(LOOK_TEXT));
        for (size_t i = 0; i < app->arrangement->len; i++)
            draw_place(app, &app->arrangement->items[i]);
    }
    if (rows >= 2)
        draw_last_row(app, rows - 1, cols);
    (void)screen_show(app->screen);
}
