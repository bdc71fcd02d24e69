"""Initrds that are broken: a clear line, no hang, status 1."""

import struct

import initrd
from expected import HEAP_LINES, capability_lines, disk_line, failed, wasm_lines
from harness import INITRD, boot, case, qemu

PT_LOAD = 1
EXECUTE, WRITE = 1, 2


def panics(folder, archive, pattern):
    """Booting this archive is a panic with this reason, and its backtrace has names."""
    path = folder.write("initrd.tar", archive)
    return boot(folder, "--initrd", path).expect_status(1).expect(pattern) \
        .expect_said(r"0x[0-9a-f]{16} \w+\+0x[0-9a-f]+$") \
        .expect_said("^mnos: the kernel panicked$")


@case("initrd-none")
def no_initrd(folder):
    result = qemu(folder, "-cpu", "max")
    result.expect(r"panic: .*initrd.*")
    if result.status != 3:
        result.fail(f"a panic is status 3 of QEMU's, not {result.status}")


@case("initrd-without-init")
def without_init(folder):
    content = initrd.files()
    del content["init"]
    panics(folder, initrd.archive_of(content), r"panic: .*init\b.*")


@case("initrd-empty-file")
def no_archive(folder):
    panics(folder, b"\0" * 4096, r"panic: .*init.*")


@case("initrd-no-archive")
def text_file(folder):
    panics(folder, b"This is a text, and no archive at all.\n" * 100,
           r"panic: .*no USTAR archive.*")


@case("initrd-truncated")
def truncated(folder):
    """Cut inside of a header, inside of a file, and before its end mark."""
    whole = INITRD.read_bytes()
    last = initrd.header_offset(list(initrd.files())[-1])
    for size in (700, last + 100, last + 512, len(whole) // 2):
        panics(folder, whole[:size], r"panic: .*truncated.*")


@case("initrd-checksum")
def broken_checksum(folder):
    """One bit of a header is another, in whichever header."""
    for name in initrd.files():
        archive = bytearray(INITRD.read_bytes())
        archive[initrd.header_offset(name) + 105] ^= 1
        panics(folder, bytes(archive), r"panic: .*checksum.*")


@case("initrd-without-hello-wasm")
def without_hello_wasm(folder):
    path = initrd.without_file(folder, "hello_wasm.wasm")
    boot(folder, "--initrd", path).expect_status(1).expect(
        *HEAP_LINES, failed("hello_wasm.wasm"), disk_line(2048),
        r"\[init\] serial_drv: running as pid \d+")


@case("initrd-without-serial-drv")
def without_serial_drv(folder):
    path = initrd.without_file(folder, "serial_drv")
    boot(folder, "--initrd", path).expect_status(1).expect(
        *wasm_lines(path), disk_line(2048), failed("serial_drv"))


def program_headers(image):
    """(offset, header) of each PT_LOAD."""
    table, = struct.unpack_from("<Q", image, 32)
    size, count = struct.unpack_from("<HH", image, 54)
    return [table + size * i for i in range(count)
            if struct.unpack_from("<I", image, table + size * i)[0] == PT_LOAD]


def patched(image, offset, form, value):
    out = bytearray(image)
    struct.pack_into(form, out, offset, value)
    return bytes(out)


def broken_programs(image):
    """(what, image, text) for each way in which a program is broken."""
    first, second = program_headers(image)[:2]
    flags, = struct.unpack_from("<I", image, first + 4)
    address, = struct.unpack_from("<Q", image, first + 16)
    yield "header cut", image[:40], "truncated"
    yield "segment cut", image[:len(image) // 3], ""
    yield "no ELF", b"#!/bin/sh\n" + image[10:], "ELF"
    yield "of 32 bits", patched(image, 4, "<B", 1), ""
    yield "overlap", patched(image, second + 16, "<Q", address), ""
    yield "W and X", patched(image, first + 4, "<I", flags | WRITE | EXECUTE), ""
    yield "kernel address", patched(image, first + 16, "<Q", 0xFFFFFFFF80200000), ""
    yield "over the top", patched(image, first + 16, "<Q", 0x7FFFFFFFF000), ""
    yield "null page", patched(image, first + 16, "<Q", 0), ""
    yield "huge memory", patched(image, first + 40, "<Q", (1 << 64) - 1), ""
    yield "huge offset", patched(image, first + 8, "<Q", (1 << 64) - 4096), ""
    yield "entry outside", patched(image, 24, "<Q", 0x1000), ""


@case("initrd-bad-init")
def bad_init(folder):
    """A broken Init is a panic that says why."""
    content = initrd.files()
    for _, image, text in broken_programs(content["init"]):
        panics(folder, initrd.archive_of({**content, "init": image}),
               rf"panic: .*init.*{text}.*")


@case("initrd-bad-serial-drv")
def bad_serial_drv(folder):
    """A broken driver is a failed phase; the phases before it stand."""
    content = initrd.files()
    for _, image, text in broken_programs(content["serial_drv"]):
        path = initrd.with_file(folder, "serial_drv", image)
        boot(folder, "--initrd", path).expect_status(1).expect(
            *capability_lines(), disk_line(2048), failed(text)) \
            .expect_none(r"^\[init\] serial_drv: running")


@case("initrd-silent-serial-drv")
def silent_serial_drv(folder):
    """A driver that only ends, and one that is another program, are told."""
    content = initrd.files()
    entry, = struct.unpack_from("<Q", content["serial_drv"], 24)
    for header in program_headers(content["serial_drv"]):
        offset, address, _, size = struct.unpack_from("<QQQQ", content["serial_drv"],
                                                      header + 8)
        if address <= entry < address + size:
            code = offset + entry - address
    for instructions in (b"\x31\xc0\x31\xff\x0f\x05",  # EXIT(0)
                         b"\x0f\x0b"):  # ud2: a fault
        image = content["serial_drv"]
        image = image[:code] + instructions + image[code + len(instructions):]
        path = initrd.with_file(folder, "serial_drv", image)
        boot(folder, "--initrd", path).expect_status(1).expect(
            disk_line(2048), failed("serial_drv: it ended before it served"))


@case("memory-too-little")
def too_little_memory(folder):
    """Down to what QEMU itself can start with: never a hang, and a line that says it."""
    for size in ("3M", "4M", "5M", "6M", "7M", "8M"):
        result = boot(folder, "--memory", size)
        if result.status == 2 and "need more: take " in result.error:
            continue  # the initrd would lie on the kernel
        if result.status == 0:
            continue  # enough after all
        result.expect_status(1).expect(r"(panic: .*|\[init\] FAILED: .*)memory.*")
