#!/bin/sh
# Each floor may include itself and the floors beside it here, and each foreign
# library has one home. This table is the law that HACKING.md explains.
cd "${top_srcdir:-.}/src" || exit 99

allowed() {
    case $1 in
    base)    echo 'base' ;;
    conf)    echo 'base conf' ;;
    match)   echo 'base match' ;;
    io)      echo 'base io' ;;
    term)    echo 'base term' ;;
    lab)     echo 'base conf match io term lab' ;;
    plan)    echo 'base conf match io term lab plan' ;;
    console) echo 'base conf match io term lab plan console' ;;
    journal) echo 'base journal' ;;
    # judge is pure: no link, no console, no clock (see also the rules below).
    judge)   echo 'base match term plan judge' ;;
    run)     echo 'base conf match io term lab plan console journal judge run' ;;
    report)  echo 'base journal judge plan report run' ;;
    ui)      echo 'base conf match io term lab plan console journal judge run ui' ;;
    cli)     echo 'base conf match io term lab plan console journal judge run report ui cli' ;;
    *)       echo '' ;;
    esac
}

bad=0
for floor in */; do
    floor=${floor%/}
    ok=$(allowed "$floor")
    # HACKING.md's table: "| floor | what | besides itself | library |"
    told=$(sed -nE "s,^\| $floor \|[^|]*\| ([^|]*)\|.*,\1,p" ../HACKING.md 2>/dev/null)
    # shellcheck disable=SC2086 # words
    if [ -f ../HACKING.md ] && # no release has it
        [ "$(printf '%s\n' $told $floor | sort)" != \
        "$(printf '%s\n' $ok | sort)" ]; then
        echo "HACKING.md tells otherwise than this what src/$floor may include"
        bad=1
    fi
    included=$(sed -nE 's,^ *# *include "([a-z]+)/.*,\1,p' "$floor"/*.[ch] \
        2>/dev/null | sort -u)
    for inc in $included; do
        case " $ok " in
        *" $inc "*) ;;
        *) echo "src/$floor may not include $inc/:"
           grep -nE "^ *# *include \"$inc/" "$floor"/*.[ch]; bad=1 ;;
        esac
    done
done

# library:home (several homes with a bar)
for rule in 'n?curses:ui' 'vterm:term' 'libssh:io' 'libtelnet:io' 'uv:io' \
            'zstd:io' 'libfyaml:conf' 'pcre2:match' \
            'jansson:journal|report|cli'; do
    lib=${rule%%:*} home=${rule#*:}
    if grep -nE "^ *# *include <($lib)[^>]*>" ./*/*.[ch] |
       grep -vE "^\./($home)/"; then
        echo "only src/($home) may include <$lib...>"; bad=1
    fi
done

# The judge has no clock and no link of its own.
if grep -nE 'clock_now_us|clock_wall_us|run_clock_stamp' judge/*.c 2>/dev/null; then
    echo 'src/judge is pure: it may not ask what time it is'; bad=1
fi
exit $bad
