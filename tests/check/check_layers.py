"""Who may include whom, and where assembly may stand.

The file LAYERS beside this one has the rules and says how they are written. A file belongs
to the longest layer that is a prefix of its path; an include is looked for in the including
file's folder, then in each -I folder.
"""
import os
import re

import tree

LAYERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "LAYERS")
FREESTANDING = {f"{name}.h" for name in (
    "float iso646 limits smmintrin stdalign stdarg stdatomic stdbool stddef stdint stdnoreturn").split()}
INCLUDE = re.compile(r'\s*#\s*include\s+(["<])([^">]+)[">]')

ASSEMBLY_FOLDERS = ("kernel/arch/", "kernel/boot/", "user/libmnos/", "wasm/jit/",
                    "core/bytes.c", "core/include/core/speculation.h", "tests/")
INLINE_ASSEMBLY = re.compile(r"\b(__asm__|__asm|asm)\b")


class Rules:
    def __init__(self, path):
        self.rules, self.members, self.roots, self.hosted = {}, {}, [], set()
        with open(path) as lines:
            for line in lines:
                self.add(line.split("#")[0].strip())
        self.allowed = {name: self.reach(name) for name in self.rules}

    def add(self, line):
        if line.startswith("-I"):
            folder, _, layer = line[2:].partition("<")
            self.roots.append((folder.strip(), layer.strip()))
        elif "=" in line:
            name, _, paths = line.partition("=")
            self.members.update({path: name.strip() for path in paths.split()})
        elif line:
            name, _, others = line.partition(":")
            self.rules[name.strip()] = others.split()

    def reach(self, name):
        """All that a layer may include, itself too."""
        found = {name}
        for other in self.rules[name]:
            if other == "HOSTED":
                self.hosted.add(name)
            elif other.endswith("..."):
                found |= self.reach(other[:-3])
            else:
                found.add(other)
        return found

    def layer_of(self, path):
        if path in self.members:
            return self.members[path]
        folders = os.path.dirname(path).split("/")
        for count in range(len(folders), 0, -1):
            name = "/".join(folders[:count])
            if name in self.rules:
                return name
            if f"{os.path.dirname(name)}/*" in self.rules:
                self.rules[name] = self.rules[f"{os.path.dirname(name)}/*"]
                self.allowed[name] = self.reach(name)
                return name
        return None

    def resolve(self, path, include):
        """The file that an include names, or None."""
        roots = [os.path.dirname(path)]
        roots += [root for root, only in self.roots
                  if not only or path.startswith(only + "/")]
        for root in roots:
            target = os.path.normpath(os.path.join(root, include))
            if os.path.exists(target):
                return target
        return None

    def complaint(self, path, mark, include):
        """What is wrong with one include, or ""."""
        layer = self.layer_of(path)
        target = self.resolve(path, include)
        if target is None:
            if mark == '"':
                return f'"{include}" is found nowhere'
            if include not in FREESTANDING and layer not in self.hosted:
                return f"<{include}> is a hosted header"
            return ""
        other = self.layer_of(target)
        if other not in self.allowed[layer]:
            return f"layer {layer} may not include {target} (layer {other})"
        return ""


def layers(_context):
    rules = Rules(LAYERS)
    complaints = []
    for path in tree.files_in((".c", ".h", ".S", ".inc", ".def")):
        if rules.layer_of(path) is None:
            complaints.append(f"{path}: belongs to no layer of tests/check/LAYERS")
            continue
        for number, line in enumerate(tree.code(path).splitlines(), 1):
            match = INCLUDE.match(line)
            wrong = rules.complaint(path, *match.groups()) if match else ""
            if wrong:
                complaints.append(f"{path}:{number}: {wrong}")
    return complaints


def assembly_places(_context):
    """Assembly only where DESIGN allows it, and one instruction a statement inline."""
    complaints = []
    for path in tree.files_in((".c", ".h", ".S")):
        if path.endswith(".S"):
            if not path.startswith(ASSEMBLY_FOLDERS):
                complaints.append(f"{path}: no assembly here")
            continue
        if path.startswith(ASSEMBLY_FOLDERS):
            continue
        for number, line in enumerate(tree.code(path).splitlines(), 1):
            if INLINE_ASSEMBLY.search(line):
                complaints.append(f"{path}:{number}: no inline assembly here")
    return complaints
