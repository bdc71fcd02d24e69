#!/usr/bin/env python3
"""Runs generated modules in this engine, in node and in wabt's interpreter, and compares.

    python3 tests/fuzz/differential/fuzz.py --driver PROGRAM ... --smith WORDS --seconds N [--seed N]

Compared: whether a module is accepted and instantiates, results and traps of every exported function, exported
globals, sizes of tables, size and hash of memories; with wabt: results and traps of functions without parameters,
where node does not side with us.
All drivers (guard pages and explicit bounds, with and without sanitizers) must tell the same. A module that
differs stays in build/differential/failures. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time

FOLDER = "build/differential"
BATCH = 40
SMITH = """--ensure-termination --fuel 5000 --canonicalize-nans true --export-everything true --max-imports 0
    --gc-enabled false --exceptions-enabled false --threads-enabled false --memory64-enabled false
    --relaxed-simd-enabled false --extended-const-enabled false --custom-page-sizes-enabled false
    --wide-arithmetic-enabled false --shared-everything-threads-enabled false --tail-call-enabled true
    --max-memory32-bytes 262144 --memory-max-size-required true --max-memories 1 --min-memories 1
    --table-max-size-required true --max-table-elements 500 --min-types 4 --max-types 12 --min-funcs 6
    --max-funcs 12 --max-instructions 300 --allow-start-export true""".split()
WABT_CLASSES = [("unreachable", "unreachable"), ("divide by zero", "division"), ("integer overflow", "range"),
                ("invalid conversion", "range"), ("out of bounds memory", "memory"), ("memory.", "memory"),
                ("undefined table index", "table"), ("out of bounds table", "table"), ("table.", "table"),
                ("uninitialized table", "signature"), ("signature mismatch", "signature"), ("null reference", "signature"),
                ("call stack exhausted", "stack")]


def generate(smith, number, seed):
    """The path of a module, or None where the generator made none of this seed."""
    path = f"{FOLDER}/m{number}.wasm"
    source = random.Random(seed)
    trapless = ["--disallow-traps", "true"] if source.random() < 0.6 else []
    done = subprocess.run([*smith, *SMITH, *trapless, "-o", path], input=source.randbytes(source.choice((2000, 8000, 30000))),
                          capture_output=True, check=False)
    return path if done.returncode == 0 else None


def tell(words, paths, timeout=120):
    """What a program tells of each module: {path: lines}; a crash is a line of its own."""
    try:
        done = subprocess.run([*words, *paths], capture_output=True, timeout=timeout, check=False)
        out, status = done.stdout.decode(errors="replace"), done.returncode
        err = done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired as stopped:
        out, status, err = (stopped.stdout or b"").decode(errors="replace"), "a timeout", ""
    told, current = {}, []
    for line in out.splitlines():
        if line.startswith("module "):
            current = told.setdefault(line[7:], [])
        elif line != "end":
            current.append(line)
    if status != 0 or not out.endswith("end\n"):
        current.append(f"CRASH status {status} {err[:1500]}")
    return told


def same_line(ours, theirs):
    if ours == theirs:
        return True
    if ours.startswith("refused") and theirs.startswith("refused"):
        return True
    if ours.startswith("global ") and "|" in theirs:  # node does not tell which kind of number it is
        head, _, value = ours.rpartition(" ")
        return theirs.startswith(head + " ") and value in theirs[len(head):].replace("|", "").split()
    return False


def split_at(lines, mark):
    return (lines[:lines.index(mark)], lines[lines.index(mark) + 1:]) if mark in lines else (lines, [])


def difference(ours, theirs):
    """None, or the first two lines that differ. Engines' stacks differ: a module that exhausts one is compared up to there."""
    for left, right in zip(ours, theirs):
        if "trap stack" in left or "trap stack" in right or "start stack" in (left, right):
            return None
        if not same_line(left, right):
            return f"here: {left}\n  there: {right}"
    return None if len(ours) == len(theirs) else f"{len(ours)} lines here, {len(theirs)} there: {ours[-1:]} {theirs[-1:]}"


