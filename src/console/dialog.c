/* dialog.c - what goes on in a console. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "console/dialog.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "lab/pane.h"
#include "match/pattern.h"
#include "term/term.h"

#define STACK_MAX 16
/* A shell's bare prompt ("# ") is short and may stand in any output. */
#define BARE_QUIET_US 60000
/* A prompt that returned although its command was never echoed as typed. */
#define NO_ECHO_QUIET_US 500000

/* Keys whose echo has not come for so long have none. */
#define NO_KEY_ECHO_US 300000

/* A program that runs, and what is known of it. */
struct entry {
    const struct program *program;
    unsigned level; /* of a shell: how many shells are below it */
    bool marked;    /* a shell whose marks were seen */
    bool plain;     /* a shell that stays without */
};

enum awaiting {
    AWAIT_NOTHING,
    AWAIT_ECHO,   /* a line was submitted */
    AWAIT_PROMPT, /* it was echoed, or keys were pressed */
};

struct dialog {
    struct dialog_spec spec;
    struct dialog_sink sink;
    struct term *term;
    struct entry stack[STACK_MAX];
    size_t depth;
    enum awaiting awaiting;
    char *submitted;      /* the line, without blanks at its end */
    bool typed_in_shell;  /* whose marks tell of the echo */
    unsigned lines_since; /* finished since it was submitted */
    uint64_t typed_row;   /* where it was typed: the old prompt's row */
    bool passed_prompt;   /* a chatty one's, below, while the echo is awaited */
    bool ready;
    bool setting_up;
    int status;                  /* of the last MARK_DONE */
    const struct program *ended; /* what a mark took off the stack, until the
                                    prompt that tells of it */
    uint64_t last_byte_us;
    char *prompt_line;   /* the line up to the cursor, when the prompt came */
    uint64_t pressed_us; /* when a human last pressed keys at it; 0: did not */
    bool unechoed;       /* nothing came since */
    char *typed_on;      /* the line when their first key came, or NULL */
    size_t typed_bytes;  /* of theirs, since then */
    bool looked;         /* for a prompt, since the last byte */
};

static struct entry *
top(struct dialog *dialog)
{
    return dialog->depth > 0 ? &dialog->stack[dialog->depth - 1] : NULL;
}

static void
push(struct dialog *dialog, const struct program *program)
{
    unsigned level = 0;

    if (dialog->depth == STACK_MAX)
        return; /* deeper than any case goes; prompts are then not found */
    for (size_t i = 0; i < dialog->depth; i++)
        level += dialog->stack[i].program->shell.value;
    dialog->stack[dialog->depth++] = (struct entry){
        .program = program,
        .level = level,
    };
}

static void
prompt_came(struct dialog *dialog, uint64_t at_us, int status,
            const struct program *ended)
{
    struct buf text = BUF_INIT(0);
    uint64_t row;

    /* A program's silence may be shorter than a repaint's: what is typed at
     * once must not lose its answer. */
    term_repaint_over(dialog->term);
    term_cursor_line(dialog->term, &text, &row);
    free(dialog->prompt_line);
    dialog->prompt_line = xstrdup(buf_text(&text));
    buf_fini(&text);
    dialog->pressed_us = 0;
    dialog->unechoed = false;
    dialog->ready = true;
    dialog->awaiting = AWAIT_NOTHING;
    dialog->sink.prompt(dialog->sink.ctx, at_us, top(dialog)->program, status,
                        ended);
}

static void
echo_came(struct dialog *dialog, uint64_t at_us)
{
    dialog->awaiting = AWAIT_PROMPT;
    dialog->sink.echoed(dialog->sink.ctx, at_us);
}

/* A finished line lost the blank that its prompt ends in: "testpmd>". */
static bool
is_cut_prompt(const struct program *program, const char *text, size_t len)
{
    struct buf whole = BUF_INIT(0);
    struct span span = { 0 };
    bool found;

    buf_printf(&whole, "%.*s ", (int)len, text);
    found = pattern_find(program->prompt_start, buf_text(&whole), whole.len,
                         &span) == PATTERN_YES &&
            span.end == whole.len;
    buf_fini(&whole);
    return found;
}

