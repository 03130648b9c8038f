#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The runner on consoles of this machine: verdicts, exit codes, interlock,
# interrupts, keep and teardown, without any lab.
# shellcheck source=tests/e2e/runlib.sh
. "${top_srcdir:-.}/tests/e2e/runlib.sh" || exit 99
options=()
cat >"$work/data/panes/other.yaml" <<'END'
pane: other
nodes: [host]
link: {exec: "bash --norc -i"}
program: bash
size: 80x24
END

# new_case NAME <<STEPS: a case of these steps.
new_case() {
    { printf 'case: %s\ntitle: %s\njudge: steps\nsteps:\n' "$1" "$1"; cat; } \
        >"$work/data/cases/$1.yaml"
}

# expect NAME CODE TEXT...: run it; the exit code and every text must come.
expect() {
    local name=$1 code=$2 got text
    shift 2
    timeout 60 "$miglab" run "$name" --lab here --headless \
        "${options[@]}" >"$work/out" 2>&1
    got=$?
    options=()
    if [ "$got" -ne "$code" ]; then
        fail "$name: exit $got, not $code"
        sed 's/^/    /' "$work/out"
        return
    fi
    for text in "$@"; do
        grep -qF -- "$text" "$work/out" && continue
        fail "$name: no line with '$text'"
        sed 's/^/    /' "$work/out"
    done
    echo "ok $name ($code)"
}
# The one that wrote last: names of one second are not in the order of time.
last() {
    find "$runs" -name journal.jsonl -printf '%T@ %h\n' |
        sort -n | tail -n 1 | cut -d' ' -f2
}

new_case passes <<'END'
- step: A command
  plan: "1"
  pane: host-shell
  do:
    - {send: "echo one two", expect: "^one two$"}
    - {send: "pwd", expect: "/here$"}
    - {probe: "test -d /proc", node: host}
END
expect passes 0 'PASS passes on here' '1 passed'
[ "$(stat -c %a "$(last)")" = 700 ] || fail 'mode of the run'

# A shell that is at its prompt sooner than its link is known to be quiet.
mkdir "$work/home"
HOME=$work/home expect passes 0 'PASS passes on here'
"$miglab" show passes --lab here | grep -qx 'on lab here' ||
    fail 'show of a case that is not in the plan'
# What a node has is in the journal: the first line of each command.
cat >"$work/data/labs/told.yaml" <<END
lab: told
extends: here
vars: {tool: sh}
versions:
  kernel: uname -sr
  it's: echo "\${tool} of \${node}"; echo more
END
timeout 60 "$miglab" run passes --lab told --headless >"$work/out" 2>&1 ||
    { fail 'a lab with versions'; cat "$work/out"; }
grep -qF "\"versions\":[\"kernel $(uname -sr)\",\"it's sh of host\"]" \
    "$(last)/journal.jsonl" || fail 'versions'

# An action that is left out, and one that fires by itself in another step: what
# the first console typed is its sign. Its own step has its verdict.
armed_case() { # NAME COMMAND STATUS
    new_case "$1" <<END
- step: The sign
  plan: "1"
  pane: host-shell
  vars: {nothing: ""}
  do:
    - {send: "false", if: "\${nothing}"}
    - {send: "echo go"}
    - {wait: {host-other.typed: "echo fired; ($2)"}, within: 10 s}
- step: The shot
  plan: "2"
  pane: host-other
  do: [{send: "echo fired; ($2)", when: {host-shell.typed: echo go}, expect: "^fired$", status: "$3", within: 10 s}]
END
}
armed_case fires 'exit 0' any
expect fires 0 '2 passed, 0 failed'
"$miglab" rejudge "$(last)" >"$work/out" 2>&1 ||
    { fail "rejudge of fires"; cat "$work/out"; }
grep -q 'pass, as it was judged' "$work/out" || { fail 'rejudge'; cat "$work/out"; }
new_case misfires <<'END'
- step: The sign
  plan: "1"
  pane: host-shell
  do:
    - {send: "echo go"}
    - {wait: {host-other.typed: "echo shot"}, within: 10 s}
    - {send: "true"}
- step: The shot
  plan: "2"
  pane: host-other
  do: [{send: "echo shot", when: {host-shell.typed: echo go}, expect: "^hit$", within: 10 s}]
