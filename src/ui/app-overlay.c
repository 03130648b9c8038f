/* app-overlay.c - what covers the panes: the help, the log of what was sent. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "judge/verdict.h"
#include "ui/app-priv.h"
#include "ui/look.h"
#include "ui/page.h"
#include "ui/screen.h"
#include "ui/story.h"

/* With fewer columns, what a command does stands below its keys. */
#define WIDE_COLS 100

static void
build_log(struct app *app, struct page *page)
{
    size_t len;
    const struct story_typed *typed = story_typed(app->story, &len);

    page_add(page, LOOK_TITLE,
             "Every byte that was sent: by whom, where, when");
    page_right(page, LOOK_DIM, "Esc closes");
    page_pin(page);
    for (size_t i = 0; i < len; i++) {
        page_line(page);
        page_add(page, LOOK_DIM, "%8.3f s  ", (double)typed[i].at_us / 1e6);
        page_add(page,
                 strcmp(typed[i].who, "human") == 0 ? LOOK_NEWS : LOOK_TEXT,
                 "%-7s ", typed[i].who);
        page_add(page, LOOK_TEXT, "%-15s ", typed[i].pane);
        page_wrap(page, LOOK_COMMAND, typed[i].text, 0);
    }
    page_focus(page);
}

/* A column of the help: the keys, or blanks. */
static void
add_keys(struct page *page, const char *before, const char *keys, int cols)
{
    char text[64] = "";

    if (keys != NULL)
        snprintf(text, sizeof text, "%s%s", before, keys);
    page_add(page, LOOK_KEY, "%-*s", cols, text);
}

static void
add_command(struct page *page, const struct ui_command *command,
            const char *prefix, bool wide)
{
    page_line(page);
    add_keys(page, "", command->keys, 10);
    add_keys(page, prefix, command->prefix, 20);
    add_keys(page, "", command->back, 14);
    page_add(page, LOOK_COMMAND, ":%s%s%s", command->name,
             command->args != NULL ? " " : "",
             command->args != NULL ? command->args : "");
    if (!wide)
        page_line(page);
    page_add(page, LOOK_TEXT, wide ? "  " : "    ");
    page_wrap(page, LOOK_TEXT, command->help, 0);
}

/* What stands before steps and checks, at tabs and at a pane's edge. */
static void
add_signs(struct page *page, bool ascii)
{
    page_line(page);
    page_line(page);
    page_add(page, LOOK_TITLE, "Signs");
    page_line(page);
    for (int verdict = 0; verdict < VERDICTS; verdict++) {
        page_add(page, look_of_verdict((enum verdict)verdict), "%s",
                 verdict_glyph((enum verdict)verdict, ascii));
        page_add(page, LOOK_TEXT, " %s   ",
                 verdict_name((enum verdict)verdict));
    }
    page_line(page);
    page_wrap(page, LOOK_TEXT,
              ascii ? "> running   B a breakpoint   ! news in a tab   < typed "
                      "by the wizard; what a check matched is painted, with "
                      "its sign at the pane's edge"
                    : "▶ running   ■ a breakpoint   ! news in a tab   ◂ typed "
                      "by the wizard; what a check matched is painted, with "
                      "its sign at the pane's edge",
              0);
}

static void
build_help(struct app *app, struct page *page, int cols)
{
    unsigned when = app_when(app);
    char prefix[32];

    snprintf(prefix, sizeof prefix, "%s ",
             app->spec.prefix != NULL ? app->spec.prefix : APP_PREFIX);
    page_add(page, LOOK_TITLE, "Keys that work now");
    page_right(page, LOOK_DIM, "Esc closes");
    page_pin(page);
    page_line(page);
    page_wrap(page, LOOK_DIM,
              "The wizard takes single keys. A pane gets every key but the "
              "prefix; a command is then behind it. Each is a word behind the "
              "colon, too.",
              0);
    page_line(page);
    page_line(page);
    page_add(page, LOOK_DIM, "%-10s%-20s%-14s%s", "wizard", "in a pane",
             "looking back", "command");
    for (size_t i = 0; i < ui_commands_len; i++)
        if ((ui_commands[i].when & when) != 0)
            add_command(page, &ui_commands[i], prefix, cols >= WIDE_COLS);
    add_signs(page, app->spec.ascii);
}

void
app_draw_text(struct app *app, enum overlay text, const struct rect *rect)
{
    const struct rect inner = { rect->row, rect->col + 2, rect->rows,
                                rect->cols - 4 };
    struct page *page = page_new(inner.cols);

    screen_fill(app->screen, rect->row, rect->col, rect->rows, rect->cols,
                look(LOOK_TEXT));
    page_line(page);
    if (text == OVERLAY_LOG)
        build_log(app, page);
    else
        build_help(app, page, inner.cols);
    if (inner.cols > 0)
        page_draw(page, app->screen, &inner,
                  text == app->overlay ? &app->scroll : NULL);
    page_free(page);
}
