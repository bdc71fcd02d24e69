"""Words and spaces: spelling, words that stand for unfinished work, stray whitespace."""
import re

import tree

# The words are put together here so that this file does not hold them.
BANNED = ["to" + "do", "fix" + "me", "x" * 3, "ha" + "ck", "for " + "now", "klu" + "dge",
          "stub" + "bed", "not " + "implemented", "place" + "holder", "temp" + "orary fix"]

# Words that the spell checker takes for others: names of fields, flags and instructions.
SPELLED = "ist,creat,nd"

TEXT_SUFFIXES = (".c", ".h", ".S", ".inc", ".def", ".md", ".mk", ".py", ".sh", ".ld",
                 ".txt", "Makefile", "LAYERS")


def codespell(_context):
    paths = tree.files_in(TEXT_SUFFIXES)
    output = tree.run(["codespell", "--ignore-words-list", SPELLED, *paths], check=False)
    return output.splitlines(), f"{len(paths)} files"


def banned_words(_context):
    pattern = re.compile(r"\b(" + "|".join(BANNED) + r")\b", re.I)
    complaints = []
    for path in tree.files_in(TEXT_SUFFIXES):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            match = pattern.search(line)
            if match:
                complaints.append(f"{path}:{number}: '{match.group(1)}'")
    return complaints


def whitespace(_context):
    """No trailing space, one newline at the end, no carriage return, tabs in make and
    shell files only."""
    complaints = []
    for path in tree.files_in(TEXT_SUFFIXES):
        text = tree.text(path)
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip():
                complaints.append(f"{path}:{number}: space at the end of the line")
            if "\t" in line and path.endswith((".c", ".h", ".py", ".md")):
                complaints.append(f"{path}:{number}: a tab")
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            complaints.append(f"{path}: it must end with one newline")
    return complaints
