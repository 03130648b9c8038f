#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What README.md tells to type is there: scripts, subcommands, options, pages.
top_builddir=$(cd "${top_builddir:-.}" && pwd)
cd "${top_srcdir:-.}" || exit 99
[ -x "$top_builddir/miglab" ] || exit 99
[ -x scripts/demo ] || { echo 'skipped: a release has no scripts'; exit 77; }
bad=0
wrong() { echo "README.md: $*"; bad=1; }

grep -qE "^    (sudo )?\./miglab " README.md || wrong 'no commands'
grep -E '^    (sudo )?(build/)?miglab ' README.md &&
    wrong 'miglab is not in the PATH: ./miglab is'
grep -oE '(^|[ `])scripts/[a-z-]+' README.md | tr -d ' `' | sort -u |
    while read -r script; do
        [ -x "$script" ] || echo "$script"
    done | grep . && wrong 'no such script'
sed -nE 's,^    (sudo )?\./miglab ([a-z]+).*,\2,p' README.md | sort -u |
    while read -r command; do
        "$top_builddir/miglab" help "$command" >/dev/null || echo "$command"
    done | grep . && wrong 'no such command'
grep -oE 'miglab[a-z-]*\.[15]' README.md | sort -u |
    while read -r page; do
        [ -f "man/$page.in" ] || echo "$page"
    done | grep . && wrong 'no such page'
exit $bad
