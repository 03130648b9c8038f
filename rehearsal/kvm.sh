# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# kvm.sh - KVM or TCG: /dev/kvm may open and still not run a guest (nested
# virtualisation, a missing MSR), so a guest is asked.

readonly probe_mark=miglab-probe-guest-is-up
readonly probe_seconds=5

# probe_tree DIR - a guest that only says that it runs.
probe_tree()
{
    mkdir -p "$1/bin" "$1/dev"
    cp "$(type -P busybox)" "$1/bin"
    cat >"$1/init" <<INIT
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
echo $probe_mark >/dev/ttyS0
/bin/busybox poweroff -f
INIT
    chmod +x "$1/init"
}

# accel_find QEMU - sets accel to kvm or tcg; asks once per kernel and QEMU.
accel_find()
{
    local file
    accel=tcg
    [[ -w /dev/kvm ]] || return 0
    file=$(uname -srm && stat -Lc '%n %s %Y %i' "$(type -P "$1")" &&
        grep -m 1 '^model name' /proc/cpuinfo)
    file=$cache_dir/accel-$(sha256sum <<<"$file" | cut -c 1-16)
    if [[ ! -s $file ]]; then
        if kvm_boots "$1"; then echo kvm; else echo tcg; fi >"$file"
        say "accel: $(cat "$file") (a probe guest was asked)"
    fi
    accel=$(cat "$file")
}

kvm_boots()
{
    timeout -k 1 "$probe_seconds" "$1" -accel kvm -cpu host -m 256 -smp 2 \
        -nodefaults -display none -no-reboot -serial stdio \
        -kernel "$images_dir/$image/vmlinuz" \
        -initrd "$images_dir/$image/probe-initrd" \
        -append 'console=ttyS0 panic=-1 quiet' </dev/null 2>/dev/null |
        grep -q "$probe_mark"
}
