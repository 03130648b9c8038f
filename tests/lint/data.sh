#!/bin/sh
# Every file that is shipped is good, and every one in the tree is shipped.
cd "${top_srcdir:-.}" || exit 99
miglab=$(cd "$OLDPWD" && cd "${top_builddir:-.}" && pwd)/miglab
[ -x "$miglab" ] || exit 99
MIGLAB_DATA=$PWD XDG_CONFIG_HOME=/nonexistent
export MIGLAB_DATA XDG_CONFIG_HOME
bad=0
for file in labs/*.yaml panes/*.yaml layouts/*.yaml cases/*.yaml \
            cases/steps/*.yaml; do
    "$miglab" lint "$file" >/dev/null || bad=1
    grep -q "$file" Makefile.am ||
        { echo "$file is not in Makefile.am"; bad=1; }
done
# What lint finds by itself is no less.
"$miglab" lint || bad=1
exit $bad
