# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the host's testpmd is killed right before migrate"
case=virtio-net-split
at='"title":"Start live migration"'
act() { node_kill host dpdk-testpmd; }
verdict=fail
cause=host-testpmd-died
