#!/usr/bin/env python3
"""Runs libFuzzer programs one after another and counts.

usage: run_fuzz.py --build FOLDER --seconds SECONDS PROGRAM...

Each starts from tests/fuzz/corpus/NAME, which is only read; what it finds grows in
FOLDER/fuzz-corpus/NAME and a crash is kept in FOLDER/fuzz-crashes. A fuzzer that has no
committed corpus, or that executed nothing, is a failure. Ends in `N passed, N failed`.
"""
import argparse
import os
import re
import subprocess
import sys

FUZZ_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/fuzz"
TIMEOUT_SECONDS = 20  # for one input


def run(program, build, seconds):
    """(passed, line, output) of one fuzzer."""
    name = os.path.basename(program)
    seeds = os.path.join(FUZZ_FOLDER, "corpus", name)
    grown = os.path.join(build, "fuzz-corpus", name)
    crashes = os.path.join(build, "fuzz-crashes")
    if not os.path.isdir(seeds) or not os.listdir(seeds):
        return False, f"{name}: no committed corpus in {os.path.relpath(seeds)}", ""
    os.makedirs(grown, exist_ok=True)
    os.makedirs(crashes, exist_ok=True)
    command = [program, f"-max_total_time={seconds}", f"-timeout={TIMEOUT_SECONDS}",
               f"-artifact_prefix={crashes}/{name}-", "-rss_limit_mb=2048",
               "-print_final_stats=1", grown, seeds]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False,
                              timeout=seconds + 120)
        status, output = done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as stopped:
        status, output = "a hang", (stopped.stdout or b"").decode(errors="replace")
    match = re.search(r"number_of_executed_units: (\d+)", output)
    executed = int(match.group(1)) if match else 0
    coverage = re.findall(r"cov: (\d+)", output)
    line = f"{name}: {executed} inputs, {coverage[-1] if coverage else 0} edges"
    if status != 0 or executed == 0:
        return False, f"{line}, ended with {status}", output
    return True, line, output


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()

    failed = 0
    for program in options.programs:
        passed, line, output = run(program, options.build, options.seconds)
        print(f"{'ok  ' if passed else 'FAIL'} {line}", flush=True)
        if not passed:
            failed += 1
            print("\n".join("    " + line for line in output.splitlines()[-80:]))
    print(f"{len(options.programs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
