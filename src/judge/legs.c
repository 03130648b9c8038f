/*
 * legs.c - the verdict of a migration, leg by leg.
 *
 * The consoles are known by their names (panes/): host and backup monitor,
 * testpmd and guest, and the two QEMU logs that a probe reads. "Before" and
 * "after" are measured from the moment `migrate` was typed, and from the
 * moment the backup's VM was seen running.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/legs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/measures.h"

/* Everything a leg may look at. */
struct view {
    const struct facts *facts;
    const struct legs_spec *spec;
    bool begun;
    uint64_t begun_us; /* when migrate was typed */
    bool running;
    uint64_t running_us; /* when the backup's VM was first seen running */
};

static void add_point(struct leg *leg, enum verdict verdict, const char *fmt,
                      ...) PRINTF(3, 4);

static void
add_point(struct leg *leg, enum verdict verdict, const char *fmt, ...)
{
    va_list ap;

    leg->points = xgrow(leg->points, leg->len, &leg->cap, sizeof *leg->points);
    va_start(ap, fmt);
    leg->points[leg->len++] =
        (struct leg_point){ verdict, xvasprintf(fmt, ap) };
    va_end(ap);
}

static enum verdict
pass_if(bool good)
{
    return good ? VERDICT_PASS : VERDICT_FAIL;
}

/* A fact's newest text; NULL when it is not known. */
static const char *
text_of(const struct view *view, const char *name)
{
    const struct fact_value *value = facts_get(view->facts, name);

    return value != NULL ? value->text : NULL;
}

/* A point that a fact has this text; open while it is not known. */
static void
point_text(const struct view *view, struct leg *leg, const char *what,
           const char *name, const char *want)
{
    const char *text = text_of(view, name);

    if (text == NULL)
        add_point(leg, VERDICT_UNDECIDED, "%s: not seen yet", what);
    else if (strcmp(text, want) == 0)
        add_point(leg, VERDICT_PASS, "%s %s", what, text);
    else
        add_point(leg, VERDICT_FAIL, "%s %s, not %s", what, text, want);
}

/* Of the 256 queue pairs that a case can have. */
#define VRINGS_MAX 512

/* What a side says of a vring; NULL when it said nothing. */
static const char *
vring_enabled(const struct view *view, const char *side, unsigned vring)
{
    char name[80];

    snprintf(name, sizeof name, "%s.vhost.vring.%u.enabled", side, vring);
    return text_of(view, name);
}

/* Exactly the vrings of the case are enabled, each of them. */
static void
point_queues(const struct view *view, struct leg *leg, const char *who,
             const char *side)
{
    unsigned want = 2 * view->spec->queues, enabled = 0, wrong = VRINGS_MAX;
    unsigned unseen = VRINGS_MAX, seen = 0;

    for (unsigned i = 0; i < VRINGS_MAX; i++) {
        const char *text = vring_enabled(view, side, i);
        bool yes = text != NULL && strcmp(text, "yes") == 0;

        seen += text != NULL;
        enabled += yes;
        if (text == NULL && i < want)
            unseen = MIN(unseen, i);
        else if (text != NULL && yes != (i < want))
            wrong = MIN(wrong, i);
    }
    if (seen == 0)
        add_point(leg, VERDICT_UNDECIDED, "%s queues: not seen yet", who);
    else if (wrong < VRINGS_MAX)
        add_point(leg, VERDICT_FAIL,
                  "%s %u vring%s enabled, not %u (vring %u is %s)", who,
                  enabled, enabled == 1 ? "" : "s", want, wrong,
                  wrong < want ? "disabled" : "enabled");
    else if (unseen < VRINGS_MAX)
        add_point(leg, VERDICT_UNDECIDED,
                  "%s queues: vring %u not seen: not observable", who, unseen);
    else
        add_point(leg, VERDICT_PASS, "%s %u queue pair%s of %u", who,
                  view->spec->queues, view->spec->queues == 1 ? "" : "s",
                  view->spec->queues);
}

