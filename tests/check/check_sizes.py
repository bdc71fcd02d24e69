"""Sizes of files, functions and the kernel.

At most 400 lines a file and 60 a function. What is larger for a reason stands in sizes.txt
with its size and the reason: it may shrink, never grow, and once it is within the limit its
line has to go.
"""
import os
import re

import tree

FILE_LIMIT = 400
FUNCTION_LIMIT = 60
SIZES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sizes.txt")
SUFFIXES = (".c", ".h", ".S", ".inc", ".py", ".sh", ".mk")
KERNEL_LIMITS = {"C": ((".c", ".h"), 10000), "assembly": ((".S",), 600)}

# clang-format puts the braces of a function, and of nothing else with a ')' before it,
# into the first column.
FUNCTION = re.compile(r"^(\w[^;{}#]*?\b(\w+)\([^;{}]*\))\s*\n\{\n(.*?)^\}", re.M | re.S)


def read_ratchet(path):
    """({what: most lines}, complaints)"""
    allowed, complaints = {}, []
    with open(path) as lines:
        for number, line in enumerate(lines, 1):
            words = line.split("#")[0].split(None, 2)
            if not words:
                continue
            if len(words) != 3 or not words[1].isdigit():
                complaints.append(f"{path}:{number}: expected WHAT LINES REASON")
            else:
                allowed[words[0]] = int(words[1])
    return allowed, complaints


def function_sizes(path):
    """[(name, lines between the braces)] of a C file."""
    return [(match.group(2), match.group(3).count("\n"))
            for match in FUNCTION.finditer(tree.code(path))]


def measured():
    """{what: (lines, limit)} of all files and functions."""
    found = {}
    for path in tree.files_in(SUFFIXES):
        found[path] = (tree.text(path).count("\n"), FILE_LIMIT)
    for path in tree.files_in((".c", ".h", ".inc")):
        for name, lines in function_sizes(path):
            found[f"{path}:{name}"] = (lines, FUNCTION_LIMIT)
    return found


def compare(found, allowed):
    complaints = []
    for what, (lines, limit) in found.items():
        most = allowed.get(what, limit)
        if lines > most:
            complaints.append(f"{what}: {lines} lines, at most {most}")
    for what in allowed:
        lines, limit = found.get(what, (0, FILE_LIMIT))
        if lines <= limit:
            complaints.append(f"{what}: within the limit, take it out of sizes.txt")
    return complaints


def sizes(_context):
    found = measured()
    allowed, complaints = read_ratchet(SIZES)
    functions = sum(1 for what in found if ":" in what)
    return (complaints + compare(found, allowed),
            f"{len(found) - functions} files, {functions} functions")


def kernel_lines(_context):
    """kernel_lines_c and kernel_lines_asm: all lines, comments and blanks too."""
    complaints, notes = [], []
    for language, (suffixes, limit) in KERNEL_LIMITS.items():
        lines = sum(tree.text(path).count("\n")
                    for path in tree.files_in(suffixes, ("kernel/",)))
        notes.append(f"{lines} lines of {language}")
        if lines > limit:
            complaints.append(f"the kernel has {lines} lines of {language}, at most {limit}")
        if lines == 0:
            complaints.append(f"no line of {language} was found in kernel/")
    return complaints, ", ".join(notes)
