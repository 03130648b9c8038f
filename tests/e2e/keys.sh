#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A case led by keys alone: what the screen says, and what the journal has.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99

# answer KEY QUESTION TEXT: press it, be asked, say it.
answer() {
    keys "$1"
    expect_text "$2"
    [ -z "$3" ] || type_text "$3"
    keys Enter
}
owner() { expect_text "^ $1 "; }

steps() {
    keys Enter
    expect_pause guided 2
    answer s 'skip because' ''
    expect_text 'with a reason'
    expect_no_event '"ev":"skip"'
    answer s 'skip because' 'not today'
    expect_event '"ev":"skip","step":2,"reason":"not today"'
    expect_pause guided 3
    answer c 'comment:' 'it looks odd'
    expect_event '"ev":"comment".*"text":"it looks odd"'
    keys e
    expect_text 'types: echo three'
    keys C-u
    expect_gone 'types: echo three'
    type_text 'echo thirteen'
    keys Enter
    expect_event '"ev":"edit","where":"s3.a1","was":"echo three","text":"echo thirteen"'
    keys Enter
    expect_event '"ev":"typed".*"text":"echo thirteen"'
    expect_pause guided 4
    expect_text '│thirteen '
}

leaves_and_stays() {
    keys q
    expect_text 'leave\?'
    keys Escape
    expect_gone 'leave\?'
    for _ in 1 2 3 4; do
        keys '?'
        expect_text 'Keys that work now'
        keys Escape
        expect_gone 'Keys that work now'
        # A lone Esc is seen to be one: with the next key it would be Alt.
        keys Down
        expect_text 'is looked at'
        keys Escape
        expect_gone 'is looked at'
    done
    keys :
    expect_text '^ :'
    type_text lay
    expect_text '^ :lay'
    keys Tab
    expect_text '^ :layout'
    keys Escape
    expect_gone '^ :layout'
    is_over && fail 'Esc ends it'
}

# By itself up to the breakpoint, then to what fails, which is done again.
stops() {
    answer : '^ :' 'break 6'
    expect_text 'stop before step 6'
    keys B # the step at hand: now there are two
    expect_text 'stop before step 4'
    keys B
    expect_text 'no stop before step 4'
    keys a
    expect_event '"ev":"mode","mode":"auto"'
    expect_pause break 6
    keys Enter
    expect_pause fail 7
    answer p 'is a pass because' ''
    expect_text 'needs its reason'
    expect_no_event '"ev":"hand"'
    answer p 'is a pass because' 'the link is known to be down'
    expect_event '"ev":"hand","step":6,"verdict":"pass","comment":"the link is'
    keys g
    expect_event '"ev":"mode","mode":"guided"'
    echo forwarding >"$work/backup/status"
    keys r
    expect_event '"ev":"go","step":6'
    expect_text 'try 2'
    expect_pause guided 7
}

# The keyboard in a pane: all of it but the prefix.
in_a_pane() {
    keys 3
    owner host-shell
    type_text 'seq -f x%g 300'
    expect_text '\$ seq -f x%g 300' # the journal has of a line what was echoed
    keys Enter
    expect_text '│x300 '
    expect_event '"ev":"human","pane":"host-shell".*"text":"seq -f x%g 300"'
    keys C-t v
    expect_text 'looking back'
    keys /
    type_text x42
    keys Enter
    expect_text '│x42 '
    expect_gone '│x300 '
    keys n
    expect_text '"x42" is not further up'
    keys G
    expect_gone 'looking back'
    expect_text '│x300 '
    keys C-t v
    expect_text 'looking back'
    keys Escape
    expect_gone 'looking back'
    owner host-shell
    type_text 'cat -v'
    expect_text '\$ cat -v'
    keys Enter
    expect_event '"text":"cat -v"'
    keys C-t C-t
    expect_text '\^T'
    keys Enter C-d
    keys C-t Tab
    owner tester-scapy
    keys C-t w
    owner WIZARD
    keys Tab
    owner tester-scapy
    keys C-t w
    owner WIZARD
}

# The prefix means the same wherever the keyboard is; what covers the panes gives
# it back to whom it had it from, and runs nothing meanwhile.
over_it() {
    keys C-t '?'
    owner HELP
    expect_text 'Signs|Keys that work now'
    keys Escape
    owner WIZARD
    keys 3
    owner host-shell
    keys C-t L
    owner LOG
    keys Enter
    expect_text 'Enter means nothing here'
    keys q
    owner host-shell
    keys C-t w
    owner WIZARD
    keys C-t Tab
    owner host-shell
    keys C-t w C-t C-t
    owner WIZARD
    keys 3 C-t '?'
    owner HELP
    keys C-t w
    owner WIZARD
    pause 0.1 # what follows sooner is Alt with a key
    keys Escape
    owner WIZARD
    pause 0.1
    # What is not found takes no keyboard along.
    answer / '^ /' 'no such text'
    expect_text '"no such text" is not further up'
    owner WIZARD
}

# Whatever the run brings forward, and however small the screen gets, who types
# sees where.
in_sight() {
    keys 7
    owner backup-shell
    keys C-t :
    expect_text '^ :'
    type_text 'redo 5'
    keys Enter
    expect_event '"ev":"go","step":5'
    expect_text 'breakpoint: Enter runs step 6'
    owner backup-shell
    t resize-window -t m -x 80 -y 24
    expect_text '[0-9] backup · shell · bash'
    owner backup-shell
    keys C-t ']' # it is a key of the wizard's: nothing is covered
    owner backup-shell
    t resize-window -t m -x 120 -y 40
    expect_text 'has the keyboard' # numbers are the layout's
    keys C-t w
    owner WIZARD
    keys Enter
    expect_text 'Enter runs step 7'
}

# A half-typed line is its typist's: the wizard waits, and says so.
half_a_line() {
    keys 3
    owner host-shell
    type_text 'echo half'
    expect_text 'host \$ echo half'
    keys C-t w
    owner WIZARD
    keys Enter
    expect_text 'waits: a half-typed line stands in'
    expect_no_event '"text":"echo seven"'
    keys 3
    owner host-shell
    keys Enter
    expect_event '"ev":"typed".*"text":"echo seven"'
    expect_pause end 8
    expect_text '│half '
    keys C-t w
    owner WIZARD
}

console 120x40 keys
expect_event '"pane":"backup-shell".*"state":"up"'
expect_pause guided 1
steps
leaves_and_stays
stops
in_a_pane
over_it
in_sight
half_a_line
keys Enter
expect_text 'leave\?'
keys Escape
expect_gone 'leave\?'
keys q
expect_text 'leave\?'
keys t
expect_code 0
expect_sane
exit $failed
