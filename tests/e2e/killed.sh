#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# However it ends, the terminal and the journal are whole: crashes, signals, a
# terminal that closes. MIGLAB_LONG=1: 50 times each.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99
times=${MIGLAB_LONG:+50}
times=${times:-5}
# The handlers are ours here, as they are without a sanitizer.
export ASAN_OPTIONS=log_path=$work/asan:handle_segv=0:handle_abort=0

# What the terminal is told to be; its size is not the program's.
cat >"$work/wrap" <<END
echo before the run
stty -a >$work/before
$miglab run screens --lab screens 2>$work/stderr
code=\$?
echo \$code >$work/code
stty -a >$work/after
# After KILL another process gives it back, in its own time.
while [ \$code = 137 ] && ! cmp -s $work/before $work/after &&
    [ \$((tries += 1)) -lt 1000 ]; do stty -a >$work/after; done
echo behind the run
exec sleep 1000
END
modes='#{alternate_on} #{cursor_flag} #{cursor_shape} #{insert_flag} #{wrap_flag}'
modes+=' #{keypad_flag} #{keypad_cursor_flag} #{mouse_any_flag} #{mouse_sgr_flag}'
modes+=' #{origin_flag} #{scroll_region_upper} #{scroll_region_lower}'
# shellcheck disable=SC2317
is_as_before() { [ "$(terminal)" = "$shell_modes" ]; }
terminal() { t display-message -p -t m "$modes"; }

# shellcheck disable=SC2317 # these are called by until_true
find_pid() { pid=$(program_of_pane) && [ -n "$pid" ]; }
# shellcheck disable=SC2317
is_gone() { [ ! -e "/proc/$pid" ]; }

begin() {
    rm -rf "$work"/{s,before,after,code}
    start 100x30 sh "$work/wrap"
    expect_event '"pane":"host-shell".*"state":"up"'
    expect_event '"pane":"backup-shell".*"state":"up"'
    expect_pause guided 1
    expect_text 'WIZARD'
    until_true 'no program' find_pid
    # Every second time in the middle of a step.
    [ $((round % 2)) -eq 0 ] || return 0
    keys Enter
    expect_event '"ev":"step.end","step":1'
    keys Enter
}

whole_journal() {
    python3 - "$(run_dir)/journal.jsonl" "$1" <<'END' || fail "$name: the journal"
import json, sys
text = open(sys.argv[1]).read()
assert text.endswith("\n"), "its last line is cut"
records = [json.loads(line) for line in text.splitlines()]
seq = [record["seq"] for record in records]
assert seq == list(range(1, len(seq) + 1)), "a record is missing"
if sys.argv[2] == "kept":
    assert records[-1]["ev"] == "run.end" and records[-1]["kept"], records[-1]
END
}

same_terminal() {
    [ "$1" != KILL ] || until_true "$name: $(terminal)" is_as_before
    until_true "$name: nothing behind it" has_text 'behind the run'
    has_text 'before the run' || fail "$name: the screen is not as it was"
    has_text 'WIZARD|╭' && fail "$name: something stays on the screen"
    diff "$work/before" "$work/after" || fail "$name: stty -a"
    # shellcheck disable=SC2154 # shell_modes is set below
    [ "$(terminal)" = "$shell_modes" ] ||
        fail "$name: $(terminal), not $shell_modes"
}

# No process of the run: at once behind a crash, else when it is torn down.
# shellcheck disable=SC2317
bears_mark() {
    grep -lzx "MIGLAB_RUN=$1" /proc/[0-9]*/environ >/dev/null 2>&1
}
# shellcheck disable=SC2317
no_process() { ! bears_mark "$1"; }
nothing_left() {
    local run
    run=$(basename "$(run_dir)")
    [ "$1" = kept ] && tear_down_all
    until_true "$name: a process of the run lives" no_process "$run"
}

# killed SIGNAL CODE LEAVES
killed() {
    name="$1 $round"
    begin
    kill -"$1" "$pid"
    until_true "$name: it lives" is_gone
    until_true "$name: no code" is_over
    [ "$(cat "$work/code")" = "$2" ] ||
        fail "$name: exit code $(cat "$work/code"), not $2"
    same_terminal "$1"
    whole_journal "$3"
    nothing_left "$3"
}
closed() {
    name="closed $round"
    begin
    t kill-session -t m
    until_true "$name: it lives" is_gone
    whole_journal kept
    nothing_left kept
}

start 100x30 "echo before the run; exec sleep 1000"
expect_text 'before the run'
shell_modes=$(terminal)
for ((round = 1; round <= times; round++)); do
    killed SEGV 139 crashed
    killed ABRT 134 crashed
    killed KILL 137 crashed
    killed TERM 75 kept
    killed HUP 75 kept
    killed INT 75 kept
    closed
    [ $failed -eq 0 ] || break
done
expect_sane
[ $failed -eq 0 ] && echo "ok $times times"
exit $failed
