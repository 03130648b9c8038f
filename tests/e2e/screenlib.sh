# shellcheck shell=bash disable=SC2034 # failed: whoever includes this ends so
# SPDX-License-Identifier: BSD-3-Clause
# screenlib.sh - run the console in a private tmux and look at what it shows.
# Nothing here sleeps blindly: whatever is expected is polled for, for at most
# five seconds. GENERATE=1 rewrites the golden screens instead of comparing.

top_builddir=$(cd "${top_builddir:-.}" && pwd)
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
miglab=$top_builddir/miglab
outer_check=$top_builddir/tests/e2e/outer-check
[ -x "$miglab" ] && [ -x "$outer_check" ] || exit 99
for tool in tmux python3; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done

# The screens show this path: a constant length keeps their lines the same.
work=$(mktemp -d /tmp/mg.XXXXXX) || exit 99
unset TMUX TMUX_PANE NO_COLOR COLORTERM
export LC_ALL=C.UTF-8 TZ=UTC TMUX_TMPDIR=$work HOME=$work/home
# A lab is one run's at a time: each test has its own locks.
export XDG_RUNTIME_DIR=$work/run
export MIGLAB_DATA=$work/data XDG_STATE_HOME=$work/s XDG_CONFIG_HOME=$work/c
export ASAN_OPTIONS=log_path=$work/asan:detect_leaks=1:allow_user_segv_handler=0
export UBSAN_OPTIONS=log_path=$work/asan:print_stacktrace=1
failed=0
console_env=
console_lab=screens
lines=5000 # of tmux's own history
terminals=0 # that were started
outer_options= # of outer-check: -s where a shell writes, too

t() { tmux -L "miglab-$$" -f "$work/tmux.conf" "$@"; }

