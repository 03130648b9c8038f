#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A console prints as fast as it can: keys show all the same, memory stays,
# leaving takes a moment, and a terminal that nobody reads holds nothing up.
# 10 MB of y, then of random bytes; MIGLAB_LONG=1: 100 MB each.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99
mb=${MIGLAB_LONG:+100}
mb=${mb:-10}
# A check shares its machine with others; a sanitizer takes four times as long,
# and several times the memory, of which it gives nothing back for a while.
factor=${MIGLAB_LONG:+1}
factor=${factor:-5}
memory=1
if grep -q __asan_init "$miglab"; then
    factor=$((4 * factor)) memory=6
    ASAN_OPTIONS+=:quarantine_size_mb=1
fi

python3 -c "
import random, sys
rng = random.Random(1)
for _ in range(16 * $mb):
    sys.stdout.buffer.write(rng.randbytes(62500))" >"$work/random.bin"
mkfifo "$work/go"
cat >"$work/floods" <<END
flood() { read -r _ <$work/go; : >$work/\$1.begun; }
flood yes
yes | head -c ${mb}000000
: >$work/yes.over
flood random
cat $work/random.bin
: >$work/random.over
printf '\\033c\\nall floods over\\n'
flood endless
while cat $work/random.bin; do :; done
END
cat >"$work/data/cases/flood.yaml" <<END
case: flood
title: A console that prints as fast as it can
judge: steps
steps:
  - step: Floods
    plan: "1"
    pane: backup-shell
    do:
      - send: sh $work/floods
        expect: ^all floods over\$
        reject: '[a-z]+ \\d+ (lost|gone)\$'
        within: 900 s
  - {step: Never, plan: "2", pane: host-shell, do: [{send: "true"}]}
END
export TERM=xterm-256color
timeout 1000 python3 "$top_srcdir/tests/e2e/flood.py" "$work" "$factor" "$memory" \
    "$miglab" run flood --lab screens 2>"$work/stderr" || failed=1
[ $failed -eq 0 ] || cat "$work/stderr"
expect_sane
exit $failed
