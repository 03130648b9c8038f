/*
 * runner.h - one execution of a case on a lab, step by step.
 *
 * The runner knows no screen: it appends to the journal, and whoever shows
 * something listens there. At a failure it salvages; then it tears down, or
 * leaves the lab as it is where that is asked for.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_RUNNER_H
#define RUN_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/macros.h"
#include "judge/verdict.h"

struct action;
struct journal;
struct loop;
struct run_clock;
struct rundir;
struct runner;
struct script;
struct script_console;
struct stage;
struct trial;

/* How it goes from step to step, when somebody watches. */
enum runner_mode {
    RUNNER_AUTO,   /* by itself; it waits at a failure */
    RUNNER_GUIDED, /* each step waits for runner_go() */
    RUNNER_MODES
};

struct runner_spec {
    struct loop *loop;
    struct script *script;
    const struct rundir *rundir;
    struct journal *journal;
    struct run_clock *clock;
    uint64_t started_wall_us;
    bool keep;          /* no teardown */
    size_t from, until; /* steps, from 1; 0: the first, the last */
    /* Somebody watches: it waits at failures and at the end. */
    bool attended;
    bool open; /* no case: the consoles alone, until runner_finish() */
    enum runner_mode mode;
    /* Something changed that may be shown; NULL: nobody looks. */
    void (*changed)(void *ctx);
    void *changed_ctx;
};

struct run_result {
    enum verdict verdict;
    bool kept; /* the lab was left as it is, with a keeper of its consoles */
    bool interrupted;
    bool unreachable;    /* a node could not be reached at all */
    unsigned left;       /* what teardown could not end or undo */
    const char *trouble; /* why it had to end; NULL: nothing; the runner's */
};

/* Start it; done comes once, from the loop. Borrows what the spec names. */
struct runner *runner_new(const struct runner_spec *spec,
                          void (*done)(void *ctx,
                                       const struct run_result *result),
                          void *ctx) MUST_CHECK NONNULL(1, 2);
void runner_free(struct runner *runner);

/*
 * Stop: the first time in order, with teardown, and the run is an error; the
 * second time at once, leaving everything where it is.
 */
void runner_interrupt(struct runner *runner) NONNULL(1);

/* --- what a human does while it runs: --- */

enum runner_phase {
    PHASE_STEPS,
    PHASE_SALVAGE,
    PHASE_PAUSED, /* waiting for a human */
    PHASE_TEARDOWN,
    PHASE_OVER,
};

/* Why it is paused. */
enum runner_pause {
    PAUSE_GUIDED, /* before a step, as in each */
    PAUSE_BREAK,  /* before a step with a breakpoint */
    PAUSE_ASKED,  /* before a step, because somebody asked */
    PAUSE_FAILED, /* behind a step that is no pass; what it says is saved */
    PAUSE_END,    /* the verdict is there; before teardown */
    PAUSE_OPEN,   /* there is no case */
    RUNNER_PAUSES
};

/* How it stands; what it points to is borrowed until the loop's next turn. */
struct runner_view {
    enum runner_phase phase;
    enum runner_pause pause; /* of PHASE_PAUSED */
    enum runner_mode mode;
    bool pausing;               /* it will pause before the next step */
    size_t step;                /* at hand or next, from 1 */
    size_t failed;              /* PAUSE_FAILED: which, from 1 */
    bool refused;               /* it did not begin: the lab is not ready */
    size_t action;              /* at hand, from 1; 0: none */
    const struct action *doing; /* or NULL */
    const struct trial *trial;  /* of it, or NULL */
    uint64_t step_began_us;
    enum verdict verdict; /* of the run, from PAUSE_END on */
};
void runner_look(const struct runner *runner, struct runner_view *view)
    NONNULL(1, 2);
struct stage *runner_stage(const struct runner *runner) NONNULL(1);
/* Why nothing is typed just now; yours, NULL: nothing holds it. */
char *runner_waits_for(const struct runner *runner) MUST_CHECK NONNULL(1);
/* A human holds it up, by a line that is not ended, and may not know. */
bool runner_waits_for_human(const struct runner *runner) NONNULL(1);

/*
 * Each returns false, and changes nothing, when it makes no sense now; err
 * says why in words for the status line.
 */
bool runner_go(struct runner *runner, struct err *err) NONNULL(1, 2);
/* Do this step, and those behind it, again; from 1. */
bool runner_redo(struct runner *runner, size_t step, struct err *err)
    NONNULL(1, 3);
/* The next step, or the one that failed, with a reason. */
bool runner_skip(struct runner *runner, const char *reason, struct err *err)
    NONNULL(1, 2, 3);
/* What an action of a step to come types; counted from 1. */
bool runner_edit(struct runner *runner, size_t step, size_t action,
                 const char *text, struct err *err) NONNULL(1, 4, 5);
/* A verdict by hand on a step, and why. */
bool runner_judge(struct runner *runner, size_t step, enum verdict verdict,
                  const char *comment, struct err *err) NONNULL(1, 4, 5);
/* More time for what runs now. */
bool runner_extend(struct runner *runner, uint64_t more_us, struct err *err)
    NONNULL(1, 3);
/* End it: judge what there is, then tear down or leave the lab as it is. */
bool runner_finish(struct runner *runner, bool keep, struct err *err)
    NONNULL(1, 3);
void runner_comment(struct runner *runner, const char *text) NONNULL(1, 2);
void runner_set_mode(struct runner *runner, enum runner_mode mode) NONNULL(1);
void runner_pause(struct runner *runner) NONNULL(1); /* before the next step */
void runner_set_break(struct runner *runner, size_t step, bool on) NONNULL(1);
bool runner_has_break(const struct runner *runner, size_t step) NONNULL(1);
/*
 * The terminal is gone: at once, without touching the lab. What runs in the
 * consoles goes on, and the run can be torn down later.
 */
void runner_leave(struct runner *runner) NONNULL(1);

const char *runner_mode_name(enum runner_mode mode);

#endif
