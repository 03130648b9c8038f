#!/bin/sh
# The man pages are good mdoc, and every record that is written is in them.
cd "${top_builddir:-.}" || exit 99
command -v mandoc >/dev/null || exit 77
bad=0
for page in man/*.[15]; do
    mandoc -T lint -W warning "$page" || bad=1
done
call='.*(record_new\(|console_record\([a-z]+, )"([a-z.-]+)".*'
events=$(sed -nE "s/$call/\\2/p" "${top_srcdir:-.}"/src/*/*.c | sort -u)
for event in $events; do
    grep -q "^\\.It Cm $event\( \|$\)" man/miglab-run.5 ||
        { echo "man/miglab-run.5 does not tell of record $event"; bad=1; }
done
exit $bad
