"""Write streams of text and sequences, the same ones each time.

term-streams.py DIR COUNT

Each stream uses some features and leaves others out, because tmux and we
differ on purpose where two meet:
- wide characters that something else halves: we blank the other half, tmux
  often leaves it; streams with such characters only print
- IL and DL outside the margins, which tmux does and DEC's terminals do not
- DECSTBM in origin mode, which homes to the top margin, not to the first row
- DECSC on the alternate screen, which has a cursor of its own, as in xterm
- 1047 and 1049 in turn, where tmux restores a pen only sometimes
- insert mode, where tmux overwrites the first character behind a wrap
- autowrap switched off behind the last column: what comes is printed over it,
  as in xterm, while tmux drops it
"""
# SPDX-License-Identifier: BSD-3-Clause
import os
import random
import sys

LETTERS = "abcdefgh XYZ0123"
LENGTHS = (1, 2, 3, 10, 40, 79, 80, 81, 100, 200, 250)
PENS = ("0", "1", "2", "3", "4", "5", "7", "8", "9", "21", "4:3", "4:0", "22", "23", "24", "25", "27", "29",
        "31", "42", "39", "49", "97", "104")


class Stream:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.wide = self.r.random() < 0.4
        self.margins = self.r.random() < 0.5
        self.alternate = self.r.choice(("", "1047", "1049"))
        self.pieces = [
            (35, self.text), (7, lambda: "\r\n"),
            (4, self.beyond_ascii),
            (4, lambda: self.r.choice(("\033[2K", "\033[2J", "\033[J"))),
            (7, self.pen),
            (3, lambda: "\033[%d%s" % (self.number(5), self.r.choice("ST"))),
            (2, lambda: "\033E"),
            (1, lambda: self.r.choice(("\033(0", "\033(B", "\016", "\017",
                                       "\033)0"))),
            (1, lambda: "x\033[%db" % self.number()),
            (1, lambda: self.r.choice(("\033[?3l", "\033#8", "\033H",
                                       "\033[g", "\033[3g", "\033[?25l",
                                       "\033[?25h"))),
        ]
        if not self.wide:
            self.pieces += [
                (4, lambda: self.r.choice("\r\n\t\v")),
                (10, lambda: "\033[%d;%dH" % (self.number(),
                                              self.number(90))),
                (8, lambda: "\033[%d%s" % (self.number(),
                                           self.r.choice("ABCDEFGd"))),
                (2, lambda: self.r.choice(("\033M", "\033D"))),
                (6, lambda: "\033[%d%s" % (self.number(8),
                                           self.r.choice("@PX"))),
                (4, lambda: self.r.choice(("\033[K", "\033[1K", "\033[1J")))]
        if self.margins:
            self.pieces.append((2, lambda: "\033[%d;%dr" % (
                self.r.randint(1, 10), self.r.randint(12, 24))))
        else:
            self.pieces.append((2, lambda: "\033[%d%s" % (
                self.number(5), self.r.choice("LM"))))
        if self.alternate:
            self.pieces.append((1, lambda: "\033[?%s%s" % (
                self.alternate, self.r.choice("hl"))))
        elif not self.wide:
            self.pieces.append((2, lambda: self.r.choice(("\0337", "\0338"))))

    def number(self, most=30):
        return self.r.choice((0, 1, 1, 2, 3, 5, self.r.randint(0, most)))

    def text(self):
        return "".join(self.r.choice(LETTERS)
                       for _ in range(self.r.choice(LENGTHS)))

    def beyond_ascii(self):
        return self.r.choice(("漢字", "日", "ab漢", "e\u0302") if self.wide
                             else ("é", "e\u0301", "─"))

    def pen(self):
        colors = ("38;5;%d" % self.r.randint(0, 255),
                  "48;5;%d" % self.r.randint(0, 255),
                  "48;2;1;2;%d" % self.r.randint(0, 255),
                  "38;2;%d;2;3" % self.r.randint(0, 255),
                  "38:5:%d" % self.r.randint(0, 255),
                  "48:2::%d:2:3" % self.r.randint(0, 255))
        return "\033[%sm" % ";".join(self.r.choice(PENS + colors)
                                     for _ in range(self.r.randint(1, 3)))

    def bytes(self):
        weights = [weight for weight, _ in self.pieces]
        calls = [call for _, call in self.pieces]
        count = self.r.randint(20, 400)
        return ("".join(call() for call in self.r.choices(
            calls, weights, k=count)) + self.modes()).encode()

    def modes(self):
        """Switches, where nothing is printed any more that would show them."""
        switches = ["\033[?%d%s" % (n, on) for on in "hl"
                    for n in (1, 7, 25, 1000, 1002, 1003, 1006, 2004)]
        switches += ["\033=", "\033>", "\033[4h", "\033[4l"]
        if not self.margins:
            switches += ["\033[?6h", "\033[?6l"]
        return "".join(self.r.choice(switches)
                       for _ in range(self.r.randint(0, 12)))


def main():
    directory, count = sys.argv[1], int(sys.argv[2])
    for seed in range(count):
        path = os.path.join(directory, "stream-%03d" % seed)
        with open(path, "wb") as out:
            out.write(Stream(seed).bytes())


main()