/* Leg 0: it is the case it says it is, on both sides. */
static void
judge_identity(const struct view *view, struct leg *leg)
{
    const char *ring = view->spec->packed ? "packed" : "split";

    point_text(view, leg, "host ring", HOST_TESTPMD ".vhost.ring", ring);
    point_text(view, leg, "backup ring", BACKUP_TESTPMD ".vhost.ring", ring);
    point_queues(view, leg, "host", HOST_TESTPMD);
    point_queues(view, leg, "backup", BACKUP_TESTPMD);
    point_text(view, leg, "guest driver", HOST_GUEST ".nic.driver",
               view->spec->driver);
}

/* Leg 1: the source sent everything and stopped. */
static void
judge_source(const struct view *view, struct leg *leg)
{
    const char *status = text_of(view, HOST_MONITOR ".migration.status");
    const char *reason = text_of(view, HOST_MONITOR ".migration.reason");

    if (status == NULL)
        add_point(leg, VERDICT_UNDECIDED, "source status: not seen yet");
    else if (strcmp(status, "completed") == 0)
        add_point(leg, VERDICT_PASS, "source completed");
    else if (reason != NULL && strcmp(status, "failed") == 0)
        add_point(leg, VERDICT_FAIL, "source failed: %s", reason);
    else
        add_point(leg, pass_if(false), "source %s, not completed", status);
    point_text(view, leg, "source VM", HOST_MONITOR ".vm.status",
               "paused (postmigrate)");
}

/*
 * A QEMU's log without a failure; not observable where it keeps none. A QEMU
 * that the lab kept from starting fails nothing: nothing was tested.
 */
static void
point_log(const struct view *view, struct leg *leg, const char *who,
          const char *log)
{
    char name[80];
    const char *error, *blocked;

    snprintf(name, sizeof name, "%s.log.error", log);
    error = text_of(view, name);
    snprintf(name, sizeof name, "%s.log.blocked", log);
    blocked = text_of(view, name);
    if (blocked != NULL && *blocked != '\0')
        add_point(leg, VERDICT_ERROR, "%s QEMU could not start: %s", who,
                  blocked);
    if (error != NULL && *error != '\0')
        add_point(leg, VERDICT_FAIL, "%s QEMU's log: %s", who, error);
    else if (error != NULL && (blocked == NULL || *blocked == '\0'))
        add_point(leg, VERDICT_PASS, "%s QEMU's log is clean", who);
    else if (error == NULL)
        add_point(leg, VERDICT_SKIP, "%s QEMU's log: not observable", who);
}

/* Leg 2: the destination waited, runs now and is alive. */
static void
judge_destination(const struct view *view, struct leg *leg)
{
    const struct fact_value *before = NULL;
    const char *link = text_of(view, BACKUP_MONITOR ".link");

    if (view->begun)
        before =
            facts_at(view->facts, BACKUP_MONITOR ".vm.status", view->begun_us);
    if (before == NULL)
        add_point(leg, VERDICT_UNDECIDED, "backup before: not seen");
    else
        add_point(leg, pass_if(strcmp(before->text, "paused (inmigrate)") == 0),
                  "backup before: %s", before->text);
    if (link != NULL && strcmp(link, "up") != 0)
        add_point(leg, VERDICT_FAIL, "backup monitor is gone (link %s)", link);
    else if (before != NULL &&
             facts_get(view->facts, BACKUP_MONITOR ".vm.status")->at_us <=
                 view->begun_us)
        add_point(leg, VERDICT_UNDECIDED, "backup after: not seen yet");
    else
        point_text(view, leg, "backup after:", BACKUP_MONITOR ".vm.status",
                   "running");
    point_log(view, leg, "backup", BACKUP_LOG);
}

