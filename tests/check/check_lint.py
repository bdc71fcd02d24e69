"""Tools that read sources: clang-format, the compiler on headers, clang-tidy, cppcheck,
shellcheck, Python's own compiler."""
import os
import re
import subprocess
import warnings

import tree

TIDY = "clang-tidy-19"
FORMAT = "clang-format-14"

# What cppcheck reports on code that is right, by its id, and why it is left out.
CPPCHECK_SUPPRESSED = [
    "missingIncludeSystem",  # the compiler finds the headers
    "unmatchedSuppression",
    "normalCheckLevelMaxBranches",
    "comparePointers",  # the linker's symbols for the ends of sections
    "constStatement",  # register variables that an asm statement reads
    "syntaxError",  # attributes of pointers to functions; the compiler checks syntax
]


def clang_format(_context):
    """.clang-format decides; `clang-format-14 -i FILE` puts a file right."""
    def one(path):
        # A header by a made-up name, because clang-format takes some for Objective-C.
        name = path if path.endswith(".c") else f"{os.path.dirname(path)}/the_header.c"
        done = subprocess.run([FORMAT, f"--assume-filename={name}"],
                              input=tree.text(path).encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        return path if done.stdout.decode(errors="replace") != tree.text(path) else ""

    bad = [path for path in tree.each(one, tree.files_in(tree.C_SUFFIXES)) if path]
    return [f"{path}: run {FORMAT} -i {path}" for path in bad]


def headers_stand_alone(context):
    """Each header compiles as the first and only include of a file."""
    def one(path):
        command = [tree.CLANG, *context.flags[path], "-Wno-unused-function",
                   "-Wno-unused-const-variable", "-fsyntax-only", "-x", "c", path]
        return tree.run(command, check=False).strip()

    headers = [path for path in context.flags if path.endswith(".h")]
    return [output for output in tree.each(one, headers) if output]


def tidy_rules(path):
    """The .clang-tidy files that hold for a file: its folder's and those above."""
    parts = path.split("/")[:-1]
    places = ["/".join(parts[:count] + [".clang-tidy"]) for count in range(len(parts) + 1)]
    return [tree.text(place) for place in places if os.path.exists(place)]


def tidy_output(context, path):
    """clang-tidy's complaints about one file and the headers that are its own."""
    seen = tree.preprocessed(context, path)
    if seen is None:
        return f"{path}: it does not compile"
    flags = [flag for flag in context.flags[path]
             if not flag.startswith(("-fsanitize", "-ffile-prefix-map"))]

    def lint():
        command = [TIDY, "--quiet", "--warnings-as-errors=*", path, "--", *flags]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        output = done.stdout.decode(errors="replace").replace(tree.ROOT + "/", "")
        if done.returncode != 0 and not output.strip():
            output = done.stderr.decode(errors="replace")
        return output

    return tree.cached(context, "tidy", [tidy_rules(path), flags, seen], lint)


COMPLAINT = re.compile(r"([^/:\s][^:\s]*:\d+):\d+: (?:error|warning): (.*)\[(.*?)\]$")
LIMIT = re.compile(r": note: (.*\(threshold \d+\))")


def tidy_complaints(output):
    """{(place, check): text} of clang-tidy's output. The system's headers are not ours, and
    of what a macro makes at one place one complaint is enough."""
    found, last = {}, None
    for line in output.splitlines():
        match = COMPLAINT.match(line)
        limit = LIMIT.search(line)
        if match:
            check = match.group(3).replace(",-warnings-as-errors", "")
            last = (match.group(1), check)
            found.setdefault(last, f"{match.group(1)}: {match.group(2)}[{check}]")
        elif limit and last and limit.group(1) not in found[last]:
            found[last] += f" {limit.group(1)}"
        elif line.endswith("it does not compile"):
            found[(line, "")] = line
    return found


def clang_tidy(context):
    """.clang-tidy decides. A file is read again when what the compiler sees changed."""
    paths = [path for path in context.flags if path.endswith(".c")]
    found = {}
    for output in tree.each(lambda path: tidy_output(context, path), paths):
        for place, complaint in tidy_complaints(output).items():
            found.setdefault(place, complaint)
    return list(found.values()), f"{len(paths)} files"


def cppcheck(context):
    """The kernel, core and ring 3, without the engine, whose tables it can't follow."""
    kept = f"{context.build}/check/cppcheck"
    os.makedirs(kept, exist_ok=True)
    folders = [f for f in ("core", "kernel", "user", "tools") if os.path.isdir(f)]
    command = ["cppcheck", "--quiet", "--std=c11", "--error-exitcode=1", "--inline-suppr",
               f"-j{os.cpu_count()}", f"--cppcheck-build-dir={kept}",
               "--enable=warning,portability", "--template={file}:{line}: {id}: {message}",
               "-Iabi/include", "-Icore/include", "-Ikernel", "-Iuser",
               "-Iuser/libmnos/include", "-Iwasm/include", "-Iwasm", "-D__x86_64__=1"]
    command += [f"--suppress={name}" for name in CPPCHECK_SUPPRESSED]
    output = tree.run(command + folders, check=False)
    return [line for line in output.splitlines() if re.match(r"\S+:\d+: ", line)]


def shell_scripts():
    found = []
    for path in tree.files():
        if path.endswith(".sh"):
            found.append(path)
        elif "." not in os.path.basename(path)[1:] and os.access(path, os.R_OK):
            with open(path, "rb") as file:
                if re.match(rb"#!\s*/bin/(ba)?sh\b|#!/usr/bin/env (ba)?sh\b", file.read(40)):
                    found.append(path)
    return found


def shellcheck(_context):
    paths = shell_scripts()
    output = tree.run(["shellcheck", "--format=gcc", *paths], check=False)
    return output.splitlines(), f"{len(paths)} scripts"


def python(_context):
    """Every Python file compiles, without a warning of the compiler."""
    complaints, paths = [], tree.files_in((".py",))
    for path in paths:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                compile(tree.text(path), path, "exec")
            except (SyntaxError, ValueError) as error:
                complaints.append(f"{path}: {error}")
    return complaints, f"{len(paths)} files"
