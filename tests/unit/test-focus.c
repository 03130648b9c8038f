/*
 * What somebody types goes to the pane that the screen says has the keyboard,
 * and nowhere else: the app on a pty, consoles of this machine, random events.
 *
 * The linker lets us stand between the stage and its consoles.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "console/console.h"
#include "io/loop.h"
#include "journal/journal.h"
#include "lab/lab.h"
#include "lab/layout.h"
#include "lab/pane.h"
#include "plan/script.h"
#include "run/rundir.h"
#include "run/runner.h"
#include "tests/unit/outer.h"
#include "tests/unit/term-probe.h"
#include "ui/app-priv.h"
#include "ui/pane-view.h"

enum {
    EVENTS = 1000,
    EVENTS_LONG = 10000,
    CONSOLES = 7,
    STEP_US = 40000,
    PATIENCE_MS = 10000
};

/* Whoever gets bytes, since the last event. */
static struct {
    struct console *consoles[CONSOLES];
    size_t event[CONSOLES], all[CONSOLES];
    size_t len;
} written;

bool __real_console_write(struct console *console, const uint8_t *bytes,
                          size_t len, struct err *err);
bool __wrap_console_write(struct console *console, const uint8_t *bytes,
                          size_t len, struct err *err);

bool
__wrap_console_write(struct console *console, const uint8_t *bytes, size_t len,
                     struct err *err)
{
    size_t i = 0;

    while (i < written.len && written.consoles[i] != console)
        i++;
    if (i == written.len) {
        assert_true(written.len < CONSOLES);
        written.consoles[written.len++] = console;
    }
    written.event[i] += len;
    written.all[i] += len;
    return __real_console_write(console, bytes, len, err);
}

/* A pty hands its bytes over when it likes: so many the app has taken. */
static size_t taken;

void __real_input_bytes(struct input *input, uint64_t at_us,
                        const uint8_t *bytes, size_t len);
void __wrap_input_bytes(struct input *input, uint64_t at_us,
                        const uint8_t *bytes, size_t len);

void
__wrap_input_bytes(struct input *input, uint64_t at_us, const uint8_t *bytes,
                   size_t len)
{
    taken += len;
    __real_input_bytes(input, at_us, bytes, len);
}

struct scene {
    char dir[40];
    size_t typed; /* bytes */
    uint64_t now_us;
    struct clock_source source;
    struct loop *loop;
    struct script *script;
    struct layouts *layouts;
    struct rundir *rundir;
    struct run_clock clock;
    struct journal *journal;
    struct app *app;
    struct runner *runner;
    bool over;
    int master, slave;
    uint16_t cols, rows;
    struct probe probe; /* what the terminal shows */
    struct outer outer;
    struct utf8_gate gate;
    char owner[64];           /* as the screen says */
    const char *of[CONSOLES]; /* the names of written's consoles */
};

/* The real time, for deadlines: the loop's is ours. */
static uint64_t
real_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

struct tally {
    size_t typed;  /* bytes */
    size_t owners; /* how often the keyboard went to another */
};

static uint64_t
tell_time(void *ctx)
{
    return ((struct scene *)ctx)->now_us;
}

/* ---- A lab of programs that keep what they are sent ---- */

