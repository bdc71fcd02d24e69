"""What every check shares: which files there are, how each is compiled, running tools.

Paths are relative to the root of the project, which is the working folder of all checks.
"""
import concurrent.futures
import functools
import hashlib
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLANG = "clang-19"
C_SUFFIXES = (".c", ".h")

# Not written by hand, or not text: fuzzers' inputs and the like.
DATA_FOLDERS = ("tests/fuzz/corpus/",)


class Context:
    """Where the build lies and how it is made."""

    def __init__(self, build, make):
        self.build = build
        self.make = make

    @functools.cached_property
    def flags(self):
        """The compiler flags of each C file, as make/check.mk wrote them."""
        with open(f"{self.build}/check/flags.txt") as lines:
            rows = [line.split() for line in lines if line.strip()]
        return {row[0]: row[1:] for row in rows}

    def made(self, *targets):
        """Makes targets; their paths, or an exception with what went wrong."""
        try:
            run([*self.make.split(), "--no-print-directory", "-k", *targets])
        except Failure as failure:
            lines = [line for line in str(failure).splitlines()
                     if not re.match(r"  [A-Z]+  |make.* is up to date", line)]
            raise Failure("\n".join(lines)) from None
        return targets


class Failure(Exception):
    """A tool failed; the text is its output."""


@functools.cache
def files():
    """All files of the project, but what is built and what git ignores."""
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = [f for f in folders
                      if f not in ("build", "__pycache__", ".git")]
        found += [os.path.relpath(os.path.join(folder, name)) for name in names]
    return sorted(f for f in found if not f.startswith(DATA_FOLDERS))


def files_in(suffixes, folders=("",)):
    """Files that end in one of suffixes, in one of folders (\"kernel/\")."""
    return [f for f in files() if f.endswith(suffixes) and f.startswith(tuple(folders))]


@functools.cache
def text(path):
    """A file's text; nothing where it went away while the checks ran."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


@functools.cache
def code(path):
    """The text of a C file with comments blanked out, line for line."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        found = match.group(0)
        return re.sub(r"[^\n]", " ", found) if found.startswith("/") else found

    return pattern.sub(blank, text(path))


def run(command, check=True):
    """Runs command; its output, standard error included."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    output = done.stdout.decode(errors="replace")
    if check and done.returncode != 0:
        raise Failure(output or f"{command[0]} ended with {done.returncode}")
    return output


def each(function, items):
    """function of each item, on all CPUs, in order."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def cached(context, folder, key, make):
    """The text that make() gives, kept under build/ by what it depends on."""
    name = hashlib.sha256(repr(key).encode()).hexdigest()
    path = f"{context.build}/check/{folder}/{name}"
    if os.path.exists(path):
        with open(path) as kept:
            return kept.read()
    result = make()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.new", "w") as kept:
        kept.write(result)
    os.replace(f"{path}.new", path)
    return result


def preprocessed(context, path):
    """What the compiler sees of a C file, comments and macros kept; None where it can't."""
    command = [CLANG, *context.flags[path], "-E", "-C", "-dD", path]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    return done.stdout if done.returncode == 0 else None
