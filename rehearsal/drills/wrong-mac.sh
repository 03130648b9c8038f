# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the tester sends to a wrong destination MAC: nothing reaches the host"
case=virtio-net-split
set=(tester_dst_mac=02:00:00:00:00:04)
verdict=fail
cause=nothing-reaches-the-host
waits='that no packets come is seen by waiting for them, 10 s'
