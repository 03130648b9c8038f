#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# rehearsal.sh - the rehearsal lab comes up, runs what a case runs, survives
# kills of any part, and leaves nothing behind.
set -u
rehearsal=${top_srcdir:-.}/rehearsal/rehearsal
lab=t$$ other=u$$
state=/run/miglab/rehearsal/$lab

skip() { echo "skipped: $*"; exit 77; }
[[ ${MIGLAB_LAB:-yes} != no ]] || skip 'MIGLAB_LAB=no'
[[ $EUID -eq 0 ]] || skip 'only root may make namespaces'
for tool in ip nsenter qemu-system-x86_64 dpdk-testpmd sshd screen cpio \
    python3; do
    type -P "$tool" >/dev/null || skip "no $tool"
done

tmp=$(mktemp -d)
mkfifo "$tmp/silence"
exec 6<>"$tmp/silence"
jobs_started=()

# shellcheck disable=SC2329 # by the trap
finish()
{
    local status=$? name
    for name in "$lab" "$other"; do
        "$rehearsal" down --name "$name" >/dev/null 2>&1
    done
    ((${#jobs_started[@]} == 0)) || kill "${jobs_started[@]}" 2>/dev/null
    rm -rf "$tmp"
    exit "$status"
}
trap finish EXIT

fail()
{
    echo "FAIL: $*"
    [[ ! -s $tmp/out ]] || sed 's/^/    /' "$tmp/out"
    exit 1
}

step() { printf '%3d s  %s\n' "$SECONDS" "$*"; }

# run WHAT COMMAND... - must succeed; its output is kept for a failure.
run()
{
    local what=$1
    shift
    "$@" >"$tmp/out" 2>&1 || fail "$what: exit $?"
}

# until_true SECONDS COMMAND...
until_true()
{
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        read -r -t 0.1 -u 6 || : # nobody writes there
    done
}

status_is()
{
    local status
    "$rehearsal" status --name "$1" >"$tmp/out" 2>&1
    status=$?
    ((status == $2)) || fail "status of $1 is $status, not $2, $3"
}

# json EXPRESSION - of the status of the lab, called s.
json()
{
    "$rehearsal" status --name "$lab" --json |
        python3 -c "import json, sys; s = json.load(sys.stdin); print($1)"
}

on()
{
    local role=$1
    shift
    ssh -n -F none -i "$state/id" -o UserKnownHostsFile="$state/known_hosts" \
        -o BatchMode=yes "root@$(addr "$role")" "$@"
}

addr() { sed -n "s/^\(10\.77\..*\),$1 .*/\1/p" "$state/known_hosts"; }

others_up() { compgen -G '/run/miglab/rehearsal/*' >/dev/null; }

# Everything that could be left. What bears another lab's name comes and goes,
# and with it what all labs share.
snapshot()
{
    {
        ip netns list
        ip -o link
        ip -o addr
        cut -d ' ' -f 1-3 /proc/mounts | grep -v ' /run/netns '
        find /sys/fs/cgroup -maxdepth 2 -name 'miglab-*'
        ls -d "/run/miglab/rehearsal/$lab" "/run/miglab/rehearsal/$other"
        cat /proc/sys/vm/nr_hugepages
    } 2>/dev/null | sed 's/ (id: .*//; s/valid_lft.*//' |
        awk -v own="(miglab-|lo:)($lab|$other)" \
            '!/miglab-|lo:[a-z0-9-]/ || $0 ~ own' | sort
}

# in_namespaces INODE... - processes in any of these namespaces.
in_namespaces()
{
    local pid inode
    for pid in /proc/[0-9]*; do
        for inode in "$(readlink "$pid/ns/net")" "$(readlink "$pid/ns/pid")"; do
            [[ $inode && " $* " == *" $inode "* ]] &&
                echo "${pid#/proc/} $(tr '\0' ' ' <"$pid/cmdline")"
        done
    done 2>/dev/null
}

lab_namespaces()
{
    local role pid
    for role in host backup tester; do
        pid=$(init_of "$role")
        readlink "/proc/$pid/ns/net" "/proc/$pid/ns/pid"
    done
    echo "net:[$(stat -Lc %i "/run/netns/miglab-$lab-switch")]"
}

init_of() { cut -d ' ' -f 1 "$state/$1/init.pid"; }
listener_of() { cut -d ' ' -f 1 "$state/$1/sshd.pid"; }
# pid_of ROLE NAME - nothing when there is no such process.
pid_of()
{
    json "([p['pid'] for m in s['machines'] for p in m['processes']
            if m['name'] == '$1' and p['name'].startswith('$2')] + [''])[0]"
}

start_testpmd()
{
    rm -f "$tmp/keys" "$tmp/testpmd"
    mkfifo "$tmp/keys"
    exec 5<>"$tmp/keys"
    ssh -tt -F none -i "$state/id" -o UserKnownHostsFile="$state/known_hosts" \
        -o BatchMode=yes "root@$(addr host)" \
        "rm -f vhost-net; dpdk-testpmd --lcores '18@0,19@1' -n 4 --no-pci --no-huge -m 256" \
        "--vdev 'net_af_packet0,iface=p5p1'" \
        "--vdev 'eth_vhost0,iface=./vhost-net,queues=1'" \
        "-- -i --total-num-mbufs=8192" <"$tmp/keys" >"$tmp/testpmd" 2>&1 &
    jobs_started+=($!)
    until_true 20 grep -q 'testpmd> ' "$tmp/testpmd" ||
        fail "testpmd has no prompt: $(tail -n 3 "$tmp/testpmd")"
    echo start >&5
}

value() { sed -nE "s/^  $1: \"?([^\"]*)\"?$/\1/p" "$state/lab.yaml"; }

start_qemu()
{
    run 'QEMU starts' on host "$(value qemu) -name vm1 -accel $(value accel) \
-m 512 -object memory-backend-memfd,id=mem,size=512M,share=on \
-numa node,memdev=mem -smp 2 -cpu $(value cpu) -kernel $(value kernel) \
-initrd $(value initrd) -append 'console=ttyS0 panic=1 quiet' \
-net nic,model=e1000,addr=1f -net user,hostfwd=tcp:127.0.0.1:5555-:22 \
-chardev socket,id=char0,path=./vhost-net \
-netdev type=vhost-user,id=netdev0,chardev=char0,vhostforce \
-device virtio-net-pci,netdev=netdev0,\
mac=52:54:00:00:00:01$(value virtio_vectors) \
-monitor telnet::3333,server,nowait \
-serial telnet:localhost:5432,server,nowait -vnc :10 -daemonize"
    # QEMU hangs up at the end of input, so there is none.
    ssh -F none -i "$state/id" -o UserKnownHostsFile="$state/known_hosts" \
        -o BatchMode=yes -W 127.0.0.1:5432 "root@$(addr host)" \
        <"$tmp/silence" >"$tmp/serial" 2>/dev/null &
    jobs_started+=($!)
}

# repaired WHAT - up mends it, and status says so before and after.
repaired()
{
    status_is "$lab" 1 "after: $1"
    run "up after: $1" "$rehearsal" up --name "$lab"
    status_is "$lab" 0 "after up that repairs: $1"
    run "login after: $1" on host true
    step "repaired: $1"
}

ensure_running()
{
    [[ $(pid_of host dpdk-testpmd) ]] || start_testpmd
    [[ $(pid_of host qemu-system) ]] || start_qemu
}

# QEMU is no part of the lab: without it there is nothing to repair.
kill_qemu()
{
    ensure_running
    kill -KILL "$(pid_of host qemu-system)"
    until_true 10 qemu_is_gone || fail 'a killed QEMU is still there'
    run 'up after: QEMU killed' "$rehearsal" up --name "$lab"
    grep -q 'up already, and whole' "$tmp/out" || fail 'up repaired a lab'
    step 'nothing to repair: QEMU killed'
}

# shellcheck disable=SC2329 # by until_true
qemu_is_gone() { [[ ! $(pid_of host qemu-system) ]]; }

#----------------------------------------------------------------------------

before=$(snapshot)
netns_mount=$(grep ' /run/netns ' /proc/mounts)
echo "RANDOM starts at $$"
RANDOM=$$

status_is "$lab" 3 'before up'
run 'up' "$rehearsal" up --name "$lab"
status_is "$lab" 0 'after up'
run 'up again' "$rehearsal" up --name "$lab"
grep -q 'up already, and whole' "$tmp/out" || fail 'up again did something'
step 'up, and up again'

[[ $(on host hostname; on backup hostname; on tester hostname) == \
    $'host\nbackup\ntester' ]] || fail 'the hostnames are not those'
[[ $(on host 'ssh backup hostname') == backup ]] ||
    fail 'host does not reach backup by ssh'
on host 'exit 7'
(($? == 7)) || fail 'an exit status is lost'
on host 'ls -d /proc/[0-9]* | wc -l' >"$tmp/out" || fail 'no processes inside'
(($(<"$tmp/out") < 10)) || fail 'processes of the real machine are seen inside'

run 'a second lab' "$rehearsal" up --name "$other"
status_is "$lab" 0 'with a second lab'
status_is "$other" 0 'beside the first'
[[ $(value net) != "$(sed -n 's/^  net: //p' \
    "/run/miglab/rehearsal/$other/lab.yaml")" ]] || fail 'one subnet, two labs'
step 'two labs'

ensure_running
until_true 60 grep -q 'vm login: ' "$tmp/serial" ||
    fail "no login prompt: $(tail -c 200 "$tmp/serial" | tr -d '\0')"
step 'guest at its login prompt'
run 'ssh to the guest, as the plan types it' \
    on host 'ssh -p 5555 127.0.0.1 true'
[[ $(on host 'ssh -p 5555 127.0.0.1 hostname') == vm ]] || fail 'not the guest'
on host 'screen -dmS mess cat'
[[ $(json "[m['ports']['3333'] for m in s['machines']]") == \
    '[True, False, False]' ]] || fail 'status does not see the monitor'
[[ $(pid_of host qemu-system) && $(pid_of host dpdk-testpmd) ]] ||
    fail 'no pids in status'
step 'ssh to the guest'

# A part of another machine is killed while QEMU runs on, and must survive up.
qemu=$(pid_of host qemu-system)
kill -KILL "$(init_of backup)"
repaired "backup's init killed"
kill -KILL "$(listener_of tester)"
repaired "tester's listener killed"
kill -STOP "$(listener_of backup)"
rm "$state/backup/sshd.pid"
repaired "backup's listener stopped, its pid file lost"
ip addr del "$(addr backup)/32" dev lo
repaired "backup's address deleted"
ip -n "miglab-$lab-switch" link del data-tester
repaired "tester's data link deleted"
[[ $(pid_of host qemu-system) == "$qemu" ]] ||
    fail 'QEMU did not survive the repairs'

roles=(host backup tester)
kinds=(init listener name switch qemu)
for round in 1 2 3; do
    role=${roles[RANDOM % 3]} kind=${kinds[RANDOM % 5]}
    case $kind in
    init) kill -KILL "$(init_of "$role")" ;;
    listener) kill -KILL "$(listener_of "$role")" ;;
    name) ip netns del "miglab-$lab-$role" ;;
    switch) ip netns del "miglab-$lab-switch" ;;
    qemu) kill_qemu && continue ;;
    esac
    repaired "at random, $round: $kind, $role"
