# shellcheck shell=bash disable=SC2034 # failed: whoever includes this ends so
# SPDX-License-Identifier: BSD-3-Clause
# runlib.sh - the runner on consoles of this machine: a lab "here" of one node,
# a pane "shell" of it, and folders of its own for all that miglab keeps.

top_builddir=$(cd "${top_builddir:-.}" && pwd)
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
miglab=$top_builddir/miglab
[ -x "$miglab" ] || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export MIGLAB_DATA=$work/data XDG_STATE_HOME=$work/state HOME=$work
export XDG_CONFIG_HOME=$work/config XDG_RUNTIME_DIR=$work/runtime
runs=$work/state/miglab/runs
mkdir -p "$work"/data/{labs,panes,cases/steps} "$work/here"
cp "$top_srcdir/panes/programs.yaml" "$work/data/panes/" || exit 99
failed=0

fail() { echo "FAIL $*"; failed=1; }

cat >"$work/data/labs/here.yaml" <<END_OF_LAB
lab: here
nodes:
  host: {dir: $work/here}
END_OF_LAB
cat >"$work/data/panes/shell.yaml" <<'END_OF_PANE'
pane: shell
nodes: [host]
link: {pty: yes}
program: bash
size: 80x24
END_OF_PANE
