# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='nobody listens on the backup: its QEMU waits at another port'
case=virtio-net-split
set=(backup.migrate_port=4445)
verdict=fail
cause=nobody-listens
