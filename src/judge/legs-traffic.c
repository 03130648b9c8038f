/*
 * legs-traffic.c - leg 6: the traffic was continuous, within the lab's limits.
 *
 * The plan's flow is counted: so many were sent, so many came, and the gap was
 * at most as long as the lost ones in a row. The measured flow is numbered:
 * which were lost is known, and the gap is their distance in send time.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/legs-priv.h"

#include <math.h>

#include "base/buf.h"
#include "judge/measures.h"

void
legs_point_noise(struct leg *leg, double received, double sent)
{
    legs_point(leg, VERDICT_UNDECIDED,
               "frames that are not the flow were counted: %g received of %g "
               "sent",
               received, sent);
}

/* What the VM's log missed may have come. */
static enum verdict
judge_loss(const struct measures *m, double limit)
{
    double sure = m->lost - fmax(m->log_missed, 0);

    return m->lost <= limit ? VERDICT_PASS
           : sure > limit   ? VERDICT_FAIL
                            : VERDICT_UNDECIDED;
}

static void
point_loss(const struct legs_spec *spec, struct leg *leg,
           const struct measures *m)
{
    bool limited =
        m->measured ? spec->has_max_loss_measured : spec->has_max_loss;
    uint64_t limit = m->measured ? spec->max_loss_measured : spec->max_loss;

    if (limited)
        legs_point(leg, judge_loss(m, (double)limit),
                   "%g of %g packets lost, at most %llu allowed", m->lost,
                   m->sent, (unsigned long long)limit);
    else
        legs_point(leg, VERDICT_PASS, "%g of %g packets lost", m->lost,
                   m->sent);
}

/*
 * Between two packets nobody sees an outage: not while the tester paused, nor
 * around those that were lost. Counts alone tell no gap, only how long it can
 * be at most.
 */
static enum verdict
judge_gap(const struct measures *m, double limit)
{
    return fmax(m->gap_max_ms, m->pause_ms) <= limit ? VERDICT_PASS
           : m->gap_min_ms > limit                   ? VERDICT_FAIL
                                                     : VERDICT_UNDECIDED;
}

static void
point_gap(const struct legs_spec *spec, struct leg *leg,
          const struct measures *m)
{
    double limit = (double)spec->max_gap_ms;
    enum verdict verdict = limit > 0 ? judge_gap(m, limit) : VERDICT_PASS;
    /* Of numbered packets it is what it is. */
    const char *most =
        m->measured && m->lost > 0 ? "" : "by lost packets at most ";
    struct buf text = BUF_INIT(0);

    if (m->gap_max_ms < 0) {
        legs_point(leg, limit > 0 ? VERDICT_UNDECIDED : VERDICT_SKIP,
                   "longest gap: not observable (the interval is not known)");
        return;
    }
    buf_printf(&text, "longest gap %s%.10g ms", most, m->gap_max_ms);
    if (limit > 0)
        buf_printf(&text, " of %.10g ms allowed", limit);
    buf_printf(&text, " (resolution %.10g ms)", m->resolution_ms);
    if (verdict == VERDICT_UNDECIDED && m->gap_min_ms > 0)
        buf_printf(&text, ", at least %.10g ms", m->gap_min_ms);
    if (measures_paused(m))
        buf_printf(&text, "; the tester itself paused for up to %.10g ms",
                   m->pause_ms);
    legs_point(leg, verdict, "%s", buf_text(&text));
    buf_fini(&text);
}

/* What only numbers tell. */
static void
point_numbers(struct leg *leg, const struct measures *m)
{
    if (m->lost_before >= 0 && m->lost > 0)
        legs_point(leg, VERDICT_PASS,
                   "%g lost before, %g during and %g after the migration",
                   m->lost_before, m->lost_during, m->lost_after);
    /* No proof of anything: a broadcast is counted as well. */
    if (m->counted > m->received)
        legs_point(leg, VERDICT_PASS,
                   "vhost's ports gave the VM %g more than its log has",
                   m->counted - m->received);
    if (m->duplicates > 0 || m->reordered > 0)
        legs_point(leg, VERDICT_PASS, "%g came twice, %g late", m->duplicates,
                   m->reordered);
}

void
legs_judge_traffic(const struct legs_view *view, struct leg *leg)
{
    const struct legs_spec *spec = view->spec;
    struct measures m;

    measures_take(view->facts, spec, &m);
    if (!m.measured && m.received > m.sent && m.sent >= 0) {
        legs_point_noise(leg, m.received, m.sent);
        return;
    }
    if (m.lost >= 0)
        point_loss(spec, leg, &m);
    else if (m.open == NULL)
        legs_point(leg, VERDICT_UNDECIDED, "loss: not counted yet");
    if (m.open != NULL)
        legs_point(leg, VERDICT_UNDECIDED, "not measured: %s", m.open);
    else if (m.lost >= 0)
        point_gap(spec, leg, &m);
    if (m.measured && m.open == NULL)
        point_numbers(leg, &m);
}
