#!/bin/sh
# Recorded and made-up streams leave the screen that tmux makes of them.
src=${top_srcdir:-.}
bin=${top_builddir:-.}/tests/e2e

command -v tmux >/dev/null && command -v python3 >/dev/null || {
    echo 'tmux or python3 is missing'
    exit 77
}
LC_ALL=C.UTF-8 TERM=xterm-256color
export LC_ALL TERM
unset TMUX
streams=$(mktemp -d) || exit 99
trap 'rm -rf "$streams"' 0
trap 'exit 99' 1 2 15
python3 -B "$src/tests/e2e/term-streams.py" "$streams" 150 || exit 99
# No name of a recording holds a blank.
python3 -B "$src/tests/e2e/term-vs-tmux.py" "$bin/term-dump" "$bin/tty-play" \
    $(find "$src/tests/captures" "$streams" -name '*.raw' -o -name '*.bin' \
        -o -name 'stream-*' | sort)
