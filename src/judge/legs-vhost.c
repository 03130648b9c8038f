/* legs-vhost.c - what vhost's own words prove: the queues, and leg 3. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "judge/consoles.h"
#include "judge/facts.h"
#include "judge/legs-priv.h"

/* Of the 256 queue pairs that a case can have. */
#define VRINGS_MAX 512

/* What a side says of a vring; NULL when it said nothing. */
static const char *
vring_enabled(const struct legs_view *view, const char *side, unsigned vring)
{
    char name[80];

    snprintf(name, sizeof name, "%s.vhost.vring.%u.enabled", side, vring);
    return legs_text(view, name);
}

void
legs_point_queues(const struct legs_view *view, struct leg *leg,
                  const char *who, const char *side)
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
        legs_point(leg, VERDICT_UNDECIDED, "%s queues: not seen yet", who);
    else if (wrong < VRINGS_MAX)
        legs_point(leg, VERDICT_FAIL,
                   "%s %u vring%s enabled, not %u (vring %u is %s)", who,
                   enabled, enabled == 1 ? "" : "s", want, wrong,
                   wrong < want ? "disabled" : "enabled");
    else if (unseen < VRINGS_MAX)
        legs_point(leg, VERDICT_UNDECIDED,
                   "%s queues: vring %u not seen: not observable", who, unseen);
    else
        legs_point(leg, VERDICT_PASS, "%s %u queue pair%s of %u", who,
                   view->spec->queues, view->spec->queues == 1 ? "" : "s",
                   view->spec->queues);
}

/* How many vrings of the case the source had enabled then. */
static unsigned
enabled_at(const struct legs_view *view, uint64_t at_us)
{
    unsigned enabled = 0;
    char name[80];

    for (unsigned i = 0; i < 2 * view->spec->queues && i < VRINGS_MAX; i++) {
        const struct fact_value *value;

        snprintf(name, sizeof name, HOST_TESTPMD ".vhost.vring.%u.enabled", i);
        value = facts_at(view->facts, name, at_us);
        enabled += value != NULL && strcmp(value->text, "yes") == 0;
    }
    return enabled;
}

void
legs_point_change(const struct legs_view *view, struct leg *leg)
{
    const struct fact_value *from = NULL, *to = NULL;
    unsigned before, after, want = 2 * view->spec->queues;
    double now = facts_number(view->facts, BACKUP_GUEST ".channels.now", -1);

    if (view->at.begun) {
        from = facts_since(view->facts, HOST_TESTPMD ".vhost.log_base",
                           view->at.begun_us);
        to = facts_since(view->facts, HOST_TESTPMD ".vhost.vring.0.stop",
                         view->at.begun_us);
    }
    if (from == NULL || to == NULL) {
        legs_point(leg, view->at.running ? VERDICT_SKIP : VERDICT_UNDECIDED,
                   "when they changed: %s",
                   view->at.running ? "not observable" : "not migrated yet");
        return;
    }
    before = enabled_at(view, from->at_us);
    after = enabled_at(view, to->at_us);
    if (before < want && after == want)
        legs_point(leg, VERDICT_PASS,
                   "%u vrings enabled at SET_LOG_BASE, %u at the stop %.0f ms "
                   "later",
                   before, after, (double)(to->at_us - from->at_us) / 1000);
    else if (after < want && now < 0)
        legs_point(leg, VERDICT_UNDECIDED,
                   "when they changed: not by the stop, with %u vrings of %u "
                   "enabled",
                   after, want);
    else if (after < want && now < view->spec->queues)
        legs_point(leg, VERDICT_FAIL,
                   "they never changed: %u vrings enabled at the stop, of %u",
                   after, want);
    else
        legs_point(leg, VERDICT_ERROR,
                   "the change fell outside the migration: %u vrings enabled "
                   "at SET_LOG_BASE, %u at the stop, of %u",
                   before, after, want);
}

/* Something of the lab was in its way: nothing was tested. */
static void
point_blocked(const struct legs_view *view, struct leg *leg, const char *who,
              const char *fact)
{
    const char *blocked = legs_text(view, fact);

    if (blocked != NULL && *blocked != '\0')
        legs_point(leg, VERDICT_ERROR, "%s testpmd has no vhost socket: %s",
                   who, blocked);
}

