/* hearing.c - everything that is judged, fed live or from a recording. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/hearing.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/secret.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "judge/reader.h"
#include "judge/symptoms.h"
#include "judge/trial.h"
#include "lab/lab.h"
#include "lab/pane.h"
#include "plan/action.h"
#include "plan/script.h"

#define HISTORY_ROWS 10000

/* One console as the hearing knows it. */
struct seat {
    struct hearing *hearing;
    const struct script_console *console;
    struct dialog *dialog;
    struct reader **readers;      /* NULL-ended */
    const struct program *killed; /* the last that a signal ended, or NULL */
    int killed_status;
};

/* An action being judged. */
struct matter {
    const struct action *action;
    struct trial *trial;
    struct seat *seat; /* NULL: a probe */
    bool typed;
    struct matter *next, *prev;
};

struct hearing {
    const struct script *script;
    struct hearing_sink sink;
    struct facts *facts;
    struct symptoms *symptoms;
    struct seat *seats; /* one a console of the script */
    struct matter *matters;
};

bool
hearing_has_console(const struct hearing *hearing, const char *console)
{
    return script_console(hearing->script, console) != NULL;
}

static struct seat *
find_seat(const struct hearing *hearing, const char *console)
{
    for (size_t i = 0; i < hearing->script->consoles_len; i++)
        if (strcmp(hearing->seats[i].console->name, console) == 0)
            return &hearing->seats[i];
    BUG_ON(true); /* hearing_has_console() */
    return NULL;
}

static void
publish(struct seat *seat, const char *fact, uint64_t at_us, const char *text)
{
    char *name = xasprintf("%s.%s", seat->console->name, fact);

    facts_set(seat->hearing->facts, name, at_us, FACT_NO_ROW, text);
    free(name);
}

/* The program on top and, when idle, whose prompt it is. */
static void
publish_program(struct seat *seat, uint64_t at_us, bool at_prompt)
{
    const struct program *program = dialog_program(seat->dialog);
    const char *name = program != NULL ? program->name.text : "";

    publish(seat, "program", at_us, name);
    publish(seat, "prompt", at_us, at_prompt ? name : "");
}

static void
tell_facts(struct hearing *hearing, uint64_t at_us)
{
    struct matter *matter;

    DL_FOREACH (hearing->matters, matter)
        trial_facts(matter->trial, at_us);
}

static void
on_line(void *ctx, const struct line_event *line)
{
    struct seat *seat = ctx;
    struct hearing *hearing = seat->hearing;
    struct matter *matter;

    for (size_t i = 0; seat->readers[i] != NULL; i++)
        reader_line(seat->readers[i], line);
    symptoms_line(hearing->symptoms, seat->console->name, line);
    DL_FOREACH (hearing->matters, matter)
        if (matter->seat == seat)
            trial_line(matter->trial, line);
    tell_facts(hearing, line->at_us);
    if (hearing->sink.line != NULL)
        hearing->sink.line(hearing->sink.ctx, seat->console, line);
}

static void
on_echoed(void *ctx, uint64_t at_us)
{
    struct seat *seat = ctx;
    struct matter *matter;

    DL_FOREACH (seat->hearing->matters, matter)
        if (matter->seat == seat)
            trial_echoed(matter->trial, at_us);
}

/* What should run now does not, or what ran has died. */
static void
close_ended(struct matter *matter, uint64_t at_us, const struct program *ended,
            int status)
{
    const char *trouble = trial_status_trouble(status);
    enum verdict verdict = trouble != NULL ? VERDICT_ERROR : VERDICT_FAIL;
    char *reason = status >= 0 ? xasprintf("%s ended with exit status %d%s%s",
                                           ended->name.text, status,
                                           trouble != NULL ? ": " : "",
                                           trouble != NULL ? trouble : "")
                               : xasprintf("%s ended", ended->name.text);

    trial_close(matter->trial, at_us, verdict, reason);
    free(reason);
}

/* A shell's status of what a signal ended; ssh's 255 is none. */
enum { STATUS_SIGNAL = 128, STATUS_SIGNAL_LAST = 128 + 64 };

