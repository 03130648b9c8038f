/* flow.h - how far apart the tester's packets are, by its own command. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAN_FLOW_H
#define PLAN_FLOW_H

#include "base/macros.h"

struct tcase;

/*
 * The interval in milliseconds that the case's scapy commands give sendp(), as
 * they are typed. 0: none does, they differ, or it is no plain number.
 */
double flow_interval_ms(const struct tcase *tcase) NONNULL(1);

#endif
