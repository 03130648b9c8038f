/*
 * app.h - the console on screen: panes, wizard, keyboard.
 *
 * It listens to a run and shows it; what somebody does goes to the runner, and
 * what they type into a console through it. It has no truth of its own.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_APP_H
#define UI_APP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/macros.h"

struct app;
struct layouts;
struct loop;
struct record;
struct run_clock;
struct runner;
struct script;

struct app_spec {
    struct loop *loop;
    struct script *script;
    const struct run_clock *clock;
    const char *path; /* of the run's directory */
    const struct layouts *layouts;
    const char *layout; /* its name; NULL: by the screen's size */
    const char *prefix; /* the key before a command in a pane; NULL: C-t */
    bool mono, ascii;
};

#define APP_PREFIX "C-t"

/* Takes over the terminal. Borrows what the spec names. */
struct app *app_new(const struct app_spec *spec, struct err *err) MUST_CHECK
    NONNULL(1, 2);
/* The run it shows and leads; before the loop's next turn. */
void app_attach(struct app *app, struct runner *runner) NONNULL(1, 2);
void app_free(struct app *app); /* gives the terminal back */

/* As journal_listen() and runner_spec want them. */
void app_hear(void *app, const struct record *record) NONNULL(1, 2);
void app_changed(void *app) NONNULL(1);

/* The run is over: what there is can be looked at no more. */
void app_over(struct app *app) NONNULL(1);

#endif