static void
on_prompt(void *ctx, uint64_t at_us, const struct program *program, int status,
          const struct program *ended)
{
    struct seat *seat = ctx;
    struct matter *matter;

    (void)program;
    publish_program(seat, at_us, true);
    if (ended != NULL && status > STATUS_SIGNAL &&
        status <= STATUS_SIGNAL_LAST) {
        seat->killed = ended;
        seat->killed_status = status;
    }
    if (ended != NULL && seat->hearing->sink.ended != NULL)
        seat->hearing->sink.ended(seat->hearing->sink.ctx, seat->console, ended,
                                  at_us);
    DL_FOREACH (seat->hearing->matters, matter) {
        if (matter->seat != seat || !matter->typed)
            continue;
        if (ended != NULL)
            close_ended(matter, at_us, ended, status);
        trial_prompt(matter->trial, at_us, status);
    }
    tell_facts(seat->hearing, at_us);
}

/* While a human has the prompt, the time of what waits for it stands still. */
static void
update_hold(struct seat *seat, uint64_t at_us)
{
    bool draft = dialog_has_draft(seat->dialog);
    struct matter *matter;

    DL_FOREACH (seat->hearing->matters, matter) {
        if (matter->seat != seat || (matter->action->kind != ACTION_SEND &&
                                     matter->action->kind != ACTION_POLL))
            continue;
        if (draft)
            trial_hold(matter->trial, at_us);
        else
            trial_release(matter->trial, at_us);
    }
}

static void
on_bare_shell(void *ctx, uint64_t at_us, unsigned level)
{
    struct seat *seat = ctx;
    struct hearing *hearing = seat->hearing;

    if (hearing->sink.bare_shell != NULL)
        hearing->sink.bare_shell(hearing->sink.ctx, seat->console, at_us,
                                 level);
}

/*
 * Serial lines and monitors get no answers: a guest that asks the terminal
 * would have its answer typed into a login or a monitor. That is what a link by
 * telnet is; by whatever way they are reached, programs with a prompt of their
 * own ask nothing. Those without are on the way to others that may, and a shell
 * is below all that runs in it.
 */
static bool
may_be_answered(const struct seat *seat)
{
    const struct program *program = dialog_program(seat->dialog);

    return strcmp(seat->console->kind, "telnet") != 0 &&
           (program == NULL || program->shell.value ||
            program->prompt_pattern == NULL);
}

static void
on_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    struct seat *seat = ctx;
    struct hearing *hearing = seat->hearing;

    if (hearing->sink.reply != NULL && may_be_answered(seat))
        hearing->sink.reply(hearing->sink.ctx, seat->console, bytes, len);
}

static void
take_seat(struct hearing *hearing, struct seat *seat,
          const struct script_console *console, const char *nonce)
{
    const struct pane *pane = console->pane;
    const struct dialog_spec spec = {
        .cols = pane->size.cols,
        .rows = pane->size.rows,
        .history_rows = HISTORY_ROWS,
        .nonce = nonce,
        .program = console->program,
        .marked = script_console_is_shell(console),
    };
    const struct dialog_sink sink = {
        .line = on_line,
        .echoed = on_echoed,
        .prompt = on_prompt,
        .bare_shell = on_bare_shell,
        .reply = on_reply,
        .ctx = seat,
    };

    seat->hearing = hearing;
    seat->console = console;
    seat->dialog = dialog_new(&spec, &sink);
    seat->readers = xcalloc(pane->readers.len + 1, sizeof *seat->readers);
    for (size_t i = 0; i < pane->readers.len; i++)
        seat->readers[i] = reader_new(pane->readers.items[i].text,
                                      console->name, hearing->facts);
}

struct hearing *
hearing_new(const struct script *script, const char *nonce,
            const struct hearing_sink *sink)
{
    struct hearing *hearing = xcalloc(1, sizeof *hearing);

    hearing->script = script;
    hearing->sink = *sink;
    hearing->facts = facts_new();
    hearing->symptoms = symptoms_new(script->symptoms);
    hearing->seats = xcalloc(script->consoles_len, sizeof *hearing->seats);
    for (size_t i = 0; i < script->consoles_len; i++)
        take_seat(hearing, &hearing->seats[i], &script->consoles[i], nonce);
    return hearing;
}

