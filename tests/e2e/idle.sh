#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Seven consoles and nothing to do: the program sleeps. A key shows at once.
# shellcheck source=tests/e2e/screenlib.sh
. "${top_srcdir:-.}/tests/e2e/screenlib.sh" || exit 99

# All threads' own waits since they began.
switches() {
    cat "/proc/$1"/task/*/status | awk '/^voluntary_ctxt/ {n += $2} END {print n}'
}

console 200x50 screens
expect_pause guided 1
for step in 2 4 5 6; do # step 3 is done already
    keys Enter
    expect_pause guided $step
done
links=$(grep -c '"state":"up"' "$(run_dir)/journal.jsonl")
[ "$links" -eq 7 ] || fail "$links consoles, not 7"
steady
pid=$(program_of_pane)
# The clock of three seconds is what is measured here, not a wait for anything.
before=$(switches "$pid")
pause 3
woken=$(($(switches "$pid") - before))
echo "woken $woken times in 3 s"
[ "$woken" -le 1 ] || fail 'it wakes up with nothing to do'

# Echo of a key, in a shell at its prompt: python3 is faster than tmux's start.
keys 2
expect_text '^ host-shell '
type_text 'cat >/dev/null'
expect_text 'cat >/dev/null' # the journal has of a line what was echoed
keys Enter
expect_event '"text":"cat >/dev/null"'
cat >"$work/echo.py" <<'END'
import statistics, subprocess, sys, time
tmux = sys.argv[1:]
times, typed = [], ""
def screen():
    return subprocess.run(tmux + ["capture-pane", "-p", "-t", "m"],
                          capture_output=True, text=True).stdout
for letter in "abcdefghij":
    typed += letter
    subprocess.run(tmux + ["send-keys", "-t", "m", "-l", letter], check=True)
    began = time.monotonic()
    while "│" + typed not in screen():
        if time.monotonic() - began > 5:
            sys.exit("no echo of " + letter)
        time.sleep(0.005)
    times.append((time.monotonic() - began) * 1000)
median = statistics.median(times)
print("echo of a key: median %.0f ms, most %.0f ms" % (median, max(times)))
sys.exit(0 if median <= 200 else "too slow")
END
python3 "$work/echo.py" tmux -L "miglab-$$" -f "$work/tmux.conf" ||
    fail 'the echo of a key'
keys C-u C-d C-t w
expect_text '^ WIZARD '
keys t y
expect_code 2 # steps are left: it proves nothing
expect_sane
exit $failed
