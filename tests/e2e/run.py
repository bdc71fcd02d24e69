#!/usr/bin/env python3
"""The end-to-end tests: boots the system in QEMU and reads what it prints.

  python3 tests/e2e/run.py            all cases
  python3 tests/e2e/run.py --list     their names
  python3 tests/e2e/run.py boot- pty  the cases whose names begin so

Two run at a time. What each printed lies in build/e2e/NAME. Wants build/kernel.elf,
build/initrd.tar and QEMU: `make test-e2e` sees to that.
"""

import argparse
import concurrent.futures
import sys
import time

import cases_boot
import cases_command
import cases_console
import cases_devices
import cases_driver
import cases_files
import cases_initrd
import cases_run
import cases_streams
import cases_wasm
import harness

MODULES = (cases_command, cases_boot, cases_initrd, cases_wasm, cases_console,
           cases_driver, cases_devices, cases_files, cases_run, cases_streams)


def timed(name):
    start = time.monotonic()
    verdict, reason = harness.run_case(name)
    return verdict, reason, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description="end-to-end tests")
    parser.add_argument("names", nargs="*", help="run the cases whose names begin so")
    parser.add_argument("--list", action="store_true", help="print the names")
    parser.add_argument("-j", type=int, default=2, help="cases at a time [2]")
    options = parser.parse_args()

    names = [name for name in harness.CASES
             if not options.names or name.startswith(tuple(options.names))]
    if not names:
        parser.error("no case has such a name")
    if options.list:
        print("\n".join(names))
        return 0

    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for name, result in zip(names, pool.map(timed, names)):
            verdict, reason, seconds = result
            counts[verdict] += 1
            note = f": {reason}" if reason else ""
            print(f"{verdict:4} {name} ({seconds:.1f} s){note}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
