#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Faults in the real lab: each comes to its verdict and its first cause, what
# tells why is saved before anything is undone, the lab is left as it was, and
# without the fault the case passes again. The three that pass under DTS always
# (a dead destination, a refused queue change, packets painted again), all of
# them three times with MIGLAB_LONG=1, MIGLAB_DRILLS="NAME ..." these.
lab_tools=python3
# shellcheck source=tests/e2e/lablib.sh
. "${top_srcdir:-.}/tests/e2e/lablib.sh" || exit 99
lab_begin d
lab_up
file=/run/miglab/rehearsal/$lab/lab.yaml
cp "$file" "$work/lab.yaml"

watchers() { grep -lsxz "MIGLAB_DRILL=$lab/.*" /proc/[0-9]*/environ; }
exits() { # CODE ARGS...: rehearsal ARGS ends so
    local code=$1 got
    shift
    rehearsal "$@" >"$work/out" 2>&1
    got=$?
    [ $got = "$code" ] || { fail "$*: exit $got"; cat "$work/out"; }
}

say 'put in and taken out by hand: seen, one at a time, and nothing is left'
exits 64 drill no-such-drill
exits 64 drill vectors-differ sideways
exits 0 drill vectors-differ on
exits 2 drill ethtool-refused on
exits 0 status
grep -q 'drill *vectors-differ' "$work/out" || fail 'status does not tell'
rehearsal status --json | grep -q '"drill":"vectors-differ"' ||
    fail 'status --json does not tell'
"$miglab" show virtio-net-split --lab "$lab" >"$work/out" 2>&1 ||
    fail 'show'
[ "$(grep -c 'vectors=4 ' "$work/out")" = 1 ] || fail 'the fault is not shown'
exits 0 up
exits 0 drill ethtool-refused off # it is not in: nothing happens
exits 0 drill vectors-differ off
cmp "$file" "$work/lab.yaml" || fail 'the lab has another file'
exits 0 drill migrate-cancelled on
[ -n "$(watchers)" ] || fail 'nobody watches'
exits 0 drill migrate-cancelled off
[ -z "$(watchers)" ] || fail 'somebody watches'

drill() { # NAME
    "$miglab" rehearsal drill run "$1" --name "$lab" >"$work/out" 2>&1 ||
        { fail "$1"; cat "$work/out"; }
    # The line, and what is not as expected.
    grep -A9 -E "^(NOT|as expected) $1 " "$work/out"
}
passes_again() { # NAME
    local case
    case=$(rehearsal drill "$1" | sed -n 's/^ *case *//p')
    "$miglab" run "$case" --lab "$lab" --headless >"$work/out" 2>&1 ||
        { fail "$case does not pass after $1"; cat "$work/out"; }
    grep '^PASS' "$work/out"
}

# The seconds are measured where nothing else runs: MIGLAB_LONG=1.
[ -n "${MIGLAB_LONG-}" ] || export MIGLAB_DRILL_SECONDS=60
drills=(vectors-differ ethtool-refused repainted-packets)
rounds=1
if [ -n "${MIGLAB_LONG-}" ]; then
    mapfile -t drills < <(rehearsal drill | cut -d ' ' -f 1)
    rounds=3
fi
[ -z "${MIGLAB_DRILLS-}" ] || read -ra drills <<<"$MIGLAB_DRILLS"
for name in "${drills[@]}"; do
    say "$name"
    for ((round = 1; round <= rounds; round++)); do
        drill "$name"
        if [ "$name" = repainted-packets ]; then
            run=$(sed -n 's/^evidence //p' "$work/out")
            painted=$(grep -c '\[H.*\[2J.* IP localhost' \
                "$run/panes/backup-guest.cast")
            [ "$painted" -gt 3 ] || fail "only $painted repaints"
            # Not only the ports' counters: the step itself is not fooled.
            grep -q 'because step .* expected backup-guest.rx.packets grows' \
                "$work/out" || fail 'packets that are painted again pass a step'
        fi
    done
    [ $rounds = 1 ] || passes_again "$name"
done
[ $rounds != 1 ] || passes_again "$name"
cmp "$file" "$work/lab.yaml" || fail 'the lab has another file at the end'

say 'down with a drill in ends its watcher'
exits 0 drill migrate-cancelled on
exits 0 down
[ -z "$(watchers)" ] || fail 'a watcher is left'
say 'done'
exit $failed
