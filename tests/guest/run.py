#!/usr/bin/env python3
"""Runs the guest tests in QEMU on several machines and adds up what they counted.

usage: run.py --kernel FILE --initrd FILE --logs FOLDER [--only NAME] [--verbose]

Each run boots the kernel with the test runner as `init`, which prints `ok NAME` or `FAIL NAME:
FILE:LINE what` per test and `N passed, N failed` at its end, and ends the machine with a
status. A run that hangs, panics or ends otherwise counts as a failure of its own, told with
the last lines of its output. The last line here is `N passed, N failed` over all runs.
"""
import argparse
import os
import re
import subprocess
import sys
import time

# A run takes a few seconds. Timings are not what is tested: this finds hangs.
RUN_SECONDS = 240
SHOWN_LINES = 15

RUNS = {
    # One CPU runs by the count of instructions, so that slices end where they always do.
    "q35-1cpu": ["-machine", "q35", "-smp", "1", "-m", "128M", "-cpu", "max",
                 "-icount", "shift=0,sleep=off"],
    "q35-4cpu": ["-machine", "q35", "-smp", "4", "-m", "128M", "-cpu", "max"],
    "pc-2cpu-64M-no-smap": ["-machine", "pc", "-smp", "2", "-m", "64M",
                            "-cpu", "max,-smap"],
    "pc-1cpu-64M-no-xsave": ["-machine", "pc", "-smp", "1", "-m", "64M",
                             "-cpu", "max,-xsave", "-icount", "shift=0,sleep=off"],
}

COUNTS = re.compile(r"^(\d+) passed, (\d+) failed$")


def qemu_command(options, machine):
    """-nodefaults: no network, so that nothing interrupts but COM1, and edu when told."""
    return ["qemu-system-x86_64", "-accel", "tcg", *machine,
            "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
            "-device", "edu,dma_mask=0xffffffff",
            "-kernel", options.kernel, "-initrd", options.initrd,
            "-append", "debug_exit=0xf4"]


def run(command):
    """(status or None, text) of a run."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output, _ = process.communicate(timeout=RUN_SECONDS)
        status = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        status = None
    return status, output.decode("utf-8", "replace").replace("\r", "")


def judge(status, text):
    """(passed, failed, reasons) of a run's end."""
    lines = text.splitlines()
    failures = [line for line in lines if line.startswith("FAIL ")]
    closing = [m for m in map(COUNTS.match, lines) if m]
    told = sum(line.startswith("ok ") for line in lines)
    if not closing:
        how = "it hung" if status is None else f"it ended with status {status}"
        tail = [f"  | {line}" for line in lines[-SHOWN_LINES:]]
        return told, len(failures) + 1, failures + [f"{how}, after:"] + tail
    passed, failed = int(closing[-1][1]), int(closing[-1][2])
    # Soft-off is status 0; isa-debug-exit tells (1 << 1) | 1.
    wanted = 0 if failed == 0 else 3
    if status != wanted:
        failures.append(f"status {status}, not {wanted}")
    if (passed, failed) != (told, len([f for f in failures if f.startswith("FAIL ")])):
        failures.append(f"it counts {passed} and {failed}, but told otherwise")
    return passed, max(failed, len(failures)), failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--initrd", required=True)
    parser.add_argument("--logs", required=True)
    parser.add_argument("--only", help="one run by its name")
    parser.add_argument("--verbose", action="store_true", help="show the whole output")
    options = parser.parse_args()

    os.makedirs(options.logs, exist_ok=True)
    total_passed = total_failed = 0
    for name, machine in RUNS.items():
        if options.only not in (None, name):
            continue
        begin = time.monotonic()
        status, text = run(qemu_command(options, machine))
        with open(os.path.join(options.logs, f"{name}.log"), "w") as log:
            log.write(text)
        passed, failed, reasons = judge(status, text)
        print(f"{name}: {passed} passed, {failed} failed in "
              f"{time.monotonic() - begin:.1f} s", flush=True)
        for line in (text.splitlines() if options.verbose else reasons):
            print(f"  {line}")
        total_passed += passed
        total_failed += failed
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed else 0


if __name__ == "__main__":
    sys.exit(main())
