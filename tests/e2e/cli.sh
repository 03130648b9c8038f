#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Whatever is shipped is right, and every command tells about itself: without
# a lab, by exit codes.
top_builddir=$(cd "${top_builddir:-.}" && pwd)
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
miglab=$top_builddir/miglab
[ -x "$miglab" ] || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export MIGLAB_DATA=$top_srcdir XDG_STATE_HOME=$work/state
export XDG_CONFIG_HOME=$work/config
failed=0

# expect CODE WORDS ARGS...: the exit code, and the words in what is said.
expect() {
    local code=$1 words=$2 got
    shift 2
    "$miglab" "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    if [ $got -ne "$code" ] || ! grep -qF -- "$words" "$work/out"; then
        echo "FAIL miglab $*: exit $got, not $code, or no '$words'"
        sed 's/^/    /' "$work/out"
        failed=1
    fi
}

shopt -s nullglob
files=("$top_srcdir"/{labs,panes,layouts,cases,cases/steps}/*.yaml)
[ ${#files[@]} -ge 20 ] || { echo "FAIL only ${#files[@]} files"; failed=1; }
for file in "${files[@]}"; do
    expect 0 '1 file, 0 errors' lint "$file"
done
expect 0 "${#files[@]} files, 0 errors" lint
echo "ok lint of ${#files[@]} files"

cases=0
for lab in "$top_srcdir"/labs/*.yaml; do
    lab=$(basename "$lab" .yaml)
    for case in "$top_srcdir"/cases/*.yaml; do
        grep -q '^case:' "$case" || continue
        case=$(basename "$case" .yaml)
        expect 0 "on lab $lab" show "$case" --lab "$lab"
        expect 0 '"steps"' show "$case" --lab "$lab" --json
        python3 -m json.tool <"$work/out" >/dev/null ||
            { echo "FAIL show $case --json"; failed=1; }
        cases=$((cases + 1))
    done
done
[ $cases -gt 0 ] || { echo 'FAIL no case was shown'; failed=1; }
echo "ok show of $cases cases"

expect 0 'Commands:' help
expect 0 'Commands:' --help
for word in --version -V version; do
    expect 0 'miglab 0' "$word"
done
expect 64 'Commands:'
mapfile -t commands < <("$miglab" help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ ${#commands[@]} -ge 8 ] || { echo 'FAIL help names few commands'; failed=1; }
for command in "${commands[@]}"; do
    expect 0 "usage: miglab $command" help "$command"
    expect 0 "usage: " "$command" --help
    grep -q "$command" "$work/out" ||
        { echo "FAIL $command --help is about something else"; failed=1; }
done
echo "ok help of ${#commands[@]} commands"

expect 0 'unfinished' runs --help
expect 64 'there is no command "nonsense"' nonsense
expect 64 'there is no command "nonsense"' help nonsense
for command in run show rejudge teardown; do
    expect 64 'something is missing' "$command"
done
expect 64 'that is too much' runs x
expect 64 "miglab runs: unrecognized option '--bogus'" runs --bogus
"$miglab" help rehearsal >"$work/help"
if ! "$miglab" rehearsal up --help | cmp - "$work/help"; then
    echo 'FAIL rehearsal --help is not help rehearsal'
    failed=1
fi
expect 65 'there is no such case' show nonsense
expect 65 'there is no such lab' show virtio-net-split --lab nonsense
expect 65 'cannot open the run' teardown nonsense
expect 65 'cannot open the run' rejudge nonsense
expect 65 'cannot open it' lint "$work/nonsense.yaml"
expect 0 'there is no run yet' runs

# Names are the files' own, and there must be something to check.
sed 's/^lab: rehearsal/lab: other/' "$top_srcdir/labs/rehearsal.yaml" \
    >"$work/mine.yaml"
expect 65 'mine.yaml:6:6: lab: must be the file'"'"'s name, "mine", not "other"' \
    lint "$work/mine.yaml"
cp "$top_srcdir/cases/virtio-net-split.yaml" "$work/mine.yaml"
expect 65 'case: must be the file'"'"'s name, "mine", not "virtio-net-split"' \
    lint "$work/mine.yaml"
MIGLAB_DATA=/nosuch expect 65 "in $work/config/miglab and /nosuch" lint
expect 0 '[]' runs --json
echo 'ok mistakes have their exit codes'
exit $failed
