# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the backup's QEMU is started without -incoming: a second VM boots"
case=virtio-net-split
set=(backup.incoming=)
verdict=fail
cause=second-vm
