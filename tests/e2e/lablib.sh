# shellcheck shell=bash disable=SC2034 # failed: whoever includes this ends so
# SPDX-License-Identifier: BSD-3-Clause
# lablib.sh - a rehearsal lab of the test's own, or a skip that says why not.
# lab_tools: what the test needs besides. Without lab_begin it only tells whether
# a lab can be had.

top_builddir=$(cd "${top_builddir:-.}" && pwd)
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
miglab=$top_builddir/miglab
[ -x "$miglab" ] || exit 99
lab_skip() { echo "skipped: $*"; exit 77; }
[ "${MIGLAB_LAB:-yes}" != no ] || lab_skip 'MIGLAB_LAB=no'
[ "$(id -u)" -eq 0 ] || lab_skip 'the rehearsal lab needs root'
# shellcheck disable=SC2086 # words
for tool in qemu-system-x86_64 dpdk-testpmd scapy sshd ${lab_tools-}; do
    command -v "$tool" >/dev/null || lab_skip "no $tool"
done
failed=0
fail() { echo "FAIL $*"; failed=1; }
say() { printf '%4d s  %s\n' $SECONDS "$*"; }
rehearsal() { "$miglab" rehearsal "$@" --name "$lab"; }

# What else a test has to give back, before its lab; it says so itself.
give_back_before() { :; }

# shellcheck disable=SC2317 # by the trap
lab_give_back() {
    give_back_before
    rehearsal down >/dev/null 2>&1
    rm -rf "$work"
}

# lab_begin LETTER: a folder and a lab of its own; the lab is not up yet.
lab_begin() {
    work=$(mktemp -d) || exit 99
    lab=$1$$
    lab=${lab:0:12}
    export XDG_STATE_HOME=$work/state
    trap lab_give_back EXIT
    trap 'exit 130' INT TERM
}

lab_up() {
    say 'up'
    rehearsal up >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
}
