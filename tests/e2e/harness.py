"""What the cases are written with: running the command, judging a log, naming cases."""

import os
import re
import shutil
import subprocess
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
KERNEL = BUILD / "kernel.elf"
INITRD = BUILD / "initrd.tar"
# What the starter script ./mnos starts; the script itself has a case of its own.
MNOS = BUILD / "host" / "mnos"

# A run that needs longer hangs. Far above what any takes: timings are not what is tested.
RUN_SECONDS = 120

CASES = {}


class Skip(Exception):
    """Raised by a case that cannot run here; its text says what is missing."""


class Failure(Exception):
    """Raised by a case that found something wrong."""


def case(name):
    """Registers a function as the case `name`; it gets a Folder."""

    def register(function):
        if name in CASES:
            raise ValueError(f"two cases are called {name}")
        CASES[name] = function
        return function

    return register


class Folder:
    """The files of one case: build/e2e/NAME."""

    def __init__(self, name):
        self.path = BUILD / "e2e" / name
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        self.runs = 0

    def write(self, name, content):
        """Makes a file, returns its path."""
        path = self.path / name
        path.write_bytes(content)
        return path

    def keep_log(self, run):
        """Writes down what a run said, for whoever looks for the reason of a failure."""
        self.runs += 1
        self.write(f"run{self.runs}.log", run.command.encode() + b"\n" + run.raw)
        self.write(f"run{self.runs}.err", run.error.encode())


class Run:
    """One ended run: `status`, what it printed (`log`, `raw`) and said (`error`)."""

    def __init__(self, command, status, raw, error):
        self.command = " ".join(map(str, command))
        self.status = status
        self.raw = raw
        self.log = raw.decode("utf-8", "replace").replace("\r", "")
        self.error = error

    def tail(self):
        lines = (self.log + self.error).rstrip().split("\n")
        return "\n".join("      | " + line[:160] for line in lines[-12:])

    def fail(self, reason):
        raise Failure(f"{reason}\n      {self.command}\n{self.tail()}")

    def expect_status(self, status):
        if self.status != status:
            self.fail(f"ended with status {self.status}, not {status}")
        return self

    def expect(self, *patterns):
        """Each pattern matches a line, in this order. A pattern is a regular expression
        for a whole line, or a Text for exactly that line."""
        lines = self.log.split("\n")
        at = 0
        for pattern in patterns:
            found = next((i for i in range(at, len(lines)) if matches(pattern, lines[i])),
                         None)
            if found is None:
                everywhere = any(matches(pattern, line) for line in lines)
                self.fail(f"{'out of order' if everywhere else 'missing'}: {pattern}")
            at = found + 1
        return self

    def expect_none(self, pattern):
        for line in self.log.split("\n"):
            if re.search(pattern, line):
                self.fail(f"should not stand there: {line}")
        return self

    def expect_error(self, pattern):
        """The command's standard error is one line that matches."""
        lines = self.error.rstrip("\n").split("\n")
        if len(lines) != 1 or not re.search(pattern, lines[0]):
            self.fail(f"standard error should be one line with: {pattern}")
        return self

    def expect_said(self, pattern):
        """Some line of the command's standard error matches."""
        if not re.search(pattern, self.error, re.MULTILINE):
            self.fail(f"standard error should say: {pattern}")
        return self


class Text(str):
    """A line that is expected to the letter."""


def matches(pattern, line):
    if isinstance(pattern, Text):
        return line == pattern
    return re.fullmatch(pattern, line) is not None


def run(folder, command, stdin=subprocess.DEVNULL, seconds=RUN_SECONDS):
    """Runs a command to its end; one that takes longer is ended and fails the case."""
    process = subprocess.Popen(
        [str(word) for word in command], cwd=folder.path, stdin=stdin,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, error = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        out, error = process.communicate()
        result = Run(command, None, out, error.decode("utf-8", "replace"))
        folder.keep_log(result)
        result.fail(f"did not end within {seconds} s")
    result = Run(command, process.returncode, out, error.decode("utf-8", "replace"))
    folder.keep_log(result)
    return result


def mnos(folder, *words, **how):
    """Runs the host command with these words."""
    return run(folder, [MNOS, *words], **how)


def boot(folder, *options, **how):
    """Boots by `mnos boot`, to the end of Init's phases, on the time limit."""
    return mnos(folder, "boot", "--poweroff", "--timeout", RUN_SECONDS - 10, *options,
                **how)


def qemu(folder, *options, arguments="poweroff debug_exit=0xf4", **how):
    """Boots the kernel by QEMU itself, with QEMU's own defaults but for these."""
    return run(folder, ["qemu-system-x86_64", "-accel", "tcg", "-display", "none",
                        "-serial", "stdio", "-no-reboot", "-kernel", KERNEL,
                        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
                        "-append", arguments, *options], **how)


def run_case(name):
    """Runs one case: ('ok' | 'skip' | 'FAIL', its reason)."""
    try:
        CASES[name](Folder(name))
        return "ok", ""
    except Skip as reason:
        return "skip", str(reason)
    except Failure as reason:
        return "FAIL", str(reason)
    except Exception:  # a case that breaks down has not passed
        return "FAIL", traceback.format_exc()


def limine_folder():
    """Where Limine's files lie; skips the case where nobody says so."""
    folder = os.environ.get("LIMINE_DIR")
    if not folder:
        raise Skip("LIMINE_DIR names no folder with Limine's files")
    return Path(folder).resolve()