END
expect misfires 1 'because step 2' '1 passed, 1 failed'
"$miglab" rejudge "$(last)" 2>&1 | grep -q "fail, as it was judged" ||
    fail "rejudge of misfires"
new_case unfired <<'END'
- step: The shot
  plan: "1"
  pane: host-other
  do: [{send: "echo shot", when: {host-shell.typed: never}, within: 1 s}]
END
expect unfired 2 'it never began: not seen in time: host-shell.typed is never'

new_case fails <<'END'
- step: A status
  plan: "1"
  pane: host-shell
  do: [{send: "false"}]
END
expect fails 1 'FAIL fails' 'exit status 1, not 0'

# The echo of the command holds what is expected; only output may count.
new_case echo <<'END'
- step: Only an echo
  plan: "1"
  pane: host-shell
  do: [{send: ": needle", expect: "needle"}]
END
expect echo 1 "without a line like 'needle'"

new_case rejects <<'END'
- step: A bad word
  plan: "1"
  pane: host-shell
  do: [{send: "echo Error: no; echo fine", expect: "fine", reject: "^Error"}]
END
expect rejects 1 'it printed: Error: no'

# The first command on a console, typed right behind what its shell printed
# when it came up: its output counts like any other.
mkdir "$work/home"
echo 'echo hello' >"$work/home/.bashrc"
new_case first-bad <<'END'
- step: A bad word at once
  plan: "1"
  pane: host-shell
  do: [{send: "echo BAD", reject: "^BAD"}]
END
HOME=$work/home expect first-bad 1 'it printed: BAD'
new_case first-good <<'END'
- step: A good word at once
  plan: "1"
  pane: host-shell
  do: [{send: "echo GOOD", expect: "^GOOD"}]
END
HOME=$work/home expect first-good 0 'PASS first-good'

new_case late <<'END'
- step: Too slow
  plan: "1"
  pane: host-shell
  do: [{send: "true"}, {send: "read x", within: 300 ms}]
END
expect late 1 'the prompt did not come back within 0.3 s'

new_case dies <<'END'
- step: A shell that ends
  plan: "1"
  pane: host-shell
  do: [{send: "exit 3"}]
END
expect dies 2 'its shell ended, and no step made it end'

new_case ends <<'END'
- step: A program that ends at once
  plan: "1"
  pane: host-shell
  do: [{send: "(exit 3)", enters: testpmd}, {send: "start"}]
END
expect ends 1 'testpmd ended with exit status 3'

# What the lab lacks is no failure of what is tested.
new_case missing <<'END'
- step: A program that is not there
  plan: "1"
  pane: host-shell
  do: [{send: "no-such-testpmd", enters: testpmd}, {send: "start"}]
END
expect missing 2 'testpmd ended with exit status 127: the command is not there'

new_case lacks <<'END'
- step: A command that is not there
  plan: "1"
  pane: host-shell
  do: [{send: "no-such-tool", expect: "^up$"}]
END
expect lacks 2 'exit status 127: the command is not there'

# A program that died after it was entered: nothing is typed into the shell.
new_case interlock <<'END'
- step: A program that dies
  plan: "1"
  pane: host-shell
  do:
    - {send: "PS1='(qemu) ' bash --norc; touch oops", enters: hmp}
    - {probe: "kill -9 $(pgrep -f -n 'bash --norc$')"}
    - {wait: {prompt: bash}, within: 5 s}
    - {send: "touch typed-into-the-wrong-program"}
END
expect interlock 2 'nothing was typed: host-shell runs bash, not hmp'
[ -e "$work/here/typed-into-the-wrong-program" ] && fail 'the interlock'

# Where a signal ended it, what is tested failed, not the lab.
new_case killed <<'END'
- step: A program that is killed
  plan: "1"
  pane: host-shell
  do:
    - {send: "PS1='(qemu) ' bash --norc", enters: hmp}
    - {probe: "kill -9 $(pgrep -f -n 'bash --norc$')"}
    - {wait: {prompt: bash}, within: 5 s}
    - {send: "touch typed-into-the-wrong-program"}
END
expect killed 1 'nothing was typed: hmp had ended with exit status 137'
[ -e "$work/here/typed-into-the-wrong-program" ] && fail 'the interlock'

# A nested shell gets its marks, unseen, and the outer one is told from it.
new_case nested <<'END'
- step: A shell in a shell
  plan: "1"
  pane: host-shell
  do:
    - {send: "bash --norc", enters: bash}
    - {send: "(exit 7)", status: "7"}
    - {send: "exit 5", leaves: bash, status: "5"}
    - {send: "echo back", expect: back}
