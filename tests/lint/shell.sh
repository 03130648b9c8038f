#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# All shell scripts please shellcheck; what it is not to look at says so in a
# disable comment, with the reason.
cd "${top_srcdir:-.}" || exit 99
command -v shellcheck >/dev/null || {
    echo 'skipped: no shellcheck'
    exit 77
}

# A script by its first line; a part of one by shellcheck's own.
find . -path './build*' -prune -o -path ./.git -prune -o -type f \
    \( -name '*.sh' -o -path './.ci/*' -o -path './rehearsal/*' \
    -o -path './scripts/*' \) -print | sort |
    while read -r file; do
        sed 3q "$file" |
            grep -qE '^#!.*/(env )?(ba|da)?sh|^# shellcheck shell=' &&
            echo "$file"
    done | xargs shellcheck -x
