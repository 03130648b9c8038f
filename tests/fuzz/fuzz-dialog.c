/*
 * Any bytes from a far end that does not know the nonce, while somebody types:
 * no prompt has a status, lines are text, and the same again gives the same.
 *
 * Bytes that are never UTF-8 say what happens between two feeds, so that every
 * recording is an input as it is.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "console/dialog.h"
#include "lab/pane.h"
#include "match/pattern.h"

enum {
    OP_CUT = 0xF5, /* the next bytes are another feed, at the same time */
    OP_QUIET,      /* a byte: times 5 ms */
    OP_SUBMIT,     /* "ls" */
    OP_PRESS,
    OP_TYPE, /* a byte: an Enter, and how many bytes before it */
    OP_ENTER,
    OP_LEAVE,
    OP_RESTART,
    OP_SET_UP,
    OP_PLAIN,
    OP_RESIZE,
};

static struct program programs[] = {
    { .name = { .text = "bash" }, .shell = { .value = true } },
    { .name = { .text = "hmp" }, .quiet = { .value = 20 } },
    { .name = { .text = "screen" }, .repaints = { .value = true } },
    { .name = { .text = "console" }, .chatty = { .value = true } },
};
static const char *const prompts[] = { "[$#] $", "^\\(qemu\\) $", NULL,
                                       "^[a-z]+> $" };
static const char *const starts[] = { NULL, "^\\(qemu\\) ", NULL, "^[a-z]+> " };

struct scene {
    struct dialog *dialog;
    struct buf log;
    uint64_t at_us;
    bool bare; /* a shell waits to be set up */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pattern *
compile(const char *text)
{
    struct err err;
    size_t fault;
    struct pattern *pattern =
        text != NULL ? pattern_new(text, &fault, &err) : NULL;

    if (text != NULL && pattern == NULL)
        abort();
    return pattern;
}

/* Patterns count what they took: each pass begins with new ones. */
static void
make_programs(void)
{
    for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
        programs[i].prompt_pattern = compile(prompts[i]);
        programs[i].prompt_start = compile(starts[i]);
    }
}

static void
free_programs(void)
{
    for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
        pattern_free(programs[i].prompt_pattern);
        pattern_free(programs[i].prompt_start);
    }
}

static void
on_line(void *ctx, const struct line_event *line)
{
    struct scene *scene = ctx;

    if (strlen(line->text) != line->len || !utf8_valid(line->text, line->len))
        abort();
    for (size_t i = 0; i < line->len; i++)
        if ((unsigned char)line->text[i] < ' ' || line->text[i] == 0x7F)
            abort();
    buf_printf(&scene->log, "%d:%s\n", (int)line->tag, line->text);
}

static void
on_echoed(void *ctx, uint64_t at_us)
{
    struct scene *scene = ctx;

    buf_printf(&scene->log, "echoed %llu\n", (unsigned long long)at_us);
}

static void
on_prompt(void *ctx, uint64_t at_us, const struct program *program, int status,
          const struct program *ended)
{
    struct scene *scene = ctx;

    if (program == NULL || status >= 0)
        abort(); /* a status comes with a mark alone */
    buf_printf(&scene->log, "prompt %llu %s %s\n", (unsigned long long)at_us,
               program->name.text, ended != NULL ? ended->name.text : "");
}

static void
on_bare_shell(void *ctx, uint64_t at_us, unsigned level)
{
    struct scene *scene = ctx;

    scene->bare = true;
    buf_printf(&scene->log, "bare %llu %u\n", (unsigned long long)at_us, level);
}

static void
on_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    struct scene *scene = ctx;

    buf_add(&scene->log, (const char *)bytes, len);
}

static void
feed(struct scene *scene, const uint8_t *bytes, size_t len)
{
    struct utf8_gate gate = { 0 };
    struct buf text = BUF_INIT(0);

    utf8_gate_pass(&gate, bytes, len, &text);
    utf8_gate_end(&gate, &text);
    dialog_bytes(scene->dialog, scene->at_us, (const uint8_t *)buf_text(&text),
                 text.len);
    buf_fini(&text);
}