- step: A shell that we did not start
  plan: "2"
  pane: host-other
  do:
    - {send: "(exit 9)", status: "9"}
END
expect nested 0 'PASS nested'

new_case skips <<'END'
- step: Not needed
  plan: "1"
  pane: host-shell
  unless: {probe: "true", because: it is here}
  do: [{send: "false"}]
END
expect skips 4 'already done: it is here'

new_case undoes <<'END'
- step: One
  plan: "1"
  pane: host-shell
  do: [{send: "touch one; sleep 1000 & touch two"}]
  undo: [{probe: "rm one"}, {send: "rm two"}]
- step: Two
  plan: "2"
  pane: host-shell
  do: [{send: "false"}]
  undo: [{probe: "touch undone"}]
END
expect undoes 1 'step 2: exit status 1'
[ -e "$work/here/one" ] && fail 'one is not undone'
[ -e "$work/here/two" ] && fail 'two is not undone'
[ -e "$work/here/undone" ] || fail 'step two is not undone'
grep -lzx "MIGLAB_RUN=$(basename "$(last)")" /proc/[0-9]*/environ 2>/dev/null &&
    fail 'a process of the run lives'
grep -o '"ev":"undo.add"\|"ev":"typed"' "$(last)/journal.jsonl" | head -n 1 |
    grep -q undo.add || fail 'the ledger comes after the act'

# --keep leaves all as it is; teardown ends it, twice.
rm -f "$work"/here/*
options=(--keep)
expect undoes 75 'the lab is left as it is'
[ -e "$work/here/two" ] || fail 'kept, but gone'
run=$(last)
for round in 1 2; do
    "$miglab" teardown "$run" >"$work/out" 2>&1 ||
        { fail "teardown $round"; cat "$work/out"; }
    [ -e "$work/here/one" ] && fail "teardown $round left something"
    echo "ok teardown $round: $(cut -d: -f2 <"$work/out")"
done

# What runs in a console goes on when miglab is gone, and ends with teardown.
new_case goes-on <<'END'
- step: A program in the foreground
  plan: "1"
  pane: host-shell
  do: [{send: "printf 'testpmd> '; exec sleep 1004", enters: testpmd}]
END
of_run() { # RUN: the processes with its mark
    grep -lzx "MIGLAB_RUN=$(basename "$1")" /proc/[0-9]*/environ 2>/dev/null
}
# gone SECONDS COMMAND...: it says nothing any more before they are over.
gone() {
    local deadline=$((SECONDS + $1))
    shift
    while [ -n "$("$@" 2>/dev/null)" ]; do
        [ $SECONDS -lt $deadline ] || return 1
        read -rt 0.05 <> <(:)
    done
}
keeper_of() { # RUN: the keeper's pid, while it lives
    local pid
    pid=$(sed -n 's/.*"ev":"kept".*"keeper":\([0-9]*\).*/\1/p' \
        "$1/journal.jsonl")
    grep -qxzP 'Name:\tmiglab-keeper\n(.*\n)*State:\t[^ZX](.*\n)*' \
        "/proc/${pid:-0}/status" 2>/dev/null && echo "$pid"
}
options=(--keep)
expect goes-on 75 'PASS goes-on' 'the lab is left as it is'
run=$(last) keeper=$(keeper_of "$(last)")
[ -n "$keeper" ] || fail 'no keeper'
# What an earlier run left is the lab's trouble, and no failure of a step.
expect passes 2 'ERROR passes' 'still has processes here (sleep): miglab' \
    "host: run $(basename "$run") still" "miglab teardown $(basename "$run")"
grep -q '"ev":"typed"\|"ev":"link"' "$(last)/journal.jsonl" &&
    fail 'something was touched'
gone 1 of_run "$run" && fail 'what ran in the console ended with miglab'
[ "$(find "/proc/$keeper/fd" -type l -printf '%l\n' | sort |
    tr '\n' ' ')" = '/dev/null /dev/null /dev/null /dev/ptmx ' ] ||
    fail "the keeper holds $(ls -l "/proc/$keeper/fd")"
if ! "$miglab" teardown "$run" >"$work/out" 2>&1 ||
    ! grep -q "0 left; its consoles' keeper is ended" "$work/out"; then
    fail 'teardown with a keeper'
    cat "$work/out"
