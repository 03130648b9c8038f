# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='the guest dirties its memory faster than it can be sent'
case=virtio-net-split
set=(attended=yes migration_bandwidth=20M 'migration_limit=40 s')
at='"title":"The VM receives them"'
# Pages of zeros would cost nothing: they are copied from what is random.
act()
{
    on_node host timeout 240 ssh -p 5555 127.0.0.1 '
        dd if=/dev/urandom of=/dev/shm/random bs=1M count=64
        while :; do cp /dev/shm/random /dev/shm/dirty; done'
}
verdict=fail
cause=not-converging
waits='that it does not converge is seen by waiting, 40 s of the 180 s'
