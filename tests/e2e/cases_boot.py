"""Boots that must go well: machines, memory sizes, processors, firmware, disks."""

import initrd
import wasm_module
from expected import (SLOT_4_ANYWHERE, SLOT_4_EMPTY, boot_lines,
                      capability_lines, disk_line, failed)
from harness import (INITRD, ROOT, boot, case, limine_folder, mnos, qemu,
                     run)
from session import TerminalSession


def boots(folder, *options, **expected):
    """Boots, and all lines of the contract are there; the status is 0."""
    return boot(folder, *options).expect_status(0).expect(*boot_lines(**expected)) \
        .expect_none("FAILED")


@case("boot-default")
def default(folder):
    boots(folder)


@case("boot-starter-script")
def starter_script(folder):
    run(folder, [ROOT / "mnos", "boot", "--poweroff", "--timeout", 100]) \
        .expect_status(0).expect(*boot_lines())


# What `make run` does once it has built: `build` itself is taken as done.
MAKE_RUN = ["make", "--no-print-directory", "-C", ROOT, "-o", "build", "run"]


@case("boot-make-run")
def make_run(folder):
    """`make run` in a script ends by itself after the phases."""
    run(folder, MAKE_RUN).expect_status(0).expect(*boot_lines())


@case("boot-make-run-on-terminal")
def make_run_on_terminal(folder):
    """`make run` on a terminal goes on until it is left."""
    with TerminalSession(folder, MAKE_RUN) as session:
        session.wait_for(b"mnos: Ctrl-A X leaves\n")
        session.wait_for(b"serial_drv: running as pid")
        session.type(b"still here\r")
        session.wait_for(b"still here")
        session.type(b"\x01x")
        if session.wait_end() != 0:
            session.fail("left by Ctrl-A X it should end with 0")
        session.expect_restored()


@case("boot-4-cpus")
def four_cpus(folder):
    boots(folder, "--cpus", 4)


@case("boot-16-cpus")
def sixteen_cpus(folder):
    boots(folder, "--cpus", 16)


@case("boot-16M")
def memory_16m(folder):
    boots(folder, "--memory", "16M")


@case("boot-64M")
def memory_64m(folder):
    boots(folder, "--memory", "64M")


@case("boot-4G")
def memory_4g(folder):
    boots(folder, "--memory", "4G")


@case("boot-6G-4-cpus")
def memory_6g(folder):
    """RAM on both sides of the hole under 4 GiB."""
    boots(folder, "--memory", "6G", "--cpus", 4)


@case("boot-pc")
def machine_pc(folder):
    boots(folder, "--machine", "pc")


@case("boot-pc-4-cpus")
def machine_pc_4_cpus(folder):
    boots(folder, "--machine", "pc", "--cpus", 4)


@case("boot-microvm")
def machine_microvm(folder):
    boots(folder, "--machine", "microvm", slot_4=SLOT_4_EMPTY, sectors=None)


@case("boot-bios")
def firmware_bios(folder):
    boots(folder, "--firmware", "bios")


@case("boot-bios-pc")
def firmware_bios_pc(folder):
    boots(folder, "--firmware", "bios", "--machine", "pc")


@case("boot-uefi")
def firmware_uefi(folder):
    boots(folder, "--firmware", "uefi", slot_4=SLOT_4_ANYWHERE)


@case("boot-uefi-4-cpus")
def firmware_uefi_4_cpus(folder):
    boots(folder, "--firmware", "uefi", "--cpus", 4, slot_4=SLOT_4_ANYWHERE)


@case("boot-append")
def append(folder):
    """The words of --append reach Init, by QEMU's loader and by GRUB."""
    for firmware in ("none", "bios"):
        mnos(folder, "boot", "--timeout", 100, "--firmware", firmware, "--append",
             "some; (words) {#} & poweroff last=1").expect_status(0) \
            .expect(*boot_lines())


@case("boot-no-disk")
def no_disk(folder):
    boots(folder, "--no-disk", slot_4=SLOT_4_EMPTY, sectors=None)


