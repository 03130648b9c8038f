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

#include "base/xalloc.h"
#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/legs-priv.h"
#include "judge/moments.h"

void
legs_point(struct leg *leg, enum verdict verdict, const char *fmt, ...)
{
    va_list ap;

    leg->points = xgrow(leg->points, leg->len, &leg->cap, sizeof *leg->points);
    va_start(ap, fmt);
    leg->points[leg->len++] =
        (struct leg_point){ verdict, xvasprintf(fmt, ap) };
    va_end(ap);
}

enum verdict
legs_pass_if(bool good)
{
    return good ? VERDICT_PASS : VERDICT_FAIL;
}

const char *
legs_text(const struct legs_view *view, const char *name)
{
    const struct fact_value *value = facts_get(view->facts, name);

    return value != NULL ? value->text : NULL;
}

void
legs_point_text(const struct legs_view *view, struct leg *leg, const char *what,
                const char *name, const char *want)
{
    const char *text = legs_text(view, name);

    if (text == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "%s: not seen yet", what);
    else if (strcmp(text, want) == 0)
        legs_point(leg, VERDICT_PASS, "%s %s", what, text);
    else
        legs_point(leg, VERDICT_FAIL, "%s %s, not %s", what, text, want);
}

void
legs_point_log(const struct legs_view *view, struct leg *leg, const char *who,
               const char *log)
{
    char name[80];
    const char *error, *blocked;

    snprintf(name, sizeof name, "%s.log.error", log);
    error = legs_text(view, name);
    snprintf(name, sizeof name, "%s.log.blocked", log);
    blocked = legs_text(view, name);
    if (blocked != NULL && *blocked != '\0')
        legs_point(leg, VERDICT_ERROR, "%s QEMU could not start: %s", who,
                   blocked);
    if (error != NULL && *error != '\0')
        legs_point(leg, VERDICT_FAIL, "%s QEMU's log: %s", who, error);
    else if (error != NULL && (blocked == NULL || *blocked == '\0'))
        legs_point(leg, VERDICT_PASS, "%s QEMU's log is clean", who);
    else if (error == NULL)
        legs_point(leg, VERDICT_SKIP, "%s QEMU's log: not observable", who);
}

/* Leg 0: it is the case it says it is, on both sides. */
static void
judge_identity(const struct legs_view *view, struct leg *leg)
{
    const char *ring = view->spec->packed ? "packed" : "split";

    legs_point_text(view, leg, "host ring", HOST_TESTPMD ".vhost.ring", ring);
    legs_point_text(view, leg, "backup ring", BACKUP_TESTPMD ".vhost.ring",
                    ring);
    legs_point_queues(view, leg, "host", HOST_TESTPMD);
    legs_point_queues(view, leg, "backup", BACKUP_TESTPMD);
    if (view->spec->driver == NULL)
        legs_point(leg, VERDICT_SKIP, "the case names no guest driver");
    else
        legs_point_text(view, leg, "guest driver", HOST_GUEST ".nic.driver",
                        view->spec->driver);
}

/* Leg 1: the source sent everything and stopped. */
static void
judge_source(const struct legs_view *view, struct leg *leg)
{
    const char *status = legs_text(view, HOST_MONITOR ".migration.status");
    const char *reason = legs_text(view, HOST_MONITOR ".migration.reason");

    if (status == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "source status: not seen yet");
    else if (strcmp(status, "completed") == 0)
        legs_point(leg, VERDICT_PASS, "source completed");
    else if (reason != NULL && strcmp(status, "failed") == 0)
        legs_point(leg, VERDICT_FAIL, "source failed: %s", reason);
    else
        legs_point(leg, legs_pass_if(false), "source %s, not completed",
                   status);
    if (!view->at.begun && status == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "source VM: not migrated yet");
    else
        legs_point_text(view, leg, "source VM", HOST_MONITOR ".vm.status",
                        "paused (postmigrate)");
}

