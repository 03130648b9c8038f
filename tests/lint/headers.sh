#!/bin/sh
# Every header compiles alone: it includes what it names, and nothing less.
cd "${top_srcdir:-.}" || exit 99
bad=0
for h in src/*/*.h; do
    printf '#include "%s"\n' "${h#src/}" |
        ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Wall -Werror -Isrc -fsyntax-only \
            -x c - || { echo "$h does not compile alone"; bad=1; }
done
exit $bad
