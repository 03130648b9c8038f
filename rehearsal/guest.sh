# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# guest.sh - makes the guest's root file system: this machine's own programs
# with their libraries, the kernel's modules, and the files in guest/.

readonly guest_programs=(bash busybox sshd scp screen tcpdump ethtool ip
    dpdk-testpmd)
# Programs of their own since OpenSSH 9.8 and 10.
readonly guest_programs_optional=(/usr/lib/openssh/sshd-session
    /usr/lib/openssh/sshd-auth)
readonly guest_drivers=(bus_pci bus_vdev mempool_ring net_virtio net_af_packet)
readonly guest_terminals=(ansi dumb linux rxvt-unicode-256color screen
    screen-256color tmux tmux-256color vt100 vt102 vt220 xterm xterm-256color)

# guest_files - every file of this machine that goes into the guest.
guest_files()
{
    local files
    mapfile -t files < <(
        type -P "${guest_programs[@]}"
        type -P "${guest_programs_optional[@]}" || : # which not all have
        driver_files
    )
    printf '%s\n' "${files[@]}"
    ldd "${files[@]}" 2>/dev/null |
        sed -nE 's/^\t(.* => )?(\/[^ ]+) .*/\2/p'
    # Loaded at run time, so that ldd cannot know: for pthread_exit, and by
    # the C libraries before 2.34 for /etc/passwd.
    ldconfig -p | awk '/x86-64/ && ($1 == "libgcc_s.so.1" ||
        $1 == "libnss_files.so.2") {print $NF}'
}

# The drivers are beside testpmd's EAL; their directory and their names carry
# its version: dpdk/pmds-23.0/librte_net_virtio.so.23 for a librte_eal.so.23.
driver_files()
{
    local eal version dir driver
    eal=$(ldd "$(type -P dpdk-testpmd)" |
        sed -nE 's/.* => (\/[^ ]*librte_eal\.so\.[0-9]+) .*/\1/p')
    version=${eal##*.}
    for driver in "${guest_drivers[@]}"; do
        for dir in "${eal%/*}/dpdk/pmds-$version"*; do
            [[ -e $dir/librte_$driver.so.$version ]] || continue
            printf '%s\n' "$dir/librte_$driver.so.$version"
            continue 2
        done
        die "no DPDK driver $driver for $(type -P dpdk-testpmd)"
    done
}

guest_tree()
{
    local tree=$1 file
    guest_skeleton "$tree"
    while read -r file; do
        mkdir -p "$tree${file%/*}"
        cp -L "$file" "$tree$file"
    done < <(guest_files | sort -u)
    # EAL loads what ends in .so. A link: a driver that is a dependency as well
    # is the same file then, and a copy would register it twice and panic.
    for file in $(driver_files); do
        ln -s "${file##*/}" "$tree${file%.so.*}.so"
    done
    guest_applets "$tree"
    guest_kernel_modules "$tree"
    guest_terminfo "$tree"
    guest_etc "$tree"
    ldconfig -r "$tree"
}

guest_skeleton()
{
    local dir
    mkdir -p "$1"/{dev,etc/ssh,proc,root/.ssh,run,sys,tmp,usr,var}
    chmod 1777 "$1/tmp"
    chmod 700 "$1/root" "$1/root/.ssh"
    for dir in bin sbin lib lib64; do
        mkdir "$1/usr/$dir"
        ln -s "usr/$dir" "$1/$dir"
    done
    ln -s ../run "$1/var/run"
}

# busybox does what no program above does.
guest_applets()
{
    local applet
    for applet in $(busybox --list); do
        [[ -e $1/usr/bin/$applet || -e $1/usr/sbin/$applet ]] ||
            ln -s /usr/bin/busybox "$1/usr/bin/$applet"
    done
    ln -sf busybox "$1/usr/bin/sh"
    # Where guest/ looks for them.
    ln -s ../bin/busybox "$1/usr/sbin/getty"
    ln -s ../bin/busybox "$1/usr/sbin/reboot"
    [[ -e $1/usr/sbin/ip ]] || ln -s ../bin/ip "$1/usr/sbin/ip"
}

guest_kernel_modules()
{
    local dir=lib/modules/$kernel_version module file
    mkdir -p "$1/$dir"
    for module in "${guest_modules[@]}" "${guest_modules_optional[@]}"; do
        module_files "$module" || : # some are optional
    done | sort -u | while read -r file; do
        guest_module "$file" "$1/$dir"
    done
    cp "$kernel_root/$dir"/modules.{order,builtin,builtin.modinfo} "$1/$dir"
    depmod -b "$1" "$kernel_version"
}

# guest_module FILE DIR - unpacked: busybox's modprobe is sure to read that.
guest_module()
{
    local name=${1##*/}
    case $name in
    *.xz) xz -dc "$1" >"$2/${name%.xz}" ;;
    *.zst) zstd -dcq "$1" >"$2/${name%.zst}" ;;
    *.gz) gzip -dc "$1" >"$2/${name%.gz}" ;;
    *) cp "$1" "$2" ;;
    esac
}

guest_terminfo()
{
    local name dir
    for name in "${guest_terminals[@]}"; do
        for dir in /etc/terminfo /lib/terminfo /usr/share/terminfo; do
            [[ -e $dir/${name::1}/$name ]] || continue
            mkdir -p "$1/usr/share/terminfo/${name::1}"
            cp -L "$dir/${name::1}/$name" "$1/usr/share/terminfo/${name::1}"
            break
        done
    done
}

guest_etc()
{
    local etc=$1/etc
    cp "$here"/guest/{inittab,screenrc} "$etc"
    cp "$here/guest/init" "$1/init"
    cp "$here/guest/sshd_config" "$etc/ssh"
    cp "$here/guest/bashrc" "$1/root/.bashrc"
    cp "$here/guest/dpdk-devbind.py" "$1/usr/bin"
    printf '. ~/.bashrc\n' >"$1/root/.bash_profile"
    cp /etc/protocols /etc/services "$etc" 2>/dev/null || : # names in tcpdump
    printf '127.0.0.1\tlocalhost vm\n' >"$etc/hosts"
    printf 'passwd: files\nhosts: files\n' >"$etc/nsswitch.conf"
    printf '/bin/sh\n/bin/bash\n' >"$etc/shells"
    printf 'ttyS0\n' >"$etc/securetty"
    printf 'vm\n' >"$etc/hostname"
    # The password is "root": anyone may know it, the guest sees no network.
    cat >"$etc/passwd" <<'PASSWD'
root:$6$miglab$/FXmcJgKQJk5tu10wWm/hFekJtKsBj3HD/ZOpL8qHqOrzfWutGRhqrjXFF4vGhn.SMjkJ5pc/StO/CbhxWpSz.:0:0:root:/root:/bin/bash
sshd:x:100:65534::/run/sshd:/bin/false
tcpdump:x:101:101::/:/bin/false
nobody:x:65534:65534::/:/bin/false
PASSWD
    printf '%s\n' root:x:0: tty:x:5: utmp:x:43: tcpdump:x:101: \
        nogroup:x:65534: >"$etc/group"
}
