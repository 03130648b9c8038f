# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the plan's 1024 hugepages are more than the guest has"
case=virtio-pmd-split
set=(guest_hugepages=1024)
verdict=fail
cause=guest-short-of-memory