/* How many bytes at the line's start are the program's prompt; 0: none. */
static size_t
prompt_length(const struct program *program, const char *text, size_t len)
{
    struct span span;

    if (program->prompt_start == NULL || len == 0)
        return 0;
    if (pattern_find(program->prompt_start, text, len, &span) == PATTERN_YES)
        return span.end;
    return is_cut_prompt(program, text, len) ? len : 0;
}

static void
deliver(struct dialog *dialog, struct line_event event, enum line_tag tag)
{
    event.tag = tag;
    dialog->sink.line(dialog->sink.ctx, &event);
}

/*
 * A line of a program without marks, not our echo. A chatty program prints
 * messages behind its prompt: "testpmd> VHOST_CONFIG: ..." is a prompt and then
 * output.
 */
static void
plain_line(struct dialog *dialog, const struct entry *entry,
           struct line_event event)
{
    size_t prompt = prompt_length(entry->program, event.text, event.len);

    if (prompt == 0) {
        deliver(dialog, event, LINE_OUTPUT);
        return;
    }
    if (!entry->program->chatty.value) {
        deliver(dialog, event, LINE_ECHO); /* a human typed it */
        return;
    }
    if (dialog->awaiting == AWAIT_PROMPT)
        prompt_came(dialog, event.at_us, -1, NULL);
    if (dialog->awaiting == AWAIT_ECHO && event.row > dialog->typed_row)
        dialog->passed_prompt = true;
    event.text += prompt;
    event.len -= prompt;
    if (event.len > 0)
        deliver(dialog, event, LINE_OUTPUT);
}

static void
on_line(void *ctx, const struct line_event *line)
{
    struct dialog *dialog = ctx;
    const struct entry *entry = top(dialog);

    dialog->lines_since++;
    if (line->tag == LINE_OUTPUT && dialog->awaiting == AWAIT_ECHO &&
        !dialog->typed_in_shell && str_ends(line->text, dialog->submitted)) {
        deliver(dialog, *line, LINE_ECHO);
        echo_came(dialog, line->at_us);
    } else if (line->tag == LINE_OUTPUT && entry != NULL && !entry->marked &&
               entry->program->prompt_pattern != NULL) {
        plain_line(dialog, entry, *line);
    } else {
        dialog->sink.line(dialog->sink.ctx, line);
    }
}

/* The shell a mark comes from; all that ran in it has ended. */
static struct entry *
shell_of_mark(struct dialog *dialog, const struct mark_event *mark)
{
    for (size_t i = dialog->depth; i > 0; i--) {
        struct entry *entry = &dialog->stack[i - 1];

        if (!entry->program->shell.value || entry->level != mark->level)
            continue;
        /* Its command has just started: what that enters is on top already. */
        if (mark->kind == MARK_COMMAND)
            return entry;
        if (i < dialog->depth) {
            dialog->ended = top(dialog)->program;
            dialog->depth = i;
        }
        return entry;
    }
    return NULL;
}

static void
on_mark(void *ctx, const struct mark_event *mark)
{
    struct dialog *dialog = ctx;
    struct entry *shell = shell_of_mark(dialog, mark);
    const struct program *ended = dialog->ended;
    bool known;

    /* A shell that is just being left still says that its command starts. */
    if (mark->kind == MARK_COMMAND && dialog->awaiting == AWAIT_ECHO)
        echo_came(dialog, mark->at_us);
    if (shell == NULL)
        return;
    if (mark->kind == MARK_DONE)
        dialog->status = mark->status;
    if (mark->kind != MARK_INPUT)
        return;
    /* The first prompt tells of the set-up, not of a command of ours. */
    known =
        shell->marked && (dialog->awaiting != AWAIT_NOTHING || ended != NULL);
    shell->marked = true;
    dialog->setting_up = false;
    dialog->ended = NULL;
    prompt_came(dialog, mark->at_us, known ? dialog->status : -1, ended);
}

static void
on_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    struct dialog *dialog = ctx;

    dialog->sink.reply(dialog->sink.ctx, bytes, len);
}

