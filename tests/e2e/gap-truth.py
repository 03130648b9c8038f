#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""gap-truth.py CASE RUN TESTER.pcap HOST.pcap BACKUP.pcap

What the switch saw of a measured flow, against what miglab says of it. The
VM sends each packet back, so the switch sees what it received: frames that
came in by the tester's port were sent, those that came in by the host's or
the backup's port were received. Nothing of miglab's is used but its figures.

An answer may be lost on its way back, at the handover. So miglab may have more
than came back, but then exactly as many as both testpmds' vhost ports gave to
the VM, by the recordings of their consoles; they are told.

Prints a row of a table; exit status 1 when the two differ."""

import json
import re
import struct
import sys

TESTER = bytes.fromhex("020000000004")


def frames(path):
    """(time, length, destination, source) of each frame."""
    with open(path, "rb") as file:
        data = file.read()
    order = {0xA1B2C3D4: 1e6, 0xA1B23C4D: 1e9}
    unit = order[struct.unpack_from("<I", data)[0]]
    at = 24
    while at + 16 <= len(data):
        sec, part, kept, length = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + kept]
        yield sec + part / unit, length, frame[0:6], frame[6:12]
        at += 16 + kept


def flow(path, back):
    """Time and length of the numbered frames: the tester's, or sent back."""
    return [(when, length) for when, length, dst, src in frames(path)
            if 64 <= length < 1064 and (dst if back else src) == TESTER
            and (back or not dst[0] & 1)]


def number_of(sent, when, length):
    """The newest packet of this length that was sent before: the switch's
    clock tells which thousand it is of. None: there is none."""
    low, high = 0, len(sent)
    while low < high:  # how many were sent by then
        middle = (low + high) // 2
        if sent[middle][0] <= when:
            low = middle + 1
        else:
            high = middle
    number = low - 1 - (low - 1 - (length - 64)) % 1000
    return number if number >= 0 else None


def truth(sent, back):
    """sent, received, lost, longest gap in ms, interval in ms."""
    for number, (_, length) in enumerate(sent):
        if length != 64 + number % 1000:
            raise SystemExit(f"frame {number} of the tester has {length} bytes")
    came = {number_of(sent, when, length) for when, length in back}
    if None in came:
        raise SystemExit("a frame came back that was not sent")
    longest, number = 0, 0
    while number < len(sent):
        first = number
        while number < len(sent) and number not in came:
            number += 1
        if number > first:
            before, behind = max(first - 1, 0), min(number, len(sent) - 1)
            longest = max(longest, sent[behind][0] - sent[before][0])
        number += 1
    steps = sorted(b[0] - a[0] for a, b in zip(sent, sent[1:]))
    return (len(sent), len(came), len(sent) - len(came), longest * 1000,
            steps[len(steps) // 2] * 1000)


def given(run):
    """What both vhost ports (port 1) gave to the VM, by testpmd's counters."""
    total = 0
    for node in ("host", "backup"):
        text = ""
        with open(f"{run}/panes/{node}-testpmd.cast", encoding="utf-8") as file:
            for line in list(file)[1:]:
                _, kind, data = json.loads(line)
                text += data if kind == "o" else ""
        counts = re.findall(r"NIC statistics for port 1 .*?TX-packets: (\d+)",
                            text, re.DOTALL)
        total += int(counts[-1]) - int(counts[0])
    return total


def figures(run):
    """The measures of the last verdict."""
    with open(f"{run}/journal.jsonl", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    verdicts = [record for record in records if record["ev"] == "verdict"]
    return verdicts[-1]["verdict"], verdicts[-1]["measures"][0]


def main():
    case, run, tester, host, backup = sys.argv[1:]
    sent = flow(tester, back=False)
    back = flow(host, back=True) + flow(backup, back=True)
    if not sent or not back:
        raise SystemExit(f"{case}: the captures are empty")
    sent_n, came_n, lost_n, gap_ms, step_ms = truth(sent, back)
    verdict, m = figures(run)
    unanswered = int(m.get("received", came_n)) - came_n
    if unanswered <= 0 or came_n + unanswered != given(run):
        unanswered = 0
    rate = (sent_n - 1) / (sent[-1][0] - sent[0][0])
    print(f"| {case} | {rate:.0f} | {sent_n} / {m.get('sent', -1):g} "
          f"| {came_n} / {m.get('received', -1):g} "
          f"| {lost_n} / {m.get('lost', -1):g} | {unanswered} "
          f"| {gap_ms:.1f} / {m.get('gap_max_ms', -1):g} | {step_ms:.1f} "
          f"| {m.get('downtime_ms', -1):g} | {m.get('total_ms', -1):g} "
          f"| {verdict} |")
    wrong = []
    for name, mine, theirs in (("sent", sent_n, m.get("sent")),
                               ("received", came_n + unanswered,
                                m.get("received")),
                               ("lost", lost_n - unanswered, m.get("lost"))):
        if mine != theirs:
            wrong.append(f"{name}: the switch saw {mine}, miglab says {theirs}")
    if not m.get("measured"):
        wrong.append("miglab did not measure")
    near_ms = step_ms * (1 + unanswered)
    if lost_n > 0 and abs(gap_ms - m.get("gap_max_ms", -1e9)) > near_ms:
        wrong.append(f"gap: {gap_ms:.1f} ms, miglab says {m.get('gap_max_ms')}")
    for text in wrong:
        print(f"FAIL {case}: {text}")
    sys.exit(1 if wrong else 0)


main()
