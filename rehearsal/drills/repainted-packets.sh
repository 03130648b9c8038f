# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='no packet comes after the migration, and old ones are painted again'
case=virtio-net-split
at='"text":"migrate -d'
# The switch takes nothing from the tester any more. What the VM printed before
# is painted by the case's own screen -r, and then once a second.
act()
{
    in_switch bridge link set dev data-tester state 0
    drill_await '"text":"screen -r vm"'
    on_node backup timeout 30 ssh -p 5555 127.0.0.1 '
        for i in 1 2 3 4 5 6 7 8; do
            sleep 1
            screen -S vm -X redisplay
        done'
}
take_out()
{
    in_switch bridge link set dev data-tester state 3
}
verdict=fail
cause=flow-stopped
waits='that no packets come is seen by waiting for them, 10 s'
