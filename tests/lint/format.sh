#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The form of the C sources is what `make format` makes of them. Another major
# version of clang-format makes something else of some lines, so only the one
# whose output is in the tree may judge.
cd "${top_srcdir:-.}" || exit 99
major=14

for tool in clang-format-$major clang-format; do
    case $($tool --version 2>/dev/null) in
    *"version $major."*)
        find src tests tools -name '*.[ch]' -exec \
            "$tool" --dry-run -Werror {} +
        exit
        ;;
    esac
done
echo "skipped: no clang-format $major"
exit 77
