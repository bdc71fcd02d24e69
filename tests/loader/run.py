#!/usr/bin/env python3
"""Boots the kernel by the Limine protocol, with the loader of this folder, in QEMU.

  python3 tests/loader/run.py        all cases; wants build/{loader,kernel}.elf and initrd.tar

The loader is stricter than Limine: its direct map lies elsewhere than the kernel's and has
only what base revision 3 lists.
"""

import io
import struct
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from expected import SLOT_4_EMPTY, boot_lines  # noqa: E402
from harness import BUILD, CASES, INITRD, KERNEL, case, run, run_case  # noqa: E402

LOADER = BUILD / "loader.elf"
# isa-debug-exit makes status (value << 1) | 1 of a value.
STATUS_PANIC = 1 << 1 | 1
STATUS_REFUSED = 2 << 1 | 1
FOUR_GIB = 1 << 32
PT_LOAD = 1


def archive(folder, kernel=None):
    """The archive that the loader finds kernel.elf and initrd.tar in."""
    path = folder.path / "boot.tar"
    files = {"kernel.elf": kernel or KERNEL.read_bytes(), "initrd.tar": INITRD.read_bytes()}
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def load(folder, *options, arguments="", kernel=None):
    return run(folder, [
        "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-cpu", "max",
        "-display", "none", "-serial", "stdio", "-no-reboot", "-nic", "none",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", LOADER,
        "-initrd", archive(folder, kernel),
        "-append", f"poweroff debug_exit=0xf4 {arguments}", *options])


def loads(folder, *options, cpus=1, arguments=""):
    """Boots, with all lines of the contract; the number of CPUs is what Init says."""
    plural = "" if cpus == 1 else "s"
    return load(folder, *options, "-smp", cpus, arguments=arguments).expect_status(0).expect(
        rf"\[init\] MinimalOS: {cpus} CPU{plural}, \d+ MiB, booted by Limine",
        *boot_lines(slot_4=SLOT_4_EMPTY, sectors=None)).expect_none("FAILED")


def kernel_address(result):
    """Where the loader put the kernel."""
    for line in result.log.split("\n"):
        if "loader: kernel at 0x" in line:
            return int(line.split("kernel at ")[1].split(",")[0], 16)
    return result.fail("the loader does not say where the kernel is")


def program_headers(elf):
    """(offset in the file, type, vaddr) of each program header."""
    start, = struct.unpack_from("<Q", elf, 32)
    count, = struct.unpack_from("<H", elf, 56)
    for i in range(count):
        at = start + 56 * i
        kind, = struct.unpack_from("<I", elf, at)
        vaddr, = struct.unpack_from("<Q", elf, at + 16)
        yield at, kind, vaddr


@case("loader-one-cpu")
def one_cpu(folder):
    result = loads(folder, "-m", "256M")
    if kernel_address(result) == 0x200000:
        result.fail("the kernel should lie elsewhere than where PVH puts it")


@case("loader-20M")
def memory_20m(folder):
    loads(folder, "-m", "20M")


@case("loader-parked-cpus")
def parked_cpus(folder):
    loads(folder, "-m", "256M", cpus=3)


@case("loader-cpus-by-startup")
def cpus_by_startup(folder):
    """Without the MP answer the kernel starts the CPUs itself."""
    loads(folder, "-m", "256M", cpus=2, arguments="loader.no=mp")


@case("loader-above-4G")
def above_4g(folder):
    """Kernel and module lie above 4 GiB, where no early page table reaches."""
    result = loads(folder, "-m", "5G", cpus=2)
    if kernel_address(result) < FOUR_GIB:
        result.fail("the kernel should lie above 4 GiB")


@case("loader-refuses-lower-half")
def refuses_lower_half(folder):
    """What Limine refuses, the loader does too: so the kernel has none of it."""
    kernel = bytearray(KERNEL.read_bytes())
    at = next(at for at, kind, _ in program_headers(kernel) if kind == PT_LOAD)
    struct.pack_into("<Q", kernel, at + 16, 0x200000)
    load(folder, "-m", "64M", kernel=bytes(kernel)).expect_status(STATUS_REFUSED) \
        .expect(r".*loader: lower half PT_LOAD at 0x200000")


@case("loader-refuses-shared-page")
def refuses_shared_page(folder):
    """Segments of different access in one page."""
    kernel = bytearray(KERNEL.read_bytes())
    segments = [(at, vaddr) for at, kind, vaddr in program_headers(kernel) if kind == PT_LOAD]
    struct.pack_into("<Q", kernel, segments[1][0] + 16, segments[0][1] + 0x10)
    load(folder, "-m", "64M", kernel=bytes(kernel)).expect_status(STATUS_REFUSED) \
        .expect(r".*loader: PT_LOADs of different access share a page at 0x[0-9a-f]+")


def without(feature, reason):
    """A case for a loader that does not answer a request that the kernel needs."""

    @case(f"loader-without-{feature}")
    def run_without(folder):
        load(folder, "-m", "64M", arguments=f"loader.no={feature}") \
            .expect_status(STATUS_PANIC).expect(rf"panic: boot: .*{reason}.*")


without("memory_map", "Limine: the loader gives no memory map")
without("module", "there is no initrd")


@case("loader-without-hhdm")
def without_hhdm(folder):
    """Without it the command line is out of reach too: the machine ends by itself."""
    load(folder, "-m", "64M", arguments="loader.no=hhdm").expect(
        r"panic: boot: Limine: the loader does not answer the HHDM request")


def main():
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    for name in CASES:
        verdict, reason = run_case(name)
        counts[verdict] += 1
        print(f"{verdict:4} {name}{': ' + reason if reason else ''}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
