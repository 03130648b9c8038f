# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the host's testpmd is killed right behind migrate: completed, and no packets"
case=virtio-net-split
at='"text":"migrate -d'
act() { node_kill host dpdk-testpmd; }
# Now and then the host's QEMU ends of it, and the verdict comes at once.
verdict=fail
cause=host-testpmd-died
waits='the backup goes on without it: its packets are waited for, 10 s'
