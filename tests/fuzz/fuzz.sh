#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# fuzz.sh SECONDS TARGET... - look for what breaks each target, one after another.
#
# Called by make fuzz in a tree configured with --enable-fuzzing. Each target
# starts from its corpus in the source tree and keeps what it learns in
# fuzz-work/NAME beside the build, so that the next run goes on from there. What
# breaks it is kept in fuzz-work/found; it belongs into the corpus with its mend.
# Ends with a table; its status is 0 when nothing was found.
set -eu

corpora=${top_srcdir:-.}/tests/fuzz
seconds=$1
shift
mkdir -p fuzz-work/found
total=0 findings=0

printf '%-14s %12s %9s %9s\n' target executions features found
for target in "$@"; do
    name=${target##*/fuzz-}
    mkdir -p "fuzz-work/$name"
    rm -f "fuzz-work/found/$name"-*
    # An input takes milliseconds; but a machine at a load of 19 stood still for
    # ten seconds.
    "$target" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 \
        -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="fuzz-work/found/$name-" \
        "fuzz-work/$name" "$corpora/corpus-$name" >"fuzz-work/$name.log" 2>&1 || :
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz-work/$name.log")
    features=$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' "fuzz-work/$name.log" | tail -n 1)
    found=$(find fuzz-work/found -name "$name-*" | wc -l)
    # A target that did not run has found nothing out: that is a finding too.
    [ "${runs:-0}" -gt 0 ] || found=$((found + 1))
    printf '%-14s %12s %9s %9s\n' "$name" "${runs:-none}" "${features:-0}" "$found"
    total=$((total + ${runs:-0})) findings=$((findings + found))
done
printf '%-14s %12s %9s %9s\n' all "$total" '' "$findings"
[ "$findings" -eq 0 ]