def wabt_value(text):
    """A value as wabt prints it, from ours."""
    kind, _, value = text.partition(":")
    if kind == "f32":
        return None if value == "nan" else f"f32:{struct.unpack('<f', struct.pack('<I', int(value)))[0]:f}"
    if kind == "f64":
        return None if value == "nan" else f"f64:{struct.unpack('<d', struct.pack('<Q', int(value)))[0]:f}"
    return text if kind in ("i32", "i64") else None  # references and vectors are printed by other rules


def is_outvoted(call, main):
    """Did node, asked for the same function in a new instance, tell what we tell? wabt 1.0.32 has errors of its own."""
    number = call.split()[1]
    alone = split_at(main, f"alone {number}")[1]
    return bool(alone) and alone[0] == call


def wabt_difference(path, main, nullary):
    """Compares the calls without parameters; (difference or None, how many were compared). `main` is what node agreed to."""
    done = subprocess.run(["wasm-interp", "--enable-tail-call", "--run-all-exports", path], capture_output=True, timeout=60,
                          check=False)
    out = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    results = re.findall(r"\(\) =>(.*)", out)
    calls = [line for line in nullary if line.startswith("call ")]
    if len(results) != len(calls):
        return None, 0  # wabt 1.0.32 refuses some modules that are valid now
    for call, theirs in zip(calls, results):
        theirs = theirs.strip()
        trap = re.search(r" trap (\S+)", call)
        if trap or theirs.startswith("error:"):
            found = next((name for text, name in WABT_CLASSES if text in theirs), theirs)
            if "stack" in (found, trap and trap.group(1)):
                return None, 0
            if not trap or trap.group(1) != found:
                return (None if is_outvoted(call, main) else f"here: {call}\n  wabt: {theirs}"), 0
            continue
        ours = [wabt_value(word) for word in call.split()[2:]]
        for left, right in zip(ours, theirs.split(", ")):
            if left is not None and left != right:
                return (None if is_outvoted(call, main) else f"here: {call}\n  wabt: {theirs}"), 0
    return None, len(calls)


class Counts:
    """What was done, for the last lines."""

    def __init__(self):
        self.passed = self.failed = self.skipped = self.calls = self.results = self.wabt = 0


def report(counts, path, seed, problem):
    counts.failed += 1
    os.makedirs(f"{FOLDER}/failures", exist_ok=True)
    kept = shutil.copy(path, f"{FOLDER}/failures/{seed}.wasm")
    print(f"{kept}: {problem}", flush=True)


def compare_batch(options, counts, modules):
    paths = list(modules)
    told = [tell(driver.split(), paths) for driver in options.driver]
    node = tell(["node", "--no-warnings", "tests/fuzz/differential/execute.mjs"], paths)
    for path, seed in modules.items():
        ours = told[0].get(path, ["nothing was told"])
        main, nullary = split_at(ours, "nullary")
        problem = next((f"{driver}: {found}" for driver, other in zip(options.driver[1:], told[1:])
                        if (found := difference(ours, other.get(path, [])))), None)
        problem = problem or difference(main, node.get(path, []))
        compared = 0
        if not problem:
            problem, compared = wabt_difference(path, main, nullary)
        if problem:
            report(counts, path, seed, problem)
            continue
        counts.passed += 1
        counts.calls += sum(line.startswith("call ") for line in ours)
        counts.results += sum(line.startswith("call ") and " trap " not in line for line in ours)
        counts.wabt += compared


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", action="append", required=True)
    parser.add_argument("--smith", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    missing = [name for name in ("node", "wasm-interp") if not shutil.which(name)]
    if missing:
        print(f"SKIPPED: no {' and no '.join(missing)} to compare with\n0 passed, 0 failed, 1 skipped")
        return 0
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**48)
    print(f"seed {seed}")
    os.makedirs(FOLDER, exist_ok=True)
    counts, end, number = Counts(), time.monotonic() + options.seconds, 0
    while time.monotonic() < end:
        modules = {}
        for _ in range(BATCH):
            path = generate(options.smith.split(), len(modules), seed + number)
            if path:
                modules[path] = seed + number
            else:
                counts.skipped += 1
            number += 1
        compare_batch(options, counts, modules)
    print(f"{counts.calls} calls, {counts.results} of them returned; {counts.wabt} compared with wabt too")
    print(f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped")
    return 0 if counts.failed == 0 and counts.results > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
