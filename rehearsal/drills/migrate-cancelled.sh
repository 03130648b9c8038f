# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title='somebody cancels the migration in flight, at another monitor'
case=virtio-net-split
# shellcheck disable=SC2016 # the variable is the lab's
set=(attended=yes migration_bandwidth=20M
    'host.accel_option=-accel ${accel} -monitor unix:./second-monitor,server,nowait')
at='"text":"migrate -d'
act()
{
    on_node host python3 -c '
import socket, sys, time
monitor = socket.socket(socket.AF_UNIX)
monitor.settimeout(20)
monitor.connect("second-monitor")
def ask(command):
    monitor.sendall(command)
    said = b""
    while not said.endswith(b"\n(qemu) "):
        part = monitor.recv(65536)
        if not part:
            sys.exit("the monitor is gone")
        said += part
    return said
ask(b"")
deadline = time.monotonic() + 20
while b"status: active" not in (said := ask(b"info migrate\n")):
    for word in (b"completed", b"failed", b"cancelled"):
        if b"status: " + word in said:
            sys.exit("it was over before it could be cancelled")
    if time.monotonic() > deadline:
        sys.exit("it did not begin in 20 s")
ask(b"migrate_cancel\n")'
}
take_out()
{
    on_node host rm -f second-monitor
}
verdict=fail
cause=migrate-cancelled-elsewhere
