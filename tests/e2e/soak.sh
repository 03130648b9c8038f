#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Several runs in a row on consoles of this machine, without any lab: a line a
# run and a summary, what ends them and what does not, and the styles of exit
# codes, git bisect's by git itself.
# shellcheck source=tests/e2e/runlib.sh
. "${top_srcdir:-.}/tests/e2e/runlib.sh" || exit 99
echo '- {probe: "true", node: host}' >"$work/data/cases/salvage.yaml"

# new_case NAME PLAN ACTION [UNDO [UNLESS]]: a case of one step; plan 0: none.
new_case() {
    {
        printf '%s\n' "case: $1" "title: $1" 'judge: steps'
        [ "$2" = 0 ] || echo "plan: $2"
        printf '%s\n' 'steps:' '- step: One' '  plan: "1"' \
            '  pane: host-shell' "  do: [$3]" "  undo: [${4-}]"
        [ -z "${5-}" ] || echo "  unless: $5"
    } >"$work/data/cases/$1.yaml"
}

# expect CODE TEXT... -- ARGS...: the exit code, and a line like each text.
expect() {
    local code=$1 got texts=()
    shift
    while [ "$1" != -- ]; do texts+=("$1"); shift; done
    shift
    timeout 60 "$miglab" run --lab here --headless "$@" >"$work/out" 2>&1
    got=$?
    [ "$got" = "$code" ] || fail "$*: exit $got, not $code"
    said "$*" "${texts[@]}" && [ "$got" = "$code" ] && echo "ok $* ($code)"
}
said() { # WHAT TEXT...
    local what=$1 text bad=0
    shift
    for text in "$@"; do
        grep -qE -- "$text" "$work/out" && continue
        fail "$what: no line like '$text'"
        bad=1
    done
    [ $bad = 0 ] || sed 's/^/    /' "$work/out"
    return $bad
}
count() { find "$runs" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l; }
saved() { # the file of the soak that ended last
    find "$work/state/miglab/soaks" -name '*.json' -printf '%T@ %p\n' |
        sort -n | tail -n 1 | cut -d ' ' -f 2
}
# until_there FILE: wait for it, not for ever.
until_there() {
    local deadline=$((SECONDS + 30))
    while [ ! -e "$1" ] && [ $SECONDS -lt $deadline ]; do
        read -rt 0.05 <> <(:)
    done
}

new_case passes 3 '{send: "true"}'
new_case also-passes 2 '{send: "true"}'
# Its third run fails, its fourth is an error.
new_case varies 1 "{send: \"echo >>$work/rounds; case \$(wc -l <$work/rounds)\
 in 3) false;; 4) no-such-tool;; esac\"}"

# A failure ends nothing; each run is kept, and told where.
expect 2 '^1/5 +varies +. pass ' '^3/5 +varies +. fail ' \
    '^ +step 1: exit status 1, not 0' "^ +$runs/.*-varies" \
    '^4/5 +varies +. error ' '^5/5 +varies +. pass ' \
    '^3 of 5 passed on here in [0-9]' '^not passed:' \
    '^varies +5 +3 +1 +1 +0 +60.0 %' '^varies +- +- +- +-$' \
    '^soak .*/soaks/.*-varies-[0-9a-f]*.json$' -- varies --repeat 5
[ "$(count)" = 5 ] || fail "$(count) runs are kept, not 5"
[ "$(grep -c '^[0-9]/5' "$work/out")" = 7 ] || fail 'not a line a run'
kept=$(grep -cE "^[34]/5.* $runs/" "$work/out")
[ "$kept" = 2 ] || fail "$kept of 2 are told with their paths"
while read -r path; do
    grep -qE '"ev":"verdict","verdict":"(fail|error)"' "$path/journal.jsonl" ||
        fail "no evidence at $path"
done < <(grep -E '^[34]/5.*/' "$work/out" | sed 's/.* //')
python3 -c '
import json, os, sys
soak = json.load(open(sys.argv[1]))
assert soak["v"] == 1 and soak["lab"] == "here" and soak["planned"] == 5
assert "stopped" not in soak
row, = soak["cases"]
assert (row["runs"], row["passed"], row["failed"], row["errors"],
        row["pass_rate"]) == (5, 3, 1, 1, 0.6), row
verdicts = [run["verdict"] for run in soak["runs"]]
assert verdicts == ["pass", "pass", "fail", "error", "pass"], verdicts
for run in soak["runs"]:
    assert os.path.isdir(os.path.join(sys.argv[2], run["run"])), run
' "$(saved)" "$runs" || fail 'what was saved'
[ "$(stat -c %a "$(saved)")" = 600 ] || fail 'mode of the file'

# Round by round, in the order they are named.
expect 0 '^1/4 +passes ' '^2/4 +also-passes ' '^3/4 +passes ' \
    '^4/4 +also-passes ' '^4 of 4 passed' '^all +4 +4 +0 +0 +0 +100.0 %' \
    -- passes also-passes --repeat 2
# All of them, in the plan's order; what cases share is no case.
rm "$work/data/cases/varies.yaml"
new_case also-unplanned 0 '{send: "true"}'
expect 0 '^PASS also-passes' '^PASS passes' '^PASS also-unplanned' \
    '^3 of 3 passed' '^passes +1 +1 +0' -- --all
