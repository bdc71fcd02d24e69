"""The host's directories: programs/host_files.c runs in Init's place and uses one by virtio-9p."""

import os
import subprocess

import initrd
from harness import BUILD, KERNEL, RUN_SECONDS, Run, case

PROGRAM = BUILD / "e2e-programs" / "host_files"
ENTRIES = 700
LARGE = bytes(i // 7 & 0xff for i in range(300000))


def make_tree(folder):
    """The shared directory, with what the program wants, and a file outside of it."""
    shared = folder.path / "shared"
    for name in ("many", "made_before", "full", "empty"):
        (shared / name).mkdir(parents=True)
    (folder.path / "outside").write_text("nobody reads this")
    for name, text in (("hello.txt", "from the host"), ("old", "renamed"), ("unwanted", ""),
                       ("full/file", "")):
        (shared / name).write_text(text)
    for i in range(ENTRIES):
        (shared / "many" / f"a file with a long name, number {i}").write_text("")
    os.mkfifo(shared / "pipe")
    os.symlink("../outside", shared / "link_out")
    os.symlink(folder.path / "outside", shared / "link_absolute")
    os.symlink("full", shared / "link_dir")
    return shared


def boot(folder, shared):
    path = initrd.with_file(folder, "init", PROGRAM.read_bytes())
    command = [
        "qemu-system-x86_64", "-nodefaults", "-no-reboot", "-machine", "q35",
        "-accel", "tcg", "-cpu", "max", "-m", "256", "-display", "none", "-serial", "stdio",
        "-kernel", str(KERNEL), "-initrd", str(path), "-append", "debug_exit=0xf4",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-fsdev", f"local,id=dir0,path={shared},security_model=none",
        "-device", "virtio-9p-pci,fsdev=dir0,mount_tag=dir0"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=RUN_SECONDS, check=False)
    result = Run(command, done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))
    folder.keep_log(result)
    return result


@case("files-of-the-host")
def host_files(folder):
    shared = make_tree(folder)
    result = boot(folder, shared)
    result.expect_status(0).expect(
        "hello.txt: from the host", "large: 300000 bytes, type 4",
        f"many: {ENTRIES} entries, {ENTRIES} files, 0 folders, 0 links",
        r"\.: 12 entries, 4 files, 4 folders, 3 links",
        "files: nothing leads out", "files: names changed",
        "hello.txt: from the host", "files: done")
    if (shared / "large").read_bytes() != LARGE:
        result.fail("the large file is not what was written")
    if (folder.path / "outside").read_text() != "nobody reads this":
        result.fail("the file outside has changed")
    if (shared / "new").read_text() != "renamed" or (shared / "new").stat().st_nlink != 2:
        result.fail("rename and link")
    if not (shared / "made").is_dir() or (shared / "empty").exists() or (shared / "unwanted").exists():
        result.fail("names were not changed on the host")