/* Dirty pages were logged on the source while it migrated (bit 26). */
static void
point_logging(const struct legs_view *view, struct leg *leg)
{
    size_t len;
    const struct fact_value *values =
        facts_history(view->facts, HOST_TESTPMD ".vhost.logging", &len);

    if (!view->at.begun) {
        legs_point(leg, VERDICT_UNDECIDED, "dirty logging: not migrated yet");
        return;
    }
    for (size_t i = 0; i < len; i++)
        if (values[i].at_us >= view->at.begun_us &&
            strcmp(values[i].text, "yes") == 0) {
            legs_point(leg, VERDICT_PASS, "dirty logging was on (bit 26)");
            return;
        }
    legs_point(leg, len == 0 ? VERDICT_SKIP : VERDICT_FAIL,
               len == 0 ? "dirty logging: not observable"
                        : "dirty logging was never on (bit 26)");
}

/* The same position, but for a packed ring's wrap bits. */
static bool
same_index(const struct legs_view *view, double stop, double start)
{
    unsigned mask = view->spec->packed ? 0x7FFF : 0xFFFF;

    return ((unsigned)stop & mask) == ((unsigned)start & mask);
}

static void
point_ring(const struct legs_view *view, struct leg *leg, unsigned vring,
           const struct fact_value *stop, const struct fact_value *start)
{
    bool goes_on = stop != NULL && start != NULL &&
                   same_index(view, stop->number, start->number);

    if (stop == NULL && start == NULL)
        legs_point(leg, VERDICT_UNDECIDED,
                   "ring %u: neither its stop nor its start seen", vring);
    else if (stop == NULL || start == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "ring %u: only %s seen", vring,
                   stop != NULL ? "its stop" : "its start");
    else
        legs_point(leg, legs_pass_if(goes_on), "ring %u %s (%g %s %g)", vring,
                   goes_on ? "continues" : "does not continue", stop->number,
                   goes_on ? "=" : "!=", start->number);
}

/* Each ring of the case, and any other that is seen, goes on where it stopped.
 */
static void
point_rings(const struct legs_view *view, struct leg *leg)
{
    unsigned want = 2 * view->spec->queues, seen = 0;
    const struct fact_value *stops[VRINGS_MAX], *starts[VRINGS_MAX];
    char from[80], to[80];

    for (unsigned i = 0; view->at.begun && i < VRINGS_MAX; i++) {
        snprintf(from, sizeof from, HOST_TESTPMD ".vhost.vring.%u.stop", i);
        snprintf(to, sizeof to, BACKUP_TESTPMD ".vhost.vring.%u.start", i);
        stops[i] = facts_since(view->facts, from, view->at.begun_us);
        starts[i] = facts_since(view->facts, to, view->at.begun_us);
        if (stops[i] != NULL || starts[i] != NULL)
            seen++;
    }
    if (seen == 0) {
        legs_point(leg, VERDICT_UNDECIDED,
                   "rings: neither stop nor start seen");
        return;
    }
    for (unsigned i = 0; i < VRINGS_MAX; i++)
        if (i < want || stops[i] != NULL || starts[i] != NULL)
            point_ring(view, leg, i, stops[i], starts[i]);
}

static void
point_ready(const struct legs_view *view, struct leg *leg)
{
    const struct fact_value *ready = NULL;

    if (view->at.begun)
        ready = facts_since(view->facts, BACKUP_TESTPMD ".vhost.ready",
                            view->at.begun_us);
    if (ready != NULL)
        legs_point(leg, VERDICT_PASS, "backup's virtio is ready");
    else if (view->at.running)
        legs_point(leg, VERDICT_FAIL,
                   "backup's vhost never became ready although its VM runs");
    else
        legs_point(leg, VERDICT_UNDECIDED, "backup's virtio: not ready yet");
}

/* RARP is sent only for a guest that does not announce itself (bit 21). */
static void
point_announce(const struct legs_view *view, struct leg *leg)
{
    const char *announce = legs_text(view, BACKUP_TESTPMD ".vhost.announce");
    double rarp = facts_number(view->facts, BACKUP_TESTPMD ".vhost.rarp", 0);

    if (announce == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "announcement: not seen yet");
    else if (strcmp(announce, "yes") == 0)
        legs_point(leg, VERDICT_PASS, "the guest announces itself (bit 21)");
    else
        legs_point(leg, legs_pass_if(rarp > 0), "SEND_RARP %s",
                   rarp > 0 ? "seen on the backup" : "missing on the backup");
}

void
legs_judge_vhost(const struct legs_view *view, struct leg *leg)
{
    point_blocked(view, leg, "host", HOST_TESTPMD ".vhost.blocked");
    point_blocked(view, leg, "backup", BACKUP_TESTPMD ".vhost.blocked");
    point_logging(view, leg);
    point_rings(view, leg);
    point_ready(view, leg);
    point_announce(view, leg);
    legs_point_log(view, leg, "host", HOST_LOG);
}
