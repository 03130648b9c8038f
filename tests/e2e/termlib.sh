# shellcheck shell=bash disable=SC2034 # for whoever includes this
# SPDX-License-Identifier: BSD-3-Clause
# termlib.sh - streams for our terminal and for tmux's, in a folder of their own.
# term_tools: what the test needs besides.

src=${top_srcdir:-.}
bin=${top_builddir:-.}/tests/e2e

# shellcheck disable=SC2086 # words
for tool in tmux python3 ${term_tools-}; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
LC_ALL=C.UTF-8 TERM=xterm-256color
export LC_ALL TERM
unset TMUX
streams=$(mktemp -d) || exit 99
trap 'rm -rf "$streams"' 0
trap 'exit 99' 1 2 15