/* Dirty pages were logged on the source while it migrated (bit 26). */
static void
point_logging(const struct view *view, struct leg *leg)
{
    size_t len;
    const struct fact_value *values =
        facts_history(view->facts, HOST_TESTPMD ".vhost.logging", &len);

    if (!view->begun) {
        add_point(leg, VERDICT_UNDECIDED, "dirty logging: not migrated yet");
        return;
    }
    for (size_t i = 0; i < len; i++)
        if (values[i].at_us >= view->begun_us &&
            strcmp(values[i].text, "yes") == 0) {
            add_point(leg, VERDICT_PASS, "dirty logging was on (bit 26)");
            return;
        }
    add_point(leg, len == 0 ? VERDICT_SKIP : VERDICT_FAIL,
              len == 0 ? "dirty logging: not observable"
                       : "dirty logging was never on (bit 26)");
}

/* The same position, but for a packed ring's wrap bits. */
static bool
same_index(const struct view *view, double stop, double start)
{
    unsigned mask = view->spec->packed ? 0x7FFF : 0xFFFF;

    return ((unsigned)stop & mask) == ((unsigned)start & mask);
}

static void
point_ring(const struct view *view, struct leg *leg, unsigned vring,
           const struct fact_value *stop, const struct fact_value *start)
{
    bool goes_on = stop != NULL && start != NULL &&
                   same_index(view, stop->number, start->number);

    if (stop == NULL && start == NULL)
        add_point(leg, VERDICT_UNDECIDED,
                  "ring %u: neither its stop nor its start seen", vring);
    else if (stop == NULL || start == NULL)
        add_point(leg, VERDICT_UNDECIDED, "ring %u: only %s seen", vring,
                  stop != NULL ? "its stop" : "its start");
    else
        add_point(leg, pass_if(goes_on), "ring %u %s (%g %s %g)", vring,
                  goes_on ? "continues" : "does not continue", stop->number,
                  goes_on ? "=" : "!=", start->number);
}

/* Each ring of the case, and any other that is seen, goes on where it stopped.
 */
static void
point_rings(const struct view *view, struct leg *leg)
{
    unsigned want = 2 * view->spec->queues, seen = 0;
    const struct fact_value *stops[VRINGS_MAX], *starts[VRINGS_MAX];
    char from[80], to[80];

    for (unsigned i = 0; view->begun && i < VRINGS_MAX; i++) {
        snprintf(from, sizeof from, HOST_TESTPMD ".vhost.vring.%u.stop", i);
        snprintf(to, sizeof to, BACKUP_TESTPMD ".vhost.vring.%u.start", i);
        stops[i] = facts_since(view->facts, from, view->begun_us);
        starts[i] = facts_since(view->facts, to, view->begun_us);
        if (stops[i] != NULL || starts[i] != NULL)
            seen++;
    }
    if (seen == 0) {
        add_point(leg, VERDICT_UNDECIDED, "rings: neither stop nor start seen");
        return;
    }
    for (unsigned i = 0; i < VRINGS_MAX; i++)
        if (i < want || stops[i] != NULL || starts[i] != NULL)
            point_ring(view, leg, i, stops[i], starts[i]);
}

static void
point_ready(const struct view *view, struct leg *leg)
{
    const struct fact_value *ready = NULL;

    if (view->begun)
        ready = facts_since(view->facts, BACKUP_TESTPMD ".vhost.ready",
                            view->begun_us);
    if (ready != NULL)
        add_point(leg, VERDICT_PASS, "backup's virtio is ready");
    else if (view->running)
        add_point(leg, VERDICT_FAIL,
                  "backup's vhost never became ready although its VM runs");
    else
        add_point(leg, VERDICT_UNDECIDED, "backup's virtio: not ready yet");
}

