#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Case 3 on the real lab, led from the screen as somebody would who knows only
# what it says: Enter up to PASS, at 200x50 and at 80x24. In between, at a
# breakpoint in mid-migration, a human takes the source's monitor.
# shellcheck source=tests/e2e/lablib.sh
. "${top_srcdir:-.}/tests/e2e/lablib.sh" || exit 99
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99
export MIGLAB_DATA=$top_srcdir
console_lab=w$$

# shellcheck disable=SC2317 # by screen_exit
give_back_more() {
    "$miglab" rehearsal down --name "$console_lab" >/dev/null 2>&1
}

# The step that the screen says Enter runs; nothing while it says none.
# shellcheck disable=SC2317 # by until_true
offered() {
    look | sed -nE 's/.*Enter runs step ([0-9]+).*/\1/p' | head -n 1
}
# shellcheck disable=SC2317 # by until_true
offers_more() {
    at=$(offered)
    has_text 'Enter tears the lab' && at=end
    [ "$at" = end ] || [ "${at:-0}" -gt "$last" ]
}

# enter_until STEP: Enter, wherever the screen asks for it, up to this step or
# the "end".
enter_until() {
    while :; do
        PATIENCE=60 until_true "behind step $last nobody is asked" \
            offers_more || return 1
        [ "$at" = "$1" ] && return 0
        [ "$at" = end ] && { fail "the end, before step $1"; return 1; }
        last=$at
        keys Enter
    done
}

# take TITLES CONSOLE: the pane of these titles, by the number it shows.
take() {
    local number
    number=$(look | grep -oE "[0-9]+ ($1)[] !]" | head -n 1)
    number=${number%% *}
    if [ -z "$number" ]; then
        fail "no pane '$1'"
        look | sed 's/^/    |/'
        return 1
    fi
    keys "$number"
    expect_text "^ $2 "
}
# The way back is in the last row.
give_back() {
    expect_text 'C-t then .*(Esc|w) wizard'
    keys C-t w
    expect_text '^ WIZARD '
}
human() {
    type_text "$1"
    # The journal has of a line what was echoed; the wizard's bear its sign.
    expect_text "\(qemu\) $1 *│"
    keys Enter
    expect_event "\"ev\":\"human\",\"pane\":\"host-monitor\".*\"text\":\"$1\""
}

pass_view() {
    expect_text 'PASS  Migrate with split ring virtio-net'
    expect_event '"ev":"verdict","verdict":"pass"'
    expect_no_event '"ev":"step.end".*"verdict":"(fail|error|undecided)"'
    keys Enter
    expect_text 'and leave\? y'
    keys y
    PATIENCE=60 expect_code 0
}

# The case slows the migration of somebody who watches down to some seconds;
# the human first to as long as they like, and lets it go when they have seen
# what they wanted.
human_in_mid_migration() {
    console 200x50 virtio-net-split --break "$waits"
    last=0
    enter_until "$waits" || return
    expect_pause break "$waits"
    expect_text "breakpoint: Enter runs step $waits"
    expect_text 'migration active'
    take 'host · monitor|h:monitor' host-monitor || return
    human 'migrate_set_parameter max-bandwidth 2M'
    human 'info status'
    expect_text 'VM status: running'
    human 'info migrate'
    expect_text 'remaining ram: [1-9]' # its status has left the pane
    human 'migrate_set_parameter max-bandwidth 4G'
    give_back
    say 'the keyboard is given back, and it goes on'
    enter_until end || return
    [ "$last" = "$steps" ] || fail "Enter ran step $last last, not $steps"
    pass_view
    "$miglab" rejudge last >"$work/rejudged" 2>&1
    grep -q 'pass, as it was judged' "$work/rejudged" ||
        { fail 'rejudge'; cat "$work/rejudged"; }
}

small_screen() {
    console 80x24 virtio-net-split
    last=0
    enter_until end || return
    [ "$last" = "$steps" ] || fail "Enter ran step $last last, not $steps"
    pass_view
}

step_of() { # TITLE: its number; without one, how many there are
    "$miglab" show --json virtio-net-split | python3 -c '
import json, sys
titles = [step["title"] for step in json.load(sys.stdin)["steps"]]
print(titles.index(sys.argv[1]) + 1 if len(sys.argv) > 1 else len(titles))
' "$@"
}
waits=$(step_of 'Wait until completed') || exit 99
steps=$(step_of) || exit 99

"$miglab" rehearsal up --name "$console_lab" >"$work/up" 2>&1 ||
    { cat "$work/up"; exit 1; }
say '200x50: to PASS with Enter, a human in mid-migration'
human_in_mid_migration
say '80x24: to PASS with Enter'
[ $failed -ne 0 ] || small_screen
say 'done'
expect_sane
exit $failed
