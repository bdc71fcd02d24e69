#!/usr/bin/env python3
"""Turn the .wat files of the unit tests into a C header of byte arrays.

usage: modules_to_c.py OUTPUT FILE.wat ...

Each becomes `static const uint8_t module_NAME[]`, assembled by wabt's wat2wasm.
"""
import os
import subprocess
import sys
import tempfile

PROPOSALS = "memory64 multi-memory exceptions tail-call extended-const".split()


def assemble(path):
    """The bytes of the module in the text file."""
    with tempfile.NamedTemporaryFile(suffix=".wasm") as output:
        options = [f"--enable-{proposal}" for proposal in PROPOSALS]
        subprocess.run(
            ["wat2wasm", *options, "--debug-names", path, "-o", output.name], check=True
        )
        return output.read()


def main():
    lines = ["/* Made by modules_to_c.py. */", "#include <stdint.h>", ""]
    for path in sys.argv[2:]:
        name = os.path.splitext(os.path.basename(path))[0]
        lines.append(f"__attribute__((unused)) static const uint8_t module_{name}[] = {{")
        data = assemble(path)
        for start in range(0, len(data), 16):
            lines.append("    " + " ".join(f"0x{b:02x}," for b in data[start : start + 16]))
        lines.append("};")
    with open(sys.argv[1], "w", encoding="utf-8") as output:
        output.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