/* RARP is sent only for a guest that does not announce itself (bit 21). */
static void
point_announce(const struct view *view, struct leg *leg)
{
    const char *announce = text_of(view, BACKUP_TESTPMD ".vhost.announce");
    double rarp = facts_number(view->facts, BACKUP_TESTPMD ".vhost.rarp", 0);

    if (announce == NULL)
        add_point(leg, VERDICT_UNDECIDED, "announcement: not seen yet");
    else if (strcmp(announce, "yes") == 0)
        add_point(leg, VERDICT_PASS, "the guest announces itself (bit 21)");
    else
        add_point(leg, pass_if(rarp > 0), "SEND_RARP %s",
                  rarp > 0 ? "seen on the backup" : "missing on the backup");
}

/* Leg 3: vhost handed the rings over. */
static void
judge_vhost(const struct view *view, struct leg *leg)
{
    point_logging(view, leg);
    point_rings(view, leg);
    point_ready(view, leg);
    point_announce(view, leg);
    point_log(view, leg, "host", HOST_LOG);
}

/*
 * Ports count every frame, also the guest's own ARP and announcements. Where
 * more arrived than was sent, nothing is known of what was lost.
 */
static void
point_noise(struct leg *leg, double received, double sent)
{
    add_point(leg, VERDICT_UNDECIDED,
              "frames that are not the flow were counted: %g received of %g "
              "sent",
              received, sent);
}

/* What the backup's vhost port gave its VM after the switch-over. */
static void
point_port(const struct view *view, struct leg *leg, double sent)
{
    const struct fact_value *first = NULL, *last;
    double grown;

    last = facts_get(view->facts, BACKUP_TESTPMD "." VHOST_TX);
    if (view->running)
        first = facts_since(view->facts, BACKUP_TESTPMD "." VHOST_TX,
                            view->running_us);
    if (first == NULL || last == NULL || last->at_us <= first->at_us) {
        add_point(leg, VERDICT_UNDECIDED,
                  "packets after the switch-over: not counted yet");
        return;
    }
    grown = last->number - first->number;
    if (sent >= 0 && grown > sent)
        point_noise(leg, grown, sent);
    else
        add_point(leg, pass_if(grown > 0),
                  "backup vhost port sent %g packet%s to the VM after the "
                  "switch-over (%g, then %g)",
                  grown, grown > 1 ? "s" : "", first->number, last->number);
}

/* What the VM itself printed since. */
static void
point_printed(const struct view *view, struct leg *leg, double sent)
{
    const struct fact_value *lines, *old;
    double grown;

    lines = facts_get(view->facts, BACKUP_GUEST ".rx.packets");
    old = view->running ? facts_at(view->facts, BACKUP_GUEST ".rx.packets",
                                   view->running_us)
                        : NULL;
    if (lines == NULL || lines == old)
        return;
    grown = lines->number - (old != NULL ? old->number : 0);
    if (sent >= 0 && grown > sent)
        point_noise(leg, grown, sent);
    else
        add_point(leg, VERDICT_PASS, "the VM printed %g new packets", grown);
}

/* Leg 4: packets reached the backup VM after it took over. */
static void
judge_packets(const struct view *view, struct leg *leg)
{
    double sent = facts_number(view->facts, TESTER ".tx.sent", -1);

    point_port(view, leg, sent);
    point_printed(view, leg, sent);
}

/* Leg 5: the queue number changed while the VM migrated, and it stuck. */
static void
judge_queues(const struct view *view, struct leg *leg)
{
    char queues[16];

    snprintf(queues, sizeof queues, "%u", view->spec->queues);
    if (!view->spec->changes_queues)
        add_point(leg, VERDICT_SKIP, "this case changes no queues");
    else
        point_text(view, leg,
                   "queues on the backup:", BACKUP_GUEST ".channels.now",
                   queues);
}

