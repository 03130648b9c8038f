# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the other parts
# common.sh - the words that every part of the rehearsal lab shares: where
# things are, how something is said, who a process is, who holds the lock.

readonly roles=(host backup tester)
readonly -A host_number=([host]=2 [backup]=3 [tester]=4)

readonly run_dir=/run/miglab
readonly labs_dir=$run_dir/rehearsal
readonly cache_dir=/var/cache/miglab

# Everything of one lab is found by its name alone, so that `down` can sweep
# even when the state directory is gone.
name_set()
{
    # An address label has room for 12 characters after "lo:" (IFNAMSIZ).
    [[ $1 =~ ^[a-z0-9][a-z0-9-]{0,11}$ ]] ||
        usage_error "a lab's name is 1 to 12 of a-z, 0-9 and -, not '$1'"
    lab=$1
    state=$labs_dir/$lab
}

netns_of() { printf 'miglab-%s-%s' "$lab" "$1"; }
addr_of() { printf '10.77.%s.%s' "$net" "${host_number[$1]}"; }

say() { printf '%s\n' "$*"; }
warn() { printf 'rehearsal: %s\n' "$*" >&2; }

die()
{
    warn "$*"
    exit 2
}

usage_error()
{
    warn "$*"
    warn "try 'rehearsal --help'"
    exit 64
}

# need_root VERB WHY
need_root()
{
    [[ $EUID -eq 0 ]] && return
    die "$1 needs root: $2. Try again with sudo."
}

need_tools()
{
    local tool missing=()
    for tool; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    ((${#missing[@]} == 0)) ||
        die "missing: ${missing[*]}; scripts/install-deps --lab installs them"
}

# now_ms - milliseconds of a clock that nobody sets.
now_ms()
{
    local up
    read -r up _ </proc/uptime
    printf '%d' "$((10#${up/./} * 10))"
}

# wait_until SECONDS COMMAND... - polls, for want of an event that bash can
# wait for; reading from a pipe that nobody writes costs no process.
wait_until()
{
    local end=$(($(now_ms) + $1 * 1000))
    shift
    until "$@"; do
        (($(now_ms) < end)) || return 1
        pause
    done
}

pause()
{
    [[ -n ${pause_fd-} ]] || exec {pause_fd}<> <(:)
    read -r -t 0.02 -u "$pause_fd" || :
}

# A process is its pid and its start time: a pid alone is recycled, and nobody
# else's process may die for that.
proc_start()
{
    local line
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086 # the fields are wanted one by one
    set -- ${line##*) }
    [[ $1 != [ZX] ]] || return 1 # a zombie init has already ended all others
    printf '%s' "${20}"
}

# proc_read FILE - prints the pid that FILE names if that process still lives.
proc_read()
{
    local pid start
    { read -r pid start <"$1"; } 2>/dev/null || return 1
    [[ $pid && $start == "$(proc_start "$pid")" ]] || return 1
    printf '%s' "$pid"
}

proc_gone()
{
    [[ $(proc_start "$1") != "$2" ]]
}

# proc_kill PID - ends it and does not return before it is gone.
proc_kill()
{
    local start
    start=$(proc_start "$1") || return 0
    kill -KILL "$1" 2>/dev/null
    wait_until 10 proc_gone "$1" "$start" ||
        die "process $1 is still there 10 s after SIGKILL"
}

# Daemons started under the lock must not inherit it: see each `9>&-`.
lock_take()
{
    while :; do
        install -d -m 755 "$run_dir" "$labs_dir"
        exec 9<"$run_dir"
        if ! flock -n 9; then
            say "waiting for $(lock_holder)"
            flock -w 120 9 || die "$(lock_holder) does not end"
        fi
        # The last `down` removes the directory: then the lock was on a ghost.
        [[ /proc/self/fd/9 -ef $run_dir ]] || continue
        printf '%s %s %s\n' $$ "$verb" "$lab" >"$run_dir/lock-holder"
        return
    done
}

lock_holder()
{
    local pid verb lab
    { read -r pid verb lab <"$run_dir/lock-holder"; } 2>/dev/null
    printf "'rehearsal %s --name %s' (process %s)" \
        "${verb:-up}" "${lab:-?}" "${pid:-?}"
}

# setting KEY - from the lab's saved settings; setting_save KEY VALUE.
setting()
{
    local key value
    while IFS='=' read -r key value; do
        [[ $key == "$1" ]] && printf '%s' "$value"
    done 2>/dev/null <"$state/settings"
}

setting_save()
{
    local kept=''
    [[ ! -e $state/settings ]] || kept=$(grep -v "^$1=" "$state/settings")
    printf '%s\n%s=%s\n' "$kept" "$1" "$2" | sed '/^$/d' >"$state/settings.new"
    mv "$state/settings.new" "$state/settings"
}
