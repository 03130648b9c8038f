# SPDX-License-Identifier: BSD-3-Clause
"""The terminal of a console that is flooded: types, looks, measures.

    flood.py WORK FACTOR MEMORY MIGLAB ARGS...

Runs the program in a terminal of its own and lets flood.sh's programs print.
Each key is a character that stands nowhere else, so that its own bytes say when
it is on the screen. Prints a line for each thing measured, and FAIL for what
is beyond its limit; FACTOR makes the limits of time wider, MEMORY those of memory.

The machine may be busy with something else: what the program stood ready to run
while others had the processors is told, and not counted.
"""
import fcntl, glob, os, pty, re, select, struct, sys, termios, time

COLS, ROWS = 200, 50
WAIT = 20  # seconds, for what comes soon
KEY_MS, QUIT_MS = 100, 1000
GROWTH_MB = 16
FRAME_BYTES = 40000  # more than a frame of what is shown here has
HISTORY_MB = 10  # of a console: 10 000 rows of 1 KB

# A bell; a title, a clipboard, an image: OSC, DCS, APC, PM, SOS.
GUESTS = re.compile(rb"\x07|\x1b[]P_^X]|\xc2[\x90\x98\x9d-\x9f]")

work, factor, memory, argv = (sys.argv[1], float(sys.argv[2]),
                              float(sys.argv[3]), sys.argv[4:])
failed = False


def check(good, text):
    global failed
    print(text if good else "FAIL " + text, flush=True)
    failed = failed or not good


class Terminal:
    """Who reads what the program draws; nothing of it is kept for long."""

    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(argv[0], argv)
        size = struct.pack("HHHH", ROWS, COLS, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.tail = b""
        self.taken = 0  # bytes, in all
        self.guests = 0  # of them, what only a guest can have sent
        self.ended = False

    def type(self, text):
        os.write(self.fd, text.encode())

    def take(self, wait):
        if not select.select([self.fd], [], [], wait)[0]:
            return
        try:
            some = os.read(self.fd, 65536)
        except OSError:
            some = b""
        self.ended = self.ended or some == b""
        self.taken += len(some)
        self.guests += len(GUESTS.findall(self.tail[-1:] + some))
        self.tail = (self.tail + some)[-(1 << 17):]

    def until(self, done, what, wait=WAIT):
        end = time.monotonic() + wait
        while not done():
            if self.ended or time.monotonic() > end:
                sys.stdout.write("FAIL %s; the terminal has:\n" % what)
                sys.stdout.flush()
                print(ascii(self.tail[-2000:]))
                sys.exit(1)
            self.take(0.01)

    def expect(self, text, wait=WAIT):
        self.until(lambda: text.encode() in self.tail, "no " + text, wait)

    def waited_ms(self):
        """For a processor, since it began."""
        with open("/proc/%d/schedstat" % self.pid) as schedstat:
            return int(schedstat.read().split()[1]) / 1e6

    def resident_mb(self, name="VmRSS"):
        with open("/proc/%d/status" % self.pid) as status:
            for line in status:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) / 1024


def run_file(name):
    found = glob.glob(work + "/s/miglab/runs/*/" + name)
    return found[0] if found else "/nonexistent"


def has_event(text):
    try:
        with open(run_file("journal.jsonl")) as journal:
            return text in journal.read()
    except OSError:
        return False


def expect_event(text):
    terminal.until(lambda: has_event(text), "no %s in the journal" % text)


def recorded():
    return os.path.getsize(run_file("panes/backup-shell.cast"))


def is_there(name):
    return os.path.exists(work + "/" + name)