static void
start_stack(struct dialog *dialog)
{
    dialog->depth = 0;
    push(dialog, dialog->spec.program);
    dialog->stack[0].marked = dialog->spec.marked;
    dialog->awaiting = AWAIT_NOTHING;
    dialog->ready = false;
    dialog->setting_up = false;
    dialog->status = -1;
    dialog->ended = NULL;
    dialog->last_byte_us = 0;
    dialog->pressed_us = 0;
    dialog->unechoed = false;
    dialog->looked = true;
}

struct dialog *
dialog_new(const struct dialog_spec *spec, const struct dialog_sink *sink)
{
    struct dialog *dialog = xcalloc(1, sizeof *dialog);
    const struct term_spec term_spec = {
        .cols = spec->cols,
        .rows = spec->rows,
        .history_rows = spec->history_rows,
        .nonce = spec->nonce,
    };
    const struct term_sink term_sink = {
        .line = on_line,
        .mark = on_mark,
        .reply = sink->reply != NULL ? on_reply : NULL,
        .ctx = dialog,
    };

    dialog->spec = *spec;
    dialog->sink = *sink;
    dialog->term = term_new(&term_spec, &term_sink);
    dialog->submitted = xstrdup("");
    dialog->prompt_line = xstrdup("");
    start_stack(dialog);
    return dialog;
}

void
dialog_free(struct dialog *dialog)
{
    if (dialog == NULL)
        return;
    term_free(dialog->term);
    free(dialog->submitted);
    free(dialog->prompt_line);
    free(dialog->typed_on);
    free(dialog);
}

void
dialog_restart(struct dialog *dialog, uint64_t at_us)
{
    term_repaint(dialog->term, at_us);
    start_stack(dialog);
}

/*
 * Whose prompt may come next: the program's on top; where it has none, that of
 * the one it was started from, which tells that it ended. Depth; 0: nobody's.
 */
static size_t
prompting(const struct dialog *dialog)
{
    size_t depth = dialog->depth;

    while (depth > 0 && !dialog->stack[depth - 1].marked &&
           dialog->stack[depth - 1].program->prompt_pattern == NULL)
        depth--;
    /* A shell's marks tell by themselves; a bare one is below an ssh that may
     * show anything. */
    if (depth == 0 || dialog->stack[depth - 1].marked ||
        (depth < dialog->depth &&
         dialog->stack[depth - 1].program->shell.value))
        return 0;
    return depth;
}

/* The silence that must stand behind what may be a prompt now. */
static uint64_t
silence_us(const struct dialog *dialog)
{
    const struct entry *entry = &dialog->stack[prompting(dialog) - 1];

    if (dialog->awaiting == AWAIT_ECHO)
        return NO_ECHO_QUIET_US;
    if (entry->program->shell.value && !entry->plain)
        return BARE_QUIET_US;
    return entry->program->quiet.value * 1000;
}

/* Whether a prompt may be looked for when it gets quiet. */
static bool
looks_for_prompt(const struct dialog *dialog)
{
    return !dialog->looked && !dialog->ready && !dialog->setting_up &&
           prompting(dialog) > 0;
}

static void
look_for_prompt(struct dialog *dialog, uint64_t at_us)
{
    size_t depth = prompting(dialog);
    struct entry *entry = &dialog->stack[depth - 1];
    const struct program *ended = NULL;
    struct buf text = BUF_INIT(0);
    struct span span;
    uint64_t row;
    bool found;

    dialog->looked = true;
    if (dialog->awaiting == AWAIT_ECHO && dialog->lines_since == 0)
        return; /* what stands there is the old prompt */
    term_cursor_line(dialog->term, &text, &row);
    found = (dialog->awaiting == AWAIT_ECHO && dialog->passed_prompt) ||
            pattern_find(entry->program->prompt_pattern, buf_text(&text),
                         text.len, &span) == PATTERN_YES;
    buf_fini(&text);
    if (!found)
        return;
    if (depth < dialog->depth) {
        ended = dialog->stack[dialog->depth - 1].program;
        dialog->depth = depth;
    }
    if (entry->program->shell.value && !entry->plain &&
        dialog->spec.nonce != NULL)
        dialog->sink.bare_shell(dialog->sink.ctx, at_us, entry->level);
    else
        prompt_came(dialog, at_us, -1, ended);
}