/* Leg 6: the traffic was continuous, within the lab's limits. */
static void
judge_continuity(const struct view *view, struct leg *leg)
{
    const struct legs_spec *spec = view->spec;
    struct measures m;

    measures_take(view->facts, spec, &m);
    if (m.received > m.sent && m.sent >= 0) {
        point_noise(leg, m.received, m.sent);
        return;
    }
    if (m.lost < 0) {
        add_point(leg, VERDICT_UNDECIDED, "loss: not counted yet");
        return;
    }
    if (spec->has_max_loss)
        add_point(leg, pass_if(m.lost <= (double)spec->max_loss),
                  "%g of %g packets lost, at most %llu allowed", m.lost, m.sent,
                  (unsigned long long)spec->max_loss);
    else
        add_point(leg, VERDICT_PASS, "%g of %g packets lost", m.lost, m.sent);
    if (m.gap_max_ms < 0)
        add_point(leg, spec->max_gap_ms > 0 ? VERDICT_UNDECIDED : VERDICT_SKIP,
                  "longest gap: not observable (the interval is not known)");
    else if (spec->max_gap_ms > 0)
        add_point(leg, pass_if(m.gap_max_ms <= (double)spec->max_gap_ms),
                  "longest gap at most %g ms of %llu ms allowed (resolution "
                  "%g ms)",
                  m.gap_max_ms, (unsigned long long)spec->max_gap_ms,
                  m.resolution_ms);
    else
        add_point(leg, VERDICT_PASS,
                  "longest gap at most %g ms (resolution %g ms)", m.gap_max_ms,
                  m.resolution_ms);
}

static const struct {
    int number;
    const char *title;
    void (*judge)(const struct view *view, struct leg *leg);
} rows[] = {
    { 0, "the case it says it is", judge_identity },
    { 1, "source completed", judge_source },
    { 2, "destination running", judge_destination },
    { 3, "vhost handed the rings over", judge_vhost },
    { 4, "packets after the switch-over", judge_packets },
    { 5, "queues changed while migrating", judge_queues },
    { 6, "traffic continuous", judge_continuity },
};

static enum verdict
verdict_of_points(const struct leg *leg)
{
    enum verdict verdict = VERDICT_SKIP;

    for (size_t i = 0; i < leg->len; i++)
        verdict = verdict_join(verdict, leg->points[i].verdict);
    return verdict;
}

void
legs_judge(const struct facts *facts, const struct legs_spec *spec,
           struct legs *legs)
{
    struct view view = { .facts = facts, .spec = spec };
    size_t len;
    const struct fact_value *values =
        facts_history(facts, HOST_MONITOR ".typed", &len);

    /*
     * When it was typed, not when it was echoed: the monitor's echo can come
     * after vhost's log has told of it.
     */
    for (size_t i = 0; i < len; i++)
        if (str_starts(values[i].text, "migrate ")) {
            view.begun = true;
            view.begun_us = values[i].at_us;
        }
    values = facts_history(facts, BACKUP_MONITOR ".vm.status", &len);
    for (size_t i = 0; view.begun && !view.running && i < len; i++)
        if (values[i].at_us > view.begun_us &&
            strcmp(values[i].text, "running") == 0) {
            view.running = true;
            view.running_us = values[i].at_us;
        }
    *legs = (struct legs){ .len = ARRAY_LEN(rows), .verdict = VERDICT_SKIP };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct leg *leg = &legs->items[i];

        leg->number = rows[i].number;
        leg->title = rows[i].title;
        rows[i].judge(&view, leg);
        leg->verdict = verdict_of_points(leg);
        legs->verdict = verdict_join(legs->verdict, leg->verdict);
    }
}

void
legs_fini(struct legs *legs)
{
    for (size_t i = 0; i < legs->len; i++) {
        struct leg *leg = &legs->items[i];

        for (size_t j = 0; j < leg->len; j++)
            free(leg->points[j].text);
        free(leg->points);
    }
    *legs = (struct legs){ .len = 0 };
}

const struct leg_point *
leg_first_trouble(const struct leg *leg)
{
    static const enum verdict order[] = { VERDICT_ERROR, VERDICT_FAIL,
                                          VERDICT_UNDECIDED };

    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        for (size_t j = 0; j < leg->len; j++)
            if (leg->points[j].verdict == order[i])
                return &leg->points[j];
    return NULL;
}
