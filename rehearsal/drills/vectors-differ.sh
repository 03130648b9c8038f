# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='vectors differ: the source says completed, the destination is dead'
case=virtio-net-split
set=('backup.virtio_options=,vectors=4')
verdict=fail
cause=devices-differ
sign='"ev":"link","pane":"backup-monitor".*"state":"closed"'