uint64_t
dialog_due_us(const struct dialog *dialog)
{
    uint64_t term_due = term_due_us(dialog->term), own = 0;

    if (looks_for_prompt(dialog))
        own = dialog->last_byte_us + silence_us(dialog);
    if (dialog->unechoed &&
        (own == 0 || dialog->pressed_us + NO_KEY_ECHO_US < own))
        own = dialog->pressed_us + NO_KEY_ECHO_US;
    if (own == 0 || (term_due != 0 && term_due < own))
        return term_due;
    return own;
}

/* Set-up that brought no mark: it is no shell we know how to mark. */
static void
end_set_up(struct dialog *dialog)
{
    dialog->setting_up = false;
    top(dialog)->plain = true;
    dialog->looked = false;
}

void
dialog_quiet(struct dialog *dialog, uint64_t at_us)
{
    uint64_t due;

    while ((due = dialog_due_us(dialog)) != 0 && due <= at_us) {
        term_quiet(dialog->term, due);
        if (dialog->setting_up && !term_is_swallowing(dialog->term))
            end_set_up(dialog);
        if (looks_for_prompt(dialog) &&
            due >= dialog->last_byte_us + silence_us(dialog))
            look_for_prompt(dialog, due);
        if (dialog->unechoed && due >= dialog->pressed_us + NO_KEY_ECHO_US)
            dialog->unechoed = false;
    }
}

void
dialog_bytes(struct dialog *dialog, uint64_t at_us, const uint8_t *bytes,
             size_t len)
{
    dialog_quiet(dialog, at_us);
    term_feed(dialog->term, at_us, bytes, len);
    dialog->last_byte_us = at_us;
    dialog->looked = false;
    dialog->unechoed = false;
}

void
dialog_submitted(struct dialog *dialog, uint64_t at_us, const char *text)
{
    size_t len = strlen(text);
    struct buf line = BUF_INIT(0);

    dialog_quiet(dialog, at_us);
    term_cursor_line(dialog->term, &line, &dialog->typed_row);
    buf_fini(&line);
    dialog->passed_prompt = false;
    while (len > 0 && text[len - 1] == ' ')
        len--; /* lines come without them */
    free(dialog->submitted);
    dialog->submitted = xstrndup(text, len);
    dialog->typed_in_shell = dialog->depth > 0 && top(dialog)->marked;
    dialog->awaiting = AWAIT_ECHO;
    dialog->lines_since = 0;
    dialog->ready = false;
}

void
dialog_pressed(struct dialog *dialog, uint64_t at_us)
{
    dialog_quiet(dialog, at_us);
    dialog->awaiting = AWAIT_PROMPT;
    dialog->ready = false;
}

static char *
cursor_line(const struct dialog *dialog)
{
    struct buf text = BUF_INIT(0);
    uint64_t row;

    term_cursor_line(dialog->term, &text, &row);
    return buf_take(&text);
}

/* The bytes of a line that left the screen as it was. */
static size_t
hidden_bytes(struct dialog *dialog)
{
    char *now = cursor_line(dialog);
    bool same = str_same(now, dialog->typed_on);
    size_t hidden = same ? dialog->typed_bytes - 1 : 0; /* without Enter */

    free(now);
    free(dialog->typed_on);
    dialog->typed_on = NULL;
    dialog->typed_bytes = 0;
    return hidden;
}

size_t
dialog_human(struct dialog *dialog, uint64_t at_us, size_t bytes,
             bool ends_line)
{
    dialog_quiet(dialog, at_us);
    if (dialog->typed_on == NULL)
        dialog->typed_on = cursor_line(dialog);
    dialog->typed_bytes += bytes;
    if (ends_line) {
        dialog->pressed_us = 0;
        dialog->unechoed = false;
        dialog->awaiting = AWAIT_PROMPT;
        dialog->ready = false;
    } else {
        dialog->pressed_us = at_us;
        dialog->unechoed = true;
    }
    return ends_line && dialog->typed_bytes > 0 ? hidden_bytes(dialog) : 0;
}

