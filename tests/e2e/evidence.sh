#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The evidence of a run holds: when the disk is full, the clock jumps, the
# process is killed; and no secret is in it. MIGLAB_LONG=1: 50 kills.
# A disk of its own needs root, and is nobody else's.
if [ "$(id -u)" = 0 ] && [ -z "${MIGLAB_UNSHARED:-}" ] &&
    unshare -m true 2>/dev/null; then
    MIGLAB_UNSHARED=1 exec unshare -m "$0"
fi
command -v python3 >/dev/null || { echo 'python3 is missing'; exit 77; }
# shellcheck source=tests/e2e/runlib.sh
. "${top_srcdir:-.}/tests/e2e/runlib.sh" || exit 99
run_dir() { echo "$runs"/*; }
forget() { rm -rf "$work/state"; }

cat >"$work/data/labs/hushed.yaml" <<END
lab: hushed
extends: here
secrets: [CANARY]
END
# new_case NAME <<ACTIONS: five steps of these actions.
new_case() {
    local actions n
    actions=$(cat)
    {
        printf 'case: %s\ntitle: %s\njudge: steps\nsteps:\n' "$1" "$1"
        for n in 1 2 3 4 5; do
            printf '  - step: Number %s\n    plan: "%s"\n' $n $n
            printf '    pane: host-shell\n    do:\n%s\n' "$actions"
        done
    } >"$work/data/cases/$1.yaml"
}
new_case plain <<<'      - {send: "echo one", expect: "^one$"}'
new_case floods <<<'      - {send: "head -c 3000000 /dev/zero | tr \\0 x; echo"}'
# shellcheck disable=SC2016 # miglab's variable
new_case tells <<<'      - {send: "echo ${CANARY}.", expect: "^<secret>[.]$"}'

# Every line of the evidence is whole, and no stamp runs backwards.
whole() {
    python3 - "$(run_dir)" <<'END' || fail "$1: the evidence"
import glob, json, sys
for path in [sys.argv[1] + "/journal.jsonl"] + \
        glob.glob(sys.argv[1] + "/panes/*.cast"):
    text = open(path).read()
    assert text.endswith("\n"), path + ": its last line is torn"
    rows = [json.loads(line) for line in text.splitlines()]
    if path.endswith(".jsonl"):
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        times = [row["t"] for row in rows]
        assert all(row.get("seconds", 0) >= 0 for row in rows), "durations"
        days = {row["ts"][:10] for row in rows}
        print("#", len(rows), "records on", len(days), "days")
    else:
        times = [row[0] for row in rows[1:]]
        assert times == sorted(times), path + ": time runs backwards"
    assert all(time >= 0 for time in times), path
END
}

# doc/reliability.md 9: no run where others could swap its folder, or through a link.
unsafe() {
    timeout 60 "$miglab" run plain --lab here --headless >"$work/out" 2>&1 &&
        fail "$1"
    grep -q 'is not a folder that only you' "$work/out" ||
        { fail "$1"; cat "$work/out"; }
}
mkdir -p "$runs"
chmod 777 "$runs"
unsafe 'a folder that all can write to'
[ -z "$(ls "$runs")" ] || fail 'written into it'
forget
mkdir -p "$work/state/miglab" "$work/elsewhere"
ln -s "$work/elsewhere" "$runs"
unsafe 'a folder that is a link'
[ -z "$(ls "$work/elsewhere")" ] || fail 'written elsewhere'
forget
(umask 0 && timeout 60 "$miglab" run plain --lab here --headless) >"$work/out" ||
    { fail 'a wide umask'; cat "$work/out"; }
find "$(run_dir)" -perm /077 | grep . && fail 'others can look at it'
forget

# doc/reliability.md 12: a full disk ends the run as an error, soon.
full() { # NAME COMMAND...
    local name=$1 code full_at over_at
    shift
    "$@" >"$work/out" 2>&1
    code=$?
    over_at=$(date +%s%N)
    full_at=$(date +%s%N -r "$(run_dir)/panes/host-shell.cast")
    echo "# $name: over $(((over_at - full_at) / 1000000)) ms behind the last byte"
    if [ $code != 2 ] || ! grep -q 'recording failed' "$work/out"; then
        fail "$name: exit code $code"
        tail -n 20 "$work/out"
    fi
    [ $((over_at - full_at)) -lt 1000000000 ] || fail "$name: it took too long"
    [ "$(stat -c %s "$(run_dir)/panes/host-shell.cast")" -gt 100000 ] ||
        fail "$name: it was not full"
    whole "$name"
}
# shellcheck disable=SC2016 # words of the inner shell
full 'file size limit' bash -c 'ulimit -f 256; exec timeout 60 "$0" run floods \
    --lab here --headless' "$miglab"
forget
if [ -n "${MIGLAB_UNSHARED:-}" ]; then
    mkdir -p "$work/state"
    mount -t tmpfs -o size=256k none "$work/state" || fail 'no tmpfs'
    full 'full disk' timeout 60 "$miglab" run floods --lab here --headless
    umount "$work/state"
    forget
fi

# doc/reliability.md 19: the wall clock jumps at each look, and only labels change.
cat >"$work/jump.c" <<'END'
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int
clock_gettime(clockid_t id, struct timespec *now)
{
    static const long jumps[] = { 0, 3 * 86400, -3600 };
    static unsigned looks;
    int rc = (int)syscall(SYS_clock_gettime, id, now);

    if (id == CLOCK_REALTIME)
        now->tv_sec += jumps[looks++ % 3];
    return rc;
}
END
if ${CC:-cc} -shared -fPIC -o "$work/jump.so" "$work/jump.c" 2>"$work/cc"; then
    ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
        LD_PRELOAD=$work/jump.so timeout 60 \
        "$miglab" run plain --lab here --headless >"$work/out" 2>&1 ||
        { fail 'a clock that jumps'; cat "$work/out"; }
    whole 'a clock that jumps' | tee "$work/days"
    grep -qE 'on [23] days' "$work/days" || fail 'the clock did not jump'
    forget
else
    cat "$work/cc"
fi

# doc/reliability.md 8: a secret is used, and is nowhere.
CANARY=canary-6d1f timeout 60 "$miglab" run tells --lab hushed --headless \
    >"$work/out" 2>&1 || { fail 'a secret'; cat "$work/out"; }
grep -qr 'echo <secret>' "$(run_dir)/journal.jsonl" || fail 'no mask'
grep -q '<secret>[.]' "$(run_dir)/panes/host-shell.cast" || fail 'no mask'
grep -rl canary-6d1f "$work"/{state,out,runtime} && fail 'a secret was kept'
timeout 60 "$miglab" rejudge "$(run_dir)" >"$work/out" 2>&1 ||
    { fail 'a masked run is not rejudged'; cat "$work/out"; }
timeout 60 "$miglab" run tells --lab hushed --headless >"$work/out" 2>&1
code=$?
if [ $code != 65 ] ||
    ! grep -q 'CANARY is not in the environment' "$work/out"; then
    fail "a secret that is not given: $code"
    cat "$work/out"
fi
forget

# doc/reliability.md 8: while it runs nobody sees it in /proc either.
mkfifo "$work/lines"
CANARY=canary-6d1f timeout 60 "$miglab" run tells --lab hushed --headless \
    >"$work/lines" 2>&1 &
exec 3<"$work/lines"
read -r -u 3 _
for process in /proc/[0-9]*; do
    grep -aq canary-6d1f "$process/cmdline" 2>/dev/null &&
        fail "$process/cmdline"
    [ "$(readlink "$process/exe")" = "$(readlink -f "$miglab")" ] &&
        grep -aq canary-6d1f "$process/environ" && fail "$process/environ"
done
cat <&3 >"$work/out"
exec 3<&-
wait
forget

# doc/reliability.md 13: killed anywhere, a run opens, and nothing in it is torn.
kills=${MIGLAB_LONG:+50}
for ((round = 1; round <= ${kills:-4}; round++)); do
    "$miglab" run plain --lab here --headless >"$work/lines" 2>&1 &
    exec 3<"$work/lines"
    for ((n = RANDOM % 6; n >= 0; n--)); do
        read -r -u 3 _ || break
    done
    kill -9 $!
    wait $! 2>/dev/null
    exec 3<&-
    if ! "$miglab" runs >"$work/out" 2>&1 || ! grep -q here "$work/out"; then
        fail 'runs'
        cat "$work/out"
    fi
    timeout 60 "$miglab" rejudge "$(run_dir)" >"$work/out" 2>&1
    code=$?
    # It may have been killed before its verdict, and then says so.
    [ $code -lt 64 ] || grep -q 'the run has no verdict' "$work/out" || { fail "rejudge: $code"; cat "$work/out"; }
    whole "kill -9, $round"
    forget
done
exit $failed