void
hearing_free(struct hearing *hearing)
{
    struct matter *matter, *next;

    if (hearing == NULL)
        return;
    DL_FOREACH_SAFE (hearing->matters, matter, next) {
        trial_free(matter->trial);
        free(matter);
    }
    for (size_t i = 0; i < hearing->script->consoles_len; i++) {
        struct seat *seat = &hearing->seats[i];

        for (size_t j = 0; seat->readers[j] != NULL; j++)
            reader_free(seat->readers[j]);
        free(seat->readers);
        dialog_free(seat->dialog);
    }
    free(hearing->seats);
    symptoms_free(hearing->symptoms);
    facts_free(hearing->facts);
    free(hearing);
}

void
hearing_link(struct hearing *hearing, const char *console, uint64_t at_us,
             enum link_state state, bool ours, const char *reason)
{
    struct seat *seat = find_seat(hearing, console);
    struct matter *matter;

    hearing_time(hearing, at_us);
    publish(seat, "link", at_us, link_state_name(state));
    if (state == LINK_UP) {
        dialog_restart(seat->dialog, at_us);
        publish_program(seat, at_us, false);
    }
    if (state == LINK_LOST || state == LINK_CLOSED) {
        publish(seat, "prompt", at_us, "");
        DL_FOREACH (hearing->matters, matter)
            if (matter->seat == seat)
                trial_ended(matter->trial, at_us, ours, reason);
    }
    tell_facts(hearing, at_us);
}

void
hearing_bytes(struct hearing *hearing, const char *console, uint64_t at_us,
              const uint8_t *bytes, size_t len)
{
    struct seat *seat = find_seat(hearing, console);

    hearing_time(hearing, at_us);
    dialog_bytes(seat->dialog, at_us, bytes, len);
    update_hold(seat, at_us);
}

void
hearing_set_up(struct hearing *hearing, const char *console, uint64_t at_us,
               uint64_t until_us)
{
    hearing_time(hearing, at_us);
    dialog_set_up(find_seat(hearing, console)->dialog, at_us, until_us);
}

/* The seat that wants time soonest; NULL when none does before *due_us. */
static struct seat *
first_due_seat(const struct hearing *hearing, uint64_t *due_us)
{
    struct seat *first = NULL;

    for (size_t i = 0; i < hearing->script->consoles_len; i++) {
        uint64_t due = dialog_due_us(hearing->seats[i].dialog);

        if (due != 0 && (*due_us == 0 || due < *due_us)) {
            *due_us = due;
            first = &hearing->seats[i];
        }
    }
    return first;
}

static uint64_t
trials_due_us(const struct hearing *hearing)
{
    struct matter *matter;
    uint64_t due_us = 0;

    DL_FOREACH (hearing->matters, matter) {
        uint64_t due = trial_due_us(matter->trial);

        if (due != 0 && (due_us == 0 || due < due_us))
            due_us = due;
    }
    return due_us;
}

uint64_t
hearing_due_us(const struct hearing *hearing)
{
    uint64_t due_us = trials_due_us(hearing);

    (void)first_due_seat(hearing, &due_us);
    return due_us;
}

/*
 * Silences and deadlines happen at their own times and in their order, however
 * late this is called: a recording must give the same as the live run.
 */
void
hearing_time(struct hearing *hearing, uint64_t at_us)
{
    uint64_t due_us;

    while ((due_us = hearing_due_us(hearing)) != 0 && due_us <= at_us) {
        uint64_t seat_due = 0;
        struct seat *seat = first_due_seat(hearing, &seat_due);
        struct matter *matter;

        if (seat != NULL && seat_due == due_us) {
            dialog_quiet(seat->dialog, due_us);
            update_hold(seat, due_us);
        }
        DL_FOREACH (hearing->matters, matter)
            trial_time(matter->trial, due_us);
    }
}

