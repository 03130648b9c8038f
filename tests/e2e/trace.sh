#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# miglab trace: every command line of the plan is covered by its case, and one
# that a case lacks, or types elsewhere, is told.
top_builddir=$(cd "${top_builddir:-.}" && pwd)
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
miglab=$top_builddir/miglab
[ -x "$miglab" ] || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work"
plan=$top_srcdir/tests/data/plan.rst
failed=0
fail() { echo "FAIL $*"; failed=1; }

MIGLAB_DATA=$top_srcdir "$miglab" trace "$plan" >"$work/out" 2>&1 ||
    { fail 'the shipped cases'; grep -A1 '^x' "$work/out"; }
[ "$(grep -c ', 0 not covered$' "$work/out")" = 8 ] || fail 'not eight cases'
grep '^[0-9]* lines' "$work/out"

# without FILE PATTERN TEXT: with the lines of a file gone, or changed by sed,
# trace must say that this line of the plan is not covered.
without() {
    rm -rf "$work/data"
    mkdir "$work/data"
    cp -r "$top_srcdir/cases" "$top_srcdir/labs" "$top_srcdir/panes" "$work/data"
    chmod -R u+w "$work/data"
    sed -i "$2" "$work/data/cases/$1"
    MIGLAB_DATA=$work/data "$miglab" trace "$plan" >"$work/out" 2>&1
    [ $? = 1 ] || fail "$1 $2: it is not noticed"
    grep -q "^x .* $3\$" "$work/out" || fail "$1 $2: no word of '$3'"
    echo "ok without $3"
}
without steps/guest-build.yaml '/modprobe uio\|guest_uio/d' 'modprobe uio'
without steps/migrate.yaml 's/migrate -d/migrate/' 'migrate -d tcp:backup server:4444'
without steps/guest-tcpdump.yaml 's/tcpdump -i/tcpdump -v -i/' 'tcpdump -i eth0'
without virtio-net-packed.yaml 's/packed=on//' 'qemu-system-x86_64 .*packed=on .*'
without virtio-pmd-split-late.yaml '/goes-on-pmd/d' 'screen -r vm'
exit $failed
