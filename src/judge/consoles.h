/*
 * consoles.h - the consoles whose facts decide a migration.
 *
 * They are known by their names, NODE-PANE (panes/), the two QEMU logs and
 * the two ends of the measured flow by the names under which a probe reads
 * them.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JUDGE_CONSOLES_H
#define JUDGE_CONSOLES_H

#define HOST_MONITOR   "host-monitor"
#define BACKUP_MONITOR "backup-monitor"
#define HOST_TESTPMD   "host-testpmd"
#define BACKUP_TESTPMD "backup-testpmd"
#define HOST_GUEST     "host-guest"
#define BACKUP_GUEST   "backup-guest"
#define TESTER         "tester-scapy"
#define HOST_LOG       "host-qemu"
#define BACKUP_LOG     "backup-qemu"
#define SENT_FLOW      "tester-flow"
#define CAME_FLOW      "guest-flow"

/* testpmd's port 0 is the wire, port 1 the vhost-user port. */
#define VHOST_TX "port.1.tx_packets"

#endif
