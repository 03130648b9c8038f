"""Keep what programs write to a terminal, as they run here and now.

term-programs.py DIRECTORY

Each is run in a terminal of 80x24, with keys that end it typed ahead. A file
is what it wrote up to the place where it leaves its screen, and some places
before; one that is not installed has none.
"""
# SPDX-License-Identifier: BSD-3-Clause
import fcntl
import os
import pty
import select
import shutil
import struct
import sys
import termios
import time

DEADLINE_S = 20
TEXT = "/etc/services" if os.path.exists("/etc/services") else "/etc/passwd"
PROGRAMS = {
    "less": (("less", TEXT), b"  /tcp\rnGg q"),
    "top": (("top", "-d", "0.2", "-n", "3"), b""),
    "man": (("man", "ls"), b"  q"),
    "screen": (("screen", "-c", "/dev/null", "sh", "-c",
                "ls -l / --color=always; seq 40; tput cup 5 5; echo here; "
                "tput smacs; echo lqqk; tput rmacs; tput rev; echo x"), b""),
    "tmux": (("tmux", "-f", "/dev/null", "-L", "miglab-%d" % os.getpid(),
              "new-session", "seq 60; ls --color=always /; tput cup 3 3; "
              "echo here; tput bold; echo x"), b""),
    "bash": (("bash", "--norc", "-i"),
             b"echo a long line that wraps around the end of the terminal"
             b" 0123456789 0123456789\x01\x06\x06xx\x05\x17\x17\x7f\x7f\r"
             b"seq 30\rexit\r"),
}


def record(words, keys):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", HISTFILE="",
                          LESSHISTFILE="-", PS1="$ ")
        os.execvp(words[0], words)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.write(fd, keys)
    out, deadline = b"", time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if not select.select([fd], [], [], DEADLINE_S)[0]:
            break
        try:
            more = os.read(fd, 65536)
        except OSError:
            break
        if not more:
            break
        out += more
        if b"\033[c" in more:
            os.write(fd, b"\033[?1;2c")
    os.close(fd)
    os.waitpid(pid, 0)
    return out


def places(out):
    """Before it leaves its screen, at its end, and where sequences begin."""
    ends = {len(out)}
    left = out.rfind(b"\033[?1049l")
    if left > 0:
        ends.add(left)
    for part in range(1, 6):
        at = out.find(b"\033", (left if left > 0 else len(out)) * part // 6)
        if at > 0:
            ends.add(at)
    return sorted(ends)


def main():
    for name, (words, keys) in PROGRAMS.items():
        if not shutil.which(words[0]):
            continue
        out = record(words, keys)
        for i, end in enumerate(places(out)):
            with open(os.path.join(sys.argv[1], "%s-%d" % (name, i)),
                      "wb") as file:
                file.write(out[:end])


main()
