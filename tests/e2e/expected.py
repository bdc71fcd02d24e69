"""The lines that Init prints, worked out from what it was given."""

import re
import tarfile

from harness import INITRD, Text

# What hello_wasm.wasm of this project computes and prints.
HELLO_SUM = 42
HELLO_TEXT = "Hello from the Wasm Sandbox!"

DEFAULT_SECTORS = 2048

SLOT_4_QEMU = Text("[init] slot 4 IoPort base 0xc000 size 128 rights 0x1f")
SLOT_4_ANYWHERE = r"\[init\] slot 4 IoPort base 0x[0-9a-f]{4} size 128 rights 0x1f"
SLOT_4_EMPTY = Text("[init] slot 4 Empty")


def files_of(initrd):
    """(name, size) of each file in an archive, in its order."""
    with tarfile.open(initrd) as archive:
        return [(entry.name.removeprefix("./"), entry.size)
                for entry in archive if entry.isfile()]


def capability_lines(slot_4=SLOT_4_QEMU):
    return [
        Text("[init] slot 1 PmmAllocator rights 0x1f"),
        Text("[init] slot 2 IoPort base 0x3f8 size 8 rights 0x1f"),
        Text("[init] slot 3 Process pid 1 rights 0x1f"),
        slot_4,
    ]


def tar_lines(initrd):
    return [Text(f"[init] tar: {name} {size}") for name, size in files_of(initrd)]


HEAP_LINES = [
    Text("[init] heap: 1000 pages at 0x40000000"),
    Text("[init] heap: vector of 3 verified"),
]


def wasm_head(initrd):
    size = dict(files_of(initrd))["hello_wasm.wasm"]
    return Text(f"[init] wasm: hello_wasm.wasm {size} bytes")


def wasm_lines(initrd, number=HELLO_SUM, text=HELLO_TEXT):
    return [
        wasm_head(initrd),
        Text(f"[init] wasm: add(10, 32) = {number}"),
        Text(text),
    ]


def disk_line(sectors):
    if sectors is None:
        return Text("[init] virtio-blk: none")
    return (rf"\[init\] virtio-blk: features 0x[0-9a-f]+, {sectors} sectors "
            rf"\({sectors // 2048} MiB\)")


SERIAL_DRV_LINES = [
    r"\[serial_drv\] slot \d+ IoPort base 0x3f8 size 8 rights 0x3, no other",
    r"\[init\] serial_drv: running as pid ([2-9]|[1-9]\d+)",
]


def boot_lines(initrd=INITRD, slot_4=SLOT_4_QEMU, sectors=DEFAULT_SECTORS, number=HELLO_SUM,
               text=HELLO_TEXT):
    """All lines of the boot contract, in order."""
    return (capability_lines(slot_4) + tar_lines(initrd) + HEAP_LINES +
            wasm_lines(initrd, number, text) + [disk_line(sectors)] + SERIAL_DRV_LINES)


def failed(text):
    """A pattern for the line of a failed phase that contains a text."""
    return r"\[init\] FAILED: .*" + re.escape(text) + ".*"
