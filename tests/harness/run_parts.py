#!/usr/bin/env python3
"""Runs the parts of `make test` in order and adds up what they counted.

usage: run_parts.py --make MAKE --logs FOLDER --limit SECONDS PART...

A part is a make target. It passes when it ends with status 0 and its output ends in a line
`N passed, N failed` with an optional `, N skipped`, N passed above 0 and N failed 0. The part
`build` counts as one test. The output of a part goes to FOLDER/PART.log and is shown when it
fails. All parts together have SECONDS; what runs longer is stopped and counts as failed.
"""
import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
import time

CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
SHOWN_LINES = 300


def closing_counts(text):
    """The counts of the last closing line, or None."""
    for line in reversed(text.splitlines()):
        match = CLOSING.match(line.strip())
        if match:
            return [int(n or 0) for n in match.groups()]
    return None


def run(command, log_path, seconds):
    """Runs command into log_path; its status, or None when it was stopped."""
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True)
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            return None


def judge(part, status, text):
    """(passed, failed, skipped, reason): what a part's end means."""
    if part == "build":
        return (1, 0, 0, "") if status == 0 else (0, 1, 0, f"make ended with {status}")
    counts = closing_counts(text)
    if counts is None:
        counts, reason = [0, 1, 0], "no closing line `N passed, N failed`"
    elif counts[0] + counts[1] == 0:
        counts[1], reason = 1, "it ran no test"
    elif status != 0 and counts[1] == 0:
        counts[1], reason = 1, f"it ended with {status} and no failure counted"
    else:
        reason = ""
    if status is None:
        counts[1], reason = max(counts[1], 1), "the time limit ran out"
    return (*counts, reason)


def show(log_path):
    with open(log_path, errors="replace") as log:
        lines = log.read().splitlines()
    if len(lines) > SHOWN_LINES:
        print(f"    ... {len(lines) - SHOWN_LINES} lines more in {log_path}")
    for line in lines[-SHOWN_LINES:]:
        print(f"    {line}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--make", required=True)
    parser.add_argument("--logs", required=True)
    parser.add_argument("--limit", type=float, required=True)
    parser.add_argument("parts", nargs="+")
    options = parser.parse_args()

    os.makedirs(options.logs, exist_ok=True)
    begin = time.monotonic()
    total = [0, 0, 0]
    for part in options.parts:
        log_path = os.path.join(options.logs, f"{part}.log")
        part_begin = time.monotonic()
        left = max(options.limit - (part_begin - begin), 1)
        jobs = [] if "-j" in os.environ.get("MAKEFLAGS", "") else [f"-j{os.cpu_count()}"]
        command = shlex.split(options.make) + ["--no-print-directory"] + jobs + [part]
        status = run(command, log_path, left)
        with open(log_path, errors="replace") as log:
            passed, failed, skipped, reason = judge(part, status, log.read())
        total = [a + b for a, b in zip(total, (passed, failed, skipped))]
        word = "FAIL" if failed else "ok  "
        seconds = time.monotonic() - part_begin
        print(f"{word} {part:16} {seconds:7.1f} s  {passed} passed, {failed} failed, "
              f"{skipped} skipped{'  (' + reason + ')' if reason else ''}", flush=True)
        if failed:
            show(log_path)
    print(f"all parts: {time.monotonic() - begin:.1f} s")
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
