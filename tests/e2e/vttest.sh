#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# vttest's screens are those that tmux makes of them, or what vttest wants.
src=${top_srcdir:-.}
bin=${top_builddir:-.}/tests/e2e

for tool in tmux python3 vttest; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
LC_ALL=C.UTF-8 TERM=xterm-256color
export LC_ALL TERM
unset TMUX
streams=$(mktemp -d) || exit 99
trap 'rm -rf "$streams"' 0
trap 'exit 99' 1 2 15
mkdir "$streams/vttest"
python3 -B "$src/tests/e2e/vttest.py" "$streams/vttest" || exit 1
python3 -B "$src/tests/e2e/term-vs-tmux.py" 80x24 "$bin/term-dump" \
    "$bin/tty-play" "$streams"/vttest/*.vt