fi
gone 5 of_run "$run" || fail 'it outlives the teardown'
gone 5 keeper_of "$run" || fail 'the keeper outlives the teardown'
# A keeper has nothing to do any more when the far ends are gone.
options=(--keep)
expect goes-on 75 'PASS goes-on'
run=$(last)
# shellcheck disable=SC2046 # each pid is a word
kill -KILL $(of_run "$run" | tr -dc '0-9\n')
gone 5 keeper_of "$run" || fail 'the keeper outlives its consoles'
"$miglab" teardown "$run" >"$work/out" 2>&1 || fail 'teardown behind a keeper'
echo 'ok what runs in a console goes on'

# What an earlier run left is not what this run's salvage may judge by.
salvaged() { # WHERE: whether the last run saved it
    grep -q "\"ev\":\"probe\".*\"where\":\"$1\"" "$(last)/journal.jsonl"
}
new_case salvages <<'END'
- step: One
  plan: "1"
  pane: host-shell
  do: [{send: "touch log"}]
- step: Two
  plan: "2"
  pane: host-shell
  do: [{send: "false"}]
salvage:
  - {probe: "cat log", node: host, behind: "One", status: any}
  - {probe: "true", node: host}
END
expect salvages 1 'FAIL salvages'
salvaged salvage.1 || fail 'what the run left is not saved'
options=(--from 2)
expect salvages 1 'FAIL salvages'
salvaged salvage.1 && fail "another run's is saved"
salvaged salvage.2 || fail 'nothing else is saved'
rm "$work/here/log"

# A probe that a process of the run holds up is done again behind the sweep;
# one that fails for good is told, and not done again once it went well.
new_case holds <<'END'
- step: One
  plan: "1"
  pane: host-shell
  do: [{send: "sleep 1003 & touch held"}]
  undo:
    - {probe: "! pgrep -f '^sleep 1003$' && rm held"}
    - {probe: "rm never"}
    - {probe: "rm gone-with-the-first"}
END
touch "$work/here/gone-with-the-first"
expect holds 2 'PASS holds' \
    'teardown is not complete: 1 failed to be undone, 0 left'
[ -e "$work/here/held" ] && fail 'the probe that was held up'
held=$(last)
"$miglab" teardown "$held" >"$work/out" 2>&1
code=$?
if [ $code != 2 ] || ! grep -q ': 0 undone, 2 had nothing to undo, 1 failed, 0' "$work/out"; then
    fail "teardown of what fails ($code)"
    cat "$work/out"
fi
touch "$work/here/never"
if ! "$miglab" teardown "$held" >"$work/out" 2>&1 ||
    ! grep -q ': 1 undone, 2 had nothing to undo, 0 failed, 0' "$work/out"; then
    fail 'teardown that ends well'
    cat "$work/out"
fi

# What cannot be asked is not "0 left".
mkdir "$work/bin"
printf '#!/bin/sh\nexit 3\n' >"$work/bin/grep"
chmod +x "$work/bin/grep"
PATH=$work/bin:$PATH "$miglab" teardown "$run" >"$work/out" 2>&1
code=$?
if [ $code = 2 ] && grep -q '[1-9][0-9]* left' "$work/out" &&
    grep -q '"trouble":"grep ended with 3"' "$run/journal.jsonl"; then
    echo 'ok a sweep that fails is trouble'
else
    fail "a sweep that fails ($code)"
    cat "$work/out"
fi

# A process is journalled before it is ended, also one that takes two signals.
new_case stubborn <<'END'
- step: One
  plan: "1"
  pane: host-shell
  do: [{send: "(trap '' HUP TERM; exec sleep 1001) &"}]
END
expect stubborn 0 'PASS stubborn'
grep -lzx "MIGLAB_RUN=$(basename "$(last)")" /proc/[0-9]*/environ 2>/dev/null &&
    fail 'a stubborn process lives'
grep -o '"ev":"sweep"\|"ended":[0-9]*,"left":0' "$(last)/journal.jsonl" |
    tr -d '\n' | grep -q '^"ev":"sweep""ended":2,' ||
    fail 'the sweep is not in the journal'

