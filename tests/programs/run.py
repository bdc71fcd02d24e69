#!/usr/bin/env python3
"""Runs real WASI programs and checks what they do: in mnos-wasm on this host, and inside of the
system by `mnos run`.

    python3 tests/programs/run.py MNOS_WASM MNOS [--explicit-bounds] [--table FILE]

A program that is not under build/programs counts as skipped, with its name. --table writes what was
run, and how long it took, for docs/programs.md. The last line is `N passed, N failed, N
skipped`; nothing passed is a failure.
"""

import argparse
import bz2
import gzip
import os
import subprocess
import sys
import tempfile
import time
import wave

PROGRAMS = "build/programs"
LIMIT_SECONDS = 300


class Runner:
    """Runs programs by one of the two commands, with the options of this run."""

    def __init__(self, name, command, options):
        self.name = name
        self.command = command
        self.options = options

    def run(self, program, options=(), arguments=(), data=b""):
        words = [self.command, "run", path_of(program), *self.options]
        words += [*options, "--", *arguments]
        return subprocess.run(words, input=data, capture_output=True, timeout=LIMIT_SECONDS, check=False)


def path_of(program):
    """Where a program lies: one of our own, or one that was fetched."""
    own = f"build/apps/{program}.wasm"
    return own if os.path.exists(own) else f"{PROGRAMS}/{program}.wasm"


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


def bzip2_both_ways(runner, _folder):
    data = b"".join(b"line %d of some text\n" % (i * i % 977) for i in range(20000))
    packed = runner.run("bzip2", arguments=["-c"], data=data)
    expect(bz2.decompress(packed.stdout) == data, "what it packed", packed)
    result = runner.run("bzip2", arguments=["-dc"], data=bz2.compress(data))
    expect(result.stdout == data, "what it unpacked", result)


def hello_greets(runner, _folder):
    result = runner.run("hello", arguments=["one", "two words"])
    expect(result.stdout == b"Hello, one!\nHello, two words!\n", "its greeting", result)


def cat_copies(runner, folder):
    write(folder, "a.txt", "from a file\n")
    result = runner.run("cat", ["--dir", f"{folder}::/d:ro"], ["/d/a.txt", "-"], bytes(range(256)))
    expect(result.stdout == b"from a file\n" + bytes(range(256)), "every byte", result)


def wc_counts(runner, _folder):
    result = runner.run("wc", data=b"one two\nthree\n")
    expect(result.stdout.split() == [b"2", b"3", b"14"], "its counts", result)


# Module, test, the programs that it is a test of, what they do.
TESTS = [("python", python_modules, "CPython 3.12", "`-c` with json and math"),
         ("python", python_script_read_only, "CPython 3.12", "a script and its module from a `:ro` directory"),
         ("ripgrep", ripgrep_tree, "ripgrep", "a search in a tree, read-only"),
         ("flite", flite_speaks, "flite", "speech into a WAV file"),
         ("llvm", clang_version, "clang 22", "its version"),
         ("llvm", clang_compiles, "clang 22, wasm-ld", "compiles and links a C program, which then runs"),
         ("sqlite", sqlite_memory, "SQLite 3.46", "a database in memory, by standard input"),
         ("sqlite", sqlite_file, "SQLite 3.46", "a database in a directory, opened twice"),
         ("lua", lua_script, "Lua 5.4", "a script from a `:ro` directory"),
         ("lua", lua_error_traps, "Lua 5.4", "an error, which traps without setjmp"),
         ("minigzip", minigzip_both_ways, "minigzip (zlib)", "packs and unpacks 400 KB"),
         ("bzip2", bzip2_both_ways, "bzip2", "packs and unpacks 400 KB"),
         ("hello", hello_greets, "hello", "greets its arguments"),
         ("cat", cat_copies, "cat", "a file and standard input, every byte"),
         ("wc", wc_counts, "wc", "counts standard input")]


def run_test(runner, test):
    """Runs one test: the seconds that it took, and what failed (None: nothing)."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        try:
            test(runner, folder)
            reason = None
        except (AssertionError, OSError, EOFError, IndexError, subprocess.TimeoutExpired, wave.Error) as error:
            reason = str(error) or type(error).__name__
        return time.monotonic() - start, reason


def write_table(path, rows):
    """The rows for docs/programs.md: seconds are of one machine, and for comparing columns."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("| program | what it does | on the host, s | inside, s |\n|---|---|---|---|\n")
        for program, what, seconds in rows:
            times = " | ".join(f"{one:.2f}" if one is not None else "not run" for one in seconds)
            out.write(f"| {program} | {what} | {times} |\n")


def main():
    parser = argparse.ArgumentParser(description="real WASI programs")
    parser.add_argument("mnos_wasm")
    parser.add_argument("mnos")
    parser.add_argument("--explicit-bounds", action="store_true")
    parser.add_argument("--table")
    options = parser.parse_args()
    host = ["--explicit-bounds"] if options.explicit_bounds else []
    runners = [Runner("host", options.mnos_wasm, host), Runner("inside", options.mnos, ["--random", "--clock=real"])]
    counts = {"passed": 0, "FAILED": 0, "SKIPPED": 0}
    rows = []
    for program, test, names, what in TESTS:
        seconds = []
        for runner in runners:
            verdict, reason, took = "SKIPPED", f"there is no {PROGRAMS}/{program}.wasm", None
            if os.path.exists(path_of(program)):
                took, reason = run_test(runner, test)
                verdict = "FAILED" if reason else "passed"
            counts[verdict] += 1
            seconds.append(took)
            print(f"{test.__name__} ({runner.name}): {verdict}{': ' + reason if reason else ''}", flush=True)
        rows.append((names, what, seconds))
    if options.table:
        write_table(options.table, rows)
    print(f"{counts['passed']} passed, {counts['FAILED']} failed, {counts['SKIPPED']} skipped")
    return 0 if counts["passed"] > 0 and counts["FAILED"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
