/* action.c - the kinds of action, and the keys of each. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "plan/action.h"

#include <stdlib.h>

#include "lab/compile.h"

#define KEY(key_name, key_type, member, ...)                                   \
    {                                                                          \
        .name = key_name, .type = key_type,                                    \
        .offset = offsetof(struct action, member), __VA_ARGS__                 \
    }

/* Keys that mean the same in several kinds. */
#define PANE_KEY                                                               \
    KEY("pane", CONF_TEXT, pane, .value = "NODE-PANE",                         \
        .help = "The console; the step's unless given.")
#define PROGRAM_KEY                                                            \
    KEY("program", CONF_TEXT, program, .value = "PROGRAM",                     \
        .help = "The program that must be at its prompt there; whatever "      \
                "runs there unless given.")
#define ENTERS_KEY                                                             \
    KEY("enters", CONF_TEXTS, enters, .value = "PROGRAM, ...",                 \
        .help = "The programs that run in the console afterwards, outermost "  \
                "first; empty ones are left out. The last one's prompt, if "   \
                "it has one, is waited for.")
#define LEAVES_KEY                                                             \
    KEY("leaves", CONF_TEXT, leaves, .value = "PROGRAM",                       \
        .help = "The program that ends by this, with all that runs in it. "    \
                "The console's own program may end too: the link closes.")
#define MOVED_KEY                                                              \
    KEY("moved", CONF_BOOL, moved,                                             \
        .help = "What ran in this console goes on elsewhere; it is shown so.")
#define EXPECT_KEY                                                             \
    KEY("expect", CONF_TEXTS, expect, .value = "PATTERN, ...",                 \
        .help = "Each must match a line of the output.")
#define REJECT_KEY                                                             \
    KEY("reject", CONF_TEXTS, reject, .value = "PATTERN, ...",                 \
        .help = "None may match a line of the output; looked at first.")
#define STATUS_KEY                                                             \
    KEY("status", CONF_TEXT, status, .value = "NUMBER|any",                    \
        .help = "The exit status, where it is known: 0 unless given or "       \
                "something is expected.")
#define READERS_KEY                                                            \
    KEY("readers", CONF_TEXTS, readers, .value = "READER, ...",                \
        .help = "What reads the output.")

static const struct conf_key common_keys[] = {
    KEY("within", CONF_DURATION, within, .value = "TIME", .max = 86400000,
        .help = "The time limit; passing it is a fail."),
    KEY("soft", CONF_DURATION, soft, .value = "TIME", .max = 86400000,
        .help = "Taking longer than this is remarked."),
    KEY("addition", CONF_TEXT, addition, .value = "REASON",
        .help = "The plan does not say this; why miglab does it."),
    KEY("if", CONF_TEXTS, only_if, .value = "TEXT, ...",
        .help = "The action is left out when one of these is empty once its "
                "variables are put in, or is a comparison that does not hold: "
                "A == B. What a text is compared with are its values: "
                "another one is a mistake."),
};
static const struct conf_schema common = {
    .name = "action",
    .size = sizeof(struct action),
    .keys = common_keys,
    .keys_len = ARRAY_LEN(common_keys),
};

#define WHEN_KEY                                                               \
    KEY("when", CONF_PAIRS, when, .value = "FACT: CONDITION",                  \
        .help = "Armed when the case begins: it fires by itself as soon as "   \
                "these hold, whatever step is at hand then. Its own step "     \
                "waits for it and is judged by it.")

