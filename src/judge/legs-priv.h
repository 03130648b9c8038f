/* legs-priv.h - what the files of the legs share; private to them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_LEGS_PRIV_H
#define JUDGE_LEGS_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "judge/legs.h"
#include "judge/moments.h"

/* Everything a leg may look at. */
struct legs_view {
    const struct facts *facts;
    const struct legs_spec *spec;
    struct moments at;
};

/* One more point. */
void legs_point(struct leg *leg, enum verdict verdict, const char *fmt, ...)
    PRINTF(3, 4) NONNULL(1, 3);

/* A pass, or a fail. */
enum verdict legs_pass_if(bool good);

/* A fact's newest text; NULL when it is not known. */
const char *legs_text(const struct legs_view *view, const char *name)
    NONNULL(1, 2);

/* A point that a fact has this text; open while it is not known. */
void legs_point_text(const struct legs_view *view, struct leg *leg,
                     const char *what, const char *name, const char *want)
    NONNULL(1, 2, 3, 4, 5);

/*
 * A QEMU's log without a failure; not observable where it keeps none. A QEMU
 * that the lab kept from starting fails nothing: nothing was tested.
 */
void legs_point_log(const struct legs_view *view, struct leg *leg,
                    const char *who, const char *log) NONNULL(1, 2, 3, 4);

/* Exactly the vrings of the case are enabled on a side, each of them. */
void legs_point_queues(const struct legs_view *view, struct leg *leg,
                       const char *who, const char *side) NONNULL(1, 2, 3, 4);

/*
 * The vrings of the case were not all enabled when the source began to log
 * dirty pages, and were when it stopped: the change fell in between.
 */
void legs_point_change(const struct legs_view *view, struct leg *leg)
    NONNULL(1, 2);

/* Leg 3: vhost handed the rings over. */
void legs_judge_vhost(const struct legs_view *view, struct leg *leg)
    NONNULL(1, 2);

/*
 * Ports count every frame, also the guest's own ARP and announcements. Where
 * more arrived than was sent, nothing is known of what was lost.
 */
void legs_point_noise(struct leg *leg, double received, double sent) NONNULL(1);

/* Leg 6: the traffic was continuous, within the lab's limits. */
void legs_judge_traffic(const struct legs_view *view, struct leg *leg)
    NONNULL(1, 2);

#endif
