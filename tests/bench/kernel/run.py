#!/usr/bin/env python3
"""The kernel's figures: `make bench-kernel`.

Instructions are counted by QEMU's -icount, under which the time stamp counter goes up by
one an instruction and a run repeats exactly; so are bytes. The one time, from the start
of QEMU to Init's first line, is a clock's, the least of some runs, and moves with the
machine. Nothing is asserted.
"""

import argparse
import re
import subprocess
import sys
import time

WALL_RUNS = 10
RUN_SECONDS = 120

# Name, what it counts, and the most that it should be.
GOALS = {
    "kernel_entry_to_first_user_instruction": ("instructions", 3_000_000),
    "kernel_text_rodata": ("bytes", 64 * 1024),
    "kernel_ram_after_boot": ("bytes", 512 * 1024),
    "null_syscall": ("instructions", 60),
    "send_recv_round_trip": ("instructions", 225),
    "wall_qemu_start_to_first_init_line": ("ms", 150),
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


def text_and_rodata(kernel, size_command):
    """.text* and .rodata* of the ELF file."""
    out = subprocess.run([size_command, "-A", "-d", kernel], stdout=subprocess.PIPE,
                         text=True, check=True).stdout
    return sum(int(size) for size in
               re.findall(r"^\.(?:text|rodata)\S*\s+(\d+)\s", out, re.M))


def milliseconds_to_first_line(kernel, initrd):
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
    return 1000 * taken


def main():
    parser = argparse.ArgumentParser(description="the kernel's figures")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--initrd", required=True, help="the system's")
    parser.add_argument("--bench-initrd", required=True, help="the benchmark's")
    parser.add_argument("--size", required=True, help="the command llvm-size")
    options = parser.parse_args()

    figures = measured_inside(options.kernel, options.bench_initrd)
    figures["kernel_text_rodata"] = text_and_rodata(options.kernel, options.size)
    figures["wall_qemu_start_to_first_init_line"] = round(min(
        milliseconds_to_first_line(options.kernel, options.initrd)
        for _ in range(WALL_RUNS)))
    for name, (unit, goal) in GOALS.items():
        if name not in figures:
            sys.exit(f"bench-kernel: {name} was not measured")
        print(f"{name:40} {figures[name]:>10,} {unit:12} (goal: at most {goal:,})")


if __name__ == "__main__":
    main()