static const struct conf_key send_keys[] = {
    KEY("send", CONF_TEXTS, send, .value = "COMMAND",
        .help = "Type a command and wait for its end. As a list, its parts "
                "are joined by blanks and empty ones left out."),
    PANE_KEY,
    PROGRAM_KEY,
    ENTERS_KEY,
    LEAVES_KEY,
    EXPECT_KEY,
    REJECT_KEY,
    STATUS_KEY,
    WHEN_KEY,
};
static const struct conf_key key_keys[] = {
    KEY("key", CONF_TEXT, key, .value = "KEYS",
        .help = "Press keys, such as C-a d."),
    PANE_KEY,
    ENTERS_KEY,
    LEAVES_KEY,
    MOVED_KEY,
    EXPECT_KEY,
    REJECT_KEY,
};
static const struct conf_key poll_keys[] = {
    KEY("poll", CONF_TEXTS, poll, .value = "COMMAND",
        .help = "Type a command again and again until facts hold."),
    PANE_KEY,
    PROGRAM_KEY,
    KEY("every", CONF_DURATION, every, .value = "TIME", .min = 10,
        .max = 3600000, .help = "The pause between two; 500 ms unless given."),
    KEY("until", CONF_PAIRS, until, .flags = CONF_REQUIRED,
        .value = "FACT: CONDITION",
        .help = "All must hold, by the newest "
                "answer, for a pass."),
    KEY("fail", CONF_PAIRS, fail, .value = "FACT: CONDITION",
        .help = "One of these is a fail at once."),
    REJECT_KEY,
};
static const struct conf_key wait_keys[] = {
    KEY("wait", CONF_PAIRS, wait, .value = "FACT: CONDITION",
        .help = "Wait until facts hold; nothing is typed."),
    PANE_KEY,
    KEY("nudge", CONF_TEXT, nudge, .value = "KEYS",
        .help = "Keys to press when nothing has come for 5 s, such as Enter "
                "on a serial line whose prompt was printed before."),
    REJECT_KEY,
};
static const struct conf_key watch_keys[] = {
    KEY("watch", CONF_PAIRS, watch, .value = "FACT: CONDITION",
        .help = "Observe facts for a while; they must hold at its end."),
    PANE_KEY,
    KEY("for", CONF_DURATION, lasts, .flags = CONF_REQUIRED, .value = "TIME",
        .max = 86400000, .help = "How long."),
    REJECT_KEY,
};
static const struct conf_key probe_keys[] = {
    KEY("probe", CONF_TEXTS, probe, .value = "COMMAND",
        .help = "Run a command on a node, unseen by the consoles, and judge "
                "its status and output."),
    KEY("node", CONF_TEXT, node, .value = "NODE",
        .help = "Where; the step's node unless given."),
    EXPECT_KEY,
    REJECT_KEY,
    STATUS_KEY,
    READERS_KEY,
    KEY("behind", CONF_TEXT, behind, .value = "TITLE",
        .help = "In a salvage: only if this run did something in the step of "
                "this title; else what is there is another run's, or nothing."),
    KEY("as", CONF_TEXT, as, .value = "NAME",
        .help = "What stands before the facts of its readers; NODE-probe "
                "unless given."),
};

#define SCHEMA(kind_name)                                                      \
    static const struct conf_schema kind_name##_schema = {                     \
        .name = #kind_name " action",                                          \
        .size = sizeof(struct action),                                         \
        .keys = kind_name##_keys,                                              \
        .keys_len = ARRAY_LEN(kind_name##_keys),                               \
        .base = &common,                                                       \
    }
SCHEMA(send);
SCHEMA(key);
SCHEMA(poll);
SCHEMA(wait);
SCHEMA(watch);
SCHEMA(probe);

const struct action_kind_row action_kinds[ACTION_KINDS] = {
    [ACTION_SEND] = { "send",
                      "Types a command when the console is proven to be at the "
                      "prompt of the right program, with no half-typed human "
                      "line in it.",
                      &send_schema, 30000 },
    [ACTION_KEY] = { "key", "Presses keys.", &key_schema, 10000 },
    [ACTION_POLL] = { "poll", "Repeats a command until facts hold.",
                      &poll_schema, 60000 },
    [ACTION_WAIT] = { "wait", "Waits for facts.", &wait_schema, 30000 },
    [ACTION_WATCH] = { "watch", "Observes facts for a while.", &watch_schema,
                       0 },
    [ACTION_PROBE] = { "probe", "Asks a node on an ssh channel of its own.",
                       &probe_schema, 30000 },
};

static const struct conf_schema *const action_forms[] = {
    &send_schema,  &key_schema,   &poll_schema, &wait_schema,
    &watch_schema, &probe_schema, NULL,
};
const struct conf_schema action_schema = {
    .name = "action",
    .size = sizeof(struct action),
    .forms = action_forms,
    .form_offset = offsetof(struct action, form),
    .place_offset = offsetof(struct action, at),
};

void
action_fini(struct action *action)
{
    free(action->command);
    free(action->stack);
    patterns_free(action->expects);
    patterns_free(action->rejects);
    conditions_fini(&action->wanted);
    conditions_fini(&action->unwanted);
    conditions_fini(&action->armed);
}
