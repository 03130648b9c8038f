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
exit $failed
