# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='hugepages take the guest all its memory: what runs in it is killed'
case=virtio-pmd-split
set=(guest_hugepages=180)
verdict=fail
cause=guest-out-of-memory
