"""The structures that processes share have no holes and no tail padding.

A C file is generated that includes every header of abi/ and user/protocols/ and takes the
size of each structure in them; the compiler's -Wpadded does the rest.
"""
import os
import re

import tree

FOLDERS = ("abi/include/", "user/protocols/")
STRUCT = re.compile(r"^(?:typedef )?(struct|union)\s+(?:__attribute__\(\(.*?\)\)\s*)?(\w+)\s*\{",
                    re.M)


def generate(headers):
    """(the text of the C file, how many structures it looks at)"""
    lines, count = [], 0
    for header in headers:
        name = re.sub(r"^(abi/include|user)/", "", header)
        lines.append(f'#include "{name}"')
    for header in headers:
        for kind, name in STRUCT.findall(tree.code(header)):
            lines.append(f'_Static_assert(sizeof({kind} {name}) > 0, "{header}");')
            count += 1
    return "\n".join(lines) + "\n", count


def holes(context):
    text, count = generate(tree.files_in((".h",), FOLDERS))
    path = f"{context.build}/check/abi_structs.c"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    flags = ["-std=c17", "--target=x86_64-unknown-none-elf", "-ffreestanding",
             "-nostdlibinc", "-Iabi/include", "-Icore/include", "-Iuser", "-Iuser/libmnos/include"]
    output = tree.run([tree.CLANG, *flags, "-Wpadded", "-Werror", "-fsyntax-only", path],
                      check=False)
    complaints = [line for line in output.splitlines() if ": error:" in line]
    if output and not complaints:
        complaints = [output]
    if count == 0:
        complaints.append("no structure was found")
    return complaints, f"{count} structures"