static void
wait(struct scene *scene, uint64_t us)
{
    uint64_t until = scene->at_us + us, due;

    while ((due = dialog_due_us(scene->dialog)) != 0 && due <= until) {
        scene->at_us = MAX(due, scene->at_us);
        dialog_quiet(scene->dialog, scene->at_us);
        if (dialog_due_us(scene->dialog) == due)
            abort(); /* whoever waits for it would turn round and round */
    }
    scene->at_us = until;
}

static void
enter(struct scene *scene, uint8_t which)
{
    const struct program *entered[] = { &programs[which % ARRAY_LEN(programs)],
                                        NULL };

    dialog_entered(scene->dialog, entered);
}

/* What the byte op says, with the byte behind it. */
static void
operate(struct scene *scene, uint8_t op, uint8_t arg)
{
    struct dialog *dialog = scene->dialog;

    scene->at_us++;
    if (op == OP_QUIET)
        wait(scene, arg * 5000u);
    else if (op == OP_SUBMIT)
        dialog_submitted(dialog, scene->at_us, "ls");
    else if (op == OP_PRESS)
        dialog_pressed(dialog, scene->at_us);
    else if (op == OP_TYPE)
        (void)dialog_human(dialog, scene->at_us, arg / 2u, arg % 2 == 1);
    else if (op == OP_ENTER)
        enter(scene, arg);
    else if (op == OP_LEAVE)
        (void)dialog_left(dialog,
                          programs[arg % ARRAY_LEN(programs)].name.text);
    else if (op == OP_RESTART)
        dialog_restart(dialog, scene->at_us);
    else if (op == OP_SET_UP && scene->bare)
        dialog_set_up(dialog, scene->at_us, scene->at_us + arg * 5000u);
    else if (op == OP_PLAIN && scene->bare)
        dialog_plain(dialog, scene->at_us);
    else if (op == OP_RESIZE)
        dialog_resize(dialog, scene->at_us, arg, arg % 50);
    if (op != OP_QUIET && op != OP_RESIZE)
        scene->bare = false;
}

static void
look(struct scene *scene)
{
    char *draft = dialog_draft(scene->dialog);
    char *stack = dialog_describe(scene->dialog);

    buf_printf(&scene->log, "%d %d %s %s\n", dialog_ready(scene->dialog),
               dialog_has_draft(scene->dialog), draft, stack);
    free(draft);
    free(stack);
}

static void
play(struct scene *scene, const uint8_t *data, size_t size)
{
    static const struct dialog_sink sink = {
        .line = on_line,
        .echoed = on_echoed,
        .prompt = on_prompt,
        .bare_shell = on_bare_shell,
        .reply = on_reply,
    };
    const struct dialog_spec spec = {
        .cols = 40,
        .rows = 8,
        .history_rows = 20,
        .nonce = "31d1e9f0b4c2a877",
        .program = &programs[size % ARRAY_LEN(programs)],
        .marked = size % 8 == 0,
    };
    struct dialog_sink ours = sink;
    size_t start = 0;

    ours.ctx = scene;
    scene->at_us = 1;
    make_programs();
    scene->dialog = dialog_new(&spec, &ours);
    for (size_t i = 0; i <= size; i++) {
        if (i < size && data[i] < OP_CUT)
            continue;
        if (i > start)
            feed(scene, data + start, i - start);
        if (i < size)
            operate(scene, data[i], i + 1 < size ? data[i + 1] : 0);
        look(scene);
        if (i + 1 < size && data[i] != OP_CUT)
            i++;
        start = i + 1;
    }
    wait(scene, 10000000);
    look(scene);
    dialog_free(scene->dialog);
    free_programs();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scene first = { 0 }, again = { 0 };

    play(&first, data, size);
    play(&again, data, size);
    if (strcmp(buf_text(&first.log), buf_text(&again.log)) != 0)
        abort();
    buf_fini(&first.log);
    buf_fini(&again.log);
    return 0;
}
