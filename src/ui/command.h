/*
 * command.h - what somebody can do on the screen: one table.
 *
 * The wizard's single keys, the keys behind the prefix, the words behind the
 * colon, the help, the hints in the last row and the man page are this table.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

struct app;

/* When it makes sense; what is not usable now is not shown. */
enum {
    WHEN_PAUSED = 1,  /* between steps */
    WHEN_RUNNING = 2, /* a step runs */
    WHEN_FAILED = 4,  /* behind a step that is no pass */
    WHEN_ENDED = 8,   /* the verdict is there */
    WHEN_OPEN = 16,   /* there is no case */
    WHEN_CASE = WHEN_PAUSED | WHEN_RUNNING | WHEN_FAILED | WHEN_ENDED,
    WHEN_BETWEEN = WHEN_PAUSED | WHEN_FAILED,
    WHEN_LEAVING = 32, /* it is torn down */
    WHEN_ALWAYS = WHEN_CASE | WHEN_OPEN | WHEN_LEAVING,
};

struct ui_command {
    const char *name;   /* behind the colon */
    const char *args;   /* "STEP", "[SECONDS]"; NULL: none */
    const char *help;   /* one line */
    const char *keys;   /* while the wizard has the keyboard, blanks between */
    const char *prefix; /* behind the prefix */
    const char *back;   /* while somebody looks back in a pane */
    const char *over;   /* while the help or the log covers the panes */
    const char *hint;   /* a word for the last row; NULL: not there */
    unsigned when;
    /* arg: what stood behind the name, "" for nothing; borrowed. */
    void (*run)(struct app *app, const char *arg);
};

extern const struct ui_command ui_commands[];
extern const size_t ui_commands_len;

enum ui_context {
    CONTEXT_WIZARD,
    CONTEXT_PREFIX, /* also the wizard's, behind the prefix */
    CONTEXT_BACK,
    CONTEXT_OVERLAY,
};

/* The keys a command has in a context; NULL: none. */
const char *ui_command_keys(const struct ui_command *command,
                            enum ui_context context) NONNULL(1);
/* The command a key means; NULL: none. when: what holds now. */
const struct ui_command *ui_command_of_key(enum ui_context context,
                                           const char *key, unsigned when)
    NONNULL(2);
/* The command of a name, or of the only one that begins so. */
const struct ui_command *ui_command_of_name(const char *name) NONNULL(1);

#endif
