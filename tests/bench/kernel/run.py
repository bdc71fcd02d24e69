#!/usr/bin/env python3
"""The kernel's figures: `make bench-kernel`, `make bench-kernel-check`.

Instructions are counted by QEMU's -icount, under which the time stamp counter goes up by
one an instruction and a run repeats exactly; so are bytes and lines. The one time, from
the start of QEMU to Init's first line, is a clock's, the median of some runs, and moves with
the machine.

A line a figure: `NAME VALUE UNIT (goal: ...)`. With --check FILE no time is taken, and a
count that is more than 2 % above the one recorded in FILE is a failure, so the numbers
only fall (lines have their limit in `make check`); the last line is `N passed, N failed`. --record FILE writes FILE.
"""

import argparse
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import currency

WALL_RUNS = 9
RUN_SECONDS = 120
TOLERANCE = 1.02
WALL = "wall_first_line_seconds"

# Name, what it counts, and the most that it should be.
GOALS = {
    "kernel_entry_to_first_user_instruction": ("instructions", 3_000_000),
    "kernel_text_rodata": ("bytes", 64 * 1024),
    "kernel_text_rodata_resident": ("bytes", 64 * 1024),
    "kernel_ram_after_boot": ("bytes", 512 * 1024),
    "null_syscall": ("instructions", 60),
    "send_recv_round_trip": ("instructions", 225),
    "call_reply_round_trip_0": ("instructions", 225),
    "call_reply_round_trip_3": ("instructions", 225),
    "call_reply_round_trip_64_words": ("instructions", 650),
    "signal_no_waiter": ("instructions", 90),
    "signal_wait_round_trip": ("instructions", 500),
    "yield_switch": ("instructions", 135),
    "yield_switch_budgets": ("instructions", 450),
    "exception_round_trip": ("instructions", 450),
    "page_fault_round_trip": ("instructions", 700),
    "map_one_page": ("instructions", 200),
    "map_range_per_page": ("instructions", 25),
    "thread_cycle": ("instructions", 4_000),
    "process_cycle": ("instructions", 20_000),
    "kernel_lines_c": ("lines", 10_000),
    "kernel_lines_asm": ("lines", 600),
    WALL: ("seconds", 0.15),
}


def qemu(kernel, initrd, *options):
    return ["timeout", str(RUN_SECONDS), "qemu-system-x86_64", "-machine", "q35", "-accel",
            "tcg", "-cpu", "max", "-smp", "1", "-nic", "none", "-display", "none",
            "-serial", "stdio", "-no-reboot", "-device",
            "isa-debug-exit,iobase=0xf4,iosize=0x04", "-kernel", kernel, "-initrd", initrd,
            *options]


def measured_inside(kernel, initrd):
    """The figures that the benchmark in Init's place prints, on 1 GiB."""
    command = qemu(kernel, initrd, "-m", "1G", "-icount", "shift=0,sleep=off", "-append",
                   "debug_exit=0xf4")
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"bench-kernel: QEMU ended with {run.returncode}:\n{run.stdout}")
    return {name: int(value)
            for name, value in re.findall(r"^bench: (\w+) (\d+)\r?$", run.stdout, re.M)}


def text_and_rodata(kernel, size_command, sections):
    """The size of the sections of the ELF file whose names match."""
    out = subprocess.run([size_command, "-A", "-d", kernel], stdout=subprocess.PIPE,
                         text=True, check=True).stdout
    return sum(int(size) for size in
               re.findall(rf"^\.(?:{sections})\s+(\d+)\s", out, re.M))


def lines_of(*suffixes):
    """All lines of the kernel's files, comments and blanks too."""
    return sum(len(path.read_text().splitlines())
               for path in Path("kernel").rglob("*") if path.suffix in suffixes)


def seconds_to_first_line(kernel, initrd):
    start = time.monotonic()
    command = qemu(kernel, initrd, "-m", "1G", "-append", "poweroff debug_exit=0xf4")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            if line.startswith(b"[init]"):
                taken = time.monotonic() - start
                break
        else:
            sys.exit("bench-kernel: Init printed nothing")
        process.stdout.read()
    return taken


def second_currency(options):
    """What a round trip does beside plain instructions."""
    command = qemu(options.kernel, options.bench_initrd, "-m", "1G", "-icount",
                   "shift=0,sleep=off", "-append",
                   f"debug_exit=0xf4 rounds={currency.ROUNDS}")
    init = Path(options.bench_initrd).with_name("init.elf")
    counts = currency.count(command, options.kernel, init,
                            options.size.replace("size", "objdump"))
    print(*currency.lines(counts), sep="\n")


def counted(options):
    """The figures that repeat exactly."""
    figures = measured_inside(options.kernel, options.bench_initrd)
    for name, sections in (("kernel_text_rodata", r"(?:text|rodata)\S*"),
                           ("kernel_text_rodata_resident", "text|rodata")):
        figures[name] = text_and_rodata(options.kernel, options.size, sections)
    figures["kernel_lines_c"] = lines_of(".c", ".h")
    figures["kernel_lines_asm"] = lines_of(".S")
    missing = [name for name in GOALS if name != WALL and name not in figures]
    if missing:
        sys.exit(f"bench-kernel: not measured: {', '.join(missing)}")
    return figures


def check(figures, path):
    """Compares with the recorded figures; the number of those that are worse."""
    recorded = {name: int(value) for name, value in
                (line.split()[:2] for line in Path(path).read_text().splitlines()
                 if line and not line.startswith("#"))}
    worse = 0
    for name in recorded:
        value, limit = figures[name], recorded[name] * TOLERANCE
        worse += value > limit
        print(f"{'FAIL' if value > limit else 'ok'} {name}: {value}, recorded "
              f"{recorded[name]}")
    print(f"{len(recorded) - worse} passed, {worse} failed")
    return worse


def record(figures, path):
    lines = ["# The kernel's figures as last recorded by `make bench-kernel-record`.",
             *(f"{name} {figures[name]} {unit}" for name, (unit, _) in GOALS.items()
               if unit in ("instructions", "bytes"))]
    Path(path).write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description="the kernel's figures")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--bench-initrd", required=True, help="the benchmark's")
    parser.add_argument("--size", required=True, help="the command llvm-size")
    parser.add_argument("--initrd", help="the system's, for the time of a boot")
    parser.add_argument("--check", help="compare with this file")
    parser.add_argument("--record", help="write this file")
    options = parser.parse_args()

    figures = counted(options)
    if options.check:
        sys.exit(1 if check(figures, options.check) else 0)
    if options.record:
        record(figures, options.record)
    if options.initrd:
        figures[WALL] = round(statistics.median(
            seconds_to_first_line(options.kernel, options.initrd)
            for _ in range(WALL_RUNS)), 3)
    for name, (unit, goal) in GOALS.items():
        if name in figures:
            print(f"{name} {figures[name]} {unit} (goal: at most {goal})")
    if options.initrd:
        second_currency(options)


if __name__ == "__main__":
    main()
