#!/usr/bin/env python3
"""Tests of the command mnos-wasm itself: options, exit statuses, limits, messages.

    python3 tests/mnos-wasm/command.py MNOS_WASM

Modules are text, assembled by wat2wasm. The last line is `N passed, N failed, N skipped`.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

WASI = '(import "wasi_snapshot_preview1" "%s" (func $%s %s))'
EXIT = WASI % ("proc_exit", "exit", "(param i32)")
MODULES = {
    "exit": f'(module {EXIT} (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 3))))',
    "trap": '(module (memory (export "memory") 1) (func $inner (drop (i32.load (i32.const -4))))'
            ' (func $outer (call $inner)) (func (export "_start") (call $outer)))',
    "loop": '(module (memory (export "memory") 1) (func (export "_start") (loop $l (br $l))))',
    "start_loop": '(module (memory (export "memory") 1) (func $s (loop $l (br $l))) (start $s)'
                  ' (func (export "_start")))',
    "recurse": '(module (memory (export "memory") 1) (func $f (export "_start") (call $f) (call $f)))',
    "sleep": f'(module {WASI % ("poll_oneoff", "poll", "(param i32 i32 i32 i32) (result i32)")}'
             ' (memory (export "memory") 1) (func (export "_start")'
             ' (i32.store (i32.const 16) (i32.const 1)) (i64.store (i32.const 24) (i64.const 60000000000))'
             ' (loop $l (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))) (br $l))))',
    "read": f'(module {WASI % ("fd_read", "read", "(param i32 i32 i32 i32) (result i32)")}'
            ' (memory (export "memory") 1) (func (export "_start") (i32.store (i32.const 4) (i32.const 8))'
            ' (loop $l (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 16))) (br $l))))',
    "grow": '(module (memory (export "memory") 1 100) (func (export "grow") (param i32) (result i32)'
            ' (memory.grow (local.get 0))))',
    "math": '(module (memory (export "memory") 1) (func (export "add") (param i32 i32) (result i32)'
            ' (i32.add (local.get 0) (local.get 1)))'
            ' (func (export "half") (param f64) (result f64 i64) (f64.mul (local.get 0) (f64.const 0.5)) (i64.const -7))'
            ' (func (export "spin") (param i32) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))',
    "unknown_import": '(module (import "env" "nothing" (func)) (func (export "_start")))',
    "no_memory": f'(module {EXIT} (func (export "_start") (call $exit (i32.const 3))))',
}


class Command:
    """Runs mnos-wasm on modules in a folder of its own."""

    def __init__(self, command, folder):
        self.command, self.folder = command, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as stream:
            stream.write(data)
        return self.path(name)

    def __call__(self, *words, stdin=subprocess.DEVNULL, limit=60):
        done = subprocess.run([self.command, *words], stdin=stdin, capture_output=True, timeout=limit, check=False)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def run(self, name, *words, **more):
        return self("run", self.path(name + ".wasm"), *words, **more)


def expect(result, status, out="", err=""):
    """The exit status, and patterns that must be found."""
    if result[0] != status or not re.search(out, result[1]) or not re.search(err, result[2]):
        raise AssertionError(f"expected {status} {out!r} {err!r}, not {result}")


def test_help_and_version(command):
    expect(command("help"), 0, "mnos-wasm run FILE")
    expect(command("--version"), 0, r"^mnos-wasm \d+\.\d+\.\d+\n$")


def test_refusals_are_one_line(command):
    exit_path = command.path("exit.wasm")
    for words in ([], ["fly"], ["run"], ["run", "/nothing.wasm"], ["run", command.folder], ["run", exit_path, "--what"],
                  ["run", exit_path, exit_path], ["run", exit_path, "--fuel"], ["run", exit_path, "--fuel", "-1"],
                  ["run", exit_path, "--fuel", "18446744073709551616"], ["run", exit_path, "--timeout", "x"],
                  ["run", exit_path, "--timeout", "0"], ["run", exit_path, "--memory-max", "9Q"],
                  ["run", exit_path, "--dir", "/nothing::/x"], ["run", exit_path, "--dir", "::/x"],
                  ["run", exit_path, "--env", "x"], ["run", exit_path, "--features", "9"],
                  ["run", exit_path, "--invoke", "nothing"], ["check"], ["check", "-x"], ["spec"], ["spec", "--skip"],
                  ["spec", "--skip", "/nothing", "x"], ["bench"], ["bench", exit_path, "--repeat", "0"]):
        result = command(*words)
        expect(result, 2, "^$", r"^mnos-wasm: [^\n]+\n$")


def test_bad_modules(command):
    text = command.write("text.wasm", b"(module)")
    expect(command("run", text), 2, "^$", r"text.wasm: .*malformed")
    component = command.write("component.wasm", b"\0asm\x0d\0\1\0")
    expect(command("check", component), 2, "^$", "component")
    whole = open(command.path("math.wasm"), "rb").read()
    cut = command.write("cut.wasm", whole[:-3])
    expect(command("check", cut), 2, "^$", "offset 0x")
    expect(command("check", command.write("empty.wasm", b"")), 2)
    expect(command.run("unknown_import"), 2, "^$", 'env.*nothing')
    expect(command.run("math"), 2, "^$", "_start.*--invoke")


def test_exit_status(command):
    expect(command.run("exit"), 3, "^$", "^$")
    expect(command.run("exit", "--explicit-bounds"), 3, "^$", "^$")


def test_trap_with_backtrace(command):
    for options in ([], ["--explicit-bounds"]):
        result = command.run("trap", *options)
        expect(result, 134, "^$", "out of bounds memory access")
        names = re.findall(r"inner|outer|_start", result[2])
        if names != ["inner", "outer", "_start"]:
            raise AssertionError(f"backtrace: {result[2]}")


def test_deep_recursion(command):
    expect(command.run("recurse"), 134, "^$", "call stack exhausted")
    expect(command.run("recurse", "--stack-max", "64K"), 134, "^$", "call stack exhausted")


def test_no_memory_for_wasi(command):
    expect(command.run("no_memory"), 134, "^$", "exports no memory")


def test_timeout(command):
    for name in ("loop", "start_loop", "sleep"):
        start = time.monotonic()
        expect(command.run(name, "--timeout", "0.3"), 124, "^$", "stopped after 0.3 seconds")
        if time.monotonic() - start > 20:
            raise AssertionError(f"{name}: too late")
    reader, writer = os.pipe()
    try:
        expect(command.run("read", "--timeout", "0.3", stdin=reader), 124, "^$", "stopped after")
    finally:
        os.close(reader)
        os.close(writer)
    expect(command.run("exit", "--timeout", "100"), 3)


def test_fuel_is_exact(command):
    expect(command.run("loop", "--fuel", "100000"), 134, "^$", "fuel")
    def enough(fuel):
        return command.run("math", "--invoke", "spin", "--fuel", str(fuel), "--", "1000")[0] == 0
    low, high = 1, 1 << 20
    if enough(low) or not enough(high):
        raise AssertionError("a loop of 1000 rounds takes more than 1 and less than 2^20 units")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    for _ in range(3):  # the same module stops at the same instruction, always
        if enough(low) or not enough(high):
            raise AssertionError("fuel is not deterministic")


def test_memory_limit(command):
    expect(command.run("grow", "--invoke", "grow", "--", "10"), 0, "^1\n$")
    expect(command.run("grow", "--invoke", "grow", "--memory-max", "256K", "--", "3"), 0, "^1\n$")
    expect(command.run("grow", "--invoke", "grow", "--memory-max", "256K", "--", "4"), 0, "^-1\n$")
    expect(command.run("grow", "--invoke", "grow", "--", "100"), 0, "^-1\n$")
    result = command.run("grow", "--invoke", "grow", "--memory-max", "1K", "--", "0")
    if result[0] != 2:
        raise AssertionError(f"a module whose first page is too much: {result}")


def test_invoke(command):
    expect(command.run("math", "--invoke", "add", "--", "40", "2"), 0, "^42\n$")
    expect(command.run("math", "--invoke", "add", "--", "-1", "4294967295"), 0, "^-2\n$")
    expect(command.run("math", "--invoke", "half", "--", "5"), 0, "^2.5\n-7\n$")
    for arguments in ([], ["1"], ["1", "2", "3"], ["1", "x"], ["1", "4294967296"], ["1", "-2147483649"], ["", "1"]):
        expect(command.run("math", "--invoke", "add", "--", *arguments), 2, "^$", "--invoke add")


def test_check(command):
    expect(command("check", command.path("exit.wasm")), 0,
           r"(?s)valid.*proposals: none.*imports: 1\n +function +wasi_snapshot_preview1\.proc_exit.*exports: 2")
    expect(command("check", command.path("math.wasm")), 0, "proposals: .*multi")
    expect(command("check", "--features", "1.0", command.path("math.wasm")), 2, "^$", "multi")


def test_features_off(command):
    expect(command.run("math", "--features", "1.0", "--invoke", "add", "--", "1", "2"), 2, "^$", "multi")


def test_bench(command):
    expect(command("bench", command.path("math.wasm"), "--repeat", "3", "--invoke", "spin", "--", "100"), 0,
           r"(?s)3 rounds.*load .*instantiate .*run .*MB/s")


def test_closed_pipe(command):
    reader, writer = os.pipe()
    os.close(reader)
    words = [command.command, "check", command.path("math.wasm")]
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    if done.returncode == 0:
        raise AssertionError("what could not be written is no success")


def spec_file(command, name, commands):
    path = command.write(name, ('{"source_filename": "x.wast", "commands": [' + ", ".join(commands) + "]}").encode())
    return path


def spec_commands(expected="42"):
    module = '{"type": "module", "line": 1, "filename": "math.wasm"}'
    call = ('{"type": "assert_return", "line": 2, "action": {"type": "invoke", "field": "add", "args": '
            '[{"type": "i32", "value": "40"}, {"type": "i32", "value": "2"}]}, "expected": '
            f'[{{"type": "i32", "value": "{expected}"}}]}}')
    return module, call


def test_spec_counts(command):
    text = '{"type": "assert_malformed", "line": 3, "filename": "x.wat", "text": "t", "module_type": "text"}'
    module, call = spec_commands()
    good = spec_file(command, "good.json", [module, call, text])
    expect(command("spec", good), 0, "^2 passed, 0 failed, 1 skipped\n$")
    bad = spec_file(command, "bad.json", [module, spec_commands("43")[1]])
    expect(command("spec", good, bad), 1, r"bad.json:2: assert_return: failed: result 0 is i32 42[^\n]*\n3 passed, 1 failed, 1 skipped\n$")
    only_text = spec_file(command, "only_text.json", [text])
    expect(command("spec", only_text), 1, "0 passed, 1 failed, 1 skipped")
    expect(command("spec", spec_file(command, "none.json", [])), 1, "0 passed, 1 failed, 0 skipped")
    expect(command("spec", command.write("broken.json", b'{"commands": [')), 1, "not JSON at byte")
    expect(command("spec", command.path("absent.json")), 1, "0 passed, 1 failed, 0 skipped")
    unknown = spec_file(command, "unknown.json", [module, '{"type": "assert_fun", "line": 9}'])
    expect(command("spec", unknown), 1, "unknown command assert_fun")


def test_spec_skips(command):
    module, call = spec_commands("43")
    path = spec_file(command, "wrong.json", [module, call])
    skip = command.write("skip.txt", b"# a comment\n\nwrong.json:2 known to be wrong\n")
    expect(command("spec", "--skip", skip, "--verbose", path), 0, r"(?s)wrong.json:2: .*known to be wrong.*1 passed, 0 failed, 1 skipped")
    skip = command.write("skip.txt", b"wrong.json:1 its module\n")
    expect(command("spec", "--skip", skip, path), 1, "0 passed, 1 failed, 2 skipped")
    skip = command.write("skip.txt", b"ong.json all of it\n")
    expect(command("spec", "--skip", skip, path), 1, "1 passed, 1 failed, 0 skipped")
    for text in (b"wrong.json\n", b"wrong.json:x reason\n", b":2 reason\n"):
        expect(command("spec", "--skip", command.write("skip.txt", text), path), 2, "^$", "FILE\\[:LINE\\] reason")


def main():
    if not shutil.which("wat2wasm"):
        print("SKIPPED: there is no wat2wasm (package wabt)\n0 passed, 0 failed, 1 skipped")
        return 0
    tests = [(name, function) for name, function in globals().items() if name.startswith("test_")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in MODULES.items():
            subprocess.run(["wat2wasm", "--debug-names", "-", "-o", os.path.join(folder, name + ".wasm")],
                           input=text.encode(), check=True)
        for name, function in tests:
            try:
                function(Command(sys.argv[1], folder))
                print(f"{name}: passed")
            except (AssertionError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"{name}: FAILED: {error}")
    print(f"{len(tests) - failed} passed, {failed} failed, 0 skipped")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
