#!/bin/sh
# No function or table of ours has the name of one in a library we link: the
# linker would take ours for both, and the library would call it.
top_builddir=${top_builddir:-.}
miglab=$top_builddir/miglab
[ -x "$miglab" ] || exit 99
for tool in nm ldd; do
    command -v "$tool" >/dev/null || { echo "$tool is missing"; exit 77; }
done
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
nm -g --defined-only "$top_builddir"/lib*.a 2>/dev/null |
    awk 'NF == 3 { print $3 }' | sort -u >"$work/ours"
# "libx.so.1 => /path/libx.so.1 (0x...)" and "/path/ld-linux.so.2 (0x...)"
ldd "$miglab" | grep -o '/[^ ]*' | while read -r library; do
    nm -D --defined-only "$library" | awk -v library="${library##*/}" \
        '{ sub(/@.*/, "", $NF); print $NF, library }'
done | sort -u >"$work/theirs"
[ -s "$work/ours" ] && [ -s "$work/theirs" ] || exit 99
join "$work/ours" "$work/theirs" >"$work/both"
[ -s "$work/both" ] || exit 0
sed 's/ / is ours, and also in /' "$work/both"
exit 1
