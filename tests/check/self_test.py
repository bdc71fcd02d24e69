#!/usr/bin/env python3
"""Proves that each check can fail: plants one fault at a time in a copy of the project.

usage: self_test.py FOLDER

The project is copied into FOLDER, which is replaced. For each fault the check that should
find it runs twice, without and with the fault, and passes when the complaint that names
what was planted is there the second time only. Ends in `N passed, N failed`.
"""
import os
import shutil
import subprocess
import sys

import run_checks
import tree

PLANTED_C = "kernel/mem/planted.c"
FUNCTION = "int planted_function(int a);\nint planted_function(int a)\n{\n"

# (check, file, its text or the text to append, what the complaint must name).
FAULTS = [
    ("format", "core/planted.c", "int  planted ;\n", "core/planted.c"),
    ("headers", "core/include/core/planted.h", "size_t planted(void);\n", "planted.h"),
    ("tidy", "core/planted.c", FUNCTION + "    if (a) return 1;\n    return 0;\n}\n",
     "readability-braces-around-statements"),
    ("cppcheck", "core/planted.c", "int f(void) { int a[2] = {0}; return a[5]; }\n",
     "arrayIndexOutOfBounds"),
    ("shellcheck", "make/planted.sh", "#!/bin/sh\necho $1\n", "make/planted.sh"),
    ("python", "tests/planted.py", "1 is 1\n", "tests/planted.py"),
    ("layers", "kernel/mem/planted.h", '#include "sched/scheduler.h"\n', "planted.h:1"),
    ("layers", "core/planted.h", "#include <stdio.h>\n", "hosted header"),
    ("layers", "planted/planted.h", "\n", "belongs to no layer"),
    ("assembly", "user/init/planted.c", 'void f(void) { __asm__("nop"); }\n', "planted.c:1"),
    ("sizes", "core/planted.c", "\n" * 401, "core/planted.c: 401 lines"),
    ("sizes", "core/planted.c", FUNCTION + "    a++;\n" * 61 + "}\n",
     "planted_function: 61 lines"),
    ("sizes", "tests/check/sizes.txt", "core/elf64.c 500 no reason\n", "take it out"),
    ("kernel-lines", "kernel/planted.h", "\n" * 10001, "lines of C, at most"),
    ("abi-holes", "abi/include/abi/planted.h",
     "struct mn_planted {\n    char a;\n    long b;\n};\n", "mn_planted"),
    ("syscall-pages", "abi/include/abi/syscall_numbers.def",
     "SYSCALL(999, PLANTED, planted, 0)\n", "planted.md is missing"),
    ("syscall-pages", "docs/syscalls/planted.md", "# 999 PLANTED\n", "no call PLANTED"),
    ("links", "README.md", "[planted](planted.md)\n", "planted.md leads nowhere"),
    ("kernel-registers", "kernel/arch/x86_64/planted.c",
     "__attribute__((used, retain)) void planted(void);\n"
     'void planted(void)\n{\n    __asm__ volatile("xorps %xmm1, %xmm2");\n}\n', "%xmm1"),
    ("kernel-registers", "kernel/mem/planted.h", "float planted(void);\n", "float planted"),
    ("kernel-calls", PLANTED_C,
     "void scheduler_forget_current(void);\nvoid planted(void);\n"
     "void planted(void)\n{\n    scheduler_forget_current();\n}\n", "is defined above"),
    ("no-globals", "core/planted.c", "int planted_state;\n", "planted_state is global"),
    ("spelling", "core/planted.c", "/* t" + "eh */\n", "core/planted.c:1"),
    ("words", "core/planted.c", "/* to" + "do */\n", "core/planted.c:1"),
    ("whitespace", "core/planted.c", "int a; \n", "core/planted.c:1"),
]


def copy_project(folder):
    """The project without what is built; what is built starts from the same objects."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tree.ROOT, folder, symlinks=True,
                    ignore=lambda path, names: [
                        name for name in names
                        if name in (".git", "__pycache__", "build")])


def check(folder, name):
    """The output of one check in the copy."""
    done = subprocess.run(["make", "--no-print-directory", "-j2", "check", f"CHECKS={name}"],
                          cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace")


def plant(path, text):
    """Appends text to a file, which may be new; gives what takes it away again."""
    old = None
    if os.path.exists(path):
        with open(path) as file:
            old = file.read()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a") as file:
        file.write(text)
    return old


def take_away(path, old):
    if old is None:
        os.remove(path)
    else:
        with open(path, "w") as file:
            file.write(old)


def main(folder):
    copy_project(folder)
    failed, before = 0, {}
    for name, file, text, named in FAULTS:
        if name not in before:
            before[name] = check(folder, name)
        path = os.path.join(folder, file)
        old = plant(path, text)
        after = check(folder, name)
        take_away(path, old)
        found = named in after and named not in before[name] and f"FAIL {name}" in after
        failed += not found
        print(f"{'ok  ' if found else 'FAIL'} {name}: {file}", flush=True)
        if not found:
            print("\n".join("    " + line for line in after.splitlines()[:20]))
    for name in set(run_checks.CHECKS) - {fault[0] for fault in FAULTS}:
        failed += 1
        print(f"FAIL {name}: no fault is planted for it")
    print(f"{len(FAULTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
