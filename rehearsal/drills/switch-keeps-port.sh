# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='the switch keeps the old port: all is green, and no packets arrive'
case=virtio-net-split
mac=90:e2:ba:69:c9:c9 # where the plan's flow goes
put_in()
{
    in_switch bridge fdb add "$mac" dev data-host master static
}
take_out()
{
    in_switch bridge fdb del "$mac" dev data-host master
}
verdict=fail
cause=switch-keeps-old-port
waits='that no packets come is seen by waiting for them, 10 s'
