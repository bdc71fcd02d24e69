"""The second currency: what a round trip does beside plain instructions.

QEMU logs every instruction that it executes, one a translation block, while the benchmark runs a
few rounds. What lies between two reads of the time stamp counter in a function of Init is that
function's rounds; the kernel's instructions among them are told by its disassembly.
"""
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROUNDS = 4

# Functions of the benchmark that are their figure's name, and those that differ.
NAMES = {"call_reply_round_trip": "call_reply_round_trip_3", "call_reply_round_trip_0": None,
         "call_reply_round_trip_64_words": None, "signal_no_waiter": None,
         "signal_wait_round_trip": None, "exception_round_trip": None,
         "page_fault_round_trip": None}

KINDS = {
    "syscall": r"^<entry_syscall>", "sysret": r"^sysret", "iret": r"^iret",
    "cr3": r"^mov\w* .*, %cr3", "cr0": r"^mov\w* .*, %cr0", "xrstor": r"^(xrstor|fxrstor)",
    "xsave": r"^(xsave|fxsave)", "wrmsr": r"^wrmsr", "swapgs": r"^swapgs", "invlpg": r"^invlpg",
    "locked": r"^lock |^xchg\w* .*\(", "indirect": r"^(call|jmp)\w* \*",
}


def disassembly(elf, objdump):
    """Address -> (function, instruction)."""
    out = subprocess.run([objdump, "-d", "--no-show-raw-insn", elf], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    found, function = {}, ""
    for line in out.splitlines():
        head = re.match(r"^[0-9a-f]{16} <(.*)>:", line)
        if head:
            function = head[1]
            continue
        code = re.match(r"^\s*([0-9a-f]+):\s+(.*)$", line)
        if code:
            found[int(code[1], 16)] = (function, " ".join(code[2].split()))
    return found


def kinds_of(kernel):
    """Address -> the kinds that its instruction is of; entry_syscall stands for SYSCALL."""
    found, last = {}, ""
    for address, (function, text) in kernel.items():
        marked = "<entry_syscall>" if function == "entry_syscall" != last else text
        last = function
        for kind, pattern in KINDS.items():
            if re.match(pattern, text) or re.match(pattern, marked):
                found.setdefault(address, []).append(kind)
    return found


def windows(log, marks):
    """Of a log of QEMU: (function, the addresses between its two reads of the counter)."""
    name, window = None, []
    for line in log:
        at = line.find("/")
        if at < 0:
            continue
        address = int(line[at + 1:at + 17], 16)
        if address in marks:
            if name is not None:
                yield name, window
                name = None
                continue
            name, window = marks[address], []
        if name is not None:
            window.append(address)


def count(command, kernel, init, objdump):
    """{figure: Counter of kinds} of the rounds together, by a run of QEMU by @p command."""
    kinds = kinds_of(disassembly(kernel, objdump))
    marks = {address: function for address, (function, text) in disassembly(init, objdump).items()
             if text.startswith("rdtsc") and function in NAMES}
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        fifo = Path(folder) / "log"
        os.mkfifo(fifo)
        with subprocess.Popen([*command, "-singlestep", "-d", "exec,nochain", "-D", fifo],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True) as run:
            with open(fifo, encoding="ascii") as log:
                for name, window in windows(log, marks):
                    counts[NAMES[name] or name] = (len(window), Counter(
                        kind for address in window for kind in kinds.get(address, ())))
            figures = dict(re.findall(r"^bench: (\w+) (\d+)\r?$", run.stdout.read(), re.M))
    for name, (length, _) in counts.items():
        if abs(length // ROUNDS - int(figures[name])) > 1:
            sys.exit(f"bench-kernel: {name}: {length} instructions in the log, "
                     f"{figures[name]} a round by the counter")
    return {name: kinds for name, (_, kinds) in counts.items()}


def lines(counts):
    """A line a figure: the counts of one round."""
    for name, kinds in counts.items():
        each = " ".join(f"{kind} {kinds[kind] / ROUNDS:g}" for kind in KINDS)
        yield f"{name}: {each}"