def percentile(times, of_100):
    return sorted(times)[max(0, -(-len(times) * of_100 // 100) - 1)]


keys = 0


def next_key():
    """Wide, and of a block of characters that nobody else prints."""
    global keys
    keys += 1
    return chr(0x4E00 + keys % 20000)


def key_ms():
    """What a key took, and of that without the waits for a processor."""
    key = next_key()
    began, waited = time.monotonic(), terminal.waited_ms()
    terminal.type(key)
    terminal.expect(key)
    took = (time.monotonic() - began) * 1000
    waited = terminal.waited_ms() - waited
    if keys % 30 == 0:
        terminal.type("\r")
    return took, max(took - waited, 0)


def go(name):
    with open(work + "/go", "w") as fifo:
        fifo.write("go\n")
    terminal.until(lambda: is_there(name + ".begun"), name + " does not begin")


def flood(name):
    """Keys go to the console beside the flood, and show."""
    times = []
    began, before = time.monotonic(), recorded()
    resident = terminal.resident_mb()
    go(name)
    over = False
    while not over:  # one at least, also of a flood that is over already
        times.append(key_ms())
        over = is_there(name + ".over")
    took = time.monotonic() - began
    print("%s: %.0f MB recorded in %.1f s" % (name, (recorded() - before) / 1e6, took))
    all_of_it, own = zip(*times)
    check(
        percentile(own, 99) < KEY_MS * factor,
        "%s: %d keys, median %.1f ms, p99 %.1f ms, of it own %.1f and %.1f ms"
        % (
            name,
            len(times),
            percentile(all_of_it, 50),
            percentile(all_of_it, 99),
            percentile(own, 50),
            percentile(own, 99),
        ),
    )
    grown = terminal.resident_mb("VmHWM") - resident
    check(
        grown < (HISTORY_MB + GROWTH_MB) * memory,
        "%s: resident %.1f MB, at most %.1f MB more, %d of them history"
        % (name, resident, grown, HISTORY_MB),
    )


def let_pass():
    """A hundred frames' time and some of the flood, while nobody reads them."""
    began, before = time.monotonic(), recorded()
    while recorded() < before + 10e6 or time.monotonic() < began + 2:
        if time.monotonic() > began + WAIT:
            check(False, "stopped: the flood does not go on")
            break
        time.sleep(0.05)  # a look from time to time
    return (recorded() - before) / 1e6


def stopped():
    """Nobody reads what is drawn, then somebody does."""
    resident = terminal.resident_mb("VmHWM")
    passed = let_pass()
    typed = next_key()  # into no frame but those that are not made
    terminal.type(typed)
    passed += let_pass()
    grown = terminal.resident_mb("VmHWM") - resident
    print("stopped: %.0f MB recorded meanwhile" % passed)
    check(grown < GROWTH_MB * memory, "stopped: %.1f MB more resident" % grown)
    # What was typed meanwhile is in the newest frame: at once, and behind no
    # more than the frame that waited.
    began, taken = time.monotonic(), terminal.taken
    terminal.expect(typed)
    took, read = (time.monotonic() - began) * 1000, terminal.taken - taken
    check(took < KEY_MS * factor, "stopped: the newest frame after %.1f ms" % took)
    check(read < FRAME_BYTES, "stopped: behind %d bytes of older ones" % read)


def leave():
    terminal.type("\x14w")  # the prefix, then the wizard
    terminal.type("q")
    terminal.expect("leave?")
    began = time.monotonic()
    terminal.type("y")
    while not terminal.ended and time.monotonic() - began < WAIT:
        terminal.take(0.01)
    if not terminal.ended:
        check(False, "it does not end")
        return
    code = os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1])
    took = (time.monotonic() - began) * 1000
    check(took < QUIT_MS * factor, "left after %.0f ms" % took)
    check(code == 75, "exit code %d" % code)


terminal = Terminal()
terminal.expect("WIZARD")
expect_event('"because":"guided","step":1')
terminal.type("\r")
expect_event('"ev":"typed"')
terminal.type("2")  # the host's shell
terminal.expect("host $")
terminal.type("cat >/dev/null")
terminal.expect("cat >/dev/null")  # the journal has of a line what was echoed
terminal.type("\r")
expect_event('"text":"cat >/dev/null"')
for _ in range(5):
    key_ms()
flood("yes")
flood("random")
terminal.expect("\u2714 a line like '^all floods over$'")
go("endless")
stopped()
leave()
check(
    terminal.guests == 0,
    "%d bells, titles and the like in %d bytes" % (terminal.guests, terminal.taken),
)
sys.exit(failed)
