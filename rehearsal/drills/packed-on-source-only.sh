# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='packed ring on the host only: completed, and the destination is dead'
case=virtio-net-packed
# shellcheck disable=SC2016 # the variable is the lab's
set=('backup.virtio_options=${virtio_vectors}')
verdict=fail
cause=packed-on-source-only
sign='"ev":"link","pane":"backup-monitor".*"state":"(closed|lost)"'