static struct matter *
find_matter(const struct hearing *hearing, const struct action *action)
{
    struct matter *matter;

    DL_FOREACH (hearing->matters, matter)
        if (matter->action == action)
            return matter;
    return NULL;
}

/* The program that will be on top when the action is done; NULL: none. */
static const struct program *
top_after(const struct seat *seat, const struct action *action, bool *ends_link)
{
    const struct program *top = dialog_program(seat->dialog);
    size_t n = 0;

    *ends_link = false;
    while (action->stack[n] != NULL)
        top = action->stack[n++];
    if (action->leaves.text == NULL || n > 0)
        return top;
    /* Leaving the console's own program ends the link. */
    *ends_link = dialog_is_last(seat->dialog, action->leaves.text);
    return NULL;
}

const struct trial *
hearing_begin(struct hearing *hearing, const struct action *action,
              uint64_t at_us)
{
    struct matter *matter = xcalloc(1, sizeof *matter);
    struct trial_spec spec = { .action = action, .facts = hearing->facts };
    const struct program *top;

    hearing_time(hearing, at_us);
    BUG_ON(find_matter(hearing, action) != NULL);
    matter->action = action;
    if (action->console != NULL) {
        matter->seat = find_seat(hearing, action->console->name);
        top = top_after(matter->seat, action, &spec.ends_link);
        spec.of_lab = action->console->pane->lab.value;
        /* What is left has to have a prompt: nobody leaves into tcpdump. */
        spec.has_prompt = top != NULL ? top->prompt_pattern != NULL
                                      : action->leaves.text != NULL;
    }
    matter->trial = trial_new(&spec, at_us);
    DL_APPEND(hearing->matters, matter);
    trial_facts(matter->trial, at_us);
    return matter->trial;
}

void
hearing_typed(struct hearing *hearing, const struct action *action,
              uint64_t at_us)
{
    struct matter *matter = find_matter(hearing, action);
    struct dialog *dialog;
    char *shown; /* as its echo comes from the console */

    BUG_ON(matter == NULL || matter->seat == NULL);
    shown = secret_mask(action->command, strlen(action->command));
    hearing_time(hearing, at_us);
    dialog = matter->seat->dialog;
    if (action->kind == ACTION_KEY)
        dialog_pressed(dialog, at_us);
    else
        dialog_submitted(dialog, at_us, shown);
    if (!matter->typed) {
        if (action->leaves.text != NULL)
            dialog_left(dialog, action->leaves.text);
        dialog_entered(dialog, action->stack);
    }
    matter->typed = true;
    if (action->kind != ACTION_KEY)
        publish(matter->seat, "typed", at_us, shown);
    free(shown);
    publish_program(matter->seat, at_us, false);
    trial_submitted(matter->trial, at_us);
}

void
hearing_pressed(struct hearing *hearing, const char *console, uint64_t at_us)
{
    struct seat *seat = find_seat(hearing, console);

    hearing_time(hearing, at_us);
    dialog_pressed(seat->dialog, at_us);
    publish(seat, "prompt", at_us, "");
}

/*
 * A line that a human sends off while a command of ours is at work goes to
 * that command, and may be why it fails.
 */
static void
disturb(struct seat *seat)
{
    struct matter *matter;

    DL_FOREACH (seat->hearing->matters, matter)
        if (matter->seat == seat && matter->typed &&
            matter->action->kind == ACTION_SEND)
            trial_disturb(matter->trial);
}

char *
hearing_human(struct hearing *hearing, const char *console, uint64_t at_us,
              size_t bytes, bool ends_line)
{
    struct seat *seat = find_seat(hearing, console);
    char *text;
    size_t hidden;

    hearing_time(hearing, at_us);
    text = dialog_has_draft(seat->dialog) ? dialog_draft(seat->dialog)
                                          : xstrdup("");
    hidden = dialog_human(seat->dialog, at_us, bytes, ends_line);
    if (hidden > 0) {
        free(text);
        text = xasprintf("<hidden %zu>", hidden);
    }
    if (ends_line) {
        disturb(seat);
        if (*text != '\0' && hidden == 0)
            publish(seat, "typed", at_us, text);
        publish(seat, "prompt", at_us, "");
    }
    update_hold(seat, at_us);
    tell_facts(hearing, at_us);
    return text;
}

