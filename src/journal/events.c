/* events.c - the kinds of records in a journal: one table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "journal/events.h"

#include "base/macros.h"

const struct journal_event journal_events[] = {
    { "run.start", "run, case, title, plan, lab, steps, nonce, miglab",
      "The first record. nonce is that of the shells' marks." },
    { "link", "pane, offset, state, ours, reason, kind, status",
      "A console's link changed. ours: it was lost by the lab or by miglab, "
      "not ended by the far end." },
    { "set-up", "pane, offset, level, until",
      "A shell in a console is given its marks, unseen." },
    { "leftovers", "node, run, processes, error",
      "Before the first step: another run that still has processes on a node, "
      "which makes this one an error. error: why it is not known." },
    { "versions", "node, versions",
      "Before the first step: what the lab's \"versions\" printed on a node, "
      "each with its name." },
    { "step.begin", "step, title, plan, pane, why, addition",
      "A step begins." },
    { "unless", "step, status, output, error",
      "The probe that says whether the step is needed." },
    { "undo.add", "step, commands",
      "The step is about to act: these undo it. Written before the act." },
    { "action.begin", "where, kind, pane, offset, node, command, addition",
      "An action begins. where: sN.aM is step N's action M, sN.uM its undo "
      "action M, salvage.M one of the salvage." },
    { "typed", "pane, offset, where, clears, text, keys",
      "A line, with Enter, or keys went into a console. Written before they "
      "do. clears: the keys before them, which clear what the terminal's "
      "answers may have left there." },
    { "answered", "pane, offset, bytes",
      "What runs in a console asked its terminal, which answered in so many "
      "bytes, at most 1 KB in any second. Written before they are sent." },
    { "human", "pane, offset, bytes, ends_line, text",
      "A human's keys went into a console. text: the line they sent off, as "
      "far as it was echoed; <hidden N> when of its N bytes nothing was." },
    { "resize", "pane, offset, cols, rows",
      "A human gave a console another size." },
    { "edit", "where, was, text", "A human changed a command of the case." },
    { "extend", "where, seconds", "A human gave an action more time." },
    { "pause", "because, step",
      "The run waits for a human before this step. because: guided, break, "
      "asked, fail, end, hangup." },
    { "go", "step", "It goes on with this step." },
    { "skip", "step, reason", "A human skips a step." },
    { "hand", "step, verdict, comment",
      "A verdict by hand, beside the automatic one." },
    { "comment", "step, text", "A human's remark." },
    { "mode", "mode",
      "The run goes on by itself (auto) or at Enter (guided)." },
    { "alive", "node, error",
      "Whether a node still answers, asked when something failed." },
    { "trouble", "reason",
      "The lab or miglab broke: the run is an error. Without a reason: it is "
      "mended." },
    { "pressed", "pane, offset, keys", "Keys that no action names: a nudge." },
    { "probe", "where, status, output, cut, error",
      "What a probe brought. Its whole output, up to 1 MiB." },
    { "action.end",
      "where, verdict, reason, seconds, slow, given, checks, tail, pane, "
      "offset",
      "An action ended. checks: each demand with its verdict and the line that "
      "decided it. tail: the console's last lines, unless it passed. given: "
      "the verdict came from outside, such as an interlock or an interrupt." },
    { "step.end", "step, verdict, reason, seconds", "A step ended." },
    { "salvage.begin", "", "Something failed: what tells why is saved." },
    { "salvage.end", "", "It is." },
    { "symptoms", "likely",
      "The known failures (miglab-symptoms(5)) that fit what failed, best "
      "first; none: nothing known fits. likely: each with symptom, cause, "
      "weight, whose, evidence (pane, text, row, and at: the run's time since "
      "when it is so), pane and next, remedy." },
    { "verdict",
      "verdict, reason, passed, failed, errors, skipped, steps, legs, "
      "measures, series",
      "The verdict of the run. legs: each with its points. measures: see "
      "below; what is not known is not there. series: an item for each answer "
      "of QEMU while it migrated, with status, ms, passes, transferred_kib, "
      "remaining_kib, throughput_mbps and dirty_pages (a second)." },
    { "teardown.begin", "", "What was done is undone." },
    { "undo.skip", "where, command, reason",
      "An undo action that has nothing to do any more." },
    { "undo.done", "step, undo",
      "An undo action went well; a later teardown leaves it out." },
    { "sweep", "node, processes",
      "The processes of the run that a node has; written before they are "
      "ended." },
    { "swept", "node, ended, left, trouble",
      "What became of them. trouble: why it is not known, or why they live." },
    { "teardown.end", "undone, skipped, failed, ended, left", "How it went." },
    { "kept", "keeper, connections, error",
      "The lab is left as it is. keeper: the process that holds the consoles' "
      "connections, so that what runs in them goes on." },
    { "keeper.end", "keeper", "It was ended, and the consoles with it." },
    { "run.end", "verdict, kept, interrupted", "The last record of the run." },
};
const size_t journal_events_len = ARRAY_LEN(journal_events);
