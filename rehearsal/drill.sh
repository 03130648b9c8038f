# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# drill.sh - faults that are put into the lab and taken out again. A drill is a
# file of drills/, which says:
#
#   title    what is wrong, in one line
#   case     the case that meets it
#   set      variables of the lab while it is in, NODE.NAME=VALUE or NAME=VALUE
#   put_in   a function that does what variables cannot; take_out undoes it
#   at, act  what the fault needs at a moment of a run: act is called when the
#            run's journal gets a line that fits the pattern at
#   verdict  of the case while it is in: fail, or error
#   cause    the symptom (cases/symptoms.yaml) that must rank first
#   sign     where the fault shows first: a pattern of the journal; without it
#            the earliest evidence of that symptom, or the end of the step
#            that failed, whichever is earlier
#   waits    why waiting is the point, where the verdict takes long

drill()
{
    case $#:${2-} in
    0:) drill_list ;;
    1:)
        drill_load "$1"
        drill_tell
        ;;
    2:on | 2:off)
        drill_load "$1"
        need_root drill 'it changes what is in the machines'
        lock_take
        "drill_$2"
        ;;
    2:*)
        [[ $1 == run ]] || usage_error "drill: on, off, or run first, not '$2'"
        drill_load "$2"
        need_root drill 'it changes what is in the machines'
        drill_run
        ;;
    3:*)
        [[ $1 == watch ]] || usage_error 'drill: too many words'
        drill_load "$2"
        drill_watch
        ;;
    *) usage_error 'drill: too many words' ;;
    esac
}

drill_names()
{
    local file
    for file in "$here"/drills/*.sh; do
        file=${file##*/}
        printf '%s\n' "${file%.sh}"
    done
}

drill_load()
{
    [[ $1 =~ ^[a-z0-9-]+$ && -e $here/drills/$1.sh ]] ||
        usage_error "no drill '$1'; 'rehearsal drill' lists them"
    name=$1 title='' case='' set=() at='' verdict='' cause='' sign='' waits=''
    put_in() { :; }
    take_out() { :; }
    # shellcheck source=/dev/null # any of them
    . "$here/drills/$1.sh"
}

drill_list()
{
    local name
    for name in $(drill_names); do
        drill_load "$name"
        printf '%-26s %s\n' "$name" "$title"
    done
}

drill_tell()
{
    say "$name: $title"
    say "  case     $case"
    say "  verdict  $verdict"
    say "  cause    $cause"
    [[ ! $waits ]] || say "  waits    $waits"
}

# The drill that is in the lab; false when none is.
drill_now()
{
    local now
    { read -r now <"$state/drill"; } 2>/dev/null || return 1
    printf '%s' "$now"
}

