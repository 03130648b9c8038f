# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='packed ring on the backup only: it migrates and works, with a split ring'
case=virtio-net-packed
# shellcheck disable=SC2016 # the variable is the lab's
set=('host.virtio_options=${virtio_vectors}')
verdict=fail
cause=packed-on-backup-only
waits='the ring is judged when all is over'
