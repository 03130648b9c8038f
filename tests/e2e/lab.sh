#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The real lab: case 3 passes, is judged again to the same, fails when it must,
# is an error when the lab breaks; and nothing is left behind. With
# MIGLAB_LONG=1 it passes ten times in a row.
# shellcheck source=tests/e2e/lablib.sh
. "${top_srcdir:-.}/tests/e2e/lablib.sh" || exit 99
lab_begin c
state=/run/miglab/rehearsal

# What must be the same before and after. What bears another lab's name comes
# and goes, and so do others' runs.
snapshot() {
    local runs=$work/state/miglab/runs
    {
        ip netns
        ip -o link | sed 's/^[0-9]*: //' | cut -d' ' -f1
        ip -o -4 addr | sed 's/^[0-9]*: //'
        awk '$2 != "/run/netns" {print $2, $3}' /proc/mounts
        cat /proc/sys/vm/nr_hugepages
        find /sys/fs/cgroup -maxdepth 2 -name '*miglab*'
    } | awk -v own="(miglab-|lo:)$lab" '!/miglab-|lo:[a-z0-9-]/ || $0 ~ own' |
        sort
    grep -lzaE "^MIGLAB_[A-Z]*=$lab/" /proc/[0-9]*/environ 2>/dev/null
    find "$runs" -mindepth 1 -maxdepth 1 -printf 'MIGLAB_RUN=%f\n' \
        >"$work/runs" 2>/dev/null
    grep -lzxFf "$work/runs" /proc/[0-9]*/environ 2>/dev/null
}
snapshot >"$work/before"

# run CODE TEXT... -- ARGS...: case 3, or $case; its exit code and words must come.
run() {
    local code=$1 got text words=()
    shift
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    shift
    "$miglab" run "${case:-virtio-net-split}" --lab "$lab" --headless "$@" \
        >"$work/out" 2>&1
    got=$?
    check_words "$code" "$got" "${words[@]}"
}
check_words() {
    local code=$1 got=$2 text bad=''
    shift 2
    [ "$got" = "$code" ] || bad="exit $got, not $code"
    for text in "$@"; do
        grep -qE -- "$text" "$work/out" || bad="$bad; no '$text'"
    done
    if [ -n "$bad" ]; then
        fail "$bad"
        sed 's/^/    /' "$work/out"
    fi
}

# during PATTERN COMMAND...: start case 3; when the journal's first record
# that matches is written, run the command; wait for the end.
during() {
    local pattern=$1 pid journal
    shift
    "$miglab" run virtio-net-split --lab "$lab" --headless \
        >"$work/out" 2>&1 &
    pid=$!
    until journal=$(find "$work/state/miglab/runs" -newer "$work/mark" \
        -name journal.jsonl 2>/dev/null) && [ -n "$journal" ]; do
        kill -0 $pid 2>/dev/null || break
        read -rt 0.05 <> <(:)
    done
    tail -n +1 -F --pid=$pid "$journal" 2>/dev/null |
        grep -qm 1 -- "$pattern"
    "$@"
    wait $pid
}
# shellcheck disable=SC2317 # by during
machine_pids() { # ROLE PATTERN: the pids here of a machine's processes
    local pid
    for pid in $(ip netns pids "miglab-$lab-$1"); do
        # shellcheck disable=SC2254 # a pattern
        case $(cat "/proc/$pid/comm" 2>/dev/null) in $2) echo "$pid" ;; esac
    done
}
# A machine's listener, its sessions (sshd, or sshd-session since OpenSSH 9.8)
# and all that descends from them, parents first.
# shellcheck disable=SC2317 # by during
session_pids() { # ROLE
    {
        cut -d ' ' -f 1 "$state/$lab/$1/sshd.pid"
        machine_pids "$1" 'sshd*'
        echo --
        ps -eo pid=,ppid=
    } | awk '
        !tree { if ($1 == "--") tree = 1; else root[++roots] = $1; next }
        { children[$2] = children[$2] " " $1 }
        END {
            for (i = 1; i <= roots; i++) {
                if (seen[root[i]]++) continue
                print root[i]
                n = split(children[root[i]], below)
                for (j = 1; j <= n; j++) root[++roots] = below[j]
            }
        }'
}

lab_up

case_passes() {
    say 'case 3 passes'
    run 0 '^PASS virtio-net-split' '11 passed, 0 failed, 0 errors, 6 skipped' \
        'rings over *dirty logging was on' 'ring 0 continues' --
    cat "$work/out"
}
judged_again() {
    local begun took
    begun=$(date +%s%N)
    "$miglab" rejudge last >"$work/out" 2>&1 || fail 'rejudge'
    took=$((($(date +%s%N) - begun) / 1000000))
    grep -q 'pass, as it was judged' "$work/out" ||
        { fail 'rejudged'; cat "$work/out"; }
    [ $took -lt 5000 ] || fail 'rejudge is slow'
    say "the same verdict from its recording in $took ms, without the lab"
}
rounds=1
[ -z "${MIGLAB_LONG-}" ] || rounds=10
last_run() {
    find "$work/state/miglab/runs" -name journal.jsonl -printf '%T@ %h\n' |
        sort -n | tail -n 1 | cut -d' ' -f2
}
versions() { # the testpmd of each node is in the journal
    local text
    text=$(grep -o '"ev":"versions".*' "$(last_run)/journal.jsonl")
    [ "$(grep -c 'qemu QEMU emulator version.*testpmd .*DPDK [0-9]' \
        <<<"$text")" = 3 ] || fail "versions: $text"
}
for ((round = 1; round <= rounds; round++)); do
    case_passes
    judged_again
