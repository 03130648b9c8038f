#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# dpdk-devbind.py --bind=DRIVER SLOT | --status - DPDK's tool is Python, and
# the guest has none.
devices=/sys/bus/pci/devices

status()
{
    for dev in "$devices"/*; do
        driver=$(readlink "$dev/driver")
        read -r vendor <"$dev/vendor"
        read -r device <"$dev/device"
        echo "${dev##*/} '${vendor#0x}:${device#0x}' drv=${driver##*/}"
    done
}

# routed DEVICE - one of its interfaces is in use, as the ssh session's is.
routed()
{
    for net in "$1"/net/* "$1"/virtio*/net/*; do
        ! grep -q "^${net##*/}[[:space:]]" /proc/net/route || return 0
    done
    return 1
}

bind()
{
    case $2 in
    ????:*) slot=$2 ;;
    *) slot=0000:$2 ;;
    esac
    dev=$devices/$slot
    [ -e "$dev" ] || { echo "no PCI device $slot" >&2; return 1; }
    if routed "$dev"; then
        echo "Warning: routing table indicates that interface $slot is" \
            "active. Not modifying" >&2
        return 1
    fi
    modprobe "$1" || return
    [ ! -e "$dev/driver" ] || echo "$slot" >"$dev/driver/unbind"
    echo "$1" >"$dev/driver_override"
    echo "$slot" >/sys/bus/pci/drivers_probe
    [ "$(basename "$(readlink "$dev/driver")")" = "$1" ] ||
        { echo "$1 did not take $slot" >&2; return 1; }
}

case ${1-} in
--bind=*) bind "${1#--bind=}" "$2" ;;
-b | --bind) bind "$2" "$3" ;;
-s | --status) status ;;
*) echo "usage: dpdk-devbind.py --bind=DRIVER SLOT | --status" >&2; exit 1 ;;
esac
