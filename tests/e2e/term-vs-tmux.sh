#!/bin/bash
# Recorded and made-up streams, and what programs of this machine write, leave
# the screen that tmux makes of them.
src=${top_srcdir:-.}
bin=${top_builddir:-.}/tests/e2e

for tool in tmux python3; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
LC_ALL=C.UTF-8 TERM=xterm-256color
export LC_ALL TERM
unset TMUX
streams=$(mktemp -d) || exit 99
trap 'rm -rf "$streams"' 0
trap 'exit 99' 1 2 15
python3 -B "$src/tests/e2e/term-streams.py" "$streams" 150 || exit 99
mapfile -t files < <(find "$src/tests/captures" "$streams" -name '*.raw' \
    -o -name '*.bin' -o -name 'stream-*' | sort)
python3 -B "$src/tests/e2e/term-vs-tmux.py" "$bin/term-dump" "$bin/tty-play" \
    "${files[@]}" || exit 1
mkdir "$streams/programs"
python3 -B "$src/tests/e2e/term-programs.py" "$streams/programs" || exit 99
python3 -B "$src/tests/e2e/term-vs-tmux.py" 80x24 "$bin/term-dump" \
    "$bin/tty-play" "$streams"/programs/*
