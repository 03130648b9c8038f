/* app-priv.h - what the files of the app share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_APP_PRIV_H
#define UI_APP_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/arrange.h"
#include "lab/layout.h"
#include "run/runner.h"
#include "ui/app.h"
#include "ui/command.h"
#include "ui/input.h"

struct facts;
struct lineedit;
struct loop_fd;
struct loop_signal;
struct loop_timer;
struct pane_view;
struct rect;
struct screen;
struct story;
struct tty;

/* What covers the panes. */
enum overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_LOG };

/* Which tab of a part of the layout shows. */
struct tab_choice {
    size_t node;
    const char *console;
};

#define APP_SIGNALS    6
#define APP_STRIP_ROWS 8 /* a wizard with fewer rows is a strip */

struct app {
    struct app_spec spec;
    struct runner *runner;
    struct runner_view view; /* of the last frame or key */
    struct tty *tty;
    struct screen *screen;
    struct input *input;
    struct loop_fd *keys;
    struct loop_timer *esc;   /* a lone Esc */
    struct loop_timer *away;  /* in the background: look whether it still is */
    struct loop_timer *frame; /* the next one may be drawn */
    struct loop_timer *tick;  /* the clock moves on */
    struct loop_signal *signals[APP_SIGNALS];
    uint64_t drawn_us;
    bool gone; /* the terminal */

    struct story *story;
    struct pane_view **panes; /* one a console of the script */
    const char **names;       /* of the consoles, for arrange() */
    const struct layout *layout;
    bool layout_fixed; /* chosen by hand, not by size */
    struct arrangement *arrangement;
    struct tab_choice *choices;
    size_t choices_len, choices_cap;

    /* The keyboard's one owner: a pane, or the wizard when it is NULL. */
    struct pane_view *focus;
    struct pane_view *shown; /* the pane that commands mean */
    bool prefixed;           /* the prefix was pressed */
    struct pane_view *owner; /* of the keyboard, before the overlay came */
    bool zoomed;
    bool details;    /* all evidence; the wizard covers the panes of a strip */
    size_t selected; /* a step somebody looks at; 0: the one at hand */
    size_t action;   /* of it, that an edit changes; 0: its main one */
    int scroll;      /* lines, of the wizard or an overlay */
    enum overlay overlay;
    char *message; /* for the last row, until the next key */
    bool bad_news; /* the message is an error */
    struct lineedit *line;
    void (*line_done)(struct app *app, const char *text);
    bool one_key; /* the line is a question that one key answers */
    bool lent;    /* the keyboard, to look back; then the wizard's again */
    enum verdict line_verdict; /* of a verdict by hand that waits for words */
    size_t line_step;          /* and the step that it is about */
    char *paste;               /* that waits to be confirmed, */
    const struct pane_view *paste_into; /* for this pane and no other */
    char *sought;                       /* what was looked for last */
};

/* app.c */
void app_dirty(struct app *app) NONNULL(1);
void app_say(struct app *app, const char *fmt, ...) PRINTF(2, 3) NONNULL(1, 2);
void app_complain(struct app *app, const struct err *err) NONNULL(1, 2);
/* Ask for a line; done gets it, or nothing when it is given up. */
void app_ask(struct app *app, const char *label, const char *text,
             void (*done)(struct app *app, const char *text))
    NONNULL(1, 2, 3, 4);
/* Ask something that one key answers; any other key answers no. */
void app_confirm(struct app *app, const char *label,
                 void (*done)(struct app *app, const char *key))
    NONNULL(1, 2, 3);
/* What holds now, as WHEN_ bits. */
unsigned app_when(struct app *app) NONNULL(1);
const struct facts *app_facts(const struct app *app) NONNULL(1);
uint64_t app_now_us(const struct app *app) NONNULL(1);

/* app-panes.c: layout, tabs, focus */
void app_arrange(struct app *app) NONNULL(1);
struct pane_view *app_pane(const struct app *app, const char *console)
    NONNULL(1, 2);
/* The pane that shows at a place of the layout. */
struct pane_view *app_tab_of(const struct app *app,
                             const struct arranged *place) NONNULL(1, 2);
/* Show it; where it is a tab, in front. */
void app_show(struct app *app, struct pane_view *pane) NONNULL(1, 2);
/* Give it the keyboard; NULL: the wizard. */
void app_focus(struct app *app, struct pane_view *pane) NONNULL(1);
/* To look back in a pane; once that is over, it is the wizard's again. */
void app_lend(struct app *app, struct pane_view *pane) NONNULL(1, 2);
void app_end_loan(struct app *app) NONNULL(1);
/* Cover the panes, or no more: then the keyboard is whose it was. */
void app_cover(struct app *app, enum overlay overlay) NONNULL(1);
/* The wizard has only a strip of this layout. */
bool app_has_strip(const struct app *app) NONNULL(1);
/* Panes in the order of the layout: the n-th from 1, and which a pane is. */
struct pane_view *app_nth_pane(const struct app *app, size_t n) NONNULL(1);
size_t app_number_of(const struct app *app, const struct pane_view *pane)
    NONNULL(1, 2);
/* Bring the console that is at work to the fore, where that covers nobody. */
void app_follow(struct app *app, const char *console) NONNULL(1, 2);
const struct arranged *app_place_of(const struct app *app,
                                    const struct pane_view *pane) NONNULL(1, 2);

/* app-draw.c */
void app_draw(struct app *app) NONNULL(1);

/* app-overlay.c */
void app_draw_text(struct app *app, enum overlay text, const struct rect *rect)
    NONNULL(1, 3);

/* app-keys.c */
void app_on_input(void *ctx, const struct input_event *event) NONNULL(1, 2);
void app_run_line(struct app *app, const char *text) NONNULL(1, 2);

#endif