# Another user's process in the run's session, whose environment is hidden.
hidden() {
    cp "$(command -v sleep)" "$work/sleep" && chmod 4755 "$work/sleep"
    chmod 711 "$work" && chmod -R a+rX "$work/data" "$work/here"
    mkdir "$work/nobody" && chown 65534:65534 "$work/nobody"
    as_nobody() { XDG_STATE_HOME=$work/nobody \
        XDG_RUNTIME_DIR=$work/nobody setpriv \
        --reuid 65534 --regid 65534 --clear-groups "$@"; }
    as_nobody "$work/sleep" 0.3 &
    as_nobody cat /proc/$!/environ >/dev/null 2>&1 && as_nobody true &&
        return 1 # a mount without set-uid programs
    as_nobody test -x "$miglab" || return 1
    printf '%s\n' 'case: hides' 'title: hides' 'judge: steps' 'steps:' \
        '- step: One' '  plan: "1"' '  pane: host-shell' \
        "  do: [{send: \"(trap '' HUP TERM; exec $work/sleep 1002) &\"}]" \
        >"$work/data/cases/hides.yaml"
    as_nobody timeout 60 "$miglab" run hides --lab here --headless \
        >"$work/out" 2>&1
    grep -q 'teardown is not complete: .*1 left' "$work/out" ||
        { fail 'a hidden process'; cat "$work/out"; }
    kill -9 $(pgrep -f "^$work/sleep 1002")
    echo 'ok a hidden process is told'
}
[ "$(id -u)" -eq 0 ] || echo 'skipped: a hidden process needs root'
if [ "$(id -u)" -eq 0 ] && ! hidden; then
    echo 'skipped: no set-uid program can run here'
fi

options=(--until 1)
expect undoes 0 'behind --until'
options=(--from Two)
expect undoes 1 'before --from'
options=(--from Nowhere)
expect undoes 64 'has no step "Nowhere"; it has 1 to 2'
options=(--from 2 --until One)
expect undoes 64 '--from 2 is behind --until One in undoes'

# What is wrong with any of them is told before the first runs.
count=$(find "$runs" -maxdepth 1 | wc -l)
options=(nosuch)
expect passes 65 'there is no such case'
options=(undoes --from 2)
expect passes 64 'passes has no step "2"; it has 1 to 1'
[ "$(find "$runs" -maxdepth 1 | wc -l)" = "$count" ] ||
    fail 'a case was run before all were looked at'

# SIGINT tears down and says so.
new_case waits <<'END'
- step: Wait
  plan: "1"
  pane: host-shell
  do: [{send: "touch begun; read x", within: 50 s}]
  undo: [{probe: "touch undone"}]
