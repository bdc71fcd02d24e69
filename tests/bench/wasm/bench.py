#!/usr/bin/env python3
"""Runs the workloads and prints figures, one a line: name, value, unit.

Times are CPU seconds (user and system) of the whole process, the least of several rounds;
the engines of one workload take turns within a round, so that a slow moment of the
machine meets all of them. An output that differs from the native program's is an error.
"""
import argparse
import math
import os
import resource
import shlex
import subprocess
import sys

WORKLOADS = [
    "fib", "sha256", "keccak", "nbody", "matrix", "stencil", "dynamic", "vm_switch",
    "vm_indirect", "sieve", "bulk", "mix", "lua", "sqlite",
]
ARGUMENTS = {"sqlite": ["--size", "5", "--verify", ":memory:"]}
FUEL = str(10**15)


def run(command):
    """CPU seconds of one run and what it printed; None when it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return seconds, done.stdout if done.returncode == 0 else None


def result(name, output):
    """What has to be equal: everything, or SQLite's verification hash."""
    if output is None or name != "sqlite":
        return output
    return b"\n".join(line for line in output.splitlines() if b"Hash" in line) or None


def measure(name, commands, rounds):
    """The least seconds of each command; those whose result differs from native drop out."""
    best = {}
    wrong = set()
    expected = None
    for _ in range(rounds):
        for key, command in commands.items():
            seconds, output = run(command)
            if key == "native":
                expected = result(name, output)
            elif result(name, output) != expected or expected is None:
                wrong.add(key)
            best[key] = min(seconds, best.get(key, math.inf))
    return best, wrong


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def text_bytes(size, library):
    """Bytes of code of the interpreter's objects in the ring-3 library."""
    listing = subprocess.run([size, "-A", library], stdout=subprocess.PIPE, check=True,
                             text=True).stdout
    objects = os.popen("ls wasm/interp/*.c").read().split()
    names = {os.path.basename(path) + ".o" for path in objects}
    total = 0
    counting = False
    for line in listing.splitlines():
        words = line.split()
        if len(words) >= 2 and words[1].startswith("(ex"):
            counting = words[0] in names
        elif counting and words and words[0].startswith(".text"):
            total += int(words[1])
    return total


def figure(name, value, unit):
    print(f"{name} {value} {unit}", flush=True)


def workloads(options):
    """All workloads; whether every result of our engine was right."""
    ratios = {"native": [], "peer": [], "fuel": []}
    good = True
    for name in options.only.split() or WORKLOADS:
        module = f"{options.programs}/wasm/{name}.wasm"
        native = f"{options.programs}/native/{name}"
        if not os.path.exists(module) or not os.path.exists(native):
            print(f"bench-wasm: {name} was not built", file=sys.stderr)
            continue
        arguments = ARGUMENTS.get(name, [])
        behind = ["--"] + arguments if arguments else []
        commands = {
            "native": [native] + arguments,
            "ours": [options.engine, "run", module] + behind,
            "fuel": [options.engine, "run", module, "--fuel", FUEL] + behind,
        }
        if options.peer:
            commands["peer"] = shlex.split(options.peer) + [module] + arguments
        best, wrong = measure(name, commands, options.rounds)
        figure(f"wasm_{name}", f"{best['ours']:.3f}", "s")
        ratios["native"].append(best["ours"] / max(best["native"], 0.001))
        figure(f"wasm_{name}_to_native", f"{ratios['native'][-1]:.2f}", "ratio")
        ratios["fuel"].append(best["fuel"] / best["ours"])
        figure(f"wasm_{name}_fuel", f"{ratios['fuel'][-1]:.3f}", "ratio")
        if options.peer and "peer" not in wrong:
            ratios["peer"].append(best["ours"] / best["peer"])
            figure(f"wasm_{name}_to_peer", f"{ratios['peer'][-1]:.3f}", "ratio")
        elif options.peer:
            print(f"bench-wasm: the peer does not run {name}", file=sys.stderr)
        if wrong & {"ours", "fuel"}:
            print(f"bench-wasm: {name} gives another result than natively", file=sys.stderr)
            good = False
    for key, values in ratios.items():
        if values:
            figure(f"wasm_geometric_mean_{key}", f"{mean(values):.3f}", "ratio")
            figure(f"wasm_worst_{key}", f"{max(values):.3f}", "ratio")
    return good


def loading(options):
    """Validation, translation, the way to a usage line."""
    module = f"{options.programs}/wasm/sqlite.wasm"
    if not os.path.exists(module):
        return
    lines = subprocess.run([f"{options.programs}/translate_all", module, "20"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    for line in lines.splitlines():
        print(f"wasm_sqlite_{line}")
    best = min(run([options.engine, "run", module, "--", "--help"])[0] for _ in range(20))
    figure("wasm_sqlite_usage_line", f"{best * 1000:.2f}", "ms")


def main():
    parser = argparse.ArgumentParser()
    for name in ("engine", "programs", "library", "size", "peer", "only"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    figure("wasm_interpreter_text", text_bytes(options.size, options.library), "bytes")
    good = workloads(options)
    if not options.only:
        loading(options)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
