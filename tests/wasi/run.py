#!/usr/bin/env python3
"""Runs the hostile WASI programs in mnos-wasm and looks at what became of the host.

    python3 tests/wasi/run.py MNOS_WASM FOLDER_OF_PROGRAMS

Each program gets a fresh box with links that lead out of it. Passed: it counted no failure,
and nothing around the box has changed. The last line is `N passed, N failed, N skipped`.
"""

import os
import shutil
import subprocess
import sys
import tempfile

LIMIT_SECONDS = 120
NODE_SCRIPT = """
const { WASI } = require('node:wasi');
const fs = require('node:fs');
const [box, file, ...rest] = process.argv.slice(1);
const wasi = new WASI({ version: 'preview1', args: ['compare.wasm', ...rest],
  env: { NAME: 'value' }, preopens: { '/box': box }, returnOnExit: true });
WebAssembly.instantiate(fs.readFileSync(file), { wasi_snapshot_preview1: wasi.wasiImport })
  .then(({ instance }) => { process.exitCode = wasi.start(instance); });
"""


def make_tree(folder):
    """The box and what stands around it."""
    box = os.path.join(folder, "box")
    os.makedirs(os.path.join(box, "dir/inner"))
    for path, text in (("secret", "nobody reads this\n"), ("box/file", "text\n"), ("box/dir/f", "text\n")):
        with open(os.path.join(folder, path), "w", encoding="utf-8") as stream:
            stream.write(text)
    links = {"link_secret": "../secret", "link_absolute": os.path.join(folder, "secret"), "link_parent": "..",
             "link_to_link": "dir/link_up_secret", "dir/link_up_secret": "../../secret", "dir/link_up": "..",
             "dir/link_root": "/", "dir/link_file": "../file", "loop": "loop"}
    for name, target in links.items():
        os.symlink(target, os.path.join(box, name))
    return box


def outside(folder):
    """All that must stay as it is."""
    with open(os.path.join(folder, "secret"), encoding="utf-8") as stream:
        text = stream.read()
    status = os.stat(os.path.join(folder, "secret"))
    return sorted(os.listdir(folder)), text, status.st_mtime_ns, status.st_nlink


def contents(box):
    """All names in the box with their texts, for a run that must change nothing."""
    found = {}
    for where, folders, names in os.walk(box):
        for name in folders + names:
            path = os.path.join(where, name)
            is_file = os.path.isfile(path) and not os.path.islink(path)
            with open(path if is_file else os.devnull, encoding="utf-8") as stream:
                found[os.path.relpath(path, box)] = stream.read()
    return found


def execute(words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def attack(command, program, options, arguments=(), read_only=False):
    """None, or what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        box = make_tree(folder)
        before, box_before = outside(folder), contents(box)
        grant = f"{box}::/box" + (":ro" if read_only else "")
        status, out, err = execute([command, "run", program, "--dir", grant, "--env", "NAME=a value", *options,
                                    "--", *arguments])
        if status != 0 or " 0 failed" not in out:
            return f"status {status}\n{out[-2000:]}{err[-2000:]}"
        if outside(folder) != before:
            return "something outside of the box has changed"
        if read_only and contents(box) != box_before:
            return "something in the read-only box has changed"
    return None


def compare(command, program):
    """The same program by node's WASI: what it tells and its status must be equal."""
    told = []
    for runner in ("mnos", "node"):
        with tempfile.TemporaryDirectory() as folder:
            box = make_tree(folder)
            if runner == "mnos":
                words = [command, "run", program, "--dir", f"{box}::/box", "--env", "NAME=value", "--", "one", "two 2"]
            else:
                words = ["node", "--no-warnings", "-e", NODE_SCRIPT, box, program, "one", "two 2"]
            told.append(execute(words))
    ours, theirs = told
    if ours[:2] == theirs[:2] and ours[0] == 42:
        return None
    lines = [f"  here: {a!r}\n  node: {b!r}" for a, b in zip(ours[1].splitlines(), theirs[1].splitlines()) if a != b]
    return f"status {ours[0]} here, {theirs[0]} in node\n" + "\n".join(lines) + ours[2] + theirs[2]


def main():
    command, folder = sys.argv[1:]
    programs = sorted(name for name in os.listdir(folder) if name.endswith(".wasm")) if os.path.isdir(folder) else []
    counts = {"passed": 0, "failed": 0, "skipped": 0}

    def tell(name, problem):
        counts["failed" if problem else "passed"] += 1
        print(f"{name}: FAILED: {problem}" if problem else f"{name}: passed")

    if not programs:
        print("SKIPPED: no programs: clang for wasm32-wasi needs the packages wasi-libc and libclang-rt-19-dev-wasm32")
        counts["skipped"] += 1
    for name in programs:
        program = os.path.join(folder, name)
        if name == "compare.wasm":
            if shutil.which("node"):
                tell(name, compare(command, program))
            else:
                print(f"{name}: SKIPPED: there is no node to compare with")
                counts["skipped"] += 1
            continue
        for options in ([], ["--explicit-bounds"]):
            tell(" ".join([name, *options]), attack(command, program, options))
        if name == "rights.wasm":
            tell("rights.wasm, read-only", attack(command, program, [], ["ro"], read_only=True))
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    return 0 if counts["failed"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