/* Leg 2: the destination waited, runs now and is alive. */
static void
judge_destination(const struct legs_view *view, struct leg *leg)
{
    const struct fact_value *before = NULL;
    const char *link = legs_text(view, BACKUP_MONITOR ".link");

    if (view->at.begun)
        before = facts_at(view->facts, BACKUP_MONITOR ".vm.status",
                          view->at.begun_us);
    if (before == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "backup VM before: not seen");
    else
        legs_point(
            leg, legs_pass_if(strcmp(before->text, "paused (inmigrate)") == 0),
            "backup VM before: %s", before->text);
    if (link != NULL && strcmp(link, "up") != 0)
        legs_point(leg, VERDICT_FAIL, "backup monitor is gone (link %s)", link);
    else if (!view->at.begun &&
             legs_text(view, HOST_MONITOR ".migration.status") == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "backup VM: not migrated yet");
    else if (before != NULL &&
             facts_get(view->facts, BACKUP_MONITOR ".vm.status")->at_us <=
                 view->at.begun_us)
        legs_point(leg, VERDICT_UNDECIDED, "backup VM: not seen yet");
    else
        legs_point_text(view, leg, "backup VM", BACKUP_MONITOR ".vm.status",
                        "running");
    legs_point_log(view, leg, "backup", BACKUP_LOG);
}

/* What the backup's vhost port gave its VM after the switch-over. */
static void
point_port(const struct legs_view *view, struct leg *leg, double sent)
{
    const struct fact_value *first = NULL, *last;
    double grown;

    last = facts_get(view->facts, BACKUP_TESTPMD "." VHOST_TX);
    if (view->at.running)
        first = facts_since(view->facts, BACKUP_TESTPMD "." VHOST_TX,
                            view->at.running_us);
    if (first == NULL || last == NULL || last->at_us <= first->at_us) {
        legs_point(leg, VERDICT_UNDECIDED,
                   "packets after the switch-over: not counted yet");
        return;
    }
    grown = last->number - first->number;
    if (sent >= 0 && grown > sent)
        legs_point_noise(leg, grown, sent);
    else
        legs_point(leg, legs_pass_if(grown > 0),
                   "backup vhost port sent %g packet%s to the VM after the "
                   "switch-over (%g, then %g)",
                   grown, grown > 1 ? "s" : "", first->number, last->number);
}

/* What the VM itself printed since. */
static void
point_printed(const struct legs_view *view, struct leg *leg, double sent)
{
    const struct fact_value *lines, *old;
    double grown;

    lines = facts_get(view->facts, BACKUP_GUEST ".rx.packets");
    old = view->at.running ? facts_at(view->facts, BACKUP_GUEST ".rx.packets",
                                      view->at.running_us)
                           : NULL;
    if (lines == NULL || lines == old)
        return;
    grown = lines->number - (old != NULL ? old->number : 0);
    if (sent >= 0 && grown > sent)
        legs_point_noise(leg, grown, sent);
    else
        legs_point(leg, VERDICT_PASS, "the VM printed %g new packets", grown);
}

/* Leg 4: packets reached the backup VM after it took over. */
static void
judge_packets(const struct legs_view *view, struct leg *leg)
{
    double sent = facts_number(view->facts, TESTER ".tx.sent", -1);

    point_port(view, leg, sent);
    point_printed(view, leg, sent);
}

/* Read back where the VM is now, and seen by vhost where it was. */
static void
point_change(const struct legs_view *view, struct leg *leg)
{
    char queues[16];

    snprintf(queues, sizeof queues, "%u", view->spec->queues);
    legs_point_text(view, leg, "queues on the backup",
                    BACKUP_GUEST ".channels.now", queues);
    legs_point_change(view, leg);
}

/* Leg 5: the queue number changed while the VM migrated, and it stuck. */
static void
judge_queues(const struct legs_view *view, struct leg *leg)
{
    if (!view->spec->changes_queues)
        legs_point(leg, VERDICT_SKIP, "this case changes no queues");
    else
        point_change(view, leg);
}

static const struct {
    int number;
    const char *title;
    void (*judge)(const struct legs_view *view, struct leg *leg);
} rows[] = {
    { 0, "the case it says it is", judge_identity },
    { 1, "source completed", judge_source },
    { 2, "destination running", judge_destination },
    { 3, "vhost handed the rings over", legs_judge_vhost },
    { 4, "packets after the switch-over", judge_packets },
    { 5, "queues changed while migrating", judge_queues },
    { 6, "traffic continuous", legs_judge_traffic },
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
    struct legs_view view = { .facts = facts, .spec = spec };

    moments_take(facts, &view.at);
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
