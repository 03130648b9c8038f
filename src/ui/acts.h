/*
 * acts.h - what the commands of command.h do, a function each.
 *
 * arg: what stood behind the command's name, "" for nothing; borrowed. What
 * cannot be done is told in the last row.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_ACTS_H
#define UI_ACTS_H

#include "base/macros.h"

struct app;

/* acts-run.c */
void act_auto(struct app *app, const char *arg) NONNULL(1, 2);
void act_back(struct app *app, const char *arg) NONNULL(1, 2);
void act_break(struct app *app, const char *arg) NONNULL(1, 2);
void act_cancel(struct app *app, const char *arg) NONNULL(1, 2);
void act_comment(struct app *app, const char *arg) NONNULL(1, 2);
void act_details(struct app *app, const char *arg) NONNULL(1, 2);
void act_down(struct app *app, const char *arg) NONNULL(1, 2);
void act_edit(struct app *app, const char *arg) NONNULL(1, 2);
void act_fail(struct app *app, const char *arg) NONNULL(1, 2);
void act_finish(struct app *app, const char *arg) NONNULL(1, 2);
void act_go(struct app *app, const char *arg) NONNULL(1, 2);
void act_guided(struct app *app, const char *arg) NONNULL(1, 2);
void act_more(struct app *app, const char *arg) NONNULL(1, 2);
void act_next_command(struct app *app, const char *arg) NONNULL(1, 2);
void act_pass(struct app *app, const char *arg) NONNULL(1, 2);
void act_pause(struct app *app, const char *arg) NONNULL(1, 2);
void act_previous_command(struct app *app, const char *arg) NONNULL(1, 2);
void act_quit(struct app *app, const char *arg) NONNULL(1, 2);
void act_redo(struct app *app, const char *arg) NONNULL(1, 2);
void act_skip(struct app *app, const char *arg) NONNULL(1, 2);
void act_teardown(struct app *app, const char *arg) NONNULL(1, 2);
void act_up(struct app *app, const char *arg) NONNULL(1, 2);

/* acts-panes.c */
void act_connect(struct app *app, const char *arg) NONNULL(1, 2);
void act_fit(struct app *app, const char *arg) NONNULL(1, 2);
void act_help(struct app *app, const char *arg) NONNULL(1, 2);
void act_higher(struct app *app, const char *arg) NONNULL(1, 2);
void act_layout(struct app *app, const char *arg) NONNULL(1, 2);
void act_line(struct app *app, const char *arg) NONNULL(1, 2);
void act_log(struct app *app, const char *arg) NONNULL(1, 2);
void act_lower(struct app *app, const char *arg) NONNULL(1, 2);
void act_mouse(struct app *app, const char *arg) NONNULL(1, 2);
void act_narrower(struct app *app, const char *arg) NONNULL(1, 2);
void act_next_pane(struct app *app, const char *arg) NONNULL(1, 2);
void act_pane(struct app *app, const char *arg) NONNULL(1, 2);
void act_prefix(struct app *app, const char *arg) NONNULL(1, 2);
void act_previous_pane(struct app *app, const char *arg) NONNULL(1, 2);
void act_redraw(struct app *app, const char *arg) NONNULL(1, 2);
void act_suspend(struct app *app, const char *arg) NONNULL(1, 2);
void act_turn_next(struct app *app, const char *arg) NONNULL(1, 2);
void act_turn_previous(struct app *app, const char *arg) NONNULL(1, 2);
void act_wider(struct app *app, const char *arg) NONNULL(1, 2);
void act_wizard(struct app *app, const char *arg) NONNULL(1, 2);
void act_zoom(struct app *app, const char *arg) NONNULL(1, 2);

/* acts-back.c */
void act_end(struct app *app, const char *arg) NONNULL(1, 2);
void act_find_again(struct app *app, const char *arg) NONNULL(1, 2);
void act_find_below(struct app *app, const char *arg) NONNULL(1, 2);
void act_look_ahead(struct app *app, const char *arg) NONNULL(1, 2);
void act_look_back(struct app *app, const char *arg) NONNULL(1, 2);
void act_look_down(struct app *app, const char *arg) NONNULL(1, 2);
void act_page_down(struct app *app, const char *arg) NONNULL(1, 2);
void act_page_up(struct app *app, const char *arg) NONNULL(1, 2);
void act_search(struct app *app, const char *arg) NONNULL(1, 2);
void act_top(struct app *app, const char *arg) NONNULL(1, 2);

#endif
