#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# No comment sends its reader to a paper that is not in the tree.
cd "${top_srcdir:-.}" || exit 99
papers='PROMISES|[Pp]romise [0-9]|DESIGN( |\.md)|FACTS [0-9]|RECIPES|SCREENS(\.md| [0-9])'
papers="$papers|REHEARSAL\\.md|STYLE\\.md"
if grep -rnsE "$papers" --include='*.[ch]' --include='*.sh' --include='*.am' \
    --include='*.in' --include='*.yaml' --include='*.md' \
    src tests/unit tests/fuzz tests/e2e rehearsal man doc \
    cases labs panes layouts tools; then
    echo 'these name what is not in the tree'
    exit 1
fi