# The part of the lab's file that puts a drill in.
drill_yaml()
{
    local now one
    now=$(drill_now) || return 0
    drill_load "$now"
    ((${#set[@]})) || return 0
    printf 'set: # by the drill %s\n' "$now"
    for one in "${set[@]}"; do
        printf '  %s: %s\n' "${one%%=*}" "$(yaml_scalar "${one#*=}")"
    done
}

drill_write_yaml()
{
    { sed '/^set:/,$d' "$state/lab.yaml" && drill_yaml; } \
        >"$state/lab.yaml.new"
    mv "$state/lab.yaml.new" "$state/lab.yaml"
    lab_own
}

drill_may_begin()
{
    local now
    [[ -e $state/lab.yaml ]] || die "$lab is not up"
    ! now=$(drill_now) || die "the drill $now is in: take it out first"
}

drill_on()
{
    drill_may_begin
    printf '%s\n' "$name" >"$state/drill"
    drill_write_yaml
    put_in || die "$name could not be put in; drill $name off"
    if [[ $at ]]; then
        # Without the lock, nor the pipe of whoever called.
        MIGLAB_DRILL=$lab/$name setsid "$here/rehearsal" \
            drill watch "$name" now --name "$lab" \
            >"$state/drill.log" 2>&1 </dev/null 9>&- &
        wait_until 5 drill_is_watched || die "nobody watches for $name"
    fi
    say "$name is in: $title"
}

drill_is_watched() { [[ $(marked DRILL '.*') ]]; }

drill_off()
{
    local pid now
    now=$(drill_now)
    if [[ $now != "$name" ]]; then
        say "$name is not in"
        return
    fi
    # Twice: one that is just being born may have missed the first.
    for pid in $(marked DRILL '.*') $(marked DRILL '.*'); do
        proc_kill "$pid"
    done
    take_out || die "$name could not be taken out"
    rm -f "$state/drill" # its log stays, for who asks what it did
    drill_write_yaml
    say "$name is out"
}

# For put_in, take_out and act.
on_node()
{
    local role=$1
    shift
    nsenter -t "$(machine_pid "$role")" -a --wdns=/root \
        env HOME=/root "$@" 9>&-
}
in_switch() { ip netns exec "$(netns_of switch)" "$@"; }

# node_pids ROLE COMM - its processes of that name, as they are numbered here.
node_pids()
{
    local init pid comm
    init=$(machine_pid "$1")
    for pid in /proc/[0-9]*; do
        { read -r comm <"$pid/comm"; } 2>/dev/null || continue
        [[ $comm == "$2" && $pid/ns/pid -ef /proc/$init/ns/pid ]] &&
            printf '%s\n' "${pid#/proc/}"
    done
}

# node_kill ROLE COMM - them, at once.
node_kill()
{
    local pid
    for pid in $(node_pids "$1" "$2"); do
        kill -KILL "$pid"
    done
}

# drill_await PATTERN - until the run's journal has a line that fits; false when
# the run ended without.
drill_await()
{
    grep -qm 1 -E -- "$1" \
        < <(exec tail -n +1 -F --pid="$pid" "$journal" 2>/dev/null)
}

# drill_watch - calls act at the drill's moment of each run in this lab.
drill_watch()
{
    local seen='' pid journal
    while :; do
        if ! drill_find_run || [[ $journal == "$seen" ]]; then
            read -r -t 0.2 <> <(:)
            continue
        fi
        seen=$journal
        drill_await "$at" && act
    done
}

# The run that goes on in this lab: who holds its journal open.
drill_find_run()
{
    local fd
    for pid in /proc/[0-9]*; do
        [[ $(cat "$pid/comm" 2>/dev/null) == miglab ]] || continue
        for fd in "$pid"/fd/*; do
            journal=$(readlink "$fd") && [[ $journal == */journal.jsonl ]] &&
                grep -qm 1 "\"lab\":\"$lab\"" "$journal" &&
                pid=${pid#/proc/} && return
        done
    done
    return 1
}

# What must be the same before and after a drill: all that status says, but
# for what the switch has learnt meanwhile.
drill_status()
{
    lab_status | grep -v ' behind '
    in_switch bridge fdb show br brdata | grep -w static
    return 0
}

drill_is_as() { [[ $(drill_status) == "$1" ]]; }

drill_run()
{
    local miglab=${MIGLAB:-miglab} before out run code
    drill_may_begin
    out=$(mktemp) || die 'no temporary file'
    before=$(drill_status)
    # Whatever ends this: the fault does not stay in.
    # shellcheck disable=SC2064 # out is this one
    trap "rm -f '$out'; (lock_take && drill_off)" EXIT
    (lock_take && drill_on) || exit 2
    "$miglab" run "$case" --lab "$lab" --headless | tee "$out"
    code=${PIPESTATUS[0]}
    (lock_take && drill_off) || exit 2
    run=$(sed -n 's/^evidence //p' "$out")
    rm -f "$out"
    trap - EXIT
    # A QEMU that has quit is still there while its memory is given back.
    wait_until 5 drill_is_as "$before" ||
        diff <(cat <<<"$before") <(drill_status) ||
        die "$name: the lab is not as it was before"
    [[ $run ]] || die "$name: miglab ended with $code, and there is no run"
    drill_judge "$run/journal.jsonl"
}

# drill_judge JOURNAL - says whether the run came to what the fault is.
drill_judge()
{
    python3 "$here/drill-judge" "$1" "$name" "$case" "$verdict" "$cause" \
        "$sign" "$waits"
}
