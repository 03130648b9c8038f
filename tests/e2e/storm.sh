#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The window changes its size 20 times a second while a console prints; keys
# come that nobody chose. MIGLAB_LONG=1: 200 sizes, 20 seeds.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99
sizes=${MIGLAB_LONG:+200} seeds=${MIGLAB_LONG:+20}
sizes=${sizes:-100} seeds=${seeds:-1}

resize() { t resize-window -t m -x "$1" -y "$2"; }
# until_us WHEN: a pace, of the wall clock.
until_us() {
    local left=$(($1 - ${EPOCHREALTIME/./}))
    [ $left -le 0 ] || pause "$(printf '0.%06d' $left)"
}

# What is drawn bit by bit is what is drawn anew.
same_when_redrawn() {
    local drawn
    steady
    drawn=$(look -e)
    keys C-l
    steady
    [ "$(look -e)" = "$drawn" ] && return
    fail 'a wrong cell'
    diff <(echo "$drawn") <(look -e) | sed 's/\x1b/^/g' | head -n 20
}

size_storm() {
    local i cols rows begun
    console 120x40 keys
    expect_event '"pane":"host-shell".*"state":"up"'
    expect_event '"pane":"backup-shell".*"state":"up"'
    expect_pause guided 1
    expect_text '3 h:shell'
    keys 3
    expect_text '^ host-shell '
    # One process: a C-c that finds a loop between two of them ends neither.
    type_text 'seq -f "line %.0f of the flood" 1000000000'
    keys Enter
    expect_text 'line [0-9]+ of the flood'
    RANDOM=1 begun=${EPOCHREALTIME/./}
    for ((i = 1; i <= sizes; i++)); do
        cols=$((20 + RANDOM % 231)) rows=$((5 + RANDOM % 66))
        resize $cols $rows
        until_us $((begun + i * 50000))
    done
    took=$(((${EPOCHREALTIME/./} - begun) / 1000))
    for size in '20 5' '250 70' '1 1' '19 4' '120 40'; do
        # shellcheck disable=SC2086 # two numbers
        resize $size
        pause 0.04
    done
    keys C-c
    PATIENCE=15 expect_text 'host \$$|host \$ +│' || return
    type_text clear
    keys Enter
    expect_gone 'of the flood'
    keys C-t w
    expect_text '^ WIZARD '
    is_over && fail "it ended with $(cat "$work/code")"
    same_when_redrawn
    expect_screen 120x40-storm colour
    keys Enter
    expect_pause guided 2
    keys t y
    expect_code 2 # steps are left: it proves nothing
}

cat >"$work/random.py" <<'E2'
import random, sys
rng = random.Random(int(sys.argv[1]))
known = [b"\033[A", b"\033[B", b"\033[C", b"\033[D", b"\033OP", b"\033[15~",
         b"\033[5~", b"\033[6~", b"\033[Z", b"\033[H", b"\033[1;5C", b"\t",
         b"\r", b"\033", b"\033[<0;10;5M", b"\033[<0;10;5m", b"\033[<64;3;3M",
         b"\033[M !!", b"\033[200~two\rlines\033[201~", b"\033[200~cut",
         b"\033[201~", b"\033[", b"\033[999999999999;1R", b"\033]0;x\a",
         b"\033P1$r\033\\", b"\xc3\xa9", b"\xe2\x82\xac", b"\xff\xfe", b"\xc3",
         b"\xf0\x9f\x98\x80", b"\x14w", b"\x14\x14", b"\x14", b":lay\t\r",
         b"?", b"L", b"z", b"v", b"/x\r", b"n", b"c"]
out = b""
while len(out) < 2000:
    kind = rng.random()
    if kind < 0.5:
        out += rng.choice(known)
    elif kind < 0.8:
        out += bytes([rng.randrange(0x20, 0x7f)])
    else: # C-z would stop it, and nobody would bring it back
        out += bytes([rng.choice([n for n in range(1, 256) if n != 0x1a])])
sys.stdout.buffer.write(out)
E2

# Bytes as they are into the terminal, some at a time.
send_raw() {
    t load-buffer -b raw "$1" && t paste-buffer -r -d -b raw -t m
} 2>/dev/null

random_keys() {
    local part
    python3 "$work/random.py" "$1" | split -b 50 - "$work/part."
    rm -f "$work/code"
    console 100x30 recorded
    expect_pause guided 1
    for part in "$work"/part.*; do
        send_raw "$part"
        pause 0.02
        is_over || continue
        # Some keys end it, in order; then the next run gets the rest.
        [ "$(cat "$work/code")" -lt 128 ] ||
            fail "seed $1: it ended with $(cat "$work/code") at $part"
        tear_down_all
        console 100x30 recorded
        expect_text WIZARD
    done
    rm -f "$work"/part.*
    [ -n "$(program_of_pane)" ] && kill -TERM "$(program_of_pane)"
    PATIENCE=10 until_true "seed $1: it does not end" is_over
    [ "$(cat "$work/code")" -lt 128 ] || fail "seed $1: $(cat "$work/code")"
}

size_storm
[ $failed -eq 0 ] && echo "ok $sizes sizes in $took ms"
rm "$work/data/panes/shell.yaml" # no key shall reach a shell
# Nor shall they end or stop the one below, when it has the terminal; that one
# echoes what comes before miglab is there.
console_env='stty -isig -ixon;' outer_options=-s
for ((seed = 1; seed <= seeds; seed++)); do
    random_keys $seed
    expect_sane
    [ $failed -eq 0 ] || break
done
[ $failed -eq 0 ] && echo "ok $seeds seeds"
exit $failed