@case("boot-3-MiB-disk")
def disk_3_mib(folder):
    boots(folder, "--disk", folder.write("disk", bytes(3 << 20)), sectors=6144)


@case("boot-odd-disk")
def disk_odd(folder):
    """A disk of 1 MiB and 1,023.5 KiB: MiB are rounded down. Commas in its name."""
    boots(folder, "--disk", folder.write("a,b", bytes((2 << 20) - 512)), sectors=4095)


@case("boot-other-module")
def other_module(folder):
    """What is printed comes from the module: another one, another number and text."""
    module = wasm_module.printing("Another text, of another module.\n",
                                  add=wasm_module.LOCAL_0 + wasm_module.LOCAL_1 +
                                  wasm_module.I32_MUL)
    archive = initrd.with_file(folder, "hello_wasm.wasm", module)
    boots(folder, "--initrd", archive, initrd=archive, number=320,
          text="Another text, of another module.")


@case("boot-other-module-bios")
def other_module_bios(folder):
    """The ISO is made of the initrd that was given."""
    archive = initrd.with_file(folder, "hello_wasm.wasm",
                               wasm_module.printing("By way of an ISO.\n"))
    boots(folder, "--initrd", archive, "--firmware", "bios", initrd=archive,
          text="By way of an ISO.")


@case("boot-more-files")
def more_files(folder):
    """More files, also of no bytes, are listed and do no harm."""
    content = {"empty": b"", **initrd.files(), "etc/motd": b"x" * 1000}
    archive = folder.write("initrd.tar", initrd.archive_of(content))
    boots(folder, "--initrd", archive, initrd=archive)


@case("boot-plain-qemu")
def plain_qemu(folder):
    """QEMU itself, with its default machine and devices."""
    qemu(folder, "-cpu", "max", "-initrd", INITRD).expect_status(0) \
        .expect(*boot_lines(slot_4=SLOT_4_EMPTY, sectors=None))


@case("boot-default-processor")
def default_processor(folder):
    """QEMU's default processor has no SSE4.1: the phase fails, the boot goes on."""
    result = qemu(folder, "-initrd", INITRD)
    result.expect(*capability_lines(SLOT_4_EMPTY), failed("SSE4.1"), disk_line(None))
    if result.status != 3:  # isa-debug-exit: (1 << 1) | 1
        result.fail(f"a failed phase is status 3 of QEMU's, not {result.status}")


@case("boot-icount-repeats")
def icount_repeats(folder):
    """With time counted in instructions two runs print the same, byte for byte."""
    options = ["-cpu", "max", "-machine", "q35", "-nic", "none", "-initrd", INITRD,
               "-icount", "shift=0,sleep=off"]
    first, second = (qemu(folder, *options).expect_status(0) for _ in range(2))
    if first.raw != second.raw:
        second.fail("the second run printed something else than the first")


def boot_limine(folder, *options):
    iso = folder.path / "limine.iso"
    mnos(folder, "image", "--limine", limine_folder(), "--append",
         "poweroff debug_exit=0xf4", iso).expect_status(0)
    return run(folder, [
        "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-cpu", "max",
        "-m", "256M", "-display", "none", "-serial", "stdio", "-no-reboot", "-nic", "none",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04", "-cdrom", iso, *options])


@case("boot-limine-bios")
def limine_bios(folder):
    boot_limine(folder).expect_status(0) \
        .expect(*boot_lines(slot_4=SLOT_4_EMPTY, sectors=None))


@case("boot-limine-uefi")
def limine_uefi(folder):
    code = "/usr/share/OVMF/OVMF_CODE_4M.fd"
    with open("/usr/share/OVMF/OVMF_VARS_4M.fd", "rb") as fresh:
        variables = folder.write("variables.fd", fresh.read())
    boot_limine(folder,
                "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={code}",
                "-drive", f"if=pflash,unit=1,format=raw,file={variables}") \
        .expect_status(0).expect(*boot_lines(slot_4=SLOT_4_EMPTY, sectors=None))