done
versions

# What the others have beyond case 3: a testpmd in the guest, vhost ports that
# are started late, packed rings, queues that change. All with MIGLAB_LONG.
cases=(virtio-pmd-packed-late virtio-net-packed-queues)
[ -z "${MIGLAB_LONG-}" ] ||
    cases=(virtio-{pmd-{split,packed}{,-late},net-{split,packed}{,-queues}})
for case in "${cases[@]}"; do
    say "$case passes"
    case $case in
    *-queues) run 0 '^PASS' 'queues on the backup 4 .*8 at the stop' -- ;;
    *) run 0 '^PASS' -- ;;
    esac
    tail -n 4 "$work/out"
    judged_again
done
case=

say 'a queue change that is refused: fail, whatever the migration says'
case=virtio-net-split-queues
run 1 '^FAIL' 'because step [0-9]+: exit status 1, not 0' -- \
    --set queues=5
grep -E '^FAIL|because' "$work/out"
case=

say 'the backup QEMU is killed right behind migrate -d: fail, with the reason'
touch "$work/mark"
# shellcheck disable=SC2317,SC2046 # by during; each pid is a word
kill_backup() { kill -9 $(machine_pids backup qemu-system-x86); }
during '"text":"migrate -d' kill_backup
check_words 1 $? '^FAIL virtio-net-split' 'because step (14|15)' \
    '(failed|ended the connection|Broken pipe|reset)'
grep -E '^FAIL|because' "$work/out"
"$miglab" rejudge last >"$work/rejudged" 2>&1
grep -q 'fail, as it was judged' "$work/rejudged" ||
    { fail 'rejudge of the failure'; cat "$work/rejudged"; }

say 'source completed, destination dead: its device has other features'
run 1 '^FAIL' 'because step 15: .*the far end ended' \
    '2 destination running .*backup monitor is gone' \
    'Failed to load|unsupported' \
    '1 source completed .*source completed' -- \
    --set backup.virtio_options=,vectors=0,mrg_rxbuf=off
grep -E '^FAIL|because|2 destination' "$work/out"

say 'a wrong destination MAC from the tester: fail, no packets arrive'
run 1 '^FAIL' 'step 13: expected host-guest.rx.packets grows' -- \
    --set tester_dst_mac=02:00:00:00:00:04
grep -E '^FAIL|because' "$work/out"

say "the host's sshd, its sessions and their shells are killed in mid-run:" \
    'error, not fail'
touch "$work/mark"
# shellcheck disable=SC2317,SC2046 # by during; each pid is a word
kill_sshd() { kill -9 $(session_pids host); }
during '"title":"Packets from the tester"' kill_sshd
check_words 2 $? '^ERROR' 'the link was lost'
grep -E '^ERROR|because' "$work/out"
"$miglab" rehearsal up --name "$lab" >/dev/null 2>&1 || fail 'repair'
"$miglab" teardown last >"$work/out" 2>&1 || { fail 'teardown'; cat "$work/out"; }

say 'after all that it passes again'
run 0 '^PASS' --

testpmds() { # how many run, on host and backup
    { machine_pids host dpdk-testpmd; machine_pids backup dpdk-testpmd; } |
        wc -l
}
keeper_lives() { # RUN
    local pid
    pid=$(sed -n 's/.*"ev":"kept".*"keeper":\([0-9]*\).*/\1/p' \
        "$1/journal.jsonl")
    grep -q '^State:.[^ZX]' "/proc/${pid:-none}/status" 2>/dev/null
}
ended() { # SECONDS COMMAND...: it fails before they are over
    local deadline=$((SECONDS + $1))
    shift
    while "$@"; do
        [ $SECONDS -lt $deadline ] || return 1
        read -rt 0.1 <> <(:)
    done
}
some_testpmd() { [ "$(testpmds)" -gt 0 ]; }
# shellcheck disable=SC2317 # by ended
both_testpmds() { [ "$(testpmds)" = 2 ]; }

say 'a lab that is kept goes on without miglab, until its teardown'
run 75 'the lab is left as it is' -- --keep --until 'VM on the backup'
ended 4 both_testpmds && fail "testpmd ended with miglab: $(testpmds) live"
kept=$(last_run)
keeper_lives "$kept" || fail 'no keeper'
run 2 '^ERROR' "run ${kept##*/} still has processes here \(.*dpdk-testpmd" -- \
    --until 'Vhost testpmd on the host'
"$miglab" teardown "$kept" >"$work/out" 2>&1 || fail 'teardown of what was kept'
grep -q "0 failed, .* 0 left; its consoles' keeper is ended" "$work/out" ||
    { fail 'teardown of what was kept'; cat "$work/out"; }
ended 5 keeper_lives "$kept" || fail 'the keeper is left'
some_testpmd && fail 'testpmd is left'

say 'a keeper ends with the machines it leads to'
run 75 'the lab is left as it is' -- --keep --until 'Vhost testpmd on the host'
kept=$(last_run)
some_testpmd || fail 'testpmd is not kept'
keeper_lives "$kept" || fail 'no keeper'

say 'down leaves nothing'
"$miglab" rehearsal down --name "$lab" >"$work/out" 2>&1 ||
    { fail 'down'; cat "$work/out"; }
ended 5 keeper_lives "$kept" || fail 'a keeper is left'
snapshot >"$work/after"
diff -u "$work/before" "$work/after" || fail 'something is left'
say 'done'
exit $failed