void
hearing_resize(struct hearing *hearing, const char *console, uint64_t at_us,
               uint16_t cols, uint16_t rows)
{
    hearing_time(hearing, at_us);
    dialog_resize(find_seat(hearing, console)->dialog, at_us, cols, rows);
}

void
hearing_extend(struct hearing *hearing, const struct action *action,
               uint64_t at_us, uint64_t more_us)
{
    struct matter *matter = find_matter(hearing, action);

    hearing_time(hearing, at_us);
    if (matter != NULL)
        trial_extend(matter->trial, more_us);
}

static void
read_line(void *ctx, const struct line_event *line)
{
    reader_line(ctx, line);
}

/* Whose lines and facts a probe's output is. */
static char *
probe_name(const struct action *action)
{
    return action->as.text != NULL
               ? xstrdup(action->as.text)
               : xasprintf("%s-probe", action->on->name.text);
}

/* A probe's readers live for one output. */
static void
read_output(struct hearing *hearing, const struct action *action,
            uint64_t at_us, const char *output, size_t len)
{
    char *name = probe_name(action);

    for (size_t i = 0; i < action->readers.len; i++) {
        struct reader *reader =
            reader_new(action->readers.items[i].text, name, hearing->facts);

        output_lines(output, len, at_us, read_line, reader);
        reader_free(reader);
    }
    free(name);
}

struct suspect {
    struct symptoms *symptoms;
    const char *name;
};

static void
suspect_line(void *ctx, const struct line_event *line)
{
    const struct suspect *suspect = ctx;

    symptoms_line(suspect->symptoms, suspect->name, line);
}

/* Also what a probe said that went wrong may tell why. */
static void
suspect_output(struct hearing *hearing, const struct action *action,
               uint64_t at_us, const char *output, size_t len)
{
    char *name = probe_name(action);
    struct suspect suspect = { hearing->symptoms, name };

    output_lines(output, len, at_us, suspect_line, &suspect);
    free(name);
}

void
hearing_probed(struct hearing *hearing, const struct action *action,
               uint64_t at_us, const char *error, int status,
               const char *output, size_t len, bool cut)
{
    struct matter *matter = find_matter(hearing, action);

    BUG_ON(matter == NULL);
    hearing_time(hearing, at_us);
    if (error == NULL && status == 0 && !cut)
        read_output(hearing, action, at_us, output, len);
    if (error == NULL)
        suspect_output(hearing, action, at_us, output, len);
    trial_probed(matter->trial, at_us, error, status, output, len, cut);
    tell_facts(hearing, at_us);
}

const struct trial *
hearing_trial(const struct hearing *hearing, const struct action *action)
{
    struct matter *matter = find_matter(hearing, action);

    return matter != NULL ? matter->trial : NULL;
}

void
hearing_close(struct hearing *hearing, const struct action *action,
              uint64_t at_us, enum verdict verdict, const char *reason)
{
    struct matter *matter = find_matter(hearing, action);

    hearing_time(hearing, at_us);
    if (matter != NULL)
        trial_close(matter->trial, at_us, verdict, reason);
}

void
hearing_end(struct hearing *hearing, const struct action *action)
{
    struct matter *matter = find_matter(hearing, action);

    if (matter == NULL)
        return;
    DL_DELETE(hearing->matters, matter);
    trial_free(matter->trial);
    free(matter);
}

struct facts *
hearing_facts(const struct hearing *hearing)
{
    return hearing->facts;
}

struct dialog *
hearing_dialog(const struct hearing *hearing, const char *console)
{
    return find_seat(hearing, console)->dialog;
}

int
hearing_killed(const struct hearing *hearing, const char *console,
               const struct program *program)
{
    const struct seat *seat = find_seat(hearing, console);

    return seat->killed == program ? seat->killed_status : 0;
}

void
hearing_rank(const struct hearing *hearing, struct likelies *likelies)
{
    symptoms_rank(hearing->symptoms, hearing->facts, likelies);
}
