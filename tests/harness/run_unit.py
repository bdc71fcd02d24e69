#!/usr/bin/env python3
"""Runs programs of cmocka tests, as many at once as there are CPUs, and counts.

usage: run_unit.py PROGRAM...

A program that is killed, that ends before all its tests, or that a sanitizer stops counts as
one more failure and its output is shown. Ends in `N passed, N failed, N skipped`.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

LIMIT_SECONDS = 240


def run(program):
    """(program, passed, failed, skipped, output)"""
    environment = dict(
        os.environ, CMOCKA_MESSAGE_OUTPUT="TAP",
        ASAN_OPTIONS="handle_abort=1:detect_leaks=1:detect_stack_use_after_return=1",
        UBSAN_OPTIONS="print_stacktrace=1")
    try:
        done = subprocess.run([program], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LIMIT_SECONDS, check=False)
        status, output = done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as stopped:
        status = f"no end within {LIMIT_SECONDS} s"
        output = (stopped.stdout or b"").decode(errors="replace")
    skipped = len(re.findall(r"^(?:not )?ok \d+.*# SKIP", output, re.M))
    failed = len(re.findall(r"^not ok \d+(?!.*# SKIP)", output, re.M))
    passed = len(re.findall(r"^ok \d+(?!.*# SKIP)", output, re.M))
    planned = sum(int(n) for n in re.findall(r"^1\.\.(\d+)", output, re.M))
    if failed == 0 and (status != 0 or passed + skipped != planned or planned == 0):
        failed = 1
        output += f"\n{program}: ended with {status} after {passed} of {planned} tests\n"
    return program, passed, failed, skipped, output


def main(programs):
    total = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for program, *counts, output in pool.map(run, programs):
            total = [a + b for a, b in zip(total, counts)]
            print(f"{'FAIL' if counts[1] else 'ok  '} {program}: {counts[0]} passed, "
                  f"{counts[1]} failed, {counts[2]} skipped", flush=True)
            if counts[1]:
                print("\n".join("    " + line for line in output.splitlines()))
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