# A run that is kept leaves its consoles' shells; so may one that crashed.
tear_down_all() {
    local run
    for run in "$work"/s/miglab/runs/*/; do
        [ -d "$run" ] || continue
        timeout 20 "$miglab" teardown "$run" >>"$work/teardown" 2>&1 ||
            echo "teardown of $run: $(tail -n 2 "$work/teardown")"
    done
    return 0
}

# What else a test has to give back, behind its runs; it says so itself.
give_back_more() { :; }

screen_exit() {
    t kill-server 2>/dev/null
    tear_down_all
    give_back_more
    [ -n "${KEEP_WORK-}" ] && { echo "kept: $work"; return; }
    rm -rf "$work" 2>/dev/null || { pause; rm -rf "$work"; }
}
trap screen_exit EXIT
trap 'exit 1' HUP INT TERM

# Where one thing is not there, the others are not waited for so long.
fail() { echo "FAIL $*"; failed=1; PATIENCE=1; }

# The pause between two looks.
pause() { read -rt "${1:-0.05}" <> <(:); }

# The data of the runs: this program's layouts, and tests/screens/.
make_data() {
    local screens=$top_srcdir/tests/screens
    mkdir -p "$work"/{data,home,host,backup,tester}
    cp -r "$screens"/{labs,panes,cases} "$top_srcdir/layouts" "$work/data/"
    chmod -R u+w "$work/data"
    {
        cat "$top_srcdir/panes/programs.yaml"
        echo '  recording: {about: what was printed once}'
    } >"$work/data/panes/programs.yaml"
    sed -i "s#@WORK@#$work#; s#@SCREENS@#$screens#" \
        "$work/data/labs/screens.yaml"
    echo 'forwarding' >"$work/host/status"
    echo 'stopped: link down' >"$work/backup/status"
    # A prompt without a host's or a user's name.
    # shellcheck disable=SC2016 # it is bash's to expand
    echo "unset PROMPT_COMMAND; PS1='\\W \$ '; unset HISTFILE" \
        >"$work/home/.bashrc"
    cat >"$work/tmux.conf" <<END
set -g default-terminal tmux-256color
set -g status off
set -g exit-empty off
set -g escape-time 0
set -g history-limit $lines
set -g remain-on-exit off
set -g default-shell /bin/sh
END
    infocmp tmux-256color >/dev/null 2>&1 ||
        sed -i 's/tmux-256color/screen-256color/' "$work/tmux.conf"
}
make_data

# start COLSxROWS COMMAND...: a terminal of its own with the command in it. From
# the first byte on, what it gets is looked at: it must be miglab's alone.
start() {
    local cols=${1%x*} rows=${1#*x} outer
    shift
    t kill-session -t m 2>/dev/null
    terminals=$((terminals + 1)) outer=$work/outer.$terminals
    t new-session -d -s m -x "$cols" -y "$rows" "$*" \; pipe-pane -t m -O \
        "$outer_check $outer_options $outer >$outer.said; echo \$? >$outer.code" ||
        exit 99
}

outers_are_done() {
    local i
    for ((i = 1; i <= terminals; i++)); do
        [ -s "$work/outer.$i.code" ] || return 1
    done
}

# Nothing but ours has reached the terminals; ends the last one.
expect_outer() {
    local i
    t kill-session -t m 2>/dev/null
    until_true 'a terminal does not end' outers_are_done || return
    for ((i = 1; i <= terminals; i++)); do
        [ "$(cat "$work/outer.$i.code")" = 0 ] && continue
        fail "what terminal $i got: $(cat "$work/outer.$i.said")"
    done
}

# console COLSxROWS CASE ARGS...: the console on screen; what is left of it
# goes to $work/left, and its exit code to $work/code.
console() {
    local size=$1 name=$2
    shift 2
    rm -f "$work/code"
    start "$size" "$console_env $miglab run $name --lab $console_lab $* \
        2>$work/stderr; echo \$? >$work/code"
}

keys() { t send-keys -t m "$@" 2>/dev/null; }
type_text() { keys -l "$1"; }
look() { t capture-pane -t m "$@" -p 2>/dev/null; }

# until_true WHAT COMMAND...: at most five seconds.
until_true() {
    local what=$1 end=$((SECONDS + ${PATIENCE:-5} + 1))
    shift
    while [ $SECONDS -lt $end ]; do
        "$@" && return 0
        pause
    done
    fail "$what"
    look | sed 's/^/    |/'
    return 1
}

has_text() { look | grep -qE -- "$1"; }
has_no_text() { ! has_text "$1"; }
expect_text() { until_true "no /$1/ on the screen" has_text "$1"; }
expect_gone() { until_true "/$1/ stays on the screen" has_no_text "$1"; }

# The run that began last in this folder, and what is in its journal.
run_dir() {
    local dirs=("$work"/s/miglab/runs/*)
    local last=${dirs[0]} dir
    for dir in "${dirs[@]}"; do [ "$dir" -nt "$last" ] && last=$dir; done
    echo "$last"
}
has_event() { grep -qE -- "$1" "$(run_dir)/journal.jsonl" 2>/dev/null; }
expect_event() { until_true "no /$1/ in the journal" has_event "$1"; }
# expect_pause BECAUSE STEP: the run waits for somebody.
expect_pause() { expect_event "\"because\":\"$1\",\"step\":$2[,}]"; }
expect_no_event() { has_event "$1" && fail "/$1/ is in the journal"; }

# The program in the pane, below the shells that tmux and we started.
program_of_pane() {
    local pid exe
    exe=$(readlink -f "$miglab")
    pid=$(t display-message -p -t m '#{pane_pid}')
    while [ -n "$pid" ] && [ "$(readlink "/proc/$pid/exe")" != "$exe" ]; do
        pid=$(cut -d' ' -f1 "/proc/$pid/task/$pid/children" 2>/dev/null)
    done
    echo "$pid"
}

is_over() { [ -s "$work/code" ]; }
# expect_code CODE: the program ends with it.
expect_code() {
    PATIENCE=${PATIENCE:-15} until_true "the program does not end" is_over ||
        return 1
    [ "$(cat "$work/code")" = "$1" ] && return 0
    fail "exit code $(cat "$work/code"), not $1"
    cat "$work/stderr"
    return 1
}

# The screen without what differs from run to run.
normal() {
    look ${golden_colour:+-e} | python3 "$top_srcdir/tests/e2e/screen-normal.py" \
        "$(basename "$(run_dir)")" "$work" "$golden_colour"
}

is_golden() {
    normal >"$work/screen"
    cmp -s "$work/screen" "$golden"
}

# The same for half a second: then it is what there is to see.
steady() {
    local same=0 last now end=$((SECONDS + ${PATIENCE:-5} + 1))
    last=$(look)
    while [ $same -lt 5 ]; do
        [ $SECONDS -lt $end ] || { fail 'the screen comes to no rest'; return; }
        pause 0.1
        now=$(look)
        if [ "$now" = "$last" ]; then same=$((same + 1)); else same=0; fi
        last=$now
    done
}

# expect_screen NAME [colour]: the screen is golden/NAME.txt.
expect_screen() {
    golden=$top_srcdir/tests/screens/golden/$1.txt
    golden_colour=${2-}
    if [ -n "${GENERATE-}" ]; then
        steady
        is_golden
        cp "$work/screen" "$golden"
        echo "wrote $golden"
        return
    fi
    local end=$((SECONDS + ${PATIENCE:-5} + 1))
    while [ $SECONDS -lt $end ]; do
        is_golden && return 0
        pause
    done
    fail "the screen is not $1"
    diff -U 0 "$golden" "$work/screen" | sed 's/\x1b/^/g' | head -n 24
    return 1
}

# No report of a sanitizer, from whatever ran, and nothing in the terminals that
# is not ours.
expect_sane() {
    local file
    expect_outer
    for file in "$work"/asan*; do
        [ -e "$file" ] || continue
        fail 'a sanitizer complains'
        head -n 60 "$file"
    done
}
