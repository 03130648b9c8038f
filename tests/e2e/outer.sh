#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# What a guest prints, and what a file from a stranger says, does not reach the
# terminal that miglab runs on: no title, no clipboard, no bell, no answer. All
# bytes that it gets are looked at (screenlib.sh), and tmux itself is asked.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99

cat >"$work/data/cases/asks.yaml" <<'END'
case: asks
title: A guest that speaks to the terminal
judge: steps
steps:
  - step: It prints
    plan: "1"
    pane: host-shell
    do: [{send: "cat hostile", expect: "END-OF-IT"}]
  - step: What was answered is not typed with this
    plan: "2"
    pane: host-shell
    do: [{send: "echo two", expect: "^two$"}]
END

# Everything that terminals take for a word to them, and floods of it.
python3 - "$work/host/hostile" <<'END'
import random, sys
r = random.Random(5)
evil = [b"\033]0;GUEST-TITLE\007", b"\033]2;GUEST\033[31m-TITLE\033\\",
        b"\033kGUEST-TITLE\033\\", b"\033]1;GUEST-TITLE\007",
        b"\033]52;c;R1VFU1QtQ0xJUA==\007", b"\033]52;p;R1VFU1QtQ0xJUA==\033\\",
        b"\033]52;c;?\007", b"\033]8;;http://x/\033\\link\033]8;;\033\\",
        b"\033]4;1;rgb:00/00/00\007", b"\033]10;#000000\007\033]104\007",
        b"\033]9;note\007", b"\033]777;notify;a;b\007",
        b"\033]1337;File=inline=1:AAAA\007", b"\033]133;A;aid=0\007",
        b"\033Pq#0;2;0;0;0~~\033\\", b"\033P$qm\033\\", b"\033P+q544e\033\\",
        b"\033Ptmux;\033\033]0;GUEST-TITLE\007\033\\",
        b"\033_Ga=T;QUJD\033\\", b"\033^pm\033\\", b"\033Xsos\033\\",
        b"\033[21t\033[20t\033[18t\033[22;0;0t", b"\033[8;5;5t\033[2t",
        b"\033[c\033[>c\033[=c\033[5n\033[6n\033[>q\005", b"\033[5i\033[4i",
        b"\033[?1000;1003;1006h", b"\033[?2026h", b"\033[?1004h", b"\033Z",
        b"\xc2\x9b31m\xc2\x9d0;GUEST-TITLE\xc2\x9c", b"\x9d0;GUEST-TITLE\x9c",
        b"\xe2\x80\xaeoverride", b"a\xe2\x80\x8f", b"\xe2\x80\xa8",
        b"\033]0;never ended", b"\030", b"\033[>4;2m", b"\033[=1u\033[>1u",
        b"\033#3double", b"\033[?69h\033[1;2s", b"\033[!p", b"\033c"]
out = bytearray()
for i in range(2000):
    out += r.choice(evil)
    out += bytes(r.randrange(256) for _ in range(r.randrange(8)))
    if i % 40 == 0:
        out += b"\007" * 500
out += b"\030\033\\\033c\033[?1000;1003l\r\nEND-OF-IT\r\n"
open(sys.argv[1], "wb").write(out)
END

console_env="TERM=xterm-256color;"
console 120x40 asks
t set -s set-clipboard on \; set -g monitor-bell on \; set -g bell-action any
title=$(t display-message -p -t m '#{pane_title}')
expect_event '"pane":"host-shell".*"state":"up"'
expect_pause guided 1
steady
keys Enter
expect_pause guided 2
# What answered, and what then clears the line, is told by whom it was sent.
expect_event '"ev":"answered","pane":"host-shell".*"bytes":'
keys 3 C-t w L
expect_text 'cat hostile'
expect_text "miglab +host-shell +\([0-9]+ bytes, the terminal's answer\)"
keys L '?'
steady
keys '?' C-l
steady
[ "$(t display-message -p -t m '#{pane_title}')" = "$title" ] ||
    fail "the title is $(t display-message -p -t m '#{pane_title}')"
[ "$(t display-message -p -t m '#{window_bell_flag}')" = 0 ] || fail 'it rang'
[ -z "$(t list-buffers)" ] || fail "the clipboard has: $(t list-buffers)"
keys Enter
expect_pause end 3
expect_event '"ev":"typed".*"clears":"[^"]*C-u[^"]*","text":"echo two"'
keys L
expect_text 'wizard +host-shell +\[[^]]*C-u[^]]*\] echo two \[Enter\]'
keys L
expect_gone 'echo two \[Enter\]'
keys Enter y
expect_code 0
expect_sane
[ $failed -eq 0 ] && cat "$work/outer.1.said"

# Lines for a terminal, of what the guest said and of a stranger's case, whose
# texts would speak to it: it is no case, and who says so does not speak either.
cat >"$work/data/cases/evil.yaml" <<'END'
case: evil
title: "t\e]0;CASE-TITLE\a"
judge: steps
"k\e]2;KEY\a": x
steps:
  - step: "s\e]2;STEP-TITLE\a\x9b31m"
    plan: "1"
    pane: host-shell
    why: "w\u202e"
    do: [{send: "true"}]
END

# lines CODE WORDS...: miglab ends so, and says nothing to the terminal.
lines() {
    local wanted=$1 code=0
    shift
    "$miglab" "$@" >"$work/lines" 2>&1 || code=$?
    [ $code = "$wanted" ] || fail "$*: exit code $code, not $wanted"
    "$outer_check" <"$work/lines" >"$work/said" ||
        fail "$*: $(cat "$work/said")"
}
lines 0 run asks --lab screens --headless
lines 65 run evil --lab screens --headless
lines 65 show evil --lab screens
lines 65 lint "$work/data/cases/evil.yaml"
lines 0 runs
exit $failed
