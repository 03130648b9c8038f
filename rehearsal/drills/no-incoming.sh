# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # read by drill.sh
title="the backup's QEMU is started without -incoming: the image is locked"
case=virtio-net-split
# The rehearsal's guest has no disk: both get one, on the shared folder.
# shellcheck disable=SC2016 # the variables are the lab's
set=('accel_option=-accel ${accel} -drive file=/mnt/nfs/drill.img,format=raw'
    host.accel_option='-accel ${accel} -drive file=/home/osimg/live_mig/drill.img,format=raw'
    backup.incoming=)
put_in()
{
    truncate -s 1M "$state/share/drill.img"
}
take_out()
{
    rm -f "$state/share/drill.img"
}
verdict=error
cause=image-locked
