"""Our screen against tmux's, after the same bytes.

term-vs-tmux.py [COLSxROWS] DUMP PLAY FILE...

Every file is played in a pane of a private tmux at each size, many panes at
once; PLAY tells through a fifo when tmux has taken all of it. The pane's rows
(also those in its history), their colours and attributes, and the cursor must
be those that DUMP prints for our terminal.
"""
# SPDX-License-Identifier: BSD-3-Clause
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

SIZES = ((80, 24), (200, 50))
PANES = 48         # at once
DEADLINE_S = 20    # for one batch of panes
CONF = """set -g status off
set -g default-terminal "xterm-256color"
set -g remain-on-exit on
set -g history-limit 100000
set -s escape-time 0
set -g @state "%s"
""" % " ".join("#{%s}" % name for name in (
    "cursor_x", "cursor_y", "alternate_on", "cursor_flag",
    "keypad_cursor_flag", "keypad_flag", "insert_flag", "origin_flag",
    "wrap_flag", "mouse_standard_flag", "mouse_button_flag", "mouse_all_flag",
    "mouse_sgr_flag", "scroll_region_upper", "scroll_region_lower",
    "?pane_tabs,#{pane_tabs},-"))

# Files that may differ, and why. One that does not differ any more must go.
EXPECTED = {
    "captures/monitor-raw-tcp.bin": "telnet's own bytes are no UTF-8: our gate "
    "shows each as U+FFFD, tmux shows nothing; a telnet link takes them out",
    "captures/serial-raw-tcp.bin": "the same",
    "vttest/2-10.vt": "margins set in origin mode: the cursor goes to the top "
    "margin, as the test wants it; tmux takes it to the first row",
    "vttest/2-11.vt": "the same, in the history",
    "vttest/2-12.vt": "the same, in the history",
    "vttest/2-13.vt": "the same, in the history",
    "vttest/2-14.vt": "the same, in the history",
    "vttest/3-00.vt": "the British set has a pound sign; tmux does not know it",
}

BOLD, ITALIC, UNDERLINE, BLINK, REVERSE, STRIKE = 1, 2, 4, 8, 16, 32
ATTRS = {1: BOLD, 3: ITALIC, 4: UNDERLINE, 5: BLINK, 7: REVERSE, 9: STRIKE}
INDEX, RGB = 1 << 24, 2 << 24
DRAWING = dict(zip("`abcdefghijklmnopqrstuvwxyz{|}~",
                   "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"))


def apply_sgr(numbers, look):
    """What tmux prints in a captured line, as our (fg, bg, attrs)."""
    fg, bg, attrs = look
    i = 0
    while i < len(numbers):
        n = numbers[i]
        if n == 0:
            fg = bg = attrs = 0
        elif n in ATTRS:
            attrs |= ATTRS[n]
        elif 30 <= n <= 37:
            fg = INDEX | n - 30
        elif 90 <= n <= 97:
            fg = INDEX | n - 82
        elif 40 <= n <= 47:
            bg = INDEX | n - 40
        elif 100 <= n <= 107:
            bg = INDEX | n - 92
        elif n == 39:
            fg = 0
        elif n == 49:
            bg = 0
        elif n in (38, 48):
            if numbers[i + 1] == 5:
                color = INDEX | numbers[i + 2]
                i += 2
            else:
                r, g, b = numbers[i + 2:i + 5]
                color = RGB | r << 16 | g << 8 | b
                i += 4
            if n == 38:
                fg = color
            else:
                bg = color
        i += 1
    return fg, bg, attrs


def canonical(lines):
    """Captured lines in the form that DUMP prints."""
    look, drawing = (0, 0, 0), False
    rows = []
    for line in lines:
        runs = []
        for part in re.split("(\x1b\\[[0-9;:]*m|\x0e|\x0f)", line):
            if part in ("\x0e", "\x0f"):
                drawing = part == "\x0e"
            elif part.startswith("\x1b"):
                # "4:2" is an underline's shape; we keep that there is one.
                said = re.sub(":[0-9]+", "", part[2:-1])
                look = apply_sgr([int(n or 0) for n in said.split(";")], look)
            elif part:
                if drawing:
                    part = "".join(DRAWING.get(c, c) for c in part)
                if runs and runs[-1][0] == look:
                    runs[-1][1] += part
                else:
                    runs.append([look, part])
        row, before = "", (0, 0, 0)
        for now, text in runs:
            if now != before:
                row += "\x1b%x;%x;%xm" % now
            row += text
            before = now
        rows.append(row)
    return rows


def trimmed(row):
    """tmux does not tell the colour of cells at the end that were erased."""
    return re.sub("(?:\x1b[^m]*m| )+$", "", row)


def printed(rows):
    """tmux also keeps rows of a cleared screen where cells were erased."""
    return [row for row in rows if trimmed(row)]


