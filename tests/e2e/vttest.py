"""Drive vttest in a pty and keep what it writes, up to each of its pauses.

vttest.py DIRECTORY

Each file, PATH-N.vt, is what a terminal of 80x24 got from the start up to the
N-th pause of the test that the menu numbers PATH lead to.
"""
# SPDX-License-Identifier: BSD-3-Clause
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

# Menu numbers, and which tests they lead to. Left out: the keyboard (5),
# reports (6), which are test-hostile's, and what waits for a printer, a mouse or
# without a word (9-3, 9-4).
PATHS = (
    "1",         # cursor movements
    "2",         # screen features: wrap, tabs, margins, origin, SGR, DECSC
    "3",         # character sets
    "4",         # double-sized characters
    "7",         # VT52 mode
    "8",         # insert and delete
    "9-1", "9-2", "9-5", "9-6", "9-7", "9-8",  # known bugs
    "11-1-2-2",  # VT220: visible cursor
    "11-1-2-3",  # VT220: erase characters
    "11-6-2", "11-6-3", "11-6-4", "11-6-5", "11-6-6",  # ISO 6429 colours
    "11-7-2", "11-7-3",  # ISO 6429 cursor movements, others
    "11-8-7-1", "11-8-7-2", "11-8-7-3", "11-8-7-4", "11-8-7-5",  # alternate
)
DEADLINE_S = 30  # of one pause
PAUSES = 40      # of one test, at most
WAITS = re.compile(rb"(Push <RETURN>|choice number \(0 - \d+\): )[^A-Za-z]*$")
MENU = re.compile(rb"choice number \(0 - \d+\): [^A-Za-z]*$")
ANSWERS = {b"\033[c": b"\033[?1;2c", b"\033[0c": b"\033[?1;2c",
           b"\033[5n": b"\033[0n", b"\033[6n": b"\033[15;7R",
           b"\033Z": b"\033/Z"}


class Vttest:
    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execvp("vttest", ["vttest", "24x80.80"])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, 80, 0, 0))
        self.out = b""
        self.wait(0)

    def wait(self, mark):
        """Read until it waits for somebody; what came since is behind mark."""
        deadline = time.monotonic() + DEADLINE_S
        while not WAITS.search(self.out, mark):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError("vttest: %r" % self.out[-80:])
            more = os.read(self.fd, 65536)
            self.out += more
            for question, answer in ANSWERS.items():
                for _ in range(more.count(question)):
                    os.write(self.fd, answer)

    def press(self, text):
        mark = len(self.out)
        os.write(self.fd, text.encode() + b"\r")
        self.wait(mark)

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def play(path, directory):
    vttest = Vttest()
    try:
        for number in path.split("-"):
            vttest.press(number)
        for pause in range(PAUSES):
            if MENU.search(vttest.out):
                break
            with open(os.path.join(directory, "%s-%02d.vt" % (path, pause)),
                      "wb") as out:
                out.write(vttest.out)
            vttest.press("")
    finally:
        vttest.close()


def main():
    for path in PATHS:
        play(path, sys.argv[1])


main()
