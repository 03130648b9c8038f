/*
 * hearing.h - everything that is judged, fed live or from a recording.
 *
 * A hearing holds the dialogs of all consoles, the readers of their lines,
 * the facts, and the trial of each action at hand. The runner feeds it while
 * things happen; rejudge feeds it the recordings and the journal of a run. It
 * neither types nor waits: it asks for time (due) and tells what it found.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_HEARING_H
#define RUN_HEARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "io/link.h"
#include "judge/verdict.h"
#include "term/line.h"

struct action;
struct dialog;
struct facts;
struct hearing;
struct legs_spec;
struct likelies;
struct program;
struct script;
struct script_console;
struct trial;

/* Who is told; each may be NULL. */
struct hearing_sink {
    /* A shell without marks waits to be set up (console/shell.h). */
    void (*bare_shell)(void *ctx, const struct script_console *console,
                       uint64_t at_us, unsigned level);
    /* The emulation's answer to the far end of a console. */
    void (*reply)(void *ctx, const struct script_console *console,
                  const uint8_t *bytes, size_t len);
    /* Every line, after the readers had it. */
    void (*line)(void *ctx, const struct script_console *console,
                 const struct line_event *line);
    /* A program that a case started has ended, and no action made it end. */
    void (*ended)(void *ctx, const struct script_console *console,
                  const struct program *program, uint64_t at_us);
    void *ctx;
};

struct hearing *hearing_new(const struct script *script, const char *nonce,
                            const struct hearing_sink *sink) MUST_CHECK
    NONNULL(1, 3);
void hearing_free(struct hearing *hearing);

/*
 * The script has a console of this name. All functions that take a name want
 * one that it has, and those that take an action one that was begun; whoever
 * has them from a file asks first.
 */
bool hearing_has_console(const struct hearing *hearing, const char *console)
    NONNULL(1, 2);

/*
 * What happened in a console. ours: the link was lost by the lab or by us,
 * not ended by the program at its far end.
 */
void hearing_link(struct hearing *hearing, const char *console, uint64_t at_us,
                  enum link_state state, bool ours, const char *reason)
    NONNULL(1, 2, 6);
void hearing_bytes(struct hearing *hearing, const char *console, uint64_t at_us,
                   const uint8_t *bytes, size_t len) NONNULL(1, 2, 4);
void hearing_set_up(struct hearing *hearing, const char *console,
                    uint64_t at_us, uint64_t until_us) NONNULL(1, 2);

/* Let time pass up to at_us: silences, deadlines. */
void hearing_time(struct hearing *hearing, uint64_t at_us) NONNULL(1);
/* When hearing_time() would change something; 0: never. */
uint64_t hearing_due_us(const struct hearing *hearing) NONNULL(1);

/*
 * Begin to judge an action; the trial is the hearing's until hearing_end().
 * One trial an action at a time.
 */
const struct trial *hearing_begin(struct hearing *hearing,
                                  const struct action *action, uint64_t at_us)
    NONNULL(1, 2);
/* Its command or keys were typed. The first time, enters and leaves happen. */
void hearing_typed(struct hearing *hearing, const struct action *action,
                   uint64_t at_us) NONNULL(1, 2);
/* Its probe came back; error NULL unless it could not be run. cut: the output
   is only the beginning of what it was. */
void hearing_probed(struct hearing *hearing, const struct action *action,
                    uint64_t at_us, const char *error, int status,
                    const char *output, size_t len, bool cut) NONNULL(1, 2, 6);
/* Keys outside an action's own command: a nudge, a human. */
void hearing_pressed(struct hearing *hearing, const char *console,
                     uint64_t at_us) NONNULL(1, 2);
/*
 * A human pressed keys; ends_line: a line of theirs is on its way. What they
 * typed, as it was echoed; "<hidden N>" when of its N bytes nothing was; yours.
 */
char *hearing_human(struct hearing *hearing, const char *console,
                    uint64_t at_us, size_t bytes, bool ends_line) MUST_CHECK
    NONNULL(1, 2);
/* A console has another size. */
void hearing_resize(struct hearing *hearing, const char *console,
                    uint64_t at_us, uint16_t cols, uint16_t rows) NONNULL(1, 2);
/* An action gets more time. */
void hearing_extend(struct hearing *hearing, const struct action *action,
                    uint64_t at_us, uint64_t more_us) NONNULL(1, 2);
/* The trial of an action that was begun, or NULL; borrowed. */
const struct trial *hearing_trial(const struct hearing *hearing,
                                  const struct action *action) NONNULL(1, 2);
/* Decide a trial that is still open; nothing when it is decided. */
void hearing_close(struct hearing *hearing, const struct action *action,
                   uint64_t at_us, enum verdict verdict, const char *reason)
    NONNULL(1, 2, 5);
void hearing_end(struct hearing *hearing, const struct action *action)
    NONNULL(1, 2);

struct facts *hearing_facts(const struct hearing *hearing) NONNULL(1);
struct dialog *hearing_dialog(const struct hearing *hearing,
                              const char *console) NONNULL(1, 2);

/*
 * With which status a signal ended the program in the console; 0: none did.
 * Who needs it may not find it there any more, and that is no fault of the lab.
 */
int hearing_killed(const struct hearing *hearing, const char *console,
                   const struct program *program) NONNULL(1, 2, 3);

/* Which known failures fit what was heard; likelies_fini() frees it. */
void hearing_rank(const struct hearing *hearing, struct likelies *likelies)
    NONNULL(1, 2);

/* What the case and the lab of the script demand of a migration. */
void hearing_legs_spec(const struct script *script, struct legs_spec *spec)
    NONNULL(1, 2);

#endif
