# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='the backup has more memory than the host'
case=virtio-net-split
set=(backup.memory=640)
verdict=fail
cause=memory-differs
sign='"ev":"link","pane":"backup-monitor".*"state":"(closed|lost)"'
