# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='ethtool -L asks for more queues than there are, and is refused'
case=virtio-net-split-queues
set=(host.queues=5)
verdict=fail
cause=ethtool-beyond-maximum
