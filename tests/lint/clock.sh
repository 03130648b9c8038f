#!/bin/sh
# doc/reliability.md 19: who waits or labels asks base/clock, which a test replaces. Nobody
# else reads a clock, and nobody sleeps.
cd "${top_srcdir:-.}/src" || exit 99
calls='clock_gettime|gettimeofday|timespec_get|ftime|uv_hrtime|uv_now'
calls="$calls|nanosleep|clock_nanosleep|usleep|sleep|time"
[ -f base/clock.c ] || exit 99
grep -qE "\\b($calls) ?\\(" base/clock.c || exit 99 # else this finds nothing
if grep -nE "(^|[^a-z_\"'])($calls) ?\\(" ./*/*.c ./*/*.h |
   grep -vE '^\./base/clock\.c:|^[^:]*:[0-9]*: *(/?\*|//)'; then
    echo 'only src/base/clock.c may ask what time it is, and nobody sleeps'
    exit 1
fi
