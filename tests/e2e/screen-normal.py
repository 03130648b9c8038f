#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A screen that tmux captured, without what differs from run to run.

screen-normal.py RUN WORK [colour] <SCREEN: times, the run's stamp and the
test's folder are replaced by as many other characters. With "colour" each
change of colour among the cells that can show one is written as one SGR
sequence; tmux itself writes them by the history of the cells. Marks of news
are left out: whether a pane was drawn between two outputs is chance.
"""
import re
import sys

STAMP = "00000000T000000Z"


def cells_of(line, state):
    """The line's characters and styles; state: what holds meanwhile."""
    chars, styles = [], []
    for part in re.split(r"(\033\[[0-9;:]*m)", line):
        if not part.startswith("\033["):
            chars += part
            styles += [tuple(sorted(state.items()))] * len(part)
            continue
        words = [int(word or 0) for word in re.split("[;:]", part[2:-1])]
        while words:
            word = words.pop(0)
            if word == 0:
                state.clear()
            elif word in (38, 48):
                state[word] = tuple([word] + words)
                words = []
            elif 30 <= word <= 37 or 90 <= word <= 97:
                state[38] = (word,)
            elif 40 <= word <= 47 or 100 <= word <= 107:
                state[48] = (word,)
            elif word in (39, 49):
                state.pop(word - 1, None)
            elif word == 22:
                state.pop(1, None)
                state.pop(2, None)
            elif word >= 21:
                state.pop(word - 20, None)
            else:
                state[word] = (word,)
    return chars, styles


def longest_pieces(name, least):
    """Its beginnings, then its ends: a long name may be cut by a line."""
    for n in range(len(name), least - 1, -1):
        yield name[:n], 0
    for n in range(len(name), 0, -1):
        yield name[-n:], len(name) - n


def replace(text, run, work):
    stamp, case = run.split("-", 1)
    case, chance = case[:-6], case[-6:]
    text = text.replace(chance, "000000")
    for n in range(len(chance) - 1, 0, -1):
        text = text.replace(case + chance[:n], case + "0" * n)
        text = re.sub(r"(?<= {9})" + chance[-n:] + r"(?=\s*$)", "0" * n, text)
    for piece, at in longest_pieces(stamp, 3):
        new = STAMP[at:at + len(piece)]
        if at == 0:
            text = text.replace("runs/" + piece, "runs/" + new)
            if len(piece) > 6:
                text = text.replace(piece, new)
        else:
            text = text.replace(piece + "-" + case, new + "-" + case)
    unique = work[len("/tmp/mg."):]
    for piece, at in longest_pieces(unique, 2):
        new = "_" * len(piece)
        if at == 0:
            text = text.replace("mg." + piece, "mg." + new)
        else:
            text = text.replace(piece + "/s/", new + "/s/")
    text = re.sub(r" [0-9]{2}\.[0-9] s\b", "  0.0 s", text)
    text = re.sub(r"\b[0-9]\.[0-9] s\b", "0.0 s", text)
    text = re.sub(r" {2}[0-9 ]{2}[0-9]\.[0-9]{3} s ", "    0.000 s ", text)
    text = re.sub(r"(?<![0-9:])[0-9]{2}:[0-9]{2}(?![0-9:])", "00:00", text)
    return re.sub(r"\b[0-9] s ago", "0 s ago", text)


def without_news(text, cells, styles):
    """The names of tabs move together; the frame fills the room."""
    while True:
        found = re.search(r"^(.*[╰+](?:─|-) .*[0-9a-z])!([^╯+]*)(.)([╯+].*)$",
                          text)
        if not found:
            return text, cells, styles
        at, end = found.end(1), found.start(3)
        cells = cells[:at] + cells[at + 1:end + 1] + cells[end:]
        styles = styles[:at] + styles[at + 1:end + 1] + styles[end:]
        text = "".join(cells)


def main():
    run, work = sys.argv[1:3]
    colour = "colour" in sys.argv[3:]
    state = {}
    for line in sys.stdin.read().split("\n")[:-1]:
        cells, styles = cells_of(line, state)
        text, cells, styles = without_news("".join(cells), cells, styles)
        text = replace(text, run, work).rstrip()
        out, last = [], ()
        for char, style in zip(text, styles):
            seen = dict(style)
            # A blank shows its background, its line, nothing else.
            plain = char == " " and not {48, 4, 7, 9} & set(seen)
            if colour and style != last and not plain:
                words = [str(n) for key in sorted(seen) for n in seen[key]]
                out.append("\033[" + ";".join(["0"] + words) + "m")
                last = style
            out.append(char)
        print("".join(out) + ("\033[0m" if last else ""))


main()