END
rm -f "$work"/here/*
"$miglab" run waits --lab here --headless >"$work/out" 2>&1 &
pid=$!
deadline=$((SECONDS + 20))
while [ ! -e "$work/here/begun" ] && [ $SECONDS -lt $deadline ]; do
    read -rt 0.05 <> <(:)
done
# One run at a time has the lab, and nothing of the second was begun.
count=$(find "$runs" -maxdepth 1 | wc -l)
"$miglab" run passes --lab here --headless >"$work/out2" 2>&1
code=$?
if [ $code = 2 ] &&
    grep -q "lab here is in use by run .*-waits-[0-9a-f]* (pid $pid)" "$work/out2" &&
    [ "$(find "$runs" -maxdepth 1 | wc -l)" = "$count" ]
then
    echo 'ok two runs at once (2)'
else
    fail "two runs at once ($code)"
    cat "$work/out2"
fi
# Nor is anything undone meanwhile that it may use.
"$miglab" teardown "$run" >"$work/out2" 2>&1
code=$?
if [ $code = 2 ] && grep -q 'lab here is in use by run .*-waits' "$work/out2"
then
    echo 'ok no teardown beside a run (2)'
else
    fail "teardown beside a run ($code)"
    cat "$work/out2"
fi
kill -INT $pid
wait $pid
code=$?
if [ $code = 2 ] && grep -q 'the lab was torn down' "$work/out" &&
    [ -e "$work/here/undone" ]; then
    echo 'ok interrupt'
else
    fail "interrupt ($code)"
    cat "$work/out"
fi

# A leg failed though all steps passed: that stands when its salvage is cut off.
cat >"$work/data/cases/leg-fails.yaml" <<'END'
case: leg-fails
title: leg-fails
judge: migration
ring: split
queues: 1
driver: virtio_net
steps:
  - step: One
    plan: "1"
    pane: host-shell
    do:
      - {send: "true"}
      - probe: "echo 'qemu-system-x86_64: load of migration failed: Invalid argument'"
        node: host
        readers: [qemu-log]
        as: backup-qemu
salvage:
  - {probe: "touch salvaging; sleep 50", node: host, within: 60 s}
END
rm -f "$work"/here/*
"$miglab" run leg-fails --lab here --headless >"$work/out" 2>&1 &
pid=$!
deadline=$((SECONDS + 20))
while [ ! -e "$work/here/salvaging" ] && [ $SECONDS -lt $deadline ]; do
    read -rt 0.05 <> <(:)
done
kill -INT $pid
wait $pid
code=$?
if [ $code = 1 ] && grep -q 'FAIL leg-fails' "$work/out" &&
    grep -q 'the lab was torn down' "$work/out"; then
    echo 'ok an interrupt while it salvages behind a leg'
else
    fail "an interrupt while it salvages behind a leg ($code)"
    cat "$work/out"
fi

# Bad files touch nothing: each mistake has its place.
cat >"$work/data/cases/bad.yaml" <<'END'
case: bad
title: bad
judge: steps
steps:
  - step: one
    plan: "1"
    pane: host-shell
    d0: []
    do:
      - {send: "ls", expect: "a("}
      - {send: "ls ${nothing}"}
      - {send: "ls", within: soon}
END
count=$(find "$runs" -maxdepth 1 | wc -l)
# shellcheck disable=SC2016 # the message has it as it stands in the file
expect bad 65 'bad.yaml:8:5: unknown key "d0"' \
    'bad.yaml:12:30: within: expected a time' \
    'bad.yaml:10:33: bad pattern' \
    'bad.yaml:11:17: unknown variable ${nothing}'
[ "$(find "$runs" -maxdepth 1 | wc -l)" = "$count" ] ||
    fail 'a bad file made a run'

# A name goes into file names and shells' words: what could harm is no name.
cat >"$work/data/cases/evil.yaml" <<END
case: "x; touch $work/here/evil"
title: evil
judge: steps
steps: [{step: One, plan: "1", pane: host-shell, do: [{send: "true"}]}]
END
expect evil 65 'evil.yaml:1:8: case: "x; touch' 'would be one'
[ -e "$work/here/evil" ] && fail 'a name was run'

# A machine that is not there.
cat >"$work/data/labs/gone.yaml" <<'END'
lab: gone
known_hosts: /dev/null
nodes:
  host: {ssh: nobody@127.0.0.1, port: 1}
END
sed -i 's/pty: yes/ssh: host/' "$work/data/panes/shell.yaml"
rm "$work/data/panes/other.yaml"
timeout 60 "$miglab" run passes --lab gone --headless >"$work/out" 2>&1
code=$?
if [ $code -eq 69 ]; then
    echo 'ok unreachable (69)'
else
    fail "unreachable: $code"
    cat "$work/out"
fi

# A lab that is not up is told before anything is begun.
count=$(find "$runs" -maxdepth 1 | wc -l)
not_up() { # NAME TEXT
    options=()
    timeout 60 "$miglab" run passes --lab "$1" --headless >"$work/out" 2>&1
    code=$?
    if [ $code -eq 69 ] && grep -qF -- "$2" "$work/out"; then
        echo "ok not up: $1 (69)"
    else
        fail "not up: $1: $code"
        cat "$work/out"
    fi
}
sed -i "s,/dev/null,$work/nosuch/known_hosts," "$work/data/labs/gone.yaml"
not_up gone "lab gone: known_hosts: $work/nosuch/known_hosts: No such file"
sed "s/lab: gone/lab: rehearsal/" "$work/data/labs/gone.yaml" \
    >"$work/data/labs/rehearsal.yaml"
printf 'lab: other\nextends: rehearsal\n' >"$work/data/labs/other.yaml"
not_up "$work/data/labs/rehearsal.yaml" \
    'the rehearsal lab is not up: sudo miglab rehearsal up'
not_up other 'is not up: sudo miglab rehearsal up --name other'
[ "$(find "$runs" -maxdepth 1 | wc -l)" = "$count" ] ||
    fail 'a lab that is not up made a run'

[ "$("$miglab" runs | wc -l)" -gt 5 ] || fail 'runs'
"$miglab" runs --json | python3 -m json.tool >/dev/null || fail 'runs --json'
exit $failed