char *
dialog_draft(const struct dialog *dialog)
{
    struct buf text = BUF_INIT(0);
    size_t prompt = strlen(dialog->prompt_line);
    uint64_t row;

    term_cursor_line(dialog->term, &text, &row);
    if (strncmp(buf_text(&text), dialog->prompt_line, prompt) == 0)
        buf_drop(&text, MIN(prompt, text.len));
    return buf_take(&text);
}

bool
dialog_has_draft(const struct dialog *dialog)
{
    char *draft;
    bool there;

    if (dialog->pressed_us == 0)
        return false;
    if (dialog->unechoed)
        return true;
    draft = dialog_draft(dialog);
    there = *draft != '\0';
    free(draft);
    return there;
}

void
dialog_entered(struct dialog *dialog, const struct program *const *programs)
{
    for (size_t i = 0; programs[i] != NULL; i++) {
        push(dialog, programs[i]);
        dialog->ready = false; /* the prompt was another's */
    }
}

bool
dialog_is_last(const struct dialog *dialog, const char *program)
{
    for (size_t i = dialog->depth; i > 0; i--)
        if (strcmp(dialog->stack[i - 1].program->name.text, program) == 0)
            return i == 1;
    return false;
}

bool
dialog_left(struct dialog *dialog, const char *program)
{
    for (size_t i = dialog->depth; i > 0; i--)
        if (strcmp(dialog->stack[i - 1].program->name.text, program) == 0) {
            dialog->depth = i - 1;
            dialog->ready = false; /* as above */
            return true;
        }
    return false;
}

void
dialog_set_up(struct dialog *dialog, uint64_t at_us, uint64_t until_us)
{
    (void)at_us;
    dialog->setting_up = true;
    term_swallow(dialog->term, until_us);
}

void
dialog_plain(struct dialog *dialog, uint64_t at_us)
{
    top(dialog)->plain = true;
    prompt_came(dialog, at_us, -1, NULL);
}

bool
dialog_runs(const struct dialog *dialog, const char *program)
{
    for (size_t i = 0; i < dialog->depth; i++)
        if (strcmp(dialog->stack[i].program->name.text, program) == 0)
            return true;
    return false;
}

uint64_t
dialog_last_us(const struct dialog *dialog)
{
    return dialog->last_byte_us;
}

void
dialog_resize(struct dialog *dialog, uint64_t at_us, uint16_t cols,
              uint16_t rows)
{
    dialog_quiet(dialog, at_us);
    term_resize(dialog->term, at_us, cols, rows);
}

const struct program *
dialog_program(const struct dialog *dialog)
{
    return dialog->depth > 0 ? dialog->stack[dialog->depth - 1].program : NULL;
}

char *
dialog_describe(const struct dialog *dialog)
{
    struct buf buf = BUF_INIT(0);

    for (size_t i = 0; i < dialog->depth; i++)
        buf_printf(&buf, "%s%s", i > 0 ? " > " : "",
                   dialog->stack[i].program->name.text);
    return buf_take(&buf);
}

bool
dialog_ready(const struct dialog *dialog)
{
    const struct entry *entry;
    struct buf text = BUF_INIT(0);
    struct span span;
    uint64_t row;
    bool there = true;

    if (!dialog->ready || dialog->depth == 0 || dialog_has_draft(dialog))
        return false;
    entry = &dialog->stack[dialog->depth - 1];
    if (!entry->marked && !entry->program->chatty.value) {
        /* Nobody typed anything behind it meanwhile. */
        term_cursor_line(dialog->term, &text, &row);
        there = pattern_find(entry->program->prompt_pattern, buf_text(&text),
                             text.len, &span) == PATTERN_YES;
        buf_fini(&text);
    }
    return there;
}

struct term *
dialog_term(const struct dialog *dialog)
{
    return dialog->term;
}
