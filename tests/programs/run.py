#!/usr/bin/env python3
"""Runs real WASI programs in mnos-wasm and checks what they do.

    python3 tests/programs/run.py MNOS_WASM [--explicit-bounds]

A program that is not under build/programs counts as skipped, with its name. The last line is
`N passed, N failed, N skipped`; nothing passed is a failure.
"""

import gzip
import os
import subprocess
import sys
import tempfile
import wave

PROGRAMS = "build/programs"
LIMIT_SECONDS = 300


class Runner:
    """Runs programs with the options of this run."""

    def __init__(self, command, options):
        self.command = command
        self.options = options

    def run(self, program, options=(), arguments=(), data=b""):
        words = [self.command, "run", f"{PROGRAMS}/{program}.wasm", *self.options]
        words += [*options, "--", *arguments]
        return subprocess.run(words, input=data, capture_output=True, timeout=LIMIT_SECONDS, check=False)


def expect(condition, what, result=None):
    if not condition:
        tail = "" if result is None else f": status {result.returncode}: {result.stdout[-300:]!r} {result.stderr[-300:]!r}"
        raise AssertionError(what + tail)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
        stream.write(text)


def python_modules(runner, _folder):
    code = "import json, math; print(json.dumps({'root': math.isqrt(10**40), 'list': [1, None]}))"
    result = runner.run("python", arguments=["-c", code])
    expect(result.stdout == b'{"root": 100000000000000000000, "list": [1, null]}\n', "json and math", result)
    expect(result.returncode == 0, "status", result)


def python_script_read_only(runner, folder):
    write(folder, "main.py", "import sys, data\nprint(data.NAME, sys.argv[1:])\n"
          "try:\n    open('/app/new', 'w')\nexcept OSError as error:\n    print('refused', error.errno)\n"
          "try:\n    open('/app/../../etc/passwd')\nexcept OSError as error:\n    print('no way', error.errno)\n"
          "sys.exit(7)\n")
    write(folder, "data.py", "NAME = 'from a module beside it'\n")
    result = runner.run("python", ["--dir", f"{folder}::/app:ro"], ["/app/main.py", "x"])
    lines = result.stdout.decode().splitlines()
    expect(lines[:1] == ["from a module beside it ['x']"], "the script's output", result)
    expect(lines[1].startswith("refused") and lines[2].startswith("no way"), "refusals", result)
    expect(result.returncode == 7, "status", result)
    expect(not os.path.exists(os.path.join(folder, "new")), "nothing was written", result)


def ripgrep_tree(runner, folder):
    os.makedirs(os.path.join(folder, "a/b"))
    write(folder, "a/one.txt", "nothing here\nthe needle is here\n")
    write(folder, "a/b/two.txt", "needle\n")
    write(folder, "three.txt", "hay\n")
    result = runner.run("ripgrep", ["--dir", f"{folder}::/tree:ro"], ["-n", "--sort", "path", "needle", "/tree"])
    expected = b"/tree/a/b/two.txt:1:needle\n/tree/a/one.txt:2:the needle is here\n"
    expect(result.stdout == expected, "matches", result)
    result = runner.run("ripgrep", ["--dir", f"{folder}::/tree:ro"], ["absent", "/tree"])
    expect(result.returncode == 1, "status without a match", result)


def flite_speaks(runner, folder):
    result = runner.run("flite", ["--dir", f"{folder}::/out"], ["-t", "hello world", "-o", "/out/hello.wav"])
    expect(result.returncode == 0, "status", result)
    with wave.open(os.path.join(folder, "hello.wav")) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    expect(0.3 < seconds < 10, f"a wav of {seconds} s", result)


def clang_options(folder):
    return ["--dir", f"{PROGRAMS}/clang-files::/usr:ro", "--dir", f"{folder}::/src"]


def clang_version(runner, folder):
    result = runner.run("llvm", clang_options(folder), ["clang", "--version"])
    expect(result.stdout.startswith(b"clang version "), "its version", result)


