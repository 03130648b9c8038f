# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# lab.sh - a whole lab: up makes what is missing and leaves what is whole, so
# that the same words start a lab, repair it and find nothing to do.

lab_up()
{
    need_tools ip nsenter unshare ssh-keygen sshd scp python3 dpdk-testpmd \
        screen tcpdump ethtool busybox cpio modprobe depmod ldconfig bridge \
        telnet scapy
    lock_take
    lab_drop_stale
    hugepages_remember
    lab_configure
    keys_ensure
    image_ensure
    accel_find "$qemu"
    lab_write_files
    switch_ok || switch_make
    for role in "${roles[@]}"; do
        machine_up "$role"
    done
    if ((lab_changes)); then
        say "$lab is up: $accel, guest image $image"
    else
        say "$lab is up already, and whole"
    fi
}

# lab_drop_stale - what a reboot, or an `rm` of the state, has left.
lab_drop_stale()
{
    if [[ -e $state/settings ]]; then
        [[ $(setting boot) != "$(boot_id)" ]] || return 0
        say "$lab: left by an earlier boot, starting afresh"
    else
        lab_remains || return 0
        say "$lab: its state is gone, starting afresh"
    fi
    lab_sweep
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# lab_configure - fixes net, qemu and dpdk: as saved, unless the options say
# otherwise.
lab_configure()
{
    if [[ ! -e $state/settings ]]; then
        net=$(net_pick) || die "no subnet of 10.77.0.0/16 is free"
        mkdir -p "$state"
        chmod 700 "$state"
        setting_save boot "$(boot_id)"
        setting_save net "$net"
        say "$lab: 10.77.$net.0/24"
    fi
    net=$(setting net)
    configure_path qemu "${opt_qemu-}" qemu-system-x86_64
    configure_path dpdk "${opt_dpdk-}" ''
    testpmd=${dpdk:+$dpdk/app/}dpdk-testpmd
    type -P "$qemu" >/dev/null || die "no QEMU: $qemu"
    type -P "$testpmd" >/dev/null || die "no testpmd: $testpmd"
    keep_paths=("$(readlink -f "$(type -P "$qemu")")"
        "$(readlink -f "$(type -P "$testpmd")")" "$qemu" "$testpmd")
}

# configure_path KEY OPTION DEFAULT - machines show the builds they were
# started with, so another build means other machines.
configure_path()
{
    local -n value=$1
    local saved
    saved=$(setting "$1")
    value=${2:-${saved:-$3}}
    [[ $value != "$saved" ]] || return 0
    if [[ ${saved:-$3} != "$value" && -e $state/host ]]; then
        say "$1: $value instead of ${saved:-$3}: machines start again"
        machines_stop
    fi
    setting_save "$1" "$value"
}

keys_ensure()
{
    [[ ! -e $state/id || ! -e $state/id.pub || ! -e $state/guest_key ]] ||
        return 0
    rm -f "$state"/{id,guest_key}{,.pub}
    ssh-keygen -q -t ed25519 -N '' -C "miglab $lab" -f "$state/id"
    ssh-keygen -q -t ed25519 -N '' -C vm -f "$state/guest_key"
    # Machines and images made for the former key are of no use any more.
    machines_stop
    rm -rf "$state/share" "$state/lab.yaml"
    lab_changes=1
}

lab_write_files()
{
    for role in "${roles[@]}"; do
        machine_files "$role"
    done
    known_hosts >"$state/known_hosts"
    for role in "${roles[@]}"; do
        install -m 644 "$state/known_hosts" "$state/$role/home/.ssh"
    done
    [[ $(setting image) == "$image" && -e $state/share/initrd ]] || share_make
    setting_save image "$image"
    setting_save accel "$accel"
    lab_yaml >"$state/lab.yaml"
    lab_own
}

known_hosts()
{
    local key
    for role in "${roles[@]}"; do
        key=$(cut -d ' ' -f 1,2 "$state/$role/etc/ssh/ssh_host_ed25519_key.pub")
        printf '%s,%s %s\n' "$(addr_of "$role")" "$role" "$key"
    done
    # The guest, by the port that QEMU forwards on host and backup.
    printf '[127.0.0.1]:5555,[localhost]:5555 %s\n' \
        "$(cut -d ' ' -f 1,2 "$state/guest_key.pub")"
}

lab_yaml()
{
    local cpu=max vectors=,vectors=0 flow
    flow=$("$here/flow") || flow='UDP()'
    [[ $accel != kvm ]] || cpu=host vectors=
    cat <<YAML
# Written by miglab rehearsal up; gone with miglab rehearsal down.
lab: $lab
extends: rehearsal
vars:
  net: $net
  state: $state
  accel: $accel
  cpu: $cpu
  virtio_vectors: "$vectors"
  qemu: $(yaml_scalar "$qemu")
  testpmd: $(yaml_scalar "$testpmd")
  kernel: /mnt/nfs/vmlinuz
  initrd: /mnt/nfs/initrd
  flow_udp: $flow
YAML
    drill_yaml
}

yaml_scalar()
{
    local text=$1
    if [[ $text =~ ^[A-Za-z0-9_./+-]+$ ]]; then
        printf '%s' "$text"
    else
        text=${text//\\/\\\\}
        printf '"%s"' "${text//\"/\\\"}"
    fi
}

# The user behind sudo runs miglab, and reads these. That is no wall to him:
# root of a machine is root here.
lab_own()
{
    [[ ${SUDO_UID-} ]] || return 0
    chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$state" "$state"/{id,id.pub} \
        "$state"/{known_hosts,lab.yaml}
}

machine_up()
{
    if ! machine_ok "$1"; then
        machine_stop "$1"
        netns_kill "$(netns_of "$1")"
        netns_del "$(netns_of "$1")"
        netns_add "$(netns_of "$1")"
    fi
    wires_ok "$1" || wires_make "$1"
    lo_ok "$1" || lo_make "$1"
    machine_ok "$1" || machine_start "$1"
    listener_ok "$1" || listener_start "$1"
}

machines_stop()
{
    for role in "${roles[@]}"; do
        machine_stop "$role"
    done
}

lab_down()
{
    lock_take
    if [[ -e $state ]] || lab_remains; then
        lab_sweep
        lab_remains && die "$lab: something is left"
        say "$lab is down"
    else
        say "$lab is not up"
    fi
    run_dir_leave
}

# lab_remains - whether anything bears the lab's name.
lab_remains()
{
    local group
    group=$(cpu_group)
    [[ $(marked MACHINE '.*') || $(lo_addrs) || -d $group ]] ||
        compgen -G "/run/netns/$(netns_of '*')" >/dev/null
}

# lab_sweep - ends and removes everything of the lab, by names alone.
lab_sweep()
{
    local pid role
    for pid in $(marked DRILL '.*') $(marked MACHINE '.*'); do
        proc_kill "$pid"
    done
    for role in "${roles[@]}" switch; do
        netns_kill "$(netns_of "$role")"
        netns_del "$(netns_of "$role")"
    done
    cpu_group_remove
    lo_clear
    rm -rf --one-file-system "$state"
    say "$lab: machines, switch and state removed"
}

# The number of hugepages belongs to the kernel, not to a lab: the first lab
# up remembers it, the last one down puts it back.
readonly hugepages=/proc/sys/vm/nr_hugepages

hugepages_remember()
{
    [[ -e $run_dir/nr_hugepages || ! -e $hugepages ]] ||
        cat $hugepages >"$run_dir/nr_hugepages"
}

run_dir_leave()
{
    local was
    rmdir "$labs_dir" 2>/dev/null || return 0 # another lab is up
    if [[ -e $run_dir/nr_hugepages ]]; then
        was=$(cat "$run_dir/nr_hugepages")
        if [[ $(cat $hugepages) != "$was" ]]; then
            say "nr_hugepages: $(cat $hugepages) back to $was"
            echo "$was" >$hugepages
            [[ $(cat $hugepages) == "$was" ]] ||
                die "nr_hugepages stays at $(cat $hugepages)"
        fi
    fi
    if [[ -e $run_dir/netns-mount-is-ours ]] && rmdir_would /run/netns; then
        umount /run/netns && rmdir /run/netns
    fi
    # What a run that was killed has left of its lock.
    rm -f "$run_dir"/{nr_hugepages,netns-mount-is-ours,lock-holder,"lab-$lab.lock"}
    rmdir "$run_dir" 2>/dev/null
    return 0
}

rmdir_would() { [[ -d $1 && -z $(ls -A "$1") ]]; }
