# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the backup's testpmd is never started: all is green, and no packets arrive"
case=virtio-pmd-split-late
set=(backup.start_late=)
verdict=fail
cause=backup-testpmd-not-started
waits='that no packets come is seen by waiting for them, 10 s'
