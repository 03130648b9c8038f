# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="a stale QEMU has the backup's monitor port"
case=virtio-net-split
put_in()
{
    on_node backup sh -c '
        qemu-system-x86_64 -machine none -display none -daemonize \
            -monitor telnet::3333,server,nowait -pidfile stale-qemu.pid'
}
take_out()
{
    # shellcheck disable=SC2016 # the inner shell's
    on_node backup sh -c 'kill -KILL "$(cat stale-qemu.pid)"
        rm -f stale-qemu.pid'
}
verdict=error
cause=ports-taken
