#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Whatever the terminal is: colour where it has some, and only there. Stopped
# and continued from a shell, by key and by signal, it is given back and taken
# again, whatever happened to its size.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99

# shellcheck disable=SC2317 # by until_true
has_colour() {
    look -e | grep -qE $'\033\\[([0-9]+;)*(3[0-7]|4[0-7]|9[0-7]|[34]8;5)[;m]'
}

# kind TERM yes|no: whether it is drawn with colour.
kind() {
    console_env="TERM=$1;"
    console 100x30 screens
    expect_pause guided 1
    expect_text '^ WIZARD .* Enter next'
    if [ "$2" = yes ]; then
        until_true "no colour on a '$1'" has_colour
    else
        steady
        has_colour && fail "colour on a '$1'"
    fi
    kill -TERM "$(program_of_pane)"
    expect_code 75
    tear_down_all
}

modes() {
    t display-message -p -t m \
        '#{alternate_on} #{cursor_flag} #{keypad_cursor_flag} #{mouse_any_flag}'
}

# stopped HOW COMMAND...: the shell has its terminal back as it was.
stopped() {
    local how=$1
    shift
    "$@"
    expect_text '^\[1\]\+ +Stopped' || return
    has_text 'WIZARD' && fail "$how: something stays on the screen"
    [ "$(modes)" = "$shell_modes" ] || fail "$how: $(modes), not $shell_modes"
    rm -f "$work/after"
    type_text "clear; stty -a | sed 1d >$work/after; echo 'beh''ind it'"
    keys Enter
    expect_text '^behind it'
    diff "$work/before" "$work/after" || fail "$how: stty -a"
}
back() {
    type_text fg
    keys Enter
    expect_text '^ WIZARD .* Enter next'
}

stop_and_continue() {
    local pid shell_modes
    outer_options=-s
    start 100x30 env "PS1='SHELL> '" bash --norc -i
    expect_text '^SHELL>'
    type_text "stty -a | sed 1d >$work/before" # its size is its own
    keys Enter
    shell_modes=$(modes)
    type_text "$miglab run screens --lab screens 2>$work/stderr"
    keys Enter
    expect_pause guided 1
    expect_text '^ WIZARD .* Enter next'
    pid=$(program_of_pane)
    stopped C-z keys C-z || return
    t resize-window -t m -x 120 -y 40
    back
    t resize-window -t m -x 100 -y 30
    stopped TSTP kill -TSTP "$pid" || return
    # Continued where it does not have the terminal, it keeps its hands off.
    type_text bg
    keys Enter
    until_true 'it does not go on' grep -q '^State:.[^T]' "/proc/$pid/status"
    type_text "echo 'sti''ll the shell'"
    keys Enter
    expect_text '^still the shell'
    steady
    has_text 'WIZARD' && fail 'it draws on a terminal that is not its own'
    [ "$(modes)" = "$shell_modes" ] || fail "in the background: $(modes)"
    back
    keys Enter
    expect_pause guided 2
    keys t y
    expect_text '^SHELL>'
}

kind vt100 no
kind dumb no
kind nosuch no
kind linux yes
kind xterm-256color yes
[ $failed -ne 0 ] || stop_and_continue
expect_sane
[ $failed -eq 0 ] && echo ok
exit $failed
