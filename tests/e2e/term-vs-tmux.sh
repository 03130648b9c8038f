#!/bin/bash
# Recorded and made-up streams, and what programs of this machine write, leave
# the screen that tmux makes of them.
# shellcheck source=tests/e2e/termlib.sh
. "${top_srcdir:-.}/tests/e2e/termlib.sh" || exit 99
python3 -B "$src/tests/e2e/term-streams.py" "$streams" 150 || exit 99
mapfile -t files < <(find "$src/tests/captures" "$streams" -name '*.raw' \
    -o -name '*.bin' -o -name 'stream-*' | sort)
python3 -B "$src/tests/e2e/term-vs-tmux.py" "$bin/term-dump" "$bin/tty-play" \
    "${files[@]}" || exit 1
mkdir "$streams/programs"
python3 -B "$src/tests/e2e/term-programs.py" "$streams/programs" || exit 99
python3 -B "$src/tests/e2e/term-vs-tmux.py" 80x24 "$bin/term-dump" \
    "$bin/tty-play" "$streams"/programs/*
