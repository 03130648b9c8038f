/* command.c - what somebody can do on the screen: one table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/command.h"

#include <string.h>

#include "base/str.h"
#include "ui/acts.h"

#define ROW(row_name, row_when, ...)                                           \
    {                                                                          \
        .name = row_name, .when = row_when, __VA_ARGS__                        \
    }
const struct ui_command ui_commands[] = {
    ROW("go", WHEN_BETWEEN, .keys = "Enter", .hint = "next", .run = act_go,
        .help = "Run the next step."),
    ROW("finish", WHEN_ENDED, .keys = "Enter", .hint = "tear down and leave",
        .run = act_finish, .help = "Tear the lab down and leave; asks first."),
    ROW("redo", WHEN_BETWEEN, .args = "[STEP]", .keys = "r", .hint = "redo",
        .run = act_redo, .help = "Do a step again, and those behind it."),
    ROW("edit", WHEN_BETWEEN, .args = "[COMMAND]", .keys = "e", .hint = "edit",
        .run = act_edit,
        .help = "Change what the chosen command of the next step types."),
    ROW("skip", WHEN_BETWEEN, .args = "[REASON]", .keys = "s", .hint = "skip",
        .run = act_skip, .help = "Skip the next step, with a reason."),
    ROW("details", WHEN_CASE, .keys = "d", .hint = "details",
        .run = act_details,
        .help = "Show all of a step or of the verdict, with its evidence; on "
                "a small screen instead of the panes."),
    ROW("pass", WHEN_CASE, .args = "[REASON]", .keys = "p", .run = act_pass,
        .help = "Judge a step a pass by hand, beside the automatic verdict."),
    ROW("fail", WHEN_CASE, .args = "[REASON]", .keys = "f", .run = act_fail,
        .help = "Judge a step a fail by hand."),
    ROW("teardown", WHEN_CASE, .keys = "t", .run = act_teardown,
        .help = "End the run here, undo what it did, and leave."),
    ROW("pause", WHEN_RUNNING, .keys = "P", .hint = "pause", .run = act_pause,
        .help = "Wait before the next step."),
    ROW("more", WHEN_RUNNING, .args = "[SECONDS]", .keys = "+",
        .hint = "30 s more", .run = act_more,
        .help = "More time for what runs now; 30 s."),
    ROW("auto", WHEN_CASE, .keys = "a", .hint = "auto", .run = act_auto,
        .help = "Go on by itself; wait at a failure."),
    ROW("guided", WHEN_CASE, .keys = "g", .run = act_guided,
        .help = "Let each step wait for Enter."),
    ROW("break", WHEN_CASE, .args = "[STEP]", .keys = "B", .run = act_break,
        .help = "Stop before a step, or do not any more."),
    ROW("back", WHEN_BETWEEN, .keys = "b", .run = act_back,
        .help = "Go back one step and do it again."),
    ROW("comment", WHEN_CASE, .args = "[TEXT]", .keys = "c", .hint = "comment",
        .run = act_comment,
        .help = "Note something in the journal and in every recording."),
    ROW("up", WHEN_ALWAYS, .keys = "Up k", .back = "Up k", .over = "Up k",
        .run = act_up, .help = "Look at the step above; scroll."),
    ROW("down", WHEN_ALWAYS, .keys = "Down j", .back = "Down j",
        .over = "Down j", .run = act_down,
        .help = "Look at the step below; scroll."),
    ROW("command-left", WHEN_BETWEEN, .keys = "Left",
        .run = act_previous_command,
        .help = "Choose the command before, of the next step."),
    ROW("command-right", WHEN_BETWEEN, .keys = "Right", .run = act_next_command,
        .help = "Choose the command behind."),
    ROW("page-up", WHEN_ALWAYS, .keys = "PageUp", .prefix = "PageUp",
        .back = "PageUp C-b", .over = "PageUp C-b", .run = act_page_up,
        .help = "A page up."),
    ROW("page-down", WHEN_ALWAYS, .keys = "PageDown", .back = "PageDown C-f",
        .over = "PageDown C-f Space", .run = act_page_down,
        .help = "A page down."),
    ROW("pane", WHEN_ALWAYS, .args = "PANE", .keys = "0-9", .prefix = "0-9",
        .hint = "pane", .run = act_pane,
        .help =
            "Give the keyboard to a pane, by number or name; 0 is the tenth."),
    ROW("next-pane", WHEN_ALWAYS, .keys = "Tab", .prefix = "Tab Right Down",
        .run = act_next_pane, .help = "Give the keyboard to the next pane."),
    ROW("previous-pane", WHEN_ALWAYS, .keys = "S-Tab",
        .prefix = "S-Tab Left Up", .run = act_previous_pane,
        .help = "Give the keyboard to the pane before."),
    ROW("wizard", WHEN_ALWAYS, .prefix = "Esc w Space", .hint = "wizard",
        .run = act_wizard, .help = "Give the keyboard back to the wizard."),
    ROW("turn-next", WHEN_ALWAYS, .keys = "]", .run = act_turn_next,
        .help = "Show the next console of the place."),
    ROW("turn-previous", WHEN_ALWAYS, .keys = "[", .run = act_turn_previous,
        .help = "Show the console before."),
    ROW("zoom", WHEN_ALWAYS, .keys = "z", .prefix = "z", .back = "z",
        .hint = "zoom", .run = act_zoom,
        .help = "Show one pane on the whole screen, or all again."),
    ROW("look-back", WHEN_ALWAYS, .keys = "v", .prefix = "[ v",
        .hint = "look back", .run = act_look_back,
        .help = "Look back in the pane's history."),
    ROW("search", WHEN_ALWAYS, .args = "[TEXT]", .keys = "/", .prefix = "/",
        .back = "/", .hint = "search", .run = act_search,
        .help = "Search the pane's history, upwards."),
    ROW("find-again", WHEN_ALWAYS, .back = "n", .hint = "next",
        .run = act_find_again, .help = "The next match above."),
    ROW("find-below", WHEN_ALWAYS, .back = "N", .hint = "below",
        .run = act_find_below, .help = "The next match below."),
    ROW("look-ahead", WHEN_ALWAYS, .back = "Esc q", .hint = "stop looking back",
        .run = act_look_ahead,
        .help = "Stop looking back; the keyboard is whose it was."),
    ROW("line-up", WHEN_ALWAYS, .back = "C-p", .run = act_look_back,
        .help = "A line up in the history."),
    ROW("line-down", WHEN_ALWAYS, .back = "C-n Enter", .run = act_look_down,
        .help = "A line down in the history."),
    ROW("top", WHEN_ALWAYS, .back = "g Home", .run = act_top,
        .help = "To the oldest line."),
    ROW("end", WHEN_ALWAYS, .back = "G End", .run = act_end,
        .help = "To the newest line: look at what comes."),
    ROW("connect", WHEN_ALWAYS, .args = "[PANE]", .prefix = "r",
        .run = act_connect, .help = "Open a pane's link, also again."),
    ROW("layout", WHEN_ALWAYS, .args = "[NAME]", .keys = "l", .prefix = "l",
        .run = act_layout, .help = "The next layout, or the one named."),
    ROW("wider", WHEN_ALWAYS, .keys = ">", .prefix = ">", .run = act_wider,
        .help = "Make the pane wider."),
    ROW("narrower", WHEN_ALWAYS, .keys = "<", .prefix = "<",
        .run = act_narrower, .help = "Make the pane narrower."),
    ROW("higher", WHEN_ALWAYS, .keys = "}", .prefix = "}", .run = act_higher,
        .help = "Make the pane higher."),
    ROW("lower", WHEN_ALWAYS, .keys = "{", .prefix = "{", .run = act_lower,
        .help = "Make the pane lower."),
    ROW("fit", WHEN_ALWAYS, .prefix = "=", .run = act_fit,
        .help = "Give the pane's console the size that it has on the screen."),
    ROW("log", WHEN_ALWAYS, .keys = "L", .prefix = "L", .over = "L",
        .run = act_log,
        .help = "Every byte that was sent: by whom, where, when."),
    ROW("prefix", WHEN_ALWAYS, .prefix = "C-t", .run = act_prefix,
        .help = "Send the prefix key itself to the pane."),
    ROW("mouse", WHEN_ALWAYS, .args = "on|off", .run = act_mouse,
        .help = "Let the mouse choose panes and scroll."),
    ROW("redraw", WHEN_ALWAYS, .keys = "C-l", .prefix = "C-l", .over = "C-l",
        .run = act_redraw, .help = "Draw the whole screen again."),
    ROW("suspend", WHEN_ALWAYS, .keys = "C-z", .prefix = "C-z", .over = "C-z",
        .run = act_suspend, .help = "Stop miglab; fg brings it back."),
    ROW("command", WHEN_ALWAYS, .keys = ":", .prefix = ":", .hint = "command",
        .run = act_line, .help = "Type a command; Tab completes it."),
    ROW("help", WHEN_ALWAYS, .keys = "? F1", .prefix = "?", .over = "? F1",
        .run = act_help, .help = "The keys that work now."),
    ROW("cancel", WHEN_ALWAYS, .keys = "Esc", .over = "Esc q",
        .run = act_cancel,
        .help = "Close what is open; never ends or undoes anything."),
    ROW("quit", WHEN_ALWAYS, .keys = "q C-c", .prefix = "x", .run = act_quit,
        .help = "Leave; asks whether the lab stays as it is."),
};
const size_t ui_commands_len = ARRAY_LEN(ui_commands);

const char *
ui_command_keys(const struct ui_command *command, enum ui_context context)
{
    switch (context) {
    case CONTEXT_WIZARD:
        return command->keys;
    case CONTEXT_PREFIX:
        return command->prefix;
    case CONTEXT_BACK:
        return command->back;
    case CONTEXT_OVERLAY:
        return command->over;
    }
    return NULL;
}

/* key is one of the words; "0-9" stands for the digits. */
static bool
has_word(const char *words, const char *key)
{
    size_t len = strlen(key);

    if (words != NULL && len == 1 && *key >= '0' && *key <= '9')
        return str_starts(words, "0-9");
    while (words != NULL && *words != '\0') {
        size_t n = strcspn(words, " ");

        if (n == len && strncmp(words, key, n) == 0)
            return true;
        words += n + strspn(words + n, " ");
    }
    return false;
}

const struct ui_command *
ui_command_of_key(enum ui_context context, const char *key, unsigned when)
{
    for (size_t i = 0; i < ui_commands_len; i++)
        if ((ui_commands[i].when & when) != 0 &&
            has_word(ui_command_keys(&ui_commands[i], context), key))
            return &ui_commands[i];
    return NULL;
}

const struct ui_command *
ui_command_of_name(const char *name)
{
    const struct ui_command *found = NULL;
    unsigned n = 0;

    for (size_t i = 0; i < ui_commands_len; i++) {
        if (strcmp(ui_commands[i].name, name) == 0)
            return &ui_commands[i];
        if (str_starts(ui_commands[i].name, name)) {
            found = &ui_commands[i];
            n++;
        }
    }
    return n == 1 ? found : NULL;
}
