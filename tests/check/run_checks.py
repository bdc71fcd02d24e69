#!/usr/bin/env python3
"""Runs the checks: `ok name` or `FAIL name` with details each, then `N passed, N failed`.

usage: run_checks.py --build FOLDER --make MAKE [CHECK...]

A check is a function of one argument, the tree.Context, in the table below; it returns a
list of complaints, and passes when that is empty. What it wants to say beside, it returns
as a string in a tuple (complaints, note).
"""
import argparse
import os
import sys

import check_abi
import check_binaries
import check_docs
import check_layers
import check_lint
import check_sizes
import check_text
import tree

CHECKS = {
    "format": check_lint.clang_format,
    "headers": check_lint.headers_stand_alone,
    "tidy": check_lint.clang_tidy,
    "cppcheck": check_lint.cppcheck,
    "shellcheck": check_lint.shellcheck,
    "python": check_lint.python,
    "layers": check_layers.layers,
    "assembly": check_layers.assembly_places,
    "sizes": check_sizes.sizes,
    "kernel-lines": check_sizes.kernel_lines,
    "abi-holes": check_abi.holes,
    "syscall-pages": check_docs.syscall_pages,
    "links": check_docs.links,
    "kernel-registers": check_binaries.kernel_registers,
    "kernel-calls": check_binaries.kernel_calls,
    "no-globals": check_binaries.no_globals,
    "spelling": check_text.codespell,
    "words": check_text.banned_words,
    "whitespace": check_text.whitespace,
}


def run_one(name, context):
    """(complaints, note) of one check; a tool that fails is a complaint."""
    try:
        result = CHECKS[name](context)
    except (tree.Failure, OSError) as failure:
        result = [str(failure)]
    return result if isinstance(result, tuple) else (result, "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--make", required=True)
    parser.add_argument("checks", nargs="*")
    options = parser.parse_args()
    unknown = [name for name in options.checks if name not in CHECKS]
    if unknown:
        parser.error(f"no check is named {unknown[0]}; there are {', '.join(CHECKS)}")

    os.chdir(tree.ROOT)
    context = tree.Context(options.build, options.make)
    names = options.checks or list(CHECKS)
    failed = 0
    for name in names:
        complaints, note = run_one(name, context)
        failed += bool(complaints)
        print(f"{'FAIL' if complaints else 'ok'} {name}{'  (' + note + ')' if note else ''}",
              flush=True)
        for complaint in complaints:
            print("\n".join("    " + line for line in complaint.splitlines()))
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
