# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# machine.sh - host, backup and tester: namespaces with an init, and a listener
# through which ssh comes in.

machine_pid() { proc_read "$state/$1/init.pid"; }
listener_pid() { proc_read "$state/$1/sshd.pid"; }

# marked KIND ROLE - the lab's inits (MACHINE) or listeners (LISTENER) of that
# role, a pattern, by the mark in their environment: pid files can be lost.
marked()
{
    local pid
    grep -lsxz "MIGLAB_$1=$lab/$2" /proc/[0-9]*/environ |
        while IFS=/ read -r _ _ pid _; do printf '%s\n' "$pid"; done
}

# machine_ok ROLE - its init lives, in the namespace that bears its name, and
# its files are those in the state directory.
machine_ok()
{
    local pid
    pid=$(machine_pid "$1") || return 1
    [[ /run/netns/$(netns_of "$1") -ef /proc/$pid/ns/net &&
        $state/$1/home -ef /proc/$pid/root/root &&
        ($1 == tester || $state/share -ef /proc/$pid/root/mnt/nfs) ]]
}

# listener_ok ROLE - it lives in the machine that lives now, and answers.
listener_ok()
{
    local pid
    pid=$(listener_pid "$1") &&
        [[ /proc/$pid/ns/pid -ef /proc/$(machine_pid "$1")/ns/pid ]] &&
        listener_answers "$1"
}

# listener_answers ROLE - the banner is this machine's, and not that of the
# system's own sshd, which answers at every address nobody else listens on.
listener_answers()
{
    local banner
    # Without it the connection would leave by the machine's default route.
    [[ $net ]] && lo_ok "$1" || return 1
    {
        read -r -t 3 banner <"/dev/tcp/$(addr_of "$1")/22"
    } 2>/dev/null
    [[ $banner == SSH-2.0-*" $(banner_of "$1")"* ]]
}

machine_files()
{
    local dir=$state/$1 role
    mkdir -p "$dir/etc/ssh" "$dir/home/.ssh"
    {
        printf '127.0.0.1\tlocalhost\n'
        for role in "${roles[@]}"; do
            printf '%s\t%s\n' "$(addr_of "$role")" "$role"
        done
    } >"$dir/etc/hosts"
    # The lab's root has bash, and no locked password: sshd without PAM
    # refuses one (Ubuntu's root has it) even to a key.
    sed 's|^root:.*|root:x:0:0:root:/root:/bin/bash|' /etc/passwd \
        >"$dir/etc/passwd"
    (umask 077 && sed 's|^root:[^:]*|root:*|' /etc/shadow >"$dir/etc/shadow")
    [[ -e $dir/etc/ssh/ssh_host_ed25519_key ]] ||
        ssh-keygen -q -t ed25519 -N '' -C "$1" \
            -f "$dir/etc/ssh/ssh_host_ed25519_key"
    sed "s/@BANNER@/$(banner_of "$1")/" "$here/sshd_config" \
        >"$dir/etc/ssh/sshd_config"
    install -m 600 "$state/id" "$dir/home/.ssh/id_ed25519"
    install -m 600 "$state/id.pub" "$dir/home/.ssh/authorized_keys"
    install -m 600 "$here/ssh_config" "$dir/home/.ssh/config"
    install -m 644 "$here/bashrc" "$dir/home/.bashrc"
    printf '. ~/.bashrc\n' >"$dir/home/.bash_profile"
}

# How `status` tells this sshd from any other that answers at the address.
banner_of() { printf 'miglab-%s-%s' "$lab" "$1"; }

machine_start()
{
    local ns pid start log=$state/$1/init.log
    ns=$(netns_of "$1")
    read -r -t 10 pid start < <(
        exec 9>&- 2>"$log"
        cpu_group_join
        exec nsenter --net="/run/netns/$ns" \
            setsid unshare --mount --uts --pid --fork --propagation private \
            "$here/machine-init" "$1" "$state" "${keep_paths[@]}" </dev/null
    ) || die "$1 does not start: $(tail -n 1 "$log")"
    printf '%s %s\n' "$pid" "$start" >"$state/$1/init.pid"
    lab_changes=1
    say "$1: started, init is process $pid"
}

listener_start()
{
    local log=$state/$1/sshd.log out pid
    # One that is stopped, or of which nobody knows, still has the address.
    for pid in $(marked LISTENER "$1"); do
        proc_kill "$pid"
    done
    out=$(
        exec 9>&- 2>"$log" </dev/null
        cpu_group_join
        MIGLAB_LISTENER=$lab/$1 exec "$here/listen" "$(addr_of "$1")" \
            "$(machine_pid "$1")" "$state/$1/sshd.pid"
    ) || die "$1: no sshd at $(addr_of "$1"):22: $(tail -n 1 "$log")"
    lab_changes=1
    say "$1: sshd answers at $(addr_of "$1"):22"
    [[ ! $out || ${told_of_sshd-} ]] ||
        say 'Another sshd listens on port 22 of every address:' \
            'it goes on, but cannot start again before down.'
    told_of_sshd=$out
}

# machine_stop ROLE - ends its init, and by that every process in it.
machine_stop()
{
    local pid
    pid=$(machine_pid "$1") || return 0
    proc_kill "$pid"
    say "$1: stopped with everything in it"
}
