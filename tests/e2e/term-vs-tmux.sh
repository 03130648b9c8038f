#!/bin/sh
# Every recorded stream leaves the screen that tmux makes of it.
src=${top_srcdir:-.}
bin=${top_builddir:-.}/tests/e2e

command -v tmux >/dev/null && command -v python3 >/dev/null || {
    echo 'tmux or python3 is missing'
    exit 77
}
LC_ALL=C.UTF-8 TERM=xterm-256color
export LC_ALL TERM
unset TMUX
# shellcheck disable=SC2046 # no name of a recording holds a blank
exec python3 -B "$src/tests/e2e/term-vs-tmux.py" "$bin/term-dump" \
    "$bin/tty-play" $(find "$src/tests/captures" -name '*.raw' -o \
    -name '*.bin' | sort)
