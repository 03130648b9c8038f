#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# What the console shows, cell by cell: recorded consoles at three sizes, in
# colour, without colour, in ASCII. GENERATE=1 writes the golden screens.
#
# Without arguments all sizes at once; with one, that size.
sizes=(200x50 120x40 80x24)
if [ $# -eq 0 ]; then
    out=$(mktemp -d) || exit 99
    trap 'rm -rf "$out"' EXIT
    pids=()
    for size in "${sizes[@]}"; do
        "$BASH" "$0" "$size" >"$out/$size" 2>&1 &
        pids+=($!)
    done
    code=0
    for i in "${!sizes[@]}"; do
        wait "${pids[i]}" || code=$?
        cat "$out/${sizes[i]}"
    done
    exit $code
fi

# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99
size=$1

view() { expect_screen "$size-$style-$1" "${options[@]}"; }

# From the first screen to the end, past a skip and a failure.
walk() {
    local step
    style=$1
    console "$size" screens "${args[@]}"
    expect_event '"pane":"host-shell".*"state":"up"'
    expect_event '"pane":"backup-shell".*"state":"up"'
    expect_pause guided 1
    view first
    keys Enter
    expect_pause guided 2
    [ "$style" = colour ] && little_ones
    # Step 3 is done already: no key is asked for.
    for step in 4 5 6; do
        keys Enter
        expect_pause guided $step
    done
    keys Enter
    expect_pause fail 7
    view failure
    keys Enter
    expect_pause end 8
    view end
    last_look
    [ "$style" != colour ] || all_of_the_end
    keys Enter # one too many ends nothing
    expect_text "tear the lab's VMs down and leave"
    keys y
    expect_code 1
}

# What is open for a moment, one over the other.
little_ones() {
    view pass
    keys '?'
    view help
    keys '?' L
    view log
    keys L z
    view zoom
    keys z 2
    view focus
    keys C-t w
}

# Where there is no room for it beside the panes, it takes theirs.
all_of_the_end() {
    keys d
    view details
    keys Up # a step, and back
    expect_gone '✘ FAIL'
    keys Escape
    expect_text '✘ FAIL'
    pause 0.1 # what follows sooner is Alt with a key
    keys Escape
    view end
}

# No colour, nothing but ASCII, where that is asked for.
last_look() {
    [ "$style" != mono ] ||
        ! look -e | grep -qE $'\033\\[([0-9]+;)*(3[0-8]|4[0-8]|9[0-7])[;m]' ||
        fail 'colour, in spite of NO_COLOR'
    [ "$style" != ascii ] || ! look | LC_ALL=C grep -n '[^ -~]' ||
        fail 'more than ASCII'
}

options=(colour) args=()
walk colour
options=() console_env="NO_COLOR=1"
walk mono
console_env='' args=(--ascii)
walk ascii
expect_sane
[ $failed -eq 0 ] && echo "ok $size"
exit $failed
