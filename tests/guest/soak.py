#!/usr/bin/env python3
"""`make soak`: the guest's long tests, on 1 and on 4 CPUs.

usage: soak.py --kernel FILE --initrd FILE --logs FOLDER --seconds N [--calls N] [--donors N]

On each machine: so many random system calls (topic fuzz, a quarter from each of its seeds),
so many requests in which the account is closed (donor), and storms for half of the seconds. Each
topic checks that every frame is free again; a panic, or a run that ends otherwise than in order,
is a failure. The last line is `N passed, N failed`.
"""
import argparse
import os
import sys
import time

import run as guest

FUZZ_SEEDS = 4
# A topic beside its own time, on a busy host.
PATIENCE_SECONDS = 3600
MACHINES = {f"q35-{cpus}cpu": ["-machine", "q35", "-smp", str(cpus), "-m", "256M", "-cpu", "max"]
            for cpus in (1, 4)}


def main():
    parser = argparse.ArgumentParser()
    for name in ("kernel", "initrd", "logs"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=int, required=True, help="of storms")
    parser.add_argument("--calls", type=int, default=10_000_000)
    parser.add_argument("--donors", type=int, default=10_000)
    options = parser.parse_args()
    topics = {"fuzz": f"fuzz_calls={options.calls // FUZZ_SEEDS}",
              "donor": f"donors={options.donors}",
              "storm": f"storm_ms={options.seconds * 1000 // len(MACHINES)}"}

    os.makedirs(options.logs, exist_ok=True)
    guest.RUN_SECONDS = PATIENCE_SECONDS + options.seconds
    total_passed = total_failed = 0
    for machine, arguments in MACHINES.items():
        for topic, words in topics.items():
            command = guest.qemu_command(options, arguments)
            command[-1] += f" topic={topic} {words}"
            begin = time.monotonic()
            status, text = guest.run(command)
            with open(os.path.join(options.logs, f"soak-{machine}-{topic}.log"), "w") as log:
                log.write(text)
            passed, failed, reasons = guest.judge(status, text)
            print(f"{machine} {topic}: {passed} passed, {failed} failed in "
                  f"{time.monotonic() - begin:.1f} s", flush=True)
            for line in reasons:
                print(f"  {line}")
            total_passed += passed
            total_failed += failed
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed else 0


if __name__ == "__main__":
    sys.exit(main())
