#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The measured flow against ground truth: what the switch's ports saw of it is
# what miglab says; so does its recording, judged again. Once, for case 3; with
# MIGLAB_LONG=1 five times each for cases 1 and 3.
lab_tools='tcpdump python3'
# shellcheck source=tests/e2e/lablib.sh
. "${top_srcdir:-.}/tests/e2e/lablib.sh" || exit 99
captures=()
# shellcheck disable=SC2317 # by lab_give_back
give_back_before() {
    [ ${#captures[@]} = 0 ] || kill "${captures[@]}" 2>/dev/null
}
lab_begin g
switch=miglab-$lab-switch
lab_up
# The VM sends everything back. The switch must not learn from that where the
# flow's address is: it would keep the old port, which is another test.
for port in data-host data-backup; do
    ip -n "$switch" link set "$port" type bridge_slave learning off ||
        fail "learning of $port"
done

# How the VM sends each packet back: testpmd by macswap, the kernel as the
# answer to an echo request.
pmd=(--set guest_fwd=macswap)
net=(--set tester_dst_mac=52:54:00:00:00:01
    --set 'flow_ip=IP(src="10.77.255.9", dst="10.77.255.1")'
    --set 'flow_udp=ICMP()'
    --set 'guest_if_up=ifconfig eth0 10.77.255.1 netmask 255.255.255.0 up && ip neigh add 10.77.255.9 lladdr 02:00:00:00:00:04 nud permanent dev eth0')

# What comes into the switch by a port, until captures_end.
capture() { # PORT
    local pid
    : >"$work/$1.said"
    ip netns exec "$switch" tcpdump -q -Z root -i "data-$1" -Q in -s 64 -B 8192 -U \
        --immediate-mode -w "$work/$1.pcap" 2>"$work/$1.said" &
    pid=$!
    captures+=("$pid")
    until grep -q 'listening on' "$work/$1.said"; do
        kill -0 "$pid" 2>/dev/null || { fail "no capture of $1"; return; }
        read -rt 0.05 <> <(:)
    done
}
captures_end() {
    kill "${captures[@]}" # a job's SIGINT would be ignored
    wait "${captures[@]}"
    captures=()
    # "0 packets dropped by kernel" in each of them, or the truth is none.
    [ "$(grep -h 'dropped by kernel' "$work"/{tester,host,backup}.said |
        grep -c '^0 ')" = 3 ] || fail 'the captures are not whole'
}

# For whoever looks at it later; MIGLAB_KEEP names a folder.
keep_evidence() {
    [ -z "${MIGLAB_KEEP-}" ] || cp -r "$work/state/miglab/runs" "$MIGLAB_KEEP"
}

one() { # CASE ARGS...
    local case=$1 port run
    shift
    for port in tester host backup; do capture $port; done
    "$miglab" run "$case" --lab "$lab" --headless --set traffic=measured \
        "$@" >"$work/out" 2>&1 ||
        { fail "$case"; cat "$work/out"; keep_evidence; }
    captures_end
    run=$(sed -n 's/^evidence //p' "$work/out")
    python3 "$top_srcdir/tests/e2e/gap-truth.py" "$case" \
        "$run" "$work"/{tester,host,backup}.pcap ||
        { fail "$case: the switch saw something else"
          sed -n '/^PASS\|^FAIL/,$p' "$work/out"; }
    # All of its figures, word for word.
    "$miglab" rejudge "$run" >"$work/again" 2>&1 || fail 'rejudge'
    diff <(sed -n '/^  packets/,/^evidence/{/^evidence/!p}' "$work/out") \
        <(sed -n '/^  packets/,$p' "$work/again") || fail 'judged again'
}

echo '| case | packets/s | sent: switch / miglab | received | lost | unanswered | longest gap ms | interval ms | downtime ms | total ms | verdict |'
echo '|---|---|---|---|---|---|---|---|---|---|---|'
rounds=1
[ -z "${MIGLAB_LONG-}" ] || rounds=5
for ((round = 1; round <= rounds; round++)); do
    one virtio-net-split "${net[@]}"
done
[ -z "${MIGLAB_LONG-}" ] || for ((round = 1; round <= rounds; round++)); do
    one virtio-pmd-split "${pmd[@]}"
done
grep -E '^  (packets|the gap|QEMU|no|total)' "$work/out"
say 'done'
exit $failed