static void
write_file(const struct scene *scene, const char *name, const char *text)
{
    char *path = xasprintf("%s/%s", scene->dir, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void
make_files(struct scene *scene)
{
    /* Some want the mouse, or pastes in brackets. */
    static const struct {
        const char *name, *modes;
    } panes[] = {
        { "testpmd", "\\033[?1000;1006h" },
        { "monitor", "" },
        { "guest", "\\033[?1003;1006;2004h" },
        { "shell", "\\033[?2004h" },
    };
    char *command;

    strcpy(scene->dir, "/tmp/miglab-focus-XXXXXX");
    assert_non_null(mkdtemp(scene->dir));
    command = xasprintf("cd %s && mkdir labs panes kept && cp -r '%s/layouts' "
                        ". && cp '%s/panes/programs.yaml' panes/ && "
                        "chmod -R u+w .",
                        scene->dir, paths_data(), paths_data());
    assert_int_equal(system(command), 0);
    free(command);
    write_file(scene, "labs/l.yaml", "lab: l\nnodes: {host: {}, backup: {}}\n");
    for (size_t i = 0; i < ARRAY_LEN(panes); i++) {
        char *name = xasprintf("panes/%s.yaml", panes[i].name);
        char *text = xasprintf(
            "pane: %s\ntitle: T\nnodes: [%s]\nlink: {exec: \"stty raw -echo; "
            "printf '%s'; exec cat >%s/kept/${node}-%s\"}\nprogram: bash\n"
            "size: 80x24\n",
            panes[i].name, i == 3 ? "host" : "host, backup", panes[i].modes,
            scene->dir, panes[i].name);
        /* YAML, where a backslash is written as two. */
        struct buf escaped = BUF_INIT(0);

        for (const char *p = text; *p != '\0'; p++) {
            buf_add(&escaped, p, 1);
            if (*p == '\\')
                buf_add(&escaped, p, 1);
        }
        write_file(scene, name, buf_text(&escaped));
        buf_fini(&escaped);
        free(name);
        free(text);
    }
}

static struct script *
load(void)
{
    struct diags diags = { 0 };
    struct lab *lab = lab_load("l", NULL, &diags);
    struct panes *panes = panes_load(&diags);
    struct script *script = lab != NULL && panes != NULL
                                ? script_consoles(lab, panes, &diags)
                                : NULL;

    diags_print(&diags, stderr);
    assert_non_null(script);
    assert_int_equal(script->consoles_len, CONSOLES);
    return script;
}

/* ---- The app on its pty ---- */

static void
on_done(void *ctx, const struct run_result *result)
{
    (void)result;
    ((struct scene *)ctx)->over = true;
}

/* app_new() takes standard input and output: the pty, for that moment. */
static struct app *
open_app(struct scene *scene)
{
    const struct app_spec spec = {
        .loop = scene->loop,
        .script = scene->script,
        .clock = &scene->clock,
        .path = scene->rundir->path,
        .layouts = scene->layouts,
    };
    struct err err = ERR_INIT;
    int in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
    struct app *app;

    fflush(stdout);
    dup2(scene->slave, STDIN_FILENO);
    dup2(scene->slave, STDOUT_FILENO);
    app = app_new(&spec, &err);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    close(in);
    close(out);
    assert_non_null(app);
    return app;
}

static void
start_run(struct scene *scene)
{
    struct err err = ERR_INIT;
    struct runner_spec spec = { .loop = scene->loop,
                                .script = scene->script,
                                .clock = &scene->clock,
                                .attended = true,
                                .open = true,
                                .changed = app_changed };

    scene->rundir = rundir_create(scene->script, 1, &err);
    assert_non_null(scene->rundir);
    run_clock_start(&scene->clock);
    scene->journal = journal_create(scene->rundir->fd, &scene->clock, &err);
    assert_non_null(scene->journal);
    scene->app = open_app(scene);
    journal_listen(scene->journal, app_hear, scene->app);
    spec.rundir = scene->rundir;
    spec.journal = scene->journal;
    spec.changed_ctx = scene->app;
    scene->runner = runner_new(&spec, on_done, scene);
    app_attach(scene->app, scene->runner);
}

static struct scene *
open_scene(void)
{
    struct scene *scene = xcalloc(1, sizeof *scene);
    struct winsize size = { .ws_col = 120, .ws_row = 40 };
    struct diags diags = { 0 };
    char *folder;

    make_files(scene);
    setenv("MIGLAB_DATA", scene->dir, 1);
    setenv("TERM", "xterm-256color", 1);
    folder = xasprintf("%s/state", scene->dir);
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_RUNTIME_DIR", scene->dir, 1);
    free(folder);
    scene->now_us = 1000000;
    scene->source = (struct clock_source){ tell_time, tell_time, scene };
    clock_replace(&scene->source);
    scene->cols = size.ws_col;
    scene->rows = size.ws_row;
    assert_int_equal(openpty(&scene->master, &scene->slave, NULL, NULL, &size),
                     0);
    fcntl(scene->master, F_SETFL, O_NONBLOCK);
    probe_init(&scene->probe, size.ws_col, size.ws_row);
    outer_init(&scene->outer, false);
    scene->loop = loop_new();
    scene->script = load();
    scene->layouts = layouts_load(&diags);
    assert_non_null(scene->layouts);
    start_run(scene);
    return scene;
}

static void
close_scene(struct scene *scene)
{
    char *command = xasprintf("rm -r %s", scene->dir);

    app_over(scene->app);
    app_free(scene->app);
    runner_free(scene->runner);
    journal_free(scene->journal);
    rundir_free(scene->rundir);
    layouts_free(scene->layouts);
    script_free(scene->script);
    loop_free(scene->loop);
    probe_fini(&scene->probe);
    close(scene->master);
    close(scene->slave);
    clock_replace(NULL);
    unsetenv("MIGLAB_DATA");
    assert_int_equal(system(command), 0);
    free(command);
    free(scene);
    memset(&written, 0, sizeof written);
    taken = 0;
}

/* ---- What the terminal shows ---- */

static bool
read_screen(struct scene *scene)
{
    char bytes[65536];
    ssize_t n = read(scene->master, bytes, sizeof bytes);
    struct buf text = BUF_INIT(0);

    if (n <= 0)
        return false;
    outer_feed_asked(&scene->outer, bytes, (size_t)n);
    utf8_gate_pass(&scene->gate, (uint8_t *)bytes, (size_t)n, &text);
    term_feed(scene->probe.term, scene->now_us,
              (const uint8_t *)buf_text(&text), text.len);
    buf_fini(&text);
    return true;
}

static void
turn(struct scene *scene)
{
    scene->now_us += STEP_US / 4;
    loop_turn(scene->loop);
    read_screen(scene);
}

/*
 * Until all that was typed is taken, what a lone Esc and a frame need has
 * passed, and the terminal has all that was drawn: it answers our question.
 */
static void
settle(struct scene *scene)
{
    uint64_t deadline_us = real_us() + PATIENCE_MS * 1000;

    while (taken < scene->typed) {
        assert_true(real_us() < deadline_us);
        turn(scene);
    }
    for (int i = 0; i < 8; i++)
        turn(scene);
    buf_clear(&scene->probe.replies);
    assert_int_equal(
        write(scene->slave, OUTER_QUESTION, strlen(OUTER_QUESTION)),
        (ssize_t)strlen(OUTER_QUESTION));
    while (scene->probe.replies.len == 0) {
        assert_true(real_us() < deadline_us);
        turn(scene);
    }
    buf_clear(&scene->probe.events);
    buf_clear(&scene->probe.places);
}

/* Who has the keyboard, if the last row says so; a question hides it. */
static void
look_for_owner(struct scene *scene)
{
    char text[64] = "";
    size_t len = 0;

    for (int col = 1; col < MIN(scene->cols, 60); col++) {
        struct term_cell cell = probe_cell(&scene->probe, scene->rows - 1, col);

        if (cell.rune <= ' ' || cell.rune > '~')
            break;
        text[len++] = (char)cell.rune;
    }
    if (strcmp(text, "WIZARD") == 0 ||
        script_console(scene->script, text) != NULL)
        strcpy(scene->owner, text);
}

/* ---- Events ---- */

/* Not C-z, which stops us, and nobody would bring us back. */
static const char *const keys[] = {
    "\033[A",
    "\033[B",
    "\033[C",
    "\033[D",
    "\033OA",
    "\033OP",
    "\033[15~",
    "\033[5~",
    "\033[6~",
    "\033[Z",
    "\033[H",
    "\033[1;5C",
    "\t",
    "\r",
    "\033",
    "\x7f",
    "\x01",
    "\x05",
    "\x0c",
    "\x03",
    "\x04",
    "\x02",
    "\x14",
    "\x14",
    "\033a",
    "\xc3\xa9",
    "\xe6\xbc\xa2",
    "?",
    "L",
    "z",
    "v",
    ":",
    "/",
    "w",
    "y",
    "n",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",
    "G",
    "+",
    "-",
    "\033[200~plain\033[201~",
    "\033[200~two\rlines\033[201~",
    "\033[200~a\tb\033[201~",
    "\033[200~x\033[20\033[201~",
};

static void
add_mouse(struct scene *scene, uint64_t *seed, struct buf *out)
{
    static const unsigned buttons[] = { 0, 0, 0, 1, 2, 32, 64, 65 };

    buf_printf(out, "\033[<%u;%u;%u%c",
               buttons[probe_random(seed) % ARRAY_LEN(buttons)],
               1 + (unsigned)(probe_random(seed) % scene->cols),
               1 + (unsigned)(probe_random(seed) % scene->rows),
               probe_random(seed) % 2 ? 'M' : 'm');
}

static void
resize(struct scene *scene, uint64_t *seed)
{
    static const uint16_t sizes[][2] = {
        { 120, 40 }, { 80, 24 }, { 200, 50 }, { 101, 30 }
    };
    const uint16_t *to = sizes[probe_random(seed) % ARRAY_LEN(sizes)];
    struct winsize size = { .ws_col = to[0], .ws_row = to[1] };

    scene->cols = to[0];
    scene->rows = to[1];
    term_resize(scene->probe.term, scene->now_us, to[0], to[1]);
    ioctl(scene->master, TIOCSWINSZ, &size);
    raise(SIGWINCH);
}

/* One event; the bytes of it are in out. */
static void
happen(struct scene *scene, uint64_t *seed, struct buf *out)
{
    unsigned kind = (unsigned)(probe_random(seed) % 100);
    uint8_t letter = (uint8_t)('a' + probe_random(seed) % 26);

    buf_clear(out);
    if (kind == 0) {
        resize(scene, seed);
        return;
    }
    if (kind < 15)
        add_mouse(scene, seed, out);
    else if (kind < 40)
        buf_add(out, &letter, 1);
    else
        buf_puts(out, keys[probe_random(seed) % ARRAY_LEN(keys)]);
    scene->typed += out->len;
    assert_int_equal(write(scene->master, out->bytes, out->len),
                     (ssize_t)out->len);
}

/* Which console the bytes went to is the one that has the keyboard. */
static size_t
check_written(struct scene *scene, const char *owner, const struct buf *event)
{
    size_t to_owner = 0;

    for (size_t i = 0; i < written.len; i++) {
        if (written.event[i] == 0)
            continue;
        /* A console is known by the pane it first got something in. */
        if (scene->of[i] == NULL) {
            const struct script_console *console =
                script_console(scene->script, owner);

            if (console == NULL)
                fail_msg("'%s' reached a console, and %s has the keyboard",
                         buf_text(event), owner);
            else
                scene->of[i] = console->name;
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(scene->of[k], scene->of[i]);
        }
        if (strcmp(scene->of[i], owner) != 0)
            fail_msg("'%s' reached %s, and %s has the keyboard",
                     buf_text(event), scene->of[i], owner);
        to_owner += written.event[i];
        written.event[i] = 0;
    }
    return to_owner;
}

static bool
is_up(struct scene *scene)
{
    size_t up = 0;

    for (size_t i = 0; i < CONSOLES; i++) {
        char *path = xasprintf("%s/kept/%s", scene->dir,
                               scene->script->consoles[i].name);

        up += access(path, F_OK) == 0;
        free(path);
    }
    return up == CONSOLES;
}

static size_t
file_size(const struct scene *scene, const char *name)
{
    char *path = xasprintf("%s/kept/%s", scene->dir, name);
    FILE *file = fopen(path, "r");
    long size;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    fclose(file);
    free(path);
    return (size_t)size;
}

/* Each far end has what was written for it, and no more. */
static void
check_far_ends(struct scene *scene)
{
    uint64_t deadline_us = real_us() + PATIENCE_MS * 1000;

    for (size_t i = 0; i < CONSOLES; i++) {
        const char *name = scene->script->consoles[i].name;
        size_t wanted = 0, size = 0;

        for (size_t k = 0; k < written.len; k++)
            if (scene->of[k] != NULL && strcmp(scene->of[k], name) == 0)
                wanted = written.all[k];
        while ((size = file_size(scene, name)) < wanted &&
               real_us() < deadline_us) {
            loop_turn(scene->loop);
            poll(NULL, 0, 1);
        }
        print_message("# %s: %zu bytes\n", name, size);
        assert_int_equal(size, wanted);
    }
}

static void
wait_until_up(struct scene *scene)
{
    uint64_t deadline_us = real_us() + PATIENCE_MS * 1000;

    while (!is_up(scene)) {
        assert_true(real_us() < deadline_us);
        settle(scene);
        poll(NULL, 0, 1);
    }
    settle(scene);
    look_for_owner(scene);
    assert_string_equal(scene->owner, "WIZARD");
}

/* So many events, or until one of them ends the run; tells how many. */
static int
go_on(struct scene *scene, int events, uint64_t *seed, struct tally *tally)
{
    struct buf event = BUF_INIT(0);
    int i = 0;

    wait_until_up(scene);
    for (; i < events && !scene->over; i++) {
        char owner[64];

        strcpy(owner, scene->owner);
        happen(scene, seed, &event);
        settle(scene);
        look_for_owner(scene);
        tally->typed += check_written(scene, owner, &event);
        tally->owners += strcmp(owner, scene->owner) != 0;
    }
    assert_string_equal(scene->outer.wrong, "");
    if (!scene->over)
        check_far_ends(scene);
    buf_fini(&event);
    return i;
}

static void
keys_reach_the_pane_that_has_the_keyboard(void **state)
{
    struct tally tally = { 0 };
    const char *lengthy = getenv("MIGLAB_LONG");
    int events = lengthy != NULL && *lengthy != '\0' ? EVENTS_LONG : EVENTS;
    uint64_t seed = 23;
    int runs = 0;

    (void)state;
    for (int done = 0; done < events; runs++) {
        struct scene *scene = open_scene();

        done += go_on(scene, events - done, &seed, &tally);
        close_scene(scene);
    }
    print_message("# %d events in %d runs, %zu bytes typed, %zu times another "
                  "owner\n",
                  events, runs, tally.typed, tally.owners);
    assert_true(tally.typed > 500 && tally.owners > 20);
}

static void
type(struct scene *scene, const char *bytes)
{
    size_t len = strlen(bytes);

    scene->typed += len;
    assert_int_equal(write(scene->master, bytes, len), (ssize_t)len);
    settle(scene);
    look_for_owner(scene);
}

/* The question names a pane; a click while it stands there takes another. */
static void
a_click_does_not_redirect_a_paste(void **state)
{
    struct scene *scene = open_scene();
    size_t sent = 0;
    char owner[64];

    (void)state;
    wait_until_up(scene);
    type(scene, "1");
    strcpy(owner, scene->owner);
    assert_string_not_equal(owner, "WIZARD");
    type(scene, "\033[200~two\rlines\033[201~");
    type(scene, "\033[<0;10;30M"); /* the lower pane */
    type(scene, "y");
    type(scene, "");
    assert_string_not_equal(scene->owner, owner);
    assert_string_not_equal(scene->owner, "WIZARD");
    for (size_t i = 0; i < written.len; i++)
        sent += written.all[i];
    assert_int_equal(sent, 0);
    close_scene(scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_click_does_not_redirect_a_paste),
        cmocka_unit_test(keys_reach_the_pane_that_has_the_keyboard),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("focus", tests, NULL, NULL);
}