done

ensure_running
# In mid-run: whatever runs now is left to down.
namespaces=$(lab_namespaces)
was=$(cat /proc/sys/vm/nr_hugepages)
echo $((was + 8)) >/proc/sys/vm/nr_hugepages
kill -KILL "$(init_of tester)"
rm -rf "$state/backup"
run 'down in mid-run' "$rehearsal" down --name "$lab"
run 'down of the second lab' "$rehearsal" down --name "$other"
run 'down twice' "$rehearsal" down --name "$lab"
status_is "$lab" 3 'after down'
# The last lab down puts the hugepages back; it need not be one of these.
! others_up || echo "$was" >/proc/sys/vm/nr_hugepages
# shellcheck disable=SC2086 # inodes, one a word
left=$(in_namespaces $namespaces)
[[ ! $left ]] || fail "processes are left: $left"
diff <(echo "$before") <(snapshot) >"$tmp/out" || fail 'something is left'
step 'down leaves nothing'

# As a reboot leaves it where /run is kept: a state, and no machine for it.
run 'up' "$rehearsal" up --name "$lab"
sed -i 's/^boot=.*/boot=another/' "$state/settings"
for role in host backup tester; do
    kill -KILL "$(init_of $role)"
done
run 'up after a reboot' "$rehearsal" up --name "$lab"
grep -q 'earlier boot' "$tmp/out" || fail 'up did not see the reboot'
status_is "$lab" 0 'after a reboot and up'
step 'a stale state'

# The state is lost, the machines live on: down finds them by their names.
namespaces=$(lab_namespaces)
rm -rf "$state"
run 'down without its state' "$rehearsal" down --name "$lab"
# shellcheck disable=SC2086
left=$(in_namespaces $namespaces)
[[ ! $left ]] || fail "processes are left: $left"
diff <(echo "$before") <(snapshot) >"$tmp/out" || fail 'something is left'
step 'down without its state leaves nothing'

others_up || [[ ! -e /run/miglab &&
    $(grep ' /run/netns ' /proc/mounts) == "$netns_mount" ]] ||
    fail 'what all labs share is left'
