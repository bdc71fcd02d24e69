"""What must not be in the object code: floats and vector registers in the kernel, global
state in the libraries, calls from a low layer of the kernel to a high one.
"""
import os
import re

import check_layers
import tree

OBJDUMP = "llvm-objdump-19"
NM = "llvm-nm-19"
KERNEL = "kernel.elf"

# x87, MMX, SSE, AVX and mask registers as operands. FXSAVE and XSAVE name none.
VECTOR_REGISTER = re.compile(r"%(?:[xyz]?mm\d+|st\b|k[0-7]\b)")
FLOAT_TYPE = re.compile(r"\b(float|double|__m(64|128|256|512)[id]?|_Float\w+)\b")

# Kinds of symbols by nm that name memory which can be written.
WRITABLE = set("BbDdCSsGg")

# The doors upwards: what a low layer declares and a high one defines.
UPWARD = re.compile(r"^(on_\w+|object_ops|syscall_table|syscall_count|kernel_main)$")


def kernel_registers(context):
    """No vector or x87 register in build/kernel.elf, no float in its sources."""
    [elf] = context.made(f"{context.build}/{KERNEL}")
    complaints, function, count = [], "?", 0
    for line in tree.run([OBJDUMP, "-d", "--no-show-raw-insn", elf]).splitlines():
        label = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        function = label.group(1) if label else function
        count += bool(re.match(r"\s*[0-9a-f]+:", line))
        if VECTOR_REGISTER.search(line):
            complaints.append(f"{function}: {' '.join(line.split())}")
    for path in tree.files_in((".c", ".h"), ("kernel/", "core/")):
        for number, line in enumerate(tree.code(path).splitlines(), 1):
            if FLOAT_TYPE.search(line):
                complaints.append(f"{path}:{number}: {line.strip()}")
    if count < 1000:
        complaints.append(f"{elf}: only {count} instructions were seen")
    return complaints, f"{count} instructions"


def symbols(path):
    """[(kind, name)] of an object file."""
    rows = tree.run([NM, "--format=posix", path]).splitlines()
    return [(row.split()[1], row.split()[0]) for row in rows if len(row.split()) > 1]


def no_globals(context):
    """core and the engine keep no state of their own."""
    sources = tree.files_in((".c",), ("core/", "wasm/"))
    sources = [path for path in sources if not path.startswith("wasm/wasi/linux_")]
    objects = [f"{context.build}/user/{path}.o" for path in sources]
    context.made(*objects)
    complaints = []
    for path in objects:
        complaints += [f"{path}: {name} is global state"
                       for kind, name in symbols(path) if kind in WRITABLE]
    return complaints, f"{len(objects)} objects"


def kernel_calls(context):
    """The layers hold for calls too: what a kernel object refers to is defined in a layer
    that it may include, or is one of the doors upwards."""
    context.made(f"{context.build}/{KERNEL}")
    rules = check_layers.Rules(check_layers.LAYERS)
    defined, wanted = {}, []
    for path in tree.files_in((".c", ".S"), ("kernel/",)):
        layer = rules.layer_of(path)
        for kind, name in symbols(f"{context.build}/kernel/{path}.o"):
            if kind == "U":
                wanted.append((path, layer, name))
            elif kind.isupper():
                defined[name] = layer
    complaints = []
    for path, layer, name in wanted:
        other = defined.get(name)
        if other and other not in rules.allowed[layer] and not UPWARD.match(name):
            complaints.append(f"{path}: {name} is defined above, in {other}")
    if not defined or not os.path.isdir("kernel"):
        complaints.append("no symbol was found")
    return complaints, f"{len(wanted)} references"