[ "$(grep -o '^PASS [a-z-]*' "$work/out" | tr '\n' ' ')" = \
    'PASS also-passes PASS passes PASS also-unplanned ' ] ||
    fail 'the order of --all'

# One run alone is no soak, and says what it always said.
expect 0 '^PASS passes' -- passes
grep -q 'of 1 passed\|^soak' "$work/out" && fail 'a summary of one run'

# What is wrong is told before anything is run.
before=$(count)
expect 64 'something is missing: a CASE, or --all' --
expect 64 '--all is every case' -- --all passes
expect 64 '"0" is not 1 to 10000' -- passes --repeat 0
expect 64 '"ten" is not 1 to' -- passes --repeat ten
expect 64 '--keep leaves no lab' -- passes --repeat 2 --keep
expect 64 '"git" is not plain, automake or bisect' -- passes --exit-style git
[ "$(count)" = "$before" ] || fail 'something was run'

# A lab that is left dirty, or has another run's processes, ends it.
new_case dirty 9 '{send: "true"}' '{probe: "rm never"}'
expect 2 '^1/9 +dirty +. pass ' '^stopped behind run 1 of 9: it left the lab' \
    'miglab teardown .*-dirty' -- dirty --repeat 9
grep -q '"stopped": "it left the lab dirty' "$(saved)" ||
    fail 'why it stopped is not saved'
expect 2 'stopped behind run 1 of 2: it left the lab dirty' -- dirty passes
new_case busy 9 '{send: "sleep 1009 &"}'
expect 75 'the lab is left as it is' -- busy --keep
kept=$(sed -n 's,^evidence .*/,,p' "$work/out")
expect 2 '^1/9 +passes +. error ' \
    "^stopped behind run 1 of 9: the lab is dirty: miglab teardown $kept" \
    -- passes --repeat 9
"$miglab" teardown "$kept" >/dev/null 2>&1 || fail 'teardown'

# SIGINT tears down, tells what there is, and is no verdict on the case.
new_case waits 9 "{send: \"echo >>$work/turns; [ \$(wc -l <$work/turns) = 1 ]\
 || { touch $work/begun; read x; }\", within: 50 s}" \
    "{probe: \"echo >>$work/undone\"}"
"$miglab" run waits --lab here --repeat 4 >"$work/waits" 2>&1 &
pid=$!
until_there "$work/begun"
# The lab is the soak's, from its first run to its last.
expect 2 'lab here is in use by run .*-waits' -- passes
kill -INT $pid
wait $pid
code=$?
mv "$work/waits" "$work/out"
said interrupt '^1/4 +waits +. pass ' '^1 of 1 passed on here' \
    '^one was interrupted, and does not count' \
    '^stopped behind run 2 of 4: interrupted' \
    '^waits +1 +1 +0 +0 +0 +100.0 %' && echo 'ok interrupt'
[ $code = 2 ] || fail "interrupt: exit $code"
[ "$(wc -l <"$work/undone")" = 2 ] || fail 'interrupt: nothing was undone'
grep -q '"stopped": "interrupted"' "$(saved)" || fail 'interrupt is not saved'

# Exit codes for automake and git: fail, error, skip, mistakes.
new_case fails 9 '{send: "false"}'
new_case errs 9 '{send: "no-such-tool"}'
new_case skips 9 '{send: "true"}' '' '{probe: "true", because: it is here}'
while read -r case plain automake bisect; do
    expect "$plain" -- "$case"
    expect "$automake" -- "$case" --exit-style automake
    expect "$bisect" -- "$case" --exit-style bisect
done <<'END'
passes 0 0 0
fails 1 1 1
errs 2 99 125
skips 4 77 125
nosuch 65 99 255
END
# A fail beside an error: the commit is bad all the same.
expect 2 '^0 of 2 passed' -- fails errs
expect 1 '^0 of 2 passed' -- fails errs --exit-style bisect
expect 1 '^0 of 2 passed' -- errs fails --exit-style bisect
# A mistake on the command line is no bad commit, wherever it stands.
expect 255 'unrecognized option' -- passes --bogus --exit-style bisect
expect 255 'unrecognized option' -- --exit-style bisect passes --bogus
expect 255 'something is missing' -- --exit-style bisect

# git bisect, of a program that is broken since the fifth of eight commits; the
# third and the sixth cannot be judged.
bisect() {
    local n
    cd "$work/here" && git init -q . || return 1
    git config user.name x && git config user.email x@x.invalid
    for n in 1 2 3 4 5 6 7 8; do
        case $n in
        1 | 2 | 4) echo 'echo works' ;;
        3 | 6) echo 'exit 127' ;;
        *) echo 'echo broken' ;;
        esac >program
        echo "$n" >number
        git add . && git commit -qm "commit $n" || return 1
    done
    git bisect start HEAD HEAD~7 >/dev/null || return 1
    git bisect run "$miglab" run runs-it --lab here --headless \
        --exit-style bisect >"$work/out" 2>&1 || return 1
    git log -1 --format=%s refs/bisect/bad
}
new_case runs-it 9 '{send: "sh program", expect: "^works$"}'
if command -v git >/dev/null; then
    found=$(bisect)
    [ "$found" = 'commit 5' ] || fail "git bisect found '$found'"
    said 'git bisect' 'PASS runs-it' 'FAIL runs-it' && echo 'ok git bisect'
else
    echo 'skipped: no git'
fi
exit $failed
