# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the same with a packed ring: the backup's testpmd is never started"
case=virtio-pmd-packed-late
set=(backup.start_late=)
verdict=fail
cause=backup-testpmd-not-started
waits='that no packets come is seen by waiting for them, 10 s'
