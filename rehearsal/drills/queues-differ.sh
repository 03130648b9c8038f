# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='the backup has fewer queues: the source says completed, the destination is dead'
case=virtio-net-split-queues
set=('backup.netdev_queues=,queues=2')
verdict=fail
cause=queues-differ
sign='"ev":"link","pane":"backup-monitor".*"state":"(closed|lost)"'