def clang_compiles(runner, folder):
    write(folder, "t.c", "#include <stdio.h>\nint main(int c, char **v)\n{\n"
          '    printf("%s, %d\\n", v[1], c + 40);\n    return 5;\n}\n')
    result = runner.run("llvm", clang_options(folder),
                        ["clang", "--sysroot=/usr", "-O1", "-c", "/src/t.c", "-o", "/src/t.o"])
    expect(result.returncode == 0, "compiling", result)
    libraries = "/usr/lib/wasm32-wasip1"
    runtime = next(os.path.join(where, name) for where, _, names in os.walk(f"{PROGRAMS}/clang-files")
                   for name in names if name == "libclang_rt.builtins.a" and "wasip1-threads" not in where)
    runtime = "/usr/" + os.path.relpath(runtime, f"{PROGRAMS}/clang-files")
    result = runner.run("llvm", clang_options(folder),
                        ["wasm-ld", f"{libraries}/crt1-command.o", "/src/t.o", f"{libraries}/libc.a", runtime,
                         "-o", "/src/t.wasm"])
    expect(result.returncode == 0, "linking", result)
    words = [runner.command, "run", os.path.join(folder, "t.wasm"), *runner.options, "--", "made inside"]
    result = subprocess.run(words, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    expect(result.stdout == b"made inside, 42\n" and result.returncode == 5, "what it made", result)


def sqlite_memory(runner, _folder):
    sql = (b"create table t(a integer primary key, b text);\n"
           b"with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)\n"
           b"insert into t select i, 'row ' || i from n;\n"
           b"select count(*), sum(a), max(b) from t;\nselect b from t where a % 400 = 0 order by a;\n")
    result = runner.run("sqlite", data=sql)
    expect(result.stdout == b"1000|500500|row 999\nrow 400\nrow 800\n", "queries", result)


def sqlite_file(runner, folder):
    options = ["--dir", f"{folder}::/db"]
    sql = "create table if not exists t(a); begin; insert into t values (42); commit; select count(*), sum(a) from t;"
    for count in (1, 2):
        result = runner.run("sqlite", options, ["/db/a.db", sql])
        expect(result.stdout == f"{count}|{42 * count}\n".encode(), "a file that stays", result)


def lua_script(runner, folder):
    write(folder, "s.lua", "local words = {}\nfor w in ('the quick brown fox'):gmatch('%a+') do words[#words + 1] = w:upper() end\n"
          "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
          "print(table.concat(words, ' '), fib(20), 7 // 2, 2^53, string.format('%.3f', math.pi))\n")
    result = runner.run("lua", ["--dir", f"{folder}::/s:ro"], ["/s/s.lua"])
    expect(result.stdout == b"THE QUICK BROWN FOX\t6765\t3\t9.007199254741e+15\t3.142\n", "its output", result)


def lua_error_traps(runner, _folder):
    result = runner.run("lua", arguments=["-e", "error('no setjmp here')"])
    expect(result.returncode == 134 and b"unreachable" in result.stderr, "a trap with its kind", result)


def minigzip_both_ways(runner, _folder):
    data = b"".join(b"line %d of some text\n" % (i * i % 977) for i in range(20000))
    packed = runner.run("minigzip", data=data)
    expect(gzip.decompress(packed.stdout) == data, "what it packed")
    expect(len(packed.stdout) < len(data) // 3, "it is smaller")
    result = runner.run("minigzip", arguments=["-d"], data=gzip.compress(data))
    expect(result.stdout == data, "what it unpacked")


TESTS = [("python", python_modules), ("python", python_script_read_only), ("ripgrep", ripgrep_tree),
         ("flite", flite_speaks), ("llvm", clang_version), ("llvm", clang_compiles), ("sqlite", sqlite_memory),
         ("sqlite", sqlite_file), ("lua", lua_script), ("lua", lua_error_traps), ("minigzip", minigzip_both_ways)]


def main():
    runner = Runner(sys.argv[1], sys.argv[2:])
    passed = failed = skipped = 0
    for program, test in TESTS:
        if not os.path.exists(f"{PROGRAMS}/{program}.wasm"):
            print(f"{test.__name__}: SKIPPED: there is no {PROGRAMS}/{program}.wasm")
            skipped += 1
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(runner, folder)
                passed += 1
                print(f"{test.__name__}: passed")
            except (AssertionError, OSError, EOFError, IndexError, subprocess.TimeoutExpired, wave.Error) as error:
                failed += 1
                print(f"{test.__name__}: FAILED: {error}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
