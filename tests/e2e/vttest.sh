#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# vttest's screens are those that tmux makes of them, or what vttest wants.
term_tools=vttest
# shellcheck source=tests/e2e/termlib.sh
. "${top_srcdir:-.}/tests/e2e/termlib.sh" || exit 99
mkdir "$streams/vttest"
python3 -B "$src/tests/e2e/vttest.py" "$streams/vttest" || exit 1
python3 -B "$src/tests/e2e/term-vs-tmux.py" 80x24 "$bin/term-dump" \
    "$bin/tty-play" "$streams"/vttest/*.vt