class Tmux:
    """A private tmux with one pane a file, all of one size."""

    def __init__(self, size, files, play, scratch):
        self.socket = os.path.join(scratch, "socket")
        self.fifo = os.path.join(scratch, "fifo")
        conf = os.path.join(scratch, "conf")
        with open(conf, "w", encoding="ascii") as out:
            out.write(CONF)
        os.mkfifo(self.fifo)
        self.done = os.open(self.fifo, os.O_RDWR | os.O_NONBLOCK)
        words = ["-f", conf]
        for i, path in enumerate(files):
            if i == 0:
                words += ["new-session", "-d", "-s", "s", "-x", str(size[0]),
                          "-y", str(size[1])]
            else:
                words += [";", "new-window", "-d", "-t", "s:"]
            words += ["-n", "f%d" % i, play, path, self.fifo]
        self.run(*words)

    def run(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, *words], check=True,
                              capture_output=True, timeout=DEADLINE_S).stdout

    def wait(self, wanted):
        deadline = time.monotonic() + DEADLINE_S
        while wanted > 0:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.done], [], [], left)[0]:
                raise TimeoutError("tmux: %d panes not done" % wanted)
            wanted -= len(os.read(self.done, wanted))

    def screens(self, count, rows):
        words = []
        for i in range(count):
            pane = "s:f%d" % i
            words += ["display-message", "-p", "-t", pane,
                      "\x01 #{E:@state}", ";",
                      "capture-pane", "-p", "-e", "-N", "-S", "-", "-t", pane,
                      ";"]
        out = self.run(*words[:-1]).decode("utf-8")
        for screen in out.split("\x01 ")[1:]:
            lines = screen.split("\n")[:-1]
            cells = canonical(lines[1:])
            yield lines[0].split(), cells[:-rows], cells[-rows:]

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"],
                       check=False, capture_output=True)
        os.close(self.done)


def our_screens(dump, size, files):
    out = subprocess.run([dump, str(size[0]), str(size[1]), *files],
                         check=True, capture_output=True).stdout
    for screen in re.split("^= ", out.decode("utf-8"), flags=re.M)[1:]:
        lines = screen.split("\n")[:-1]
        cut = lines.index("-")
        yield lines[0].split()[:16], lines[1:cut], lines[cut + 1:]


def useful(stops, size):
    """A tab stop in the first or last column changes nothing."""
    return ",".join(stop for stop in stops.split(",")
                    if stop not in ("-", "0", str(size[0] - 1)))


def differences(ours, theirs, size):
    cursor = theirs[0][:]
    cursor[0] = str(min(int(cursor[0]), size[0] - 1))
    mine, cursor = (words[:15] + [useful(words[15], size)]
                    for words in (ours[0], cursor))
    if mine != cursor:
        yield "state: ours %s, tmux %s" % (" ".join(mine), " ".join(cursor))
    parts = [("row", ours[2], theirs[2])]
    # An alternate screen has a history of its own here, and none in tmux.
    if theirs[0][2] == "0":
        parts.append(("history row", printed(ours[1]), printed(theirs[1])))
    for name, mine, other in parts:
        if len(mine) != len(other):
            yield "%ss: ours %d, tmux %d" % (name, len(mine), len(other))
        for i, (a, b) in enumerate(zip(mine, other)):
            if trimmed(a) != trimmed(b):
                yield "%s %d:\n  ours %r\n  tmux %r" % (name, i, a, b)


def compare(size, files, dump, play):
    bad = 0
    for first in range(0, len(files), PANES):
        batch = files[first:first + PANES]
        scratch = tempfile.mkdtemp(prefix="miglab-tmux-")
        tmux = Tmux(size, batch, play, scratch)
        try:
            tmux.wait(len(batch))
            theirs = list(tmux.screens(len(batch), size[1]))
        finally:
            tmux.close()
            shutil.rmtree(scratch)
        ours = list(our_screens(dump, size, batch))
        for path, mine, other in zip(batch, ours, theirs, strict=True):
            found = list(differences(mine, other, size))
            name = os.sep.join(path.split(os.sep)[-2:])
            if bool(found) != (name in EXPECTED):
                bad += 1
                print("%s at %dx%d differs from tmux%s" % (
                    path, *size, ":" if found else " no more"))
                for what in found[:3]:
                    print(" ", what)
    return bad


def main():
    words = sys.argv[1:]
    sizes = SIZES
    if re.fullmatch("[0-9]+x[0-9]+", words[0]):
        sizes = [[int(n) for n in words.pop(0).split("x")]]
    dump, play, *files = words
    bad = sum(compare(size, files, dump, play) for size in sizes)
    print("%d files at %d sizes, %d differ" % (len(files), len(sizes), bad))
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
