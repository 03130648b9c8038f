# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='a testpmd that is gone left its vhost socket on the host'
case=virtio-net-split
put_in()
{
    on_node host python3 -c '
import socket
socket.socket(socket.AF_UNIX).bind("vhost-net")'
}
take_out()
{
    on_node host rm -f vhost-net
}
verdict=error
cause=vhost-socket-in-the-way
