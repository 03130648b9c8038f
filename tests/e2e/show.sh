#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# miglab show: every case that is shipped, as text and as JSON.
top_builddir=$(cd "${top_builddir:-.}" && pwd)
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
miglab=$top_builddir/miglab
[ -x "$miglab" ] || exit 99
command -v python3 >/dev/null || { echo 'python3 is missing'; exit 77; }
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export MIGLAB_DATA=$top_srcdir XDG_CONFIG_HOME=$work
failed=0

fail() { echo "FAIL $*"; failed=1; }

for file in "$top_srcdir"/cases/*.yaml; do
    name=$(basename "$file" .yaml)
    grep -q '^case:' "$file" || continue
    "$miglab" show "$name" >"$work/text" || fail "show $name: exit $?"
    "$miglab" show --json "$name" >"$work/json" ||
        fail "show --json $name: exit $?"
    python3 - "$name" "$work/json" <<'END' || fail "show --json $name"
import json, sys
case = json.load(open(sys.argv[2]))
assert case["case"] == sys.argv[1], case
assert case["lab"] == "rehearsal", case
assert len(case["steps"]) > 0
assert all(step["actions"] for step in case["steps"])
END
    echo "ok $name"
done

# A --set that nothing uses is told, also for one node; one that is used, or
# that only another case uses, is not.
expect_set() { # SET TEXT
    "$miglab" show virtio-net-split --set "$1" >/dev/null 2>"$work/err" ||
        fail "show --set $1: exit $?"
    if [ -n "$2" ] && ! grep -qF -- "$2" "$work/err" ||
        [ -z "$2" ] && [ -s "$work/err" ]; then
        fail "show --set $1"
        cat "$work/err"
    fi
}
expect_set memroy=1 '--set: warning: nothing uses memroy; did you mean memory?'
expect_set host.imgae=1 'nothing uses host.imgae; did you mean host.image?'
expect_set nosuch=1 'nothing uses nosuch: no lab, case or step has it'
expect_set memory=1024 ''
expect_set mq_vectors=1 ''
expect_set tester.tester_port=p1 ''
echo 'ok --set'
exit $failed
