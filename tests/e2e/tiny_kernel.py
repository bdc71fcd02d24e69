"""Kernels of a few bytes that QEMU starts by PVH: what `mnos boot` is tested on.

Each prints a text on COM1 and then does one thing to its machine. They are ELF files of
64 bits with 32-bit code, a PVH note and, for the backtrace, a symbol table.
"""

import struct

LOAD_ADDRESS = 0x100000
CODE_OFFSET = 0x1000

# The endings, as 32-bit machine code.
POWER_OFF = bytes.fromhex("66ba0406 66b80020 66ef")  # out 0x604, 0x2000: S5 on q35
RESET = bytes.fromhex("0f011d00000000 cc")  # lidt [0] (zeros), int3: a triple fault
HANG = bytes.fromhex("fa f4 ebfd")  # cli; hlt; jmp


def exit_with(status):
    """Writes a status to the debug exit port."""
    return bytes.fromhex("66baf400 b8") + struct.pack("<I", status) + b"\xef"


# Sends back what comes on COM1, until a 'q' comes: then powers off.
ECHO = bytes.fromhex(
    "66bafd03 ec a801 74f7"  # wait: in al, 0x3fd; test al, 1; jz wait
    "66baf803 ec ee"  # in al, 0x3f8; out 0x3f8, al
    "3c71 75ed"  # cmp al, 'q'; jne wait
) + POWER_OFF


def print_code(text_address):
    """Prints the text at an address, up to a zero byte."""
    return b"\xbe" + struct.pack("<I", text_address) + bytes.fromhex(
        "ac 84c0 7414"  # next: lodsb; test al, al; jz done
        "88c3"  # mov bl, al
        "66bafd03 ec a820 74f7"  # wait: in al, 0x3fd; test al, 0x20; jz wait
        "66baf803 88d8 ee"  # out 0x3f8, bl
        "ebe7"  # jmp next
    )


def section(name, kind, offset, size, link=0, info=0, entry_size=0):
    return struct.pack("<IIQQQQIIQQ", name, kind, 0, 0, offset, size, link, info, 1,
                       entry_size)


def build(text, ending, symbols=()):
    """An ELF image that prints `text` and goes on to `ending` (machine code).

    `symbols`: (name, address, size) for the symbol table.
    """
    code_address = LOAD_ADDRESS
    body = print_code(0) + ending + HANG
    text_address = code_address + len(body)
    body = print_code(text_address) + ending + HANG + text.encode() + b"\0"
    note = struct.pack("<III4sI", 4, 4, 18, b"Xen\0", code_address)

    note_offset = 64 + 2 * 56
    names = b"\0"
    table = bytes(24)
    for name, address, size in symbols:
        table += struct.pack("<IBBHQQ", len(names), 0x12, 0, 1, address, size)
        names += name.encode() + b"\0"
    table_offset = CODE_OFFSET + len(body)
    names_offset = table_offset + len(table)
    sections_offset = names_offset + len(names)

    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, code_address, 64, sections_offset, 0, 64, 56, 2, 64,
        3, 0)
    load = struct.pack("<IIQQQQQQ", 1, 7, CODE_OFFSET, code_address, code_address,
                       len(body), len(body), 0x1000)
    note_header = struct.pack("<IIQQQQQQ", 4, 4, note_offset, 0, 0, len(note), len(note),
                              4)
    image = header + load + note_header + note
    image = image.ljust(CODE_OFFSET, b"\0") + body + table + names
    return image + bytes(64) + section(0, 2, table_offset, len(table), 2, 1, 24) + \
        section(0, 3, names_offset, len(names))
