#!/usr/bin/env python3
"""Compile and run the program of docs/wasm/embedding.md; compare what it prints.

usage: run_embedding.py FOLDER LIBRARY COMPILER_WORD ...

The page's first ```c block is the program, its first ```text block the output, and its ```wat
block, assembled, must be the bytes in the program. Says so in TAP, as run_unit.py reads it.
"""
import os
import re
import subprocess
import sys

PAGE = "docs/wasm/embedding.md"


def block(text, language):
    """The first fenced block of a language."""
    return re.search(rf"^```{language}\n(.*?)^```$", text, re.M | re.S).group(1)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def check_module(text, program, folder):
    """Are the program's bytes those of the module in the page?"""
    source = write(os.path.join(folder, "embedding.wat"), block(text, "wat"))
    output = os.path.join(folder, "embedding.wasm")
    subprocess.run(["wat2wasm", source, "-o", output], check=True)
    with open(output, "rb") as file:
        module = file.read()
    numbers = re.search(r"bytes\[\] = \{(.*?)\}", program, re.S).group(1)
    return bytes(int(n, 16) for n in re.findall(r"0x(\w\w)", numbers)) == module


def check_output(text, program, folder, library, compiler):
    """Does the program print what the page says?"""
    source = write(os.path.join(folder, "embedding.c"), program)
    command = os.path.join(folder, "embedding")
    subprocess.run([*compiler, source, library, "-o", command], check=True)
    done = subprocess.run([command], capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0 or done.stdout != block(text, "text"):
        print(f"it ended with {done.returncode} and printed:\n{done.stdout}{done.stderr}")
        return False
    return True


def main():
    folder, library, compiler = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(folder, exist_ok=True)
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    program = block(text, "c")
    results = [
        ("the module of the page", check_module(text, program, folder)),
        ("the program of the page", check_output(text, program, folder, library, compiler)),
    ]
    print(f"1..{len(results)}")
    for number, (name, fine) in enumerate(results, 1):
        print(f"{'ok' if fine else 'not ok'} {number} - {name}")
    return not all(fine for _, fine in results)


if __name__ == "__main__":
    sys.exit(main())
